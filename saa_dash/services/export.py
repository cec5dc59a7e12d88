"""The analysis datasets of a cut as files in a folder, with manifest, readme and data dictionary."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..access.policy import Permission, check_permission
from ..i18n.catalogue import translate
from ..model.cut import CutInfo
from ..model.errors import UsageError
from ..model.message import Message
from ..model.principal import Principal
from ..model.settings import EndpointSettings, StudySettings, ToleranceSettings
from ..protocol.hashing import settings_hash
from ..protocol.loader import protocol_hash
from ..protocol.overrides import override_settings
from ..protocol.rules import load_rule_sets
from ..store.cuts import resolve_cut
from ..store.files import check_free, environment, make_folder, temp_beside
from . import audit
from .datasets import analysis_frames
from .export_papers import dictionary_of, manifest_of, readmes_of, words_of
from .settings_in_force import settings_in_force

if TYPE_CHECKING:
    from ..export.dataset import Dataset, Stamp
    from ..export.writing import WrittenFile

PROGRAM = "saa-dash"


@dataclass(frozen=True)
class Exported:
    """What was written.

    Parameters
    ----------
    sensitivity : the settings in force are not the study's primary ones; `changed` names the differing keys.
    notes : what the format could not hold.
    """

    folder: Path
    cut: CutInfo
    files: tuple[WrittenFile, ...]
    sensitivity: bool
    changed: tuple[str, ...]
    settings_hash: str
    notes: tuple[Message, ...]


def export_cut(
    principal: Principal,
    data_dir: Path,
    ref: str,
    out: Path,
    fmt: str,
    given: Sequence[tuple[str, str]] = (),
    *,
    force: bool = False,
) -> Exported:
    """Derive the analysis datasets of a cut and write them to a folder.

    Parameters
    ----------
    ref : id, unique prefix or ``latest``. out : folder, refused where it exists unless `force`, then replaced.
    fmt : ``csv``, ``parquet``, ``xpt`` or ``dataset-json``. given : settings in place of those of the study.

    Raises
    ------
    Refused : without the right to export data of single patients.
    UsageError : unknown setting, value or format, or `out` exists. UserError : no such cut.
    EnvironmentProblem : the disk refuses, or the audit row cannot be written; nothing is written then.
    """
    from ..export.writing import FORMATS, write_companions, write_datasets

    check_permission(principal, Permission.EXPORT_PATIENT_DATA)
    if fmt not in FORMATS:
        raise UsageError("error.setting_value", key="--format", value=fmt, allowed=", ".join(FORMATS))
    check_free(out, force=force)
    cut, study = resolve_cut(data_dir, ref), settings_in_force(data_dir)
    settings = override_settings(study, load_rule_sets(data_dir), given)
    changed = changed_keys(study, settings)
    stamp = _stamp(cut, settings, sensitivity=bool(changed))
    detail = {"cut": cut.cut_id, "format": fmt, "folder": out.name, "settings_hash": stamp.settings_hash}
    audit.record(principal, data_dir, "export", {**detail, "sensitivity": list(changed)})
    datasets = derive_datasets(data_dir, cut, settings)
    make_folder(out.parent)
    aside = temp_beside(out)
    with environment(out):
        try:
            aside.mkdir(mode=0o700)
            files, notes = write_datasets(datasets, aside, fmt, stamp)
            manifest = manifest_of(cut, settings, stamp, changed, fmt, files, notes)
            write_companions(aside, manifest, readmes_of(cut, stamp, settings, changed, notes), dictionary_of(datasets))
            _put_in_place(aside, out)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return Exported(out, cut, files, bool(changed), changed, stamp.settings_hash, notes)


def derive_datasets(data_dir: Path, cut: CutInfo, settings: StudySettings) -> tuple[Dataset, ...]:
    """Return the analysis datasets of a cut under settings, typed and labelled."""
    return tuple(labelled(name, frame) for name, frame in analysis_frames(data_dir, cut, settings).items())


def labelled(name: str, frame: object) -> Dataset:
    """Return a frame of `analysis.adam` as the dataset `name`, with English labels."""
    import pandas as pd

    from ..export.dataset import Dataset, typed
    from ..export.variables import specs_of

    assert isinstance(frame, pd.DataFrame)
    specs = specs_of(name, frame.columns.tolist())
    labels = tuple(translate("en", f"{words_of(spec)}.label") for spec in specs)
    return Dataset(name, translate("en", f"dataset.{name}"), typed(frame, specs), specs, labels)


def changed_keys(study: StudySettings, settings: StudySettings) -> tuple[str, ...]:
    """Return the keys of study.toml whose values in force are not the study's own: any makes a sensitivity analysis."""
    out = [f"primary.{name}" for name in _differing(study.primary, settings.primary)]
    out += [f"tolerance.{name}" for name in _differing(study.tolerance, settings.tolerance)]
    treatment = ("hetrombopag_days", "hetrombopag_start_day", "cell_dose_per_infusion")
    return (*out, *(f"treatment.{name}" for name in treatment if getattr(study, name) != getattr(settings, name)))


def _differing(ours: EndpointSettings | ToleranceSettings, theirs: EndpointSettings | ToleranceSettings) -> list[str]:
    return [item.name for item in fields(ours) if getattr(ours, item.name) != getattr(theirs, item.name)]


def _stamp(cut: CutInfo, settings: StudySettings, *, sensitivity: bool) -> Stamp:
    from ..export.dataset import Stamp

    return Stamp(
        study=cut.study,
        cut_id=cut.cut_id,
        cutoff=cut.cutoff,
        created=cut.created,
        content_hash=cut.content_hash,
        settings_hash=settings_hash(settings),
        protocol_hash=protocol_hash(),
        synthetic=cut.synthetic,
        sensitivity=sensitivity,
        program=PROGRAM,
        version=__version__,
    )


def _put_in_place(aside: Path, out: Path) -> None:
    """Rename the finished folder to its name; what stood there goes only when the new one is in place."""
    replaced = temp_beside(out)
    if out.exists():
        out.rename(replaced)
    try:
        aside.rename(out)
    except OSError:
        if replaced.exists():
            replaced.rename(out)
        raise
    if replaced.is_dir():
        shutil.rmtree(replaced, ignore_errors=True)
    else:
        replaced.unlink(missing_ok=True)
