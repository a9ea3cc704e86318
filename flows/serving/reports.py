"""Reports that are made and sent on their day: `vigie audit` on the lake as it stands."""

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from data.delivery import Delivery, Order
from data.store import Store
from flows.processes.children import Child
from flows.serving import digest, posting
from flows.serving.outbox import Notes

VIGIE: Final = "from flows.cli import main; main()"


def deliver(store: Store, told: Delivery, watchlist: str, at: datetime) -> list[str]:
    """Make and send the reports whose day has come; names of those that were not sent.

    A day that was missed is made up for at the next run, once. Noted after it was sent, as alerts.
    """
    notes = Notes(store)
    today = at.astimezone(ZoneInfo(told.timezone)).date()
    failed = []
    for place, order in enumerate(told.reports):
        note = notes.of(order.to, order.every, order.format)
        due = order.last_due(today).isoformat()
        if note is None or note["last"] >= due:
            continue
        if _made_and_sent(store, told, order, watchlist):
            note["last"] = due
            notes.keep()
        else:
            failed.append(f"reports[{place}] ({posting.kind_of(order.to)})")
    return failed


def _made_and_sent(store: Store, told: Delivery, order: Order, watchlist: str) -> bool:
    """A process of its own makes it: its browser and its memory go with it."""
    with tempfile.TemporaryDirectory(prefix="vigie-report-") as folder:
        file = Path(folder) / f"vigie.{order.format}"
        command = [sys.executable, "-P", "-c", VIGIE, "audit", watchlist, "-o", str(file)]
        command += ["--no-crawl", "--lake", store.root, "--period", order.period]
        with Child([*command, "--lang", told.language]) as child:
            code = child.wait()
        if code != 0 or not file.is_file():
            return False
        message = digest.of_report(told.market, order.period, told.language)
        return posting.send(order.to, message, attached=file)
