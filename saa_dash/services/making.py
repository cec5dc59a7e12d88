"""What making a file has in common: progress that is told, and the language it is in."""

from __future__ import annotations

from collections.abc import Callable

from ..i18n.catalogue import LANGUAGES
from ..model.errors import UsageError
from ..model.message import Message

Progress = Callable[[Message, float], None]  # what is done now, and the share of the work that is done


def silent(_message: Message, _share: float) -> None:
    """Tell nobody."""


def check_lang(lang: str) -> None:
    """Refuse a language that nothing is written in.

    Raises
    ------
    UsageError : ``error.usage_lang``.
    """
    if lang not in LANGUAGES:
        raise UsageError("error.usage_lang", value=lang)
