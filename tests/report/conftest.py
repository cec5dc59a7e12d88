"""Packs of the marked cut in both languages, made once, with an easel in place of the browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.marked_cut import make_marked_cut
from support.paper import Easel, Made

from saa_dash.model.principal import local_principal
from saa_dash.services import pack


@pytest.fixture(scope="session")
def pack_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the marked cut."""
    folder = tmp_path_factory.mktemp("pack") / "data"
    make_marked_cut(folder)
    return folder


@pytest.fixture(scope="session")
def packs(pack_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """The pack in both languages."""
    out: dict[str, Made] = {}
    folder = tmp_path_factory.mktemp("packs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pack, "find_browser", lambda: "/no/browser")
        for lang in ("en", "zh"):
            easel, path = Easel(), folder / f"{lang}.pdf"
            patch.setattr("saa_dash.report.pictures.started_browser", easel.started)
            result = pack.write_pack(local_principal(), pack_dir, "latest", path, lang=lang, progress=easel.told)
            out[lang] = Made(path, easel.drawn, result, easel.shares)
    return out
