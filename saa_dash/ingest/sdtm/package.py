"""Which files make up a package, and reading all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ...model.problem import Problem
from .dataset import SdtmDataset
from .read_json import read_dataset_json, read_ndjson
from .read_xpt import read_xpt
from .terms import domain_specs

SUFFIXES = (".xpt", ".json", ".ndjson")
MAX_FILE_BYTES = 2 * 1024**3
_DATASET_MARK, _HEAD_BYTES = b"datasetJSON", 1024**2
_OTHER_TABLES = (".csv", ".xlsx", ".sas7bdat", ".xls", ".json", ".ndjson")  # beside a package, not read with it


@dataclass(frozen=True)
class Package:
    """Every dataset of a package, those that could not be read included."""

    datasets: tuple[SdtmDataset, ...]
    problems: tuple[Problem, ...]

    @property
    def readable(self) -> tuple[SdtmDataset, ...]:
        """Return the datasets rows can be taken from."""
        return tuple(dataset for dataset in self.datasets if dataset.readable)


def package_files(path: Path) -> tuple[Path, ...]:
    """Return the files of a package: `path` itself, or those in the folder `path`; none where it is no package.

    A JSON file in a folder counts where it calls itself a dataset or is named like a domain: other things are JSON too.
    """
    if path.is_file():
        return (path,) if path.suffix.lower() in SUFFIXES else ()
    if not path.is_dir():
        return ()
    files = (file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    return tuple(sorted(file for file in files if _is_dataset(file)))


def _is_dataset(file: Path) -> bool:
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES or suffix == ".xpt" or file.stem.upper() in domain_specs():
        return suffix in SUFFIXES
    with file.open("rb") as stream:
        return _DATASET_MARK in stream.read(_HEAD_BYTES)


def is_package(path: Path) -> bool:
    """Tell whether `path` is a transport or Dataset-JSON file, or a folder that holds one."""
    return bool(package_files(path))


def read_package(path: Path, progress: Callable[[str, float], None]) -> Package:
    """Read every file of a package; nothing is raised for what a file holds.

    Parameters
    ----------
    progress : hears each file's name and the share of bytes read before it.
    """
    files = package_files(path)
    sizes = [file.stat().st_size for file in files]
    total, done = max(sum(sizes), 1), 0
    datasets = []
    for file, size in zip(files, sizes, strict=True):
        progress(file.name, done / total)
        datasets.append(read_dataset(file))
        done += size
    beside = _not_read(path, {file.name for file in files}) if path.is_dir() else []
    return Package(tuple(_once(datasets)), tuple(beside))


def read_dataset(path: Path) -> SdtmDataset:
    """Read one file by its suffix."""
    if path.stat().st_size > MAX_FILE_BYTES:
        size, limit = path.stat().st_size // 1024**2, MAX_FILE_BYTES // 1024**2
        blank = SdtmDataset(path.stem.upper(), path.name, "")
        return replace(blank, problems=(blank.problem("file_too_large", size=size, limit=limit),))
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    readers = {".xpt": read_xpt, ".json": read_dataset_json, ".ndjson": read_ndjson}
    return readers[path.suffix.lower()](path, content, digest)


def _once(datasets: list[SdtmDataset]) -> list[SdtmDataset]:
    """Return the datasets, a second file of the same name marked as an error (split domains differ in name)."""
    seen: dict[str, str] = {}
    out = []
    for dataset in datasets:
        first = seen.setdefault(dataset.name, dataset.file)
        if first != dataset.file:
            problem = dataset.problem("sdtm_domain_twice", other=first)
            dataset = replace(dataset, problems=(*dataset.problems, problem))
        out.append(dataset)
    return out


def _not_read(folder: Path, read: set[str]) -> list[Problem]:
    others = (file.name for file in folder.iterdir() if file.suffix.lower() in _OTHER_TABLES and file.name not in read)
    return [SdtmDataset("", name, "").problem("sdtm_file_not_read") for name in sorted(others) if name[0] != "."]


def domain_of(dataset: SdtmDataset) -> str:
    """Return the domain of a dataset: what DOMAIN says throughout, else its name; split ones (LBCH, LBHE) are LB."""
    if "DOMAIN" in dataset.frame and len(dataset.frame):
        found = dataset.frame["DOMAIN"].dropna().unique()
        if len(found) and str(found[0]).upper() in domain_specs():
            return str(found[0]).upper()
    name = dataset.name.upper()
    return name[:2] if name[:2] in domain_specs() and len(name) in (2, 4) and not name.startswith("SUPP") else name
