"""Survival estimates of any table of times and events, as a file in R's layout."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..access.policy import Permission, check_permission
from ..ingest.times import read_times
from ..model.errors import UserError
from ..model.principal import Principal
from ..model.problem import Problem
from ..store.files import check_free, environment, write_bytes

if TYPE_CHECKING:
    import pandas as pd

    from ..analysis.limits import ConfType

Kind = Literal["km", "cif", "quantiles"]


class TimesInvalid(UserError):
    """The table of times holds errors; every one of them is listed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("error.estimate_data", n=len(problems))
        self.problems = tuple(problems)


def format_cell(value: object) -> str:
    """Return a value as R's ``write.csv`` does: text quoted, missing NA, numbers bare with 17 significant digits."""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    number = float(value)  # type: ignore[arg-type]  # a number of Python or numpy
    return "NA" if math.isnan(number) else f"{number + 0.0:.17g}"  # + 0.0: no minus zero


def _as_csv(table: pd.DataFrame) -> bytes:
    cells = [[format_cell(value) for value in table[column].tolist()] for column in table]
    header = ",".join(format_cell(name) for name in table)
    return "\n".join([header, *(",".join(row) for row in zip(*cells, strict=True)), ""]).encode()


def _table(kind: Kind, data: pd.DataFrame, conf_type: ConfType | None) -> pd.DataFrame:
    from ..analysis import estimate_tables
    from ..analysis.limits import CONF_TYPES

    make = {
        "km": estimate_tables.km_table,
        "cif": estimate_tables.cif_table,
        "quantiles": estimate_tables.quantile_table,
    }[kind]
    return make(data, CONF_TYPES if conf_type is None else (conf_type,))


def write_estimates(
    principal: Principal, kind: Kind, source: Path, out: Path, conf_type: ConfType | None = None, *, force: bool = False
) -> int:
    """Write the estimates of a CSV file of times and events, and return the number of rows.

    Parameters
    ----------
    kind : ``km``, ``cif`` or ``quantiles``. source : CSV with time, event and perhaps group. out : CSV to write.
    conf_type : scale of the limits, all three where None.

    Raises
    ------
    TimesInvalid : with every problem of the file. UsageError : `out` exists and `force` is False.
    """
    check_permission(principal, Permission.VIEW_AGGREGATES)
    check_free(out, force=force)
    with environment(source):
        data = source.read_bytes()
    times = read_times(data, source.name)
    if times.problems:
        raise TimesInvalid(times.problems)
    import pandas as pd

    table = _table(kind, pd.DataFrame(times.columns), conf_type)
    write_bytes(out, _as_csv(table), force=force)
    return len(table)
