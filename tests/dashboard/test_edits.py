"""What people change on pages is kept in the lake with who and when, and shown at once."""

import shutil
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access, edits, queries
from dashboard.queries import Scope, Wanted
from data import erasure
from tests.dashboard.test_pages import a_post, html, open_page

BAD = "<script>x</script> [y](javascript:1) $z$ :red[a]"
YEAR = Scope(period="365d")


@pytest.fixture
def lake(use_lake, sample_lake, tmp_path):
    """A lake of one's own to change."""
    shutil.copytree(sample_lake, tmp_path / "lake")
    return use_lake(tmp_path / "lake")


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of this label."""
    found = [one for one in app.get("button") if one.label == label]
    assert found, [one.label for one in app.get("button")]
    found[0].click().run()
    assert not app.exception
    return app


def aside(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.sidebar.get("html"))


def labels() -> dict[str, str]:
    return dict(queries.content_types().select("type_id", "label").iter_rows())


WORDS = {
    "en": ("Rename", "Merge", "Undo", "is called"),
    "fr": ("Renommer", "Fusionner", "Annuler", "s’appelle"),
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_type_is_renamed_and_it_can_be_taken_back(lake, lang):
    rename, _, undo, told = WORDS[lang]
    before = labels()
    app = open_page("content_types", lang=lang)
    app.selectbox(key="edit-type").select("ct-2").run()
    app.text_input(key="name-ct-2").set_value("  Nuits \n dehors ")
    press(app, rename)
    assert labels() == {**before, "ct-2": "Nuits dehors"}
    assert "<b>Nuits dehors</b>" in html(app)
    assert told in html(app)
    row = lake.scan("type_edits").collect().row(0, named=True)
    assert row["was"] == before["ct-2"]
    assert row["by"] == edits.who()
    assert datetime.now(UTC) - row["at"] < timedelta(minutes=1)
    press(app, undo)
    assert "Nuits dehors" not in html(app)
    assert lake.scan("type_edits").collect()["label"].to_list() == [None]


@pytest.mark.parametrize("lang", ["fr"])
def test_a_merge_sums_sizes_everywhere_at_once(lake, lang):
    _, merge, undo, _ = WORDS[lang]
    sizes = dict(queries.content_types().select("type_id", "size").iter_rows())
    found = [queries.find(YEAR, Wanted(type_id=key))[1] for key in ("ct-1", "ct-2")]
    whole = queries.found_sizes()
    app = open_page("content_types", lang=lang)
    app.selectbox(key="edit-type").select("ct-1").run()
    app.selectbox(key="into-ct-1").select("ct-2")
    press(app, merge)
    merged = dict(queries.content_types().select("type_id", "size").iter_rows())
    assert merged["ct-2"] == whole["ct-1"] + whole["ct-2"]
    assert set(merged) == set(sizes) - {"ct-1"}
    assert queries.find(YEAR, Wanted(type_id="ct-2"))[1] == sum(found)
    assert "ct-1" not in queries.type_shares(YEAR)["type_id"]
    assert "ct-1" not in queries.grid(YEAR)["type_id"]
    assert "ct-1" not in queries.trends()["key"]
    press(app, undo)
    again = dict(queries.content_types().select("type_id", "size").iter_rows())
    assert again == {key: whole[key] for key in sizes}
    assert queries.find(YEAR, Wanted(type_id="ct-2"))[1] == found[1]


def test_a_merge_in_a_circle_is_refused_and_chains_are_followed(lake):
    edits.merge_type("ct-1", "ct-2")
    edits.merge_type("ct-2", "ct-1")
    assert queries.type_merges() == {"ct-1": "ct-2"}
    edits.merge_type("ct-2", "ct-3")
    assert queries.type_merges() == {"ct-1": "ct-3", "ct-2": "ct-3"}


def test_a_type_merged_before_the_last_build_comes_back_when_undone(lake):
    """The build left it out of `content_types`; its posts know where they came from."""
    edits.merge_type("ct-1", "ct-2")
    into = {"ct-1": "ct-2"}
    types = queries.content_types()
    own = pl.col("type_id")
    posts = lake.scan("post_types").collect().with_columns(
        type_id=own.replace(into), found_type_id=pl.when(own == "ct-1").then(own)
    )  # fmt: skip
    lake.replace("post_types", posts)
    lake.replace("content_types", types)
    queries.forget()
    assert queries.content_types().equals(types)
    edits.undo_type("ct-1")
    row = queries.content_types().filter(pl.col("type_id") == "ct-1").row(0, named=True)
    assert row["size"] == posts["found_type_id"].is_not_null().sum() > 0
    assert row["label"] == lake.scan("type_edits").collect()["was"][0]


def test_an_edit_of_a_type_that_vanished_is_kept_and_html(lake):
    edits.rename_type("ct-9", "Autre")
    edits.merge_type("ct-1", "ct-8")
    assert "ct-9" not in labels()
    assert queries.type_merges() == {}
    shown = html(open_page("content_types"))
    assert "the change waits for it" in shown
    assert "they count apart" in shown


@pytest.mark.parametrize("lang", ["fr"])
def test_a_note_is_drawn_on_charts_over_time_and_deleted(lake, lang):
    app = open_page("formats", lang=lang, period="90d")
    app.date_input(key="note-day").set_value(date(2026, 11, 2))
    app.text_input(key="note-text").set_value("Soldes")
    press(app, "Ajouter la note" if lang == "fr" else "Add the note")
    assert lake.scan("notes").collect()["text"].to_list() == ["Soldes"]
    assert drawn(app, "Soldes") == 1
    post = lake.scan("posts").filter(pl.col("published_at") < datetime(2026, 11, 1, tzinfo=UTC))
    noted = open_page("posts", lang=lang, post=longest_seen(lake, post))
    assert drawn(noted, "Soldes") == 1
    assert drawn(open_page("trends", lang=lang), "Soldes") >= 1
    assert "Soldes" in aside(app)
    press(app, "✕")
    assert lake.scan("notes").collect().is_empty()
    assert drawn(app, "Soldes") == 0


def longest_seen(lake, posts: pl.LazyFrame) -> str:
    """A post with captures before and after the day of the note."""
    seen = lake.scan("metrics").join(posts, on="post_id", how="semi").group_by("post_id")
    span = seen.agg(first=pl.col("observed_at").min(), last=pl.col("observed_at").max()).collect()
    day = datetime(2026, 11, 2, tzinfo=UTC)
    return str(span.filter(pl.col("first") < day, pl.col("last") > day)["post_id"].sort()[0])


def drawn(app: AppTest, text: str) -> int:
    """Charts that hold a text."""
    charts = [*app.main.get("arrow_vega_lite_chart"), *app.main.get("vega_lite_chart")]
    return sum(text in str(one.proto) or text.encode() in one.proto.SerializeToString()
               for one in charts)  # fmt: skip


def test_a_note_of_an_entity_is_drawn_where_it_is_in_view(lake):
    edits.add_note(date(2026, 11, 2), "Leur salon", "granit")
    edits.add_note(date(2026, 11, 3), "Pour tous", None)
    days = (date(2026, 11, 1), date(2026, 11, 30))
    assert queries.notes_between(*days)["text"].to_list() == ["Leur salon", "Pour tous"]
    assert queries.notes_between(*days, ("granit",)).height == 2
    assert queries.notes_between(*days, ("nordlys",))["text"].to_list() == ["Pour tous"]
    assert queries.notes_between(date(2026, 11, 3), days[1]).height == 1


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_post_is_tagged_and_found_by_its_tag(lake, lang):
    post = a_post(lake)["post_id"]
    app = open_page("posts", lang=lang, post=post)
    app.text_input(key="tag-text").set_value("à répondre")
    press(app, "Ajouter" if lang == "fr" else "Add")
    assert queries.tags(post) == ("à répondre",)
    listed = open_page("posts", lang=lang, period="365d", tag="à répondre")
    assert len(listed.dataframe[0].value) == 1
    assert listed.selectbox(key="tag").value == "à répondre"
    app.button(key="untag-à répondre").click().run()
    assert lake.scan("post_tags").collect().is_empty()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_muted_alert_is_hidden_counted_and_comes_back(lake, lang):
    alert = queries.alerts().row(0, named=True)
    app = open_page(lang=lang)
    assert alert["title"] in html(app)
    app.button(key=f"mute-30-{alert['alert_id']}").click().run()
    row = lake.scan("alert_mutes").collect().row(0, named=True)
    assert row["until"] == datetime.now(UTC).date() + timedelta(days=30)
    assert any("1" in one.label and ("Muted" in one.label or "sourdine" in one.label)
               for one in app.expander)  # fmt: skip
    assert [one.key for one in app.get("button") if one.key].count(
        f"unmute-{alert['alert_id']}") == 1  # fmt: skip
    app.button(key=f"unmute-{alert['alert_id']}").click().run()
    assert lake.scan("alert_mutes").collect().is_empty()


def test_viewers_see_changes_and_make_none(lake, monkeypatch):
    post = a_post(lake)["post_id"]
    edits.rename_type("ct-2", "Nuits dehors")
    edits.add_note(date(2026, 11, 2), "Soldes", None)
    edits.tag_post(post, "bivouac")
    edits.mute_alert(queries.alerts().row(0, named=True), date(2099, 1, 1))
    monkeypatch.setattr(access, "may_edit", lambda: False)
    for page, params in (("content_types", {}), ("posts", {"post": post}), ("benchmark", {})):
        app = open_page(page, **params)
        keys = {one.key or "" for one in app.get("button")}
        assert not any(key.startswith(("undo", "untag", "mute", "unmute", "drop")) for key in keys)
        assert not any(one.label in {"Rename", "Add", "Add the note"} for one in app.get("button"))
    assert "bivouac" in html(open_page("posts", post=post))
    with pytest.raises(PermissionError):
        edits.rename_type("ct-2", "x")
    with pytest.raises(PermissionError):
        edits.untag_post(post, "bivouac")
    assert labels()["ct-2"] == "Nuits dehors"


def test_what_people_write_is_text(lake):
    post = a_post(lake)["post_id"]
    edits.rename_type("ct-2", BAD)
    edits.add_note(date(2026, 11, 2), BAD, "granit")
    edits.tag_post(post, BAD)
    for page, params in (("content_types", {}), ("posts", {"post": post}), ("formats", {})):
        app = open_page(page, **params)
        marked = "\n".join(one.value for one in app.markdown)
        assert "<script" not in html(app) + aside(app) + marked
        assert "](javascript" not in marked
        assert ":red[" not in marked


def test_long_and_empty_texts():
    assert edits.one_line(" a\n\u202eb\x00 ", 9) == "a b"
    assert len(edits.one_line("x" * 300, edits.NOTE)) == edits.NOTE


def test_an_erased_name_leaves_what_people_wrote(lake):
    edits.add_note(date(2026, 11, 2), "Réponse à @lea.grimpe", None)
    assert erasure.unname(lake, ["lea.grimpe"]) == 1
    queries.forget()
    assert queries.notes()["text"].to_list() == ["Réponse à […]"]
