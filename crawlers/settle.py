"""The end of a run: which posts its visits show to be deleted. For the crawl and the replay."""

from collections.abc import Mapping, Sequence

from crawlers.absences import Known, absences
from crawlers.books import Books, delete, gone_frame
from crawlers.platform import Platform
from crawlers.reading import Reading


def settle(
    books: Books,
    platform: Platform,
    visits: Mapping[str, Sequence[Reading]],
    known: Mapping[str, Mapping[str, Known]],
) -> int:
    """Mark as deleted what the run's visits of one platform should have shown; how many.

    `visits` holds, by channel, the run's pages in order; `known`, by channel and native id, what
    the books held before the run.
    """
    shown = {
        post.native_id for pages in visits.values() for reading in pages for post in reading.posts
    }
    found = []
    for channel_id, pages in visits.items():
        account = channel_id.partition(":")[2]
        missing = absences(platform, account, pages, known.get(channel_id, {}))
        found += [absence for absence in missing if absence.native_id not in shown]
    delete(books, gone_frame(platform.name, found))
    return len(found)
