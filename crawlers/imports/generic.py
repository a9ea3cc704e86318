"""Any other table: the documented form, and headers that say in plain words what they hold."""

import re
from typing import Final

from crawlers.imports.family import FIELDS, Family, marks

COLUMNS: Final = {
    "id": ("post id", "native id", "identifiant", "id de la publication"),
    "url": ("link", "permalink", "post url", "post link", "lien", "adresse", "permalien"),
    "account": ("username", "compte", "page", "channel"),
    "day": ("date", "jour"),
    "published_at": ("published", "publication date", "publish time", "posted at", "created at",
                     "date de publication", "publie le", "heure de publication"),
    "title": ("titre",),
    "text": ("message", "caption", "description", "texte", "legende"),
    "format": ("type", "post type", "media type", "type de publication"),
    "duration_s": ("duration", "duree"),
    "likes": ("like", "reactions", "j aime", "mentions j aime", "total likes"),
    "comments": ("comment", "commentaires", "total comments"),
    "shares": ("share", "reposts", "partages", "total shares"),
    "views": ("plays", "vues", "total views"),
    "saves": ("bookmarks", "enregistrements"),
    "reach": ("couverture", "portee", "people reached", "lifetime post total reach"),
    "impressions": ("total impressions", "lifetime post total impressions"),
    "clicks": ("link clicks", "clics", "clics sur un lien", "lifetime post consumptions"),
    "visits": ("sessions", "visites"),
    "conversions": ("results", "resultats"),
    "spend": ("amount spent", "cost", "depenses", "montant depense", "cout"),
    "paid": ("is paid", "sponsored", "payant", "sponsorise"),
    "campaign": ("campaign name", "campagne"),
}  # fmt: skip
GENERIC: Final = Family(
    name="generic",
    title="generic form",
    platform=None,
    columns={own: (own.replace("_", " "), *COLUMNS.get(own, ())) for own in FIELDS},
)
LEGACY_FACEBOOK: Final = Family(
    name="facebook-insights",
    title="Facebook Insights, post level (until 2021)",
    platform="facebook",
    columns=GENERIC.columns,
    marks=marks("lifetime post total reach, lifetime post total impressions"),
    order="mdy",
)
STATUSES: Final = Family(
    name="facebook-statuses",
    title="Facebook page statuses, as collected through the Graph API",
    platform="facebook",
    columns={
        "id": ("status id",),
        "url": ("status link", "permalink url"),
        "published_at": ("status published",),
        "text": ("status message",),
        "format": ("status type",),
        "likes": ("num reactions", "num likes"),
        "comments": ("num comments",),
        "shares": ("num shares",),
    },
    marks=marks("status id, status published, num comments"),
    order="mdy",
    ids=re.compile(r"^\d{5,25}_(\d{5,25})$"),
    url="https://www.facebook.com/{id}",
)
FAMILIES: Final = (LEGACY_FACEBOOK, STATUSES)
FACEBOOK_ID: Final = re.compile(r"(\d{5,25})_\d{5,25}")
"""A Facebook post's full id begins with that of its page."""
