"""How a figure was computed: definition in words, settings in force, and the script and query that repeat it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ..model.provenance import Provenance
from ..services.dsmb import STUDY_RULE, boundary_rules
from ..services.laboratory import laboratory_page
from ..services.measures import MeasuresPage
from ..services.recipes import Recipe, recipe, recipe_name
from ..services.vital_signs import vital_signs_page
from . import places, session, state
from .errors import shielded
from .settings_words import interval_words, rule_words
from .words import language, t

# Recipes in which the response rule decides, and those whose rates have binomial limits.
_RULED = (
    "strips",
    "swimmer",
    "grid",
    "flow",
    "strata",
    "benchmarks",
    "curve",
    "response_map",
    "cohort_swimmer",
    "trilineage",
)
_RATES = ("strips", "grid", "strata", "benchmarks", "complications", "terms", "trilineage")
_HASH = 12  # characters of a hash on the screen


@st.fragment
def how_computed(key: str, provenance: Provenance) -> None:
    """Offer how a figure was computed; it is made when it is opened.

    Parameters
    ----------
    key : of the figure.
    """
    if not recipe_name(key):
        return
    folded = st.expander(t("how.title"), icon=":material/function:", key=f"{key}_how", on_change="rerun")
    if folded.open:
        with folded, shielded():
            _words(key, provenance)
            _repeat(made_of(key), key)


def _words(key: str, provenance: Provenance) -> None:
    name, view = recipe_name(key), state.view()
    st.markdown(t(f"how.about.{name}"))
    lines = [
        t("how.cut", cut=provenance.cut_id, date=provenance.cutoff),
        t("how.hashes", content=provenance.content_hash[:_HASH], settings=provenance.settings_hash[:_HASH]),
        t(
            "how.people",
            n=provenance.selected,
            total=provenance.total,
            filters=provenance.filters or t("bar.everybody"),
        ),
    ]
    if name in _RULED:
        independence = t(f"ui.independence.{view.endpoint.independence}")
        lines.append(t("how.rule", rule=rule_words(view), independence=independence))
    if name in _RATES:
        lines.append(t("how.interval", interval=interval_words(view)))
    if name in ("curve", "ae_first"):
        lines.append(t("how.curve", conf_type=t(f"method.conf_type.{view.settings.conf_type}")))
    st.markdown("\n".join(f"- {line}" for line in lines))
    places.link("methods", t("how.methods"), ":material/menu_book:")


def _repeat(made: Recipe, key: str) -> None:
    python, sql = st.tabs([t("how.python"), t("how.sql")], key=f"{key}_how_code")
    with python:
        st.caption(t("how.python_help"))
        st.code(made.python, language="python", wrap_lines=True)
    with sql:
        st.caption(t("how.sql_counted" if made.counted else "how.sql_rows", cut=state.view().cut.cut_id))
        if made.filtered:
            st.caption(t("how.sql_unfiltered"))
        st.code(made.sql, language="sql", wrap_lines=True)


def made_of(key: str) -> Recipe:
    """Return how a figure of this page is made again, with the settings in force."""
    here = state.get()
    words = {"lang": language(), "title": t(f"how.about.{recipe_name(key)}"), "how": t("how.run")}
    return recipe(here.principal, state.view(), key, asked_for(key), words)


def asked_for(key: str) -> Mapping[str, object]:
    """Return the settings of the page that a figure depends on."""
    held = st.session_state
    name = recipe_name(key)
    asked: dict[str, object] = {
        "patient": str(held.get(session.PATIENT) or ""),
        "pe_system": str(held.get("pe_system") or ""),
        "tte_unit": str(held.get("tte_unit") or "days"),
        "by_severity": bool(held.get("tte_by_severity")),
        "ae_filter": "" if name == "complications" else str(held.get(session.AE_FILTER) or ""),
        "ae_unit": "patients" if name == "complications" else str(held.get("ae_unit") or "patients"),
        "ae_depth": str(held.get("ae_depth") or "top"),
        "ae_socs": tuple(held.get("ae_socs") or ()),
        "ae_from": str(held.get(session.AE_FROM) or ""),
        "ae_kind": str(held.get(session.AE_KIND) or "CLASS"),
        "ae_per": str(held.get(session.AE_PER) or "weeks"),
        "ae_class": str(held.get(session.AE_CLASS) or "SERUM_SICKNESS"),
        "cohort_test": str(held.get(session.COHORT_TEST) or "ANC"),
        "cohort_measure": str(held.get(session.COHORT_MEASURE) or "value"),
        "cohort_style": str(held.get(session.COHORT_STYLE) or "auto"),
        "cohort_origin": str(held.get(session.COHORT_ORIGIN) or "atg_start"),
        "cohort_sort": str(held.get(session.COHORT_SORT) or "response"),
        "cohort_level": str(held.get(session.COHORT_LEVEL) or "first"),
        "panel_page": int(held.get("panel_page") or 1) - 1,
        "recovery_page": int(held.get("recovery_page") or 1) - 1,
    }
    if name == "boundary":
        rules = boundary_rules(state.view())
        chosen = str(held.get(session.DSMB_RULE) or "")
        asked["boundary_rule"] = STUDY_RULE if STUDY_RULE in rules else chosen if chosen in rules else rules[0]
    if name == "edish":
        asked |= _plane()
    if name.startswith("lab_"):
        asked |= _measure("lab", laboratory_page(state.get().principal, state.view()))
    if name.startswith("vs_"):
        asked |= _measure("vs", vital_signs_page(state.get().principal, state.view()))
    return asked


def _plane() -> dict[str, object]:
    from .organs_liver import plane_asked  # draws with charts, which stand above this

    plane = plane_asked()
    return {"edish_amt": plane.amt, "edish_bili": plane.bili, "edish_modified": plane.modified}


def _measure(prefix: str, page: MeasuresPage) -> dict[str, object]:
    from .lab_choose import options_of  # draws with charts, which stand above this

    held = st.session_state
    chosen = options_of(page)[str(held[f"{prefix}_test"])]
    return {
        f"{prefix}_test": chosen.test,
        f"{prefix}_series": chosen.series,
        f"{prefix}_measure": str(held.get(f"{prefix}_measure") or "value"),
        f"{prefix}_style": str(held.get(f"{prefix}_style") or "auto"),
    }
