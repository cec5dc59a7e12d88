"""Response rule sets as typed values; `saa_dash.protocol.rules` reads them from versioned files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Mark = Literal["H", "M", "L"]


@dataclass(frozen=True)
class Bilingual:
    """One registered or published text in both languages."""

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True)
class Threshold:
    """What one lineage must reach.

    Parameters
    ----------
    test : LBTESTCD: ``ANC``, ``HGB`` or ``PLAT``.
    strict : True where the value must exceed the limit (>), False where reaching it is enough (>=).
    value : limit for everybody, 10^9/L or g/L; None where it depends on sex.
    male, female : limits by sex, used where `value` is None.
    use_lln : True where the laboratory's own lower limit of normal goes before `male` and `female`.
    """

    test: str
    strict: bool
    value: float | None = None
    male: float | None = None
    female: float | None = None
    use_lln: bool = False


@dataclass(frozen=True)
class SaaDefinition:
    """When counts still are those of SAA: more than `max_below` of the three stand below their limits.

    Parameters
    ----------
    anc, plat : limits, 10^9/L; a value below the limit counts, a value at it does not.
    arc : reticulocyte limit, 10^9/L; None takes ``EndpointSettings.arc_cut``.
    max_below : how many may stand below when SAA is no longer met.
    """

    anc: float = 0.5
    plat: float = 20.0
    arc: float | None = None
    max_below: int = 1


@dataclass(frozen=True)
class RuleSet:
    """One published or protocol-own definition of CR and PR.

    PR = no longer SAA (`saa`), not CR, and transfusion independent where `pr_needs_independence`; where it does not,
    a patient still transfused is shown as "PR, still transfused".

    Parameters
    ----------
    rule_id : e.g. ``nih``; stands in CRITVER with `version`.
    title, source : what it is called and where it is published.
    mark : how sure the thresholds are: H re-checked, M standard in the field, L working default; None while empty.
    version : counts up with every change of the file's content.
    cr : thresholds of CR, all of which must hold; empty while the rule has not been entered.
    confirm_days : CR and PR need a second assessment at least so many days after the first, unconfirmed ones are
        "provisional"; None where one assessment decides.
    enabled : whether it may be chosen. why_not : catalogue key of the reason where it may not, "" otherwise.
    """

    rule_id: str
    title: Bilingual
    source: Bilingual
    mark: Mark | None
    version: int
    cr: tuple[Threshold, ...] = ()
    saa: SaaDefinition = field(default_factory=SaaDefinition)
    pr_needs_independence: bool = False
    confirm_days: int | None = None
    enabled: bool = True
    why_not: str = ""

    @property
    def critver(self) -> str:
        """Identifier and version as exported, e.g. ``nih v1``."""
        return f"{self.rule_id} v{self.version}"
