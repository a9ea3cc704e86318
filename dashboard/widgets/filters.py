"""What the reader looks at: platform, period, entities and language, kept in the address.

Streamlit's own binding writes the labels into the address, which change with the language; these
write the ids, so that a link works for every reader.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import i18n, names, queries
from dashboard.i18n import _
from data.settings import settings
from data.vocabulary import ALL, PERIODS

DEFAULTS: Final = {"platform": ALL, "period": "28d"}
KEPT: Final = ("lang", "platform", "period", "entity")
"""Parameters that follow the reader from page to page."""


def _write(key: str, default: str) -> None:
    value = st.session_state[key]
    if not value or value == default:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = value


def _agree(key: str, options: Sequence[str], default: str) -> None:
    """Make the address and the session say the same: a link wins over what was chosen before."""
    asked = st.query_params.get(key)
    if asked in options:
        st.session_state[key] = asked
    elif st.session_state.get(key) not in options:
        st.session_state[key] = default
    if st.session_state[key] != default:
        st.query_params[key] = st.session_state[key]
    else:
        st.query_params.pop(key, None)


def choose(
    key: str,
    label: str,
    options: Sequence[str],
    words: Callable[[str], str],
    *,
    default: str | None = None,
) -> str:
    """A list to choose from, kept in the address under `key`; the option chosen."""
    first = options[0] if default is None else default
    _agree(key, options, first)
    # Labels are made now: Streamlit also asks for them later, out of this run and its language.
    labels = {option: words(option) for option in options}
    chosen = st.selectbox(
        label,
        options,
        format_func=labels.__getitem__,
        key=key,
        on_change=_write,
        args=(key, first),
    )
    return str(chosen)


def language() -> None:
    """Speak the language of the address, else of the settings, else of the browser."""
    locale = (settings().lang or st.context.locale or "en")[:2]
    default = locale if locale in i18n.LANGUAGES else "en"
    _agree("lang", tuple(i18n.LANGUAGES), default)
    i18n.use(str(st.session_state["lang"]))


def sidebar() -> None:
    """The filters, and the switch of language below them."""
    choose("platform", _("Platform"), [ALL, *queries.platforms()], names.platform)
    _agree("period", tuple(PERIODS), DEFAULTS["period"])
    periods = {period: names.period_short(period) for period in PERIODS}
    st.segmented_control(
        _("Period"),
        tuple(PERIODS),
        format_func=periods.__getitem__,
        key="period",
        required=True,
        on_change=_write,
        args=("period", DEFAULTS["period"]),
        width="stretch",
        wrap=False,
    )
    _entities()
    language_switch()


def language_switch() -> None:
    """French or English."""
    st.segmented_control(
        _("Language"),
        tuple(i18n.LANGUAGES),
        format_func=i18n.LANGUAGES.__getitem__,
        key="lang",
        required=True,
        on_change=_write,
        args=("lang", ""),
        width="stretch",
    )


def _entities() -> None:
    known = {row["entity_id"]: row["name"] for row in queries.entities().iter_rows(named=True)}
    asked = [one for one in st.query_params.get_all("entity") if one in known]
    if asked:
        st.session_state["entity"] = asked
    chosen = [one for one in st.session_state.get("entity", []) if one in known]
    st.session_state["entity"] = chosen
    if chosen:
        st.query_params["entity"] = chosen
    else:
        st.query_params.pop("entity", None)
    st.multiselect(
        _("Who"),
        list(known),
        format_func=known.__getitem__,
        key="entity",
        placeholder=_("Everybody"),
        on_change=_write,
        args=("entity", ""),
    )


def scope() -> queries.Scope:
    """What the reader chose in the sidebar."""
    chosen = st.session_state
    return queries.Scope(
        platform=str(chosen.get("platform", DEFAULTS["platform"])),
        period=str(chosen.get("period", DEFAULTS["period"])),
        entities=tuple(chosen.get("entity", ())),
    )


def address(**more: str) -> dict[str, Any]:
    """Parameters of a link that keeps the filters and adds its own."""
    kept = {key: st.query_params.get_all(key) for key in KEPT if key in st.query_params}
    return {**kept, **more}


def caption() -> str:
    """The scope in words, such as `last 28 days to 20 Nov 2026 · Bluesky`."""
    here = scope()
    until = _("{period} to {day}").format(
        period=names.period(here.period), day=i18n.day(queries.as_of())
    )
    return i18n.sentence(f"{until} · {names.platform(here.platform)}")
