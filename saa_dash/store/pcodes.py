"""P-codes: short names of patients that stay theirs from cut to cut."""

from __future__ import annotations

import pandas as pd


def assign_pcodes(subjects: pd.DataFrame, previous: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give every subject a P-code: ``P01``, ``P02`` …

    Parameters
    ----------
    subjects : DM rows (USUBJID, SUBJID, ENRLDTC, ATGSTDTC).
    previous : codes of the parent cut [USUBJID, PCODE], subjects that have since vanished included.

    Returns
    -------
    DataFrame [USUBJID, PCODE]: the previous codes unchanged, then the new subjects with the next numbers in order of
    (ENRLDTC, ATGSTDTC, SUBJID), missing dates last. A number is never given twice: a vanished subject keeps it.
    """
    if previous is None:
        previous = pd.DataFrame({"USUBJID": pd.Series(dtype="str"), "PCODE": pd.Series(dtype="str")})
    new = subjects.loc[~subjects["USUBJID"].isin(previous["USUBJID"])].drop_duplicates("USUBJID")
    new = new.sort_values(["ENRLDTC", "ATGSTDTC", "SUBJID", "USUBJID"], na_position="last", kind="stable")
    first = 1 + (0 if previous.empty else int(previous["PCODE"].str[1:].astype(int).max()))
    codes = pd.Series([f"P{n:02d}" for n in range(first, first + len(new))], dtype="str")
    added = pd.DataFrame({"USUBJID": new["USUBJID"].to_numpy(), "PCODE": codes.to_numpy()}).astype("str")
    return pd.concat([previous[["USUBJID", "PCODE"]], added], ignore_index=True)
