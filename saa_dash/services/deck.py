"""Slides for a talk: the finished deck of a cut, or what was collected, as a presentation with native charts.

Decisions
---------
- Whoever makes it, a deck holds what a presenter sees: aggregates, single courses under codes made for the cut, study
  days. Who may do less than a presenter gets none.
- The finished deck is of the whole cut under the study's primary settings; no filters.
- Nothing in it tells when or by whom it was made: the same cut, settings and template are the same file.

Source: CONTRACT, ``deck``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..access.policy import Permission, check_permission
from ..access.presenting import as_presenter
from ..model.cut import CutInfo
from ..model.errors import UsageError, UserError
from ..model.message import Message
from ..model.principal import Principal
from ..protocol.loader import load_protocol
from ..store.cuts import resolve_cut
from ..store.files import check_free, write_bytes
from ..store.reader import tables_read_once
from . import audit
from .context import Request, open_view
from .making import Progress, check_lang, silent

if TYPE_CHECKING:
    from ..report.exhibit import Exhibit
    from ..report.slides.compose import Made
    from ..report.slides.slide import Deck

DECK = "deck"  # format in the audit row
_GATHERED, _DRAWN = 0.5, 0.95  # share of the work that is done then


@dataclass(frozen=True)
class DeckFile:
    """A deck that was made.

    Parameters
    ----------
    cut : None for a deck of collected things, which may be of several. data : the file. slides, charts, tables : how
        many there are of each. template : whether it stands on somebody's own.
    """

    cut: CutInfo | None
    lang: str
    data: bytes
    slides: int
    charts: int
    tables: int
    template: bool


def make_deck(
    principal: Principal,
    data_dir: Path,
    ref: str,
    lang: str = "zh",
    template: bytes | None = None,
    *,
    progress: Progress = silent,
) -> DeckFile:
    """Return the finished deck of a cut; the caller writes the audit row before anybody is given it.

    Parameters
    ----------
    ref : id, unique prefix or ``latest``. template : a .pptx or .potx to stand on, None for ours.

    Raises
    ------
    Refused : without the rights of a presenter. UserError : no such cut, or the template cannot be used.
    """
    check_permission(principal, Permission.EXPORT_AGGREGATES)
    presenter = as_presenter(principal)
    from ..report.deck import finished_deck
    from ..report.slides.template import check_template
    from .deck_parts import gather_deck

    check_lang(lang)
    if template is not None:
        check_template(template)
    cut = resolve_cut(data_dir, ref)
    progress(Message("deck.progress.gather"), 0.0)
    with tables_read_once():
        content = gather_deck(presenter, open_view(presenter, Request(data_dir, cut.cut_id)))
    made = _composed(finished_deck(content, lang), template, progress)
    return DeckFile(cut, lang, made.data, made.slides, made.charts, made.tables, template is not None)


def tray_deck(
    principal: Principal,
    data_dir: Path,
    exhibits: Sequence[Exhibit],
    lang: str = "zh",
    template: bytes | None = None,
    progress: Progress = silent,
    *,
    name: str = "",
) -> bytes:
    """Return a deck of what was collected, after the audit trail tells of it.

    Parameters
    ----------
    exhibits : in order. name : of the collection, in the presenter's words. Others as for `make_deck`.

    Raises
    ------
    Refused : without the rights of a presenter. UserError : nothing was collected, or the template cannot be used.
    EnvironmentProblem : the audit row cannot be written.
    """
    check_permission(principal, Permission.EXPORT_AGGREGATES)
    as_presenter(principal)
    from ..report.deck import exhibits_deck

    check_lang(lang)
    if not exhibits:
        raise UserError("error.deck_empty")
    protocol = load_protocol()
    ours = {item.provenance.study for item in exhibits} == {protocol.registration.number}
    trial = protocol.title[lang] if ours else ""
    made = _composed(exhibits_deck(exhibits, lang, name, trial), template, progress)
    cuts = sorted({item.provenance.cut_id for item in exhibits})
    detail = {"cut": ", ".join(cuts), "format": DECK, "lang": lang, "items": len(exhibits)}
    audit.record(principal, data_dir, "export", detail)
    progress(Message("deck.progress.done"), 1.0)
    return made.data


def write_deck(
    principal: Principal,
    data_dir: Path,
    ref: str,
    out: Path,
    lang: str = "zh",
    template: Path | None = None,
    *,
    force: bool = False,
    progress: Progress = silent,
) -> DeckFile:
    """Write the finished deck of a cut.

    Parameters
    ----------
    out : ends in .pptx; refused where it exists unless `force`.

    Raises
    ------
    Refused : without the rights of a presenter. UsageError : another ending, the file exists, or the template cannot
        be used. EnvironmentProblem : the disk refuses, or the audit row cannot be written: nothing is then.
    """
    check_permission(principal, Permission.EXPORT_AGGREGATES)
    if out.suffix.lower() != ".pptx":
        raise UsageError("error.deck_suffix", path=str(out))
    check_free(out, force=force)
    deck = make_deck(principal, data_dir, ref, lang, _read(template), progress=progress)
    audit.record(principal, data_dir, "export", deck_detail(deck, out.name))
    write_bytes(out, deck.data)
    progress(Message("deck.progress.done"), 1.0)
    return deck


def deck_detail(deck: DeckFile, name: str) -> dict[str, object]:
    """Return what the audit trail tells of a deck."""
    cut = deck.cut.cut_id if deck.cut else None
    return {"cut": cut, "format": DECK, "lang": deck.lang, "file": name, "template": deck.template}


def _read(template: Path | None) -> bytes | None:
    if template is None:
        return None
    try:
        return template.read_bytes()
    except OSError as error:
        raise UsageError("error.deck_template") from error


def _composed(deck: Deck, template: bytes | None, progress: Progress) -> Made:
    from ..report.slides.compose import compose

    def told(done: int, total: int) -> None:
        share = _GATHERED + (_DRAWN - _GATHERED) * done / max(total, 1)
        progress(Message("deck.progress.slides", {"done": done + 1, "total": total}), share)

    made = compose(deck, template, told)
    progress(Message("deck.progress.write"), _DRAWN)
    return made
