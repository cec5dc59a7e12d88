"""Results of the views, remembered per cut, settings, selection and rights."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from ..access.policy import scope
from ..access.redaction import check_sight
from ..model.errors import Refused
from ..model.principal import Principal
from ..store.results import RESULTS, result_key
from .context import View

T = TypeVar("T")


def remembered(principal: Principal, view: View, name: str, compute: Callable[[], T], *args: Hashable) -> T:
    """Return a view's result, computed once for equal data, settings, selection and rights.

    Permission is asked before: this remembers, and makes sure that the view is the principal's own and not of too few
    patients. What is returned is shared and must not be changed.

    Parameters
    ----------
    name : the use-case. args : its further arguments.

    Raises
    ------
    Refused : the view was opened for somebody who sees more or less, or its selection is too small for this role.
    """
    check_sight(principal, view.sight)
    if view.small:
        raise Refused("error.small_selection", n=view.least_cell)
    where = (str(view.data_dir), view.cut.cut_id, view.filters, view.codes_of, *args)
    return RESULTS.get(result_key(view.cut, view.settings_hash, scope(principal), name, *where), compute)
