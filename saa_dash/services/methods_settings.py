"""Methods, section 2: every setting in force, its primary value and who set it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from ..analysis.decision import INDEPENDENCE_DAYS
from ..model.message import Message
from ..model.settings import BoundarySettings, EndpointSettings, MaskingSettings, StudySettings, ToleranceSettings
from .context import View
from .methods_blocks import NONE, NOT_SPECIFIED, Cell, Grid, Lines, Part, Section, columns, facts, lines, say


@dataclass(frozen=True)
class SettingRow:
    """One setting.

    Parameters
    ----------
    key : as in study.toml. in_force, primary, default : values in words. differs : in force is not the primary value.
    set_by : who decided on the value in force.
    """

    key: str
    in_force: Cell
    primary: Cell
    default: Cell
    differs: bool
    set_by: Message

    @property
    def name(self) -> Message:
        """What the setting decides."""
        return Message(f"methods.setting.{self.key}")


Words = Callable[[object], Cell]


def independence_words(code: object) -> Message:
    """Return what transfusion independence asks for, with its days."""
    red_cells, platelets = INDEPENDENCE_DAYS[str(code)]
    return say(f"methods.independence.{code}", red_cells=red_cells, platelets=platelets)


def _days(value: object) -> Message:
    return say("methods.value.days", n=value)


def _coded(prefix: str) -> Words:
    return lambda value: Message(f"{prefix}.{value}")


def _counted(key: str) -> Words:
    return lambda value: say(key, n=value)


def _boundary(value: object) -> Cell:
    if not isinstance(value, BoundarySettings):
        return NOT_SPECIFIED
    rule = say("method.boundary", theta=value.theta, cutoff=value.cutoff, prior_a=value.prior_a, prior_b=value.prior_b)
    return say("methods.value.boundary", event=Message(f"methods.boundary_event.{value.event}"), rule=rule)


def _signature(value: object) -> Cell:
    return str(value) if value else Message("methods.not_signed")


def _day_signed(value: object) -> Cell:
    return value if isinstance(value, date) else Message("methods.not_signed")


def _own_cutoff(value: object) -> Cell:
    return value if isinstance(value, date) else Message("methods.value.cut_cutoff")


def _version(value: object) -> Cell:
    return str(value)


def _digest(value: object) -> Cell:
    return str(value) if value else Message("methods.value.shipped_rules")


_ENDPOINT_WORDS: Mapping[str, Words] = {
    "origin": _coded("term.origin"),
    "window_days": _counted("methods.value.plus_minus_days"),
    "independence": independence_words,
    "arc_cut": _counted("methods.value.below_count"),
    "confirm_min": _days,
    "confirm_max": _days,
    "recovery_rule": _coded("methods.recovery_rule"),
}
# Section of study.toml, and words, of the settings outside [primary].
_STUDY_WORDS: Mapping[str, tuple[str, Words]] = {
    "boundary": ("", _boundary),
    "conf_type": ("estimates", _coded("methods.conf_type")),
    "interval": ("estimates", _coded("method.interval")),
    "hetrombopag_days": ("treatment", _days),
    "hetrombopag_start_day": ("treatment", _counted("methods.value.study_day")),
    "cell_dose_per_infusion": ("treatment", _coded("methods.cell_dose")),
    "efficacy_cutoff": ("cutoffs", _own_cutoff),
    "safety_cutoff": ("cutoffs", _own_cutoff),
    "signed_by": ("", _signature),
    "signed_on": ("", _day_signed),
    "version": ("", _version),
    "criteria_digest": ("", _digest),
}
_PART_WORDS: Mapping[str, Words] = {
    "dose_percent": _counted("methods.value.plus_minus_percent"),
    "infusion_days": _counted("methods.value.plus_minus_days"),
    "min_cell": _counted("methods.value.min_cell"),
}
_KEYS = {"efficacy_cutoff": "efficacy", "safety_cutoff": "safety"}


def setting_rows(view: View) -> tuple[SettingRow, ...]:
    """Return every setting, those of the endpoints first."""
    return (*_endpoint_rows(view), *_study_rows(view))


def _set_by(view: View, *, differs: bool, own: bool) -> Message:
    """Say who decided: the reader of this page, the signer of study.toml, or nobody yet.

    Parameters
    ----------
    differs : not the primary value. own : not the product's default.
    """
    if differs:
        return say("methods.set_by.page")
    settings = view.settings
    if settings.signed_by:
        return say("methods.set_by.signed", name=settings.signed_by, date=settings.signed_on)
    return say("methods.set_by.unsigned" if own else "methods.set_by.default")


def _endpoint_rows(view: View) -> tuple[SettingRow, ...]:
    default, primary, in_force = EndpointSettings(), view.settings.primary, view.endpoint
    words = {**_ENDPOINT_WORDS, "criteria": lambda code: view.rule_sets[str(code)].title}
    rows = []
    for field in fields(EndpointSettings):
        now, chosen, shipped = (getattr(part, field.name) for part in (in_force, primary, default))
        tell, differs = words[field.name], now != chosen
        by = _set_by(view, differs=differs, own=chosen != shipped)
        rows.append(SettingRow(f"primary.{field.name}", tell(now), tell(chosen), tell(shipped), differs, by))
    return tuple(rows)


def _row(view: View, key: str, tell: Words, value: object, default: object) -> SettingRow:
    by = _set_by(view, differs=False, own=value != default)
    return SettingRow(key, tell(value), tell(value), tell(default), False, by)


def _study_rows(view: View) -> tuple[SettingRow, ...]:
    settings, default = view.settings, StudySettings()
    rows = []
    for field in fields(StudySettings):
        value, shipped = getattr(settings, field.name), getattr(default, field.name)
        if isinstance(value, ToleranceSettings | MaskingSettings):
            rows += [
                _row(view, f"{field.name}.{part.name}", _PART_WORDS[part.name], getattr(value, part.name),
                     getattr(shipped, part.name))
                for part in fields(value)
            ]  # fmt: skip
        elif field.name != "primary":
            section, tell = _STUDY_WORDS[field.name]
            name = _KEYS.get(field.name, field.name)
            rows.append(_row(view, f"{section}.{name}" if section else name, tell, value, shipped))
    return tuple(rows)


def _grid(code: str, rows: tuple[SettingRow, ...]) -> Grid:
    cells = tuple(
        (
            row.name,
            say("methods.value.key", key=row.key),
            row.in_force,
            row.primary,
            row.default,
            row.set_by,
            say("methods.sensitivity") if row.differs else NONE,
        )
        for row in rows
    )
    return Grid(code, columns("setting", "key", "in_force", "primary", "default", "set_by", "mark"), cells)


def settings_section(view: View) -> Section:
    """Return the settings in force beside the primary ones."""
    settings = view.settings
    signed = {
        "signed_by": _signature(settings.signed_by),
        "signed_on": _day_signed(settings.signed_on),
        "settings_version": str(settings.version),
        "settings_hash": say("methods.value.key", key=view.settings_hash),
    }
    state = say("methods.settings.is_primary" if view.primary else "methods.settings.is_sensitivity")
    return Section(
        "settings",
        (
            Part("endpoint_settings", (Lines((state,)), facts(signed), _grid("endpoint", _endpoint_rows(view)))),
            Part("study_settings", (_grid("study", _study_rows(view)),)),
            Part("settings_rules", (lines("settings", "one_primary", "hash", "masking"),)),
        ),
    )
