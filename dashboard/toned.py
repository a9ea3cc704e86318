"""How well the tone of comments was measured to be read, in words that stand beside it."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import i18n
from dashboard.i18n import _


def quality(measured: pl.DataFrame) -> str:
    """How often the classifier is right, and where that is told; `measured` are rows of `models`.

    Empty where it is not known, and where the classifier does not surely read better than one
    who always names the commonest tone: no tone is shown then.
    """
    if measured.is_empty() or (measured["low"] <= measured["baseline"]).any():
        return ""
    said = [_language(row) for row in measured.iter_rows(named=True)]
    return _(
        "Read by a small classifier, which is wrong at times; measured on {n} texts a language "
        "that it had never seen: {quality}. Always naming the commonest tone would give "
        "{baseline}. Source: {source}."
    ).format(
        n=i18n.decimal(measured["n"][0]), quality=_("; ").join(said),
        baseline=i18n.decimal(measured["baseline"][0], 2), source=measured["source"][0],
    )  # fmt: skip


def _language(row: Mapping[str, Any]) -> str:
    words = {"fr": _("in French"), "en": _("in English")}
    return _(
        "{language} it is right on about {right} comments of 10 ({measure} {value} {span})"
    ).format(
        language=words.get(row["language"], row["language"]),
        right=i18n.decimal(round(10 * row["value"])), measure=row["measure"],
        value=i18n.decimal(row["value"], 2), span=i18n.interval(row["low"], row["high"]),
    )  # fmt: skip


def formula() -> str:
    """How the shares and their intervals are computed, and what they don't hold."""
    return _(
        "Comments read as positive (or negative) over all that have a tone. Interval: Wilson’s, "
        "with the effective number of comments of Korn & Graubard (1998), since comments under one "
        "post agree more than others. It holds chance, not the comments that are misread, so "
        "compare accounts rather than take a share as counted. No share under 30 comments or 5 "
        "posts. Irony is read by its words."
    )
