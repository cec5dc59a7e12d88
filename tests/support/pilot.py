"""The CDISC pilot package: as files, and as a published cut that is made once per test run.

Use the cut by the fixture ``pilot_data_dir`` of ``tests/conftest.py``. All tests and processes share it: to publish or
to change anything, copy it first.
"""

from __future__ import annotations

import lzma
import os
import tempfile
import time
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pyreadstat

from saa_dash.model.principal import local_principal
from saa_dash.services.imports import Published, import_source

SOURCE = Path(__file__).parents[1] / "reference" / "cdisc-pilot-sdtm"
CUTOFF = date(2015, 3, 31)
STUDY = "CDISCPILOT01"
DOMAINS = ("ae", "dm", "ds", "ex", "lb", "mh", "sv", "vs")


@cache
def pilot_bytes(domain: str) -> bytes:
    """Return a transport file of the package."""
    return lzma.decompress((SOURCE / f"{domain}.xpt.xz").read_bytes())


def pilot_folder(folder: Path, domains: Iterable[str] = DOMAINS) -> Path:
    """Write the package, or some of its domains, into a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for domain in domains:
        (folder / f"{domain}.xpt").write_bytes(pilot_bytes(domain))
    return folder


@cache
def pilot_frame(domain: str) -> pd.DataFrame:
    """Return a dataset as pyreadstat reads it, which is not the product's way; treat it as read-only."""
    with tempfile.TemporaryDirectory() as folder:
        path = pilot_folder(Path(folder), [domain]) / f"{domain}.xpt"
        return pyreadstat.read_xport(str(path), disable_datetime_conversion=True)[0]


def publish_pilot(data_dir: Path, package: Path) -> Published:
    """Publish a folder of the package into a data directory, with the cut-off of the study's end."""
    return import_source(local_principal(), data_dir, package, CUTOFF, "pilot")


def shared_pilot(shared: Path) -> Path:
    """Return the data directory of the published package under `shared`, made by the first process that asks.

    Parameters
    ----------
    shared : a folder that every process of the test run sees.
    """
    ready, lock = shared / "pilot", shared / "pilot.lock"
    while not ready.exists():
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            time.sleep(0.1)
            continue
        try:
            if not ready.exists():
                made = Path(tempfile.mkdtemp(dir=shared))
                publish_pilot(made / "data", pilot_folder(made / "package"))
                made.rename(ready)
        finally:
            lock.unlink()
    return ready / "data"
