"""A link carries the view in codes, and nothing else gets in through it."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saa_dash.model.filters import Filters
from saa_dash.ui.url_state import UrlState, decode, encode

_FILTERS = st.builds(
    Filters,
    severity=st.lists(st.sampled_from(["VSAA", "SAA", "NSAA"]), unique=True).map(tuple),
    sex=st.lists(st.sampled_from(["M", "F"]), unique=True).map(tuple),
    age=st.none() | st.tuples(st.integers(0, 60), st.integers(61, 120)),
    patients=st.lists(st.integers(1, 306).map(lambda n: f"P{n:02d}"), unique=True, max_size=12).map(tuple),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(_FILTERS, st.sampled_from(["zh", "en"]))
def test_a_link_brings_the_same_view_back(filters: Filters, lang: str) -> None:
    state = UrlState(lang=lang, cut="20260801T000000Z-0a1b2c3d", filters=filters, patient="P07", extra={"view": "all"})
    assert decode(encode(state)) == state


def test_defaults_leave_the_address_bar_empty() -> None:
    assert encode(UrlState()) == {}


def test_a_link_is_short_and_holds_codes_only() -> None:
    filters = Filters(severity=("VSAA", "SAA"), sex=("F",), age=(18, 40), patients=("P03", "P05"))
    assert encode(UrlState(lang="en", filters=filters)) == {
        "lang": "en", "sev": "VSAA.SAA", "sex": "F", "age": "18-40", "pt": "P03.P05",
    }  # fmt: skip


@given(st.dictionaries(st.sampled_from(["lang", "cut", "sev", "sex", "age", "pt", "p", "view", "win"]), st.text()))
def test_nonsense_in_a_link_never_raises(params: dict[str, str]) -> None:
    state = decode(params)
    assert state.lang in ("", "zh", "en")
    assert all(code[0] == "P" and code[1:].isdigit() for code in state.filters.patients)


def test_what_is_not_understood_is_left_out() -> None:
    state = decode({"lang": "fr", "sev": "VSAA.XX", "age": "60-18", "pt": "P01.<script>.001", "p": "ChiCTR-P001"})
    assert state == UrlState(filters=Filters(severity=("VSAA",), patients=("P01",)))
