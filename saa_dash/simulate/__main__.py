"""Write the shipped demo workbook: ``python -m saa_dash.simulate [OUT.xlsx]``."""

from __future__ import annotations

import sys
from pathlib import Path

from .cohort import demo_cohort
from .write import write_cohort

SHIPPED = Path("data/demo/saa_demo.xlsx")

if __name__ == "__main__":
    write_cohort(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED, demo_cohort(), "xlsx")
