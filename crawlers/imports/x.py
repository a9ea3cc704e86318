"""X: Analytics > Content and Overview > Download CSV, and the older "tweet activity" export."""

import re
from typing import Final

from crawlers.imports.family import Family, marks

X: Final = Family(
    name="x",
    title="X analytics",
    platform="x",
    columns={
        "id": ("post id", "tweet id", "id du post", "identifiant du post"),
        "url": ("post link", "tweet permalink", "lien du post"),
        "day": ("date",),
        "published_at": ("time", "date", "heure"),
        "text": ("post text", "tweet text", "texte du post"),
        "likes": ("likes", "j aime", "mentions j aime"),
        "comments": ("replies", "reponses"),
        "shares": ("reposts", "retweets", "republications"),
        "saves": ("bookmarks", "signets"),
        "impressions": ("impressions",),
        "clicks": ("url clicks", "clics sur l url", "clics sur les url"),
    },
    marks=marks(
        "post id, post link", "tweet id, tweet permalink", "id du post, lien du post",
        "identifiant du post, lien du post", "date, impressions, profile visits, new follows",
        "date, impressions, engagements, bookmarks", "date, impressions, engagements, signets",
    ),
    form="text",
    ids=re.compile(r"(?:^|/status(?:es)?/)(\d{5,25})(?:$|[/?])"),
    url="https://x.com/i/status/{id}",
)  # fmt: skip
FAMILIES: Final = (X,)
