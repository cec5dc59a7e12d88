"""The pack: an open report to a data and safety monitoring board, in the order of the field.

Everything in it stands under P-codes and study days, and can be read by members who see no dates of patients.

Source: ICH E9, E3 (order of tables and listings); templates of open reports to monitoring boards.
"""

from __future__ import annotations

from .. import __version__
from ..i18n import translate
from .content import PackContent
from .document import Cover, Document, Table
from .pack_conduct import baseline, deviations, exposure
from .pack_laboratory import laboratory
from .pack_listings import boundary, changes, currency, listings
from .pack_safety import adverse_events
from .pack_trial import enrolment, screening, status, synopsis, timetable
from .speaker import Speaker
from .workbook import write_workbook

CHAPTERS = (
    synopsis, timetable, status, enrolment, screening, deviations, baseline, exposure, adverse_events, laboratory,
    listings, boundary, changes, currency,
)  # fmt: skip


def build_pack(content: PackContent, lang: str) -> Document:
    """Return the pack in a language, figures drawn and not yet rendered."""
    speaker = Speaker(lang, content)
    say, cut = speaker.say, content.cut
    cover = Cover(
        say("pack.kind"),
        content.protocol.title[lang] if content.protocol else cut.study,
        _facts(speaker),
        (say("pack.cover.codes"), say("pack.cover.zero"), say("pack.cover.method", method=speaker.interval)),
    )
    return Document(
        lang=lang,
        cover=cover,
        chapters=tuple(chapter(speaker) for chapter in CHAPTERS),
        header=f"{cut.study} · {say('pack.kind')}",
        footer=say("provenance.cut", cut=cut.cut_id, date=cut.cutoff),
        stamp=say("synthetic.badge") if cut.synthetic else "",
        about=tuple(f"{name}: {value}" for name, value in _facts(speaker)),
    )


def _facts(speaker: Speaker) -> tuple[tuple[str, str], ...]:
    say, content, cut = speaker.say, speaker.content, speaker.content.cut
    found = content.provenance
    people = say("pack.cover.people_of", n=content.people.selected, treated=content.people.treated)
    rows = [
        (say("pack.cover.study"), cut.study),
        (say("pack.cover.cut"), f"{cut.cut_id}{f' · {cut.label}' if cut.label else ''}"),
        (say("pack.time.cutoff"), cut.cutoff.isoformat()),
        (say("pack.time.since"), content.since.cut_id if content.since else say("pack.time.none")),
        (say("pack.cover.people"), people),
        (say("pack.cover.rule"), speaker.rule or say("pack.no_rule")),
        (say("pack.cover.content_hash"), found.content_hash),
        (say("pack.cover.settings_hash"), found.settings_hash),
        (say("pack.cover.program"), f"SAA Dash {__version__}"),
    ]
    if cut.synthetic:
        rows.insert(0, (say("pack.cover.origin"), say("synthetic.badge")))
    return tuple(rows)


def pack_workbook(document: Document) -> bytes:
    """Return the listings and long tables of a pack as a workbook, all of their rows."""
    tables = sheets_of(document)
    about = [document.header, *([document.stamp] if document.stamp else []), *document.about]
    first = translate(document.lang, "pack.sheet.about")
    return write_workbook(tables, [*about, *document.cover.notes], document.header, first)


def sheets_of(document: Document) -> tuple[Table, ...]:
    """Return the tables that the workbook holds."""
    return tuple(table for table in document.tables() if table.sheet)
