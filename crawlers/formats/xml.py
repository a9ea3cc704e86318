"""XML as the web serves it: hardened, in the encoding it really has, names without namespaces."""

import codecs
import re
from functools import cache
from html.entities import html5
from typing import Any, Final

from lxml import etree

from crawlers.platform import ParseError

Element = Any
"""An lxml element; lxml brings no types of its own."""

NAMESPACES: Final = {
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://www.w3.org/2005/atom": "",
    "https://cyber.harvard.edu/rss/rss.html": "",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap/0.84": "",
    "http://www.google.com/schemas/sitemap-news/0.9": "news:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/rss/1.0/modules/prism/": "prism:",
    "http://purl.org/rss/1.0/modules/slash/": "slash:",
    "http://purl.org/syndication/thread/1.0": "thr:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://search.yahoo.com/mrss": "media:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://video.search.yahoo.com/mrss": "media:",
    "http://video.search.yahoo.com/mrss/": "media:",
    "http://www.rssboard.org/media-rss": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.youtube.com/xml/schemas/2015": "yt:",
}
"""Namespace, in lower case → prefix of the names here. Feed and sitemap vocabularies share the
empty one: no document mixes them in one place."""

XML_ENTITIES: Final = {"amp", "lt", "gt", "quot", "apos"}
BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
DECLARED: Final = re.compile(rb"""^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""")
META: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
STRAY: Final = 10
"""One bad byte among this many foreign letters is a slip; more mean another encoding."""
DECLARATION: Final = re.compile(r"^\s*<\?xml\s[^>]{0,300}\?>")
CHARSET: Final = re.compile(r"charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE)
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
AMPERSAND: Final = re.compile(
    r"&(?:([A-Za-z][A-Za-z0-9]{1,30});|(?!#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};))"
)
CDATA: Final = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)


def root_of(body: bytes, content_type: str | None = None) -> Element:
    """The root element of a document that may be badly encoded or slightly broken, never cut off.

    Nothing outside the document is read and no declared entity is expanded.

    Raises:
        ParseError: not XML, cut off, or one that declares entities of entities.
    """
    try:
        root = etree.fromstring(body.strip(), _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        root = _recovered(body, content_type, str(error))
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and any(_hostile(entity) for entity in declared.iterentities()):
        raise ParseError("", "the document declares entities that expand")
    return root


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=recover,
    )  # fmt: skip


def _hostile(entity: Any) -> bool:
    content = entity.content or ""
    return entity.system_url is not None or "&" in content or "%" in content or len(content) > 100  # noqa: PLR2004


def _recovered(body: bytes, content_type: str | None, problem: str) -> Element:
    """A second reading for what real feeds get wrong: stray bytes, HTML entities, bad nesting."""
    text = FORBIDDEN.sub("", decoded(body, content_type)).strip()
    if "<!ENTITY" in text:
        raise ParseError("", problem)
    parts = CDATA.split(DECLARATION.sub("", text))
    parts[::2] = [AMPERSAND.sub(_escaped, part) for part in parts[::2]]
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True, recover=True,
    )  # fmt: skip
    try:
        root = etree.fromstring("".join(parts).encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError("", problem) from error
    if root is None or not isinstance(root.tag, str):
        raise ParseError("", problem)
    if f"</{root.prefix + ':' if root.prefix else ''}{local(root)}" not in text[-2000:]:
        raise ParseError("", f"cut off or no XML ({problem})")
    return root


def _escaped(match: re.Match[str]) -> str:
    """`&eacute;` → `é`, whose name means nothing to XML; a bare `&` → `&amp;`."""
    name = match[1]
    if name in XML_ENTITIES:
        return match[0]
    return html5.get(f"{name};", "") or f"&amp;{match[0][1:]}"


def decoded(body: bytes, content_type: str | None = None) -> str:
    """Text in the encoding that the document has: by mark, declaration, header, or look.

    A few stray bytes in a UTF-8 document cost themselves, not every accent of the others.
    """
    marked = [name for mark, name in BOMS if body.startswith(mark)]
    declared = DECLARED.match(body) or META.search(body[:4096])
    header = CHARSET.search(content_type or "")
    named = [declared[1].decode()] if declared else []
    for name in [*marked, *named, *([header[1]] if header else []), "utf-8"]:
        try:
            return body.decode(name).removeprefix("\ufeff")
        except (LookupError, ValueError):
            continue
    lossy = body.decode("utf-8", errors="replace")
    foreign = sum(character > "\x7f" for character in lossy)
    if lossy.count("\ufffd") * STRAY <= foreign:
        return lossy.removeprefix("\ufeff")
    return body.decode("cp1252", errors="replace")


@cache
def _name(tag: str) -> str:
    space, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    return NAMESPACES.get(space.lower(), "other:" if space else "") + name


def name_of(element: Element) -> str:
    """`media:content`, `dc:date`, `title`: the prefix is ours, whatever the document's is."""
    return _name(element.tag) if isinstance(element.tag, str) else ""


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element) -> dict[str, list[Element]]:
    """The element's children by their names."""
    found: dict[str, list[Element]] = {}
    for child in element:
        found.setdefault(name_of(child), []).append(child)
    return found


def content(element: Element | None) -> str:
    """All text inside, stripped; empty where there is no element."""
    return "" if element is None else "".join(element.itertext()).strip()


def first(found: dict[str, list[Element]], *names: str) -> str:
    """The first text that is not empty among the children of these names, in their order."""
    for name in names:
        for element in found.get(name, ()):
            if text := content(element):
                return text
    return ""
