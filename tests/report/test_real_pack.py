"""The pack of the demo, drawn by a real browser through the command line; `make torture` runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.browser import find_browser
from support.paper import pages_of, tight

from saa_dash.cli import main
from saa_dash.model.principal import local_principal
from saa_dash.services.imports import make_demo_cut


@pytest.mark.torture
@pytest.mark.skipif(find_browser() is None, reason="no browser")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_demo_pack_is_whole_and_the_same_each_time(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    cut = make_demo_cut(local_principal(), data).cut
    files = []
    for name in ("one", "two"):
        out = tmp_path / f"{name}.pdf"
        assert main(["--data", str(data), "--lang", lang, "--json", "dsmb-pack", "latest", str(out)]) == 0
        files.append((out.read_bytes(), out.with_suffix(".xlsx").read_bytes()))
        told = json.loads(capsys.readouterr().out)
        assert told["cut"] == cut.cut_id and told["figures"] == 9 and told["synthetic"] is True
        assert told["files"] == [str(out), str(out.with_suffix(".xlsx"))]
    assert files[0] == files[1]
    pages = [tight(page) for page in pages_of(files[0][0])]
    assert 20 <= len(pages) <= 40
    assert all("SYNTHETIC" in page and cut.cut_id in page for page in pages)
    text = "".join(pages)
    assert "\ufffd" not in text  # a letter that no font has
    for mark in ("CR", "PR", "NR", "P01", "P10"):  # letters inside figures are text
        assert mark in text
    assert main(["--data", str(data), "dsmb-pack", "latest", str(tmp_path / "one.pdf")]) == 2  # without --force
