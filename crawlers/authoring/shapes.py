"""Texts of a new platform's file. `«WORD»` stands for what `new` puts in its place."""

from typing import Final

HEAD: Final = '''"""«CLASS»: what its public pages show of an account."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

«IMPORT»«FORMATS»\
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform«EACH»
from data.records import Profile, Record

'''

CLASS: Final = '''
class «CLASS»(Platform):
    """The account is the last part of its address."""

    name: ClassVar[str] = "«NAME»"
    title: ClassVar[str] = "«CLASS»"
    docs: ClassVar[str] = "https://«HOST»/"
    accounts: ClassVar[re.Pattern[str]] = re.compile(
        r"https?://«PATTERN»(?P<account>[^/?#@~]+)/?(?:[?#]|$)", re.IGNORECASE
    )
    examples: ClassVar[tuple[str, ...]] = ("«EXAMPLE»",)
    access: ClassVar[str] = "«ACCESS»"
    confidence: ClassVar[str] = "thin"
    hides: ClassVar[frozenset[str]] = frozenset({
        «HIDES»
    })  # fmt: skip

    def url_of(self, account: str) -> str:
        """The address that a person opens."""
        return f"«ADDRESS»{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """The account's page."""
        yield Fetch(self.url_of(account))

'''

JSON: Final = (
    """
«SHAPE»
"""
    + CLASS
    + '''    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """The records of an answer; its top level is typed, the rest is still to be read."""
        if not page.body.strip():
            raise Blocked("empty_shell", "an empty answer")
        try:
            document = msgspec.json.decode(page.body, type=Document)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ParseError("", f"not the known shape: {error}") from error
        yield from _records(document)


def _records(document: Document) -> Iterator[Record]:
    """What the document says. Yield a Profile, and a Post and Metrics for every item."""
    nothing: tuple[Profile, ...] = ()
    yield from nothing
    keys = document[0] if isinstance(document, list) and document else document
    names = keys if isinstance(keys, dict) else getattr(keys, "__struct_fields__", ())
    raise ParseError("", f"not read yet: {', '.join(names) or 'an empty list'}")
'''
)

HTML_IMPORT: Final = "from selectolax.lexbor import LexborHTMLParser\n\n"
HTML_FORMATS: Final = """from crawlers.formats import jsonld, xml
from crawlers.formats.walls import is_html, wall
"""
HTML: Final = (
    CLASS
    + '''    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """The head of a page, by OpenGraph; its posts are still to be read."""
        markup = xml.decoded(page.body, page.content_type)
        if not markup.strip():
            raise Blocked("empty_shell", "an empty answer")
        if not is_html(markup.lstrip()):
            raise ParseError("", "not an HTML page")
        if reason := wall(markup):
            raise Blocked(reason)
        tree = LexborHTMLParser(markup)
        name = _property(tree, "og:title")
        if name:
            yield Profile(name=name, description=_property(tree, "og:description"))
        kinds = [str(node["@type"]) for node in jsonld.nodes(markup)]
        raise ParseError("", f"posts are not read yet; JSON-LD has {', '.join(kinds) or 'nothing'}")


def _property(tree: LexborHTMLParser, name: str) -> str | None:
    """The content of one OpenGraph property."""
    found: Any = tree.css_first(f'meta[property="{name}"]')
    value = found.attributes.get("content") if found else None
    return value.strip() or None if value else None
'''
)

FEED_FORMATS: Final = """from crawlers.fields import text_of
from crawlers.formats import syndication, xml
"""
FEED: Final = (
    CLASS
    + '''    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """The feed's title and its items, as the format of feeds reads them."""
        if not page.body.strip():
            raise Blocked("empty_shell", "an empty answer")
        root = xml.root_of(page.body, page.content_type)
        head = root if xml.local(root) == "feed" else root.find("{*}channel")
        if head is None:
            raise ParseError("", f"not a feed: its root is <{xml.local(root)[:80]}>")
        about: Any = xml.children(head)
        title = text_of(xml.first(about, "title"))
        if title:
            yield Profile(name=title)
        channel = syndication.channel_of(about, head.get(syndication.LANG), page)
        items = root.iter("{*}item", "{*}entry")
        yield from each(items, "item", lambda entry: syndication.item(entry, channel))
'''
)
