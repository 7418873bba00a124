"""Everything that is overdue, plans and rules and findings together: what an administrator has to see to."""

from __future__ import annotations

from bot.summary.asked import Asked
from bot.summary.found import finding_entry, overdue_in
from bot.summary.lists import Detail
from bot.summary.owed import owed_entry
from bot.summary.standing import reminding
from bot.talk import Talk
from inspection.figures import show_two
from inspection.phrases import Phrase
from storage import obligations
from storage.reports.summary import Summary

HEAD = Phrase(
    "Quá hạn: {total} = {owed} kế hoạch, nội quy, quy chế + {found} tồn tại, hạn chế, kể cả từ trước kỳ.",
    "Overdue: {total} = {owed} plans, rules, regulations + {found} findings, those from before included.",
)
NONE = Phrase("Không có việc quá hạn.", "Nothing is overdue.")


def overdue(talk: Talk, asked: Asked, summary: Summary) -> Detail:
    """As of the last day of the period; what is overdue now can be reminded of at once."""
    owed = [one for listed in summary.counts.owed.values() for one in listed if one.standing == "overdue"]
    found = overdue_in(talk, summary)
    records = obligations.get_many(talk.connection, [one.id for one in owed])
    entries = [owed_entry(talk, summary, one, records[one.id]) for one in owed]
    entries += [finding_entry(talk, one, summary) for one in found]
    places = {one.unit_id for one in owed} | {one.finding.unit_id for one in found if one.finding.remedy is not None}
    hint, acts = reminding(talk, summary, places, "+".join([*summary.counts.owed, "findings"]))
    counted = (show_two(n, talk.language) for n in (len(entries), len(owed), len(found)))
    head = talk.words(HEAD, **dict(zip(("total", "owed", "found"), counted, strict=True)))
    return Detail(head + hint if entries else talk.words(NONE), entries, acts)
