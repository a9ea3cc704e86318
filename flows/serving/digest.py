"""What readers are told: one message a run, in the market's language, the gravest first.

Everything in it but our own words was crawled, so it arrives as plain text: no markup, no mention
of everybody, no link but the evidence's own.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from dashboard import alerted
from data.vocabulary import SEVERITIES
from flows.watching.shortfall import Short
from flows.words.messages import said_in

MOST_ALERTS: Final = 40
MOST_LINKS: Final = 5
LONGEST: Final = 300
"""Characters of a title that are told."""
LONGEST_LINK: Final = 500
MARKUP: Final = str.maketrans({
    "<": "‹", ">": "›", "[": "(", "]": ")", "*": "∗", "`": "'", "~": "∼", "|": "¦", "\\": "/",
    "@": "@\u2060",
})  # fmt: skip
"""Signs that chat programs act on, and what stands for them; a joiner after @ ends a mention."""
ALERTS: Final = ("Vigie, {market}: 1 alert", "Vigie, {market}: {count} alerts")
CHANNELS: Final = (
    "Vigie, {market}: 1 channel fell short", "Vigie, {market}: {count} channels fell short",
)  # fmt: skip
HEADS: Final = {"critical": "CRITICAL", "warning": "WARNING", "info": "INFORMATION"}
CREDENTIALS: Final = re.compile(r"://[^/\s@]*@")


class Message(NamedTuple):
    """Plain text to be sent."""

    title: str
    body: str


def plain(text: str) -> str:
    """A crawled text in one line that no mail or chat program acts on."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    # Underscores are emphasis at the edge of a word only.
    line = re.sub(r"(?<!\w)_+|_+(?!\w)", " ", line[:LONGEST])
    return line.translate(MARKUP).replace("://", ":/\u2060/")


def link(url: str) -> str | None:
    """A crawled address that can be shown as a link; None where it is no web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    safe = quote(url, safe="/:?#&=%+,;_-.!$")
    return safe if len(safe) <= LONGEST_LINK else None


def of_run(
    alerts: Sequence[Mapping[str, Any]], urls: Mapping[str, str], fell: Short | None, market: str,
    language: str, dashboard: str,
) -> Message:  # fmt: skip
    """One message about a run: its alerts, and what it fell short of.

    Args:
        alerts: rows of the table `alerts`.
        urls: post_id → address of the evidence's posts.
        fell: channels that fell short; None where the run did as well as the one before.
        market: name of the market.
        language: of the market, `fr` or `en`.
        dashboard: address of the dashboard.
    """

    def say(text: str, **values: object) -> str:
        return said_in(language, text, **values)

    ordered = sorted(
        alerts, key=lambda row: (-SEVERITIES.index(row["severity"]), row["raised_at"], row["title"])
    )
    lines: list[str] = []
    head = ""
    for row in ordered[:MOST_ALERTS]:
        if row["severity"] != head:
            head = row["severity"]
            lines += ["", say(HEADS[head])]
        lines.append(f"- {plain(row['title'])}")
        lines += _evidence(row["evidence"]["post_ids"] or [], urls, language)
    if len(ordered) > MOST_ALERTS:
        lines += ["", say("and {count} more alerts", count=len(ordered) - MOST_ALERTS)]
    lines += [] if fell is None else _fell(fell, language)
    lines += ["", say("Dashboard: {address}", address=dashboard)]
    one, many = ALERTS if ordered else CHANNELS
    count = len(ordered) or len(fell.channels if fell else ())
    title = say(one if count == 1 else many, market=plain(market), count=count)
    return Message(title, "\n".join(lines).strip())


def _fell(fell: Short, language: str) -> list[str]:
    """What a run fell short of, in lines."""
    lines = ["", said_in(language, "FELL SHORT")]
    for name, reason in fell.channels[:MOST_ALERTS]:
        why = plain(CREDENTIALS.sub("://", alerted.reason_in(language, reason)))
        lines.append(f"- {plain(name)}: {why}")
    if len(fell.channels) > MOST_ALERTS:
        more = len(fell.channels) - MOST_ALERTS
        lines.append(said_in(language, "and {count} more channels", count=more))
    sums = {"channels": fell.crawled, "posts": fell.posts, "new": fell.new_posts}
    told = "{channels} channels were crawled; {posts} posts read, {new} of them new."
    return [*lines, "", said_in(language, told, **sums)]


def _evidence(post_ids: Sequence[str], urls: Mapping[str, str], language: str) -> list[str]:
    links = [shown for one in post_ids if (shown := link(urls.get(one, "")))]
    lines = [f"  {shown}" for shown in links[:MOST_LINKS]]
    if len(links) > MOST_LINKS:
        more = len(links) - MOST_LINKS
        lines.append("  " + said_in(language, "and {count} more posts", count=more))
    return lines


def of_failure(problem: str, market: str, language: str) -> Message:
    """One message about a run that failed; whatever signs in to somewhere is taken out."""
    cut = CREDENTIALS.sub("://", problem)
    title = said_in(language, "Vigie, {market}: the run failed", market=plain(market))
    cure = said_in(language, "The next run tries again. The log of `vigie serve` has the details.")
    return Message(title, f"{plain(cut)}\n\n{cure}")


def of_report(market: str, period: str, language: str) -> Message:
    """What a report is sent with."""
    title = said_in(
        language, "Vigie, {market}: report, {period}", market=plain(market), period=period
    )
    return Message(title, said_in(language, "The report is attached."))
