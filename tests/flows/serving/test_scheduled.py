"""The scheduled flow's body, when it runs, and what reports it sends; no server is needed."""

from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from data import delivery
from data.delivery import Delivery
from flows.serving import outbox, reports, schedule, scheduled
from flows.serving.schedule import Rhythm
from flows.words import console
from flows.words.problems import FellShort, Unusable
from tests.flows.lakes import WATCHLIST, covered, fill
from tests.flows.postbox import Webhook
from tests.flows.serving.test_outbox import raised

AT = datetime(2026, 11, 3, 11, tzinfo=UTC)
NOW = "2026-11-03T06:00:00Z"
MADE = "import sys; open(sys.argv[sys.argv.index('-o') + 1], 'w').write('the report')"


@pytest.fixture
def hook():
    with Webhook() as server:
        yield server


@pytest.fixture
def lake(store):
    fill(store)
    return store


@pytest.fixture
def watchlist(tmp_path, hook):
    file = tmp_path / "watchlist.yaml"
    file.write_text(f"{WATCHLIST}alerts: ['{hook.url}']\n", encoding="utf-8")
    return file


@pytest.fixture
def said(monkeypatch):
    lines = []
    monkeypatch.setattr(
        console, "problem", lambda text, **values: lines.append(text.format(**values))
    )
    return lines


@pytest.fixture
def run(lake, watchlist, monkeypatch, said):
    """The flow's body with a daily run of the test's own."""
    monkeypatch.setattr(scheduled, "send", scheduled.send.fn)
    monkeypatch.setattr(scheduled.daily, "settle", lambda _: True)

    def body(daily, **more):
        monkeypatch.setattr(scheduled.daily, "daily", SimpleNamespace(fn=daily))
        return scheduled.scheduled.fn(str(watchlist), lake.root, **more)

    return body


def test_what_a_run_raises_is_sent_after_it(run, lake, hook, said):
    def daily(*_, **__):
        raised(lake, "a")
        return "r9"

    assert run(daily, now=NOW) == "r9"
    assert len(hook.got) == 1
    assert said == ["alerts sent: 1"]
    assert run(lambda *_, **__: "r10") == "r10"
    assert len(hook.got) == 1


def test_what_a_run_fell_short_of_is_sent_after_it_and_success_is_not(run, lake, hook, said):
    def daily(run_id, **changes):
        at = AT + timedelta(hours=int(run_id[1:]))
        return lambda *_, **__: covered(lake, run_id, at, **changes) or run_id

    run(daily("r2"), now=NOW)
    assert hook.got == []
    run(daily("r3", complete=False, reason="rate_limited"), now=NOW)
    assert hook.got[0]["title"] == "Vigie, Outdoor : 1 canal incomplet"
    assert said == ["run summaries sent: 1"]
    run(daily("r4"), now=NOW)
    assert len(hook.got) == 1


def test_a_failing_run_is_told_and_fails(run, hook, said):
    def daily(*_, **__):
        raise FellShort("no free port on 127.0.0.1")

    with pytest.raises(FellShort):
        run(daily)
    assert hook.got[0]["title"] == "Vigie, Outdoor : la collecte a échoué"
    assert said[0].startswith("the run failed: flows.words.problems.FellShort")


def test_a_mistake_elsewhere_in_the_watchlist_still_reaches_its_readers(run, watchlist, hook, said):
    watchlist.write_text(watchlist.read_text().replace("brand:", "brnd:"))

    def daily(watchlist, *_, **__):
        from data.watchlist import load

        load(watchlist)

    with pytest.raises(ValueError, match="brnd"):
        run(daily)
    assert "brnd" in hook.got[0]["message"]


def test_sending_alone_crawls_nothing(run, lake, watchlist, hook, said):
    def daily(*_, **__):
        raise AssertionError("nothing is to be crawled")

    assert run(daily, crawls=False) is None
    outbox.enrol(lake, delivery.load(watchlist), AT.date())
    raised(lake, "a")
    run(daily, crawls=False)
    assert len(hook.got) == 1


@pytest.mark.parametrize(
    ("late", "again", "overtaken"), [(1, False, False), (-1, False, True), (-1, True, False)]
)
def test_a_run_whose_time_an_earlier_one_used_is_left_out(
    lake, monkeypatch, late, again, overtaken
):
    covered(lake, "r2", AT)
    one = SimpleNamespace(deployment_id=uuid4(), expected_start_time=AT + timedelta(hours=late))
    monkeypatch.setattr(
        scheduled.FlowRunContext, "get", staticmethod(lambda: SimpleNamespace(flow_run=one))
    )
    monkeypatch.setattr(scheduled.again, "is_taken_up", lambda: again)
    assert scheduled._is_overtaken(lake) is overtaken


def test_a_rhythm_is_read_or_its_mistake_is_named():
    assert Rhythm.read("6h", "05:15", "Europe/Paris") == (
        timedelta(hours=6),
        time(5, 15),
        "Europe/Paris",
    )
    for every, at in (("1d", "6:30"), ("1d", "24:00"), ("0d", "06:30"), ("1y", "06:30"), ("", "")):
        with pytest.raises(Unusable, match=r"--every|--at"):
            Rhythm.read(every, at, "UTC")


def test_the_schedule_begins_at_the_markets_hour():
    told = Rhythm.read("1d", "06:30", "Europe/Paris").prefect(datetime(2026, 7, 1, 23, tzinfo=UTC))
    assert (told.interval, told.timezone) == (timedelta(days=1), "Europe/Paris")
    assert told.anchor_date.isoformat() == "2026-07-02T06:30:00+02:00"


def test_a_lake_has_one_name_however_it_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert schedule.name_of("lake") == schedule.name_of(str(tmp_path / "x" / ".." / "lake"))
    assert schedule.name_of("lake") != schedule.name_of("s3://lake")


def test_a_report_is_sent_on_its_day_once(lake, hook, monkeypatch, tmp_path):
    monkeypatch.setattr(reports, "VIGIE", MADE)
    order = {"to": hook.url, "every": "monday", "format": "html"}
    told = Delivery(market="Outdoor", reports=[order])
    outbox.enrol(lake, told, AT.date())
    assert reports.deliver(lake, told, "w.yaml", AT) == []
    assert hook.got == []
    for _ in range(2):  # the day was missed: Tuesday makes up for it, once
        assert reports.deliver(lake, told, "w.yaml", AT + timedelta(days=7)) == []
    (message,) = hook.got
    assert message["title"] == "Vigie, Outdoor: report, 28d"
    assert message["attachments"][0]["filename"] == "vigie.html"


@pytest.mark.parametrize("made", ["raise SystemExit(1)", "pass"])
def test_a_report_that_was_not_made_is_named_and_tried_again(lake, hook, monkeypatch, made):
    told = Delivery(market="Outdoor", reports=[{"to": hook.url, "every": "day"}])
    outbox.enrol(lake, told, AT.date())
    monkeypatch.setattr(reports, "VIGIE", made)
    assert reports.deliver(lake, told, "w.yaml", AT) == ["reports[0] (json)"]
    monkeypatch.setattr(reports, "VIGIE", MADE)
    assert reports.deliver(lake, told, "w.yaml", AT) == []
    assert len(hook.got) == 1
