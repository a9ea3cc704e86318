"""Addresses in markup, made absolute."""

import html
import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from crawlers.fields import once

WHOLE: Final = re.compile(r"https?://[\w.-]+(?::[0-9]{1,5})?(?:[/?#][^\s\[\]]*)?")
"""An address that is absolute as it stands: most are, and joining costs ten times as much."""
BLANK: Final = re.compile(r"\s")
HREF: Final = re.compile(r"""<a\s[^>]*?href\s*=\s*["']?([^"'\s>]{1,2000})""", re.IGNORECASE)


def links_in(markup: str, base: str) -> tuple[str, ...]:
    """The http(s) addresses that this HTML links to, absolute."""
    joined = (joined_to(base, html.unescape(found)) for found in HREF.findall(markup))
    return once(link for link in joined if link)


def joined_to(base: str, link: str) -> str:
    """`link` as an absolute http(s) address; empty where it is none."""
    if WHOLE.fullmatch(link):
        return link
    try:
        joined = BLANK.sub("%20", urljoin(base, link.strip()))
        return joined if urlsplit(joined).netloc and joined.startswith(("http:", "https:")) else ""
    except ValueError:
        return ""
