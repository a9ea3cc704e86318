"""Those who asked not to be stored: erased once, and left out from then on."""

from collections.abc import Sequence

from crawlers.plan import PlanChannel
from crawlers.privacy import named
from crawlers.terms import erased_channels
from data.store import Store
from data.watchlist import Watchlist
from flows.erasing import retention
from flows.erasing.forget import author_job, carry_out, channel_job
from flows.words import console


def honoured(
    store: Store, watchlist: Watchlist, channels: Sequence[PlanChannel]
) -> list[PlanChannel]:
    """The channels that may be crawled, after everybody new on the opt-out list was erased.

    Channels that were erased are named on standard error: they should leave the watchlist.
    """
    retention.set_days(store, watchlist.crawl.retention_days)
    asked = [author_job(store, name) for name in watchlist.opt_out.authors]
    asked += [channel_job(store, name, ahead=True) for name in watchlist.opt_out.channels]
    if asked:
        known, secret = set(store.scan("erasures").collect()["asked"]), store.secret()
        for job in asked:
            if named(job.asked, secret) not in known:
                carry_out(store, job)
    gone = erased_channels(store, [channel.channel_id for channel in channels])
    for channel_id in sorted(gone):
        console.problem(
            "{channel}: was erased and is not crawled; take it out of the watchlist",
            channel=channel_id,
        )
    return [channel for channel in channels if channel.channel_id not in gone]
