"""Zalo's payloads as they were captured or documented, and what each of its answers means to us."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from bot.channels import zalo_media
from bot.channels.port import ChannelOptions, Failure, FetchFailedError, Outgoing, RawUpdate, SendFailedError
from bot.channels.single import SingleConsumer
from bot.channels.zalo import ZaloChannel
from bot.channels.zalo_media import Pictures, is_public, is_theirs
from bot.simulator import Running, serve
from bot.simulator.zalo import DEFAULT_ZALO_TOKEN
from inspection.messages import BURST, Chat, Kind, Media
from tests.cast import picture

BOT = "200001"
PHONE = 2001
MS = 1_786_000_000_123
USER = "6ede9afa66b88fe6d6a9"
READER = ZaloChannel("200001:reader", options=ChannelOptions(90.0))


def message(**fields: Any) -> dict[str, Any]:
    base = {
        "message_id": "82599fa32f56d00e8941",
        "date": MS,
        "chat": {"id": USER, "chat_type": "PRIVATE"},
        "from": {"id": USER, "display_name": "Ted", "is_bot": False},
    }
    return {"event_name": "message.text.received", "message": base | fields}


# --- updates in -------------------------------------------------------------------------------------------------------


def test_a_text() -> None:
    heard = READER.read(message(text="kiê\u0309m tra"))
    assert heard is not None
    assert (heard.kind, heard.text, heard.chat) == (Kind.TEXT, "kiểm tra", Chat("zalo", BOT, USER))
    assert heard.sent_at == datetime.fromtimestamp(MS / 1000, UTC)
    assert heard.private
    assert heard.trusted


def test_a_person_is_known_by_the_bot_they_wrote_to() -> None:
    heard, other = READER.read(message(text="1")), ZaloChannel("7:other").read(message(text="1"))
    assert heard is not None
    assert other is not None
    assert heard.user_id != other.user_id


@pytest.mark.parametrize("field", ["photo_url", "photo"])
@pytest.mark.parametrize("event", ["message.image.received", "message.something.new"])
def test_a_photo_under_either_name_whatever_the_event_is_called(field: str, event: str) -> None:
    address = "https://photo-stal-31.zdn.vn/jpg/abc.jpg"
    heard = READER.read(message(**{field: address}, caption="g02", message_type="CHAT_PHOTO") | {"event_name": event})
    assert heard is not None
    assert (heard.kind, heard.text, heard.album) == (Kind.PHOTO, "g02", BURST)
    assert heard.media == Media(address, mime="image/jpeg")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"voice_url": "https://voice.zdn.vn/a.aac"}, Kind.VOICE),
        ({"sticker": "b0", "url": "https://zalo.me/s/b0"}, Kind.OTHER),
        ({}, Kind.OTHER),  # message.unsupported.received; also what is sent instead of a protected person's words
        ({"photo_url": "", "photo": None}, Kind.OTHER),
    ],
)
def test_what_cannot_be_read_is_answered_and_never_an_error(fields: dict[str, Any], kind: Kind) -> None:
    heard = READER.read(message(**fields))
    assert heard is not None
    assert heard.kind is kind


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        (MS, datetime.fromtimestamp(MS / 1000, UTC)),
        (MS // 1000, datetime.fromtimestamp(MS // 1000, UTC)),
        (str(MS), datetime.fromtimestamp(MS / 1000, UTC)),
        (None, None),
        ("", None),
    ],
)
def test_a_date_in_milliseconds_or_seconds(date: object, moment: datetime | None) -> None:
    heard = READER.read(message(text="1", date=date))
    assert heard is not None
    assert heard.sent_at == moment


def test_a_group_is_no_private_chat_and_a_bot_nobody_to_trust() -> None:
    group = READER.read(message(text="/summary", chat={"id": "zgr-1", "chat_type": "GROUP"}))
    unnamed = READER.read(message(text="1", chat={"id": USER}))
    bot = READER.read(message(text="1", **{"from": {"id": USER, "is_bot": True}}))
    assert group is not None
    assert unnamed is not None
    assert bot is not None
    assert (group.private, unnamed.private, bot.trusted) == (False, True, False)


@pytest.mark.parametrize("payload", [{"message": None}, {"message": {"text": "1"}}, {"message": [1]}])
def test_an_undecodable_update_says_so(payload: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="undecodable"):
        READER.read(payload)


def test_enveloped_or_bare_it_is_the_same_update() -> None:
    bare = message(text="1")
    assert READER.called(bare) == READER.called({"ok": True, "result": bare}) == RawUpdate(
        "82599fa32f56d00e8941", bare
    )  # fmt: skip
    nameless = message(text="1", message_id=None)
    assert READER.called(nameless) == READER.called(json.loads(json.dumps(nameless)))
    assert READER.called(nameless).key != READER.called(message(text="2", message_id=None)).key
    for wrong in (None, [], "text", 7):
        with pytest.raises(ValueError, match="no update"):
            READER.called(wrong)


# --- what its answers mean --------------------------------------------------------------------------------------------


class Answers:
    """A server that answers every call with what the test says."""

    def __init__(self) -> None:
        self.status, self.body, self.url = 200, b"{}", ""
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.calls.append((request.path.rpartition("/")[2], await request.json()))
        return web.Response(status=self.status, body=self.body, content_type="application/json")


@pytest_asyncio.fixture
async def answers() -> AsyncIterator[Answers]:
    made = Answers()
    application = web.Application()
    application.router.add_post("/{path:.+}", made.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest_asyncio.fixture
async def channel(answers: Answers) -> AsyncIterator[ZaloChannel]:
    made = ZaloChannel(
        "200001:s3cret-of-the-bot-0123456789", answers.url, ChannelOptions(address=lambda sha: f"https://us/{sha}")
    )
    await made.open()
    yield made
    await made.close()


def refusal(code: int) -> bytes:
    return json.dumps({"ok": False, "error_code": code, "description": "said by the network"}).encode()


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (400, refusal(400), Failure.REQUEST),
        (401, refusal(401), Failure.CREDENTIAL),
        (401, b"<html>no such bot</html>", Failure.CREDENTIAL),
        (403, refusal(403), Failure.TRANSIENT),  # "internal server error", not "blocked"
        (404, refusal(404), Failure.REQUEST),
        (408, refusal(408), Failure.AMBIGUOUS),
        (429, refusal(429), Failure.THROTTLED),
        (500, b"", Failure.TRANSIENT),
        (502, b"<html>", Failure.TRANSIENT),
        (200, refusal(429), Failure.THROTTLED),  # a 2xx alone proves nothing
        (200, b"half of a js", Failure.AMBIGUOUS),
        (200, b"[1]", Failure.AMBIGUOUS),
        (418, b"{}", Failure.REQUEST),
    ],
)
async def test_errors_by_their_own_meanings(
    answers: Answers, channel: ZaloChannel, status: int, body: bytes, failure: Failure
) -> None:
    answers.status, answers.body = status, body
    with pytest.raises(SendFailedError) as failed:
        await channel.send(Outgoing(USER, "xin chào"))
    assert failed.value.failure is failure
    assert "s3cret" not in str(failed.value)


async def test_what_is_sent(answers: Answers, channel: ZaloChannel) -> None:
    answers.body = json.dumps({"ok": True, "result": {"message_id": "a1", "date": MS}}).encode()
    assert await channel.send(Outgoing(USER, "xin chào")) == MS
    await channel.send(Outgoing(USER, "Ảnh trên", photo=b"bytes", photo_name="abc"))
    answers.body = b'{"ok":true,"result":{"message_id":"a2"}}'
    assert await channel.send(Outgoing(USER, "không ngày")) == 0
    assert answers.calls == [
        ("sendMessage", {"chat_id": USER, "text": "xin chào"}),
        ("sendPhoto", {"chat_id": USER, "photo": "https://us/abc", "caption": "Ảnh trên"}),
        ("sendMessage", {"chat_id": USER, "text": "không ngày"}),
    ]


async def test_nobody_there_is_nothing_sent() -> None:
    lonely = ZaloChannel("1:z", "http://127.0.0.1:9")
    await lonely.open()
    with pytest.raises(SendFailedError) as failed:
        await lonely.send(Outgoing(USER, "xin chào"))
    assert failed.value.failure is Failure.TRANSIENT
    assert not await lonely.alive()
    await lonely.close()


# --- polling ----------------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def network() -> AsyncIterator[Running]:
    served = await serve()
    served.network.phone("Thịnh", user_id=PHONE, bot=BOT)
    yield served
    await served.close()


class Ear:
    """Takes what a channel hands over; `refusing` times it cannot."""

    def __init__(self, refusing: int = 0) -> None:
        self.heard: list[RawUpdate] = []
        self.refusing = refusing

    async def accept(self, updates: Sequence[RawUpdate]) -> None:
        if self.refusing:
            self.refusing -= 1
            raise OSError("disk full")
        self.heard += updates

    def texts(self) -> list[str]:
        return [update.payload["message"].get("text", "") for update in self.heard]


async def listening(network: Running, ear: Ear, seconds: float, *, floor: float = 0.02) -> ZaloChannel:
    made = ZaloChannel(DEFAULT_ZALO_TOKEN, network.url, floor=floor, pauses=(0.01, 0.05))
    await made.open()
    task = asyncio.create_task(made.listen(ear.accept))
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await made.close()
    return made


@pytest.mark.parametrize("replay", [False, True])
async def test_each_message_is_handed_over_once(network: Running, replay: bool) -> None:
    network.network.zalo.habits.change({"replay": replay})
    for n in range(5):
        network.network.say(PHONE, f"tin {n}")
    ear = Ear(refusing=2)  # and none is lost when it cannot be stored at first
    await listening(network, ear, 0.6)
    assert ear.texts() == [f"tin {n}" for n in range(5)]


async def test_at_least_the_floor_lies_between_two_polls(answers: Answers) -> None:
    answers.body = json.dumps({"ok": True, "result": message(text="tin")}).encode()  # for ever, at once
    made = ZaloChannel("200001:floor", answers.url, floor=0.1, pauses=(0.01, 0.05))
    await made.open()
    ear = Ear()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(made.listen(ear.accept), 0.55)
    await made.close()
    polls = [name for name, _ in answers.calls if name == "getUpdates"]
    assert 3 <= len(polls) <= 6
    assert len(ear.heard) == 1


async def test_an_idle_window_is_nothing_new(
    network: Running, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo.POLL_SECONDS", 0)  # answered with 408 at once
    caplog.set_level(logging.WARNING)
    ear = Ear()
    made = await listening(network, ear, 0.2)
    assert ear.heard == []
    assert caplog.text == ""
    assert made.healthy(made.last_poll)


async def test_a_webhook_left_behind_is_removed_before_polling(network: Running) -> None:
    network.network.zalo.of(BOT).webhook = {"url": "http://127.0.0.1:9/x", "secret": "s" * 8, "updated_at": 1}
    network.network.say(PHONE, "tin")
    ear = Ear()
    await listening(network, ear, 0.3)
    assert ear.texts() == ["tin"]


async def test_a_refused_token_ends_the_listening(network: Running) -> None:
    made = ZaloChannel("999:unknown", network.url)
    await made.open()
    with pytest.raises(SendFailedError) as failed:
        await asyncio.wait_for(made.listen(Ear().accept), 5)
    assert failed.value.failure is Failure.CREDENTIAL
    await made.close()


def test_one_consumer_a_token(tmp_path: Path) -> None:
    first, second, other = (SingleConsumer(token, tmp_path) for token in ("1:a", "1:a", "2:b"))
    assert (first.take(), first.take(), second.take(), other.take()) == (True, True, False, True)
    first.release()
    assert second.take()
    assert "1:a" not in " ".join(path.name for path in tmp_path.iterdir())


# --- photos in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "theirs"),
    [
        ("https://photo-stal-31.zdn.vn/jpg/a.jpg", True),
        ("https://ZDN.VN/a.jpg", True),
        ("https://zdn.vn.evil.example/a.jpg", False),
        ("https://evilzdn.vn/a.jpg", False),
        ("http://photo-stal-31.zdn.vn/a.jpg", False),
        ("https://photo-stal-31.zdn.vn:8443/a.jpg", False),
        ("https://user:word@zdn.vn/a.jpg", False),
        ("https://127.0.0.1/a.jpg", False),
        ("https://[::1]/a.jpg", False),
        ("file:///etc/passwd", False),
        ("https://zdn.vn:port/a.jpg", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_network_are_followed(address: str, theirs: bool) -> None:
    assert is_theirs(address) is theirs


@pytest.mark.parametrize(
    ("host", "public"),
    [("8.8.8.8", True), ("10.0.0.1", False), ("127.0.0.1", False), ("169.254.169.254", False), ("192.168.1.1", False),
     ("::1", False), ("fe80::1", False), ("::ffff:10.0.0.1", False), ("224.0.0.1", False), ("100.64.0.1", False)],
)  # fmt: skip
def test_only_the_public_net_is_asked(host: str, public: bool) -> None:
    assert is_public(host) is public


class Traps:
    """A media host with a trap on each path."""

    async def whole(self, _: web.Request) -> web.Response:
        return web.Response(body=b"\xff\xd8" + b"x" * 1000, content_type="application/octet-stream")

    async def inside(self, _: web.Request) -> web.Response:
        raise web.HTTPFound("http://127.0.0.1:9/private")

    async def loop(self, _: web.Request) -> web.Response:
        raise web.HTTPFound("/loop")

    async def big(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(40):
            await response.write(b"x" * 1000)
        return response

    async def gone(self, _: web.Request) -> web.Response:
        return web.Response(status=404)

    async def slow(self, _: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()


@pytest_asyncio.fixture
async def media() -> AsyncIterator[str]:
    host, application = Traps(), web.Application()
    for name in ("whole", "inside", "loop", "big", "gone", "slow"):
        application.router.add_get(f"/{name}", getattr(host, name))
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("path", "final"),
    [("inside", True), ("loop", True), ("big", True), ("gone", True), ("slow", False)],
)
async def test_traps_on_the_way_to_a_photo(media: str, path: str, final: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zalo_media, "LIMIT", 20_000)
    monkeypatch.setattr(zalo_media, "WHOLE", 0.3)
    pictures = Pictures(media)
    await pictures.open()
    assert len(await pictures.get(f"{media}/whole")) == 1002
    with pytest.raises(FetchFailedError) as failed:
        await pictures.get(f"{media}/{path}")
    assert failed.value.final is final
    with pytest.raises(FetchFailedError, match="not an address"):
        await pictures.get("http://127.0.0.1:9/private")
    await pictures.close()


async def test_a_name_of_theirs_that_leads_into_our_house_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def inside(*_: object, **__: object) -> list[dict[str, Any]]:
        return [{"host": "10.0.0.5"}]

    monkeypatch.setattr("aiohttp.resolver.ThreadedResolver.resolve", inside)
    pictures = Pictures()
    await pictures.open()
    with pytest.raises(FetchFailedError) as failed:
        await pictures.get("https://photo-stal-1.zdn.vn/a.jpg")
    assert not failed.value.final
    await pictures.close()


async def test_a_photo_of_the_simulated_network_expires(network: Running) -> None:
    network.network.photo(PHONE, [picture(3)], caption="g02")
    update = json.loads(next(iter(network.network.zalo.of(BOT).pending.values())))
    heard = READER.read(update)
    assert heard is not None
    assert heard.media is not None
    pictures = Pictures(network.url)
    await pictures.open()
    assert (await pictures.get(heard.media.ref)).startswith(b"\xff\xd8")
    network.network.zalo.habits.change({"photo_life": 0})
    with pytest.raises(FetchFailedError) as failed:
        await pictures.get(heard.media.ref)
    assert failed.value.final
    await pictures.close()
