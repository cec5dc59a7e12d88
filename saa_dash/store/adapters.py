"""Cut files of older schema versions seen in the form of today's schema.

Each table of the schema becomes a view. A file of version n passes through the steps n → n+1 → … → today; a column
or table that no step provides is missing (NULL, no rows). Cut files themselves are never rewritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..model.schema import Table

_SQL_TYPES = {"text": "VARCHAR", "float": "DOUBLE", "int": "BIGINT"}


@dataclass(frozen=True)
class Step:
    """What one schema version changed.

    Parameters
    ----------
    columns : per table, new or re-coded columns as SQL expressions over the columns of the version before.
    """

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


# Version n → the step to version n+1. A schema change adds its step here and a fixture cut to the tests.
STEPS: dict[int, Step] = {}


def view_sql(
    table: Table, source: str, present: frozenset[str], versions: tuple[int, int], steps: Mapping[int, Step]
) -> str:
    """Return the query that shows a stored table in today's form.

    Parameters
    ----------
    source : qualified name of the stored table.
    present : columns it has; empty where the file has no such table.
    versions : schema version of the file, schema version of today.
    steps : as `STEPS`.
    """
    wanted = table.all_columns
    if not present:
        columns = ", ".join(f'CAST(NULL AS {_SQL_TYPES[kind]}) AS "{name}"' for name, kind in wanted.items())
        return f"SELECT {columns} WHERE false"
    query, known = f"SELECT * FROM {source}", set(present)
    for version in range(*versions):
        new = steps[version].columns.get(table.name, {}) if version in steps else {}
        if not new:
            continue
        kept = "".join(f'"{name}", ' for name in sorted(known - set(new)))
        made = ", ".join(f'{expression} AS "{name}"' for name, expression in new.items())
        query, known = f"SELECT {kept}{made} FROM ({query})", known | set(new)
    columns = ", ".join(
        f'CAST({f"{chr(34)}{name}{chr(34)}" if name in known else "NULL"} AS {_SQL_TYPES[kind]}) AS "{name}"'
        for name, kind in wanted.items()
    )
    return f"SELECT {columns} FROM ({query})"
