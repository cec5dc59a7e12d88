"""Methods, section 8: the cut, its hashes and sources, how the data are kept and which units are converted."""

from __future__ import annotations

from ..ingest.units import TestUnits, lab_units
from ..model.message import Message
from ..model.schema import SCHEMA_VERSION, TABLES
from ..model.vocabulary import LAB_TESTS
from ..protocol.loader import protocol_hash
from ..store.code_version import code_version
from .context import View
from .methods_blocks import NONE, Cell, Facts, Grid, Part, Section, columns, facts, lines, say, test_name


def data_section(view: View) -> Section:
    """Return what the numbers were made from."""
    return Section(
        "data",
        (
            Part("cut", (_cut(view),)),
            Part("hashes", (_hashes(view), lines("hashes", "content", "settings", "code"))),
            Part("sources", (_sources(view), _tables(view))),
            Part("units", (_units(), lines("units", "raw", "censored", "factor"))),
            Part("data_rules", (lines("data_rules", "immutable", "identifiers", "queries", "missing"),)),
        ),
    )


def _key(text: str) -> Message:
    return say("methods.value.key", key=text) if text else NONE


def _as_is(text: str) -> Message:
    return say("methods.value.as_is", x=text) if text else NONE


def _cut(view: View) -> Facts:
    cut = view.cut
    values: dict[str, Cell] = {
        "cut": _key(cut.cut_id),
        "label": _as_is(cut.label),
        "cutoff": cut.cutoff,
        "created": _as_is(cut.created),
        "study": _as_is(cut.study),
        "synthetic": Message(f"term.flag.{'Y' if cut.synthetic else 'N'}"),
        "subjects": cut.subjects,
        "rows": cut.rows,
        "queries": cut.queries,
        "excluded": cut.excluded_after_cutoff,
        "parent": _key(cut.parent or ""),
        "importer": _as_is(cut.importer),
        "schema": say("methods.value.schema", n=cut.schema_version, now=SCHEMA_VERSION),
    }
    return facts(values)


def _hashes(view: View) -> Facts:
    cut = view.cut
    return facts(
        {
            "content_hash": _key(cut.content_hash),
            "file_hash": _key(cut.file_hash),
            "protocol_hash": _key(protocol_hash()),
            "protocol_hash_import": _key(cut.protocol_hash),
            "settings_hash": _key(view.settings_hash),
            "settings_hash_import": _key(cut.settings_hash),
            "code_version": _key(code_version()),
        }
    )


def _sources(view: View) -> Grid:
    rows = tuple((_as_is(source.name), source.rows, _key(source.sha256)) for source in view.cut.sources)
    return Grid("sources", columns("file", "rows", "sha256"), rows)


def _tables(view: View) -> Grid:
    counted = view.cut.table_rows
    rows = tuple((_key(name), counted[name], _key(" ".join(TABLES[name].key))) for name in TABLES if name in counted)
    return Grid("tables", columns("table", "rows", "natural_key"), rows)


def _units() -> Grid:
    rows = tuple(_unit_row(test, units) for test, units in lab_units().items())
    return Grid("units", columns("test", "unit", "converted"), rows)


def _unit_row(test: str, units: TestUnits) -> tuple[Cell, ...]:
    others = [
        f"{unit} × {factor:g}" if isinstance(factor, float | int) else f"{unit} × RBC × 10"
        for unit, factor in units.factors.items()
        if factor != 1
    ]
    return test_name(test), Message(f"term.unit.{LAB_TESTS[test]}"), _as_is("; ".join(others))
