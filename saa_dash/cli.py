"""The command line: the same use-cases as the dashboard, without a browser.

Global options stand before or after the command. Exit codes: 0 ok, 1 errors in the data, 2 usage, 3 refused,
4 environment. With ``--json`` stdout carries exactly one JSON document, errors included.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from . import __version__
from .commands.help_text import LocalContext, localise
from .commands.report import report_click_error, report_error, report_unexpected
from .commands.support import Call, prepare_streams
from .i18n.catalogue import LANGUAGES
from .model.errors import UsageError, UserError
from .services.location import data_dir

PROGRAM = "saa-dash"
DEFAULT_LANG = "zh"
EXIT_INTERRUPTED = 130

# Command → module of `saa_dash.commands` whose `command` it is, in the order of the help. Imported when called.
COMMANDS = {
    "serve": "serve",
    "doctor": "doctor",
    "template": "template",
    "simulate": "simulate",
    "check": "check",
    "import": "import_cut",
    "cuts": "cuts",
    "export": "export",
    "diff": "diff",
    "dsmb-pack": "dsmb_pack",
    "deck": "deck",
    "estimate": "estimate",
    "audit": "audit",
    "roles": "roles",
    "backup": "backup",
    "restore": "restore",
}


class Commands(click.Group):
    """The group that imports a command when it is asked for."""

    context_class = LocalContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command with its help in the language of the call."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f".commands.{COMMANDS[cmd_name]}", __package__)
        return localise(module.command, cmd_name, ctx.find_root().obj.lang)


def take_globals(args: Sequence[str]) -> tuple[Call, list[str]]:
    """Take the global options out of the arguments, wherever they stand before a ``--``.

    Raises
    ------
    UsageError : an option without its value, or an unknown language.
    """
    rest: list[str] = []
    given: dict[str, str] = {}
    queue = list(args)
    while queue:
        arg = queue.pop(0)
        name, equals, value = arg.partition("=")
        if arg == "--":
            rest += [arg, *queue]
            break
        if arg == "--json":
            given["--json"] = "yes"
        elif name in ("--data", "--lang"):
            if not equals and not queue:
                raise UsageError("error.usage_no_value", name=name)
            given[name] = value if equals else queue.pop(0)
        else:
            rest.append(arg)
    lang = given.get("--lang", DEFAULT_LANG)
    if lang not in LANGUAGES:
        raise UsageError("error.usage_lang", value=lang)
    lang = lang if "--lang" in given else _default_lang()
    folder = Path(given["--data"]) if given.get("--data") else data_dir()
    return Call(folder, lang, "--json" in given), rest


def _default_lang() -> str:
    chosen = os.environ.get("SAA_DASH_LANG", "")
    return chosen if chosen in LANGUAGES else DEFAULT_LANG


def _root(call: Call) -> click.Group:
    options = [click.Option([name], metavar=metavar) for name, metavar in (("--data", "DIR"), ("--lang", "zh|en"))]
    params: list[click.Parameter] = [*options, click.Option(["--json"], is_flag=True)]
    params.append(click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version))
    group = Commands(PROGRAM, params=params, no_args_is_help=True, callback=lambda **_: None)
    localise(group, "", call.lang)
    return group


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        ctx.obj.show({"version": __version__}, [__version__])
        ctx.exit()


def _run(call: Call, args: list[str]) -> int:
    try:
        # click gives the code of `ctx.exit` back as the result; commands themselves return nothing
        code = _root(call).main(args=args, prog_name=PROGRAM, standalone_mode=False, obj=call) or 0
    except click.ClickException as error:
        return report_click_error(call, error)
    except UserError as error:
        return report_error(call, error)
    except (KeyboardInterrupt, click.Abort):
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        return report_unexpected(call, error)
    if call.as_json and not call.shown:
        call.show({"ok": True})
    return int(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    argv : arguments after the program's name; those of the process where None.
    """
    args = list(sys.argv[1:] if argv is None else argv)
    fallback = Call(data_dir(), _default_lang(), "--json" in args)
    prepare_streams(as_json=fallback.as_json)
    try:
        call, rest = take_globals(args)
    except UsageError as error:
        return report_error(fallback, error)
    return _run(call, rest)
