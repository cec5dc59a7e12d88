"""Parquet: typed columns with true dates; labels, units and the stamp as metadata."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ..model.message import Message
from .dataset import Dataset, Stamp
from .variables import VariableSpec

SUFFIX = ".parquet"
_TYPES = {"text": pa.large_string(), "integer": pa.int64(), "float": pa.float64(), "date": pa.date32()}


def _field(spec: VariableSpec, label: str) -> pa.Field:
    metadata = {"label": label, "unit": spec.unit}
    return pa.field(spec.name, _TYPES[spec.type], metadata={key: value for key, value in metadata.items() if value})


def write_parquet(dataset: Dataset, path: Path, stamp: Stamp) -> tuple[Message, ...]:
    """Write a dataset."""
    fields = [_field(spec, label) for spec, label in zip(dataset.variables, dataset.labels, strict=True)]
    arrays = [
        pa.array(dataset.frame[spec.name].array, from_pandas=True).cast(_TYPES[spec.type]) for spec in dataset.variables
    ]
    metadata = {"dataset": dataset.name, "label": dataset.label, **stamp.as_texts()}
    table = pa.Table.from_arrays(
        [array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array for array in arrays],
        schema=pa.schema(fields, metadata=metadata),
    )
    pq.write_table(table, path)
    return ()
