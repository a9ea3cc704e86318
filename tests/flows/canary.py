"""Looks for planted texts in every file of a lake, whatever its format."""

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq


def hits(lake, *needles):
    """(file, needle) of every file below the folder that holds one of the texts."""
    found = []
    for file in sorted(path for path in Path(lake).rglob("*") if path.is_file()):
        told = contents(file)
        found += [(file.name, needle) for needle in needles if needle.encode().lower() in told]
    return found


def contents(file):
    """The bytes of a file in lower case; of Parquet, its values and footer too."""
    told = [file.read_bytes()]
    if file.suffix == ".parquet":
        told += map(_bytes, values(pq.read_table(file).to_pylist()))
        told.append(str(pq.read_metadata(file).to_dict()).encode())
    return b"\n".join(told).lower()


def values(node):
    """Every value inside lists and objects."""
    if isinstance(node, dict):
        node = [*node.keys(), *node.values()]
    if isinstance(node, list | tuple):
        for one in node:
            yield from values(one)
    else:
        yield node


def _bytes(value):
    return value if isinstance(value, bytes) else str(value).encode()


def rows(store, table):
    """Number of rows of a table."""
    return store.scan(table).select(pl.len()).collect().item()
