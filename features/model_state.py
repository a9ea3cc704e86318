"""A fitted clustering as a JSON document and back. Arrays travel as base64 of NumPy's format."""

import base64
import io
from dataclasses import fields
from datetime import datetime
from typing import Any

import numpy as np

from features.content_types import Model


def packed(array: np.ndarray[Any, Any]) -> str:
    """An array as text."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return base64.b64encode(buffer.getvalue()).decode()


def unpacked(text: str) -> np.ndarray[Any, Any]:
    """The array that `packed` made the text of."""
    array: np.ndarray[Any, Any] = np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False)
    return array


def dump(model: Model) -> dict[str, Any]:
    """The model as a JSON document."""
    document: dict[str, Any] = {}
    for entry in fields(model):
        value = getattr(model, entry.name)
        if isinstance(value, np.ndarray):
            value = packed(value)
        elif isinstance(value, dict):
            value = {name: packed(array) for name, array in value.items()}
        elif isinstance(value, datetime):
            value = value.isoformat()
        document[entry.name] = value
    return document


def load(document: dict[str, Any]) -> Model:
    """The model that `dump` made the document of."""
    arrays = {name: unpacked(document[name]) for name in ("weights", "prior", "centres", "floors")}
    means = {name: unpacked(text) for name, text in document["means"].items()}
    fitted_at = datetime.fromisoformat(document["fitted_at"])
    return Model(**{**document, **arrays, "means": means, "fitted_at": fitted_at})
