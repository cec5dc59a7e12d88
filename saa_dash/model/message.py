"""A statement as a code with parameters; `i18n` turns it into a sentence in either language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """One thing to say, without words.

    Parameters
    ----------
    code : catalogue key, e.g. ``"trace.supported"``.
    params : values for the placeholders of the catalogue entry. A nested `Message` is rendered first.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
