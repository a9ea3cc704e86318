"""X's answers in JSON: the embedded timeline, the embedded post, and the site's own GraphQL."""

import re
from collections.abc import Iterator
from typing import Any, Final

from crawlers.fields import count, find, get, maybe
from crawlers.formats import x_pages, x_tweets, x_users
from crawlers.formats.x_tweets import Node
from crawlers.platform import Blocked, Dropped, Page, ParseError, each
from data.records import Comment, Gone, Post, Profile, Record

HIDDEN: Final = (
    ("age_gate", re.compile(r"age-restricted|nsfw|limite d[’']âge", re.IGNORECASE)),
    ("login_wall", re.compile(r"limits who can view|protected|limite le public", re.IGNORECASE)),
)
"""Reason why a post is kept back → what its tombstone says. Any other one is gone."""
STATUS: Final = re.compile(r"/status(?:es)?/([0-9]{1,19})|[?&]id=([0-9]{1,19})")


def post_of(page: Page) -> str | None:
    """The id of the post that was asked for; None for a list."""
    match = STATUS.search(page.url)
    return page.fetch.context.get("post") or (match and (match[1] or match[2])) or None


def document(node: Any, page: Page) -> Iterator[Record | Dropped]:
    """An embedded post, an oEmbed answer, or an answer of the site's own GraphQL."""
    if node == {}:
        raise Blocked("empty_shell", "X answers with nothing")
    if isinstance(node, dict) and "data" in node:
        yield from _graph(node, page)
    elif maybe(node, "html", of=str):
        yield x_pages.embedded(node)
    else:
        yield from _single(node, page)


def _single(node: Any, page: Page) -> Iterator[Record]:
    """One post, or why there is none."""
    if "Tombstone" in str(maybe(node, "__typename")) or "Unavailable" in str(
        maybe(node, "__typename")
    ):
        yield _tombstone(node, page)
        return
    yield from x_tweets.item_records(x_tweets.unwrapped(node))


def _tombstone(node: Any, page: Page) -> Gone:
    """Gone for a known post.

    Raises:
        Blocked: it is kept back, or nobody's.
    """
    said = maybe(node, "tombstone", "text", "text", of=str) or maybe(node, "reason", of=str) or ""
    for reason, pattern in HIDDEN:
        if pattern.search(said):
            raise Blocked(reason, said[:200])
    if "post" not in page.fetch.context:
        raise Blocked("gone", said[:200])
    return Gone(page.fetch.context["post"])


def timeline(node: Any, page: Page) -> Iterator[Record | Dropped]:
    """The embedded timeline: the account's own posts, and the account as they carry it."""
    props = get(node, "props", "pageProps", of=dict)
    if not isinstance(maybe(props, "timeline"), dict):
        raise Blocked("gone" if maybe(props, "hasError") else "empty_shell", "no timeline")
    entries = get(props, "timeline", "entries", of=list)
    if not entries:
        raise Blocked("empty_shell", "nothing to embed: unknown, protected or not shown")
    found = [entry for entry in entries if maybe(entry, "type") in ("tweet", None)]
    tweets = [maybe(entry, "content", "tweet") for entry in found]
    account = maybe(props, "headerProps", "screenName", of=str) or page.account
    yield from _listed(tweets, "timeline.entries", account)


def _listed(tweets: list[Any], path: str, account: str) -> Iterator[Record | Dropped]:
    """The account, where a post carries it with figures, and its posts, each once.

    Conversations hold others' posts, too; where none is the account's, all are taken: then the
    document is of another account.
    """
    mine = [tweet for tweet in tweets if _author(tweet) in {account.lower(), None}]
    own = mine if any(_author(tweet) for tweet in mine) else tweets
    for tweet in own:
        head = _head(x_users.user_of(tweet)) if _author(tweet) == account.lower() else None
        if head and head.followers is not None:
            yield head
            break
    seen: set[str] = set()
    yield from each(own, path, lambda tweet: _once(tweet, seen))


def _author(tweet: Any) -> str | None:
    """Its author's name in lower case; None where it can't be read."""
    try:
        return x_users.author_of(x_tweets.unwrapped(tweet)).lower()
    except ParseError:
        return None


def _head(user: Any) -> Profile | None:
    try:
        return x_users.profile(user)
    except ParseError:
        return None


def _once(tweet: Any, seen: set[str]) -> Iterator[Record]:
    node = x_tweets.unwrapped(tweet)
    native_id = x_tweets.identity(node)
    if native_id not in seen:
        seen.add(native_id)
        yield from x_tweets.item_records(node)


def _graph(node: Node, page: Page) -> Iterator[Record | Dropped]:
    """A timeline, a conversation, a post or an account of the site's own GraphQL."""
    data = get(node, "data", of=dict)
    if not data and node.get("errors"):
        raise Blocked("refused", str(node["errors"])[:200])
    if isinstance(maybe(data, "tweetResult"), dict):
        yield from _single(maybe(data, "tweetResult", "result") or {}, page)
        return
    talk = [name for name in data if name.startswith("threaded_conversation")]
    tweets = [maybe(found, "result") for found in _results(data)]
    if talk:
        yield from _conversation(tweets, page)
    elif tweets:
        yield from _listed(tweets, "tweet_results", page.account)
    else:
        users = ("user", "user_result", "user_result_by_screen_name")
        user = next((u for name in users if (u := maybe(data, name, "result"))), None)
        if "Unavailable" in str(maybe(user, "__typename")):
            raise Blocked("gone", str(maybe(user, "reason"))[:200])
        if _lists_posts(user) or user is None:
            raise ParseError("data", "no posts")
        yield x_users.profile(user)


def _lists_posts(user: Any) -> bool:
    """Whether an account's answer is a timeline, which then holds no post."""
    return any(True for _ in find(user, "instructions"))


def _results(node: Any, depth: int = 60) -> Iterator[Any]:
    """Every `tweet_results` that is no advertisement's, not inside another."""
    if isinstance(node, dict) and depth:
        if "tweet_results" in node and "promotedMetadata" not in node:
            yield node["tweet_results"]
        elif "tweet_results" not in node:
            for value in node.values():
                yield from _results(value, depth - 1)
    elif isinstance(node, list) and depth:
        for value in node:
            yield from _results(value, depth - 1)


def _conversation(tweets: list[Any], page: Page) -> Iterator[Record | Dropped]:
    """A post, and what comes after it on its page as replies to it."""
    good = [tweet for tweet in tweets if _author(tweet)]
    if not good:
        for tweet in tweets[:1]:
            yield _tombstone(tweet, page)
        if not tweets:
            raise ParseError("data", "no posts")
        return
    wanted = post_of(page)
    nodes = [x_tweets.unwrapped(tweet) for tweet in good]
    place = next((n for n, node in enumerate(nodes) if x_tweets.identity(node) == wanted), 0)
    yield from x_tweets.item_records(nodes[place])
    root, owner = x_tweets.identity(nodes[place]), x_users.author_of(nodes[place]).lower()
    yield from each(nodes[place + 1 :], "replies", lambda node: _reply(node, root, owner, page))


def _reply(node: Node, root: str, owner: str, page: Page) -> Iterator[Record]:
    author = x_users.author_of(node).lower()
    parent = maybe(node, "legacy", "in_reply_to_status_id_str", of=str)
    for post in x_tweets.item_records(node):
        if isinstance(post, Post):
            yield Comment(
                native_id=post.native_id,
                post_native_id=root,
                published_at=post.published_at,
                author_key=page.author_key(author),
                from_channel=author == owner,
                text=post.text,
                in_reply_to=parent if parent != root else None,
                likes=count(maybe(node, "legacy", "favorite_count", of=int)),
            )
