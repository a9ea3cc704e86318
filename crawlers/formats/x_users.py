"""X's accounts as JSON, whichever way they are written."""

import html
import re
from typing import Any, Final

from crawlers.fields import count, find, get, maybe
from crawlers.platform import ParseError
from data.records import Profile

NAME: Final = re.compile(r"\w{1,20}", re.ASCII)


def author_of(tweet: dict[str, Any]) -> str:
    """The name of the account that published it.

    Raises:
        ParseError: none.
    """
    user = user_of(tweet)
    name = maybe(user, "core", "screen_name") or maybe(user, "legacy", "screen_name")
    name = name or maybe(user, "screen_name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ParseError("user.screen_name", "not an account's name")
    return name


def user_of(tweet: dict[str, Any]) -> Any:
    """The account that a post carries."""
    places = (("core", "user_results", "result"), ("core", "user_result", "result"), ("user",))
    return next((user for steps in places if (user := maybe(tweet, *steps, of=dict))), {})


def profile(user: Any) -> Profile:
    """An account, whichever way its figures are written.

    Raises:
        ParseError: no account.
    """
    old = maybe(user, "legacy", of=dict) or user
    name = maybe(user, "core", "name", of=str) or get(old, "name", of=str)
    text = maybe(user, "profile_bio", "description", of=str) or maybe(old, "description", of=str)
    lists = find([maybe(user, "profile_bio"), maybe(old, "entities")], "urls")
    for link in (link for links in lists if isinstance(links, list) for link in links):
        short, whole = maybe(link, "url", of=str), maybe(link, "expanded_url", of=str)
        text = text.replace(short, whole) if text and short and whole else text
    return Profile(
        name=name,
        followers=_either(user, old, ("relationship_counts", "followers"), "followers_count"),
        following=_either(user, old, ("relationship_counts", "following"), "friends_count"),
        posts_total=_either(user, old, ("tweet_counts", "tweets"), "statuses_count"),
        description=html.unescape(text) if text else None,
    )


def _either(user: Any, old: Any, place: tuple[str, str], name: str) -> int | None:
    known = number(maybe(user, *place))
    return number(maybe(old, name)) if known is None else known


def number(value: Any) -> int | None:
    """A count as a number or as text; None for anything else."""
    return count(value) if isinstance(value, int | str) else None
