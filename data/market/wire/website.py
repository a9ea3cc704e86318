"""Two company sites: one with a sitemap, one whose list of articles a script draws."""

import html
import json
from datetime import datetime
from typing import Final

from data.market.cast import CAST, SITES, Channel, Entity
from data.market.records import Post
from data.market.wire.http import Reply, Request, as_json, as_text, rfc3339
from data.market.wire.markup import paragraphs
from data.market.world import Market

ENTITIES: Final[dict[str, Entity]] = {entity.name: entity for entity in CAST}
NEWEST: Final = 12
"""Articles that the home page links to; the sitemap has them all."""
DRAW: Final = """
const list = document.getElementById("articles");
fetch("articles.json").then(answer => answer.json()).then(articles => {
  for (const article of articles) {
    const link = document.createElement("a");
    link.href = article.path;
    link.textContent = article.title;
    const time = document.createElement("time");
    time.dateTime = article.date;
    const item = document.createElement("article");
    item.append(link, time);
    list.append(item);
  }
  list.dataset.ready = "yes";
});
"""


def answer(market: Market, request: Request, now: datetime) -> Reply | None:
    """A page of one of the sites, or None."""
    for channel in market.channels:
        home = channel.url.removeprefix(SITES)
        if channel.platform == "website" and request.path.startswith(home.rstrip("/")):
            posts = market.visible(channel.channel_id, now)
            return _page(channel, posts, request.path.removeprefix(home.rstrip("/")), now)
    if request.path == "/robots.txt":
        return _robots(market)
    if request.path == "/sitemap_index.xml":
        return _index(market)
    return None


def _page(channel: Channel, posts: list[Post], path: str, now: datetime) -> Reply | None:
    pages = {
        "": _home, "/": _home, "/sitemap.xml": _sitemap, "/articles.json": _articles,
    }  # fmt: skip
    if channel.dialect == "script":
        del pages["/sitemap.xml"]
    if draw := pages.get(path):
        return draw(channel, posts)
    for post in posts:
        if post.url.removeprefix(channel.url.rstrip("/")).rstrip("/") == path.rstrip("/"):
            return _article(channel, post, now)
    return None


def _robots(market: Market) -> Reply:
    sites = (c for c in market.channels if c.dialect == "sitemap")
    lines = [f"Sitemap: {channel.url}sitemap.xml" for channel in sites]
    return as_text("\n".join(["User-agent: *", "Allow: /", "", *lines, ""]), "text/plain")


def _index(market: Market) -> Reply:
    sites = (c for c in market.channels if c.dialect == "sitemap")
    rows = "".join(f"<sitemap><loc>{c.url}sitemap.xml</loc></sitemap>" for c in sites)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return as_text(f'{head}<sitemapindex xmlns="{space}">{rows}</sitemapindex>', "application/xml")


def _sitemap(channel: Channel, posts: list[Post]) -> Reply:
    rows = "".join(
        f"<url><loc>{post.url}</loc><lastmod>{rfc3339(post.published_at)}</lastmod></url>"
        for post in posts
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    home = f"<url><loc>{channel.url}</loc></url>"
    return as_text(f'{head}<urlset xmlns="{space}">{home}{rows}</urlset>', "application/xml")


def _document(title: str, head: str, body: str) -> Reply:
    return as_text(
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{html.escape(title)}'
        f"</title>{head}</head><body>{body}</body></html>",
        "text/html",
    )


def _relative(channel: Channel, post: Post) -> str:
    return post.url.removeprefix(channel.url)


def _home(channel: Channel, posts: list[Post]) -> Reply:
    about = f"<p>{html.escape(ENTITIES[channel.entity].about)}</p>"
    head, foot = _organization(channel), _footer(channel)
    name = f"<header><h1>{html.escape(channel.entity)}</h1>{about}</header>"
    if channel.dialect == "script":
        noscript = "<noscript>JavaScript est requis.</noscript>"
        list_ = f'<main id="articles">{noscript}</main><script>{DRAW}</script>'
        return _document(channel.entity, head, name + list_ + foot)
    items = "".join(
        f'<article><h2><a href="{_relative(channel, post)}">{html.escape(post.title or "")}</a>'
        f'</h2><time datetime="{rfc3339(post.published_at)}"></time></article>'
        for post in posts[:NEWEST]
    )
    return _document(channel.entity, head, f"{name}<main>{items}</main>{foot}")


def _accounts(channel: Channel) -> list[Channel]:
    """The same brand's channels elsewhere."""
    return [one for one in ENTITIES[channel.entity].channels if one.platform != "website"]


def _organization(channel: Channel) -> str:
    """Who runs the site, for machines: JSON-LD with its accounts elsewhere."""
    data = {
        "@context": "https://schema.org", "@type": "Organization", "name": channel.entity,
        "url": channel.url, "sameAs": [one.url for one in _accounts(channel)],
    }  # fmt: skip
    inline = json.dumps(data, ensure_ascii=False).replace("</", r"<\/")
    return f'<script type="application/ld+json">{inline}</script>'


def _footer(channel: Channel) -> str:
    """The same accounts for people, and a button that shares the page."""
    links = "".join(
        f'<li><a href="{html.escape(one.url)}">{one.platform.title()}</a></li>'
        for one in _accounts(channel)
    )
    share = f"https://www.facebook.com/sharer/sharer.php?u={html.escape(channel.url)}"
    return f'<footer><ul>{links}</ul><a href="{share}">Partager</a></footer>'


def _articles(channel: Channel, posts: list[Post]) -> Reply:
    return as_json(
        [
            {
                "path": _relative(channel, post), "title": post.title,
                "date": rfc3339(post.published_at),
            }
            for post in posts
        ]
    )  # fmt: skip


def _article(channel: Channel, post: Post, now: datetime) -> Reply:
    """An article with JSON-LD, OpenGraph and a plain body."""
    edited = post.edited_at(now) or post.published_at
    data = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": post.title,
        "mainEntityOfPage": {"@type": "WebPage", "@id": post.url}, "url": post.url,
        "datePublished": rfc3339(post.published_at), "dateModified": rfc3339(edited),
        "inLanguage": post.language, "author": [{"@type": "Organization", "name": channel.entity}],
        "publisher": {"@type": "Organization", "name": channel.entity},
        "articleBody": post.text_at(now), "image": [f"{post.url}image.jpg"],
    }  # fmt: skip
    title = html.escape(post.title or "")
    inline = json.dumps(data, ensure_ascii=False).replace("</", r"<\/")
    head = (
        f'<link rel="canonical" href="{post.url}"><meta property="og:type" content="article">'
        f'<meta property="og:title" content="{title}"><meta property="og:url" content="{post.url}">'
        f'<meta property="article:published_time" content="{rfc3339(post.published_at)}">'
        f'<script type="application/ld+json">{inline}</script>'
    )
    home = "../" * (_relative(channel, post).count("/"))
    body = (
        f'<nav><a href="{home}">{html.escape(channel.entity)}</a></nav><main><article>'
        f'<h1>{title}</h1><time datetime="{rfc3339(post.published_at)}"></time>'
        f"{paragraphs(post.text_at(now))}</article></main>"
    )
    return _document(post.title or "", head, body)
