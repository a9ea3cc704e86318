"""Each page runs on a full, an empty, a half-built and a damaged lake, in both languages."""

import re
from html import unescape

import polars as pl
import pytest
from deltalake import write_deltalake
from streamlit.testing.v1 import AppTest

from dashboard import i18n, queries, theme
from dashboard.widgets import filters
from data.store import Store
from tests.dashboard import sample

APP = str(i18n.ROOT / "app.py")
HOMES = ("leadership", "community", "strategy")
PAGES = (
    *HOMES,
    "benchmark",
    "formats",
    "content_types",
    "trends",
    "posts",
    "members",
    "definitions",
    "coverage",
)


def open_page(which: str = "benchmark", **params: str | list[str]) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    if "_" in which:
        # Streamlit finds a page by its address, which AppTest takes from the file's name at first.
        app.run()
    if which != "leadership":
        app.switch_page(f"screens/{which}.py")
        # Going to another page forgets the address.
        for name, value in params.items():
            app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    """What is drawn; only our own script may run."""
    parts = [one.proto for one in app.main.get("html")]
    running = {part.body for part in parts if part.unsafe_allow_javascript}
    assert running <= {theme.spoken(lang) for lang in i18n.LANGUAGES}
    return "\n".join(one.body for one in parts if one.body not in running)


def charts_of(app: AppTest) -> int:
    return len(app.main.get("arrow_vega_lite_chart")) + len(app.main.get("vega_lite_chart"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_page_shows_its_title(full, page, lang):
    app = open_page(page, lang=lang)
    assert "<h1>" in html(app)
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_lake_says_which_command_fills_it(use_lake, tmp_path, page):
    use_lake(tmp_path / "nothing")
    app = open_page(page)
    assert "vigie demo" in html(app)
    assert str(tmp_path / "nothing") in html(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_crawled_but_unbuilt_lake_is_no_error(full, use_lake, tmp_path, page):
    store = use_lake(tmp_path / "half")
    for table in ("entities", "channels", "coverage"):
        store.replace(table, full.scan(table).collect())
    app = open_page(page)
    assert "<h1>" in html(app)
    if page in {"benchmark", *HOMES}:
        assert "vigie build" in html(app)
        assert "Nothing was published" not in html(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_damaged_lake_names_the_path_and_the_cure(full, use_lake, tmp_path, page):
    store = use_lake(tmp_path / "bad")
    store.replace("entities", full.scan("entities").collect())
    for log in (tmp_path / "bad" / "entities" / "_delta_log").glob("*.json"):
        log.write_text("torn")
    queries.forget()
    app = open_page(page)
    assert app.error
    assert str(tmp_path / "bad") in html(app)
    assert "vigie replay" in html(app)


@pytest.mark.parametrize("page", PAGES)
def test_narrow_filters_leave_every_page_standing(full, page):
    app = open_page(page, platform="youtube", period="7d", entity=["granit"])
    assert app.query_params["period"] == "7d"
    assert app.query_params["entity"] == "granit"


def test_no_folder_beside_the_app_asks_for_old_navigation():
    """Streamlit answers a server's first visit by address with "Page not found" where one does."""
    assert not (i18n.ROOT / "pages").exists()


def test_charts_are_drawn(full):
    assert charts_of(open_page()) == 2
    assert charts_of(open_page("formats", period="90d")) == 4
    assert charts_of(open_page("trends")) >= 4


def test_benchmark_shows_value_interval_n_and_rank(full):
    row = queries.benchmark("all", "28d").filter(
        pl.col("entity_id") == "maison-alpine", pl.col("kpi") == "engagement_rate"
    ).row(0, named=True)  # fmt: skip
    shown = html(open_page())
    assert i18n.percent(row["value"]) in shown
    assert i18n.interval(row["low"], row["high"], i18n.percent) in shown
    assert f"n\u00a0=\u00a0{row['n']}" in shown
    assert f"[{i18n.ordinal(row['rank_low'])}–{i18n.ordinal(row['rank_high'])}]" in shown


def everything(app: AppTest) -> str:
    """All HTML of a page, popovers included, as text."""
    return unescape(html(app))


def test_formulas_are_in_the_readers_language(full):
    known = queries.kpis().row(0, named=True)
    french, english = everything(open_page(lang="fr")), everything(open_page(lang="en"))
    for column in ("formula", "source"):
        assert known[f"{column}_fr"] in french
        assert known[column] not in french
        assert known[column] in english
        assert known[f"{column}_fr"] not in english


def test_a_lake_without_french_formulas_shows_the_english_ones(full, use_lake, tmp_path):
    store = use_lake(tmp_path / "old")
    for table in ("entities", "channels", "benchmark", "coverage"):
        store.replace(table, full.scan(table).collect())
    old = full.scan("kpis").drop("formula_fr", "source_fr").collect()
    write_deltalake(str(tmp_path / "old" / "kpis"), old.to_arrow())
    queries.forget()
    shown = everything(open_page(lang="fr"))
    assert old["formula"][0] in shown
    assert "None" not in shown


def test_under_five_posts_there_is_no_number(full):
    app = open_page(of="sherpa-and-sons", period="7d")
    assert "not enough posts" in html(app)


def test_the_language_switch_holds_over_pages(full):
    app = open_page()
    app.sidebar.get("button_group")[-1].set_value("fr").run()
    assert app.query_params["lang"] == "fr"
    app.switch_page("screens/coverage.py").run()
    assert "Couverture" in html(app)


def test_the_settings_choose_the_language_and_a_link_overrides_it(use_lake, sample_lake):
    use_lake(sample_lake, VIGIE_LANG="fr")
    assert "Comparatif" in html(open_page())
    assert "Benchmark" in html(open_page(lang="en"))


def test_choosing_a_platform_changes_the_address(full):
    app = open_page()
    app.selectbox(key="platform").select("bluesky").run()
    assert app.query_params["platform"] == "bluesky"
    assert "Bluesky" in html(app)
    app.selectbox(key="platform").select("all").run()
    assert "platform" not in app.query_params


def test_nonsense_in_the_address_is_ignored(full):
    app = open_page(platform="<script>", period="9y", entity=["nobody"], kpi="x", lang="tlh")
    assert "platform" not in app.query_params
    assert "&lt;script" not in html(app)
    assert filters.DEFAULTS["period"] == app.session_state["period"]


def test_searching_narrows_the_list(full):
    app = open_page("posts", period="365d")
    app.text_input(key="q").set_value("bivouac").run()
    assert app.query_params["q"] == "bivouac"
    assert len(app.dataframe[0].value) > 0
    assert (
        queries.find(queries.Scope(period="365d"), queries.Wanted("bivouac"))[1]
        < sample.posts().height
    )
    app.text_input(key="q").set_value("zzzz").run()
    assert app.info


def test_choosing_a_content_type_narrows_the_list(full):
    app = open_page("posts", period="365d")
    before = len(app.dataframe[0].value)
    app.selectbox(key="about").select("ct-4").run()
    assert app.query_params["about"] == "ct-4"
    assert "ct-4" not in html(app)
    wanted = queries.find(queries.Scope(period="365d"), queries.Wanted(type_id="ct-4"))[1]
    assert f"{wanted} posts" in html(app)
    assert len(app.dataframe[0].value) == min(wanted, before)


@pytest.mark.parametrize(("lang", "figure"), [("en", r" *\d+\.\d\d×"), ("fr", r" *\d+,\d\d×")])
def test_the_list_writes_figures_in_the_readers_language(full, lang, figure):
    shown = open_page("posts", lang=lang, period="365d", sort="lift").dataframe[0].value
    lifts = shown["lift"].to_list()
    assert all(re.fullmatch(figure, text) for text in lifts)
    # Sorting the column as text, which is what the table does, sorts it by value.
    assert lifts == sorted(lifts, reverse=True)
    assert len({len(text) for text in lifts}) == 1


def test_words_of_a_type_say_what_its_label_does_not(full):
    row = queries.content_types().filter(pl.col("label") == "Trail running").row(0, named=True)
    assert "trail" in row["keywords"]
    shown = html(open_page("content_types"))
    assert "<small>course · dénivelé · finish · ultra</small>" in shown


def a_post(store: Store) -> dict[str, str]:
    rows = store.scan("posts").filter(pl.col("channel_id") == "wordpress:crete-co").collect()
    return rows.sort("post_id").row(0, named=True)


def test_a_link_opens_a_post_and_its_page(full):
    post = a_post(full)
    shown = html(open_page("posts", post=post["post_id"]))
    assert post["text"] in shown.replace("&amp;", "&")
    assert "captures" in shown
    page = html(open_page("posts", post=post["post_id"], page=post["page_id"]))
    assert "Captured 20 Nov 2026, 18:00 (Europe/Paris)" in page
    assert "<mark>" in page


@pytest.mark.parametrize("param", ["post", "page"])
def test_an_unknown_id_says_so(full, param):
    assert "No such" in html(open_page("posts", **{param: '"><b>x'}))


@pytest.fixture
def hostile(full, use_lake, tmp_path) -> Store:
    """The sample with a hostile text in every place that is crawled."""
    store = use_lake(tmp_path / "hostile")
    bad = "<script>alert(1)</script> [x](javascript:alert(1)) $x^2$ :red[y] \u202e =1+1"
    for table in ("kpis", "benchmark", "channel_weeks", "format_stats", "post_features", "metrics"):
        store.replace(table, full.scan(table).collect())
    replaced = {
        "entities": {"name": pl.lit(bad) + pl.col("entity_id")},
        "channels": {"account": pl.lit(bad), "url": pl.lit("javascript:alert(1)")},
        "coverage": {"reason": pl.lit(bad), "complete": pl.lit(value=False)},
        "posts": {"title": pl.lit(bad), "text": pl.lit(bad), "url": pl.lit("javascript:alert(1)")},
        "content_types": {"label": pl.lit(bad), "keywords": pl.lit([bad])},
        "trends": {"key": pl.lit(bad) + pl.col("key")},
        "alerts": {"title": pl.lit(bad)},
        "post_types": {},
        "gaps": {},
        "effects": {},
        "comments": {"text": pl.lit(bad)},
        "platforms": {
            "title": pl.lit(bad),
            "docs": pl.lit("javascript:alert(1)"),
            "hides": pl.lit([bad]),
            "alternative_en": pl.lit(f"`{bad}`"),
        },
    }
    for table, columns in replaced.items():
        store.replace(table, full.scan(table).with_columns(**columns).collect())
    return store


@pytest.mark.parametrize("page", PAGES)
def test_hostile_text_is_text_on_every_page(hostile, page):
    app = open_page(page, view="cards")
    assert not re.search('<script|href="javascript', html(app))
    assert not any("<script" in one.value for one in app.markdown)


def test_hostile_text_is_text_on_a_post(hostile):
    post_id = a_post(hostile)["post_id"]
    shown = html(open_page("posts", post=post_id))
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert 'href="javascript' not in shown


def test_the_sample_keeps_the_contracts(full):
    assert full.scan("posts").collect().height == sample.posts().height
