"""The French of what runs on more than one machine say; the English text is the key."""

from typing import Final

FRENCH_SPREAD: Final[dict[str, str]] = {
    "VIGIE_CRAWL_ON=dask: pip install 'vigie[dask]'":
        "VIGIE_CRAWL_ON=dask : pip install 'vigie[dask]'",
    "the worker that crawled {name} ended: {said}":
        "l’exécutant qui collectait {name} s’est arrêté : {said}",
    "{count} workers ended during this run; it is given up":
        "{count} exécutants se sont arrêtés pendant ce passage ; il est abandonné",
}  # fmt: skip
