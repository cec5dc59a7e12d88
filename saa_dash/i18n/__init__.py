"""Every word on screen, in Chinese and English; codes and parameters become sentences here and nowhere else."""

from .catalogue import LANGUAGES, PSEUDO, event_name, has_key, keys, label, render, term, translate

__all__ = ["LANGUAGES", "PSEUDO", "event_name", "has_key", "keys", "label", "render", "term", "translate"]
