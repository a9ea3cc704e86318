"""A summary is sent of a run that fell short where the run before did not, and of no other."""

from datetime import UTC, timedelta

import polars as pl
import pytest

from flows.serving import outbox
from flows.watching import shortfall
from tests.data.rows import T0
from tests.flows.lakes import covered, fill, rows
from tests.flows.postbox import Mailbox, Webhook
from tests.flows.serving.test_outbox import AT, DASHBOARD, NIGHT, delivery, raised

CHANNELS = ("feed:crete", "feed:b", "feed:c")
DIED = "the crawl's process ended with code 137: killed"


@pytest.fixture
def lake(store):
    fill(store)
    run(store, 1)
    return store


@pytest.fixture
def hook():
    with Webhook() as server:
        yield server


def run(store, number, **reasons):
    """A day's run; by channel, why it fell short."""
    run_id = f"run{number}"
    for name in CHANNELS:
        reason = reasons.get(name.partition(":")[2])
        at = T0 + timedelta(days=2 + number)
        covered(store, run_id, at, channel=name, reason=reason, complete=reason is None)
    shortfall.note(store, run_id, AT)
    return run_id


def deliver(lake, told, at=AT):
    return outbox.deliver(lake, told, at, DASHBOARD)


def enrolled(lake, *addresses, **more):
    told = delivery(*addresses, **more)
    outbox.enrol(lake, told, AT.date())
    return told


def test_a_run_that_did_as_well_as_the_one_before_is_told_to_nobody(lake, hook):
    told = enrolled(lake, hook.url)
    run(lake, 2)
    assert deliver(lake, told) == outbox.Posted()
    assert hook.got == []


def test_what_failed_and_was_fine_before_is_told_once(lake, hook):
    told = enrolled(lake, hook.url)
    run(lake, 2, b="gone: no such page (404)")
    assert deliver(lake, told) == outbox.Posted(told=1)
    (message,) = hook.got
    assert message["title"] == "Vigie, Outdoor: 1 channel fell short"
    assert "FELL SHORT\n- feed:b: the account or page no longer exists (404)" in message["message"]
    assert "3 channels were crawled; 6 posts read, 6 of them new." in message["message"]
    assert DASHBOARD in message["message"]
    assert deliver(lake, told) == outbox.Posted()
    run(lake, 3, b="gone: no such page (404)")
    assert deliver(lake, told) == outbox.Posted(), "it was no better the run before"
    run(lake, 4)
    run(lake, 5, b="rate_limited")
    assert deliver(lake, told) == outbox.Posted(told=1)


def test_a_crawl_that_died_is_told_each_time(lake, hook):
    told = enrolled(lake, hook.url)
    for number in (2, 3):
        run(lake, number, b=DIED, c=DIED)
        assert deliver(lake, told) == outbox.Posted(told=1)
    assert hook.got[1]["title"] == "Vigie, Outdoor: 2 channels fell short"


def test_a_new_channel_that_never_worked_is_no_news(lake):
    covered(lake, "run2", T0 + timedelta(days=4), channel="feed:new", complete=False, reason="x")
    assert shortfall.judged(lake, "run2") is None


def test_it_is_one_message_with_the_alerts_of_the_run(lake, hook):
    told = enrolled(lake, hook.url)
    raised(lake, "a")
    run(lake, 2, b="refused: no")
    assert deliver(lake, told) == outbox.Posted(sent=1, told=1)
    (message,) = hook.got
    assert message["title"] == "Vigie, Outdoor: 1 alert"
    assert message["message"].index("Title a") < message["message"].index("FELL SHORT")


def test_what_an_alert_tells_of_is_not_told_twice(lake, hook):
    told = enrolled(lake, hook.url)
    run(lake, 2, b="gone", c="gone")
    began = T0 + timedelta(days=4)
    raised(lake, "x", at=began, kind="source_broken", key="feed:b")
    deliver(lake, told)
    said = hook.got[0]["message"]
    assert "- feed:c" in said
    assert "- feed:b" not in said


def test_a_muted_source_wakes_nobody(lake, hook):
    told = enrolled(lake, hook.url)
    run(lake, 2, crete="gone")
    mute = {"alert_id": "x", "kind": "source_broken", "entity_id": "crete-co", "key": "feed:crete",
            "by": "b", "until": AT.date(), "at": AT}  # fmt: skip
    lake.merge("alert_mutes", rows("alert_mutes", mute))
    assert deliver(lake, told) == outbox.Posted()


def test_quiet_hours_and_severities_are_those_of_alerts(lake, hook):
    with Webhook() as critical:
        told = enrolled(lake, hook.url, {"url": critical.url, "at_least": "critical"},
                        quiet_hours="21:00-07:00")  # fmt: skip
        run(lake, 2, b="gone")
        assert deliver(lake, told, NIGHT) == outbox.Posted(held=1)
        assert deliver(lake, told, AT + timedelta(days=1)) == outbox.Posted(told=1)
        assert (len(hook.got), critical.got) == (1, [])


def test_what_could_not_be_sent_is_tried_again_and_a_new_address_hears_of_what_comes(lake, hook):
    told = enrolled(lake, hook.url)
    run(lake, 2, b="gone")
    hook.status = 500
    assert deliver(lake, told) == outbox.Posted(failed=("alerts[0] (json)",))
    hook.status = 200
    with Webhook() as other:
        told = enrolled(lake, hook.url, other.url)
        assert deliver(lake, told) == outbox.Posted(told=1)
        assert (len(hook.got), other.got) == (1, [])


def test_it_is_given_up_after_a_while(lake, hook):
    told = enrolled(lake, hook.url)
    run(lake, 2, b="gone")
    assert deliver(lake, told, AT + timedelta(days=outbox.KEPT_DAYS + 1)) == outbox.Posted()


def test_it_arrives_by_mail_as_plain_text_in_the_language_of_the_market(lake):
    with Mailbox() as box:
        told = enrolled(lake, box.url).model_copy(update={"language": "fr"})
        run(lake, 2, b="failed: <img src=x> @everyone https://lea:canary-77@x.example")
        assert deliver(lake, told).told == 1
    (letter,) = box.got
    assert letter["subject"] == "Vigie, Outdoor : 1 canal incomplet"
    for body in filter(None, (letter.get_body((kind,)) for kind in ("plain", "html"))):
        text = body.get_content().replace("&nbsp;", " ")
        assert "INCOMPLETS" in text
        assert "3 canaux collectés" in text
        assert not any(one in text for one in ("<img", "@everyone", "canary-77"))


def test_an_erased_channel_leaves_nothing_in_what_is_kept(lake):
    run(lake, 2, b="gone")
    kept = lake.scan("state").filter(pl.col("name") == shortfall.STATE).collect()["value"][0]
    assert "feed:b" not in kept
    assert shortfall.waiting(lake, AT.astimezone(UTC), 30).channels == [("feed:b", "gone")]
