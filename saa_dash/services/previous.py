"""An SDTM package that comes in, against the previous cut of the same study."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from ..ingest.incoming import Incoming, in_order
from ..ingest.sdtm.package import SUFFIXES, package_files
from ..ingest.sdtm.previous import FileState, compare_files, compare_subjects
from ..model.cut import CutInfo
from ..store.cuts import list_cuts
from ..store.layout import Layout
from ..store.reader import open_cut


def compare_with_previous(data_dir: Path, path: Path, incoming: Incoming, cutoff: date | None) -> Incoming:
    """Return a package with findings on what became shorter since the previous cut; anything else unchanged.

    Parameters
    ----------
    path : what was read. cutoff : its cut-off; subjects are not compared with a cut of a later one.
    """
    files = package_files(path)
    previous = _previous(data_dir, incoming) if files else None
    if previous is None:
        return incoming
    sources = {source.name: source for source in incoming.sources}
    broken = {problem.file for problem in incoming.problems if problem.severity == "error"}  # said already
    now = [FileState(f.name, sources[f.name].sha256, sources[f.name].rows, f.read_bytes()) for f in files]
    problems = [p for p in compare_files(now, _states(data_dir, previous)) if p.file not in broken]
    if cutoff is None or cutoff >= previous.cutoff:
        tables = {name: frame for name, frame in incoming.tables.items() if previous.table_rows.get(name)}
        before = {name: len(open_cut(data_dir, previous.cut_id).distinct(name, "USUBJID")) for name in tables}
        places = {name: str(frame["SRCFILE"].iloc[0]) for name, frame in tables.items() if len(frame)}
        problems += compare_subjects(_subjects(tables), before, places)
    sheets = [str(name) for name in incoming.reconciliation["sheet"]]
    return replace(incoming, problems=in_order([*incoming.problems, *problems], sheets))


def _previous(data_dir: Path, incoming: Incoming) -> CutInfo | None:
    """Return the newest cut of the same study that was made from a package."""
    wanted = (incoming.study, incoming.synthetic)
    cuts = (info for info in list_cuts(data_dir) if (info.study, info.synthetic) == wanted)
    return next((info for info in cuts if any(_of_package(source.name) for source in info.sources)), None)


def _of_package(name: str) -> bool:
    return Path(name).suffix.lower() in SUFFIXES


def _states(data_dir: Path, previous: CutInfo) -> list[FileState]:
    kept = {source: Layout(data_dir).sources / source.sha256 for source in previous.sources if _of_package(source.name)}
    return [
        FileState(source.name, source.sha256, source.rows, path.read_bytes() if path.is_file() else None)
        for source, path in kept.items()
    ]


def _subjects(tables: dict[str, pd.DataFrame]) -> dict[str, int]:
    return {name: int(frame["USUBJID"].nunique()) for name, frame in tables.items()}
