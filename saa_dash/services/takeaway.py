"""What is taken along from a tray: one page for a browser, figures for a paper, tables for a paper.

Decisions
---------
- Everything is made with a presenter's sight: totals, R-codes, study days. Exhibits were collected so; the tables of a
  cut are counted anew that way, of the whole cut under the study's primary settings.
- The audit trail tells of it before anybody is given the bytes.
- Nothing in them tells when or by whom they were made.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..access.policy import Permission, check_permission
from ..access.presenting import as_presenter
from ..model.errors import EnvironmentProblem, UsageError, UserError
from ..model.message import Message
from ..model.principal import Principal
from . import audit
from .context import Request, View, open_view
from .doctor import find_browser
from .making import Progress, check_lang, silent

if TYPE_CHECKING:
    from ..report.exhibit import Exhibit
    from ..report.takeaway_tables import PaperContent

PAGE, FIGURES, TABLES = "tray_html", "tray_figures", "paper_tables"  # in the audit row
_DRAWN = 0.7  # share of the work that is done once figures are drawn


def tray_page(
    principal: Principal,
    data_dir: Path,
    exhibits: Sequence[Exhibit],
    programs: Path,
    lang: str = "zh",
    *,
    progress: Progress = silent,
) -> bytes:
    """Return exhibits as one page that works without a network.

    Parameters
    ----------
    programs : folder with plotly-basic-*.min.js and marks.js. lang : of the words around the exhibits.

    Raises
    ------
    Refused : without the right to export totals. UserError : no exhibits.
    EnvironmentProblem : the audit row cannot be written.
    """
    _check(principal, lang, exhibits)
    from ..report.takeaway_html import read_program, write_page

    progress(Message("takeaway.progress.page"), 0.0)
    page = write_page(exhibits, lang, read_program(programs))
    _tell(principal, data_dir, PAGE, exhibits, lang)
    return page


def paper_figures(
    principal: Principal,
    data_dir: Path,
    exhibits: Sequence[Exhibit],
    column: str,
    formats: Sequence[str],
    lang: str = "zh",
    *,
    progress: Progress = silent,
) -> bytes:
    """Return the figures among exhibits at the width of a journal's column, with their legends, as a ZIP.

    Parameters
    ----------
    column : single, onehalf or double. formats : of svg, pdf, png. lang : of the words around.

    Raises
    ------
    Refused : without the right to export totals.
    UserError : no figures among the exhibits. UsageError : no such column or format.
    EnvironmentProblem : no browser to draw figures, no font with Chinese letters, or no audit row.
    """
    _check(principal, lang, exhibits)
    from ..report.exhibit import FIGURE
    from ..report.fonts import find_family
    from ..report.pictures import started_browser
    from ..report.takeaway_files import FORMATS, draw_figures, files_of, legends, zipped
    from ..report.takeaway_paper import COLUMNS

    if column not in COLUMNS or not formats or set(formats) - set(FORMATS):
        raise UsageError("error.takeaway_form", column=column, formats=", ".join(formats))
    if not any(one.kind == FIGURE for one in exhibits):
        raise UserError("error.takeaway_no_figures")
    browser = find_browser()
    if browser is None:
        raise EnvironmentProblem("error.takeaway_browser")
    find_family()

    def told(done: int, total: int) -> None:
        progress(Message("pack.progress.draw", {"done": done, "total": total}), _DRAWN * done / max(total, 1))

    progress(Message("takeaway.progress.browser"), 0.0)
    with started_browser(browser) as draw:
        drawn = draw_figures(exhibits, column, draw, told)
    files = {"legends.txt": legends(drawn, column, lang).encode()}
    for place, figure in enumerate(drawn):
        progress(Message("takeaway.progress.files"), _DRAWN + (1 - _DRAWN) * place / len(drawn))
        files |= files_of(figure, formats)
    _tell(principal, data_dir, FIGURES, exhibits, lang, column=column)
    return zipped(files)


def paper_tables(
    principal: Principal,
    data_dir: Path,
    ref: str,
    exhibits: Sequence[Exhibit] = (),
    lang: str = "zh",
    *,
    progress: Progress = silent,
) -> dict[str, bytes]:
    """Return the tables of a cut for a paper, those of the exhibits behind them, as ``docx`` and ``xlsx``.

    Parameters
    ----------
    ref : id, unique prefix or ``latest``. lang : of the tables of the cut.

    Raises
    ------
    Refused : without the right to export totals. UserError : no such cut.
    EnvironmentProblem : the audit row cannot be written.
    """
    check_permission(principal, Permission.EXPORT_AGGREGATES)
    check_lang(lang)
    from ..report.takeaway_docx import write_docx
    from ..report.takeaway_tables import paper_tables as tables_of
    from ..report.takeaway_words import title_of
    from ..report.takeaway_xlsx import write_xlsx

    progress(Message("takeaway.progress.tables"), 0.0)
    presenter = as_presenter(principal)
    view = open_view(presenter, Request(data_dir, ref))
    tables, title = tables_of(_content(presenter, view), lang, exhibits), title_of((), lang, view.cut.study)
    progress(Message("takeaway.progress.write"), _DRAWN)
    made = {"docx": write_docx(tables, lang, title), "xlsx": write_xlsx(tables, lang, title)}
    _tell(principal, data_dir, TABLES, exhibits, lang, cut=view.cut.cut_id)
    return made


def _content(presenter: Principal, view: View) -> PaperContent:
    from ..report.takeaway_tables import PaperContent
    from .adverse_events import adverse_events_page
    from .cutoffs import at_cutoff
    from .gaps import gaps
    from .measures import CutFrames
    from .report_parts import baseline_of, ground_of
    from .response import response_page

    held, page = gaps(presenter, view), adverse_events_page(presenter, view)
    baseline, units = baseline_of(view, at_cutoff(view.reader().study_data(), view.settings.safety_cutoff))
    return PaperContent(
        **ground_of(view, held),
        baseline=baseline,
        units=units,
        treated=len(CutFrames(view).treated()),
        strips=() if held.response else response_page(presenter, view).strips,
        terms=page.terms,
        events=bool(page.recorded.events),
    )


def _check(principal: Principal, lang: str, exhibits: Sequence[Exhibit]) -> None:
    check_permission(principal, Permission.EXPORT_AGGREGATES)
    check_lang(lang)
    if not exhibits:
        raise UserError("error.takeaway_empty")


def _tell(
    principal: Principal, data_dir: Path, what: str, exhibits: Sequence[Exhibit], lang: str, **detail: object
) -> None:
    cuts = sorted({one.provenance.cut_id for one in exhibits})
    audit.record(
        principal, data_dir, "export", {"format": what, "lang": lang, "items": len(exhibits), "cuts": cuts, **detail}
    )
