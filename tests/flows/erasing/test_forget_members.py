"""Who is erased leaves the tables of members, too."""

import pytest
from typer.testing import CliRunner

from crawlers import registry
from features import content_fit
from flows import build
from flows.cli import app
from flows.erasing.forget import latest_run
from tests.flows.guestbook import Guestbook, post, said, visit


def listed(store):
    """author_key of those in `members`, and members counted in `communities`."""
    rows = store.scan("members").collect()
    counted = store.scan("communities").filter(platform="all", period="28d").collect()
    return set(rows["author_key"]), counted["members"].to_list()


@pytest.mark.parametrize("by", ["name", "pseudonym"])
def test_an_erased_author_is_no_member_any_more(by, store, monkeypatch):
    monkeypatch.setitem(registry.platforms(), "guestbook", Guestbook())
    monkeypatch.setattr(content_fit, "FIT_POSTS", 60)
    talk = [said(n, who, f"Mot {n}") for n, who in enumerate(("lea", "lea", "tom.b", "tom.b"))]
    visit(store, "north", post(1, *talk))
    build.build_lake(store, latest_run(store), "Europe/Paris", full=True)
    keys, counted = listed(store)
    assert (len(keys), counted) == (2, [2])
    said_by_lea = store.scan("comments").filter(text="Mot 0").collect()["author_key"][0]
    asked = "@lea" if by == "name" else said_by_lea
    done = CliRunner().invoke(app, ["forget", "--author", asked, "--yes", "--lake", store.root])
    assert done.exit_code == 0, done.output
    assert listed(store) == (keys - {said_by_lea}, [1])
    shown = CliRunner().invoke(app, ["export", "members", "--lake", store.root])
    assert shown.exit_code == 0, shown.output
    assert said_by_lea not in shown.output
    assert (keys - {said_by_lea}).pop() in shown.output
