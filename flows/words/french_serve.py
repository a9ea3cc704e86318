"""French of `vigie serve`, of what it sends, and of the sign-in to the dashboard."""

from typing import Final

FRENCH_SERVE: Final[dict[str, str]] = {
    # messages that are sent
    "CRITICAL": "CRITIQUE",
    "WARNING": "ATTENTION",
    "INFORMATION": "POUR INFORMATION",
    "Vigie, {market}: 1 alert": "Vigie, {market} : 1 alerte",
    "Vigie, {market}: {count} alerts": "Vigie, {market} : {count} alertes",
    "Vigie, {market}: the run failed": "Vigie, {market} : la collecte a échoué",
    "Vigie, {market}: report, {period}": "Vigie, {market} : rapport, {period}",
    "Vigie, {market}: 1 channel fell short": "Vigie, {market} : 1 canal incomplet",
    "Vigie, {market}: {count} channels fell short":
        "Vigie, {market} : {count} canaux incomplets",
    "FELL SHORT": "INCOMPLETS",
    "and {count} more channels": "et {count} autres canaux",
    "{channels} channels were crawled; {posts} posts read, {new} of them new.":
        "{channels} canaux collectés ; {posts} publications lues, dont {new} nouvelles.",
    "Dashboard: {address}": "Tableau de bord : {address}",
    "and {count} more alerts": "et {count} autres alertes",
    "and {count} more posts": "et {count} autres publications",
    "The next run tries again. The log of `vigie serve` has the details.":
        "La prochaine collecte réessaiera. Le journal de `vigie serve` donne les détails.",
    "The report is attached.": "Le rapport est joint.",
    "{lake}: a run is under way already; wait for its end":
        "{lake} : une collecte est déjà en cours ; attendez sa fin",
    "{lake}: `{command}` has been at work since {since} (process {process} on {machine}); "
    "wait for its end, or end that process":
        "{lake} : `{command}` y travaille depuis {since} (processus {process} sur {machine}) ; "
        "attendez sa fin, ou terminez ce processus",
    "waiting for its end: {problem}": "en attente de sa fin : {problem}",
    # the schedule
    "--every {every}: write it like 1d, 6h or 30m":
        "--every {every} : écrivez par exemple 1d, 6h ou 30m",
    "--at {at}: write a time of the day like 06:30":
        "--at {at} : écrivez une heure du jour comme 06:30",
    "next run: {time}": "prochaine collecte : {time}",
    "the run failed: {problem}": "la collecte a échoué : {problem}",
    "the run failed; its trace is above": "la collecte a échoué ; sa trace est plus haut",
    "alerts sent: {count}": "alertes envoyées : {count}",
    "run summaries sent: {count}": "résumés de collecte envoyés : {count}",
    "alerts held back until quiet hours end: {count}":
        "alertes retenues jusqu’à la fin des heures calmes : {count}",
    "{place}: could not be sent; the next run tries again":
        "{place} : envoi impossible ; la prochaine collecte réessaiera",
    "{place}: no service is reached by such a {kind}:// address; see docs/serve.md":
        "{place} : aucun service ne répond à une telle adresse {kind}:// ; voir docs/serve.md",
    "{lake}: `vigie serve` runs on it already (process {process})":
        "{lake} : `vigie serve` y tourne déjà (processus {process})",
    "notifications need an extra: pip install 'vigie[notify]'":
        "les notifications demandent un supplément : pip install 'vigie[notify]'",
    "Prefect: {address}": "Prefect : {address}",
    "Prefect plans no run; pip install 'vigie[serve]' and start again":
        "Prefect ne prévoit aucune collecte ; pip install 'vigie[serve]', puis relancez",
    "the schedule ended with code {code}": "le programme s’est terminé avec le code {code}",
    "--metrics-port {port}: {reason}": "--metrics-port {port} : {reason}",
    # the sign-in
    "--address {address}: others reach it, and nobody signs in; set VIGIE_OIDC_… "
    "(docs/serve.md), or add --without-sign-in":
        "--address {address} : d’autres l’atteignent, et personne ne se connecte ; réglez "
        "VIGIE_OIDC_… (docs/serve.md), ou ajoutez --without-sign-in",
    "sign-in: {names} is missing": "connexion : il manque {names}",
    "sign-in: say who may come in, in VIGIE_ALLOW (* for everybody)":
        "connexion : dites qui peut entrer, dans VIGIE_ALLOW (* pour tout le monde)",
    "sign-in: VIGIE_OIDC_COOKIE_SECRET needs {least} characters or more":
        "connexion : VIGIE_OIDC_COOKIE_SECRET demande {least} caractères ou plus",
    "sign-in: VIGIE_OIDC_REDIRECT ends in {end}":
        "connexion : VIGIE_OIDC_REDIRECT se termine par {end}",
    "sign-in needs an extra: pip install 'vigie[login]'":
        "la connexion demande un supplément : pip install 'vigie[login]'",
}  # fmt: skip
