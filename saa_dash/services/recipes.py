"""How the numbers of a figure come about: a script and a query that give them again from the file of the cut.

Neither holds data of a patient, only what was asked: who is shown a figure is shown how it was made. Whoever runs them
needs the installation, or the file, and its rights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from ..access.policy import Permission, check_permission
from ..access.redaction import check_sight
from ..model.principal import Principal, Role, local_principal
from ..store.figure_sql import figure_query, text, texts
from .context import View
from .recipe_safety import FIXED_TESTS, SAFETY_QUERIES
from .recipe_scripts import HEAD, SCRIPTS

_LINEAGE = {"ANC": "ANC", "PLT": "PLAT", "HB": "HGB"}  # middle of a PARAMCD → test
_COUNTS = ("ANC", "HGB", "PLAT")

# Figure → query, and for results the setting that names the test.
_QUERY = {
    "strips": "response", "grid": "response", "benchmarks": "response", "response_map": "response",
    "flow": "response", "strata": "response",
    "accrual": "accrual", "swimmer": "ways", "cohort_swimmer": "ways",
    "dsmb_swimmer": "ways", "boundary": "ways", "profile": "profile",
    "complications": "complications", "terms": "terms",
    "lab_course": "laboratory", "lab_shift": "laboratory", "cohort_course": "laboratory", "multiples": "laboratory",
    "waterfall": "laboratory", "trilineage": "laboratory", "vs_course": "vital_signs", "vs_shift": "vital_signs",
    "pe_shift": "examination",
}  # fmt: skip
_QUERY |= SAFETY_QUERIES
_TEST = {"lab": "lab_test", "vs": "vs_test", "cohort": "cohort_test", "multiples": "cohort_test"}


@dataclass(frozen=True)
class Recipe:
    """How a figure is made again.

    Parameters
    ----------
    name : of the recipe; words about it are ``how.about.<name>``. python : a script that prints the table.
    sql : a query for the file of the cut. counted : the query counts; otherwise it gives the rows that are judged.
    filtered : conditions on events are in force that the query does not know.
    """

    name: str
    python: str
    sql: str
    counted: bool
    filtered: bool


def recipe_name(key: str) -> str:
    """Return the recipe of a figure by the key of its chart, "" where none is known."""
    name = "curve" if key.startswith("curve_") else key
    return name if name in SCRIPTS else ""


def recipe(principal: Principal, view: View, key: str, asked: Mapping[str, object], words: Mapping[str, str]) -> Recipe:
    """Return how a figure is made again.

    Parameters
    ----------
    key : of its chart. asked : settings of the page, by name. words : ``lang``, ``title`` and ``how`` to run it.

    Raises
    ------
    Refused : without the right to see aggregates, or the view is another person's. KeyError : no such recipe.
    """
    check_permission(principal, Permission.VIEW_AGGREGATES)
    check_sight(principal, view.sight)
    name = recipe_name(key)
    settings = {**asked, "param": key.removeprefix("curve_"), "lang": words["lang"]}
    script = "curve_by_severity" if name == "curve" and settings.get("by_severity") else name
    query = _query_of(name, str(settings["param"]))
    return Recipe(
        name,
        _python(principal, view, script, settings, words),
        _sql(view, name, query, settings),
        counted=query in ("accrual", "terms", "complications"),
        filtered=query == "terms" and bool(settings.get("ae_filter")),
    )


def _python(
    principal: Principal, view: View, script: str, settings: Mapping[str, object], words: Mapping[str, str]
) -> str:
    imports, body = SCRIPTS[script]
    everything = principal == local_principal() or principal.roles == frozenset(Role)
    roles = ", ".join(f"Role.{role.name}" for role in sorted(principal.roles))
    endpoint = view.endpoint
    choice = (endpoint.criteria, str(endpoint.origin), endpoint.window_days, endpoint.independence)
    return Template(HEAD).substitute(
        title=words["title"].replace('"""', ""),
        how=words["how"],
        principal_import="local_principal" if everything else "Principal, Role",
        principal="local_principal()" if everything else f'Principal("me", frozenset({{{roles}}}))',
        imports="\n".join(sorted(imports)) + "\n",
        cut=repr(view.cut.cut_id),
        filters=_filters(view),
        endpoint=f"EndpointChoice{choice!r}",
        content=repr(view.cut.content_hash),
        settings=repr(view.settings_hash),
        lang=repr(words["lang"]),
        body=Template(body).substitute({key: repr(value) for key, value in settings.items()}),
    )


def _filters(view: View) -> str:
    held = view.filters
    named = {
        "population": held.population, "severity": held.severity, "sex": held.sex, "age": held.age,
        "patients": held.patients,
    }  # fmt: skip
    return f"Filters({', '.join(f'{key}={value!r}' for key, value in named.items() if value)})"


def _query_of(name: str, param: str) -> str:
    if name != "curve":
        return _QUERY[name]
    if param == "TTRBCI":
        return "red_cells"
    if param in ("OS", "FFS"):
        return "ways"
    return "response" if _tested(param) is None else "laboratory"


def _tested(param: str) -> str | None:
    """Return the test whose recovery a parameter times."""
    return next((test for part, test in _LINEAGE.items() if param.startswith(f"TT{part}")), None)


def _sql(view: View, name: str, query: str, settings: Mapping[str, object]) -> str:
    known = {"origin": str(view.endpoint.origin), "window": str(view.endpoint.window_days)}
    known |= {"patient": text(settings.get("patient", "")), "system": text(settings.get("pe_system", ""))}
    known["tests"] = texts(_tests(name, settings))
    members: tuple[str, ...] = ()
    if view.filters.population == "EVAL" and view.sight.patients:
        members = tuple(view.chosen_pcodes)
    return figure_query(query, view.cut.cutoff.isoformat(), view.filters, members, known)


def _tests(name: str, settings: Mapping[str, object]) -> tuple[str, ...]:
    if name in FIXED_TESTS:
        return FIXED_TESTS[name]
    held = _TEST.get(name.partition("_")[0])
    if held is not None:
        return (str(settings.get(held, "")),)
    tested = _tested(str(settings["param"])) if name == "curve" else None
    return (tested,) if tested else _COUNTS
