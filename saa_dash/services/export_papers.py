"""What goes with an export: data dictionary, manifest, readme in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING

from ..i18n.catalogue import LANGUAGES, has_key, keys, translate
from ..model.cut import CutInfo
from ..model.message import Message
from ..model.settings import EndpointSettings, StudySettings
from ..protocol.ctcae import load_ctcae

if TYPE_CHECKING:
    from ..export.dataset import Dataset, Stamp
    from ..export.dictionary import DictionaryRow
    from ..export.variables import VariableSpec
    from ..export.writing import WrittenFile

README = "README.{lang}.txt"


def words_of(spec: VariableSpec) -> str:
    """Return the prefix of the catalogue under which a variable is described."""
    return f"variable.{spec.scope}.{spec.name}"


def dictionary_of(datasets: Sequence[Dataset]) -> tuple[DictionaryRow, ...]:
    """Return the data dictionary of datasets: every variable in both languages."""
    from ..export.dictionary import DictionaryRow

    return tuple(
        DictionaryRow(
            dataset=dataset.name,
            variable=spec.name,
            label_zh=translate("zh", f"{words_of(spec)}.label"),
            label_en=translate("en", f"{words_of(spec)}.label"),
            type=spec.type,
            unit=spec.unit,
            codes_zh=_codes("zh", spec.codes),
            codes_en=_codes("en", spec.codes),
            derivation_zh=_derivation("zh", spec),
            derivation_en=_derivation("en", spec),
        )
        for dataset in datasets
        for spec in dataset.variables
    )


@cache  # few lists, many variables
def _codes(lang: str, prefix: str) -> str:
    found = sorted(key for key in keys(lang) if key.startswith(f"{prefix}.")) if prefix else []
    return "; ".join(f"{key.removeprefix(f'{prefix}.')} = {translate(lang, key)}" for key in found)


def _derivation(lang: str, spec: VariableSpec) -> str:
    key = f"{words_of(spec)}.how"
    return spec.source or (translate(lang, key) if has_key(lang, key) else "")


def _settings_document(endpoint: EndpointSettings, settings: StudySettings) -> dict[str, object]:
    day = {name: getattr(settings, name) for name in ("efficacy_cutoff", "safety_cutoff")}
    return {
        **{field.name: getattr(endpoint, field.name) for field in fields(endpoint)},
        "hetrombopag_days": settings.hetrombopag_days,
        "hetrombopag_start_day": settings.hetrombopag_start_day,
        "cell_dose_per_infusion": settings.cell_dose_per_infusion,
        "dose_percent": settings.tolerance.dose_percent,
        "infusion_days": settings.tolerance.infusion_days,
        **{name: None if value is None else value.isoformat() for name, value in day.items()},
        "signed_by": settings.signed_by,
        "signed_on": None if settings.signed_on is None else settings.signed_on.isoformat(),
        "version": settings.version,
    }


def manifest_of(
    cut: CutInfo,
    settings: StudySettings,
    stamp: Stamp,
    changed: tuple[str, ...],
    fmt: str,
    files: tuple[WrittenFile, ...],
    notes: tuple[Message, ...],
) -> dict[str, object]:
    """Return the manifest: the stamp, the settings in force, the files and what they could not hold."""
    return {
        "study": cut.study,
        "cut": cut.cut_id,
        "cutoff": cut.cutoff.isoformat(),
        "cut_created": cut.created,
        "subjects": cut.subjects,
        "synthetic": stamp.synthetic,
        "sensitivity": stamp.sensitivity,
        "marks": list(stamp.marks),
        "content_hash": stamp.content_hash,
        "settings_hash": stamp.settings_hash,
        "protocol_hash": stamp.protocol_hash,
        "program": f"{stamp.program} {stamp.version}",
        "ctcae": load_ctcae().version,
        "format": fmt,
        "settings": _settings_document(settings.primary, settings),
        "differs_from_primary": list(changed),
        "files": [{field.name: getattr(file, field.name) for field in fields(file)} for file in files],
        "notes": [{"code": note.code, **note.params} for note in notes],
    }


def readmes_of(
    cut: CutInfo, stamp: Stamp, settings: StudySettings, changed: tuple[str, ...], notes: tuple[Message, ...]
) -> dict[str, str]:
    """Return the readme in each language by file name."""
    return {
        README.format(lang=lang): "\n".join(_readme(lang, cut, stamp, settings, changed, notes)) + "\n"
        for lang in LANGUAGES
    }


def _readme(
    lang: str,
    cut: CutInfo,
    stamp: Stamp,
    settings: StudySettings,
    changed: tuple[str, ...],
    notes: tuple[Message, ...],
) -> list[str]:
    lines = [translate(lang, "export.title", study=cut.study)]
    lines += [translate(lang, "export.synthetic")] if stamp.synthetic else []
    lines += [translate(lang, "export.sensitivity", keys=", ".join(changed))] if changed else []
    origin = translate(lang, f"term.origin.{settings.primary.origin}")
    lines += [
        translate(lang, "export.cut", id=cut.cut_id, cutoff=cut.cutoff, subjects=cut.subjects),
        translate(lang, "export.rule", criteria=settings.primary.criteria, origin=origin,
                  window=settings.primary.window_days, independence=settings.primary.independence),
        translate(lang, "export.hashes", content=stamp.content_hash, settings=stamp.settings_hash),
        translate(lang, "export.files"),
    ]  # fmt: skip
    return lines + [translate(lang, note.code, **note.params) for note in notes]
