"""`vigie metrics`: what a monitor asks, once."""

from flows.commands.common import existing
from flows.words import console
from flows.words.options import Lake, Lang

EXAMPLE = "Example: vigie metrics --lake data/lake > /var/lib/node_exporter/vigie.prom"


def metrics(
    lake: Lake = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:
    """Print freshness, errors, blocks, runs, alerts and rows in Prometheus's text format."""
    from datetime import UTC, datetime

    from flows.watching import metrics as watching

    found = watching.families(existing(lake), datetime.now(UTC))
    console.result(watching.text(found).removesuffix("\n"))
