"""What goes out of the ordinary: each incident is planted on the post nearest to its moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from data.market import chatter
from data.market.cast import CHANNELS
from data.market.ids import did, snowflake, tid
from data.market.records import Counts, Edit, Post, Repost
from data.market.rhythm import dice
from data.market.simulate import Stage, discussion, replaced

Ledger = dict[str, list[Post]]
BY_ID: Final = {channel.channel_id: channel for channel in CHANNELS}
HOST: Final = "social.vigie-demo.example"
BUZZ_COMMENTS: Final = 160
BREAKOUT: Final = 14
"""Times the channel's usual counts."""


@dataclass(frozen=True, slots=True)
class Incident:
    """`trait` happens to the channel's last post published `before_d` days before the end."""

    trait: str
    channel_id: str
    before_d: float
    after_d: float = 0.0


INCIDENTS: Final = (
    Incident("boosted", "bluesky:sentierneuf.example", 9),
    Incident("breakout", "bluesky:leagrimpe.example", 2.6),
    Incident("buzz", "bluesky:vallon.example", 2.2),
    Incident("copied", "bluesky:maisonalpine.example", 19),
    Incident("copy", "bluesky:sentierneuf.example", 16),
    Incident("deleted", "bluesky:maisonalpine.example", 14.1, 1.5),
    Incident("deleted", "bluesky:refugenord.example", 7.1, 2),
    Incident("deleted", "bluesky:norarun.example", 14.1, 2),
    Incident("deleted", f"mastodon:crete@{HOST}", 3.1, 1),
    Incident("deleted", f"mastodon:marcorando@{HOST}", 7.1, 1),
    Incident("deleted", "bluesky:leagrimpe.example", 11, 0.1),
    Incident("edited", f"mastodon:crete@{HOST}", 14.1, 2),
    Incident("edited", f"mastodon:papypiolet@{HOST}", 7.1, 1),
    Incident("edited", "wordpress:https://blogs.vigie-demo.example/crete-and-co", 14.1, 2),
)
ODD_HOMES: Final = (
    "bluesky:maisonalpine.example", f"mastodon:crete@{HOST}", "bluesky:norarun.example",
    "feed:https://blogs.vigie-demo.example/vallon/feed.xml", "bluesky:refugenord.example",
    f"mastodon:marcorando@{HOST}", "wordpress:https://blogs.vigie-demo.example/nora",
)  # fmt: skip
FRIENDS: Final = (
    ("bluesky:maisonalpine.example", "bluesky:leagrimpe.example"),
    ("bluesky:leagrimpe.example", "bluesky:maisonalpine.example"),
    ("bluesky:refugenord.example", "bluesky:norarun.example"),
    (f"mastodon:crete@{HOST}", f"mastodon:marcorando@{HOST}"),
    (f"mastodon:papypiolet@{HOST}", f"mastodon:crete@{HOST}"),
)
"""(who reposts, whose posts)."""
REPOST_EVERY: Final = 9


def strike(ledger: Ledger, stage: Stage) -> None:
    """Plant every incident in the ledger."""
    for incident in INCIDENTS:
        posts = ledger.get(incident.channel_id, [])
        place = _last_before(posts, stage.end - timedelta(days=incident.before_d))
        if place is None:
            continue
        changes = CHANGES[incident.trait](posts[place], incident, stage, ledger)
        traits = posts[place].traits | {incident.trait}
        posts[place] = replaced(posts[place], {**changes, "traits": traits})
    for text, home in zip(chatter.ODD, ODD_HOMES, strict=True):
        posts = ledger.get(home, [])
        if posts:
            post = posts[len(posts) // 2]
            changed = {"text": f"{post.text} {text}", "traits": post.traits | {"odd"}}
            posts[len(posts) // 2] = replaced(post, changed)


def _last_before(posts: list[Post], moment: datetime) -> int | None:
    """Place of the last post before a moment that nothing has happened to yet."""
    free = [i for i, post in enumerate(posts) if post.published_at <= moment and not post.traits]
    return free[-1] if free else None


Change = Callable[[Post, Incident, Stage, Ledger], dict[str, object]]


def _deleted(_post: Post, incident: Incident, stage: Stage, _ledger: Ledger) -> dict[str, object]:
    return {"deleted_at": stage.end - timedelta(days=incident.before_d - incident.after_d)}


def _edited(post: Post, incident: Incident, stage: Stage, _ledger: Ledger) -> dict[str, object]:
    at = stage.end - timedelta(days=incident.before_d - incident.after_d)
    return {"edit": Edit(at.replace(microsecond=0), f"{post.text} (mise à jour)")}


def _usual(ledger: Ledger, channel_id: str) -> Counts:
    """Median final counts of a channel's posts."""
    finals = [post.final for post in ledger[channel_id]]
    likes, comments, shares = (
        int(median(getattr(final, name) or 0 for final in finals))
        for name in ("likes", "comments", "shares")
    )
    return Counts(likes, comments, shares, None)


def _boosted(post: Post, _incident: Incident, _stage: Stage, ledger: Ledger) -> dict[str, object]:
    """Likes out of proportion: nothing else follows them."""
    likes = 25 * (_usual(ledger, post.channel_id).likes or 1)
    return {"final": post.final._replace(likes=likes)}


def _breakout(post: Post, _incident: Incident, stage: Stage, ledger: Ledger) -> dict[str, object]:
    """Every count a multiple of the channel's usual."""
    usual = _usual(ledger, post.channel_id)
    likes, comments, shares = (BREAKOUT * (count or 1) for count in usual[:3])
    final = Counts(likes, comments, shares, None)
    quick = replaced(post, {"half_h": 8.0})
    rng = dice(stage.seed, post.channel_id, "breakout")
    talk = discussion(quick, BY_ID[post.channel_id], comments, rng)
    return {"half_h": 8.0, "final": final, "comments": talk}


def _buzz(post: Post, _incident: Incident, stage: Stage, _ledger: Ledger) -> dict[str, object]:
    rng = dice(stage.seed, post.channel_id, "buzz")
    changed = replaced(post, {"text": chatter.BUZZ_TEXT, "language": "fr", "half_h": 9.0})
    channel = BY_ID[post.channel_id]
    talk = discussion(changed, channel, BUZZ_COMMENTS, rng, angry=True)
    shares = 6 * (post.final.shares or 1)
    final = post.final._replace(shares=shares, comments=BUZZ_COMMENTS)
    return {
        "text": chatter.BUZZ_TEXT, "language": "fr", "half_h": 9.0, "hashtags": (),
        "theme": "gear", "final": final, "comments": talk,
    }  # fmt: skip


def _copied(_post: Post, _incident: Incident, _stage: Stage, _ledger: Ledger) -> dict[str, object]:
    return {}


def _copy(_post: Post, _incident: Incident, _stage: Stage, ledger: Ledger) -> dict[str, object]:
    originals = (
        post for post in ledger.get("bluesky:maisonalpine.example", []) if "copied" in post.traits
    )
    original = next(originals, None)
    if original is None:
        return {}
    words = original.text.replace(" et ", " & ")
    kept = {"theme": original.theme, "language": original.language, "hashtags": original.hashtags}
    return {"text": words, **kept}


CHANGES: Final[dict[str, Change]] = {
    "boosted": _boosted, "breakout": _breakout, "buzz": _buzz, "copied": _copied, "copy": _copy,
    "deleted": _deleted, "edited": _edited,
}  # fmt: skip


def reposts(ledger: Ledger, stage: Stage) -> dict[str, list[Repost]]:
    """Who passed on what: one in nine of a friend's posts."""
    shared: dict[str, list[Repost]] = {}
    for who, whose in FRIENDS:
        rng = dice(stage.seed, who, "reposts")
        originals = ledger.get(whose, [])[::REPOST_EVERY]
        shared[who] = [_share(who, post, float(rng.random()), stage) for post in originals]
    return shared


def _share(who: str, post: Post, chance: float, stage: Stage) -> Repost:
    at = post.published_at + timedelta(hours=1 + 20 * chance)
    if who.startswith("mastodon"):
        return Repost(who, f"{HOST}/{snowflake(at, post.number)}", at, post)
    handle = BY_ID[who].handle
    key = tid(at, post.number + stage.days)
    return Repost(who, f"at://{did(handle)}/app.bsky.feed.repost/{key}", at, post)
