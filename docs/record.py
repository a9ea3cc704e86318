"""The record of processing activities (GDPR, art. 30), from settings and table contracts."""

from collections.abc import Iterator
from typing import Final

from data.settings import Settings
from data.tables import CORE
from data.vocabulary import ROLES
from data.watchlist import RETENTION_DAYS, Crawl

PERSONAL: Final = {
    "profiles": "watched channels",
    "posts": "watched channels; strangers in topics and reposts",
    "comments": "people who comment",
    "pages": "everybody whom a public page shows",
}
"""Tables with personal data, and whose."""
FOREVER: Final = "until erased"


def rows() -> Iterator[tuple[object, ...]]:
    """What the record says, line by line."""
    crawl = Crawl()
    yield "controller", "the organisation that runs Vigie; contact: `VIGIE_CONTACT`"
    yield "purposes", "comparing a brand's public communication with that of its market"
    yield "legal basis", "to be decided by the controller; usually legitimate interest (art. 6.1.f)"
    yield "persons", f"accounts watched as {', '.join(ROLES)}; people who comment on their posts"
    for table, whose in PERSONAL.items():
        kept = {"comments": _days(), "pages": f"those with comments: {_days()}; {FOREVER}"}
        columns = ", ".join(f"`{name}`" for name in CORE[table].columns())
        yield f"data: `{table}`", f"of {whose}: {columns}; kept: {kept.get(table, FOREVER)}"
    yield "source", f"public pages, up to {crawl.history_days} days back; no sign-in"
    yield "recipients", "none; alerts go to the addresses in the watchlist"
    yield "transfers", "none; nothing leaves the machine but requests for public pages"
    yield "place", f"`VIGIE_LAKE`: {Settings.model_fields['lake'].description}"
    yield "security", "pseudonyms with a key of mode 0600; robots.txt obeyed; no names in tables"


def _days() -> str:
    return f"`crawl.retention_days`, {RETENTION_DAYS} days by default"
