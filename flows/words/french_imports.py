"""The French of `vigie import`, and of what its readers say of a file; the English is the key."""

from typing import Final

FRENCH_IMPORTS: Final[dict[str, str]] = {
    # unusable input
    "--as {kind}: there are {known}": "--as {kind} : il y a {known}",
    "--entity {name}: nobody of that name is watched; there are {known}; "
    "add it with --role brand, competitor, influencer or topic":
        "--entity {name} : personne de ce nom n’est suivi ; il y a {known} ; "
        "ajoutez-le avec --role brand, competitor, influencer ou topic",
    "{channel} is a channel of {other}; write --entity {other}, or name the account with --channel":
        "{channel} est un canal de {other} ; écrivez --entity {other}, ou nommez le compte "
        "avec --channel",
    "--dates {dates}: write dmy or mdy": "--dates {dates} : écrivez dmy ou mdy",
    "--role {role}: there are {known}": "--role {role} : il y a {known}",
    "--timezone {zone}: is no time zone; write one such as Europe/Paris":
        "--timezone {zone} : n’est pas un fuseau ; écrivez par exemple Europe/Paris",
    "--map {pair}: write it as own=column, such as reach=Couverture":
        "--map {pair} : écrivez nom=colonne, par exemple reach=Couverture",
    "--made-at {time}: write a time like 2026-01-31T06:00:00Z":
        "--made-at {time} : écrivez une heure comme 2026-01-31T06:00:00Z",
    "{file}: can't be read ({problem}); give the file as it was exported":
        "{file} : illisible ({problem}) ; donnez le fichier tel qu’il a été exporté",
    "{file}: larger than {size} MB; export a shorter period":
        "{file} : plus de {size} Mo ; exportez une période plus courte",
    "{file}: nothing was imported; correct these lines, or leave them out with --skip-bad":
        "{file} : rien n’a été importé ; corrigez ces lignes, ou écartez-les avec --skip-bad",
    "nothing was imported: nobody is there to confirm it; add --yes":
        "rien n’a été importé : personne n’est là pour confirmer ; ajoutez --yes",
    "the file does not say which platform it is of: add --channel PLATFORM:ACCOUNT":
        "le fichier ne dit pas de quelle plateforme il vient : "
        "ajoutez --channel PLATEFORME:COMPTE",
    "none of the accounts in the file is known to be {entity}'s; name it with --channel; "
    "the file holds {known}":
        "aucun compte du fichier n’est connu comme étant à {entity} ; nommez-le avec "
        "--channel ; le fichier contient {known}",
    "{address}: write it as imap://user@host/folder":
        "{address} : écrivez imap://utilisateur@serveur/dossier",
    "{address}: set VIGIE_IMAP_PASSWORD to the mailbox's password":
        "{address} : donnez à VIGIE_IMAP_PASSWORD le mot de passe de la boîte",
    "{address}: the mailbox has no such folder": "{address} : la boîte n’a pas ce dossier",
    "{address}: {count} letters are more than {most}; move those to import to a "
    "folder of their own":
        "{address} : {count} lettres dépassent {most} ; déplacez celles à importer dans un "
        "dossier à part",
    "{address}: the mail server says: {problem}":
        "{address} : le serveur de courrier répond : {problem}",
    # what is wrong with a file
    "larger than {size} MB; export a shorter period":
        "plus de {size} Mo ; exportez une période plus courte",
    "an old or protected Excel file; open it and save it as .xlsx or CSV":
        "un fichier Excel ancien ou protégé ; ouvrez-le et enregistrez-le en .xlsx ou CSV",
    "a damaged or protected archive ({error}); export it again":
        "une archive abîmée ou protégée ({error}) ; exportez-la à nouveau",
    "an archive without a CSV file or a workbook; give the export itself":
        "une archive sans fichier CSV ni classeur ; donnez l’export lui-même",
    "unpacks to far more than an export holds; it is refused":
        "contient bien plus qu’un export une fois décompressé ; il est refusé",
    "not a text file; give the CSV or XLSX as it was exported":
        "pas un fichier texte ; donnez le CSV ou le XLSX tel qu’il a été exporté",
    "line {line}: not readable as CSV ({error})": "ligne {line} : illisible comme CSV ({error})",
    "more than {rows} rows; export a shorter period":
        "plus de {rows} lignes ; exportez une période plus courte",
    "line {line}: wider than any export; is it a table?":
        "ligne {line} : plus large qu’aucun export ; est-ce un tableau ?",
    "a damaged workbook ({error}); save it again as .xlsx or CSV":
        "un classeur abîmé ({error}) ; enregistrez-le à nouveau en .xlsx ou CSV",
    "a workbook that declares entities; it is refused":
        "un classeur qui déclare des entités ; il est refusé",
    "cell {cell}: out of place; save the workbook again":
        "cellule {cell} : mal placée ; enregistrez le classeur à nouveau",
    "--map {own}=…: no such name; there are {known}":
        "--map {own}=… : pas de tel nom ; il y a {known}",
    "--map {own}={column}: the file has no column of that name":
        "--map {own}={column} : le fichier n’a pas de colonne de ce nom",
    "no sheet is called “{wanted}”; there are {names}":
        "aucune feuille ne s’appelle « {wanted} » ; il y a {names}",
    "no row looks like a header; name the columns: --map id=COLUMN --map likes=COLUMN":
        "aucune ligne ne ressemble à un en-tête ; nommez les colonnes : "
        "--map id=COLONNE --map likes=COLONNE",
    "{column}: some dates only fit day/month, others only month/day; say which with "
    "--dates dmy or --dates mdy, and --skip-bad for the others":
        "{column} : certaines dates ne vont qu’en jour/mois, d’autres qu’en mois/jour ; "
        "choisissez avec --dates dmy ou --dates mdy, et --skip-bad pour les autres",
    "{column}: no date tells whether day or month comes first; say so with "
    "--dates dmy or --dates mdy":
        "{column} : aucune date ne dit si le jour ou le mois vient d’abord ; "
        "dites-le avec --dates dmy ou --dates mdy",
    "no column tells one post from another; name one with --map id=COLUMN or "
    "--map url=COLUMN, or number them by their line with --map id=@line":
        "aucune colonne ne distingue les publications ; nommez-en une avec --map id=COLONNE ou "
        "--map url=COLONNE, ou numérotez-les par leur ligne avec --map id=@line",
    "no column tells the posts' form; name it with --map format=COLUMN, or give all "
    "lines the same with --map format==photo":
        "aucune colonne ne dit la forme des publications ; nommez-la avec --map format=COLONNE, "
        "ou donnez la même à toutes avec --map format==photo",
    "no column tells which post or day the figures are of; name one with "
    "--map day=COLUMN, --map id=COLUMN or --map url=COLUMN, or number the posts by "
    "their line with --map id=@line":
        "aucune colonne ne dit de quelle publication ou de quel jour sont les chiffres ; "
        "nommez-en une avec --map day=COLONNE, --map id=COLONNE ou --map url=COLONNE, ou "
        "numérotez les publications par leur ligne avec --map id=@line",
    "no column holds figures ({figures}); name one such as --map reach=COLUMN, "
    "or import the counts with --as posts":
        "aucune colonne ne contient de chiffres ({figures}) ; nommez-en une, par exemple "
        "--map reach=COLONNE, ou importez les compteurs avec --as posts",
    # what is wrong with a line
    "{file}, line {line}: {reason}": "{file}, ligne {line} : {reason}",
    "{file}: and {count} more": "{file} : et {count} autres",
    "{column}: “{cell}” {problem}": "{column} : « {cell} » {problem}",
    "{cells} cells under {columns} columns": "{cells} cellules sous {columns} colonnes",
    "is no whole number": "n’est pas un nombre entier",
    "is no amount": "n’est pas un montant",
    "is neither yes nor no": "n’est ni oui ni non",
    "is no date": "n’est pas une date",
    "is no date of the calendar": "n’est pas une date du calendrier",
    "is later than the file itself": "est plus tardif que le fichier lui-même",
    "is no form of post; there are {known}": "n’est pas une forme de publication ; il y a {known}",
    "has no id or address": "n’a ni identifiant ni adresse",
    "has no form": "n’a pas de forme",
    "has no day": "n’a pas de jour",
    "names no account; say whose it is with --channel":
        "ne nomme pas de compte ; dites à qui elle est avec --channel",
    "larger than {size} MB": "plus de {size} Mo",
    "is no line of the add-on": "n’est pas une ligne de l’extension",
    "has no text": "n’a pas de texte",
    "has no date": "n’a pas de date",
    "names no sender": "ne nomme pas d’expéditeur",
    "may be a private letter: nothing says that it went to many; name its sender with "
    "--channel newsletter:ADDRESS":
        "peut être une lettre privée : rien ne dit qu’elle a été envoyée à beaucoup ; nommez "
        "son expéditeur avec --channel newsletter:ADRESSE",
    # for a person who watches
    "import": "import",
    "nothing was written": "rien n’a été écrit",
    "import it like this?": "importer ainsi ?",
    "imported before: nothing changed": "déjà importé : rien n’a changé",
    "`vigie build` computes the figures anew": "`vigie build` recalcule les chiffres",
    "read as": "lu comme",
    "not read": "non lu",
    # headers
    "own name": "nom propre",
    "column": "colonne",
    "lines": "lignes",
    "twice": "en double",
    "left out": "laissées de côté",
    "insights": "chiffres propres",
    "posts known": "publications connues",
    "new": "nouvelles",
    "replaced": "remplacées",
}  # fmt: skip
