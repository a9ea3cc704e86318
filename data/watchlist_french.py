"""The French of every message about a watchlist; the English text is the key."""

from typing import Final

FRENCH: Final[dict[str, str]] = {
    # what is wrong with the file
    "{text}": "{text}",
    "{file}, line {line}: {problem}": "{file}, ligne {line} : {problem}",
    "{file}: {problem}": "{file} : {problem}",
    "there is no such file; write one (see docs/watchlist.md)":
        "ce fichier n’existe pas ; écrivez-en un (voir docs/watchlist.md)",
    "can't be read: {problem}; save it as UTF-8 text":
        "illisible : {problem} ; enregistrez-le comme texte UTF-8",
    "not readable as YAML: {problem}": "illisible comme YAML : {problem}",
    "its indentation doesn't fit the lines above, or “: ” comes twice in one line; indent by "
    "spaces and quote texts that hold “: ”":
        "le retrait ne va pas avec les lignes précédentes, ou « : » vient deux fois dans la "
        "ligne ; décalez par des espaces et mettez entre guillemets les textes qui contiennent "
        "« : »",
    "text follows a closing quotation mark, or the indentation doesn't fit the lines above; write "
    "'' for a ' between single quotes":
        "du texte suit un guillemet fermant, ou le retrait ne va pas avec les lignes "
        "précédentes ; écrivez '' pour une apostrophe entre guillemets simples",
    "a tab begins the line; indent by spaces":
        "la ligne commence par une tabulation ; décalez par des espaces",
    "a text begins with {sign}; put it in quotes":
        "un texte commence par {sign} ; mettez-le entre guillemets",
    "“: ” is missing after a name, or “- ” before an entry":
        "il manque « : » après un nom, ou « - » devant une entrée",
    "a quotation mark is never closed": "un guillemet n’est jamais fermé",
    "a bracket is never closed, or a comma is missing":
        "un crochet ou une accolade n’est jamais fermé, ou il manque une virgule",
    "“{key}” is given twice; keep one": "« {key} » est donné deux fois ; n’en gardez qu’un",
    "a second document begins; remove the line “---”":
        "un second document commence ; retirez la ligne « --- »",
    "a backslash stands between double quotes; use single quotes":
        "une barre oblique inverse se trouve entre guillemets doubles ; employez des guillemets "
        "simples",
    "it holds a sign that no text may hold ({sign}); remove it":
        "elle contient un signe interdit dans un texte ({sign}) ; retirez-le",
    "something is wrong here or in the line above; check the indentation and quote texts that "
    "hold “: ” or “#”":
        "quelque chose ne va pas ici ou dans la ligne précédente ; vérifiez les retraits et "
        "mettez entre guillemets les textes qui contiennent « : » ou « # »",
    "must be a mapping that starts with “market:”":
        "doit commencer par « market: », suivi des autres rubriques",
    # what is wrong with a value
    "“{where}”: {problem}": "« {where} » : {problem}",
    "“{where}” is missing; add it": "« {where} » manque ; ajoutez-le",
    "“{where}” is not known here; remove it or correct its spelling":
        "« {where} » n’est pas connu ici ; retirez-le ou corrigez son orthographe",
    "the watchlist": "la liste de veille",
    "must be an address that starts with http:// or https://":
        "doit être une adresse qui commence par http:// ou https://",
    "is no time zone; write one such as Europe/Paris":
        "n’est pas un fuseau horaire ; écrivez par exemple Europe/Paris",
    "“{name}” and “{other}” have the same name; rename one":
        "« {name} » et « {other} » ont le même nom ; renommez l’un des deux",
    "references: “{key}” is given twice; keep one":
        "references : « {key} » est donné deux fois ; n’en gardez qu’un",
    "must be a notification address such as mailto://… or slack://…":
        "doit être une adresse de notification comme mailto://… ou slack://…",
    'must be hours such as "21:00-07:00"': 'doit être des heures comme "21:00-07:00"',
    # what is wrong with its kind
    "Input should be yes or no: true or false": "doit être oui ou non : true ou false",
    "Input should be a mapping: lines such as “name: …”":
        "doit être une rubrique : des lignes comme « name: … »",
    "Input should be a list: lines that start with “- ”":
        "doit être une liste : des lignes qui commencent par « - »",
    "Input should be a valid number": "doit être un nombre",
    "Input should be a whole number": "doit être un nombre entier",
    "Input should be a text": "doit être un texte",
    "Name before the colon should be a text": "le nom avant les deux-points doit être un texte",
    "Input should be greater than or equal to {ge}": "doit être au moins {ge}",
    "Input should be less than or equal to {le}": "doit être au plus {le}",
    "Input should be one of {expected}": "doit être l’un de {expected}",
    "is too short; it needs {min_length} or more":
        "est trop court ; il en faut au moins {min_length}",
    # whom an address means
    "no KPI is called “{kpi}”; there are {known}":
        "aucun indicateur ne s’appelle « {kpi} » ; il y a {known}",
    "no platform is called “{name}”; there are {known}":
        "aucune plateforme ne s’appelle « {name} » ; il y a {known}",
    "{url} is the channel {channel}, which “{entity}” has already; keep one of the two":
        "{url} est le canal {channel}, que « {entity} » a déjà ; gardez l’un des deux",
    "{url} can be read as {names}; say which: {{platform: {first}, url: {url}}}":
        "{url} peut se lire comme {names} ; dites lequel : {{platform: {first}, url: {url}}}",
    "no platform reads {url}; give the address of an account, a feed or a site (platforms: "
    "{known})":
        "aucune plateforme ne lit {url} ; donnez l’adresse d’un compte, d’un flux ou d’un site "
        "(plateformes : {known})",
    "{platform} has no account at {url}; write it like {example}":
        "{platform} n’a pas de compte à {url} ; écrivez-le comme {example}",
}  # fmt: skip
