"""The study's settings as they stand, and the audit row that tells when they have become others."""

from __future__ import annotations

import threading
from pathlib import Path

from ..model.settings import StudySettings
from ..protocol.hashing import settings_hash
from ..protocol.study import load_study
from ..store.audit import AuditFilter, find_rows
from ..store.state import StateDb

SETTING = "setting"  # action of the audit row
WHAT = "study_settings"
WHO = "study.toml"  # nobody's account: the file names who signed it

_lock = threading.Lock()
_told: dict[Path, str] = {}  # hash of the settings that the trail of a data folder told of last


def settings_in_force(data_dir: Path) -> StudySettings:
    """Return the settings of a data folder, after the audit trail tells of them where they have changed.

    Raises
    ------
    SettingsError : study.toml or a rule file is wrong.
    EnvironmentProblem : the settings have changed and the row cannot be written; nothing may be shown under them then.
    """
    settings = load_study(data_dir)
    now = settings_hash(settings)
    with _lock:
        if _told.get(data_dir) != now:
            _tell(data_dir, settings, now)
            _told[data_dir] = now
    return settings


def _tell(data_dir: Path, settings: StudySettings, now: str) -> None:
    """Write the row, unless the trail's last one says the same; the defaults are where every trail begins."""
    state = StateDb(data_dir)
    with state.reading() as con:
        rows = find_rows(con, AuditFilter(action=SETTING, words=f'"what":"{WHAT}"'), 1)
    before = rows[0].details.get("to", "") if rows else settings_hash(StudySettings())
    if before == now:
        return
    detail = {"what": WHAT, "from": before, "to": now, "version": settings.version}
    signed = {"signed_by": settings.signed_by, "signed_on": settings.signed_on} if settings.signed_on else {}
    state.append_audit(WHO, SETTING, detail | signed)
