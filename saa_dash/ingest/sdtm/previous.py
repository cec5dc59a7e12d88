"""A package against the one of the previous cut: what became shorter.

The size of a transport file does not tell that it was cut off where an observation ends. The file of the previous cut
does: one that equals the beginning of it and then stops was cut off. Otherwise fewer rows or subjects than before are
a query: records may have been removed on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...model.problem import Problem
from .dataset import SdtmDataset

_BLANK = b" "


@dataclass(frozen=True)
class FileState:
    """A file of a package: its name, SHA-256, rows, and its bytes where they are at hand."""

    name: str
    digest: str
    rows: int
    content: bytes | None = None


def compare_files(now: Sequence[FileState], before: Sequence[FileState]) -> list[Problem]:
    """Return what is to be said of files that have less than those of the same name in the previous cut."""
    earlier = {file.name.casefold(): file for file in before}
    problems = []
    for file in now:
        old = earlier.pop(file.name.casefold(), None)
        if old is None or old.digest == file.digest or file.rows >= old.rows:
            continue
        place = SdtmDataset(_dataset_name(file), file.name, file.digest)
        code = "sdtm_shorter_than_previous" if _is_beginning(file, old) else "sdtm_fewer_rows"
        row = file.rows + 1 if code == "sdtm_shorter_than_previous" else None
        problems.append(place.problem(code, row, before=old.rows, now=file.rows))
    gone = [
        SdtmDataset(_dataset_name(old), old.name, "").problem("sdtm_file_gone", before=old.rows)
        for old in earlier.values()
    ]
    return problems + gone


def _dataset_name(file: FileState) -> str:
    return file.name.rpartition(".")[0].upper()


def _is_beginning(file: FileState, old: FileState) -> bool:
    """Tell whether a file is the beginning of another one, blanks at its end aside."""
    if file.content is None or old.content is None:
        return False
    kept = file.content.rstrip(_BLANK)
    return len(kept) < len(old.content.rstrip(_BLANK)) and old.content.startswith(kept)


def compare_subjects(now: Mapping[str, int], before: Mapping[str, int], files: Mapping[str, str]) -> list[Problem]:
    """Return a query for each table with fewer subjects than in the previous cut.

    Parameters
    ----------
    now, before : number of subjects by table. files : file of each table, as far as there is one.
    """
    fewer = [name for name, n in before.items() if now.get(name, 0) < n]
    places = {name: SdtmDataset(name, files.get(name, ""), "") for name in fewer}
    return [
        places[name].problem("sdtm_fewer_subjects", None, "USUBJID", before=before[name], now=now.get(name, 0))
        for name in fewer
    ]
