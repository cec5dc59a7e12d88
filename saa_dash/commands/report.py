"""What a failed command says: a sentence and a remedy on stderr, or one JSON document on stdout; and its exit code."""

from __future__ import annotations

import traceback
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ..i18n.catalogue import render
from ..model.errors import EnvironmentProblem, UsageError, UserError
from ..model.problem import Problem
from .support import Call, problem_documents, problem_lines

MAX_LOG_BYTES = 1024**2


def report_error(call: Call, error: UserError) -> int:
    """Say what a user can act on, with every problem that the error carries."""
    message, remedy = render(error.message, call.lang), render(error.remedy, call.lang)
    problems: tuple[Problem, ...] = getattr(error, "problems", ())
    call.tell(f"{message}\n{remedy}".rstrip())
    document: dict[str, Any] = {"error": {"code": error.message.code, "message": message, "remedy": remedy}}
    document["problems"] = problem_documents(problems, call.lang)
    if not call.shown:
        call.show(document, problem_lines(problems, call.lang))
    return error.exit_code


def report_click_error(call: Call, error: click.ClickException) -> int:
    """Say in the language of the call what is wrong with the call itself."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        if not call.as_json:
            call.tell(error.message)  # the help page, made while its context was active
            return UsageError.exit_code
        return report_error(call, UsageError("error.usage_command_missing"))
    return report_error(call, _usage_error(error))


def _usage_error(error: click.ClickException) -> UsageError:
    if isinstance(error, click.NoSuchOption):
        return UsageError("error.usage_option", name=error.option_name)
    if isinstance(error, click.exceptions.NoSuchCommand):
        return UsageError("error.usage_command", name=error.command_name)
    if isinstance(error, click.MissingParameter):
        return UsageError("error.usage_missing", name=_param(error))
    if isinstance(error, click.BadParameter):
        return UsageError("error.usage_value", name=_param(error), text=error.message)
    return UsageError("error.usage", text=error.format_message())


def _param(error: click.BadParameter) -> str:
    param = error.param
    if isinstance(param, click.Argument) and error.ctx:
        return param.make_metavar(error.ctx)
    return max(param.opts, key=len) if param and param.opts else str(error.param_hint or "")


def report_unexpected(call: Call, error: Exception) -> int:
    """Say that the program itself failed, with a number under which the log tells where.

    The log names places in the code and the kind of error only: the error's own words might name a patient.
    """
    number = uuid.uuid4().hex[:8]
    frames = traceback.extract_tb(error.__traceback__)
    places = "".join(f"  {frame.filename}:{frame.lineno} {frame.name}\n" for frame in frames)
    entry = f"{datetime.now(UTC).isoformat(timespec='seconds')} {number} {type(error).__name__}\n{places}"
    log = call.data_dir / "logs" / "errors.log"
    try:
        _append(log, entry)
    except OSError:
        call.tell(entry)
    return report_error(call, EnvironmentProblem("error.unexpected", id=number, path=str(log)))


def _append(log: Path, entry: str) -> None:
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.replace(log.with_suffix(".1.log"))
    with log.open("a", encoding="utf-8") as stream:
        stream.write(entry)
