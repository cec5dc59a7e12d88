"""Who belongs to a population that the filter offers.

Decisions
---------
- Full analysis set: at least one dose of ATG; safety set: a dose of any component; both as `analysis.anchors`.
- Response-evaluable: of the full analysis set, at least one of the visits at weeks 4, 8 and 12 is due and assessed as
  CR, PR or NR under the rule set in force; whoever is not evaluable, or not yet due, at every visit is left out.

Source: domain facts, section 2 "Denominators"; `analysis.denominators.VisitCounts.evaluable`.
"""

from __future__ import annotations

from ..analysis.basis import prepare
from ..analysis.response import derive_response
from ..model.rules import RuleSet
from ..model.settings import EndpointSettings
from ..store.reader import CutReader
from ..store.results import RESULTS, result_key

_ASSESSED = ("CR", "PR", "NR")
_FLAGS = {"FAS": "FASFL", "SAF": "SAFFL"}


def members(reader: CutReader, population: str, rules: RuleSet, endpoint: EndpointSettings, key: str) -> frozenset[str]:
    """Return the USUBJIDs of a population.

    Parameters
    ----------
    population : one of `model.filters.POPULATIONS`. key : hash of the settings, for what is remembered.
    """

    def compute() -> frozenset[str]:
        data = reader.study_data()
        basis = prepare(data)
        if population in _FLAGS:
            anchors = basis.anchors
            return frozenset(anchors.loc[anchors[_FLAGS[population]], "USUBJID"])
        response = derive_response(data, rules, endpoint, basis)
        return frozenset(response.loc[response["AVALC"].isin(_ASSESSED), "USUBJID"])

    return RESULTS.get(result_key(reader.info, key, "-", "population", population), compute)
