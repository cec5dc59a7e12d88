"""The view as URL parameters and back: codes only, never a subject identifier, never a label.

`?lang=en&cut=20260801&pop=FAS&sev=VSAA.SAA&sex=F&age=18-40&pt=P03.P05&p=P03`
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..i18n import LANGUAGES
from ..model.filters import POPULATIONS, Filters
from ..model.vocabulary import Severity

_PCODE = re.compile(r"P\d{1,4}")
_CUT = re.compile(r"[0-9TZa-f-]{1,32}")
_AGE = re.compile(r"(\d{1,3})-(\d{1,3})")


@dataclass(frozen=True)
class UrlState:
    """What a link carries.

    Parameters
    ----------
    lang : zh or en, "" where the link does not say. cut : id or prefix, "" for the latest.
    patient : P-code of the patient shown, "" for none. extra : page settings by short name, codes only.
    """

    lang: str = ""
    cut: str = ""
    filters: Filters = field(default_factory=Filters)
    patient: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


_TRACK = "treatment|csa|liver|kidney|vitals|events"
_EXTRA = {
    "view": re.compile(r"one|all"),
    "lin": re.compile(r"ANC|HGB|PLAT|WBC"),
    "rules": re.compile(r"[a-z0-9_]{1,32}"),
    "origin": re.compile(r"atg_start|atg_end|first_infusion"),
    "win": re.compile(r"\d{1,2}"),
    "ind": re.compile(r"value_valid|28|strict"),
    "day": re.compile(r"-?[1-9]\d{0,3}"),
    "span": re.compile(r"3|7|14"),
    **dict.fromkeys(("t", "vt"), re.compile(r"[A-Z0-9_]{1,8}(\.[A-Z0-9]{1,8})?")),
    **dict.fromkeys(("lm", "vm"), re.compile(r"value|change|multiple")),
    **dict.fromkeys(("ls", "vs"), re.compile(r"auto|lines|ribbon")),
    **dict.fromkeys(("lc", "vc"), re.compile(r"[SW]|[x0-4A-Z]{1,7}-[0-4A-Z]{1,7}")),
    "ae": re.compile(r"[A-Za-z0-9_.-]{1,160}"),
    "ap": re.compile(r"counts|time|narratives"),
    "af": re.compile(r"ATG|INF1|INF2|DOSE"),
    "ak": re.compile(r"CLASS|SOC|PT"),
    "aw": re.compile(r"weeks|months"),
    "acl": re.compile(r"[A-Z_]{1,24}"),
    "tg": re.compile(r"recovery|response|survival"),
    **dict.fromkeys(("tr", "tq", "ts"), re.compile(r"[A-Z0-9]{1,8}")),
    "ptr": re.compile(rf"none|({_TRACK})(\.({_TRACK})){{0,5}}"),
    "pax": re.compile(r"log|linear"),
    "po": re.compile(r"number|worst"),
    "since": _CUT,
    "bd": re.compile(r"p90|p95|none"),
    "sw": re.compile(r"4|8|12"),
    "ty": re.compile(r"[0-9a-f]{8}"),
    "mt": re.compile(str(True)),
    "tu": re.compile(r"days|weeks|months"),
    "tb": re.compile(str(True)),
    "ps": re.compile(r"[A-Z0-9_]{1,16}"),
    "cq": re.compile(r"courses|waterfall|map|swimmer|recovery"),
    "ct": re.compile(r"[A-Z0-9]{1,8}"),
    "cm": re.compile(r"value|change"),
    "cs": re.compile(r"auto|lines|ribbon|panels"),
    "ca": re.compile(r"atg_start|atg_end|first_infusion"),
    "co": re.compile(r"response|severity|time|number"),
    "cl": re.compile(r"first|full"),
    "rvp": re.compile(r"checks|rows|queries"),
    "rvc": re.compile(r"[a-z_]{1,40}"),
    "rvd": re.compile(r"[A-Z]{2}"),
    "rvs": re.compile(r"any|NOT|REVIEWED|CHANGED|open|since"),
    "rvq": re.compile(r"open|closed|all"),
    "ek": re.compile(r"e|m"),
    **dict.fromkeys(("ea", "eb"), re.compile(r"\d{1,2}(\.5)?")),
    **dict.fromkeys(("au", "ad"), re.compile(r"[a-z_]{1,12}")),
}


def is_pcode(code: str) -> bool:
    """Tell whether a code is one that stays from cut to cut; codes of a presentation hold for one view."""
    return bool(_PCODE.fullmatch(code))


def encode(state: UrlState) -> dict[str, str]:
    """Return the parameters of a view, defaults left out."""
    filters = state.filters
    out = {
        "lang": state.lang,
        "cut": state.cut,
        "pop": filters.population,
        "sev": ".".join(filters.severity),
        "sex": ".".join(filters.sex),
        "age": f"{filters.age[0]}-{filters.age[1]}" if filters.age else "",
        "pt": ".".join(filters.patients),
        "p": state.patient if is_pcode(state.patient) else "",
        **state.extra,
    }
    return {name: value for name, value in out.items() if value}


def decode(params: Mapping[str, str]) -> UrlState:
    """Return the view a link asks for; what is not understood is left out, nothing raises."""

    def codes(name: str, allowed: re.Pattern[str]) -> tuple[str, ...]:
        return tuple(code for code in params.get(name, "").split(".") if allowed.fullmatch(code))

    age = _AGE.fullmatch(params.get("age", ""))
    bounds = (int(age[1]), int(age[2])) if age else None
    severities = re.compile("|".join(Severity))
    population = params.get("pop", "")
    filters = Filters(
        population=population if population in POPULATIONS else "",
        severity=codes("sev", severities),
        sex=codes("sex", re.compile("M|F")),
        age=bounds if bounds and bounds[0] <= bounds[1] else None,
        patients=codes("pt", _PCODE),
    )
    lang, cut, patient = params.get("lang", ""), params.get("cut", ""), params.get("p", "")
    return UrlState(
        lang=lang if lang in LANGUAGES else "",
        cut=cut if _CUT.fullmatch(cut) else "",
        filters=filters,
        patient=patient if _PCODE.fullmatch(patient) else "",
        extra={name: params[name] for name, shape in _EXTRA.items() if shape.fullmatch(params.get(name, ""))},
    )
