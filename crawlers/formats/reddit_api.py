"""Reddit's API for apps (OAuth), asked instead of the site by those who registered one."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import structs

from crawlers.platform import Blocked, Dropped, Fetch, Official, Page, Way
from data.records import Record

SITE: Final = "https://www.reddit.com"
API: Final = "https://oauth.reddit.com"
UNAUTHORIZED: Final = 401


class RedditApi(Official):
    """It speaks as the site's own JSON does: only the address differs, and the pace."""

    origin = API
    needs = ("reddit_client_id", "reddit_client_secret")
    header = ("Authorization", "Bearer {access}")
    exchange = f"{SITE}/api/v1/access_token"

    def __init__(self, site: Way) -> None:
        self._site = site

    def start(self, account: str) -> Iterator[Fetch]:
        """As of the site."""
        yield from map(_moved, self._site.start(account))

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:
        """As of the site."""
        yield from map(_moved, self._site.refresh(account, posts))

    def refused(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """As of the site, but for a token that has ended."""
        if page.status == UNAUTHORIZED:
            raise Blocked("needs_token", f"{self.variables()}: refused")
        return self._site.refused(page)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """As of the site, going on in the API."""
        for item in self._site.parse(page):
            yield _moved(item) if isinstance(item, Fetch) else item


def _moved(fetch: Fetch) -> Fetch:
    """The same request, of the API."""
    path = fetch.url.removeprefix(SITE).removeprefix(API).replace(".json?", "?", 1)
    return structs.replace(fetch, url=f"{API}{path}", official=True)
