"""The deployment page stands in two languages; what a machine reads in it is the same in both."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [(DOCS / name).read_text("utf-8") for name in ("deployment.md", "deployment.zh.md")]


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)


def shape(value: object) -> object:
    return {name: shape(held) for name, held in value.items()} if isinstance(value, dict) else type(value)


def test_both_languages_hold_the_same_configuration() -> None:
    english, chinese = PAGES
    for kind in ("nginx", "ini"):
        assert blocks(english, kind) == blocks(chinese, kind) != []
    secrets = [tomllib.loads(blocks(page, "toml")[0]) for page in PAGES]
    assert shape(secrets[0]) == shape(secrets[1])
    assert secrets[0]["saa_dash"] == secrets[1]["saa_dash"]
    commands = [set(re.findall(r"saa-dash (?:roles|audit|backup)[ a-z]*|SAA_DASH_[A-Z]+", page)) for page in PAGES]
    assert commands[0] == commands[1]
    assert [len(re.findall(r"^## ", page, re.MULTILINE)) for page in PAGES] == [7, 7]
