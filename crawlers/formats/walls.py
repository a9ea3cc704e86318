"""Pages that stand in front of a content: consent, sign-in, robot checks, shells of scripts."""

import re
from typing import Final

from crawlers.fields import text_of

MARKUP: Final = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?><!--.{0,2000}?-->\s*){0,9}"
    r"<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
TITLE: Final = re.compile(r"<title[^>]*>([^<]{0,300})", re.IGNORECASE)
FEW: Final = 1500
"""A page that shows more characters than this is content, whatever else it carries."""
SHELL: Final = 200
"""A page of scripts that shows fewer characters than this came without its content."""

BY_TITLE: Final = (
    ("consent_wall", re.compile(
        r"before you continue|avant d[’']accéder|avant de continuer|antes de ir a|bevor sie zu|"
        r"prima di continuare|voordat je verdergaat", re.IGNORECASE)),
    ("block_page", re.compile(
        r"just a moment|un instant|attention required|access denied|accès refusé|"
        r"pardon our interruption|are you a robot|robot check|security check|"
        r"verify(?:ing)? (?:that )?you are (?:a )?human|403 forbidden|ddos-guard",
        re.IGNORECASE)),
    ("login_wall", re.compile(
        r"^\s*(?:log ?in|sign ?in|se connecter|connexion|identification|connectez-vous)\b",
        re.IGNORECASE)),
)  # fmt: skip
BY_MARK: Final = (
    ("consent_wall", re.compile(r"//consent\.(?:youtube|google)\.com/|privacy-gate\?")),
    ("block_page", re.compile(
        r"_cf_chl_opt|cf-browser-verification|captcha-delivery\.com|px-captcha|"
        r"_Incapsula_Resource|g-recaptcha|h-captcha|sgcaptcha|aws-waf-token", re.IGNORECASE)),
    ("login_wall", re.compile(r"<input[^>]{0,200}type=[\"']?password", re.IGNORECASE)),
)  # fmt: skip
SCRIPTED: Final = re.compile(
    r"<script(?![^>]{0,200}ld\+json)|"
    r"(?:enable|activer|activez) (?:le )?javascript|javascript (?:is )?(?:required|requis)",
    re.IGNORECASE,
)


def is_html(text: str) -> bool:
    """Whether a document starts as an HTML page."""
    return bool(MARKUP.match(text.removeprefix("\ufeff")))


def wall(markup: str) -> str | None:
    """The reason (a key of platform.REASONS) why this HTML page is a wall; None for content."""
    shown = len(text_of(markup))
    if shown > FEW:
        return None
    title = TITLE.search(markup)
    for reason, pattern in BY_TITLE:
        if title and pattern.search(title[1]):
            return reason
    for reason, pattern in BY_MARK:
        if pattern.search(markup):
            return reason
    return "empty_shell" if shown < SHELL and (SCRIPTED.search(markup) or not shown) else None
