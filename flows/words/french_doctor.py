"""French of `vigie doctor`."""

from typing import Final

FRENCH_DOCTOR: Final[dict[str, str]] = {
    "{file}: the table's log can't be read": "{file} : le journal de la table est illisible",
    "{file}: missing or unreadable, {rows} rows":
        "{file} : absent ou illisible, {rows} lignes",
    "`vigie doctor --repair` sets it aside and rebuilds what it can":
        "`vigie doctor --repair` le met à l’écart et reconstruit ce qui peut l’être",
    "{rows} rows have the key of another": "{rows} lignes ont la clé d’une autre",
    "`vigie doctor --repair` keeps one of each and reads the archive again":
        "`vigie doctor --repair` en garde une de chaque et relit l’archive",
    "{rows} rows come from a page that the archive doesn't hold":
        "{rows} lignes viennent d’une page que l’archive n’a pas",
    "they stay; the next crawls see again what is still shown":
        "elles restent ; les prochaines collectes revoient ce qui est encore montré",
    "{rows} pages hold other bytes than were archived":
        "{rows} pages contiennent d’autres octets que ceux archivés",
    "`vigie doctor --repair` sets the bytes aside and marks the pages as damaged":
        "`vigie doctor --repair` met les octets à l’écart et marque les pages abîmées",
    "{rows} pages lost their bytes": "{rows} pages ont perdu leurs octets",
    "`vigie doctor --repair` marks them as damaged; the next crawl asks anew":
        "`vigie doctor --repair` les marque abîmées ; la prochaine collecte redemande tout",
    "an erasure or a new key was begun and not ended":
        "un effacement ou une nouvelle clé a commencé sans finir",
    "`vigie doctor --repair` or the next `vigie forget` ends it":
        "`vigie doctor --repair` ou le prochain `vigie forget` le termine",
    "rows changed after the last build": "des lignes ont changé après le dernier calcul",
    "`vigie build` or `vigie doctor --repair`": "`vigie build` ou `vigie doctor --repair`",
    "the last build is of another version of Vigie ({version}, not {wanted})":
        "le dernier calcul est d’une autre version de Vigie ({version}, et non {wanted})",
    "`vigie build` builds everything anew": "`vigie build` recalcule tout",
    "process {pid} is writing to the lake": "le processus {pid} écrit dans le lac",
    "look again when it is done": "regardez de nouveau quand il a fini",
    "process {pid} is stopped and holds the lake's lock":
        "le processus {pid} est arrêté et tient le verrou du lac",
    "let it go on or end it: kill -CONT {pid} or kill -9 {pid}":
        "laissez-le continuer ou terminez-le : kill -CONT {pid} ou kill -9 {pid}",
    "{file}: others on this machine may read it":
        "{file} : d’autres sur cette machine peuvent le lire",
    "chmod 600 {file}": "chmod 600 {file}",
    "{file}: holds no key of pseudonyms": "{file} : ne contient pas de clé de pseudonymes",
    "bring it back from a copy, or move it away: commenters then go by new pseudonyms":
        "reprenez-le d’une copie, ou déplacez-le : les commentateurs auront alors de nouveaux "
        "pseudonymes",
    "{lake}: only a lake in a folder can be looked at":
        "{lake} : seul un lac dans un dossier peut être examiné",
    "the lake is sound": "le lac est sain",
    "{table}: the rows of its last commits are lost":
        "{table} : les lignes de ses derniers enregistrements sont perdues",
    "{table}: {rows} rows are lost": "{table} : {rows} lignes sont perdues",
    "{table}: {damage}": "{table} : {damage}",
    "repaired; nothing is lost": "réparé ; rien n’est perdu",
    "locks and permissions": "verrous et droits",
    "files": "fichiers",
    "damage": "dégât",
    "cure": "remède",
}  # fmt: skip
