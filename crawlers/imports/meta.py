"""Meta Business Suite: posts of a Facebook page or an Instagram account, and Ads Manager.

Insights > Content > Export data (one file a platform); Ads Manager > Export table data.
"""

import re
from typing import Final

from crawlers.imports.family import Family, marks

SHARED: Final = {
    "id": ("post id", "identifiant de la publication", "id de la publication"),
    "url": ("permalink", "permalien"),
    "day": ("date",),
    "published_at": ("publish time", "heure de publication", "published", "posted"),
    "text": ("description", "post message"),
    "duration_s": ("duration sec", "duree sec", "duration", "duree"),
    "format": ("post type", "type de publication"),
    "comments": ("comments", "commentaires"),
    "shares": ("shares", "partages"),
    "views": ("views", "vues", "plays", "lectures"),
    "saves": ("saves", "enregistrements"),
    "reach": ("reach", "couverture"),
    "impressions": ("impressions",),
}
FACEBOOK: Final = Family(
    name="meta-facebook",
    title="Meta Business Suite, Facebook",
    platform="facebook",
    columns={
        **SHARED,
        "account": ("page id", "identifiant de la page", "id de la page"),
        "title": ("title", "titre"),
        "likes": ("reactions", "mentions j aime et reactions"),
        "clicks": ("total clicks", "nombre total de clics", "link clicks", "clics sur un lien"),
        "paid": ("funded content status", "statut du contenu finance"),
    },
    marks=marks(
        "post id, page id", "identifiant de la publication, identifiant de la page",
        "id de la publication, id de la page", "post id, page name",
    ),
    order="mdy",
    ids=re.compile(r"(?:^|(?<=\d)_|/posts/|/videos/|/reel/|story_fbid=|fbid=)(\d{6,25})(?:$|[/?&])"),
    url="https://www.facebook.com/{id}",
)  # fmt: skip
INSTAGRAM: Final = Family(
    name="meta-instagram",
    title="Meta Business Suite, Instagram",
    platform="instagram",
    columns={
        **SHARED,
        "account": ("account username", "nom d utilisateur du compte"),
        "likes": ("likes", "mentions j aime", "j aime"),
    },
    marks=marks(
        "post id, account username", "identifiant de la publication, nom d utilisateur du compte",
        "id de la publication, nom d utilisateur du compte",
    ),
    order="mdy",
    ids=re.compile(r"/(?:p|reel|reels|tv)/([\w-]+)"),
)  # fmt: skip
ADS: Final = Family(
    name="meta-ads",
    title="Meta Ads Manager",
    platform=None,
    columns={
        "day": ("day", "jour", "reporting starts", "debut des rapports"),
        "campaign": ("ad set name", "nom de l ensemble de publicites", "campaign name",
                     "nom de la campagne"),
        "reach": ("reach", "couverture"),
        "impressions": ("impressions",),
        "clicks": ("link clicks", "clics sur un lien", "clicks all", "clics tous"),
        "visits": ("landing page views", "vues de page de destination"),
        "conversions": ("results", "resultats"),
        "spend": ("amount spent", "montant depense"),
    },
    marks=marks("amount spent, impressions", "montant depense, impressions"),
    order="mdy",
    constants={"paid": "yes"},
)  # fmt: skip
FAMILIES: Final = (FACEBOOK, INSTAGRAM, ADS)
