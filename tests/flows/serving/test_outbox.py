"""What is sent where, once each, over a real webhook and a real mail dialogue on loopback."""

import logging
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from pydantic import SecretStr

from data.delivery import Delivery
from flows.serving import outbox, posting
from flows.words.problems import Unusable
from tests.data.rows import T0
from tests.flows.lakes import fill, rows
from tests.flows.postbox import Mailbox, Webhook

AT = datetime(2026, 11, 3, 11, tzinfo=UTC)
NIGHT = datetime(2026, 11, 3, 23, tzinfo=UTC)
DASHBOARD = "http://127.0.0.1:8501"


def raised(store, name, severity="warning", at=T0, **changes):
    store.insert("alerts", rows("alerts", {
        "alert_id": name, "raised_at": at, "kind": "breakout_post", "entity_id": "crete-co",
        "severity": severity, "title": f"Title {name}",
        "evidence": {"post_ids": ["feed:1"], "page_ids": []},
    } | changes))  # fmt: skip


@pytest.fixture
def lake(store):
    fill(store)
    return store


@pytest.fixture
def hook():
    with Webhook() as server:
        yield server


def delivery(*addresses, **more):
    return Delivery(market="Outdoor", timezone="Europe/Paris", alerts=addresses, **more)


def deliver(lake, told, at=AT):
    return outbox.deliver(lake, told, at, DASHBOARD)


def test_an_alert_is_sent_once_in_one_message(lake, hook):
    told = delivery(hook.url)
    raised(lake, "old")
    outbox.enrol(lake, told, AT.date())
    raised(lake, "a")
    raised(lake, "b", "critical")
    assert deliver(lake, told) == outbox.Posted(sent=2)
    (message,) = hook.got
    assert message["title"] == "Vigie, Outdoor: 2 alerts"
    assert message["message"].index("Title b") < message["message"].index("Title a")
    assert "Title old" not in message["message"]
    assert DASHBOARD in message["message"]
    assert deliver(lake, told) == outbox.Posted()
    outbox.enrol(lake, told, AT.date())
    raised(lake, "c")
    deliver(lake, told)
    assert [one["title"] for one in hook.got[1:]] == ["Vigie, Outdoor: 1 alert"]


def test_what_could_not_be_sent_is_sent_later_and_to_that_address_alone(lake, hook):
    with Webhook() as other:
        told = delivery(hook.url, other.url)
        outbox.enrol(lake, told, AT.date())
        raised(lake, "a")
        hook.status = 500
        assert deliver(lake, told) == outbox.Posted(sent=1, failed=("alerts[0] (json)",))
        hook.status = 200
        assert deliver(lake, told) == outbox.Posted(sent=1)
        assert (len(hook.got), len(other.got)) == (1, 1)


def test_a_kill_between_sending_and_noting_repeats_one_message_and_loses_none(
    lake, hook, monkeypatch
):
    with Webhook() as other:
        told = delivery(hook.url, other.url)
        outbox.enrol(lake, told, AT.date())
        raised(lake, "a")

        def killed(*_):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(outbox.Notes, "keep", killed)
            with pytest.raises(KeyboardInterrupt):
                deliver(lake, told)
        assert (len(hook.got), len(other.got)) == (1, 0)
        deliver(lake, told)
        deliver(lake, told)
        assert (len(hook.got), len(other.got)) == (2, 1)


def test_quiet_hours_hold_back_all_but_the_critical(lake, hook):
    told = delivery(hook.url, quiet_hours="21:00-07:00")
    outbox.enrol(lake, told, AT.date())
    raised(lake, "a")
    raised(lake, "b", "critical")
    assert deliver(lake, told, NIGHT) == outbox.Posted(sent=1, held=1)
    assert "Title a" not in hook.got[0]["message"]
    assert deliver(lake, told, AT + timedelta(days=1)) == outbox.Posted(sent=1)
    assert "Title b" not in hook.got[1]["message"]


def test_an_address_hears_from_its_severity_on_and_never_of_the_rest(lake, hook):
    told = delivery({"url": hook.url, "at_least": "critical"})
    outbox.enrol(lake, told, AT.date())
    raised(lake, "a")
    assert deliver(lake, told) == outbox.Posted()
    assert deliver(lake, delivery(hook.url)) == outbox.Posted()
    raised(lake, "b", "critical")
    assert deliver(lake, told).sent == 1


def test_a_muted_alert_is_never_sent(lake, hook):
    told = delivery(hook.url)
    outbox.enrol(lake, told, AT.date())
    raised(lake, "a")
    mute = {"alert_id": "x", "kind": "breakout_post", "entity_id": "crete-co", "by": "b",
            "until": AT.date(), "at": AT}  # fmt: skip
    lake.merge("alert_mutes", rows("alert_mutes", mute))
    assert deliver(lake, told) == outbox.Posted()
    lake.remove("alert_mutes", pl.DataFrame({"alert_id": ["x"]}))
    assert deliver(lake, told) == outbox.Posted()
    raised(lake, "b")
    assert deliver(lake, told) == outbox.Posted(sent=1)


def test_an_alert_is_worded_in_the_language_of_the_mail(lake, hook):
    told = delivery(hook.url)
    outbox.enrol(lake, told, AT.date())
    raised(lake, "a")
    kept = lake.scan("alerts").collect()
    lake.replace("alerts", kept.with_columns(title=pl.lit("Un titre"), value=pl.lit(6.0)))
    assert deliver(lake, told) == outbox.Posted(sent=1)
    assert "Un titre" not in hook.got[0]["message"]
    assert "a post gets 6 times its usual engagement" in hook.got[0]["message"]


def test_a_failure_passes_quiet_hours(lake, hook):
    told = delivery(hook.url, quiet_hours="00:00-23:59")
    assert outbox.tell_failure(told, "OSError: disk full") == outbox.Posted()
    assert hook.got[0]["title"] == "Vigie, Outdoor: the run failed"
    assert "disk full" in hook.got[0]["message"]


def test_mail_arrives_as_plain_text_whatever_a_title_holds(lake):
    with Mailbox() as box:
        told = delivery(box.url)
        outbox.enrol(lake, told, AT.date())
        raised(lake, "a", title="The hashtag “<img src=x onerror=1> @everyone” rises")
        assert deliver(lake, told).sent == 1
    (letter,) = box.got
    assert letter["subject"] == "Vigie, Outdoor: 1 alert"
    html = letter.get_body(("html",))
    for body in filter(None, (letter.get_body(("plain",)), html)):
        assert "<img" not in body.get_content()
        assert "@everyone" not in body.get_content()


def test_no_address_is_kept_or_told(lake, hook, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    told = delivery(hook.url, "json://user:canary-5d0e@127.0.0.1:9/in", "canary://canary-5d0e")
    outbox.enrol(lake, told, AT.date())
    raised(lake, "a")
    posted = deliver(lake, told)
    assert posted.failed == ("alerts[1] (json)", "alerts[2] (canary)")
    everything = lake.scan("state").collect().write_json() + str(posted) + repr(told)
    assert "canary-5d0e" not in everything + caplog.text + "".join(capfd.readouterr())


def test_an_address_that_left_is_forgotten_and_starts_anew(lake, hook):
    told = delivery(hook.url)
    outbox.enrol(lake, told, AT.date())
    outbox.enrol(lake, delivery(), AT.date())
    assert outbox.Notes(lake).addresses == {}
    raised(lake, "a")
    outbox.enrol(lake, told, AT.date())
    assert deliver(lake, told) == outbox.Posted()


def test_enrolling_again_writes_nothing(lake, hook):
    told = delivery(hook.url, reports=[{"to": hook.url}])
    outbox.enrol(lake, told, AT.date())
    before = lake.scan("state").select(pl.col("updated_at").max()).collect().item()
    outbox.enrol(lake, told, AT.date() + timedelta(days=9))
    assert lake.scan("state").select(pl.col("updated_at").max()).collect().item() == before


@pytest.mark.parametrize(("today", "last"), [(date(2026, 11, 2), "2026-10-26"),
                                             (date(2026, 11, 4), "2026-11-02")])  # fmt: skip
def test_a_new_report_is_due_from_today_on(lake, hook, today, last):
    outbox.enrol(lake, delivery(reports=[{"to": hook.url, "every": "monday"}]), today)
    assert [note["last"] for note in outbox.Notes(lake).addresses.values()] == [last]


def test_a_missing_library_is_named_with_its_cure(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(Unusable, match=r"pip install 'vigie\[notify\]'"):
        posting.require()


def test_only_known_services_are_understood():
    assert posting.is_understood(SecretStr("mailto://a:b@maison.example"))
    assert not posting.is_understood(SecretStr("nothing://x"))
