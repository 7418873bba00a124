"""Every table of the product; private to this room, rows never leave it.

Own ids everywhere (official codes are attributes), times in UTC, and whatever the database can check, it checks.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.types import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- units and people -------------------------------------------------------------------------------------------

units = Table(
    "units",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(40), unique=True),  # the office's own "Mã", by which a workbook finds the unit again
    Column("code", String(32), nullable=False, default=""),  # official code; may repeat over time
    Column("kind", String(32), nullable=False),  # province, department, commune, ward, district, office
    Column("name", String(200), nullable=False),
    Column("search_key", String(200), nullable=False),
    Column("former", Text, nullable=False, default=""),  # what it was formed from, as shown on the card
    Column("one_stop", Boolean, nullable=False, default=False),
    Column("staff_total", Integer),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Index(None, "search_key"),
)

unit_links = Table(  # the tree; dated, because a unit can move
    "unit_links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("parent_id", ForeignKey("units.id"), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    UniqueConstraint("unit_id", "valid_from"),
    Index(None, "parent_id"),
    CheckConstraint("unit_id <> parent_id", name="not_itself"),
)

unit_lineage = Table(  # what became of a unit: many to many, because units merge and split
    "unit_lineage",
    metadata,
    Column("from_id", ForeignKey("units.id"), primary_key=True),
    Column("to_id", ForeignKey("units.id"), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("on", Date, primary_key=True),
    Column("resolution", String(200), nullable=False, default=""),
    CheckConstraint("kind in ('merge','split','part','rename','abolish')", name="known_kind"),
    Index(None, "to_id"),
)

work_hours = Table(  # a unit's hours by season; without a row of its own a unit keeps those of the unit above it
    "work_hours",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("weekday", Integer, nullable=False),  # 0 = Monday
    Column("start", String(5), nullable=False),  # "07:30", local
    Column("end", String(5), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    UniqueConstraint("unit_id", "weekday", "start", "valid_from"),
    CheckConstraint("weekday between 0 and 6", name="known_weekday"),
)

people = Table(
    "people",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(40), unique=True),  # the office's own "Mã"
    Column("name", String(120), nullable=False),
    Column("title", String(200), nullable=False, default=""),  # office held, e.g. "Chủ tịch Ủy ban nhân dân xã"
    Column("language", String(2), nullable=False, default="vi"),
    Column("blocked_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
)

roles = Table(
    "roles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("for_id", ForeignKey("people.id")),  # held in place of this person, who is absent; else their own
    CheckConstraint("role in ('admin','team-head','inspector','unit-head','delegate')", name="known_role"),
    CheckConstraint("for_id is null or for_id <> person_id", name="not_for_itself"),
    CheckConstraint("for_id is null or valid_to is not null", name="absence_ends"),
    UniqueConstraint("person_id", "role", "unit_id", "valid_from"),
    Index(None, "unit_id", "role"),
)

accounts = Table(  # a chat account bound to a person by a one-time code
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("account", String(64), nullable=False),  # our bot's account on that network
    Column("user_id", String(64), nullable=False),
    Column("chat_id", String(64), nullable=False),
    Column("bound_at", UtcDateTime, nullable=False),
    Column("unreachable_at", UtcDateTime),
    UniqueConstraint("channel", "user_id"),
    Index(None, "person_id"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("used_by", Integer, ForeignKey("accounts.id")),
)

strangers = Table(  # who was told today that this is not for them; guesses are counted
    "strangers",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("user_id", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("guesses", Integer, nullable=False, default=0),
)

# --- checklists and visits --------------------------------------------------------------------------------------

checklists = Table(
    "checklists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("rows", Text, nullable=False),  # JSON: {"items": [...], "legal_bases": [...]}
    Column("loaded_at", UtcDateTime, nullable=False),
    UniqueConstraint("code", "version"),
)

visits = Table(
    "visits",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("checklist_id", ForeignKey("checklists.id"), nullable=False),
    Column("form", String(16), nullable=False, default="surprise"),
    Column("status", String(24), nullable=False),
    Column("leader_id", ForeignKey("people.id"), nullable=False),
    Column("authority_id", String(32), nullable=False, server_default=""),  # that sent the team; "": not known
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("signed_at", UtcDateTime),
    Column("signed_by", ForeignKey("people.id")),
    Column("score", Numeric(5, 1, asdecimal=True)),
    Column("grade", String(16)),
    Column("document", Text, nullable=False),  # JSON: the visit as the rules see it
    Column("revision", Integer, nullable=False, default=0),
    CheckConstraint(
        "status in ('in_progress','awaiting_signature','signed','ended_early','cancelled')", name="known_status"
    ),
    Index(None, "unit_id", "status"),
    Index(None, "leader_id", "status"),
    Index(None, "status", "finished_at"),
    Index(None, "unit_id", "finished_at"),  # the last visit of a unit in a span
)

answers = Table(  # append-only: every value ever given, the newest revision of a key counts
    "answers",
    metadata,
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("key", String(16), nullable=False),
    Column("value", Text, nullable=False),  # JSON
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("said", Text, nullable=False, default=""),  # what was typed, word for word
)

results = Table(  # what the answers of a finished visit amount to; rewritten whole on correction
    "results",
    metadata,
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("key", String(16), primary_key=True),
    Column("code", String(8), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("critical", Boolean, nullable=False, default=False),
    Index(None, "code", "outcome"),
    Index(None, "visit_id", "code", "outcome"),  # all that adding up needs, without the row
)

measures = Table(  # of a finished visit, what the indicators add up; rewritten with its results
    "measures",
    metadata,
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("briefed", BigInteger),
    Column("staff", BigInteger),  # of whom so many were briefed
    Column("absent", BigInteger),  # without a reason
    Column("required", BigInteger),  # to be present
    Column("late_files", BigInteger),
    Column("apologies", BigInteger),
    Column("satisfied", BigInteger),  # hundredths of a percent, times the files they are weighed by
    Column("rated", BigInteger),  # those files
)

visit_tallies = Table(  # the ended visits of a unit in a month, added up: see storage/tallies.py
    "visit_tallies",
    metadata,
    Column("unit_id", ForeignKey("units.id"), primary_key=True),
    Column("month", Date, primary_key=True),  # its first day, local
    Column("checklist_id", ForeignKey("checklists.id"), primary_key=True),
    Column("form", String(16), primary_key=True),
    Column("status", String(24), primary_key=True),
    Column("grade", String(16), primary_key=True),  # "" where there is none
    Column("visits", BigInteger, nullable=False),
    Column("scored", BigInteger, nullable=False),
    Column("tenths", BigInteger, nullable=False),  # of points
    Column("absent", BigInteger, nullable=False),
    Column("required", BigInteger, nullable=False),
    Column("late_files", BigInteger, nullable=False),
    Column("apologies", BigInteger, nullable=False),
    Column("satisfied", BigInteger, nullable=False),
    Column("rated", BigInteger, nullable=False),
)

item_tallies = Table(  # how often an item was met and not met there
    "item_tallies",
    metadata,
    Column("unit_id", ForeignKey("units.id"), primary_key=True),
    Column("month", Date, primary_key=True),
    Column("checklist_id", ForeignKey("checklists.id"), primary_key=True),
    Column("code", String(8), primary_key=True),
    Column("met", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
)

photos = Table(
    "photos",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("visit_id", ForeignKey("visits.id")),
    Column("obligation_id", ForeignKey("obligations.id")),
    Column("channel", String(16), nullable=False),
    Column("account", String(64), nullable=False),
    Column("chat_id", String(64), nullable=False),
    Column("sender_id", ForeignKey("people.id"), nullable=False),
    Column("media", Text, nullable=False),  # JSON of inspection.messages.Media; never with our token
    Column("state", String(12), nullable=False),
    Column("sha256", String(64)),
    Column("reused", Boolean, nullable=False, default=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_try_at", UtcDateTime),
    Column("trouble", String(200), nullable=False, default=""),
    Column("received_at", UtcDateTime, nullable=False),
    Column("stored_at", UtcDateTime),
    Column("kind", String(10), nullable=False, default="photo", server_default="photo"),
    Column("name", String(200), nullable=False, default="", server_default=""),  # as the sender's machine called it
    Column("resembles", ForeignKey("photos.id")),  # an earlier photo like this one: something to look at, no proof
    Column("distance", Integer),  # of the two, in bits of 256; 0: the same bytes, or nothing to tell them apart
    Column("days_apart", Integer),  # whole days between the time in the file and its arrival, where that is a hint
    Column("km_apart", Integer),  # between the place in the file and the visit's position, where that is a hint
    CheckConstraint("state in ('awaited','stored','refused')", name="known_state"),
    CheckConstraint("kind in ('photo','document','voice','video')", name="known_kind"),
    CheckConstraint("(state = 'stored') = (sha256 is not null)", name="stored_has_bytes"),
    Index(None, "state", "next_try_at"),
    Index(None, "visit_id"),
    Index(None, "sha256"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("mime", String(100), nullable=False),
    Column("width", Integer, nullable=False),  # pixels; 0 for what is no picture
    Column("height", Integer, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    Column("look", String(80), nullable=False, default="", server_default=""),  # alike for pictures that look alike
    Column("exif", Text),  # JSON of what the camera wrote into the file; never proof
)

picture_bands = Table(  # a quarter of each picture's coarse look, by which one like it is found without reading all
    "picture_bands",
    metadata,
    Column("band", Integer, primary_key=True, autoincrement=False),  # which quarter, times 65,536, plus its 16 bits
    Column("sha256", ForeignKey("evidence.sha256"), primary_key=True),
)

findings = Table(
    "findings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),  # TT-2026-031
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("visit_id", ForeignKey("visits.id"), nullable=False),
    Column("key", String(16), nullable=False),
    Column("item_code", String(8), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("remedy_days", Integer, nullable=False),
    Column("due", Date),  # runs from the notice of conclusions; unknown before it
    Column("original_due", Date),  # the date of the notice, kept when an extension moves `due`
    Column("status", String(12), nullable=False),
    Column("photo", String(64)),  # SHA-256 of the photo that shows it
    Column("closed_by_visit", ForeignKey("visits.id")),
    Column("found_on", Date, nullable=False),
    Column("repeat_of", ForeignKey("findings.id")),  # the same item at the same unit, at most 24 months before
    CheckConstraint("status in ('open','verified')", name="known_status"),
    UniqueConstraint("visit_id", "key"),
    Index(None, "unit_id", "status"),
)

conclusions = Table(  # the notice by which a unit learns of its findings; from its day the periods run
    "conclusions",
    metadata,
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("document", String(60), nullable=False),  # "15/TB-SNV"
    Column("issued", Date, nullable=False),
    Column("entered_by", ForeignKey("people.id")),  # empty: came with the sample
    Column("entered_at", UtcDateTime, nullable=False),
)

# --- official documents -----------------------------------------------------------------------------------------

visit_members = Table(  # who of us takes part in a visit, beside the one who leads it: they may read its documents
    "visit_members",
    metadata,
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Index(None, "person_id"),
)

document_numbers = Table(  # a team has a series of its own, by its decision, from 01 each year
    "document_numbers",
    metadata,
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("kind", String(8), primary_key=True),  # BB
    Column("authority_id", String(32), nullable=False),  # "" where the team's authority is not known
    Column("decision", String(60), nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    UniqueConstraint("kind", "authority_id", "decision", "year", "number"),
    CheckConstraint("number > 0", name="counted_from_one"),
)

document_templates = Table(  # an authority's own Word templates; the newest of a kind counts, earlier ones remain
    "document_templates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("kept_by", ForeignKey("people.id")),  # empty: set on the server
    Index(None, "unit_id", "kind"),
)

# --- obligations and reminders ----------------------------------------------------------------------------------

obligation_kinds = Table(  # those the administrator named, and the ladder of any kind that differs from the default
    "obligation_kinds",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("ladder", String(200), nullable=False, default=""),  # as written, see inspection.ladder; empty: the default
)

directives = Table(
    "directives",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(64), unique=True),  # the office's own, from a workbook
    Column("number_symbol", String(60), nullable=False),  # "09/UBND-NC"; a number alone where there is no symbol
    Column("issued", Date, nullable=False),
    Column("issuer_id", ForeignKey("units.id"), nullable=False),
    Column("subject", String(300), nullable=False, default=""),
    Column("year", Integer, nullable=False),  # the period it is about
    Column("parent_id", ForeignKey("directives.id")),  # the directive from above that it carries out
    Column("entered_by", ForeignKey("people.id")),
    Column("entered_at", UtcDateTime, nullable=False),
    Index(None, "issuer_id", "year"),
)

demands = Table(  # what a directive asks of whom, by when: the obligations of a year are made from it
    "demands",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("directive_id", ForeignKey("directives.id"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("due_rule", String(40), nullable=False),  # "06/02/2026", "10 ngày làm việc", "30 ngày"
    Column("addressees", Text, nullable=False),  # as written: "tất cả", "loại: xã, phường", keys or names
    Column("yearly", Boolean, nullable=False, default=False),
    Index(None, "directive_id"),
)

obligations = Table(
    "obligations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("code", String(20), nullable=False, unique=True),  # NV-2026-0147; a remedy has its finding's number
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("directive", String(300), nullable=False, default=""),  # the document that demands it, as cited
    Column("directive_id", ForeignKey("directives.id")),
    Column("demand_id", ForeignKey("demands.id")),
    Column("finding_id", ForeignKey("findings.id"), unique=True),
    Column("year", Integer, nullable=False),
    Column("due", Date, nullable=False),
    Column("original_due", Date, nullable=False),
    Column("complete_by", Date),  # of a returned one: until when its proof is to be completed
    Column("state", String(12), nullable=False),
    Column("document", String(60), nullable=False, default=""),
    Column("issued", Date),
    Column("reported_at", UtcDateTime),
    Column("reported_by", ForeignKey("people.id")),
    # Where the sweep begins: no reminder is due before this day. A hint for the index, worked out again at each look;
    # whether something is due is decided from the dates.
    Column("look_on", Date, nullable=False, server_default="0001-01-01"),
    CheckConstraint("state in ('open','reported','returned','accepted','cancelled')", name="known_state"),
    Index(None, "state", "due"),
    Index(None, "state", "look_on"),
    Index(None, "unit_id", "kind", "year"),
    Index(None, "demand_id", "year"),
)

requests = Table(  # what a unit puts to the authority about an obligation, and the answer; rows are never changed back
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("obligation_id", ForeignKey("obligations.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("asked_by", ForeignKey("people.id"), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("until", Date),  # extension: the day asked for
    Column("document", String(60), nullable=False, default=""),  # report, plan: number and symbol
    Column("issued", Date),
    Column("proof", String(12), nullable=False, default=""),  # report: photo, file, system, or nothing yet
    Column("words", Text, nullable=False, default=""),  # the reason, the question
    Column("answer_by", Date, nullable=False),
    Column("told_at", UtcDateTime),  # when the administrators were given it
    Column("state", String(12), nullable=False),
    Column("answered_by", ForeignKey("people.id")),
    Column("answered_at", UtcDateTime),
    Column("answer", Text, nullable=False, default=""),
    CheckConstraint("kind in ('report','extension','not_ours','question','plan')", name="known_kind"),
    CheckConstraint("state in ('waiting','granted','returned','withdrawn','noted')", name="known_state"),
    Index(None, "obligation_id"),
    Index(None, "state", "told_at"),
)

reminders = Table(  # the key that makes each stage be told once, however often the sweep runs
    "reminders",
    metadata,
    Column("obligation_id", ForeignKey("obligations.id"), primary_key=True),
    Column("due", Date, primary_key=True),
    Column("stage", String(12), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("day", Date, nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    Index(None, "person_id", "day"),
)

sweeps = Table(  # one row: the last day on which the sweep saw to it that new heads and delegates are told
    "sweeps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False),
)

calendar_overrides = Table(
    "calendar_overrides",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("source", String(200), nullable=False, default=""),
    CheckConstraint("kind in ('off','work')", name="known_kind"),
)

calendar_plans = Table(  # a year's plan of days off: asked about once each December, then confirmed by its document
    "calendar_plans",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("asked_at", UtcDateTime),
    Column("source", String(200), nullable=False, default=""),  # empty: not confirmed yet
    Column("confirmed_at", UtcDateTime),
)

# --- summaries --------------------------------------------------------------------------------------------------

external_indices = Table(  # what others publish about an area, a row a year; corrected in place, told by the journal
    "external_indices",
    metadata,
    Column("unit_id", ForeignKey("units.id"), primary_key=True),
    Column("name", String(32), primary_key=True),  # "SIPAS"
    Column("year", Integer, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("total", Integer, nullable=False),  # of how many: 63 provinces before 2025, 34 since
    Column("value", Numeric(7, 2, asdecimal=True)),
    Column("entered_by", ForeignKey("people.id")),
    Column("entered_at", UtcDateTime, nullable=False),
    CheckConstraint("rank between 1 and total", name="rank_of_total"),
)

targets = Table(  # what an authority sets itself for a year where it differs from the usual: KPI-04, KPI-05
    "targets",
    metadata,
    Column("unit_id", ForeignKey("units.id"), primary_key=True),
    Column("code", String(8), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("value", Numeric(7, 2, asdecimal=True), nullable=False),
)

subscriptions = Table(  # who is sent a summary at the beginning of each week or month, of which unit and those below
    "subscriptions",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("every", String(5), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("told", Date),  # the first day of the week or month in which it was last put into the outbox
    CheckConstraint("every in ('week','month')", name="known_rhythm"),
)

# --- the turn ---------------------------------------------------------------------------------------------------

chats = Table(
    "chats",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("chat_id", String(64), primary_key=True),
    Column("state", Text, nullable=False),  # JSON
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("account", String(64), nullable=False),
    Column("update_key", String(80), nullable=False),
    Column("payload", Text, nullable=False),  # the raw update, as it came
    Column("status", String(10), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("trouble", String(300), nullable=False, default=""),
    CheckConstraint("status in ('new','done','refused')", name="known_status"),
    UniqueConstraint("channel", "account", "update_key"),
    Index(None, "status"),
    Index(None, "received_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", String(16), nullable=False, unique=True),  # buttons carry it; it means nothing by itself
    Column("channel", String(16), nullable=False),
    Column("account", String(64), nullable=False),
    Column("chat_id", String(64), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("person_id", ForeignKey("people.id")),
    Column("day", Date),  # a digest: the working day it belongs to
    Column("payload", Text, nullable=False),  # JSON: text, choices, photo, document, decorations
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_try_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("message_id", Integer),
    Column("trouble", String(300), nullable=False, default=""),
    CheckConstraint("state in ('held','pending','sent','refused','expired')", name="known_state"),
    CheckConstraint("kind in ('reply','notice','digest')", name="known_kind"),
    UniqueConstraint("person_id", "day"),  # one digest a person and working day
    Index(None, "state", "next_try_at"),
    Index(None, "channel", "chat_id", "message_id"),
)

message_counts = Table(  # what a network that sells by the month has carried for one of our accounts
    "message_counts",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),  # "2026-08", local
    Column("sent", Integer, nullable=False),
)

handouts = Table(  # files to be fetched by address and code, where a network carries none
    "handouts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("code_hash", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False, default=0),  # wrong codes
    Column("used_at", UtcDateTime),
    Index(None, "expires_at"),
)

errands = Table(  # slow work beside the talk: an export being made, a workbook being fetched and read
    "errands",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("account", String(64), nullable=False),
    Column("chat_id", String(64), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("details", Text, nullable=False),  # JSON; never bytes, never a link
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_try_at", UtcDateTime),
    Column("trouble", String(200), nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("state in ('open','done','failed')", name="known_state"),
    Index(None, "state", "created_at"),
)

clock = Table(  # only a demonstration may move business time; `run` refuses a database with a row here
    "clock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ahead_seconds", Integer, nullable=False),
)

# --- the authority's own people ---------------------------------------------------------------------------------

consents = Table(  # append-only: the newest answer of a person counts, the earlier ones remain as proof
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("agreed", Boolean, nullable=False),
    Column("version", String(64), nullable=False),  # SHA-256 of the notice that was shown
    Column("answered_at", UtcDateTime, nullable=False),
    Column("channel", String(16), nullable=False),  # from which chat; no reference, because accounts are unbound
    Column("account", String(64), nullable=False),
    Column("user_id", String(64), nullable=False),
    Index(None, "person_id"),
)

journal = Table(  # append-only, chained by hash: who did what to whom; no references, so that erasure leaves it whole
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", String(32), nullable=False, default=""),  # empty: the system itself
    Column("act", String(24), nullable=False),
    Column("subject_id", String(32), nullable=False, default=""),
    Column("details", Text, nullable=False),  # JSON: ids and codes, never names
    Column("previous", String(64), nullable=False, unique=True),  # a chain cannot fork
    Column("hash", String(64), nullable=False, unique=True),
    Index(None, "subject_id", "act"),
)
