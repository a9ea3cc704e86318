"""A small seeded market as core tables, with every effect known."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from data.tables import TABLES
from flows.build import INPUTS

AT = datetime(2026, 6, 26, 10, tzinfo=UTC)
ZONE = "Europe/Paris"
FORMATS = ("photo", "video", "text")
EFFECTS = {"photo": 1.0, "video": 2.0, "text": 0.5}
THEMES = {
    "bivouac": (
        "tente bivouac duvet réchaud campement nuit étoiles matelas sardines",
        "tent bivouac sleeping bag stove camp night stars mattress pegs",
    ),
    "escalade": (
        "escalade grimpe corde mousqueton falaise baudrier assurage prise voie",
        "climbing climb rope carabiner cliff harness belay hold route",
    ),
    "vestes": (
        "veste imperméable doudoune membrane couture capuche tissu taille coloris",
        "jacket waterproof down membrane seam hood fabric size colour",
    ),
    "recettes": (
        "recette cuisine soupe lentilles fromage pain four cuisson épices",
        "recipe cooking soup lentils cheese bread oven baking spices",
    ),
}
FILL = ("pour notre avec dans une les", "for our with the and some")


def frame(table, rows):
    """Rows (dicts with the columns that matter) as a valid frame of a table."""
    schema = TABLES[table].create_empty().schema
    defaults = {
        "published_within_s": 0.0, "is_repost": False, "is_reply": False, "page_id": "p",
        "hashtags": [], "mentions": [], "links": [], "format": "photo", "from_channel": False,
        "author_key": "a", "account": "a", "platform": "bluesky", "url": "https://x.example/",
        "role": "competitor", "name": "n", "first_seen_at": AT, "last_seen_at": AT,
        "run_id": "r", "fetch": "{}", "status": 200, "bytes": 0, "content_hash": "h",
    }  # fmt: skip
    full = [{name: row.get(name, defaults.get(name)) for name in schema} for row in rows]
    return pl.DataFrame(full, schema=schema)


def core(**tables):
    """Core tables as the build takes them; those not given are empty."""
    given = {name: tables.get(name, TABLES[name].create_empty()) for name in INPUTS}
    return {name: table.lazy() for name, table in given.items()}


def who(channels=3, platforms=("bluesky",), roles=("brand",)):
    """Entities and their channels, one channel an entity and platform."""
    entities = [
        {"entity_id": f"e{i}", "role": roles[i] if i < len(roles) else "competitor"}
        for i in range(channels)
    ]
    found = [
        {"channel_id": f"{p}:c{i}", "entity_id": f"e{i}", "platform": p, "account": f"account{i}"}
        for i in range(channels)
        for p in platforms
    ]
    return {"entities": frame("entities", entities), "channels": frame("channels", found)}


def text(rng, theme, language):
    """A post's text: words of the theme between small words."""
    side = 0 if language == "fr" else 1
    own, fill = THEMES[theme][side].split(), FILL[side].split()
    chosen = [*rng.choice(own, 5, replace=False), *rng.choice(fill, 3)]
    return " ".join(rng.permutation(chosen))


def growth(age_h):
    """Share of the seven-day engagement that the market really has at an age."""
    return (1 - np.exp(-age_h / 30)) / (1 - np.exp(-168 / 30))


def market(seed=0, channels=4, weeks=20, per_week=5, **more):
    """Channels that post at random times with known effects, seen daily or so.

    Posts: log engagement at seven days = account level + log format effect + N(0, 0.4).
    """
    rng = np.random.default_rng(seed)
    people = who(channels, more.get("platforms", ("bluesky",)))
    start = AT - timedelta(weeks=weeks)
    posts, metrics, comments, profiles = [], [], [], []
    for c, channel in enumerate(people["channels"]["channel_id"]):
        level = rng.normal(5, 1)
        hours = np.sort(rng.uniform(0, weeks * 168, rng.poisson(per_week * weeks)))
        profiles += [
            {
                "channel_id": channel,
                "observed_at": min(start + timedelta(weeks=week), AT),
                "followers": int(1000 * (c + 1) * 1.01**week),
            }
            for week in range(weeks + 1)
        ]
        for n, hour in enumerate(hours):
            published = start + timedelta(hours=float(hour))
            post = _post(rng, channel, n, published)
            posts.append(post)
            final = np.exp(level + np.log(EFFECTS[post["format"]]) + rng.normal(0, 0.4))
            for age in (5, 30, 100, 170):
                seen = published + timedelta(hours=age)
                count = int(rng.poisson(final * growth(age)))
                metrics.append(_metrics(post["post_id"], seen, count))
            comments += _talk(rng, post, n)
    return core(
        **people,
        posts=frame("posts", posts),
        metrics=frame("metrics", metrics).filter(pl.col("observed_at") <= AT),
        comments=frame("comments", comments),
        profiles=frame("profiles", profiles),
        pages=frame("pages", []),
    )


def _post(rng, channel, n, published):
    theme = str(rng.choice(list(THEMES)))
    language = str(rng.choice(["fr", "en"]))
    return {
        "post_id": f"{channel}/{n:05d}",
        "channel_id": channel,
        "published_at": published,
        "format": str(rng.choice(FORMATS)),
        "text": text(rng, theme, language),
        "language": language,
        "hashtags": [theme] if rng.random() < 0.7 else [],
        "mentions": [f"account{n % 2}"] if n % 5 == 0 else [],
        "first_seen_at": published + timedelta(hours=5),
        "last_seen_at": published + timedelta(hours=5),
    }


def _metrics(post_id, seen, count):
    return {
        "post_id": post_id,
        "observed_at": seen,
        "likes": int(count * 0.8),
        "comments": int(count * 0.1),
        "shares": count - int(count * 0.8) - int(count * 0.1),
    }


def _talk(rng, post, n):
    """A comment under every other post, answered in 30 minutes three times out of four."""
    if n % 2:
        return []
    asked = post["published_at"] + timedelta(hours=1)
    question = {
        "comment_id": f"{post['post_id']}#q", "post_id": post["post_id"], "published_at": asked,
        "text": "super photo", "author_key": "k",
    }  # fmt: skip
    if rng.random() > 0.75:
        return [question] if asked <= AT else []
    answer = {
        "comment_id": f"{post['post_id']}#a", "post_id": post["post_id"],
        "published_at": asked + timedelta(minutes=30), "in_reply_to": question["comment_id"],
        "from_channel": True, "text": "merci",
    }  # fmt: skip
    return [question, answer] if answer["published_at"] <= AT else []
