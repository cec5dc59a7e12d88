"""The Python shown under a figure: from the opened view to the table of its numbers, by name of the recipe.

``$name`` stands for a setting in force, as Python writes it. The head of the script makes `me`, `view` and `look`.
"""

from __future__ import annotations

from collections.abc import Mapping

from .recipe_safety import SAFETY_SCRIPTS

HEAD = '''"""$title

$how
"""
from saa_dash.charts.theme import Look
from saa_dash.model.filters import EndpointChoice, Filters
from saa_dash.model.principal import $principal_import
from saa_dash.services.context import Request, open_view
from saa_dash.services.location import data_dir
$imports
me = $principal
request = Request(
    data_dir(),
    $cut,
    $filters,
    $endpoint,
)
view = open_view(me, request)  # opens the file of the cut read-only
assert view.cut.content_hash == $content
assert view.settings_hash == $settings, "the settings of the study have changed since"
look = Look($lang)

$body
print(table.to_string(index=False))
'''

_COURSE = """page = cohort_course(me, view, $cohort_test, $cohort_origin)
many = $cohort_style == "ribbon" or ($cohort_style == "auto" and page.patients > MAX_MARKED)
drawing = CohortDrawing(name=$cohort_test, unit=page.unit, measure=$cohort_measure, ribbon=many, log=False)
table = figure_cohort_course(page, drawing, look).table"""

_PANELS = """course = cohort_course(me, view, $cohort_test, $cohort_origin)
page = cohort_courses(me, view, $cohort_test, $cohort_origin, $panel_page, MAX_PANELS)
drawing = CohortDrawing(name=$cohort_test, unit=course.unit, measure=$cohort_measure, ribbon=False, log=False)
table = figure_multiples(page, drawing, look).table"""


def _measure_course(service: str, prefix: str) -> tuple[tuple[str, ...], str]:
    room = "laboratory" if prefix == "lab" else "vital_signs"
    body = f"""page = {service}(me, view, ${prefix}_test, ${prefix}_series)
many = ${prefix}_style == "ribbon" or (${prefix}_style == "auto" and page.patients > MAX_MARKED)
test, unit = ${prefix}_test, page.measure.unit
drawing = Drawing(test, test, unit, "", (), ${prefix}_measure, many, log=False, highlight="", origin="")
table = figure_course(page.course, drawing, look).table"""
    charts = "from saa_dash.charts.lab_course import MAX_MARKED, Drawing, figure_course"
    return (charts, f"from saa_dash.services.{room} import {service}"), body


_SHIFT = """names = {level: level for level in shifts.levels}
table = figure_shift(shifts, ShiftWords(names, "", ""), look).table"""
_SHIFT_IMPORT = "from saa_dash.charts.shift_grid import ShiftWords, figure_shift"
_EVENTS = """page = adverse_events_page(me, view, decode_filter($ae_filter), $ae_unit)"""
_EVENTS_IMPORT = (
    "from saa_dash.analysis.ae_filter import decode_filter",
    "from saa_dash.services.adverse_events import adverse_events_page",
)

# Recipe → what it imports, and its body.
SCRIPTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "strips": (
        ("from saa_dash.charts.strips import figure_strips", "from saa_dash.services.overview import overview"),
        'table = figure_strips(overview(me, view).strips, look, method="", rule="").table',
    ),
    "accrual": (
        ("from saa_dash.charts.accrual import figure_accrual", "from saa_dash.services.overview import overview"),
        "table = figure_accrual(overview(me, view).accrual, look).table",
    ),
    "swimmer": (
        ("from saa_dash.charts.swimmer import figure_swimmer", "from saa_dash.services.overview import overview"),
        'table = figure_swimmer(overview(me, view).swimmer, look, rule="").table',
    ),
    "profile": (
        ("from saa_dash.charts.profile import figure_profile", "from saa_dash.services.patients import patient_page"),
        "page = patient_page(me, view, $patient)\ntable = figure_profile(page.profile, look).table",
    ),
    "grid": (
        ("from saa_dash.services.response import response_page",),
        'table = response_page(me, view).rows[["PCODE", "AVISITN", "AVALC", "REASON"]]',
    ),
    "benchmarks": (
        (
            "import pandas as pd",
            "from saa_dash.services.response import response_page",
        ),
        """page = response_page(me, view)
own = page.strips[-1].orr  # week 12
points = [(item, point) for item in page.benchmarks for point in item.points]
rows = [(item.label[$lang], item.n, 100 * p.orr) for item, p in points if p.months == 3 and p.orr is not None]
if own.total:
    rows.insert(0, ("", own.total, 100 * own.estimate))
table = pd.DataFrame(rows, columns=["STUDY", "N", "ORR"])""",
    ),
    "flow": (
        (
            "from saa_dash.charts.response_flow import figure_flow",
            "from saa_dash.services.response import response_page",
        ),
        """page = response_page(me, view)
table = figure_flow(page.changes, page.strips, look, rule="").table""",
    ),
    "strata": (
        (
            "from saa_dash.analysis.results import StratumRow",
            "from saa_dash.charts.rate_rows import figure_strata_rates",
            "from saa_dash.services.response_strata import response_strata",
        ),
        """found = response_strata(me, view)
rows = [StratumRow(one.severity, one.week, one.orr, one.crr, one.counts.rate_printable) for one in found.rates]
table = figure_strata_rates(rows, found.sizes, look, method="", rule="").table""",
    ),
    "curve": (
        ("from saa_dash.charts.curve import figure_curve", "from saa_dash.services.survival import survival_page"),
        """page = survival_page(me, view, $tte_unit)
table = figure_curve(page.curves[$param], look, method="", origin="", unit=$tte_unit).table""",
    ),
    "curve_by_severity": (
        ("from saa_dash.charts.curve import figure_strata", "from saa_dash.services.survival import survival_strata"),
        """strata = survival_strata(me, view, $param, $tte_unit)
table = figure_strata(strata, look, method="", origin="", unit=$tte_unit).table""",
    ),
    "complications": (
        ("import pandas as pd", *_EVENTS_IMPORT),
        _EVENTS
        + """
rows = [
    (item.code, item.patients.events, item.patients.total, item.events, item.serious, item.severe)
    for item in page.panel.table.rows
]
table = pd.DataFrame(rows, columns=["CLASS", "PATIENTS", "TOTAL", "EVENTS", "SERIOUS", "SEVERE"])""",
    ),
    "terms": (
        ("from saa_dash.charts.ae_terms import shown_rows", *_EVENTS_IMPORT),
        _EVENTS
        + """
shown = shown_rows(page.terms, $ae_depth, frozenset($ae_socs))
table = shown[["KIND", "SOC", "PT", "PATIENTS", "EVENTS", "SERIOUS"]]""",
    ),
    "lab_course": _measure_course("laboratory_test", "lab"),
    "vs_course": _measure_course("vital_sign", "vs"),
    "lab_shift": (
        (_SHIFT_IMPORT, "from saa_dash.services.laboratory import laboratory_test"),
        "shifts = laboratory_test(me, view, $lab_test, $lab_series).table\n" + _SHIFT,
    ),
    "vs_shift": (
        (_SHIFT_IMPORT, "from saa_dash.services.vital_signs import vital_sign"),
        "shifts = vital_sign(me, view, $vs_test, $vs_series).table\n" + _SHIFT,
    ),
    "pe_shift": (
        (_SHIFT_IMPORT, "from saa_dash.services.vital_signs import examination"),
        "shifts = next(item.table for item in examination(me, view) if item.system == $pe_system)\n" + _SHIFT,
    ),
    "cohort_course": (
        (
            "from saa_dash.charts.cohort_course import MAX_MARKED, figure_cohort_course",
            "from saa_dash.charts.cohort_marks import CohortDrawing",
            "from saa_dash.services.cohort import cohort_course",
        ),
        _COURSE,
    ),
    "multiples": (
        (
            "from saa_dash.charts.cohort_marks import CohortDrawing",
            "from saa_dash.charts.multiples import MAX_PANELS, figure_multiples",
            "from saa_dash.services.cohort import cohort_course, cohort_courses",
        ),
        _PANELS,
    ),
    "waterfall": (
        (
            "from saa_dash.charts.cohort_waterfall import figure_waterfall",
            "from saa_dash.services.cohort import waterfall",
        ),
        "table = figure_waterfall(waterfall(me, view), look, notes=()).table",
    ),
    "response_map": (
        (
            "from saa_dash.charts.cohort_map import figure_response_map",
            "from saa_dash.services.cohort_states import response_map",
        ),
        'table = figure_response_map(response_map(me, view, $cohort_sort), look, rule="").table',
    ),
    "cohort_swimmer": (
        (
            "from saa_dash.charts.swimmer import MAX_LANES, figure_swimmer",
            "from saa_dash.services.cohort_states import cohort_swimmer",
        ),
        """order = "number" if view.selected > MAX_LANES else $cohort_sort
table = figure_swimmer(cohort_swimmer(me, view, order), look, rule="").table""",
    ),
    "dsmb_swimmer": (
        (
            "from saa_dash.charts.swimmer import figure_swimmer",
            "from saa_dash.services.cohort_states import cohort_swimmer",
        ),
        'table = figure_swimmer(cohort_swimmer(me, view, "response"), look, rule="").table',
    ),
    "boundary": (
        (
            "from saa_dash.charts.boundary import BoundaryDrawn, figure_boundary",
            "from saa_dash.services.dsmb import boundary_panel",
        ),
        """panel = boundary_panel(me, view, $boundary_rule)
table = figure_boundary(BoundaryDrawn(panel.state, panel.exploratory), look).table""",
    ),
    "trilineage": (
        (
            "from saa_dash.charts.cohort_recovery import MAX_PATIENTS, figure_trilineage",
            "from saa_dash.services.cohort_recovery import trilineage",
        ),
        """page = trilineage(me, view, $cohort_level, $cohort_sort)
codes = list(page.order[$recovery_page * MAX_PATIENTS : ($recovery_page + 1) * MAX_PATIENTS])
table = figure_trilineage(page, codes, look, rule="").table""",
    ),
    **SAFETY_SCRIPTS,
}
