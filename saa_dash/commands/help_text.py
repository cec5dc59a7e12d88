"""Help of the command line in the language of the call; the words stand in the catalogue, not beside the commands."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ..i18n.catalogue import has_key, translate


class LocalFormatter(click.HelpFormatter):
    """Writes the headings of a help page in the language of the call."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or f"{translate(_lang(), 'cli.help.usage')} ")

    def write_heading(self, heading: str) -> None:
        """Write a heading; those that click makes itself are known by their English word."""
        key = f"cli.help.heading.{heading.lower()}"
        super().write_heading(translate(_lang(), key) if has_key(_lang(), key) else heading)

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a definition list; the mark for what must be given is click's own."""
        required = f"[{translate(_lang(), 'cli.help.required')}]"
        super().write_dl([(a, b.replace("[required]", required)) for a, b in rows], col_max, col_spacing)


class LocalContext(click.Context):
    """A context whose help pages are written by `LocalFormatter`."""

    formatter_class = LocalFormatter


def _lang() -> str:
    return str(click.get_current_context().find_root().obj.lang)


def _show_help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    """Write the help page; with ``--json`` it is the one document like any other result."""
    if value and not ctx.resilient_parsing:
        text = ctx.get_help()
        ctx.find_root().obj.show({"help": text}, [text])
        ctx.exit()


def localise(command: click.Command, name: str, lang: str) -> click.Command:
    """Give a command, its options and its subcommands their help in `lang`, and return it.

    Parameters
    ----------
    name : as in the catalogue: ``cli.command.<name>``, options ``cli.option.<parameter>``; "" for the program itself.
    """
    command.context_class = LocalContext
    command.help = translate(lang, f"cli.command.{name}" if name else "cli.program")
    command.short_help = command.help
    command.epilog = translate(lang, "cli.help.globals") if name else None
    for param in command.params:
        key = f"cli.option.{param.name}"
        if isinstance(param, click.Option) and has_key(lang, key):
            param.help = translate(lang, key)
    help_option = command.get_help_option(click.Context(command))
    if help_option:
        help_option.help = translate(lang, "cli.option.help")
        help_option.callback = _show_help
    if isinstance(command, click.Group) and name:
        for child_name, child in command.commands.items():
            localise(child, f"{name}_{child_name}", lang)
    return command
