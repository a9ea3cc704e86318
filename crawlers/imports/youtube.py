"""YouTube Studio: Analytics > Advanced mode > Export. A ZIP with "Table data.csv", totals first."""

import re
from typing import Final

from crawlers.imports.family import Family, marks

YOUTUBE: Final = Family(
    name="youtube",
    title="YouTube Studio",
    platform="youtube",
    columns={
        "id": ("content", "contenu", "video"),
        "day": ("date",),
        "published_at": ("video publish time", "heure de publication de la video",
                         "date de publication de la video"),
        "title": ("video title", "titre de la video"),
        "duration_s": ("duration", "duree"),
        "likes": ("likes", "mentions j aime", "j aime"),
        "comments": ("comments added", "comments", "commentaires ajoutes", "commentaires"),
        "shares": ("shares", "partages"),
        "views": ("views", "vues"),
        "reach": ("unique viewers", "spectateurs uniques"),
        "impressions": ("impressions",),
    },
    marks=marks(
        "video title, video publish time", "titre de la video, vues", "content, views, video title",
        "date, views, watch time hours", "date, vues, duree de visionnage heures",
    ),
    form="video",
    ids=re.compile(r"(?:^|[?&]v=|youtu\.be/|/shorts/)([\w-]{11})(?:$|[?&])"),
    url="https://www.youtube.com/watch?v={id}",
)  # fmt: skip
FAMILIES: Final = (YOUTUBE,)
