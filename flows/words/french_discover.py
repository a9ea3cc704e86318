"""The French of `vigie discover` and of the watchlist that it drafts."""

from typing import Final

FRENCH_DISCOVER: Final[dict[str, str]] = {
    "{file}: exists already; give another name":
        "{file} : existe déjà ; donnez un autre nom",
    "{url}: give the address of a home page": "{url} : donnez l’adresse d’une page d’accueil",
    "not had: {problem}": "pas obtenu : {problem}",
    "discover": "découverte",
    "A draft by `vigie discover`: check every line before you crawl.":
        "Un brouillon de `vigie discover` : vérifiez chaque ligne avant de collecter.",
    "Beside each channel: how sure it is (0 to 1), and what says so.":
        "À côté de chaque canal : à quel point il est sûr (0 à 1), et ce qui le dit.",
    "named by another site too": "nommé aussi par un autre site",
    "the same articles": "les mêmes articles",
    "the site itself: no feed was found": "le site lui-même : aucun flux trouvé",
    "the site itself": "le site lui-même",
    "no platform reads {network}: {url}": "aucune plateforme ne lit {network} : {url}",
}  # fmt: skip
