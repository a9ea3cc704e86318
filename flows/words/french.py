"""The French of every message; the English text is the key."""

from typing import Final

from flows.words.french_check import FRENCH_CHECK
from flows.words.french_discover import FRENCH_DISCOVER
from flows.words.french_doctor import FRENCH_DOCTOR
from flows.words.french_forget import FRENCH_FORGET
from flows.words.french_imports import FRENCH_IMPORTS
from flows.words.french_serve import FRENCH_SERVE
from flows.words.french_spread import FRENCH_SPREAD

FRENCH: Final[dict[str, str]] = {
    **FRENCH_IMPORTS,
    **FRENCH_CHECK,
    **FRENCH_DISCOVER,
    **FRENCH_DOCTOR,
    **FRENCH_FORGET,
    **FRENCH_SERVE,
    **FRENCH_SPREAD,
    # what fell short
    "{channel}: {reason}": "{channel} : {reason}",
    "{file}: {reason}": "{file} : {reason}",
    "dropped {path}: {reason}": "écarté {path} : {reason}",
    "outside its bound: {names}": "hors de ses bornes : {names}",
    "the crawl's process ended with code {code}: {said}":
        "le processus de collecte s’est terminé avec le code {code} : {said}",
    "the replay's process ended with code {code}: {said}":
        "le processus de relecture s’est terminé avec le code {code} : {said}",
    "the dashboard did not start": "le tableau de bord n’a pas démarré",
    "the dashboard ended with code {code}":
        "le tableau de bord s’est terminé avec le code {code}",
    "the dashboard is not installed": "le tableau de bord n’est pas installé",
    "no free port on 127.0.0.1": "aucun port libre sur 127.0.0.1",
    "Prefect's server ended during the run (see {log}); what was crawled is kept: run again":
        "le serveur Prefect s’est arrêté pendant la collecte (voir {log}) ; ce qui a été "
        "collecté est gardé : relancez",
    "Prefect's server did not start; see {log}": "le serveur Prefect n’a pas démarré ; voir {log}",
    # unusable input
    "{lake}: nothing was crawled yet; `vigie crawl` first":
        "{lake} : rien n’a encore été collecté ; lancez d’abord `vigie crawl`",
    "{lake}: there is no lake; `vigie run` or `vigie demo` makes one":
        "{lake} : il n’y a pas de lac ; `vigie run` ou `vigie demo` en crée un",
    "--lake {lake}: the demo needs a folder of this machine":
        "--lake {lake} : la démonstration demande un dossier de cette machine",
    "--lake {lake}: something else is there; give an empty folder":
        "--lake {lake} : autre chose s’y trouve ; donnez un dossier vide",
    "{file}: can't be read ({problem}); give a saved page":
        "{file} : illisible ({problem}) ; donnez une page enregistrée",
    "{file}: can't be written ({problem})": "{file} : impossible à écrire ({problem})",
    "no platform is called {name}; there are {known}":
        "aucune plateforme ne s’appelle {name} ; il y a {known}",
    "no table is called {table}; there are {known}":
        "aucune table ne s’appelle {table} ; il y a {known}",
    "no format is called {form}; there are {known}":
        "aucun format ne s’appelle {form} ; il y a {known}",
    "{rows} rows are more than a sheet holds ({most}); use csv or parquet":
        "{rows} lignes dépassent ce que tient une feuille ({most}) ; prenez csv ou parquet",
    "warc holds pages: write `vigie export pages --format warc`":
        "warc contient des pages : écrivez `vigie export pages --format warc`",
    "xlsx needs an extra: pip install 'vigie[export]'":
        "xlsx demande un supplément : pip install 'vigie[export]'",
    "warc needs an extra: pip install 'vigie[export]'":
        "warc demande un supplément : pip install 'vigie[export]'",
    "--fetched-at {time}: write a time like 2026-01-31T06:00:00Z":
        "--fetched-at {time} : écrivez une heure comme 2026-01-31T06:00:00Z",
    "--now {now}: write a time like 2026-01-31T06:00:00Z":
        "--now {now} : écrivez une heure comme 2026-01-31T06:00:00Z",
    "--now {now}: add its zone, such as Z": "--now {now} : ajoutez son fuseau, par exemple Z",
    "--only {only}: nobody like that is watched; there are {known}":
        "--only {only} : personne de ce nom n’est suivi ; il y a {known}",
    "post {id}: not in this lake; `vigie export posts` lists them":
        "publication {id} : absente de ce lac ; `vigie export posts` les énumère",
    "kpi {id}: write it as entity/platform/period/kpi, "
    "such as maison-alpine/all/28d/engagement_rate":
        "kpi {id} : écrivez entité/plateforme/période/kpi, "
        "par exemple maison-alpine/all/28d/engagement_rate",
    "kpi {id}: no such figure in this lake; `vigie export benchmark` lists them":
        "kpi {id} : pas de tel chiffre dans ce lac ; `vigie export benchmark` les énumère",
    "{file}: end its name in one of {known}": "{file} : terminez son nom par l’un de {known}",
    "--period {period}: write one of {known}": "--period {period} : écrivez l’un de {known}",
    "{suffix} needs {names}: pip install 'vigie[report]'":
        "{suffix} demande {names} : pip install 'vigie[report]'",
    "no browser printed the PDF ({problem}); run `make setup`, set VIGIE_CHROMIUM, or "
    "write a .html":
        "aucun navigateur n’a imprimé le PDF ({problem}) ; lancez `make setup`, donnez "
        "VIGIE_CHROMIUM, ou écrivez un .html",
    "{lake}: can't be read ({problem})": "{lake} : illisible ({problem})",
    # for a person who watches
    "report": "rapport",
    "the report: {file}": "le rapport : {file}",
    "rows changed, so every out table was built anew":
        "des lignes ont changé : toutes les tables dérivées ont été recalculées",
    "{rows} rows in {file}": "{rows} lignes dans {file}",
    "the demo's lake: {lake}": "le lac de la démonstration : {lake}",
    "crawl": "collecte",
    "build": "calcul",
    "alerts": "alertes",
    "replay": "relecture",
    "check": "vérification",
    "Prefect's server": "serveur Prefect",
    "crawl, build, alerts": "collecte, calcul, alertes",
    "yes": "oui",
    "no": "non",
    # headers
    "channel id": "canal",
    "platform": "plateforme",
    "access": "accès",
    "confidence": "fiabilité",
    "posts": "publications",
    "new posts": "nouvelles",
    "complete": "complet",
    "reason": "raison",
    "shown": "montré",
    "hidden": "caché",
    "in lake": "dans le lac",
    "table": "table",
    "rows": "lignes",
    "pages": "pages",
    "dropped": "écartées",
    "channels": "canaux",
    "unreadable": "illisibles",
    "restated": "corrigées",
    "errors": "erreurs",
    "name": "nom",
    "planted": "semé",
    "recovered": "retrouvé",
    "bound": "borne",
    "ok": "tenu",
    "observed at": "observé le",
    "likes": "mentions j’aime",
    "comments": "commentaires",
    "shares": "partages",
    "views": "vues",
    "saves": "enregistrements",
    "page id": "page",
    "fetched at": "collecté le",
    "status": "statut",
    "url": "adresse",
    "post id": "publication",
    "published at": "publié le",
    "format": "format",
    "lift": "lift",
}  # fmt: skip
