"""Time the synthetic cohort: ``python benchmarks/bench_simulate.py [patients …]``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from saa_dash.simulate.cohort import simulate_cohort

if __name__ == "__main__":
    for patients in [int(text) for text in sys.argv[1:]] or [10, 100, 1000]:
        start = time.perf_counter()
        sheets = simulate_cohort(patients, seed=1)
        rows = sum(len(sheet) for sheet in sheets.values())
        print(f"{patients:>6} patients  {rows:>8} rows  {time.perf_counter() - start:6.2f} s")
