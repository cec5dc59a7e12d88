"""A change between two cuts as a sentence, with the words of the form for its variables and values."""

from __future__ import annotations

from collections.abc import Mapping

from ..model.change import Cell, Change, Several, StudyDay, Variable, Word
from .catalogue import event_name, has_key, label, translate

# Table → sheets of the form, the usual one last. CM and LB are on two.
_SHEETS: Mapping[str, tuple[str, ...]] = {
    "DM": ("SUBJ",), "IE": ("SUBJ",), "SV": ("VISIT",), "LB": ("CSA", "LAB"), "CM": ("TRANSF", "CM"), "EX": ("EX",),
    "AE": ("AE",), "VS": ("VS",), "PE": ("PE",), "RS": ("RS",), "DS": ("DS",), "DV": ("DV",), "MH": (),
}  # fmt: skip
_OTHER_SHEET = {"TRANSF": "TRANSFUSION", "CSA": "CSA"}  # sheet → code that a row on it carries
# Column → list its codes are of.
_LISTS: Mapping[str, str] = {
    "SEX": "sex", "SEVERITY": "severity", "SCRNFL": "yn", "IEORRES": "yn", "VISIT": "visit", "RBCYN": "yn",
    "PLTYN": "yn", "GCSFYN": "yn", "LBTESTCD": "lab_test", "VSTESTCD": "vital_sign", "LBTPT": "csa_timepoint",
    "LBNRIND": "nrind", "LBORRESU": "unit",
    "LBSTRESU": "unit", "VSORRESU": "unit", "VSSTRESU": "unit", "CMCAT": "medication_category",
    "CMCLAS": "support_class", "CMTRT": "support_class", "CMDOSU": "blood_unit", "CMROUTE": "route", "CMENRF": "yn",
    "CMREACT": "yn", "EXTRT": "component", "EXDOSU": "dose_unit", "EXENRF": "yn", "EXABO": "abo_match",
    "EXHLA": "hla_match", "AEBODSYS": "soc", "AETOXGR": "grade", "AECAT": "complication", "AEOUT": "outcome",
    "AESEV": "aesev", "AEENRF": "yn", "PETESTCD": "body_system", "PEORRES": "finding", "RSORRES": "response_short",
    "DSDECOD": "disposition", "DSCOMP": "component", "DVCAT": "deviation", "DVSEV": "deviation_severity",
    "MHSEV": "aesev",
    **dict.fromkeys(("AESER", "AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE"), "yn"),
    **dict.fromkeys(("AEREL", "AERELATG", "AERELCSA", "AERELHPG", "AERELUCB"), "causality"),
    **dict.fromkeys(("AEACN", "AEACNATG", "AEACNCSA", "AEACNHPG", "AEACNUCB"), "action"),
}  # fmt: skip


def change_words(change: Change, lang: str) -> str:
    """Return the sentence of a change, without the patient."""
    params = {name: _shown(value, lang) for name, value in change.params.items()}
    return translate(lang, f"changes.said.{change.code}", **params)


def variable_label(lang: str, variable: Variable) -> str:
    """Return the label of a column on the form; of a column that no form has, the words of the catalogue."""
    name = variable.code if variable.domain == "IE" and variable.name == "IEORRES" else variable.name
    sheets = [s for s in _SHEETS[variable.domain] if _OTHER_SHEET.get(s, variable.code) == variable.code]
    keys = [f"changes.variable.{variable.domain}.{name}", *(f"crf.{sheet}.{name}.label" for sheet in sheets)]
    keys += [f"crf.{sheet}.{name}.label" for sheet in _SHEETS[variable.domain] if sheet not in _OTHER_SHEET]
    keys += [f"crf.common.{name}.label", f"changes.variable.{name}", f"changes.variable.{variable.name}"]
    keys += [f"crf.{sheet}.{name}.label" for sheet in _SHEETS[variable.domain] if sheet in _OTHER_SHEET]
    found = next((key for key in keys if has_key(lang, key)), "changes.variable.other")
    return translate(lang, found)


def value_words(lang: str, variable: str, text: str, unit: str = "") -> str:
    """Return a stored value of a column as it is shown: the term of a code, else as typed; "" for an empty one.

    Parameters
    ----------
    unit : of a result, "" for none.
    """
    return _cell(lang, Cell(variable, text, unit)) if text else ""


def _shown(value: object, lang: str) -> object:
    if isinstance(value, Word):
        return _word(lang, value)
    if isinstance(value, Variable):
        return variable_label(lang, value)
    if isinstance(value, Cell):
        return _cell(lang, value)
    if isinstance(value, StudyDay):
        return translate(lang, "changes.day" if value.exact else "changes.day_partial", n=value.number)
    if isinstance(value, Several):
        return _several(lang, value)
    return value


def _word(lang: str, word: Word) -> str:
    if word.vocabulary == "event_name":
        return event_name(lang, word.code)
    own = f"changes.word.{word.vocabulary}.{word.code}"
    if has_key(lang, own):
        return translate(lang, own)
    return label(lang, word.vocabulary, word.code) if word.vocabulary else word.code


def _cell(lang: str, cell: Cell) -> str:
    if not cell.text:
        return translate(lang, "changes.empty")
    text = label(lang, _LISTS[cell.variable], cell.text) if cell.variable in _LISTS else cell.text
    if cell.variable == "AEDECOD":
        text = event_name(lang, text)
    return f"{text} {label(lang, 'unit', cell.unit)}" if cell.unit else text


def _several(lang: str, names: Several) -> str:
    told = translate(lang, "changes.comma").join(_word(lang, name) for name in names.names)
    return translate(lang, "changes.and_more", names=told, n=names.more) if names.more else told
