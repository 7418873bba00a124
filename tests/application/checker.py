"""What must hold after any number of kills, decided from two witnesses only: the database and the network's own log.

`faults_of` returns one sentence for each thing that is not as it must be. It reads SQL and JSON by itself and shares no
code with the product, except for how a reply is cut into messages.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.port import Capabilities
from bot.render import render
from tests.application.walker import ECHOED, STORED, Log, Sent

TELEGRAM = Capabilities(4096, 1024, True, True, True, 0.3)
UNSAID = {"", "đạt"}  # "the rest met" and what is derived from another answer carry no words of their own


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left of a run. `issued`: the update ids the network gave out; `meant`: by chat, what was to be stored."""

    folder: Path
    log: Log
    issued: range
    meant: Mapping[int, Mapping[str, Any]]
    summary: str
    kills: int
    visits_before: int


def faults_of(after: Aftermath) -> list[str]:
    """Everything that is wrong; empty if nothing was lost, doubled, invented or left hanging."""
    with closing(sqlite3.connect(after.folder / "kycuong.db")) as db:
        db.row_factory = sqlite3.Row
        return [
            *_database(db),
            *_inbox(db, after),
            *_visits(db, after),
            *_replies(db, after),
            *_files(db, after.folder / "evidence"),
            *_summary(db, after.summary),
            *_tallies(db),
        ]


MONTH = "strftime('%Y-%m-01', v.finished_at, '+7 hours')"  # of Vietnam
TALLIES = {
    "visits": (
        "SELECT unit_id, month, status, grade, sum(visits), sum(tenths) FROM visit_tallies GROUP BY 1, 2, 3, 4",
        f"SELECT v.unit_id, {MONTH}, v.status, coalesce(v.grade, ''), count(*), "
        "coalesce(sum(cast(round(v.score * 10) AS INTEGER)), 0) "
        "FROM visits v WHERE v.status IN ('awaiting_signature', 'signed', 'ended_early') GROUP BY 1, 2, 3, 4",
    ),
    "items": (
        "SELECT unit_id, month, code, sum(met), sum(failed) FROM item_tallies GROUP BY 1, 2, 3",
        f"SELECT v.unit_id, {MONTH}, r.code, sum(r.outcome = 'met'), sum(r.outcome = 'not_met') "
        "FROM visits v JOIN results r ON r.visit_id = v.id WHERE v.status IN ('awaiting_signature', 'signed') "
        "AND r.outcome IN ('met', 'not_met') GROUP BY 1, 2, 3",
    ),
}


def _tallies(db: sqlite3.Connection) -> Iterator[str]:
    """What is added up by unit and month is what the rows say."""
    for name, (kept, counted) in TALLIES.items():
        wrong = set(map(tuple, db.execute(kept))) ^ set(map(tuple, db.execute(counted)))
        if wrong:
            yield f"tallies of {name} are not what the rows say: {sorted(map(str, wrong))[:4]}"


def _database(db: sqlite3.Connection) -> Iterator[str]:
    for (line,) in db.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"integrity_check: {line}"
    for row in db.execute("PRAGMA foreign_key_check"):
        yield f"a row of {row[0]} points to nothing"


def _inbox(db: sqlite3.Connection, after: Aftermath) -> Iterator[str]:
    rows = db.execute("SELECT * FROM inbox ORDER BY id").fetchall()
    times = Counter(int(row["update_key"]) for row in rows)
    for update_id in after.issued:
        if times[update_id] != 1:
            yield f"update {update_id} is in the inbox {times[update_id]} times"
    for update_id in sorted(set(times) - set(after.issued)):
        yield f"update {update_id} was never sent"
    highest: dict[int, int] = {}
    for row in rows:
        update_id = int(row["update_key"])
        if row["status"] != "done":
            yield f"update {update_id} is {row['status']}: {row['trouble']}"
        chat = _chat_of(json.loads(row["payload"]))
        if update_id < highest.get(chat, 0):
            yield f"update {update_id} was taken after a later one of its chat"
        highest[chat] = max(update_id, highest.get(chat, 0))


def _chat_of(payload: dict[str, Any]) -> int:
    content = payload.get("message") or payload.get("callback_query", {}).get("message") or {}
    return int(content.get("chat", {}).get("id", 0))


# --- visits, their answers and photos ---------------------------------------------------------------------------------


def _visits(db: sqlite3.Connection, after: Aftermath) -> Iterator[str]:
    total = db.execute("SELECT count(*) FROM visits").fetchone()[0]
    if total != after.visits_before + len(after.meant):
        yield f"{total - after.visits_before} visits were begun by {len(after.meant)} people"
    for chat_id in after.meant:
        mine = db.execute(
            "SELECT v.* FROM visits v JOIN accounts a ON a.person_id = v.leader_id WHERE a.chat_id = ? "
            "ORDER BY v.started_at DESC LIMIT 1",
            (str(chat_id),),
        ).fetchone()
        if mine is None or mine["status"] != "signed":
            yield f"chat {chat_id}: the visit is {mine['status'] if mine else 'absent'}"
            continue
        yield from _answers(db, after, chat_id, mine)
        yield from _photos(db, after.log.of(chat_id), mine)


def _answers(db: sqlite3.Connection, after: Aftermath, chat_id: int, visit: sqlite3.Row) -> Iterator[str]:
    rows = db.execute("SELECT * FROM answers WHERE visit_id = ? ORDER BY revision", (visit["id"],)).fetchall()
    if [row["revision"] for row in rows] != list(range(1, visit["revision"] + 1)):
        yield f"chat {chat_id}: revisions {[row['revision'] for row in rows]} of {visit['revision']}"
    said = _everything_said(db, after.log, chat_id)
    yield from _history(rows, said, chat_id, str(visit["leader_id"]))
    latest = {row["key"]: json.loads(row["value"]) for row in rows}
    document = json.loads(visit["document"])["answers"]
    if {key: _value(answer) for key, answer in document.items()} != latest:
        yield f"chat {chat_id}: the visit and the history of its answers differ"
    for key, value in after.meant[chat_id].items():
        stored = {name: part for name, part in latest.get(key, {}).items() if name not in ("thoi_diem", "ly_do")}
        if stored != value:
            yield f"chat {chat_id}: {key} is {stored} instead of {value}"
    codes = {key.partition(".")[0] for key in latest}
    echoes = (echo for heard in after.log.told(chat_id) for echo in STORED.findall(heard.text))
    for key in (key for echo in echoes for key in ECHOED.findall(echo)):
        if key.partition(".")[0] not in codes:
            yield f"chat {chat_id}: {key} was called stored and is not"


def _history(rows: list[sqlite3.Row], said: list[str], chat_id: int, leader_id: str) -> Iterator[str]:
    latest: dict[str, str] = {}
    for row in rows:
        if latest.get(row["key"]) == row["value"]:
            yield f"chat {chat_id}: {row['key']} was stored twice with the same value (revision {row['revision']})"
        latest[row["key"]] = row["value"]
        if row["said"] not in UNSAID and not any(row["said"] in text for text in said):
            yield f"chat {chat_id}: nobody said {row['said']!r}"
        if row["person_id"] != leader_id:
            yield f"chat {chat_id}: {row['key']} was answered by somebody else"


def _value(answer: list[Any]) -> dict[str, Any]:
    """An answer as the visit keeps it, in the form of the history: value, then letters, then the note."""
    value, _, _, letters, note = answer
    return {**value, **({"ly_do": letters} if letters else {}), **({"ghi_chu": note} if note else {})}


def _everything_said(db: sqlite3.Connection, log: Log, chat_id: int) -> list[str]:
    """Typed texts, and for taps the value the button stands for."""
    said = []
    for sent in log.of(chat_id):
        if sent.text.startswith("tap "):
            token, _, place = sent.text.removeprefix("tap ").partition(":")
            row = db.execute("SELECT payload FROM outbox WHERE token = ?", (token,)).fetchone()
            said.append(json.loads(row[0])["choices"][int(place)][1] if row else "")
        else:
            said.append(sent.text)
    return said


def _photos(db: sqlite3.Connection, sent: list[Sent], visit: sqlite3.Row) -> Iterator[str]:
    rows = db.execute("SELECT * FROM photos WHERE visit_id = ?", (visit["id"],)).fetchall()
    stored = Counter(row["sha256"] for row in rows)
    expected = Counter(each.sha256 for each in sent if each.sha256)
    if stored != expected:
        yield f"photos of {visit['id']}: {len(rows)} rows for {expected.total()} photos, or others than were sent"
    for row in rows:
        if row["state"] != "stored":
            yield f"photo {row['id']} is {row['state']}"
    photos = json.loads(visit["document"])["photos"]
    if {photo[0]: photo[10] for photo in photos} != {row["id"]: row["kind"] for row in rows}:
        yield f"photos of {visit['id']}: the visit and the rows differ on which are photos and which documents"
    named = Counter(photo[8] for photo in photos)
    if named != expected:
        yield f"photos of {visit['id']}: the visit names others than were sent"


# --- what people were told --------------------------------------------------------------------------------------------


def _replies(db: sqlite3.Connection, after: Aftermath) -> Iterator[str]:
    for row in db.execute("SELECT * FROM outbox WHERE state NOT IN ('sent', 'expired')"):
        yield f"message {row['id']} is {row['state']}: {row['trouble']}"
    for chat_id in after.meant:
        rows = db.execute("SELECT * FROM outbox WHERE chat_id = ? AND kind <> 'digest' ORDER BY id", (str(chat_id),))
        due = [message for row in rows for message in _rendered(row)]
        heard = [_document(each.text) or each.text for each in after.log.told(chat_id)]
        yield from _in_order(due, heard, chat_id, after.kills)
        said = [text for text in heard if text not in DOCUMENTS.values()]
        if not said or "ký" not in said[-1]:  # signed, or told so once more
            yield f"chat {chat_id}: the last word is {said[-1][:60] if said else 'none'!r}"


def _in_order(due: list[str], heard: list[str], chat_id: int, kills: int) -> Iterator[str]:
    """What was to be said was heard in its order, and a kill repeated at most one message."""
    repeated, place = 0, 0
    for text in heard:
        if place < len(due) and text == due[place]:
            place += 1
        elif text in due[:place]:
            repeated += 1
        else:
            yield f"chat {chat_id}: out of order, or nobody's words: {text[:60]!r}"
    if place < len(due):
        yield f"chat {chat_id}: {len(due) - place} messages were not heard, the first {due[place][:60]!r}"
    if repeated > kills:
        yield f"chat {chat_id}: {repeated} repeated replies for {kills} kills"


# A document is worded when it is sent, a draft or signed as the visit is then; here only its form counts.
DOCUMENTS = {"docx": "[Word]", "pdf": "[PDF]"}
_WORDS = {
    "docx": re.compile(r"(Dự thảo )?Biên bản kiểm tra, .+ \(Word\)\.$"),
    "pdf": re.compile(r"(Dự thảo )?Biên bản kiểm tra, .+: bản đọc \(PDF\), không thay thế văn bản đã ký\.$"),
}


def _document(text: str) -> str:
    return next((DOCUMENTS[form] for form, words in _WORDS.items() if words.match(text)), "")


def _rendered(row: sqlite3.Row) -> list[str]:
    payload = json.loads(row["payload"])
    if "paper" in payload:
        return [DOCUMENTS[payload["paper"]["form"]]]
    photo = b"a picture" if payload.get("photo") else b""
    return [message.text for message in render(payload, TELEGRAM, row["token"], row["chat_id"], photo)]


# --- files and figures ------------------------------------------------------------------------------------------------


def _files(db: sqlite3.Connection, folder: Path) -> Iterator[str]:
    named = {row[0] for row in db.execute("SELECT sha256 FROM evidence")}
    for (sha,) in db.execute("SELECT DISTINCT sha256 FROM photos WHERE sha256 IS NOT NULL"):
        if sha not in named:
            yield f"evidence {sha[:12]} has no row"
    for sha in named:
        path = folder / sha[:2] / sha[2:4] / sha
        if not path.exists():
            yield f"evidence {sha[:12]} has no file"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha:
            yield f"evidence {sha[:12]} is not what was stored"
    for path in folder.glob("??/??/*"):
        if len(path.name) == 64 and path.name not in named:
            yield f"file {path.name[:12]} has no row"


def _summary(db: sqlite3.Connection, text: str) -> Iterator[str]:
    """The administrator's figures of the year, counted again row by row."""
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    year = datetime.now(zone).year
    signed = [
        row
        for row in db.execute("SELECT * FROM visits WHERE status IN ('signed', 'awaiting_signature')")
        if row["finished_at"] and _moment(row["finished_at"]).astimezone(zone).year == year
    ]
    places = len({row["unit_id"] for row in signed})
    surprised = len({row["unit_id"] for row in signed if row["form"] == "surprise"})
    found = db.execute("SELECT status FROM findings WHERE found_on >= ?", (f"{year}-01-01",))
    findings = [row["status"] for row in found]
    expected = [
        f"4. Kiểm tra đột xuất: {surprised:02d} đơn vị",
        f"tất cả: {len(signed):02d} lượt tại {places:02d} trên ",
        f"5. Tồn tại, hạn chế: {len(findings):02d}; đã khắc phục {findings.count('verified'):02d}",
    ]
    for line in expected:
        if line not in text:
            yield f"/summary does not say {line!r}"


def _moment(stored: str) -> datetime:
    moment = datetime.fromisoformat(stored)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
