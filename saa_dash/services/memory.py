"""Results of the views, remembered per cut, settings, selection and rights."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from ..access.policy import scope
from ..model.principal import Principal
from ..store.results import RESULTS, result_key
from .context import View

T = TypeVar("T")


def remembered(principal: Principal, view: View, name: str, compute: Callable[[], T], *args: Hashable) -> T:
    """Return a view's result, computed once for equal data, settings, selection and rights.

    Permission is asked before: this only remembers. What is returned is shared and must not be changed.

    Parameters
    ----------
    name : the use-case. args : its further arguments.
    """
    where = (str(view.data_dir), view.cut.cut_id, view.filters, *args)
    return RESULTS.get(result_key(view.cut, view.settings_hash, scope(principal), name, *where), compute)
