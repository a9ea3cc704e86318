"""Names of columns and words in cells, made comparable: no accents, case, signs or units."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

UNIT: Final = re.compile(r"\((?:eur|usd|gbp|chf|cad|sec|s|€|\$|£)\)")
SIGNS: Final = re.compile(r"[^a-z0-9@]+")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """`Durée (s)` → `duree`, `Impressions (total)` → `impressions total`, `J’aime` → `j aime`."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return SIGNS.sub(" ", UNIT.sub(" ", letters)).strip()
