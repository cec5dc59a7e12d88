"""Registered facts and the team's settings, as typed values."""

from .benchmarks import load_benchmarks
from .hashing import settings_hash
from .loader import load_protocol, protocol_hash
from .rules import load_rule_sets
from .study import load_study

__all__ = ["load_benchmarks", "load_protocol", "load_rule_sets", "load_study", "protocol_hash", "settings_hash"]
