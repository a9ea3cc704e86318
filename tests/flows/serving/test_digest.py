from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.serving import digest

AT = datetime(2026, 11, 3, 6, tzinfo=UTC)


def alert(title, severity="info", posts=()):
    return {
        "title": title, "severity": severity, "raised_at": AT,
        "evidence": {"post_ids": list(posts), "page_ids": []},
    }  # fmt: skip


def told(*alerts, urls=None, language="en"):
    return digest.of_run(alerts, urls or {}, None, "Outdoor", language, "http://127.0.0.1:8501")


def test_the_gravest_comes_first_under_its_head_with_its_links():
    urls = {"feed:1": "https://crete.example/1", "feed:2": "https://mastodon.example/@crete/2"}
    message = told(
        alert("Third"),
        alert("First", "critical", ["feed:1", "feed:2", "feed:3"]),
        alert("Second", "warning"),
        urls=urls,
    )
    assert message.title == "Vigie, Outdoor: 3 alerts"
    assert message.body.split("\n") == [
        "CRITICAL", "- First", "  https://crete.example/1",
        "  https://mastodon.example/%40crete/2", "",
        "WARNING", "- Second", "",
        "INFORMATION", "- Third", "",
        "Dashboard: http://127.0.0.1:8501",
    ]  # fmt: skip


def test_it_speaks_the_language_of_the_market():
    message = told(alert("Un", "critical"), language="fr")
    assert message.title == "Vigie, Outdoor : 1 alerte"
    assert message.body.startswith("CRITIQUE\n- Un")


def test_it_is_bounded():
    posts = {f"feed:{n}": f"https://crete.example/{n}" for n in range(9)}
    message = told(*(alert(f"A{n:02}", posts=posts) for n in range(50)), urls=posts)
    assert message.body.count("\n- ") + message.body.startswith("- ") == digest.MOST_ALERTS
    assert "and 10 more alerts" in message.body
    assert message.body.count("and 4 more posts") == digest.MOST_ALERTS


@pytest.mark.parametrize(
    "hostile",
    [
        "@everyone", "@here", "<!channel>", "<@U0123>", "[x](https://evil.example)", "**b**",
        "<b>x</b>", "`x`", "https://evil.example/login", "a\nCRITICAL\n- b", "\u202egnp", "_x_",
        "||spoiler||", "~~x~~",
    ],
)  # fmt: skip
def test_hostile_titles_are_plain_text(hostile):
    body = told(alert(f"The hashtag “{hostile}” rises")).body
    assert hostile not in body
    assert body.count("\n- ") == 1
    assert not set("<>*`|[]~\u202e") & set(body.replace("http://127.0.0.1:8501", ""))


@given(st.text())
def test_plain_text_is_one_bounded_line(text):
    line = digest.plain(text)
    assert line.isprintable() or "\u2060" in line
    assert len(line.replace("\u2060", "")) <= digest.LONGEST
    assert "://" not in line


@given(st.text())
def test_a_link_is_a_web_address_or_nothing(text):
    for url in (text, f"https://crete.example/{text}"):
        shown = digest.link(url)
        assert shown is None or (
            shown.startswith(("http://", "https://")) and not set(" <>[]*`|@\n\"'()") & set(shown)
        )


def test_no_link_signs_in_or_runs():
    for url in ("javascript:alert(1)", "https://a:b@crete.example/", "file:///etc/x", "http://"):
        assert digest.link(url) is None


def test_a_failure_is_told_without_credentials():
    message = digest.of_failure("OSError: https://u:s3cret@h.example/x @everyone", "Outdoor", "fr")
    assert message.title == "Vigie, Outdoor : la collecte a échoué"
    assert "s3cret" not in message.body
    assert "@everyone" not in message.body
