"""The pack for the data and safety monitoring board: one PDF, and a workbook with all rows of its listings.

Decisions
---------
- Whoever makes it, a pack holds what a member of the board sees: P-codes and study days, no dates of patients, no
  numbers of the form. The right to it is its own (`make_pack`): who may have exports of single patients, and the board.
- The whole cut under the study's primary settings; no filters.
- Nothing in it tells when or by whom it was made: the same cut under the same settings is the same file.

Source: CONTRACT, ``dsmb-pack``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..access.policy import Permission, check_permission
from ..model.cut import CutInfo
from ..model.errors import EnvironmentProblem, UsageError
from ..model.message import Message
from ..model.principal import Principal, Role
from ..store.cuts import resolve_cut
from ..store.files import check_free, write_bytes
from . import audit
from .context import Request, open_view
from .differences import check_pair
from .doctor import find_browser
from .making import Progress, check_lang, silent

if TYPE_CHECKING:
    from ..report.content import PackContent

PACK = "dsmb_pack"  # action of the audit row
_GATHERED, _DRAWN = 0.3, 0.9  # share of the work that is done then


@dataclass(frozen=True)
class Pack:
    """A pack that was made.

    Parameters
    ----------
    pdf, workbook : bytes of the files. tables, figures, sheets : how many there are of each.
    """

    cut: CutInfo
    since: CutInfo | None
    lang: str
    pdf: bytes
    workbook: bytes
    tables: int
    figures: int
    sheets: int


def make_pack(
    principal: Principal,
    data_dir: Path,
    ref: str,
    since: str | None = None,
    lang: str = "zh",
    *,
    progress: Progress = silent,
) -> Pack:
    """Return the pack of a cut; the caller writes the audit row before anybody is given it.

    Parameters
    ----------
    ref, since : id, unique prefix or ``latest``. lang : of the pack.

    Raises
    ------
    Refused : without the right to packs. UserError : no such cut, or the two cannot be compared.
    EnvironmentProblem : no browser to draw figures, or no font with Chinese letters.
    """
    check_permission(principal, Permission.EXPORT_PACK)
    from ..report.fonts import find_family
    from ..report.pack import build_pack, pack_workbook, sheets_of
    from ..report.pictures import started_browser
    from ..report.typeset import typeset

    check_lang(lang)
    browser = find_browser()
    if browser is None:
        raise EnvironmentProblem("error.pack_browser")
    find_family()
    cut, before = _cuts(data_dir, ref, since)
    progress(Message("pack.progress.gather"), 0.0)
    with started_browser(browser) as draw:
        content = _content(principal, data_dir, cut, before)
        document = build_pack(content, lang)
        figures = document.figures()

        def drawn(done: int) -> None:
            share = min(_DRAWN, _GATHERED + (_DRAWN - _GATHERED) * done / max(len(figures), 1))
            progress(Message("pack.progress.draw", {"done": done, "total": len(figures)}), share)

        drawn(0)
        pictures = draw(figures, drawn)
    progress(Message("pack.progress.typeset"), _DRAWN)
    return Pack(
        cut=content.cut,
        since=content.since,
        lang=lang,
        pdf=typeset(document, pictures),
        workbook=pack_workbook(document),
        tables=len(document.tables()),
        figures=len(figures),
        sheets=len(sheets_of(document)),
    )


def _cuts(data_dir: Path, ref: str, since: str | None) -> tuple[CutInfo, CutInfo | None]:
    cut = resolve_cut(data_dir, ref)
    return cut, None if since is None else check_pair(cut, resolve_cut(data_dir, since))[1]


def _content(principal: Principal, data_dir: Path, cut: CutInfo, before: CutInfo | None) -> PackContent:
    from .pack_parts import gather

    board = replace(principal, roles=frozenset({Role.DSMB}))  # what is not for the board is not in a pack
    return gather(board, open_view(board, Request(data_dir, cut.cut_id)), before)


def write_pack(
    principal: Principal,
    data_dir: Path,
    ref: str,
    out: Path,
    since: str | None = None,
    lang: str = "zh",
    *,
    force: bool = False,
    progress: Progress = silent,
) -> Pack:
    """Write the pack of a cut as PDF, and its workbook beside it under the same name.

    Parameters
    ----------
    out : ends in .pdf; it and the workbook are refused where they exist unless `force`.

    Raises
    ------
    Refused : without the right to export data of single patients.
    UsageError : another ending, a file exists, or the two cuts are of different studies.
    EnvironmentProblem : as `make_pack`; or the disk refuses, or the audit row cannot be written: nothing is then.
    """
    check_permission(principal, Permission.EXPORT_PATIENT_DATA)
    if out.suffix.lower() != ".pdf":
        raise UsageError("error.pack_suffix", path=str(out))
    workbook = out.with_suffix(".xlsx")
    for path in (out, workbook):
        check_free(path, force=force)
    pack = make_pack(principal, data_dir, ref, since, lang, progress=progress)
    audit.record(principal, data_dir, "export", pack_detail(pack, out.name))
    write_bytes(out, pack.pdf)
    write_bytes(workbook, pack.workbook)
    progress(Message("pack.progress.done"), 1.0)
    return pack


def pack_detail(pack: Pack, name: str) -> dict[str, object]:
    """Return what the audit trail tells of a pack."""
    since = pack.since.cut_id if pack.since else None
    return {"cut": pack.cut.cut_id, "since": since, "format": PACK, "lang": pack.lang, "file": name}
