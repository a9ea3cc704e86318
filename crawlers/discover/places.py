"""Where on a page a link stands: in its frame, in a block of accounts, or where it is not ours."""

import re
from collections.abc import Iterator
from typing import Any, Final

from crawlers.discover.networks import account_at, elsewhere_at, host_of, network_of
from crawlers.formats.links import joined_to

Node = Any
"""A selectolax node."""

WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
THEIRS: Final = frozenset({
    "author", "authors", "auteur", "auteurs", "autor", "byline", "signature", "bio", "biography",
    "contributor", "contributors", "comment", "comments", "commentaire", "commentaires", "respond",
    "tweet", "tweets", "embed", "embeds", "embedded", "oembed", "testimonial", "testimonials",
    "team", "equipe", "member", "members", "speaker", "speakers", "person", "people", "vcard",
    "partner", "partners", "partenaire", "partenaires", "sponsor", "sponsors", "client", "clients",
    "attribution", "credit", "credits", "related", "recommended", "agency", "agence",
    "expert", "experts", "journalist", "journaliste", "review", "reviews", "quote", "cite",
    "guest", "guests", "exhibitor", "artist", "artists", "vendor", "vendors", "staff",
})  # fmt: skip
"""Words in the ids and classes around links that are somebody else's."""
INSIDE: Final = re.compile(
    r"(?:entry|post|article|blog|story)[-_]{1,2}(?:content|body|text)\b|\barticle[bB]ody\b"
)
"""Classes of running text."""
FRAMES: Final = {
    "footer": "footer", "colophon": "footer", "contentinfo": "footer", "pied": "footer",
    "bottombar": "footer", "header": "header", "masthead": "header", "banner": "header",
    "topbar": "header", "navbar": "nav", "nav": "nav", "navigation": "nav", "menu": "nav",
    "offcanvas": "nav",
}  # fmt: skip
PART: Final = frozenset({"modal", "card", "entry", "post", "dialog", "article", "comment", "tweet"})
SMALL: Final = PART | {"panel", "popup", "section", "product", "related", "hero", "slide", "slider"}
"""Beside "footer" or "header" these words make it that of a part, not of the page."""
BY: Final = re.compile(
    r"(?:\b(?:by|par|von|por|di)|(?:site|website|web|d[ée]sign(?:ed)?|theme|th[èe]me|made|built|"
    r"developed|d[ée]velopp\w+|r[ée]alis\w+|conception|cr[ée]ation|cr[ée]{2}\w*|crafted|powered|"
    r"propuls\w+|photos?|cr[ée]dits?|umsetzung|webdesign)(?:\s+(?:by|par|with|avec|de|von))?)"
    r"\s*[:\-–—|♥❤️]*\s*$",
    re.IGNORECASE,
)
"""The words before a name that made something."""
CREDIT: Final = re.compile(
    r"^\W*(?:(?:site|website|web|d[ée]sign(?:ed)?|theme|made|built|developed|crafted|powered)\b"
    r".{0,20}\bby\b|(?:site|conception|d[ée]velopp\w+|r[ée]alis\w+|cr[ée]\w+|propuls\w+)\b"
    r".{0,20}\bpar\b)",
    re.IGNORECASE,
)
FOLLOW: Final = re.compile(
    r"follow|suivez|suivre|retrouve[zr]|rejoign|join us|find us|connect with|stay in touch|"
    r"restons en contact|r[ée]seaux sociaux|social media|folge|abonne",
    re.IGNORECASE,
)
"""What a page says beside links to its own accounts."""
OURS: Final = re.compile(
    r"(?:my|our|mon|ma|notre|nos)\s+(?:twitter|x|facebook|insta\w*|youtube|linkedin|tiktok|"
    r"pinterest|mastodon|bluesky|page|channel|cha[iî]ne|compte|account|profile?)\b",
    re.IGNORECASE,
)
SOCIAL: Final = frozenset({"social", "socials", "sociaux", "follow", "suivre", "reseaux"})
LEVELS: Final = 6
NEAR: Final = 4
SHORT: Final = 160
GAPS: Final = 6
"""Characters between the links of a paragraph that is nothing but links."""
LOOSE: Final = 80
"""Characters outside its links that a block of accounts may have."""
ROOTS: Final = frozenset({"html", "body"})


def above(node: Node) -> Iterator[Node]:
    """What a node stands in, from the inside out, without the document itself."""
    parent = node.parent
    while parent is not None and parent.tag not in ROOTS and not parent.tag.startswith("-"):
        yield parent
        parent = parent.parent


def frame_of(link: Node) -> str | None:
    """`footer`, `header`, `nav`; `text` in an article; `body` elsewhere; None where it is not ours.

    Not ours: authors, comments, embedded posts, credits, lists of others.
    """
    if _is_credit(link):
        return None
    frame = None
    in_text = False
    for node in above(link):
        words, marks = _words(node), _marks(node)
        if words & THEIRS or node.tag in {"blockquote", "figure"}:
            return None
        running = INSIDE.search(marks) or words & {"hentry", "prose"}
        in_text = in_text or node.tag == "article" or bool(frame is None and running)
        frame = frame or _frame(node, words)
    return "text" if in_text else frame or "body"


def in_block(link: Node, base: str) -> bool:
    """Whether it stands in a small block of accounts: of several networks, or one to follow."""
    if OURS.match(link.text().strip()):
        return True
    for level, node in enumerate(above(link)):
        anchors = node.css("a[href]")
        text = node.text()
        linked = sum(len("".join(anchor.text().split())) for anchor in anchors)
        loose = len("".join(text.split())) - linked
        follows = len(text) <= SHORT and bool(FOLLOW.search(text))
        if level >= LEVELS or loose > LOOSE or (node.tag == "p" and loose > GAPS and not follows):
            return False
        if len(_networks(anchors, base)) > 1:
            return True
        if level < NEAR and (follows or _words(node) & SOCIAL):
            return True
    return False


def _networks(anchors: list[Node], base: str) -> set[str]:
    found: set[str] = set()
    for anchor in anchors[:40]:
        url = joined_to(base, (anchor.attributes.get("href") or "").strip())
        if not url or host_of(url) == host_of(base):
            continue
        if account := account_at(url):
            found.add(account.platform)
        elif elsewhere_at(url):
            found.add(network_of(url) or "")
    return found


def _frame(node: Node, words: set[str]) -> str | None:
    if node.tag in {"footer", "header", "nav"}:
        return None if words & PART else str(node.tag)
    if words & SMALL:
        return None
    return next((frame for word, frame in FRAMES.items() if word in words), None)


def _marks(node: Node) -> str:
    named = node.attributes
    names = ("id", "class", "role", "itemprop", "data-elementor-type")
    return " ".join(named.get(name) or "" for name in names)


def _words(node: Node) -> set[str]:
    return {word.lower() for word in WORD.findall(_marks(node))}


def _is_credit(link: Node) -> bool:
    shown = link.text().strip()
    return bool(CREDIT.match(shown) or BY.search(_before(link)))


def _before(link: Node) -> str:
    """The text right before a link, on its line."""
    text, node = "", link
    for _ in range(3):
        previous = node.prev
        while previous is not None and len(text.strip()) < LOOSE:
            if previous.tag in {"br", "a", "img", "svg"}:
                return text
            if not previous.tag.startswith("_"):
                text = previous.text() + text
            previous = previous.prev
        node = node.parent
        if text.strip() or node is None or node.tag not in {"span", "strong", "b", "em", "i"}:
            return text
    return text
