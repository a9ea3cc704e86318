"""LinkedIn pages: Analytics > Content > Export. A sheet by day and one by post, below a note."""

import re
from typing import Final

from crawlers.imports.family import Family, marks

LINKEDIN: Final = Family(
    name="linkedin",
    title="LinkedIn page analytics",
    platform="linkedin",
    columns={
        "url": ("post link", "lien du post", "lien de la publication", "update link"),
        "day": ("date",),
        "published_at": ("created date", "date de creation", "date de publication"),
        "text": ("post title", "titre du post", "titre de la publication", "update title"),
        "format": ("content type", "type de contenu"),
        "likes": ("likes", "reactions", "j aime", "reactions total"),
        "comments": ("comments", "commentaires", "comments total", "commentaires total"),
        "shares": ("reposts", "shares", "republications", "partages", "reposts total",
                   "republications total"),
        "views": ("views", "vues"),
        "reach": ("unique impressions organic", "unique impressions", "impressions uniques",
                  "impressions uniques organiques", "impressions uniques organique"),
        "impressions": ("impressions", "impressions total", "impressions totales"),
        "clicks": ("clicks", "clics", "clicks total", "clics total"),
        "paid": ("post type", "type de post", "type de publication"),
        "campaign": ("campaign name", "nom de la campagne"),
    },
    marks=marks(
        "post link, created date", "post link, impressions", "update link, impressions",
        "lien du post, impressions", "lien de la publication, impressions",
        "date, impressions organic", "date, impressions total, clicks total",
        "date, impressions total, clics total", "date, impressions organiques",
    ),
    order="mdy",
    form="text",
    ids=re.compile(r"(?:activity|share|ugcPost)[:-](\d{15,25})"),
)  # fmt: skip
FAMILIES: Final = (LINKEDIN,)
