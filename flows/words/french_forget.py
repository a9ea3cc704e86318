"""French of `vigie forget` and of what keeps to it."""

from typing import Final

FRENCH_FORGET: Final[dict[str, str]] = {
    "write one of --author, --channel, --before and --rotate-key":
        "écrivez une seule option parmi --author, --channel, --before et --rotate-key",
    "--author {name}: write a pseudonym or a public name":
        "--author {name} : écrivez un pseudonyme ou un nom public",
    "--channel {name}: no such channel; `vigie export channels` lists them":
        "--channel {name} : pas de tel canal ; `vigie export channels` les énumère",
    "--before {date}: write a day like 2026-01-31, or a time with its zone":
        "--before {date} : écrivez un jour comme 2026-01-31, ou une heure avec son fuseau",
    "{lake}: somebody is writing there; try again when it is done":
        "{lake} : une écriture est en cours ; réessayez quand elle est finie",
    "{channel}: was erased and is not crawled; take it out of the watchlist":
        "{channel} : effacé, n’est pas collecté ; retirez-le de la liste de veille",
    "the clock says {now}, and said {last} at the last run: nothing is erased for its age "
    "until a run on another day says so too":
        "l’horloge indique {now}, et indiquait {last} lors de la dernière exécution : rien n’est "
        "effacé pour son âge tant qu’une exécution d’un autre jour ne l’indique pas aussi",
    "nothing was erased: nobody is there to confirm it; add --yes":
        "rien n’a été effacé : personne pour confirmer ; ajoutez --yes",
    "erase this for good?": "effacer cela définitivement ?",
    "erased; no crawl or replay brings it back":
        "effacé ; aucune collecte ni relecture ne le ramène",
    "{folder} may hold it still: delete that folder":
        "{folder} peut encore le contenir : supprimez ce dossier",
    "nothing of the kind was erased": "rien de tel n’a été effacé",
    "later crawls may store it again": "les prochaines collectes peuvent l’enregistrer de nouveau",
    "looking": "recherche",
    "erasing": "effacement",
    "purge": "purge",
}  # fmt: skip
