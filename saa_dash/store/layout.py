"""Where things lie in a data directory, and that nothing leaves it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..model.errors import UsageError

# No separator or wild card of any system, no control character, no leading dot (hidden) or hyphen (an option).
_SAFE_NAME = re.compile(r"""[^.\-\s<>:"/\\|?*\x00-\x1f\x7f][^<>:"/\\|?*\x00-\x1f\x7f]*""")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})
_MAX_NAME = 200


@dataclass(frozen=True)
class Layout:
    """The parts of one data directory.

    Parameters
    ----------
    root : the data directory; need not exist yet.
    """

    root: Path

    @property
    def cuts(self) -> Path:
        """Cut files and their sidecars; never changed once written."""
        return self.root / "cuts"

    @property
    def sources(self) -> Path:
        """Source files under the SHA-256 of their bytes."""
        return self.root / "sources"

    @property
    def cache(self) -> Path:
        """Derived datasets; may be deleted at any time."""
        return self.root / "cache"

    @property
    def staging(self) -> Path:
        """Uploads that wait to be imported; cleaned by age."""
        return self.root / "staging"

    @property
    def logs(self) -> Path:
        """Rotating logs, without subject identifiers."""
        return self.root / "logs"

    @property
    def state(self) -> Path:
        """What may change: audit, reviews, queries, roles."""
        return self.root / "state.sqlite"

    @property
    def audit_head(self) -> Path:
        """Count and last hash of the audit trail, kept apart from it."""
        return self.root / "audit.head"

    @property
    def recode_key(self) -> Path:
        """Secret behind the codes of presentations."""
        return self.root / "recode.key"

    @property
    def study(self) -> Path:
        """The team's settings."""
        return self.root / "study.toml"


def child(folder: Path, name: str) -> Path:
    """Return `folder`/`name` for a single plain file name.

    Raises
    ------
    UsageError : `name` could lead out of `folder` or is no file name on one of the supported systems.
    """
    stem = name.split(".", 1)[0].strip().lower()
    if not _SAFE_NAME.fullmatch(name) or len(name) > _MAX_NAME or name.endswith((".", " ")) or stem in _RESERVED:
        raise UsageError("error.unsafe_name", name=name[:_MAX_NAME])
    return folder / name
