"""The tables of a cut: SDTM-named domains, their columns, types and natural keys.

Types are ``text``, ``float``, ``int``. Dates (``--DTC``) are ISO 8601 text and may be partial ("2026-03") or carry a
time ("2026-03-05T08:30"); a missing value is NULL. Yes/no is "Y"/"N". Code lists are in `vocabulary`.
"""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA_VERSION = 1

# Every table carries these behind its own columns.
#   ROWKEY   natural key + ordinal, stable from cut to cut: "LB|P01|ANC|2026-03-05|1"
#   ROWHASH  SHA-256 over the row's own columns (first 16 hex digits)
#   SRCFILE, SRCSHEET, SRCROW: where the row was typed (row as the spreadsheet shows it, 1-based)
PROVENANCE = {"ROWKEY": "text", "ROWHASH": "text", "SRCFILE": "text", "SRCSHEET": "text", "SRCROW": "int"}


@dataclass(frozen=True)
class Table:
    """One domain: columns in order with their type, and the natural key that ROWKEY is built from."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]

    @property
    def all_columns(self) -> dict[str, str]:
        """Own columns and provenance, in the order of the store."""
        return {**self.columns, **PROVENANCE}


def _columns(text: str, floats: str = "", ints: str = "") -> dict[str, str]:
    kinds = {"text": text, "float": floats, "int": ints}
    return {column: kind for kind, names in kinds.items() for column in names.split()}


_TABLES = (
    # Subjects. SEVERITY is the investigator's entry; ATGSTDTC/ATGENDTC as typed (EX rows win where they differ).
    Table(
        "DM",
        _columns(
            "STUDYID USUBJID SUBJID SITEID SEX SEVERITY DIAGDTC RFICDTC ENRLDTC ATGSTDTC ATGENDTC LSTALVDTC "
            "RFSTDTC RFENDTC DTHDTC SCRNFL ARM RACE COUNTRY",
            "AGE WEIGHT HEIGHT MARROWPC MARRESPC PNHPC",
        ),
        ("USUBJID",),
    ),
    # Eligibility answers: IETESTCD INCL01… / EXCL01…, IEORRES Y (criterion met) / N.
    Table("IE", _columns("STUDYID USUBJID IETESTCD IEORRES"), ("USUBJID", "IETESTCD")),
    # Visits with the question "since the last visit": each Y/N/NULL (not answered).
    Table(
        "SV",
        _columns("STUDYID USUBJID VISIT SVSTDTC SVENDTC RBCYN PLTYN GCSFYN SVREASON", "VISITNUM"),
        ("USUBJID", "VISIT", "SVSTDTC"),
    ),
    # Laboratory results, long. LBORRES as typed; LBSTRESN in standard units (counts 10^9/L, HGB g/L, enzymes U/L,
    # BILI/BILDIR/CREAT umol/L, CSA ug/L); for "<0.1" LBSTRESN = 0.1 and LBCENS = "<". LBTPT: C0/C2 for CSA.
    Table(
        "LB",
        _columns(
            "STUDYID USUBJID LBTESTCD LBTEST LBCAT LBORRES LBORRESU LBORNRLO LBORNRHI LBSTRESU LBCENS LBNRIND "
            "LBTPT LBSTAT VISIT LBDTC LBSPID",
            "LBSTRESN LBSTNRLO LBSTNRHI VISITNUM",
        ),
        ("USUBJID", "LBTESTCD", "LBDTC", "LBTPT"),
    ),
    # Transfusions, growth factors, concomitant medication.
    # CMCAT: TRANSFUSION / GROWTH FACTOR / CONCOMITANT.
    # CMCLAS: RBC PLATELET PLASMA | GCSF PEGGCSF TPO TPORA EPO | STEROID ANTIINFECTIVE IST OTHER.
    Table(
        "CM",
        _columns(
            "STUDYID USUBJID CMCAT CMCLAS CMTRT CMDECOD CMDOSU CMROUTE CMINDC CMSTDTC CMENDTC CMENRF CMREACT CMSPID",
            "CMDOSE",
        ),
        ("USUBJID", "CMCLAS", "CMTRT", "CMSTDTC"),
    ),
    # Study treatment. EXTRT: RATG CSA HPAG UCBMNC. For UCBMNC EXDOSE is in 10^8 cells.
    Table(
        "EX",
        _columns(
            "STUDYID USUBJID EXTRT EXDOSU EXSTDTC EXENDTC EXENRF EXADJ EXABO EXHLA EXLOT EXSPID VISIT",
            "EXDOSE EXVIAB VISITNUM",
        ),
        ("USUBJID", "EXTRT", "EXSTDTC"),
    ),
    # Adverse events. AEREL*/AEACN* per component: ATG, CSA, HPG (hetrombopag), UCB.
    Table(
        "AE",
        _columns(
            "STUDYID USUBJID AESPID AETERM AEDECOD AEBODSYS AETOXV AESEV AESER AESDTH AESLIFE AESHOSP AESDISAB "
            "AESCONG AESMIE AECAT AEREL AERELATG AERELCSA AERELHPG AERELUCB AEACN AEACNATG AEACNCSA AEACNHPG AEACNUCB "
            "AEOUT AESTDTC AEENDTC AEENRF",
            "",
            "AETOXGR",
        ),
        ("USUBJID", "AESPID", "AEDECOD", "AESTDTC"),
    ),
    # Vital signs, long: TEMP C, SYSBP/DIABP mmHg, PULSE and RESP per minute, SPO2 %, WEIGHT kg, HEIGHT cm.
    Table(
        "VS",
        _columns(
            "STUDYID USUBJID VSTESTCD VSTEST VSORRES VSORRESU VSSTRESU VSPOS VSTPT VISIT VSDTC",
            "VSSTRESN VISITNUM",
        ),
        ("USUBJID", "VSTESTCD", "VSDTC", "VSTPT", "VSPOS"),
    ),
    # Physical examination. PEORRES: NORMAL / ABNORMAL_NCS / ABNORMAL_CS.
    Table("PE", _columns("STUDYID USUBJID PETESTCD PEORRES PEDESC PEDTC"), ("USUBJID", "PETESTCD", "PEDTC")),
    # The investigator's response. RSORRES: CR PR NR NE.
    Table("RS", _columns("STUDYID USUBJID VISIT RSORRES RSDESC RSDTC", "VISITNUM"), ("USUBJID", "VISIT", "RSDTC")),
    # Disposition. DSDECOD: COMPLETED WITHDRAWAL LOST DEATH HSCT SALVAGE DISCONTINUATION (with DSCOMP = component).
    Table(
        "DS",
        _columns("STUDYID USUBJID DSCAT DSDECOD DSCOMP DSTERM DSREAS DSSTDTC"),
        ("USUBJID", "DSDECOD", "DSCOMP", "DSSTDTC"),
    ),
    # Protocol deviations. DVSEV: MAJOR / MINOR.
    Table("DV", _columns("STUDYID USUBJID DVCAT DVTERM DVSEV DVSTDTC"), ("USUBJID", "DVCAT", "DVSTDTC")),
    # Medical history (SDTM packages).
    Table(
        "MH",
        _columns("STUDYID USUBJID MHTERM MHDECOD MHBODSYS MHCAT MHSEV MHSTDTC MHSPID"),
        ("USUBJID", "MHDECOD", "MHSTDTC"),
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}
