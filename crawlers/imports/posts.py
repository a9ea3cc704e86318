"""From typed lines to what a crawl would have read: posts and their counts, by channel."""

import re
from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from crawlers.fields import hashtags_of, is_web, links_of, mentions_of
from crawlers.imports.family import COUNTS, Family
from crawlers.imports.generic import FACEBOOK_ID
from crawlers.imports.lines import Line, duplicates_out
from crawlers.imports.problems import Bad, CellError, SheetError
from crawlers.imports.table import LINE, Table
from data.records import Metrics, Post

LONGEST: Final = 200
ID: Final = re.compile(r"[\w-]+")


class Listed(Struct, frozen=True):
    """The posts of one account in a file."""

    account: str
    posts: list[Post]
    metrics: list[Metrics]


class Origin(Struct, frozen=True):
    """Whose file it is: platform, the account of lines that name none, and a stem for line ids."""

    platform: str
    account: str | None
    stem: str
    file: str


def require_posts(table: Table) -> None:
    """Make sure that each line of the table can be told from the others and has a form.

    Raises:
        SheetError: a column is missing; names the cure.
    """
    if not {"id", "url"} & table.mapping.keys():
        raise SheetError(
            "no column tells one post from another; name one with --map id=COLUMN or "
            "--map url=COLUMN, or number them by their line with --map id=@line"
        )
    if "format" not in table.mapping and table.family.form is None:
        raise SheetError(
            "no column tells the posts' form; name it with --map format=COLUMN, or give all "
            "lines the same with --map format==photo"
        )


def post_key(line: Line, family: Family, mapping: dict[str, Any], stem: str) -> str | None:
    """The platform's id of a line's post; None where it has none.

    A line's number is an id only within its file: `stem` keeps it apart from other files'.
    """
    if mapping.get("id") == LINE:
        return f"{stem}-{line.line}"
    given, url = line.values.get("id", ""), line.values.get("url", "")
    return family.native_id(given, url)[:LONGEST] or None


def posts_of(
    table: Table, lines: Sequence[Line], origin: Origin
) -> tuple[list[Listed], list[Bad], int]:
    """The posts by account, lines without an id or account, and the number of doubles left out.

    Of two lines about the same post the last one counts.
    """
    bad: list[Bad] = []
    named: list[Line] = []
    for line in lines:
        problem = _problem(line, table, origin)
        if problem is None:
            named.append(line)
        else:
            bad.append(Bad(line.line, CellError(problem)))
    kept, doubles = duplicates_out(
        named, lambda line: post_key(line, table.family, table.mapping, origin.stem)
    )
    accounts: dict[str, Listed] = {}
    for line in kept:
        account = _account(line, origin)
        listed = accounts.setdefault(account, Listed(account, [], []))
        native_id = post_key(line, table.family, table.mapping, origin.stem) or ""
        listed.posts.append(_post(line, native_id, table, origin))
        counts = {name: line.values.get(name) for name in COUNTS}
        if any(value is not None for value in counts.values()):
            listed.metrics.append(Metrics(native_id=native_id, **counts))
    return list(accounts.values()), bad, doubles


def _problem(line: Line, table: Table, origin: Origin) -> str | None:
    if post_key(line, table.family, table.mapping, origin.stem) is None:
        return "has no id or address"
    if "format" not in line.values and table.family.form is None:
        return "has no form"
    if not _account(line, origin):
        return "names no account; say whose it is with --channel"
    return None


def _account(line: Line, origin: Origin) -> str:
    """Whose post it is: as told, as its column says, or as a Facebook id begins."""
    if origin.account:
        return origin.account
    if account := line.values.get("account"):
        return str(account).lstrip("@")
    whole = FACEBOOK_ID.fullmatch(line.values.get("id", ""))
    return whole[1] if whole and origin.platform == "facebook" else ""


def _post(line: Line, native_id: str, table: Table, origin: Origin) -> Post:
    values = line.values
    published = values.get("published_at")
    text = values.get("text")
    said = f"{values.get('title') or ''}\n{text or ''}"
    return Post(
        native_id=native_id,
        url=_url(line, table, origin),
        published_at=published.at if published else None,
        published_within_s=published.within_s if published else 0,
        format=values.get("format") or table.family.form or "",
        title=values.get("title"),
        text=text,
        duration_s=values.get("duration_s"),
        hashtags=hashtags_of(said),
        mentions=mentions_of(said),
        links=links_of(said),
        sponsored=values.get("paid"),
    )


def _url(line: Line, table: Table, origin: Origin) -> str:
    """The post's address; where the file gives none and none follows from the id, its line."""
    url = str(line.values.get("url", ""))
    if is_web(url):
        return url
    given = str(line.values.get("id", ""))
    numbered = table.mapping.get("id") == LINE
    if table.family.url and not numbered and ID.fullmatch(given):
        return table.family.url.format(id=given)
    return f"file:{origin.file}#line={line.line}"
