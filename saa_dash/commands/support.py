"""What every command needs: the call with its global options, and the two outputs."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from ..i18n.catalogue import render, translate
from ..i18n.problem_words import problem_words
from ..model.cut import CutInfo
from ..model.message import Message
from ..model.principal import Principal, local_principal
from ..model.problem import Problem


@dataclass
class Call:
    """One call of the command line.

    Parameters
    ----------
    data_dir, lang, as_json : the global options. principal : who calls.
    shown : whether the document of the call has been written; there is exactly one.
    """

    data_dir: Path
    lang: str
    as_json: bool
    principal: Principal = field(default_factory=local_principal)
    shown: bool = False
    _drawn: str = ""

    def words(self, key: str, **params: object) -> str:
        """Return a sentence in the language of the call."""
        return translate(self.lang, key, **params)

    def show(self, document: Mapping[str, Any], lines: Iterable[str] = ()) -> None:
        """Write the result to stdout: the document with ``--json``, else the lines."""
        self.shown = True
        text = json.dumps(document, ensure_ascii=False, indent=1) if self.as_json else "\n".join(lines)
        if text:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()

    def tell(self, text: str) -> None:
        """Write a sentence to stderr."""
        self._clear()
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def progress(self, message: Message, share: float) -> None:
        """Show how far a long step is, on stderr: in one line of a terminal, else a line per new sentence."""
        text = render(message, self.lang)
        if sys.stderr.isatty():
            self._clear()
            sys.stderr.write(f"{share:4.0%} {text}")
            self._drawn = text
        elif text != self._drawn:
            sys.stderr.write(text + "\n")
            self._drawn = text
        sys.stderr.flush()

    def _clear(self) -> None:
        if self._drawn and sys.stderr.isatty():
            sys.stderr.write("\r\x1b[2K")
        self._drawn = ""


def current_call() -> Call:
    """Return the call that is running."""
    call = click.get_current_context().find_root().obj
    assert isinstance(call, Call)
    return call


def prepare_streams(*, as_json: bool) -> None:
    """Make both outputs write any character: JSON as UTF-8, text as the terminal can."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if as_json:
                stream.reconfigure(encoding="utf-8")
            else:
                stream.reconfigure(errors="replace")


def problem_document(problem: Problem, lang: str) -> dict[str, Any]:
    """Return a finding as it stands in ``--json`` output."""
    words = problem_words(problem, lang)
    return {
        "severity": problem.severity,
        "code": problem.code,
        "file": problem.file,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "expected": words.expected,
        "remedy": words.remedy,
    }


def problem_documents(problems: Sequence[Problem], lang: str) -> list[dict[str, Any]]:
    """Return findings as they stand in ``--json`` output."""
    return [problem_document(problem, lang) for problem in problems]


def problem_lines(problems: Sequence[Problem], lang: str) -> list[str]:
    """Return findings as lines: severity, place, sentence, what was expected, remedy."""
    lines = []
    for problem in problems:
        words = problem_words(problem, lang)
        row = "" if problem.row is None else str(problem.row)
        place = " ".join(part for part in (problem.file, problem.sheet, row, problem.column) if part)
        severity = translate(lang, f"cli.severity.{problem.severity}")
        told = " ".join(part for part in (words.message, words.expected, words.remedy) if part)
        lines.append(f"{severity} [{place}] {told}" if place else f"{severity} {told}")
    return lines


def cut_document(info: CutInfo) -> dict[str, Any]:
    """Return a cut as it stands in ``--json`` output: its sidecar, with the creation stamp as ``imported``."""
    from ..store.sidecar import to_document

    return {("imported" if key == "created" else key): value for key, value in to_document(info).items()}
