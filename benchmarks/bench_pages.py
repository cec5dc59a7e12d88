"""How each page's service and figures grow with the patients: 306 and 1,000 simulated ones against 10, in one run.

Run alone: python benchmarks/bench_pages.py. Prints milliseconds of the first answer (nothing remembered, best of
three) and the bytes of its largest figure; the ratios are to 10 patients on the same machine in the same run.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from saa_dash.charts.accrual import figure_accrual  # noqa: E402
from saa_dash.charts.cohort_course import figure_cohort_course  # noqa: E402
from saa_dash.charts.cohort_marks import CohortDrawing  # noqa: E402
from saa_dash.charts.cohort_recovery import MAX_PATIENTS, figure_trilineage  # noqa: E402
from saa_dash.charts.curve import figure_curve  # noqa: E402
from saa_dash.charts.multiples import MAX_PANELS, figure_multiples  # noqa: E402
from saa_dash.charts.profile import figure_profile  # noqa: E402
from saa_dash.charts.strips import figure_strips  # noqa: E402
from saa_dash.charts.swimmer import figure_swimmer  # noqa: E402
from saa_dash.charts.theme import Look  # noqa: E402
from saa_dash.charts.view import FigureView  # noqa: E402
from saa_dash.model.principal import Principal, local_principal  # noqa: E402
from saa_dash.services.around import around  # noqa: E402
from saa_dash.services.cohort import cohort_course, cohort_courses  # noqa: E402
from saa_dash.services.cohort_recovery import trilineage  # noqa: E402
from saa_dash.services.context import Request, View, open_view  # noqa: E402
from saa_dash.services.imports import import_source  # noqa: E402
from saa_dash.services.methods import methods_page  # noqa: E402
from saa_dash.services.overview import overview  # noqa: E402
from saa_dash.services.patients import patient_page  # noqa: E402
from saa_dash.services.response import response_page, sensitivity  # noqa: E402
from saa_dash.services.survival import survival_page  # noqa: E402
from saa_dash.simulate.cohort import simulate_cohort  # noqa: E402
from saa_dash.simulate.write import write_cohort  # noqa: E402
from saa_dash.store.results import RESULTS  # noqa: E402

SIZES = (10, 306, 1000)
RUNS = 3
CUTOFF = date(2026, 10, 31)
LOOK = Look("en", "light")
PLATELETS = CohortDrawing("PLT", "", "value", ribbon=False, log=True)
Figures = Callable[[], list[FigureView]]


@dataclass(frozen=True)
class Page:
    """One page: its answer, and the figures of that answer."""

    name: str
    answer: Callable[[Principal, View], object]
    draw: Callable[..., list[FigureView]]


def _overview(page: object) -> list[FigureView]:
    parts = vars(page)
    strips = figure_strips(parts["strips"], LOOK, method="", rule="")
    return [strips, figure_accrual(parts["accrual"], LOOK), figure_swimmer(parts["swimmer"], LOOK, rule="")]


def _nothing(_page: object) -> list[FigureView]:
    return []


PAGES = (
    Page("overview", overview, _overview),
    Page("patient", lambda who, view: patient_page(who, view, view.chosen_pcodes[-1]),
         lambda page: [figure_profile(page.profile, LOOK, window=(1, 7))]),
    Page("around a day", lambda who, view: around(who, view, view.chosen_pcodes[-1], 14, 14), _nothing),
    Page("patients side by side", lambda who, view: cohort_courses(who, view, "PLAT", "atg_start", 0, MAX_PANELS),
         lambda page: [figure_multiples(page, PLATELETS, LOOK)]),
    Page("courses of all", lambda who, view: cohort_course(who, view, "PLAT", "atg_start"),
         lambda page: [figure_cohort_course(page, PLATELETS, LOOK)]),
    Page("recovery", lambda who, view: trilineage(who, view, "first", "response"),
         lambda page: [figure_trilineage(page, list(page.order[:MAX_PATIENTS]), LOOK, rule="")]),
    Page("response", response_page, _nothing),
    Page("sensitivity", lambda who, view: sensitivity(who, view, 12), _nothing),
    Page("survival", survival_page,
         lambda page: [figure_curve(curve, LOOK, method="", origin="") for curve in page.curves.values()]),
    Page("methods", methods_page, _nothing),
)  # fmt: skip


def publish(folder: Path, patients: int, who: Principal) -> View:
    """Return the opened cut of a simulated cohort."""
    source, data = folder / f"source{patients}", folder / f"data{patients}"
    write_cohort(source, simulate_cohort(patients, 1), "csv")
    import_source(who, data, source, CUTOFF, str(patients))
    return open_view(who, Request(data, "latest"))


def measure(page: Page, who: Principal, view: View) -> tuple[float, float, int]:
    """Return milliseconds of the answer, milliseconds of drawing, and bytes of the largest figure."""
    answers, draws, largest = [], [], 0
    for _ in range(RUNS):
        RESULTS.clear()
        began = time.perf_counter()
        found = page.answer(who, view)
        told = time.perf_counter()
        figures = page.draw(found)
        draws.append(time.perf_counter() - told)
        answers.append(told - began)
        largest = max([0, *(len(view.figure.to_json()) for view in figures)])
    return 1000 * min(answers), 1000 * min(draws), largest


def main() -> None:
    """Print one line per page and size."""
    who = local_principal()
    with tempfile.TemporaryDirectory() as folder:
        views = {n: publish(Path(folder), n, who) for n in SIZES}
        for page in PAGES:
            base = 0.0
            for n, view in views.items():
                answer, draw, size = measure(page, who, view)
                base = base or answer
                print(
                    f"{page.name:22} {n:5} patients: answer {answer:7.0f} ms ({answer / base:4.1f}×), "
                    f"draw {draw:6.0f} ms, largest figure {size / 1000:6.1f} kB"
                )


if __name__ == "__main__":
    main()
