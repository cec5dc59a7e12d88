"""The Python shown under the figures of organs, exposure and visits; see `recipe_scripts`."""

from __future__ import annotations

from collections.abc import Mapping

_DAY_ONE = "day_one = gaps(me, view).day_one\n"
_GAPS = "from saa_dash.services.gaps import gaps"

SAFETY_SCRIPTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "edish": (
        (
            "from saa_dash.analysis.edish import Plane",
            "from saa_dash.charts.edish import EdishDrawing, figure_edish",
            "from saa_dash.services.organs import liver_page",
        ),
        """plane = Plane(amt=$edish_amt, bili=$edish_bili, modified=$edish_modified)
page = liver_page(me, view, plane)
candidates = frozenset(page.listed["PCODE"])
drawing = EdishDrawing(plane, page.points, page.quadrants, candidates, page.treated, method="")
table = figure_edish(drawing, look).table""",
    ),
    "ae_timeline": (
        (
            "from saa_dash.charts.ae_time_bands import figure_bands",
            "from saa_dash.charts.ae_time_line import figure_timeline",
            "from saa_dash.report.onset_words import onset_table",
            "from saa_dash.services.ae_time import onset_page",
        ),
        """page = onset_page(me, view, $ae_from)
if page.timeline is not None:
    rows = onset_table(page.rows, page.recorded, $lang)
    table = figure_timeline(page.timeline, page.recorded.scale, look, total=page.total, table=rows).table
else:
    table = figure_bands(page.bands, page.recorded.scale, look, total=page.total).table""",
    ),
    "ae_rates": (
        (
            "from saa_dash.charts.ae_time_rates import figure_exposure_rates",
            "from saa_dash.report.names import soc_names",
            "from saa_dash.services.ae_time import exposure_rates",
        ),
        """rates, _, _ = exposure_rates(me, view, $ae_kind)
names = soc_names([*rates.rows["SOC"].unique(), *rates.rows.loc[rates.rows["KIND"] == "SOC", "NAME"]], $lang)
table = figure_exposure_rates(rates, look, unit=$ae_per, names=names).table""",
    ),
    "ae_grades": (
        (
            "from saa_dash.charts.ae_time_grades import figure_visit_grades",
            "from saa_dash.services.ae_time import visit_grades",
        ),
        "table = figure_visit_grades(visit_grades(me, view), look).table",
    ),
    "ae_first": (
        ("from saa_dash.charts.curve import figure_curve", "from saa_dash.services.ae_time import first_events"),
        """curve = first_events(me, view, $ae_class).curve
table = figure_curve(curve, look, method="", origin="").table""",
    ),
    "kdigo": (
        (_GAPS, "from saa_dash.charts.kdigo import figure_kdigo", "from saa_dash.services.organs import kidney_page"),
        _DAY_ONE
        + """page = kidney_page(me, view)
table = figure_kdigo(page.counts, page.weeks, look, day_one=day_one, method="").table""",
    ),
    "csa_course": (
        (
            _GAPS,
            "from saa_dash.charts.csa_course import CourseDrawing, figure_csa_course",
            "from saa_dash.services.organs import organ_course",
        ),
        _DAY_ONE
        + """course = organ_course(me, view, $patient)
parts = (course.levels, course.creatinine, course.pressure, course.target, course.position)
table = figure_csa_course(CourseDrawing(course.pcode, *parts, day_one), look).table""",
    ),
    "csa_range": (
        (
            "from saa_dash.charts.csa_range import figure_csa_range",
            "from saa_dash.services.organs import cyclosporine_page",
        ),
        """page = cyclosporine_page(me, view)
table = figure_csa_range(page.all, page.rows, page.target, look, treated=page.treated).table""",
    ),
    "exposure_plan": (
        (
            "from saa_dash.charts.exposure_plan import figure_exposure_plan",
            "from saa_dash.services.exposure import exposure_page",
        ),
        """page = exposure_page(me, view)
points = page.listings.points if page.listings else None
tolerance, treated = page.dose_tolerance, page.treated
table = figure_exposure_plan(page.lines, points, look, tolerance=tolerance, treated=treated, method="").table""",
    ),
    "visit_matrix": (
        (
            "from saa_dash.charts.visit_matrix import figure_visit_matrix",
            "from saa_dash.services.completeness import visit_completeness",
        ),
        """page = visit_completeness(me, view)
table = figure_visit_matrix(page.counts, page.planned, page.rows, look, method="").table""",
    ),
}
# Figure → query of `store.figure_sql`, and for results the tests asked for.
SAFETY_QUERIES = {
    "ae_timeline": "onsets",
    "ae_rates": "onsets",
    "ae_grades": "onsets",
    "ae_first": "onsets",
    "edish": "laboratory",
    "kdigo": "laboratory",
    "csa_course": "laboratory",
    "csa_range": "laboratory",
    "exposure_plan": "exposure",
    "visit_matrix": "visits",
}
FIXED_TESTS = {
    "edish": ("ALT", "AST", "ALP", "BILI", "BILDIR"),
    "kdigo": ("CREAT",),
    "csa_course": ("CSA", "CREAT"),
    "csa_range": ("CSA",),
}
