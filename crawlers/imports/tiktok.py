"""TikTok Studio: Analytics > Download data, the tabs Content and Overview.

The content file writes days without a year; it never reaches back further than one.
"""

import re
from typing import Final

from crawlers.imports.family import Family, marks

TIKTOK: Final = Family(
    name="tiktok",
    title="TikTok Studio",
    platform="tiktok",
    columns={
        "url": ("video link", "lien de la video", "post link", "lien de la publication"),
        "day": ("date",),
        "published_at": ("video publish time", "post time", "heure de publication",
                         "date de publication"),
        "text": ("video title", "titre de la video", "post title"),
        "duration_s": ("duration sec", "duration", "duree"),
        "likes": ("total likes", "likes", "total des j aime", "nombre total de j aime", "j aime"),
        "comments": ("total comments", "comments", "total des commentaires",
                     "nombre total de commentaires", "commentaires"),
        "shares": ("total shares", "shares", "total des partages", "nombre total de partages",
                   "partages"),
        "views": ("total views", "video views", "total des vues", "nombre total de vues",
                  "vues de la video", "vues de videos"),
        "saves": ("total saves", "favorites", "add to favorites", "favoris"),
        "reach": ("reach", "total viewers", "reached audience", "couverture",
                  "audience touchee"),
    },
    marks=marks(
        "video link, total views", "video link, total likes", "lien de la video, total des vues",
        "lien de la video, nombre total de vues", "date, video views, profile views",
        "date, vues de la video, vues du profil",
    ),
    form="short",
    ids=re.compile(r"/(?:video|photo)/(\d{5,25})"),
)  # fmt: skip
FAMILIES: Final = (TIKTOK,)
