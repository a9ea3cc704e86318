"""Who may see the dashboard, and who may change something in it.

Off where no provider is set: then only this machine reaches the dashboard. Otherwise everyone
signs in (OpenID Connect, Streamlit's own login), and nothing is read from the lake for somebody
whom no rule lets in. Rules are addresses (`lea@maison.example`), domains (`@maison.example`),
groups (`group:analysts`), or `*` for whoever the provider signs in.
"""

import re
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

import streamlit as st

from dashboard.i18n import _
from dashboard.widgets import filters, states
from data.settings import Settings, settings

Role = Literal["editor", "viewer"]
GROUP: Final = "group:"
ANYBODY: Final = "*"


def rules(text: str) -> tuple[str, ...]:
    """The rules in a setting, separated by commas, semicolons or line ends."""
    return tuple(rule for part in re.split(r"[,;\n]", text) if (rule := part.strip()))


def role_of(claims: Mapping[str, Any], told: Settings) -> Role | None:
    """What somebody may do, by what the provider says of them; None: nothing at all."""
    if is_let_in(claims, rules(told.editors), told):
        return "editor"
    return "viewer" if is_let_in(claims, rules(told.allow), told) else None


def is_let_in(claims: Mapping[str, Any], allowed: Iterable[str], told: Settings) -> bool:
    """Whether a rule fits: addresses and domains without regard to case, groups exactly."""
    address = _address(claims, told)
    groups = _groups(claims.get(told.oidc_groups_claim))
    return any(_fits(rule, address, groups) for rule in allowed)


def _fits(rule: str, address: str, groups: set[str]) -> bool:
    if rule == ANYBODY:
        return True
    if rule.startswith(GROUP):
        return rule.removeprefix(GROUP).strip() in groups
    wanted = rule.lower()
    if not address or not wanted.isascii():
        return False
    return address == wanted or (
        wanted.startswith("@") and "@" + address.rpartition("@")[2] == wanted
    )


def _address(claims: Mapping[str, Any], told: Settings) -> str:
    """The mail address if the provider vouches for it, in lower case; else nothing.

    Letters beyond ASCII are refused: some become others' in lower case.
    """
    address = claims.get("email")
    vouched = claims.get("email_verified") in (True, "true") or told.oidc_trust_email
    if not vouched or not isinstance(address, str) or not address.isascii():
        return ""
    return address.lower() if re.fullmatch(r"[^\s@]+@[^\s@]+", address) else ""


def _groups(claim: Any) -> set[str]:
    if isinstance(claim, str):
        return {claim}
    return {one for one in claim if isinstance(one, str)} if isinstance(claim, list) else set()


def is_over(claims: Mapping[str, Any], told: Settings, now: float) -> bool:
    """The sign-in is older than it may be: the provider is asked again."""
    since = claims.get("iat")
    return not isinstance(since, int | float) or now - since > told.oidc_hours * 3600


def role() -> Role | None:
    """What the reader of this session may do, by the rules as they are now."""
    told = settings()
    if not told.signs_in:
        return "editor"
    if not st.user.get("is_logged_in", False):
        return None
    claims = st.user.to_dict()
    return None if is_over(claims, told, time.time()) else role_of(claims, told)


def may_edit() -> bool:
    """Whether the reader of this session may change something."""
    return role() == "editor"


def granted() -> bool:
    """Whether this session may read on; otherwise it is shown the door, and why.

    Asked before anything is read from the lake.
    """
    if role() is not None:
        return True
    with st.container(key="door"):
        _door(settings())
        filters.language_switch()
    return False


def _door(told: Settings) -> None:
    """Why the reader is not let in, and what to do about it."""
    if not st.user.get("is_logged_in", False):
        states.state(_("Sign in"), _("This dashboard is for people who were let in."))
        st.button(_("Sign in"), type="primary", on_click=st.login)
    elif is_over(st.user.to_dict(), told, time.time()):
        states.state(_("Sign in again"), _("Your sign-in has come to its end."))
        st.button(_("Sign in again"), type="primary", on_click=st.login)
    else:
        states.state(
            _("No access"),
            _("{who} is signed in, but was not let in. Ask whoever runs this dashboard.").format(
                who=st.user.get("email") or _("Somebody")
            ),
        )
        st.button(_("Sign out"), on_click=st.logout)


def sign_out() -> None:
    """Who is signed in, and the way out; nothing where nobody signs in."""
    if settings().signs_in:
        st.caption(str(st.user.get("email") or st.user.get("name") or ""))
        st.button(_("Sign out"), on_click=st.logout)
