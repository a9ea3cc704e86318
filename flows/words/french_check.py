"""The French of `vigie check`, and of what to do where a platform lets no robot in."""

from typing import Final

from crawlers.alternatives import CHECK, ELSEWHERE, LATER, NAMED

FRENCH_CHECK: Final[dict[str, str]] = {
    ELSEWHERE: (
        "son flux ou la lettre d’information qu’il vous envoie (`vigie import --as newsletter`) ; "
        "pour votre propre canal, votre export (`vigie import`)"
    ),
    CHECK: "vérifiez l’adresse dans la liste de veille",
    LATER: "réessayez plus tard",
    NAMED["facebook"]: (
        "pour votre propre page, l’export de Meta Business Suite (`vigie import`) ; pour les "
        "autres, leur flux ou leur lettre d’information"
    ),
    NAMED["instagram"]: (
        "renseignez VIGIE_INSTAGRAM_TOKEN et VIGIE_INSTAGRAM_USER_ID (API officielle) ; ou "
        "`vigie import` de ce que votre navigateur a recueilli avec Zeeschuimer, ou de votre "
        "export de Meta Business Suite"
    ),
    NAMED["linkedin"]: (
        "`vigie import` de ce que votre navigateur a recueilli avec Zeeschuimer, ou de l’export "
        "de votre propre page ; pour les autres, leur flux ou leur lettre d’information"
    ),
    NAMED["newsletter"]: (
        "`vigie import --as newsletter` des lettres que reçoit votre boîte aux lettres"
    ),
    NAMED["reddit"]: (
        "renseignez VIGIE_REDDIT_CLIENT_ID et VIGIE_REDDIT_CLIENT_SECRET (API officielle)"
    ),
    NAMED["reviews"]: (
        "la page du site de la marque qui montre ses avis ; pour votre propre entreprise, "
        "l’export de la plateforme (`vigie import`)"
    ),
    NAMED["threads"]: "`vigie import` de ce que votre navigateur a recueilli avec Zeeschuimer",
    NAMED["tiktok"]: (
        "`vigie import` de ce que votre navigateur a recueilli avec Zeeschuimer, ou de votre "
        "propre export de TikTok Studio"
    ),
    NAMED["x"]: (
        "`vigie import` de ce que votre navigateur a recueilli avec Zeeschuimer, ou de votre "
        "propre export de X Analytics"
    ),
    NAMED["youtube"]: (
        "renseignez VIGIE_YOUTUBE_API_KEY (API officielle) ; pour votre propre chaîne, l’export "
        "de YouTube Studio (`vigie import`)"
    ),
    "{channel}: {reason}; instead: {way}": "{channel} : {reason} ; à la place : {way}",
    "{posts} of {total}": "{posts} sur {total}",
    "{posts} ({total} counted)": "{posts} ({total} comptées)",
    "counts": "compteurs",
    "oldest": "depuis le",
    "posts total": "en tout",
    "instead": "à la place",
    "robots": "robots.txt",
    "followers": "abonnés",
    # values of the table
    "api": "API",
    "feed": "flux",
    "page": "page",
    "browser": "navigateur",
    "token": "jeton",
    "solid": "solide",
    "thin": "mince",
    "allows": "autorise",
    "forbids": "interdit",
    "fails": "en panne",
    "not asked": "ignoré",
    "not needed": "sans objet",
}
