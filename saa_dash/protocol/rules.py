"""Reads the response rule sets, one file each; the data folder may hold the team's own in `criteria/`."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from ..model.rules import Mark, RuleSet, SaaDefinition, Threshold
from .hashing import content_hash, toml_hash
from .reading import Section, raise_findings, read_toml

CRITERIA_DIR = Path(__file__).with_name("criteria")
ERROR = "error.criteria_invalid"

# the protocol's own rule comes first, as an empty place where the team has not entered it
LISTED = ("protocol", "nih", "race", "camitta_ebmt", "china_2022")
LINEAGES = ("ANC", "HGB", "PLAT")

_MAX_COUNT = {"ANC": 30.0, "HGB": 250.0, "PLAT": 1000.0}


def criteria_files(data_dir: Path | None = None) -> dict[str, Path]:
    """Return the file in force of each rule set, in listed order.

    Parameters
    ----------
    data_dir : a file in its ``criteria/`` takes the place of the shipped one of the same name or adds a rule set.
    """
    shipped = {rule_id: CRITERIA_DIR / f"{rule_id}.toml" for rule_id in LISTED}
    own = sorted((data_dir / "criteria").glob("*.toml")) if data_dir else []
    return {**shipped, **{path.stem: path for path in own}}


def load_rule_sets(data_dir: Path | None = None) -> dict[str, RuleSet]:
    """Return every rule set by id, `protocol` first.

    Parameters
    ----------
    data_dir : where the team's own rule files are; None for the shipped ones only.

    Raises
    ------
    SettingsError : a file is wrong; every finding of that file is listed.

    Source: domain literature named in each file.
    """
    return {rule_id: _read(path) for rule_id, path in criteria_files(data_dir).items()}


def criteria_digest(data_dir: Path) -> str:
    """Return the hash of the team's own rule files, "" where there are none."""
    own = {name: toml_hash(path) for name, path in criteria_files(data_dir).items() if path.parent != CRITERIA_DIR}
    return content_hash(own) if own else ""


def _read(path: Path) -> RuleSet:
    top = read_toml(path, ERROR)
    rule_id = top.text("id")
    if rule_id and rule_id != path.stem:
        top.find("id", "other_name", value=rule_id, stem=path.stem)
    cr = _thresholds(top)
    mark = top.choice("mark", ["H", "M", "L"], "L") if top.has("mark") else None
    rule = RuleSet(
        rule_id=rule_id,
        title=top.bilingual("title"),
        source=top.bilingual("source"),
        mark=cast(Mark, mark) if mark else None,
        version=top.integer("version", 1, 9999),
        cr=cr,
        saa=_saa(top.table("saa", required=False)),
        pr_needs_independence=top.boolean("pr_needs_independence"),
        confirm_days=top.optional_integer("confirm_days", 1, 365),
        enabled=bool(cr),
        why_not="" if cr else _why_not(path.stem),
    )
    raise_findings(top, path, ERROR)
    return rule


def _why_not(rule_id: str) -> str:
    return f"rules.why_not.{rule_id if rule_id in ('protocol', 'china_2022') else 'empty'}"


def _thresholds(top: Section) -> tuple[Threshold, ...]:
    if not top.has("cr"):
        return ()
    section = top.table("cr")
    return tuple(_threshold(section.table(test), test) for test in LINEAGES)


def _threshold(section: Section, test: str) -> Threshold:
    high = _MAX_COUNT[test]
    limit = Threshold(
        test=test,
        strict=section.boolean("strict"),
        value=section.optional_number("value", 0, high),
        male=section.optional_number("male", 0, high),
        female=section.optional_number("female", 0, high),
        use_lln=section.boolean("use_lln", False),
    )
    by_sex = limit.male is not None and limit.female is not None
    if (limit.value is None) is not by_sex or (limit.use_lln and not by_sex):
        section.find("value", "one_limit")
    return limit


def _saa(section: Section) -> SaaDefinition:
    default = SaaDefinition()
    return SaaDefinition(
        anc=section.number("anc", 0, 5, default.anc),
        plat=section.number("plat", 0, 200, default.plat),
        arc=section.optional_number("arc", 0, 300),
        max_below=section.integer("max_below", 0, 2, default.max_below),
    )
