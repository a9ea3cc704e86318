"""What each platform gives and hides, as a table: the dashboard knows no crawler."""

from typing import TYPE_CHECKING, Any

from crawlers.alternatives import alternative
from crawlers.registry import platforms
from flows.words.messages import said_in

if TYPE_CHECKING:
    from data.store import Store


def rows() -> list[dict[str, Any]]:
    """The rows of the table `platforms`: one a platform that Vigie reads, by name."""
    return [
        {
            "platform": platform.name,
            "title": platform.title,
            "access": platform.access,
            "confidence": platform.confidence,
            "hides": sorted(platform.hides),
            "docs": platform.docs,
            "alternative_en": alternative(platform.name),
            "alternative_fr": said_in("fr", alternative(platform.name)),
        }
        for platform in sorted(platforms().values(), key=lambda one: one.name)
    ]


def write(store: "Store") -> None:
    """Make `platforms` say what the code says; no write where it does."""
    import polars as pl

    known = store.scan("platforms").collect().sort("platform")
    wanted = pl.DataFrame(rows(), schema=known.schema)
    if not known.equals(wanted):
        store.replace("platforms", wanted)
