"""A cut that holds something for every exported dataset."""

from __future__ import annotations

import pandas as pd
from support.tables import SUBJECTS, make_tables

LONG_TERM = "输注后寒战、高热，" * 12  # 324 bytes of UTF-8


def rich_tables() -> dict[str, pd.DataFrame]:
    """The example tables with infusions, a long text, vital signs and a partial date."""
    subject = SUBJECTS[0]
    doses = [
        {"USUBJID": who, "EXTRT": "RATG", "EXDOSE": 181.5, "EXDOSU": "MG", "EXSTDTC": start}
        for who, start in zip(SUBJECTS, ("2026-03-02", "2026-03-20", "2026-04-10"), strict=True)
    ]
    doses.append({"USUBJID": subject, "EXTRT": "UCBMNC", "EXDOSE": 3.1, "EXDOSU": "E8_CELLS", "EXSTDTC": "2026-03-04"})
    events = [
        {"USUBJID": subject, "AESPID": "1", "AETERM": LONG_TERM, "AEDECOD": "输注相关反应", "AETOXGR": 2,
         "AETOXV": "5.0", "AESER": "N", "AESTDTC": "2026-03", "AECAT": "INFUSION_REACTION", "AERELATG": "DEFINITE"},
        {"USUBJID": subject, "AESPID": "2", "AETERM": "=皮疹, \"红\"", "AESTDTC": "2026-03-20", "AESER": "N"},
    ]  # fmt: skip
    vitals = [{"USUBJID": subject, "VSTESTCD": "TEMP", "VSSTRESN": 36.6, "VSORRES": "36.6", "VSDTC": "2026-03-01"}]
    labs = [
        {"USUBJID": who, "LBTESTCD": test, "LBDTC": day, "LBSTRESN": value, "LBORRES": text, "LBCENS": sign,
         "LBSTNRLO": 1.8, "LBSTRESU": "10^9/L"}
        for who in SUBJECTS
        for test, day, value, text, sign in (
            ("ANC", "2026-02-27", 0.1, "<0.1", "<"), ("ANC", "2026-07-10", 1 / 3, "0.333", None),
        )
    ]  # fmt: skip
    return make_tables(EX=doses, AE=events, VS=vitals, LB=labs)
