"""The demo deck opened by LibreOffice: every slide becomes a page with its words on it."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from support.deck import slides_of, title_of
from support.paper import pages_of, tight

from saa_dash.model.principal import local_principal
from saa_dash.services.deck import make_deck
from saa_dash.services.imports import make_demo_cut


@pytest.mark.torture
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_slide_is_drawn(tmp_path: Path, lang: str) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice")
    make_demo_cut(local_principal(), tmp_path / "data", progress=lambda *_: None)
    deck = make_deck(local_principal(), tmp_path / "data", "latest", lang)
    (tmp_path / "deck.pptx").write_bytes(deck.data)
    call = [office, f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run([*call, "--outdir", str(tmp_path), str(tmp_path / "deck.pptx")], check=True, timeout=300)
    pages = pages_of((tmp_path / "deck.pdf").read_bytes())
    titles = [title_of(slide) for slide in slides_of(deck.data)]
    assert len(pages) == len(titles) == deck.slides
    for page, title in zip(pages, titles, strict=True):
        assert Counter(tight(title)) <= Counter(tight(page))  # a PDF tells raised digits out of their place
