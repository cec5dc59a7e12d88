"""Settings given for one call in place of those of study.toml, e.g. on the command line.

Every key is one of study.toml, with or without its section: ``arc_cut`` or ``primary.arc_cut``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..model.errors import UsageError
from ..model.rules import RuleSet
from ..model.settings import EndpointSettings, StudySettings
from ..model.vocabulary import Origin
from .study import INDEPENDENCE, MAX_ARC_CUT, MAX_CONFIRM_DAYS, MAX_WINDOW_DAYS, RECOVERY_RULES


@dataclass(frozen=True)
class SettingKey:
    """One setting that may be given.

    Parameters
    ----------
    section, name : as in study.toml. allowed : what may be given, as shown. parse : text → value; ValueError otherwise.
    """

    section: str
    name: str
    allowed: str
    parse: Callable[[str], object]

    @property
    def key(self) -> str:
        """Dotted key."""
        return f"{self.section}.{self.name}"


def _choice(section: str, name: str, options: Sequence[str]) -> SettingKey:
    def parse(text: str) -> object:
        if text not in options:
            raise ValueError(text)
        return Origin(text) if name == "origin" else text

    return SettingKey(section, name, ", ".join(options), parse)


def _number(section: str, name: str, low: float, high: float, *, whole: bool = False) -> SettingKey:
    def parse(text: str) -> object:
        value = int(text) if whole else float(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return SettingKey(section, name, f"{low:g}…{high:g}", parse)


def _boolean(section: str, name: str) -> SettingKey:
    words = {"true": True, "false": False}

    def parse(text: str) -> object:
        if text not in words:
            raise ValueError(text)
        return words[text]

    return SettingKey(section, name, ", ".join(words), parse)


def setting_keys(rule_sets: Mapping[str, RuleSet]) -> dict[str, SettingKey]:
    """Return what may be given, by short name.

    Parameters
    ----------
    rule_sets : all by id; those without thresholds cannot be chosen.
    """
    usable = [rule_id for rule_id, rule in rule_sets.items() if rule.enabled]
    listed = (
        _choice("primary", "criteria", usable),
        _choice("primary", "origin", [item.value for item in Origin]),
        _number("primary", "window_days", 0, MAX_WINDOW_DAYS, whole=True),
        _choice("primary", "independence", INDEPENDENCE),
        _number("primary", "arc_cut", 1, MAX_ARC_CUT),
        _number("primary", "confirm_min", 1, MAX_CONFIRM_DAYS, whole=True),
        _number("primary", "confirm_max", 1, MAX_CONFIRM_DAYS, whole=True),
        _choice("primary", "recovery_rule", RECOVERY_RULES),
        _number("treatment", "hetrombopag_days", 1, 366, whole=True),
        _number("treatment", "hetrombopag_start_day", 1, 90, whole=True),
        _boolean("treatment", "cell_dose_per_infusion"),
        _number("tolerance", "dose_percent", 0, 100),
        _number("tolerance", "infusion_days", 0, 30, whole=True),
    )
    return {item.name: item for item in listed}


def override_settings(
    settings: StudySettings, rule_sets: Mapping[str, RuleSet], given: Sequence[tuple[str, str]]
) -> StudySettings:
    """Return the settings with those given put in; of a key given twice the last one counts.

    Raises
    ------
    UsageError : an unknown key or a value that is not permitted; the sentence lists what is.
    """
    keys = setting_keys(rule_sets)
    dotted = {item.key: item for item in keys.values()}
    values: dict[str, dict[str, object]] = {"primary": {}, "treatment": {}, "tolerance": {}}
    for name, text in given:
        item = keys.get(name) or dotted.get(name)
        if item is None:
            raise UsageError("error.setting_unknown", key=name, allowed=", ".join(keys))
        try:
            values[item.section][item.name] = item.parse(text.strip())
        except ValueError:
            raise UsageError("error.setting_value", key=item.name, value=text, allowed=item.allowed) from None
    primary: EndpointSettings = replace(settings.primary, **values["primary"])  # type: ignore[arg-type]
    if primary.confirm_min > primary.confirm_max:
        allowed = f"≥ confirm_min ({primary.confirm_min})"
        raise UsageError("error.setting_value", key="confirm_max", value=primary.confirm_max, allowed=allowed)
    tolerance = replace(settings.tolerance, **values["tolerance"])  # type: ignore[arg-type]
    return replace(settings, primary=primary, tolerance=tolerance, **values["treatment"])  # type: ignore[arg-type]
