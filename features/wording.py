"""What a text asks, sells or discloses: forms of French and English that a reader takes as proof.

Patterns are matched on texts of `said`: what is quoted is somebody else's. The engine has no
look-around, so false friends ("rendez-vous", "donner le ton") are taken out first.
"""

from typing import Final

import polars as pl

QUOTED: Final = r"«[^»\n]*»|“[^”\n]*”|\"[^\"\n]*\""
START: Final = r"(?:^|[.!?…:;,\n]\s*|[^\pL\pN\s'’\-#@]\s+|\bet\s+|\band\s+)"
"""Where an imperative may stand: there is no subject before it."""

NO_ADDRESS: Final = (
    r"(?i)\b(?:rendez|garde[- ][àa])-vous\b|\bton sur ton\b|"
    r"\b(?:le|un|du|au|ce|m[êe]me|bon|quel|haut)\s+ton\b|\bs['’][ée]tai(?:t|ent) tu\b|"
    r"\bs['’]est tu\b|\b(?:chez|assez|nez|rez)\b"
)
TU: Final = (
    r"(?i)\b(?:tu|toi|t['’](?:as|es|aimes?|attends?|inscris|en|y)|ton|ta|tes)\b|"
    rf"{START}(?:viens|d[ée]couvre|clique|profite|rejoins|participe|inscris|abonne|dis|"
    r"raconte|[ée]cris|essaie|teste|enregistre|choisis)\b"
)
VOUS: Final = rf"(?i)\b(?:vous|votre|vos)\b|{START}\pL{{2,}}ez\b"

NO_CALL: Final = r"(?i)(?:^|\s)(?:vous|you)(?: (?:en|y|nous|vous|can|will))?\s+\pL+\b"
CALLS_VOUS: Final = (
    r"d[ée]couvrez|inscrivez|rejoignez|profitez|cliquez|abonnez|partagez|"
    r"r[ée]servez|t[ée]l[ée]chargez|commentez|dites[- ]nous|visitez|participez|commandez|"
    r"racontez[- ]nous|[ée]crivez[- ]nous|suivez[- ]nous|identifiez|taguez|enregistrez|likez"
)
CALLS_TU: Final = (
    r"d[ée]couvre|inscris[- ]toi|rejoins|profite|clique|abonne[- ]toi|partage|r[ée]serve|"
    r"t[ée]l[ée]charge|commente|dis[- ]nous|visite|participe|commande|raconte[- ]nous|"
    r"[ée]cris[- ]nous|suis[- ]nous|identifie|tague|enregistre|like"
)
CALLS_EN: Final = (
    r"click|subscribe|download|check out|discover|share|save|join|follow|tag|register|visit|"
    r"book|order|shop|comment"
)
CTA: Final = (
    rf"(?i)\b(?:{CALLS_VOUS})\b|{START}(?:{CALLS_TU})\b|"
    rf"{START}(?:please )?(?:{CALLS_EN}) (?:here|now|below|us|on|to|the|this|our|your|a|in|it|for)"
    r"\b|\b(?:lien en bio|en savoir plus|link in (?:our )?bio|sign up|join us|shop now|"
    r"buy now|order now|learn more|read more|book now|register now|get yours|tell us|swipe up|"
    r"follow us|tag a friend|share your|discover our|click (?:here|on|the|below)|subscribe to|"
    r"check out our)\b"
)

NO_CONTEST: Final = (
    r"(?i)\bavec le concours d\w+|\bconcours de (?:circonstances|la fonction publique)\b|"
    r"\b(?:tout|rien|beaucoup|temps|argent) [àa] gagner\b|\bto contest\b|\bcontest (?:the|this)\b|"
    r"\bwin(?:s|ning)? (?:a|an|one|two) (?:match|game|race|battle|seat|stage|award)\b"
)
CONTEST: Final = (
    r"(?i)\bjeux?[- ]concours\b|#(?:jeu)?concours|\b(?:grand|notre|super|nouveau) concours\b|"
    r"\bconcours(?: (?:photo|vid[ée]o|instagram|facebook)|\s*[:!🎁🎉])|\btirage au sort\b|"
    r"\btent(?:ez|e) (?:de (?:gagner|remporter)|votre chance|ta chance)\b|\b[àa] gagner\b|"
    r"\bgiveaways?\b|\bsweepstakes?\b|\bprize draw\b|\b(?:photo )?contest\b|\benter to win\b|"
    r"\b(?:chance to|could|to|and|you) win (?:a|an|one|two|our|your)\b|"
    rf"{START}win (?:a|an|one|two|our|your)\b|{START}(?:gagn|remport)ez (?:un|une|des|votre)\b"
)

NO_DISCLOSURE: Final = (
    r"(?i)\b(?:pas|non|ni|aucune?|sans|not|no|isn['’]t|never)[- ](?:une?\s+|an?\s+|de\s+|en\s+)?"
    r"(?:post\s+|article\s+|contenu\s+)?(?:#?\[?(?:ad|ads|pub|publicit[ée]|sponsoris[ée]e?s?|"
    r"sponsored|collaboration commerciale|partenariat r[ée]mun[ée]r[ée]|paid partnership)\b)"
    r"(?: (?:by|par)\b)?|\bcollaboration commerciale\s*:\s*(?:non|aucune)\b"
)
SPONSORED: Final = (
    r"(?im)#(?:ad|ads|advert|pub|publi|publicit[ée]|sponsored(?:post)?|sponso|sponsoris[ée]|spon|"
    r"(?:en)?partenariat|partenariat(?:r[ée]mun[ée]r[ée]|commercial)|collab(?:oration)?"
    r"(?:commerciale|r[ée]mun[ée]r[ée]e)|communicationcommerciale|produitoffert|gifted|"
    r"paid(?:partnership|promotion)|brandpartner)\b|"
    r"\b(?:collab(?:oration)?|communication) (?:commerciale|r[ée]mun[ée]r[ée]e)\b|"
    r"\bpartenariat (?:r[ée]mun[ée]r[ée]|commercial|sponsoris[ée])\b|"
    r"\bpaid (?:partnership|promotion)\b|\bpubli-?(?:r[ée]dactionnel|reportage)\b|"
    r"\b(?:contenu|article|post|billet|vid[ée]o|story) sponsoris[ée]e?\b|"
    r"\bsponsoris[ée]e? par\b|\bsponsored (?:by|post|content|video)\b|"
    r"^\W*(?:publicit[ée]|annonce sponsoris[ée]e|advertisement)\s*(?:$|[:|–—.!-])|"
    r"[.!?]\s+publicit[ée]\s*(?:$|:)|^\W*ad\s*[:|–—]|[\[(]\s*(?:ad|pub|publicit[ée])\s*[\])]"
)
QUESTION: Final = r"\?(?:\s|$|[^\w/=&])"


def said(text: pl.Expr) -> pl.Expr:
    """The text without what it quotes."""
    return text.str.replace_all(QUOTED, " ")


def has(text: pl.Expr, pattern: str, but: str | None = None) -> pl.Expr:
    """Whether a form occurs once its false friends are out."""
    return (text if but is None else text.str.replace_all(but, " ")).str.contains(pattern)


def register(text: pl.Expr) -> pl.Expr:
    """How French readers are addressed: tu, vous or neutral."""
    open_ = text.str.replace_all(NO_ADDRESS, " ")
    tu, vous = open_.str.count_matches(TU), open_.str.count_matches(VOUS)
    form = pl.when(tu > vous).then(pl.lit("tu")).when(vous > 0).then(pl.lit("vous"))
    return form.otherwise(pl.lit("neutral"))
