"""Write docs/criteria.md and docs/criteria.zh.md from the rule sets and from the examples in tests/spec.

``python tools/criteria_docs.py`` writes both files; with ``--check`` it only tells whether they are up to date (exit 1
where they are not). A test does the same.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from saa_dash.i18n import translate  # noqa: E402
from saa_dash.model.rules import RuleSet, Threshold  # noqa: E402
from saa_dash.protocol.rules import load_rule_sets  # noqa: E402

SPEC_DIR = ROOT / "tests" / "spec"
FILES = {"en": ROOT / "docs" / "criteria.md", "zh": ROOT / "docs" / "criteria.zh.md"}
_TESTS = ("ANC", "HGB", "PLAT", "ARC", "WBC")
_UNSHOWN = ("week",)


def _say(lang: str, key: str, **params: object) -> str:
    return translate(lang, f"criteria_docs.{key}", **params)


def _limit(threshold: Threshold, lang: str) -> str:
    relation = ">" if threshold.strict else "≥"
    if threshold.value is not None:
        return f"{relation} {threshold.value:g}"
    key = "limit_lln" if threshold.use_lln else "limit_sex"
    return f"{relation} " + _say(lang, key, male=threshold.male or 0, female=threshold.female or 0)


def _rule_row(rules: RuleSet, lang: str) -> str:
    name = f"`{rules.rule_id}` {rules.title[lang]}"
    if not rules.cr:
        return f"| {name} | {_say(lang, 'empty')} | | | | {rules.mark or ''} |"
    limits = {threshold.test: _limit(threshold, lang) for threshold in rules.cr}
    partial = _say(lang, "pr_independent" if rules.pr_needs_independence else "pr")
    if rules.confirm_days is not None:
        partial += _say(lang, "confirm", n=rules.confirm_days)
    cells = " | ".join(limits.get(test, "") for test in ("ANC", "HGB", "PLAT"))
    return f"| {name} | {cells} | {partial} | {rules.mark} |"


def _rule_table(lang: str) -> Iterator[str]:
    yield f"| {_say(lang, 'criteria')} | CR: ANC | CR: Hb | CR: PLT | PR | {_say(lang, 'mark')} |"
    yield "|---|---|---|---|---|---|"
    for rules in load_rule_sets().values():
        yield _rule_row(rules, lang)


def _counts(facts: Mapping[str, Any], lang: str) -> str:
    parts = []
    for panel in facts.get("counts", []):
        values = ", ".join(f"{test} {panel[test]}" for test in _TESTS if test in panel)
        when = _say(lang, "day", day=panel["day"]) + (f" {panel['time']}" if "time" in panel else "")
        parts.append(f"{when}: {values}")
    return "<br>".join(parts)


def _expected(expected: Mapping[str, Any], lang: str) -> str:
    parts = [_say(lang, "week", week=expected["week"])] if "week" in expected else []
    parts += [f"{name} {value}" for name, value in expected.items() if name not in _UNSHOWN]
    return ", ".join(parts)


def _rule_section(rule: Mapping[str, Any], lang: str) -> Iterator[str]:
    yield f"## {rule['title'][lang]}"
    yield ""
    yield rule["text"][lang]
    yield ""
    yield f"| {_say(lang, 'example')} | {_say(lang, 'counts')} | {_say(lang, 'expected')} |"
    yield "|---|---|---|"
    for facts in rule["patient"]:
        yield f"| {facts['about'][lang]} | {_counts(facts, lang)} | {_expected(facts['expect'], lang)} |"
    yield ""


def render_criteria(lang: str) -> str:
    """Return the whole page in one language.

    Parameters
    ----------
    lang : ``en`` or ``zh``.
    """
    lines = [f"# {_say(lang, 'title')}", "", _say(lang, "intro"), "", *_rule_table(lang), "", _say(lang, "marks"), ""]
    for path in sorted(SPEC_DIR.glob("*.toml")):
        lines += _rule_section(tomllib.loads(path.read_text("utf-8")), lang)
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` compare them; return the exit code."""
    stale = [
        path for lang, path in FILES.items() if not path.exists() or path.read_text("utf-8") != render_criteria(lang)
    ]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date: run python tools/criteria_docs.py")
        return 1 if stale else 0
    for lang, path in FILES.items():
        path.write_text(render_criteria(lang), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
