"""Reads a TOML file key by key and collects every finding, so that a wrong file is mended in one go."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

from ..model.errors import UsageError
from ..model.message import Message
from ..model.rules import Bilingual


class SettingsError(UsageError):
    """A file of settings or registered facts is wrong; the sentence lists every finding with key and remedy.

    Parameters
    ----------
    code : ``error.study_invalid`` or ``error.protocol_invalid``.
    file : the file as the user knows it.
    findings : one message each.
    """

    def __init__(self, code: str, file: str, findings: Sequence[Message]) -> None:
        super().__init__(code, file=file, n=len(findings), findings=tuple(findings))
        self.findings = tuple(findings)


def _kind(value: object) -> Message:
    names = {bool: "boolean", int: "integer", float: "number", str: "text", list: "list", dict: "table"}
    name = "date" if isinstance(value, date) else names.get(type(value), "value")
    return Message(f"finding.kind.{name}")


def _shown(value: object) -> object:
    # as the file spells it; lists and tables are too long to repeat
    if isinstance(value, list | Mapping):
        return _kind(value)
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


class Section:
    """One table of a TOML file.

    Every getter marks its key as known, returns a value of its type and adds a finding where the file holds anything
    else; `finish` adds the keys nobody asked for. A getter without default demands the key.

    Parameters
    ----------
    data : the parsed table. path : its dotted key, "" for the top of the file.
    findings : shared by all sections of a file.
    """

    def __init__(self, data: Mapping[str, object], path: str = "", findings: list[Message] | None = None) -> None:
        self._data = data
        self._path = path
        self.findings: list[Message] = [] if findings is None else findings
        self._known: set[str] = set()
        self._children: list[Section] = []

    def key(self, name: str) -> str:
        """Return the dotted key of `name` as it stands in the file."""
        return f"{self._path}.{name}" if self._path else name

    def find(self, name: str, code: str, **params: object) -> None:
        """Add a finding about `name`; the catalogue holds ``finding.<code>``."""
        self.findings.append(Message(f"finding.{code}", {"key": self.key(name), **params}))

    def has(self, name: str) -> bool:
        """Tell whether the file holds `name`."""
        self._known.add(name)
        return name in self._data

    def _get(self, name: str, types: tuple[type, ...], kind: str, required: bool) -> object | None:
        if not self.has(name):
            if required:
                self.find(name, "missing", expected=Message(f"finding.kind.{kind}"))
            return None
        value = self._data[name]
        # bool is an int and datetime a date in Python; in a settings file they are different things
        wrong_bool = isinstance(value, bool) and bool not in types
        if wrong_bool or isinstance(value, datetime) or not isinstance(value, types):
            expected = Message(f"finding.kind.{kind}")
            self.find(name, "type", value=_shown(value), found=_kind(value), expected=expected)
            return None
        return value

    def text(self, name: str, default: str | None = None, *, allow_empty: bool = False) -> str:
        """Return a text; an empty one is a finding unless `allow_empty`."""
        value = self._get(name, (str,), "text", default is None)
        if value == "" and not allow_empty:
            self.find(name, "empty")
        return (default or "") if value is None else str(value)

    def choice(self, name: str, options: Sequence[str], default: str | None = None) -> str:
        """Return one of `options`."""
        fallback = options[0] if default is None else default
        value = self._get(name, (str,), "text", default is None)
        if value is None:
            return fallback
        if value not in options:
            self.find(name, "choice", value=_shown(value), options=", ".join(options))
            return fallback
        return str(value)

    def boolean(self, name: str, default: bool | None = None) -> bool:
        """Return true or false."""
        value = self._get(name, (bool,), "boolean", default is None)
        return bool(default) if value is None else bool(value)

    def number(self, name: str, low: float, high: float, default: float | None = None) -> float:
        """Return a number within `low`…`high`, both included."""
        value = self._bounded(name, (int, float), "number", low, high, default is None)
        return float(low if default is None else default) if value is None else float(value)

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number within `low`…`high`, both included."""
        value = self._bounded(name, (int,), "integer", low, high, default is None)
        return (low if default is None else default) if value is None else int(value)

    def optional_number(self, name: str, low: float, high: float) -> float | None:
        """Return a number within `low`…`high`, None where the key is absent."""
        return self.number(name, low, high) if self.has(name) else None

    def optional_integer(self, name: str, low: int, high: int) -> int | None:
        """Return a whole number within `low`…`high`, None where the key is absent."""
        return self.integer(name, low, high) if self.has(name) else None

    def _bounded(
        self, name: str, types: tuple[type, ...], kind: str, low: float, high: float, required: bool
    ) -> int | float | None:
        value = self._get(name, types, kind, required)
        if not isinstance(value, int | float):
            return None
        if not low <= value <= high:
            self.find(name, "range", value=value, low=low, high=high)
            return None
        return value

    def optional_day(self, name: str) -> date | None:
        """Return a date, None where the key is absent."""
        value = self._get(name, (date,), "date", False)
        return value if isinstance(value, date) else None

    def day(self, name: str) -> date:
        """Return a date."""
        value = self._get(name, (date,), "date", True)
        return value if isinstance(value, date) else date.min

    def integers(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers, empty where the key is absent."""
        return tuple(int(str(item)) for item in self._items(name, int, "integers"))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty where the key is absent."""
        return tuple(str(item) for item in self._items(name, str, "texts"))

    def _items(self, name: str, of: type, kind: str) -> list[object]:
        value = self._get(name, (list,), kind, False)
        items = value if isinstance(value, list) else []
        if any(type(item) is not of for item in items):
            self.find(name, "type", value=_kind(items), found=_kind(items), expected=Message(f"finding.kind.{kind}"))
            return []
        return items

    def table(self, name: str, *, required: bool = True) -> Section:
        """Return a sub-table; an absent optional one is empty."""
        value = self._get(name, (dict,), "table", required)
        return self._child(value if isinstance(value, dict) else None, self.key(name))

    def tables(self, name: str) -> list[Section]:
        """Return an array of tables, empty where the key is absent; entries count from 1 in findings."""
        value = self._get(name, (list,), "tables", False)
        items = value if isinstance(value, list) else []
        if any(not isinstance(item, dict) for item in items):
            self.find(name, "type", value=_kind(items), found=_kind(items), expected=Message("finding.kind.tables"))
            return []
        return [self._child(item, f"{self.key(name)}[{n}]") for n, item in enumerate(items, 1)]

    def bilingual(self, name: str) -> Bilingual:
        """Return a text in both languages."""
        value = self._get(name, (dict,), "bilingual", True)
        if not isinstance(value, dict):
            return Bilingual("", "")
        child = self._child(value, self.key(name))
        return Bilingual(child.text("zh"), child.text("en"))

    def _child(self, data: Mapping[str, object] | None, path: str) -> Section:
        child = Section(data or {}, path, self.findings if data is not None else [])
        if data is not None:  # what is missing altogether is one finding, not one for each of its keys
            self._children.append(child)
        return child

    def finish(self) -> list[Message]:
        """Add the unknown keys of this table and those below, and return all findings."""
        for name in self._data:
            if name not in self._known:
                near = get_close_matches(name, sorted(self._known), 1)
                if near:
                    self.find(name, "unknown_near", near=near[0])
                else:
                    self.find(name, "unknown", known=", ".join(sorted(self._known)))
        for child in self._children:
            child.finish()
        return self.findings


def read_toml(path: Path, code: str) -> Section:
    """Return the top table of a TOML file.

    Parameters
    ----------
    code : error code of the family, ``error.study_invalid`` or ``error.protocol_invalid``.

    Raises
    ------
    SettingsError : the file cannot be read, is not UTF-8 or is not TOML.
    """
    try:
        # a byte order mark is what Windows Notepad puts in front
        text = path.read_bytes().decode("utf-8-sig")
        return Section(tomllib.loads(text))
    except OSError as error:
        finding = Message("finding.unreadable", {"detail": error.strerror or type(error).__name__})
    except UnicodeDecodeError:
        finding = Message("finding.encoding")
    except tomllib.TOMLDecodeError as error:
        finding = Message("finding.syntax", {"detail": str(error)})
    raise SettingsError(code, path.name, [finding])


def raise_findings(section: Section, path: Path, code: str) -> None:
    """Raise one `SettingsError` with everything found in the file, if anything was.

    Raises
    ------
    SettingsError : the file holds at least one wrong, missing or unknown key.
    """
    findings = section.finish()
    if findings:
        raise SettingsError(code, path.name, findings)
