"""Sitemaps, and which addresses of a site are likely its articles."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from crawlers.fields import when
from crawlers.formats import xml
from crawlers.formats.links import joined_to
from crawlers.formats.xml import Element, first

TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|xtor|at_medium|at_campaign|"
    r"_hs\w+|ref_src|cmpid|ns_\w+|s_cid|yclid|wt_\w+",
    re.IGNORECASE,
)
OTHER: Final = frozenset({
    "about", "about-us", "a-propos", "account", "amp", "archive", "archives", "author", "authors",
    "auteur", "auteurs", "cart", "carrieres", "careers", "categorie", "categories", "category",
    "cgu", "cgv", "checkout", "compte", "confidentialite", "connexion", "contact", "cookies",
    "embed", "faq", "feed", "inscription", "jobs", "legal", "login", "mentions-legales",
    "newsletter", "newsletters", "page", "panier", "plan-du-site", "print", "privacy",
    "privacy-policy", "qui-sommes-nous", "recherche", "register", "rss", "rubrique", "rubriques",
    "search", "share", "sign-in", "signin", "sitemap", "sitemap.xml", "tag", "tags", "terms",
    "terms-of-use", "wp-admin", "wp-content", "wp-json", "wp-login.php",
})  # fmt: skip
"""Parts of an address that lead to no article."""
HOLDERS: Final = frozenset({
    "actu", "actualite", "actualites", "actus", "article", "articles", "blog", "episode",
    "episodes", "journal", "magazine", "news", "p", "podcast", "podcasts", "post", "posts",
    "recettes", "recipes", "review", "reviews", "stories", "story",
})  # fmt: skip
"""Parts under which sites keep their articles."""
MEDIA: Final = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|avif|ico|pdf|mp[34]|m4a|ogg|wav|zip|gz|css|js|json|xml|rss|"
    r"atom|ics|docx?|xlsx?|pptx?|apk|dmg|exe)$",
    re.IGNORECASE,
)
DATED: Final = re.compile(
    r"/20[0-3]\d[/-](?:0?[1-9]|1[0-2])(?:[/-]|$)|/20[0-3]\d(?:0[1-9]|1[0-2])[0-3]\d"
)
SLUG: Final = re.compile(r"[^-_]+(?:[-_][^-_]+){2,}")
NUMBERED: Final = re.compile(r"[a-z][\w-]*[-_,.]\d{4,}|\d{4,}[-_,.][a-z][\w-]*", re.IGNORECASE)
EXTENSION: Final = re.compile(r"\.(?:s?html?|php|aspx?)$", re.IGNORECASE)
UNLIKELY: Final = re.compile(
    r"tag|categor|author|image|video|product|page-sitemap|taxonom", re.IGNORECASE
)
LIKELY: Final = re.compile(r"post|article|news|blog|actu|story", re.IGNORECASE)
SHORTEST: Final = 4
"""A last part with fewer letters names a language or a section."""
NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Address(NamedTuple):
    """An entry of a sitemap, and when it is said to have changed or come out."""

    url: str
    changed_at: datetime


def entries(root: Element, base: str, now: datetime) -> Iterator[Address]:
    """The entries of a urlset or sitemapindex, newest first; those without a date last."""
    found = []
    for element in root.iter("{*}url", "{*}sitemap"):
        entry = xml.children(element)
        about = xml.children(entry["news:news"][0]) if "news:news" in entry else {}
        date = when(first(about, "news:publication_date") or first(entry, "lastmod") or None, now)
        if url := joined_to(base, first(entry, "loc")):
            found.append(Address(url, date.at if date else NEVER))
    yield from sorted(found, key=lambda address: address.changed_at, reverse=True)


def maps_of_articles(addresses: Iterable[Address]) -> list[Address]:
    """The sitemaps of an index that may list articles, the likeliest and newest first."""
    kept = [address for address in addresses if not UNLIKELY.search(_path(address.url))]
    return sorted(kept, key=lambda address: not LIKELY.search(_path(address.url)))


def articles(urls: Iterable[str], home: str, *, listed: bool) -> list[str]:
    """The likely articles among addresses, once each, in order, of this site only.

    Args:
        urls: absolute addresses.
        home: the site's address; where it is a folder, addresses under it are preferred.
        listed: they come from a sitemap, which lists pages of content: where none of them
            looks like an article by its address, any that isn't surely something else is taken.
    """
    clean = dict.fromkeys(canonical(url) for url in urls)
    own = [url for url in clean if same_site(url, home) and not _is_other(url)]
    folder = _path(home).rpartition("/")[0] + "/"
    own = [url for url in own if _path(url).startswith(folder)] or own
    likely = [url for url in own if _is_article(url)]
    if likely or not listed:
        return likely
    return [url for url in own if len(_slug(_path(url))) >= SHORTEST]


def canonical(url: str) -> str:
    """The address without fragment and without what only tracks the visitor."""
    parts = urlsplit(url)
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not TRACKING.fullmatch(name)
    ]
    query = parts.query if not TRACKING.search(parts.query) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", query, ""))


def same_site(url: str, home: str) -> bool:
    """Whether both addresses are of one host, `www.` aside."""
    return _host(url) == _host(home)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _path(url: str) -> str:
    return unquote(urlsplit(url).path) or "/"


def _slug(path: str) -> str:
    return EXTENSION.sub("", path.rstrip("/").rpartition("/")[2])


def _is_other(url: str) -> bool:
    path = _path(url).lower()
    parts = {*path.split("/"), _slug(path)}
    return path in {"", "/"} or bool(MEDIA.search(path)) or not parts.isdisjoint(OTHER)


def _is_article(url: str) -> bool:
    path = _path(url)
    holder, _, slug = path.strip("/").rpartition("/")
    slug = EXTENSION.sub("", slug)
    return bool(
        (DATED.search(path) and not slug.isdigit())
        or SLUG.fullmatch(slug)
        or NUMBERED.fullmatch(slug)
        or (holder.rpartition("/")[2].lower() in HOLDERS and len(slug) >= SHORTEST)
    )
