"""Somebody we do not know: one neutral line a day, and the only thing that opens the door is a one-time code."""

from __future__ import annotations

from bot import consent
from bot.commands.invite import guessing_report
from bot.commands.start import greet
from bot.ledger import Ledger, Outcome
from bot.talk import Talk
from inspection.messages import Incoming, Kind, Reply
from storage import invitations, people

NEUTRAL = (
    "Đây là kênh nội bộ của cơ quan hành chính. Nếu được cấp mã, đề nghị gửi mã đó.\n"
    "This is an internal channel of a public authority. If you were given a code, please send it."
)
SILENT = (Kind.LEFT, Kind.JOINED, Kind.FETCHED, Kind.QUIET, Kind.DONE)  # nobody asked anything
REFUSED = {
    "unknown": "Mã không đúng. Đề nghị kiểm tra lại mã trong văn bản thông báo.",
    "used": "Mã này đã được dùng. Đề nghị liên hệ đầu mối cấp mã.",
    "expired": "Mã này đã hết hạn. Đề nghị liên hệ đầu mối cấp mã.",
}


def hear(ledger: Ledger, incoming: Incoming, outcome: Outcome) -> None:
    """Try what was sent as a code; otherwise say the neutral line, once a day."""
    code = _code(incoming)
    if code:
        guess = invitations.Guess(code, incoming.chat, incoming.user_id, ledger.today)
        result = invitations.redeem(ledger.connection, guess, ledger.now)
        if isinstance(result, invitations.Redeemed):
            _welcome(ledger, incoming, outcome)
        else:
            ledger.post(outcome, incoming.chat, Reply(REFUSED[result.reason]))
            for chat, reply in guessing_report(ledger, incoming):
                ledger.post(outcome, chat, reply)
        return
    if incoming.kind is Kind.TAP:
        outcome.taps.append((incoming.chat, incoming.callback, ""))
    elif incoming.kind not in SILENT and invitations.neutral_line_due(
        ledger.connection, incoming.chat.channel, incoming.user_id, ledger.today
    ):
        ledger.post(outcome, incoming.chat, Reply(NEUTRAL))


def _code(incoming: Incoming) -> str:
    if incoming.kind is not Kind.TEXT or not incoming.trusted:
        return ""
    text = incoming.text.strip()
    if text.startswith("/start"):
        return text.removeprefix("/start").strip()
    return text if invitations.looks_like_code(text) else ""


def _welcome(ledger: Ledger, incoming: Incoming, outcome: Outcome) -> None:
    key = (incoming.chat.channel, incoming.user_id)
    ledger.people |= people.by_accounts(ledger.connection, {key}, ledger.today)
    person = ledger.people.get(key)
    if person is not None:
        talk = Talk(ledger, incoming, person, outcome)
        if not consent.holds_up(talk, lambda: "start"):
            greet(talk)
