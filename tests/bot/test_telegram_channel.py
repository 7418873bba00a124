"""The Telegram channel against the simulated network, and against a server that answers whatever a test wants."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from PIL import Image
from telegram import InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels import CHANNELS
from bot.channels.aiohttp_request import NoReplyError, NothingSentError, _upload_timeout
from bot.channels.port import Attachment, Button, Failure, FetchFailedError, Outgoing, RawUpdate, SendFailedError
from bot.channels.telegram import DOWNLOAD_LIMIT, TelegramChannel, classified
from bot.redact import Redaction
from bot.simulator import Running, serve
from inspection.messages import Chat, Incoming, Kind, Media

TOKEN = "100001:simulator"
Answer = Callable[[web.Request], Any]


# --- a server that answers what the test wants -------------------------------------------------------------------


class Server:
    """`answers` by method, in order; the last one repeats. An answer is (status, body) or an exception to cut with."""

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, list[Any]] = {}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        text = await request.text()
        self.calls.append((method, json.loads(text) if text.startswith("{") else {}))
        answers = self.answers.get(method, [(200, True)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer == "hang":
            await asyncio.sleep(3600)
        if answer == "cut":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        status, body = answer
        if isinstance(body, bytes):
            return web.Response(status=status, body=body)
        if status == 200:
            return web.json_response({"ok": True, "result": body})
        return web.json_response({"ok": False, "error_code": status, **body}, status=status)

    def named(self, method: str) -> list[dict[str, Any]]:
        return [data for name, data in self.calls if name == method]


@asynccontextmanager
async def served(server: Server) -> AsyncIterator[Server]:
    application = web.Application()
    application.router.add_route("*", "/bot" + TOKEN + "/{method}", server.handle)
    application.router.add_route("*", "/file/bot" + TOKEN + "/{method:.*}", server.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@asynccontextmanager
async def opened(url: str, token: str = TOKEN) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(token, url, pauses=(0.001, 0.01))
    await channel.open()
    try:
        yield channel
    finally:
        await channel.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with served(Server()) as running:
        yield running


@pytest.fixture
async def channel(server: Server) -> AsyncIterator[TelegramChannel]:
    async with opened(server.url) as made:
        yield made


def refusal(status: int, description: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
    return status, {"description": description, **({"parameters": parameters} if parameters else {})}


async def heard(channel: TelegramChannel, count: int, accept: Any = None) -> list[RawUpdate]:
    """Listen until so many updates were accepted."""
    got: list[RawUpdate] = []
    enough = asyncio.Event()

    async def take(updates: Sequence[RawUpdate]) -> None:
        if accept is not None:
            await accept(updates)
        got.extend(updates)
        if len(got) >= count:
            enough.set()

    listening = asyncio.create_task(channel.listen(take))
    waiting = asyncio.create_task(enough.wait())
    async with asyncio.timeout(10):
        await asyncio.wait({listening, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if listening.done():
        await listening
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    return got


def message(**content: Any) -> dict[str, Any]:
    return {
        "message_id": 11,
        "date": 1785805200,
        "chat": {"id": 7, "type": "private"},
        "from": {"id": 42, "is_bot": False, "first_name": "x"},
        **content,
    }


def update(number: int, text: str = "một") -> dict[str, Any]:
    return {"update_id": number, "message": message(text=text)}


# --- polling -----------------------------------------------------------------------------------------------------


async def test_the_offset_moves_only_after_the_updates_were_accepted(server: Server, channel: TelegramChannel) -> None:
    server.answers["getUpdates"] = [(200, [update(5), update(6)]), (200, [update(7)]), "hang"]
    polls: list[int] = []

    async def accept(_updates: Sequence[RawUpdate]) -> None:
        polls.append(len(server.named("getUpdates")))

    got = await heard(channel, 3, accept)
    assert [u.key for u in got] == ["5", "6", "7"]
    assert polls == [1, 2]
    assert [call["offset"] for call in server.named("getUpdates")][:2] == ["0", "7"]
    assert set(json.loads(server.named("getUpdates")[0]["allowed_updates"])) == {
        "message", "edited_message", "callback_query", "my_chat_member",
    }  # fmt: skip


async def test_what_was_not_accepted_is_offered_again_and_not_acknowledged(
    server: Server, channel: TelegramChannel
) -> None:
    server.answers["getUpdates"] = [(200, [update(5), update(6)]), "hang"]
    offered: list[list[str]] = []

    async def accept(updates: Sequence[RawUpdate]) -> None:
        offered.append([u.key for u in updates])
        assert len(server.named("getUpdates")) == 1
        if len(offered) < 4:
            raise OSError("disk is full")

    await heard(channel, 2, accept)
    assert offered == [["5", "6"]] * 4


async def test_what_is_no_update_is_stepped_over_and_the_rest_of_the_batch_taken(
    server: Server, channel: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    batch = [
        update(5),
        "rác",
        {"message": {}},
        {"update_id": 6, "message": {"date": "x"}},
        {"update_id": True},
        update(7),
    ]
    server.answers["getUpdates"] = [(200, [None]), (200, batch), "hang"]
    got = await heard(channel, 3)
    assert [u.key for u in got] == ["5", "6", "7"]
    with pytest.raises(ValueError, match="undecodable"):
        channel.read(got[1].payload)
    assert "stepped over 3 updates" in caplog.text


async def test_lone_surrogates_are_made_storable_and_emoji_kept(server: Server, channel: TelegramChannel) -> None:
    body = b'{"ok":true,"result":[{"update_id":5,"message":{"text":"a\\ud83d b \\ud83d\\ude00"}}]}'
    server.answers["getUpdates"] = [(200, body), "hang"]
    [got] = await heard(channel, 1)
    assert got.payload["message"]["text"] == "a\ufffd b 😀"


@pytest.mark.parametrize(
    "trouble",
    [
        refusal(409, "Conflict: terminated by other getUpdates request"),
        refusal(500, "Internal Server Error"),
        refusal(429, "Too Many Requests: retry after 1", retry_after=1),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"ok":true}'),
        (200, {"not": "a list"}),
        "cut",
    ],
    ids=["409", "500", "429", "html", "list", "no result", "no list", "cut"],
)
async def test_polling_survives(server: Server, channel: TelegramChannel, trouble: Any) -> None:
    server.answers["getUpdates"] = [trouble, trouble, (200, [update(5)]), "hang"]
    assert [u.key for u in await heard(channel, 1)] == ["5"]


async def test_a_bug_in_polling_is_logged_with_a_reference_and_polling_goes_on(
    server: Server, channel: TelegramChannel, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers["getUpdates"] = [(200, [update(5)]), "hang"]
    call, bugs = channel._bot.call, [ZeroDivisionError()]

    async def sometimes(method: str, data: dict[str, Any]) -> Any:
        if bugs:
            raise bugs.pop()
        return await call(method, data)

    monkeypatch.setattr(type(channel._bot), "call", lambda _self, method, data: sometimes(method, data))
    assert len(await heard(channel, 1)) == 1
    assert "TG-0001" in caplog.text


async def test_a_refused_token_stops_the_start_with_a_clear_error(server: Server, channel: TelegramChannel) -> None:
    server.answers["getUpdates"] = [refusal(401, "Unauthorized")]
    with pytest.raises(SendFailedError, match="token") as caught:
        await heard(channel, 1)
    assert caught.value.failure is Failure.CREDENTIAL


async def test_a_refused_token_later_does_not_make_the_bot_deaf(server: Server, channel: TelegramChannel) -> None:
    server.answers["getUpdates"] = [(200, []), refusal(404, "Not Found"), (200, [update(5)]), "hang"]
    assert len(await heard(channel, 1)) == 1


async def test_health_is_the_time_since_the_last_finished_poll(server: Server) -> None:
    now = [1000.0]
    made = TelegramChannel(TOKEN, server.url, monotonic=lambda: now[0], pauses=(0.001, 0.01))
    await made.open()
    assert (made.healthy(1080), made.healthy(1100)) == (True, False)
    now[0] = 1500.0
    server.answers["getUpdates"] = [(200, [update(5)]), "hang"]
    await heard(made, 1)
    assert made.healthy(1580)
    await made.close()


async def test_polling_does_not_wait_for_a_slot_of_the_senders(server: Server) -> None:
    server.answers["sendMessage"] = ["hang"]
    server.answers["getUpdates"] = [(200, [update(5)]), "hang"]
    async with opened(server.url) as made:
        sends = [asyncio.create_task(made.send(Outgoing("7", "x"))) for _ in range(70)]
        while len(server.named("sendMessage")) < 64:  # noqa: ASYNC110  the server only counts
            await asyncio.sleep(0.01)
        assert len(await heard(made, 1)) == 1
        for task in sends:
            task.cancel()
        await asyncio.gather(*sends, return_exceptions=True)
        assert len(server.named("sendMessage")) == 64


# --- what updates mean -------------------------------------------------------------------------------------------

PHOTO = [
    {"file_id": "s", "file_unique_id": "us", "width": 90, "height": 60, "file_size": 900},
    {"file_id": "l", "file_unique_id": "ul", "width": 1280, "height": 960, "file_size": 90000},
    {"file_id": "m", "file_unique_id": "um", "width": 320, "height": 240, "file_size": 9000},
]
LARGEST = Media("l", "ul", 90000, "image/jpeg")
PDF = {
    "file_id": "BQAC1",
    "file_unique_id": "AgAD1",
    "file_size": 48_213,
    "file_name": "Quye\u0302\u0301t \u0111i\u0323nh 45.pdf",  # as a Mac spells it, decomposed
    "mime_type": "application/pdf",
}
HELD = {"file_id": "AwAC2", "file_unique_id": "AgAD2", "file_size": 30_114}
HEIC = {"file_id": "h", "mime_type": "image/heic", "file_name": "IMG_1.HEIC"}
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 5, "mime_type": "image/png", "file_name": "a\u0309nh.png"}
READER = TelegramChannel(TOKEN)


def read(payload: dict[str, Any]) -> Incoming:
    found = READER.read(payload)
    assert found is not None
    return found


def test_a_text() -> None:
    assert read({"update_id": 1, "message": message(text="đa\u0323t")}) == Incoming(
        kind=Kind.TEXT,
        chat=Chat("telegram", "100001", "7"),
        user_id="42",
        message_id=11,
        text="đạt",
        sent_at=datetime(2026, 8, 4, 1, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("content", "kind", "media"),
    [
        ({"photo": PHOTO}, Kind.PHOTO, LARGEST),
        ({"document": FILE}, Kind.PHOTO, Media("f", "u", 5, "image/png", "ảnh.png")),
        (
            {"document": {**PDF, "thumbnail": {"file_id": "t", "width": 226, "height": 320}}},
            Kind.FILE,
            Media("BQAC1", "AgAD1", 48_213, "application/pdf", "Quyết định 45.pdf"),
        ),
        ({"document": {"file_id": "f"}}, Kind.FILE, Media("f")),  # no client owes us a type or a name
        (
            {"voice": {**HELD, "duration": 7, "mime_type": "audio/ogg"}},
            Kind.VOICE,
            Media("AwAC2", "AgAD2", 30_114, "audio/ogg"),
        ),
        (
            {"audio": {**HELD, "duration": 61, "mime_type": "audio/mp4", "file_name": "ghi-am.m4a", "title": "x"}},
            Kind.VOICE,
            Media("AwAC2", "AgAD2", 30_114, "audio/mp4", "ghi-am.m4a"),
        ),
        ({"video_note": {**HELD, "duration": 9, "length": 384}}, Kind.VIDEO, Media("AwAC2", "AgAD2", 30_114)),
        (
            {"video": {**HELD, "duration": 12, "width": 848, "height": 480, "mime_type": "video/mp4"}},
            Kind.VIDEO,
            Media("AwAC2", "AgAD2", 30_114, "video/mp4"),
        ),
        ({"document": HEIC}, Kind.PHOTO, Media("h", mime="image/heic", name="IMG_1.HEIC")),
        ({"animation": {}, "document": {"file_id": "f"}}, Kind.OTHER, None),
        ({"sticker": {}}, Kind.OTHER, None),
        ({"migrate_to_chat_id": -100}, Kind.OTHER, None),
    ],
)
def test_other_contents(content: dict[str, Any], kind: Kind, media: Media | None) -> None:
    found = read({"update_id": 1, "message": message(**content, caption="C01", media_group_id="g")})
    assert (found.kind, found.media, found.text, found.album) == (kind, media, "C01", "g")


def test_a_place() -> None:
    found = read({"update_id": 1, "message": message(location={"latitude": 12.5, "longitude": 108})})
    assert (found.kind, found.place) == (Kind.PLACE, (12.5, 108.0))


def test_an_edit_is_marked_and_timed_by_the_edit() -> None:
    found = read({"update_id": 1, "edited_message": message(text="2", edit_date=1785805260)})
    assert (found.edited, found.sent_at) == (True, datetime(2026, 8, 4, 1, 1, tzinfo=UTC))


def test_a_tap() -> None:
    query = {"id": "q", "from": {"id": 42, "is_bot": False}, "data": "t0:1", "message": message(text="C01")}
    assert read({"update_id": 1, "callback_query": query}) == Incoming(
        Kind.TAP, Chat("telegram", "100001", "7"), "42", 11, token="t0:1", callback="q"
    )
    gone = {**query, "message": {"message_id": 3, "date": 0, "chat": {"id": -9, "type": "group"}}}
    assert (read({"callback_query": gone}).message_id, read({"callback_query": gone}).private) == (3, False)


@pytest.mark.parametrize(("status", "kind"), [("kicked", Kind.LEFT), ("left", Kind.LEFT), ("member", Kind.JOINED)])
def test_a_person_blocks_or_reopens_the_chat(status: str, kind: Kind) -> None:
    change = {
        "chat": {"id": 7, "type": "private"},
        "from": {"id": 42, "is_bot": False},
        "date": 1785805200,
        "new_chat_member": {"status": status},
    }
    assert (read({"my_chat_member": change}).kind, read({"my_chat_member": change}).user_id) == (kind, "42")


@pytest.mark.parametrize(
    "borrowed",
    [
        {"forward_origin": {}},
        {"sender_chat": {"id": -5}},
        {"via_bot": {"id": 9}},
        {"from": {"id": 42, "is_bot": True}},
        {"from": None},
    ],
    ids=["forwarded", "channel", "via bot", "bot", "nobody"],
)
def test_a_borrowed_voice_is_no_identity(borrowed: dict[str, Any]) -> None:
    assert not read(
        {"message": message(text="1", **borrowed) if "from" not in borrowed else {**message(text="1"), **borrowed}}
    ).trusted
    assert read({"message": message(text="1")}).trusted


def test_a_group_is_not_private() -> None:
    assert not read({"message": message(text="1", chat={"id": -7, "type": "supergroup"})}).private


@pytest.mark.parametrize("payload", [{"update_id": 1}, {"poll": {}}, {"channel_post": message(text="x")}])
def test_none_of_our_business(payload: dict[str, Any]) -> None:
    assert READER.read(payload) is None


@pytest.mark.parametrize(
    "payload",
    [
        {"message": None},
        {"message": []},
        {"message": {"date": "undecodable"}},
        {"message": message(text=5)},
        {"message": message(photo=[])},
        {"message": {**message(text="x"), "date": 10**20}},
        {"callback_query": {"id": "q", "message": {}}},
        {"my_chat_member": {}},
    ],
)
def test_the_undecodable_is_a_value_error(payload: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any text will do
        READER.read(payload)


# --- sending -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (refusal(429, "Too Many Requests: retry after 17", retry_after=17), Failure.THROTTLED),
        (refusal(403, "Forbidden: bot was blocked by the user"), Failure.RECIPIENT),
        (refusal(400, "Bad Request: chat not found"), Failure.RECIPIENT),
        (refusal(400, "group upgraded", migrate_to_chat_id=-100), Failure.RECIPIENT),
        (refusal(400, "Bad Request: message is too long"), Failure.REQUEST),
        (refusal(413, "Request Entity Too Large"), Failure.REQUEST),
        (refusal(401, "Unauthorized"), Failure.CREDENTIAL),
        (refusal(500, "Internal Server Error"), Failure.TRANSIENT),
        ((502, b"<html>"), Failure.TRANSIENT),
        ((200, b'{"ok":tru'), Failure.AMBIGUOUS),
        ((200, True), Failure.AMBIGUOUS),
        ("cut", Failure.AMBIGUOUS),
    ],
)
async def test_each_refusal_has_its_class(
    server: Server, channel: TelegramChannel, answer: Any, failure: Failure
) -> None:
    server.answers["sendMessage"] = [answer]
    with pytest.raises(SendFailedError) as caught:
        await channel.send(Outgoing("7", "x"))
    assert (caught.value.failure, caught.value.after) == (failure, 17 if failure is Failure.THROTTLED else 0)
    assert len(server.named("sendMessage")) == 1  # a channel never repeats


async def test_a_reply_that_does_not_come_in_time_is_ambiguous(server: Server, channel: TelegramChannel) -> None:
    server.answers["sendMessage"] = ["hang"]
    channel._request._read_timeout = 0.05
    with pytest.raises(SendFailedError) as caught:
        await channel.send(Outgoing("7", "x"))
    assert caught.value.failure is Failure.AMBIGUOUS


async def test_a_refused_connection_sent_nothing(unused_tcp_port: int) -> None:
    async with opened(f"http://127.0.0.1:{unused_tcp_port}") as made:
        with pytest.raises(SendFailedError) as caught:
            await made.send(Outgoing("7", "x"))
        assert caught.value.failure is Failure.TRANSIENT
        assert not await made.alive()
    with pytest.raises(SendFailedError) as caught:  # closed
        await made.send(Outgoing("7", "x"))
    assert caught.value.failure is Failure.TRANSIENT


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (RetryAfter(3), Failure.THROTTLED),
        (BadRequest("x"), Failure.REQUEST),
        (TimedOut("x"), Failure.AMBIGUOUS),
        (NoReplyError("x"), Failure.AMBIGUOUS),
        (NothingSentError("x"), Failure.TRANSIENT),
        (NetworkError("x"), Failure.TRANSIENT),
        (Conflict("x"), Failure.TRANSIENT),
        (Forbidden("x"), Failure.RECIPIENT),
        (ChatMigrated(-1), Failure.RECIPIENT),
        (InvalidToken("x"), Failure.CREDENTIAL),
    ],
)
def test_subclasses_of_network_error_are_told_apart(error: Any, failure: Failure) -> None:
    assert classified(error).failure is failure


@pytest.mark.parametrize("text", ["query is too old and response timeout expired", "query ID is invalid"])
async def test_a_tap_that_is_too_old_is_left_alone(server: Server, channel: TelegramChannel, text: str) -> None:
    server.answers["answerCallbackQuery"] = [refusal(400, f"Bad Request: {text}")]
    await channel.answer_tap("q", "ắ" * 300)
    assert len(server.named("answerCallbackQuery")[0]["text"]) == 200


async def test_edits_of_photos_go_to_the_caption_and_pointless_ones_are_harmless(
    server: Server, channel: TelegramChannel
) -> None:
    server.answers["editMessageText"] = [refusal(400, "Bad Request: there is no text in the message to edit")]
    await channel.edit("7", 5, "C01: Đạt")
    assert server.named("editMessageCaption") == [{"chat_id": "7", "message_id": "5", "caption": "C01: Đạt"}]
    server.answers["editMessageText"] = [refusal(400, "Bad Request: message is not modified")]
    await channel.edit("7", 5, "C01: Đạt")
    server.answers["editMessageText"] = [refusal(500, "Internal Server Error")]
    with pytest.raises(SendFailedError):
        await channel.edit("7", 5, "C01: Đạt")


async def test_commands_are_set_for_one_person(server: Server, channel: TelegramChannel) -> None:
    await channel.set_commands(Chat("telegram", "100001", "7"), [("/kiemtra", "Bắt đầu kiểm tra")])
    [sent] = server.named("setMyCommands")
    assert json.loads(sent["commands"]) == [{"command": "kiemtra", "description": "Bắt đầu kiểm tra"}]
    assert json.loads(sent["scope"]) == {"type": "chat", "chat_id": 7}


# --- downloads ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "final"),
    [
        ({"getFile": [refusal(400, "Bad Request: file is too big")]}, True),
        ({"getFile": [refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")]}, False),
        ({"getFile": [refusal(500, "x")]}, False),
        ({"getFile": [(200, {"file_id": "f"})]}, False),
        ({"getFile": [(200, {"file_path": "a.jpg"})], "a.jpg": [(404, b"")]}, False),
        ({"getFile": [(200, {"file_path": "a.jpg"})], "a.jpg": ["cut"]}, False),
        ({"getFile": [(200, {"file_path": "a.jpg"})], "a.jpg": [(302, b"")]}, False),
        ({"getFile": [(200, {"file_path": "a.jpg"})], "a.jpg": [(200, bytes(DOWNLOAD_LIMIT + 1))]}, True),
    ],
)
async def test_downloads_that_fail(server: Server, channel: TelegramChannel, answers: Any, final: bool) -> None:
    server.answers.update(answers)
    with pytest.raises(FetchFailedError) as caught:
        await channel.fetch(Media("f"))
    assert caught.value.final is final


async def test_a_file_known_to_be_too_big_is_not_asked_for(server: Server, channel: TelegramChannel) -> None:
    with pytest.raises(FetchFailedError) as caught:
        await channel.fetch(Media("f", size=DOWNLOAD_LIMIT + 1))
    assert caught.value.final
    assert server.calls == []


# --- the simulated network ---------------------------------------------------------------------------------------


@pytest.fixture
async def network() -> AsyncIterator[Running]:
    running = await serve()
    yield running
    await running.close()


async def test_a_talk_over_the_simulated_network(network: Running) -> None:
    phone = network.network.phone("Cán bộ 1").chat_id
    async with opened(network.url) as made:
        assert await made.alive()
        assert await made.username()
        network.network.say(phone, "/start ABC")
        [raw] = await heard(made, 1)
        said = made.read(raw.payload)
        assert said is not None
        assert (said.kind, said.text, said.chat.chat_id) == (Kind.TEXT, "/start ABC", str(phone))

        buttons = ((Button("1. Đạt", "t0:0"), Button("2. Không", "t0:1")),)
        first = await made.send(Outgoing(said.chat.chat_id, "[1/40] C01", buttons))
        assert first > said.message_id
        await made.edit(said.chat.chat_id, first, "C01: Đạt")

        written = io.BytesIO()
        Image.new("RGB", (40, 30)).save(written, "JPEG")
        assert await made.send(Outgoing(said.chat.chat_id, "Ảnh lần trước", buttons, written.getvalue())) == first + 1


async def test_a_document_arrives_whole_under_its_own_name(network: Running) -> None:
    phone = network.network.phone("Cán bộ 1").chat_id
    name = 'Biên bản số 03/BB-ĐKT "xã Điềm He".docx'.replace("/", "-")
    data = bytes(range(256)) * 200
    async with opened(network.url) as made:
        message = Outgoing(str(phone), "Dự thảo", ((Button("1. Ký", "t0:0"),),), document=Attachment(name, data))
        number = await made.send(message)
        shown = network.network.chats[phone].messages[number]
        assert shown.document is not None
        assert (shown.document.name, network.network.files.body(shown.document)) == (name, data)
        assert (shown.caption, shown.inline) == ("Dự thảo", [[{"text": "1. Ký", "callback_data": "t0:0"}]])
        await made.edit(str(phone), number, "Dự thảo\n→ 1. Ký")
        assert network.network.chats[phone].messages[number].caption == "Dự thảo\n→ 1. Ký"


def test_a_large_file_has_longer_to_arrive() -> None:
    def seconds(size: int) -> float:
        file = RequestParameter.from_input("document", InputFile(bytes(size), filename="a.zip"))
        return _upload_timeout(RequestData([file]))

    assert [seconds(1), seconds(20 * 1024 * 1024), seconds(50 * 1024 * 1024)] == [60, 120, 240]


@pytest.mark.parametrize(("size", "caption"), [(50 * 1024 * 1024 + 1, "x"), (1, "x" * 1025), (0, "x")])
async def test_a_document_beyond_the_limits_is_a_refused_request(network: Running, size: int, caption: str) -> None:
    phone = network.network.phone("Cán bộ 1").chat_id
    async with opened(network.url) as made:
        with pytest.raises(SendFailedError) as caught:
            await made.send(Outgoing(str(phone), caption, document=Attachment("a.zip", bytes(size))))
    assert caught.value.failure is Failure.REQUEST
    assert list(network.network.chats[phone].messages) == []


@pytest.mark.parametrize(("protected", "found"), [(True, False), (False, True)])
async def test_the_token_is_in_no_log_not_even_at_debug(
    unused_tcp_port: int, protected: bool, found: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """With the filter off the same run must show it, or this test could not fail."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    if protected:
        handler.addFilter(Redaction([TOKEN]))
    root = logging.getLogger()
    caplog.set_level(logging.DEBUG)
    for name in ("telegram", "aiohttp"):
        caplog.set_level(logging.DEBUG, name)
    root.addHandler(handler)
    try:
        async with served(Server()) as running, opened(running.url) as made:
            running.answers["getUpdates"] = ["cut", (200, b"<html>"), (200, [update(5)]), "hang"]
            running.answers["sendMessage"] = ["cut"]
            running.answers["getFile"] = [(200, {"file_path": "a.jpg"})]
            running.answers["a.jpg"] = [(500, b"")]
            await heard(made, 1)
            for action in (made.send(Outgoing("7", "x")), made.fetch(Media("f"))):
                try:
                    await action
                except (SendFailedError, FetchFailedError):
                    logging.getLogger("bot").exception("failed for %r", made._bot)
        async with opened(f"http://127.0.0.1:{unused_tcp_port}") as made:
            with suppress(SendFailedError):
                await made.send(Outgoing("7", "x"))
    finally:
        root.removeHandler(handler)
    assert text.getvalue()
    assert (TOKEN in text.getvalue()) is found


def test_the_channel_is_in_the_registry() -> None:
    assert CHANNELS["telegram"] is TelegramChannel
