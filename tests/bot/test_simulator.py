"""The simulated Telegram network behaves as the real service does, including where that is awkward for a bot."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from PIL import Image
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, Conflict, Forbidden

from bot.simulator import Event, Running, serve
from bot.simulator.limits import Pace
from bot.simulator.network import DEFAULT_TOKEN

pytestmark = pytest.mark.asyncio

KEYBOARD = {"inline_keyboard": [[{"text": "1. Đạt", "callback_data": "C01=1"}]]}
GPS = 0x8825


@dataclass
class Line:
    """A bot's and a person's connection to one simulator."""

    running: Running
    session: aiohttp.ClientSession

    async def raw(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        url = f"{self.running.url}/bot{DEFAULT_TOKEN}/{method}"
        async with self.session.post(url, json=params) as response:
            return response.status, await response.json()

    async def bot(self, method: str, **params: Any) -> Any:
        status, answer = await self.raw(method, **params)
        assert status == 200, answer
        return answer["result"]

    async def refused(self, method: str, **params: Any) -> tuple[int, str]:
        status, answer = await self.raw(method, **params)
        assert not answer["ok"]
        assert answer["error_code"] == status
        return status, answer["description"]

    async def person(self, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        verb = "GET" if body is None else "POST"
        data = body if isinstance(body, aiohttp.FormData) else None
        sent = None if data is not None else body
        async with self.session.request(
            verb, self.running.url + path, json=sent, data=data, headers=headers
        ) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def lift(self) -> None:
        async with self.session.delete(self.running.url + "/faults") as response:
            assert await response.json() == []


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    running = await serve()
    async with aiohttp.ClientSession() as session:
        yield Line(running, session)
    await running.close()


def picture(width: int = 1600, height: int = 1200, *, shade: int = 90) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter, as phones hold it
    exif.get_ifd(GPS)[1] = "N"
    written = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 120, 60)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def ids(updates: list[dict[str, Any]]) -> list[int]:
    return [update["update_id"] for update in updates]


# Updates


async def test_updates_stay_until_a_higher_offset_confirms_them(line: Line) -> None:
    network = line.running.network
    chat_id = network.phone("Cán bộ 1").chat_id
    for text in ("một", "hai", "ba"):
        network.say(chat_id, text)

    first = await line.bot("getUpdates")
    assert [update["message"]["text"] for update in first] == ["một", "hai", "ba"]
    assert ids(first) == [first[0]["update_id"] + step for step in range(3)]
    assert await line.bot("getUpdates", limit=2) == first[:2]
    assert await line.bot("getUpdates", offset=first[1]["update_id"]) == first[1:]
    assert await line.bot("getUpdates", offset=first[2]["update_id"] + 1) == []
    assert await line.bot("getUpdates", offset=first[0]["update_id"]) == []


async def test_a_negative_offset_keeps_only_the_last_updates(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    for text in ("một", "hai", "ba"):
        line.running.network.say(chat_id, text)
    assert [update["message"]["text"] for update in await line.bot("getUpdates", offset=-1)] == ["ba"]
    assert len(await line.bot("getUpdates")) == 1


async def test_a_long_poll_waits_for_the_next_update(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    poll = asyncio.create_task(line.bot("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    assert not poll.done()
    line.running.network.say(chat_id, "/start ABC")
    (update,) = await poll
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert update["message"]["chat"]["id"] == chat_id


async def test_a_second_poll_ends_the_first_with_a_conflict(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    first = asyncio.create_task(line.refused("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(line.bot("getUpdates", timeout=20))
    code, description = await first
    assert (code, description.startswith("Conflict: terminated by other getUpdates request")) == (409, True)
    line.running.network.say(chat_id, "một")
    assert len(await second) == 1


async def test_allowed_updates_are_remembered(line: Line) -> None:
    network = line.running.network
    chat_id = network.phone("Cán bộ 1").chat_id
    await line.bot("getUpdates", allowed_updates=["message"])
    network.block(chat_id)
    network.block(chat_id, False)
    network.say(chat_id, "một")
    assert ["message" in update for update in await line.bot("getUpdates")] == [True]


async def test_another_token_is_refused(line: Line) -> None:
    async with line.session.get(f"{line.running.url}/bot100001:other/getMe") as response:
        assert response.status == 401
    async with line.session.get(f"{line.running.url}/bot{DEFAULT_TOKEN}/getNothing") as response:
        assert (response.status, (await response.json())["description"]) == (404, "Not Found")


# Messages


async def test_message_ids_rise_over_both_directions(line: Line) -> None:
    network = line.running.network
    chat_id = network.phone("Cán bộ 1").chat_id
    numbers = [network.say(chat_id, "một").message_id]
    numbers.append((await line.bot("sendMessage", chat_id=chat_id, text="02 tồn tại"))["message_id"])
    numbers.append(network.say(chat_id, "hai").message_id)
    assert numbers == [1, 2, 3]
    history = await line.person(f"/phones/{chat_id}/messages")
    assert [(each["from"], each["text"]) for each in history] == [
        ("person", "một"),
        ("bot", "02 tồn tại"),
        ("person", "hai"),
    ]


async def test_an_edit_without_a_keyboard_removes_it(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    sent = await line.bot("sendMessage", chat_id=chat_id, text="C01", reply_markup=KEYBOARD)
    assert sent["reply_markup"] == KEYBOARD
    name = {"chat_id": chat_id, "message_id": sent["message_id"]}

    kept = await line.bot("editMessageText", **name, text="C01: Đạt", reply_markup=json.dumps(KEYBOARD))
    assert (kept["text"], kept["reply_markup"]) == ("C01: Đạt", KEYBOARD)
    same = await line.refused("editMessageText", **name, text="C01: Đạt", reply_markup=KEYBOARD)
    assert (same[0], "message is not modified" in same[1]) == (400, True)
    assert "reply_markup" not in await line.bot("editMessageText", **name, text="C01: Đạt")
    again = await line.bot("editMessageReplyMarkup", **name, reply_markup=KEYBOARD)
    assert again["reply_markup"] == KEYBOARD

    shown = (await line.person(f"/phones/{chat_id}/messages"))[-1]
    assert (shown["edited"], shown["buttons"][0][0]["data"]) == (True, "C01=1")
    assert await line.bot("deleteMessage", **name) is True
    assert await line.refused("editMessageText", **name, text="x") == (400, "Bad Request: message to edit not found")


async def test_only_the_part_a_message_has_can_be_edited(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    async with real_bot(line) as bot:
        photo = await bot.send_photo(chat_id, picture(50, 40), caption="B03")
        with pytest.raises(BadRequest, match=r"(?i)there is no text in the message to edit"):
            await bot.edit_message_text("B03: Đạt", chat_id, photo.message_id)
        edited = await bot.edit_message_caption(chat_id, photo.message_id, caption="B03: Đạt")
        assert isinstance(edited, type(photo))
        assert (edited.caption, edited.text, edited.photo) == ("B03: Đạt", None, photo.photo)
    text = await line.bot("sendMessage", chat_id=chat_id, text="C01")
    answer = await line.refused("editMessageCaption", chat_id=chat_id, message_id=text["message_id"], caption="x")
    assert answer == (400, "Bad Request: there is no caption in the message to edit")
    shown = await line.person(f"/phones/{chat_id}/messages")
    assert [(each["text"], each["edited"]) for each in shown] == [("B03: Đạt", True), ("C01", False)]


async def test_a_message_of_a_person_cannot_be_edited_by_the_bot(line: Line) -> None:
    network = line.running.network
    chat_id = network.phone("Cán bộ 1").chat_id
    said = network.say(chat_id, "một")
    answer = await line.refused("editMessageText", chat_id=chat_id, message_id=said.message_id, text="x")
    assert answer == (400, "Bad Request: message can't be edited")


async def test_html_becomes_entities_counted_in_utf16(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    sent = await line.bot("sendMessage", chat_id=chat_id, text="😀 <b>Kỷ</b> &lt;x&gt;", parse_mode="HTML")
    assert sent["text"] == "😀 Kỷ <x>"
    assert sent["entities"] == [{"type": "bold", "offset": 3, "length": 2}]
    status, description = await line.refused("sendMessage", chat_id=chat_id, text="<b>x", parse_mode="HTML")
    assert (status, "can't parse entities" in description) == (400, True)


def line_of(count: int, data: str = "x") -> list[dict[str, str]]:
    return [{"text": "a", "callback_data": data}] * count


def keyboard(*lines: list[dict[str, str]]) -> dict[str, Any]:
    return {"text": "a", "reply_markup": {"inline_keyboard": list(lines)}}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        pytest.param({"text": " \n"}, "message text is empty", id="empty"),
        pytest.param({"text": "ă" * 4097}, "message is too long", id="long"),
        pytest.param(keyboard(line_of(1, "ạ" * 22)), "BUTTON_DATA_INVALID", id="data-of-66-bytes"),
        pytest.param(keyboard(line_of(1, "")), "BUTTON_DATA_INVALID", id="no-data"),
        pytest.param(keyboard(line_of(9)), "reply markup is too long", id="nine-in-a-row"),
        pytest.param(keyboard(*[line_of(8)] * 13), "reply markup is too long", id="104-buttons"),
        pytest.param({"text": "a", "chat_id": 5}, "chat not found", id="chat"),
        pytest.param({"text": "a", "reply_markup": "{"}, "can't parse reply_markup JSON object", id="markup"),
    ],
)
async def test_limits_are_those_of_the_real_service(line: Line, params: dict[str, Any], description: str) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    assert await line.refused("sendMessage", **{"chat_id": chat_id, **params}) == (400, f"Bad Request: {description}")


async def test_what_just_fits_is_taken(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    markup = {"inline_keyboard": [line_of(8, "ạ" * 21)] * 12 + [line_of(4, "x" * 64)]}
    sent = await line.bot("sendMessage", chat_id=chat_id, text="ă" * 4096, reply_markup=markup)
    assert (len(sent["text"]), len(sent["reply_markup"]["inline_keyboard"])) == (4096, 13)


async def test_the_pace_is_limited_when_asked(line: Line) -> None:
    network = line.running.network
    moment = [100.0]
    network.machine = lambda: moment[0]
    network.limits.pace = Pace(per_chat=1.0, chat_burst=2.0)
    one, two = network.phone("Cán bộ 1").chat_id, network.phone("Cán bộ 2").chat_id
    for chat_id in (one, one, two):
        await line.bot("sendMessage", chat_id=chat_id, text="a")
    status, answer = await line.raw("sendMessage", chat_id=one, text="a")
    assert (status, answer["parameters"]) == (429, {"retry_after": 1})
    moment[0] += 1.0
    await line.bot("sendMessage", chat_id=one, text="a")
    outcomes = [call["outcome"] for call in await line.person("/calls?method=sendMessage")]
    assert outcomes == ["200", "200", "200", "429", "200"]


# People


async def test_who_blocks_the_bot_gets_nothing_and_the_bot_is_told(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    await line.person(f"/phones/{chat_id}/block", {})
    refusal = await line.refused("sendMessage", chat_id=chat_id, text="a")
    assert refusal == (403, "Forbidden: bot was blocked by the user")
    await line.person(f"/phones/{chat_id}/text", {"text": "một"}, status=400)
    await line.person(f"/phones/{chat_id}/unblock", {})
    await line.bot("sendMessage", chat_id=chat_id, text="a")
    changes = [update["my_chat_member"]["new_chat_member"]["status"] for update in await line.bot("getUpdates")]
    assert changes == ["kicked", "member"]


async def test_a_bot_cannot_write_first_to_one_who_never_started(line: Line) -> None:
    network = line.running.network
    chat_id = network.phone("Cán bộ 1", started=False).chat_id
    assert await line.refused("sendMessage", chat_id=chat_id, text="a") == (400, "Bad Request: chat not found")
    network.say(chat_id, "/start")
    await line.bot("sendMessage", chat_id=chat_id, text="a")


async def test_a_phone_is_made_once_per_user(line: Line) -> None:
    first = await line.person("/phones", {"name": "Cán bộ 1", "role": "inspector", "title": "", "user_id": 77})
    again = await line.person("/phones", {"name": "Cán bộ 1A", "role": "inspector", "title": "x", "user_id": 77})
    assert (first["chat_id"], again["name"]) == (77, "Cán bộ 1A")
    assert await line.person("/phones") == [again]


async def test_a_tap_is_answered_once_and_in_time(line: Line) -> None:
    network = line.running.network
    chat_id = network.phone("Cán bộ 1").chat_id
    sent = await line.bot("sendMessage", chat_id=chat_id, text="C01", reply_markup=KEYBOARD)
    for _ in range(2):
        await line.person(f"/phones/{chat_id}/tap", {"message_id": sent["message_id"], "data": "C01=1"})
    first, second = (update["callback_query"] for update in await line.bot("getUpdates"))
    assert (first["data"], first["from"]["id"], first["message"]["text"]) == ("C01=1", chat_id, "C01")
    assert first["chat_instance"] == second["chat_instance"]
    assert first["id"] != second["id"]

    assert await line.bot("answerCallbackQuery", callback_query_id=first["id"], text="Đã ghi") is True
    too_old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    assert await line.refused("answerCallbackQuery", callback_query_id=first["id"]) == too_old
    network.limits.callback_seconds = -1.0
    assert await line.refused("answerCallbackQuery", callback_query_id=second["id"]) == too_old
    answers = [each for each in (await line.person("/events?after=0"))["events"] if each["type"] == "callback_answer"]
    assert [(each["chat_id"], each["text"]) for each in answers] == [(chat_id, "Đã ghi")]


async def test_an_edited_message_is_an_update_of_its_own(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    said = await line.person(f"/phones/{chat_id}/text", {"text": "C01 23"})
    await line.person(f"/phones/{chat_id}/edit", {"message_id": said["message_id"], "text": "C01 24"})
    first, second = await line.bot("getUpdates")
    assert second["update_id"] == first["update_id"] + 1
    assert second["edited_message"]["text"] == "C01 24"
    assert second["edited_message"]["message_id"] == said["message_id"]


async def test_place_and_voice_arrive(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    await line.person(f"/phones/{chat_id}/location", {"latitude": 22.3, "longitude": 105.8})
    await line.person(f"/phones/{chat_id}/voice", {})
    shown = await line.person(f"/phones/{chat_id}/voice", {"caption": "c02"})
    place, voice, spoken = (update["message"] for update in await line.bot("getUpdates"))
    assert (spoken["caption"], shown["text"], shown["voice"]["duration"]) == ("c02", "c02", 1)
    assert place["location"] == {"latitude": 22.3, "longitude": 105.8}
    assert voice["voice"]["mime_type"] == "audio/ogg"


async def test_a_group_hears_its_members(line: Line) -> None:
    person = line.running.network.phone("Cán bộ 1")
    group = await line.person("/groups", {"title": "Đoàn số 1", "members": [person.chat_id]})
    await line.person(f"/phones/{group['chat_id']}/text", {"text": "/summary@x", "by": person.chat_id})
    await line.person(f"/phones/{group['chat_id']}/text", {"text": "a", "by": 1}, status=400)
    joined, said = await line.bot("getUpdates")
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert said["message"]["chat"] == {"id": group["chat_id"], "type": "group", "title": "Đoàn số 1"}
    assert said["message"]["from"]["id"] == person.chat_id


# Photos and files


async def test_a_photo_comes_in_sizes_without_exif(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    form = aiohttp.FormData()
    form.add_field("photo", picture(), filename="anh.jpg", content_type="image/jpeg")
    form.add_field("caption", "B03")
    await line.person(f"/phones/{chat_id}/photos", form)
    ((message,),) = [[update["message"] for update in await line.bot("getUpdates")]]
    sizes = [(size["width"], size["height"]) for size in message["photo"]]
    assert sizes == [(68, 90), (240, 320), (600, 800), (960, 1280)]
    assert (message["caption"], "media_group_id" in message) == ("B03", False)

    largest = message["photo"][-1]
    file = await line.bot("getFile", file_id=largest["file_id"])
    async with line.session.get(f"{line.running.url}/file/bot{DEFAULT_TOKEN}/{file['file_path']}") as response:
        body = await response.read()
    assert len(body) == file["file_size"] == largest["file_size"]
    with Image.open(io.BytesIO(body)) as opened:
        assert (opened.size, opened.format, len(opened.getexif())) == ((960, 1280), "JPEG", 0)


async def test_a_photo_sent_as_file_keeps_its_bytes(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    original = picture(40, 30)
    for _ in range(2):
        line.running.network.photo(chat_id, [original], as_file=True, names=["IMG_1.jpg"])
    first, second = [update["message"]["document"] for update in await line.bot("getUpdates")]
    assert (first["file_name"], first["mime_type"], first["file_size"]) == ("IMG_1.jpg", "image/jpeg", len(original))
    assert first["file_unique_id"] == second["file_unique_id"]
    assert first["file_id"] != second["file_id"]
    path = (await line.bot("getFile", file_id=first["file_id"]))["file_path"]
    async with line.session.get(f"{line.running.url}/file/bot{DEFAULT_TOKEN}/{path}") as response:
        assert hashlib.sha256(await response.read()).digest() == hashlib.sha256(original).digest()


async def test_an_album_is_separate_updates_and_only_the_first_has_the_caption(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    images = [picture(100, 80, shade=shade) for shade in (1, 2, 3)]
    line.running.network.photo(chat_id, images, caption="B01 B02 B03")
    line.running.network.photo(chat_id, images[:2])
    messages = [update["message"] for update in await line.bot("getUpdates")]
    albums = [message["media_group_id"] for message in messages]
    assert albums[0] == albums[1] == albums[2] != albums[3] == albums[4]
    assert [message.get("caption") for message in messages] == ["B01 B02 B03", None, None, None, None]
    assert [message["message_id"] for message in messages] == [1, 2, 3, 4, 5]


async def test_samples_are_sent_by_name(tmp_path: Path) -> None:
    (tmp_path / "bảng tên.jpg").write_bytes(picture(20, 20))
    (tmp_path / "notes.txt").write_text("x")
    running = await serve(samples=tmp_path)
    async with aiohttp.ClientSession() as session:
        line = Line(running, session)
        chat_id = running.network.phone("Cán bộ 1").chat_id
        (sample,) = await line.person("/samples")
        async with session.get(running.url + sample["url"]) as response:
            assert response.content_type == "image/jpeg"
        (sent,) = await line.person(f"/phones/{chat_id}/photos", {"samples": [sample["name"]], "caption": "B03"})
        async with session.get(running.url + sent["photo"]["url"]) as response:
            assert (response.status, sent["photo"]["width"]) == (200, 20)
        for name in ("../secret.jpg", "none.jpg"):
            await line.person(f"/phones/{chat_id}/photos", {"samples": [name]}, status=404)
    await running.close()


async def test_a_file_over_the_limit_cannot_be_fetched(line: Line) -> None:
    network = line.running.network
    network.limits.download = 10
    network.document(network.phone("Cán bộ 1").chat_id, b"x" * 11, "to_trinh.pdf")
    (update,) = await line.bot("getUpdates")
    refusal = await line.refused("getFile", file_id=update["message"]["document"]["file_id"])
    assert refusal == (400, "Bad Request: file is too big")


# Faults


async def prepared(line: Line, **spec: Any) -> int:
    await line.person("/faults", spec)
    return line.running.network.phone("Cán bộ 1", user_id=77).chat_id


@pytest.mark.parametrize("kind", ["400", "403", "409", "429", "500"])
async def test_a_planned_refusal_happens_as_often_as_asked(line: Line, kind: str) -> None:
    chat_id = await prepared(line, kind=kind, method="sendMessage", times=2, retry_after=3)
    for _ in range(2):
        status, answer = await line.raw("sendMessage", chat_id=chat_id, text="a")
        assert (status, answer["error_code"]) == (int(kind), int(kind))
        assert answer.get("parameters") == ({"retry_after": 3} if kind == "429" else None)
    await line.bot("sendMessage", chat_id=chat_id, text="b")
    assert [each["text"] for each in await line.person(f"/phones/{chat_id}/messages")] == ["b"]


@pytest.mark.parametrize(("kind", "posted"), [("drop_before", 0), ("drop_after", 1), ("truncate", 1)])
async def test_a_lost_reply_is_lost_before_or_after_the_act(line: Line, kind: str, posted: int) -> None:
    chat_id = await prepared(line, kind=kind, method="sendMessage")
    with pytest.raises((aiohttp.ClientError, json.JSONDecodeError)):
        await line.raw("sendMessage", chat_id=chat_id, text="a")
    assert len(await line.person(f"/phones/{chat_id}/messages")) == posted
    assert [call["outcome"] for call in await line.person("/calls")] == [kind]


async def test_a_delay_comes_before_another_fault(line: Line) -> None:
    chat_id = await prepared(line, kind="500", method="sendMessage")
    await line.person("/faults", {"kind": "delay", "seconds": 0.05, "chat_id": chat_id})
    call = asyncio.create_task(line.raw("sendMessage", chat_id=chat_id, text="a"))
    await line.bot("getMe")
    assert not call.done()
    assert (await call)[0] == 500


async def test_chance_follows_its_seed(line: Line) -> None:
    outcomes = []
    for _ in range(2):
        chat_id = await prepared(line, kind="500", method="sendMessage", probability=0.5, seed=4)
        outcomes.append([(await line.raw("sendMessage", chat_id=chat_id, text="a"))[0] for _ in range(12)])
        await line.lift()
    assert outcomes[0] == outcomes[1]
    assert set(outcomes[0]) == {200, 500}


async def test_a_duplicate_comes_twice_and_once_more_after_it_was_confirmed(line: Line) -> None:
    chat_id = await prepared(line, kind="duplicate")
    line.running.network.say(chat_id, "một")
    batch = await line.bot("getUpdates")
    assert len(batch) == 2
    assert batch[0] == batch[1]
    assert await line.bot("getUpdates", offset=batch[0]["update_id"] + 1) == batch[:1]
    assert await line.bot("getUpdates", offset=batch[0]["update_id"] + 1) == []


async def test_updates_come_out_of_order_and_with_a_jump(line: Line) -> None:
    chat_id = await prepared(line, kind="reorder")
    line.running.network.say(chat_id, "một")
    await line.person("/faults", {"kind": "jump", "size": 5000})
    line.running.network.say(chat_id, "hai")
    second, first = ids(await line.bot("getUpdates"))
    assert second == first + 5001
    assert ids(await line.bot("getUpdates")) == [first, second]


async def test_an_undecodable_update_stops_the_library_until_it_is_stepped_over(line: Line) -> None:
    chat_id = await prepared(line, kind="undecodable")
    line.running.network.say(chat_id, "một")
    async with real_bot(line) as bot:
        with pytest.raises((TypeError, KeyError)):
            await bot.get_updates()
        broken = await line.bot("getUpdates")
        (update,) = await bot.get_updates(offset=broken[0]["update_id"] + 1)
        assert update.message
        assert update.message.text == "một"


async def test_an_outage_cuts_every_call_and_the_waiting_poll_until_lifted(line: Line) -> None:
    poll = asyncio.create_task(line.raw("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    await prepared(line, kind="outage")
    with pytest.raises(aiohttp.ClientError):
        await poll
    for method in ("getMe", "getUpdates"):
        with pytest.raises(aiohttp.ClientError):
            await line.raw(method)
    await line.lift()
    assert (await line.bot("getMe"))["is_bot"] is True


async def test_a_fault_nobody_knows_is_refused(line: Line) -> None:
    answer = await line.person("/faults", {"kind": "earthquake"}, status=400)
    assert "earthquake" in answer["error"]


async def test_a_download_can_break_off(line: Line) -> None:
    network = line.running.network
    network.document(network.phone("Cán bộ 1").chat_id, b"x" * 1000, "a.pdf")
    (update,) = await line.bot("getUpdates")
    path = (await line.bot("getFile", file_id=update["message"]["document"]["file_id"]))["file_path"]
    await line.person("/faults", {"kind": "truncate", "method": "file"})
    url = f"{line.running.url}/file/bot{DEFAULT_TOKEN}/{path}"
    with pytest.raises(aiohttp.ClientPayloadError):
        async with line.session.get(url) as response:
            await response.read()
    async with line.session.get(url) as response:
        assert len(await response.read()) == 1000


# Webhook


async def test_a_webhook_is_repeated_until_it_answers_well(line: Line) -> None:
    arrived: list[tuple[str | None, str]] = []
    enough = asyncio.Event()

    async def hook(request: web.Request) -> web.Response:
        update = await request.json()
        arrived.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update["message"]["text"]))
        if len(arrived) == 3:
            enough.set()
        return web.Response(status=500 if len(arrived) == 1 else 200)

    application = web.Application()
    application.router.add_post("/hook", hook)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"

    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    line.running.network.say(chat_id, "một")
    await line.bot("setWebhook", url=url, secret_token="abc-1")
    line.running.network.say(chat_id, "hai")
    assert (await line.refused("getUpdates"))[0] == 409
    await asyncio.wait_for(enough.wait(), 10)
    assert arrived == [("abc-1", "một"), ("abc-1", "một"), ("abc-1", "hai")]
    info = await line.bot("getWebhookInfo")
    assert (info["url"], "500" in info["last_error_message"]) == (url, True)
    await line.bot("deleteWebhook")
    assert await line.bot("getUpdates") == []
    await runner.cleanup()


# Restarts


async def test_an_orderly_restart_keeps_everything(tmp_path: Path) -> None:
    running = await serve(folder=tmp_path)
    network = running.network
    chat_id = network.phone("Cán bộ 1", role="inspector").chat_id
    network.photo(chat_id, [picture(50, 40)], caption="B03")
    network.say(chat_id, "một")
    network.post(network.recipient(chat_id), text="C01", markup=KEYBOARD)
    network.change_settings(commands={"x": [{"command": "kiemtra"}]})
    before = [network.view(each) for each in network.chats[chat_id].messages.values()]
    pending = list(network.updates.pending)
    await running.close()

    running = await serve(folder=tmp_path)
    network = running.network
    assert [network.view(each) for each in network.chats[chat_id].messages.values()] == before
    assert list(network.updates.pending) == pending
    assert network.settings["commands"] == {"x": [{"command": "kiemtra"}]}
    largest = network.chats[chat_id].messages[1].photo[-1]
    assert len(network.store.blob(largest.digest) or b"") == largest.size
    assert network.say(chat_id, "hai").message_id == 4
    assert list(network.updates.pending)[-1] == pending[-1] + 1
    assert network.phone("Cán bộ 2").chat_id == chat_id + 1
    await running.close()


@pytest.mark.parametrize("written", [True, False])
async def test_no_id_is_ever_given_twice_even_after_a_kill(tmp_path: Path, *, written: bool) -> None:
    given: set[tuple[str, int | str]] = set()
    folder = tmp_path / "first"
    for attempt in range(3):
        running = await serve(folder=folder)
        network = running.network
        for user_id in (77, 78):
            network.phone("Cán bộ", user_id=user_id)
            sent = network.photo(user_id, [picture(50, 40)])[0]
            fresh: set[tuple[str, int | str]] = {
                ("message", f"{user_id}/{sent.message_id}"),
                ("file", sent.photo[0].file_id),
                ("tap", network.tap(user_id, 1, "x")),
                ("update", list(network.updates.pending)[-1]),
                ("event", network.seq),
            }
            assert not fresh & given
            given |= fresh
        if written:
            network.store.take()()
        # The folder as it is now is what a kill would leave behind.
        folder = shutil.copytree(folder, tmp_path / f"killed-{attempt}")
        with (folder / "journal.jsonl").open("a") as journal:
            journal.write('["message", "77/')
        await running.close()
    assert len(given) == 3 * 2 * 5


async def test_ids_lost_in_a_kill_stay_lost_over_later_orderly_restarts(tmp_path: Path) -> None:
    running = await serve(folder=tmp_path / "first")
    running.network.phone("Cán bộ", user_id=77)
    running.network.store.take()()
    lost = running.network.say(77, "một").message_id
    # The folder as it is now is what a kill would leave behind: the phone is known, its message is not.
    folder = shutil.copytree(tmp_path / "first", tmp_path / "killed")
    await running.close()
    for _ in range(2):
        running = await serve(folder=folder)
        assert running.network.chats[77].messages == {}
        await running.close()
    running = await serve(folder=folder)
    assert running.network.say(77, "hai").message_id > lost
    await running.close()


# The control side


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Host": "evil.example"}, 403, id="rebound-name"),
        pytest.param({"Host": "127.0.0.1.evil.example:80"}, 403, id="look-alike"),
        pytest.param({"Origin": "http://evil.example"}, 403, id="foreign-page"),
        pytest.param({"Origin": "null"}, 403, id="sandboxed-page"),
        pytest.param({"Host": "localhost:81", "Origin": "http://localhost:81"}, 200, id="own-page"),
        pytest.param({"Host": "[::1]:81"}, 200, id="ipv6"),
    ],
)
async def test_only_this_machine_drives_the_phones(line: Line, headers: dict[str, str], status: int) -> None:
    await line.person("/phones", status=status, **headers)
    await line.person("/phones", {"name": "Cán bộ 1"}, status=status, **headers)
    assert len(line.running.network.phones()) == (status == 200)


async def test_the_page_is_served_and_nothing_beside_it(line: Line) -> None:
    async with line.session.get(line.running.url + "/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
    for path in ("/page/../network.py", "/page/%2e%2e/network.py", "/page/..%2fnetwork.py", "/page/none.js"):
        # Written by hand: a client library would tidy the path before sending it.
        reader, writer = await asyncio.open_connection("127.0.0.1", line.running.port)
        writer.write(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        assert (await reader.readline()).split()[1] == b"404"
        writer.close()
    async with line.session.get(line.running.url + "/", headers={"Host": "evil.example"}) as response:
        assert response.status == 403


@pytest.mark.parametrize("path", ["/", "/page/app.js", "/page/style.css", "/page/icons.svg"])
async def test_the_page_runs_nothing_from_elsewhere(line: Line, path: str) -> None:
    async with line.session.get(line.running.url + path) as response:
        assert response.status == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        policy = response.headers["Content-Security-Policy"]
    assert dict(rule.split(" ", 1) for rule in policy.split("; ")) == {
        **dict.fromkeys(("default-src", "base-uri", "frame-ancestors"), "'none'"),
        **dict.fromkeys(("script-src", "style-src", "img-src", "connect-src", "form-action"), "'self'"),
    }


async def test_commands_are_offered_by_the_narrowest_scope(line: Line) -> None:
    one, two = (line.running.network.phone(name).chat_id for name in ("Cán bộ 1", "Cán bộ 2"))
    for scope, command in (({"type": "default"}, "trogiup"), ({"type": "chat", "chat_id": one}, "kiemtra")):
        await line.bot("setMyCommands", scope=scope, commands=[{"command": command, "description": "x"}])
    offered = [(await line.person(f"/phones/{chat_id}/commands"))[0]["command"] for chat_id in (one, two)]
    assert offered == ["kiemtra", "trogiup"]
    await line.bot("deleteMyCommands", scope={"type": "chat", "chat_id": one})
    assert (await line.person(f"/phones/{one}/commands"))[0]["command"] == "trogiup"
    assert await line.refused("setMyCommands", commands=[{"command": "Kiểm", "description": "x"}]) == (
        400,
        "Bad Request: BOT_COMMAND_INVALID",
    )


async def test_the_pace_can_be_made_realistic_and_lifted(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    await line.person("/limits", {"mode": "realistic", "per_chat": 0.001})
    statuses = [(await line.raw("sendMessage", chat_id=chat_id, text="a"))[0] for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    await line.person("/limits", {"mode": "off"})
    await line.bot("sendMessage", chat_id=chat_id, text="a")


async def test_events_tell_what_happened_in_order(line: Line) -> None:
    heard: list[Event] = []
    network = line.running.network
    network.listen(heard.append)
    chat_id = network.phone("Cán bộ 1").chat_id
    seq = (await line.person("/events?after=-1"))["seq"]
    waiting = asyncio.create_task(line.person(f"/events?after={seq}&wait=20"))
    await asyncio.sleep(0.05)
    network.say(chat_id, "một")
    first = await waiting
    assert [(each["type"], each["message"]["from"]) for each in first["events"]] == [("message", "person")]
    await line.bot("sendChatAction", chat_id=chat_id, action="typing")
    sent = await line.bot("sendMessage", chat_id=chat_id, text="C01", reply_markup=KEYBOARD)
    await line.bot("editMessageText", chat_id=chat_id, message_id=sent["message_id"], text="C01: Đạt")
    await line.bot("deleteMessage", chat_id=chat_id, message_id=sent["message_id"])
    rest = await line.person(f"/events?after={first['seq']}")
    assert [each["type"] for each in rest["events"]] == ["typing", "message", "edit", "delete"]
    assert [each["seq"] for each in rest["events"]] == [first["seq"] + step for step in range(1, 5)]
    assert [event.type for event in heard] == ["typing", "message", "edit", "delete"]


class Hand:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 8, 4, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    async def move(self, to: datetime) -> None:
        if to < self.moment:
            raise ValueError("time goes forward only")
        self.moment = to


async def test_the_clock_dates_messages_and_is_moved_from_the_page() -> None:
    clock = Hand()
    running = await serve(clock=clock)
    async with aiohttp.ClientSession() as session:
        line = Line(running, session)
        chat_id = running.network.phone("Cán bộ 1").chat_id
        assert await line.person("/clock") == {"now": "2026-08-04T16:30:00+07:00", "movable": True}
        assert running.network.say(chat_id, "một").date == int(clock.moment.timestamp())
        await line.person("/clock", {"forward": "3 days"})
        assert clock.moment == datetime(2026, 8, 7, 9, 30, tzinfo=UTC)
        await line.person("/clock", {"forward": "next_morning"})
        assert clock.moment == datetime(2026, 8, 8, 1, 0, tzinfo=UTC)
        await line.person("/clock", {"to": "2026-08-01T00:00:00+07:00"}, status=400)
        await line.person("/clock", {"forward": "a while"}, status=400)
        assert running.network.say(chat_id, "hai").date == int(clock.moment.timestamp())
    await running.close()


async def test_without_a_clock_there_is_none_to_move(line: Line) -> None:
    assert await line.person("/clock") == {"now": None, "movable": False}
    await line.person("/clock", {"forward": "1 day"}, status=404)
    now = datetime.now(UTC)
    said = line.running.network.say(line.running.network.phone("Cán bộ 1").chat_id, "một")
    assert abs(datetime.fromtimestamp(said.date, UTC) - now) < timedelta(minutes=1)


# The real library


def real_bot(line: Line) -> Bot:
    root = line.running.url
    return Bot(DEFAULT_TOKEN, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot")


async def test_the_library_works_against_it(line: Line) -> None:
    network = line.running.network
    chat_id = network.phone("Cán bộ 1").chat_id
    network.photo(chat_id, [picture(100, 80)], caption="B03")
    async with real_bot(line) as bot:
        assert bot.username == network.bot["username"]
        (update,) = await bot.get_updates(timeout=1)
        assert update.message
        file = await bot.get_file(update.message.photo[-1].file_id)
        with Image.open(io.BytesIO(bytes(await file.download_as_bytearray()))) as opened:
            assert opened.size == (80, 100)

        markup = InlineKeyboardMarkup([[InlineKeyboardButton("1. Đạt", callback_data="C01=1")]])
        sent = await bot.send_message(chat_id, "C01", reply_markup=markup)
        network.tap(chat_id, sent.message_id, "C01=1")
        (tapped,) = await bot.get_updates(offset=update.update_id + 1)
        assert tapped.callback_query
        assert await tapped.callback_query.answer("Đã ghi")
        edited = await bot.edit_message_text("C01: Đạt", chat_id, sent.message_id)
        assert isinstance(edited, type(sent))
        assert edited.reply_markup is None


async def test_the_library_sends_files_and_hears_refusals(line: Line) -> None:
    network = line.running.network
    chat_id = network.phone("Cán bộ 1").chat_id
    async with real_bot(line) as bot:
        chart = await bot.send_photo(chat_id, picture(400, 300), caption="Tháng 8")
        assert [size.height for size in chart.photo] == [90, 320, 400]
        paper = await bot.send_document(chat_id, b"%PDF-1.7", filename="bien_ban.pdf", caption="Biên bản")
        assert paper.document
        assert paper.document.file_name == "bien_ban.pdf"
        assert (await bot.get_chat(chat_id)).id == chat_id
        await bot.set_my_commands([("kiemtra", "Bắt đầu kiểm tra")])
        assert [command.command for command in await bot.get_my_commands()] == ["kiemtra"]
        network.block(chat_id)
        with pytest.raises(Forbidden):
            await bot.send_message(chat_id, "a")
        await bot.set_webhook("http://127.0.0.1:9/hook")
        with pytest.raises(Conflict):
            await bot.get_updates()


async def test_an_album_of_the_bot_and_its_limits(line: Line) -> None:
    chat_id = line.running.network.phone("Cán bộ 1").chat_id
    async with real_bot(line) as bot:
        media = [InputMediaPhoto(picture(50, 40), caption="Trước"), InputMediaPhoto(picture(50, 40, shade=9))]
        first, second = await bot.send_media_group(chat_id, media)
        assert first.media_group_id == second.media_group_id
        assert (first.caption, second.caption) == ("Trước", None)
        assert first.photo[-1].file_unique_id != second.photo[-1].file_unique_id
        again = await bot.send_photo(chat_id, first.photo[-1].file_id)
        assert again.photo[-1].file_unique_id == first.photo[-1].file_unique_id
        with pytest.raises(BadRequest, match="caption is too long"):
            await bot.send_photo(chat_id, picture(50, 40), caption="ă" * 1025)
        with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
            await bot.send_photo(chat_id, b"no picture")
