"""Time reading the same cohort as CSV folder and as workbook: ``python benchmarks/bench_import.py [patients …]``.

``python benchmarks/bench_import.py sdtm`` times the CDISC pilot package instead, read and then published.

Rows are those of the tables of a cut, seconds CPU time of this process. The first line also loads the libraries; the
same number twice shows what that is.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from saa_dash.ingest.pipeline import read_incoming
from saa_dash.simulate.cohort import DEMO_CUTOFF, simulate_cohort
from saa_dash.simulate.write import write_cohort

STUDY = "ChiCTR2600117810"


def timed(path: Path) -> tuple[int, float]:
    """Return the rows read from `path` and the seconds it took."""
    start = time.process_time()
    incoming = read_incoming(path, study=STUDY, cutoff=DEMO_CUTOFF)
    return sum(map(len, incoming.tables.values())), time.process_time() - start


def time_package(folder: Path) -> None:
    """Print how long reading and publishing of the CDISC pilot package take, twice: the first time loads libraries."""
    from support.pilot import pilot_folder, publish_pilot

    package = pilot_folder(folder / "package")
    for number in (1, 2):
        rows, seconds = timed(package)
        print(f"read     {rows:>8} rows  {seconds:6.2f} s  {rows / seconds:>9.0f} rows/s")
        start = time.process_time()
        publish_pilot(folder / f"data{number}", package)
        print(f"publish  {rows:>8} rows  {time.process_time() - start:6.2f} s, reading included")


if __name__ == "__main__":
    if sys.argv[1:] == ["sdtm"]:
        with tempfile.TemporaryDirectory() as folder:
            time_package(Path(folder))
        sys.exit()
    with tempfile.TemporaryDirectory() as folder:
        for patients in [int(text) for text in sys.argv[1:]] or [10, 10, 100]:
            sheets = simulate_cohort(patients, seed=1)
            seconds = {}
            for fmt, name in (("csv", "cohort"), ("xlsx", "cohort.xlsx")):
                path = Path(folder) / str(patients) / name
                path.parent.mkdir(exist_ok=True)
                if not path.exists():
                    write_cohort(path, sheets, fmt)
                rows, seconds[fmt] = timed(path)
                print(f"{patients:>6} patients  {fmt:<4}  {rows:>8} rows  {seconds[fmt]:6.2f} s"
                      f"  {rows / seconds[fmt]:>9.0f} rows/s")  # fmt: skip
            print(f"{patients:>6} patients  csv:xlsx  1 : {seconds['xlsx'] / seconds['csv']:.2f}")
