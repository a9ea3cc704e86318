"""Every kind of export, with invented lines under the headers that it really has."""

from datetime import UTC, date, datetime

import pytest

from crawlers.imports import insights, posts
from crawlers.imports.family import FIELDS
from crawlers.imports.generic import GENERIC
from crawlers.imports.lines import Clock, lines_of
from crawlers.imports.names import plain
from crawlers.imports.posts import Origin
from crawlers.imports.sheet import sheets
from crawlers.imports.table import FAMILIES, table_of

CLOCK = Clock(datetime(2026, 8, 20, tzinfo=UTC), UTC)
META_FR = """\
Identifiant de la publication,Identifiant de la Page,Titre,Durée (s),Heure de publication,\
Permalien,Type de publication,Date,Impressions,Couverture,Réactions,Commentaires,Partages,\
Nombre total de clics
122100000000000001,100000000000001,Bivouac #lac,0,01/31/2026 18:30,\
https://www.facebook.com/crete/posts/122100000000000001,Photos,À vie,900,800,12,3,1,40
"""
META_EN = """\
Post ID,Account ID,Account username,Description,Duration (sec),Publish time,Permalink,Post type,\
Data comment,Date,Impressions,Reach,Shares,Follows,Likes,Comments,Saves,Plays
18000000000000001,17000000000000001,crete,Nuit au lac,31,02/03/2026 06:00,\
https://www.instagram.com/reel/Cx_Abc123/,IG reel,,Lifetime,900,800,1,0,12,3,5,4000
"""
LINKEDIN_DAYS = """\
"The figures below are of the organic and sponsored content of your page. Days are in UTC.",,,,
Date,Impressions (organic),Impressions (sponsored),Impressions (total),\
Unique impressions (organic),Clicks (total)
02/01/2026,10,5,15,9,2
02/13/2026,20,5,25,19,3
"""
LINKEDIN_POSTS = """\
Aggregated engagement metrics for your organization's posts
Post title,Post link,Post type,Created date,Impressions,Views,Clicks,Likes,Comments,Reposts,\
Content Type
Nuit au lac,https://www.linkedin.com/feed/update/urn:li:activity:7200000000000000001,Organic,\
02/01/2026,100,,7,5,2,1,Image
Offre,https://www.linkedin.com/feed/update/urn:li:share:7200000000000000002,Sponsored,\
02/13/2026,900,,70,15,4,2,
"""
X_POSTS = """\
Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,\
Replies,Reposts,Profile visits,Detail Expands,URL Clicks
1900000000000000001,"Tue, Feb 3, 2026",Nuit au lac,https://x.com/crete/status/1900000000000000001,\
500,20,40,3,9,0,4,6,1,2,7
"""
TIKTOK = """\
Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views
Nuit au lac,https://www.tiktok.com/@crete/video/7300000000000000001,31 August,20,4,6,"1,234"
"""
YOUTUBE = """\
Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Impressions,\
Impressions click-through rate (%)
Total,,,,54321,123.4,10,99999,4.5
Qx3TrAiLs_0,Nuit au lac,"Feb 3, 2026",61,4321,12.3,1,9999,4.5
"""
YOUTUBE_FR = """\
Contenu;Titre de la vidéo;Heure de publication de la vidéo;Durée;Vues;Impressions
Total;;;;54321;99999
Qx3TrAiLs_0;Nuit au lac;3 févr. 2026;61;4 321;9 999
"""
ADS = """\
Day,Campaign name,Reach,Impressions,Amount spent (EUR),Results,Link clicks
2026-02-03,Hiver,100,150,"1,234.50",3,9
2026-02-03,Bivouac,200,250,10.00,4,8
"""


def read(text, /, **told):
    table = table_of(sheets(text.encode()), told)
    lines, bad = lines_of(table, CLOCK)
    assert bad == []
    return table, lines


def listed(text, platform, **told):
    table, lines = read(text, **told)
    posts.require_posts(table)
    found, bad, doubles = posts.posts_of(table, lines, Origin(platform, "crete", "s", "f.csv"))
    assert (bad, doubles) == ([], 0)
    (one,) = found
    return table.family.name, one.posts, one.metrics


def figures(text, platform="", known=lambda *_: None):
    table, lines = read(text)
    insights.require_insights(table)
    origin = Origin(platform, None, "s", "f.csv")
    rows, bad, doubles, _ = insights.insights_of(table, lines, origin, known, CLOCK)
    assert (bad, doubles) == ([], 0)
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def test_meta_facebook_in_french():
    name, (post,), (metrics,) = listed(META_FR, "facebook")
    assert name == "meta-facebook"
    assert post.native_id == "122100000000000001"
    assert (post.format, post.title, post.hashtags) == ("photo", "Bivouac #lac", ("lac",))
    assert post.published_at == datetime(2026, 1, 31, 18, 30, tzinfo=UTC)
    assert (metrics.likes, metrics.comments, metrics.shares, metrics.views) == (12, 3, 1, None)
    assert figures(META_FR, "facebook") == [{
        "post_id": "facebook:122100000000000001", "day": date(2026, 1, 31),
        "source": "meta-facebook", "reach": 800, "impressions": 900, "clicks": 40,
    }]  # fmt: skip


def test_meta_instagram():
    name, (post,), (metrics,) = listed(META_EN, "instagram")
    assert (name, post.native_id) == ("meta-instagram", "Cx_Abc123")
    assert (post.format, post.duration_s, post.text) == ("short", 31.0, "Nuit au lac")
    # Nothing in the file says which of the two numbers is the month: Meta writes it first.
    assert post.published_at == datetime(2026, 2, 3, 6, tzinfo=UTC)
    assert (metrics.likes, metrics.saves, metrics.views) == (12, 5, 4000)


def test_linkedin_by_day_below_its_note():
    assert figures(LINKEDIN_DAYS) == [
        {"post_id": "", "day": date(2026, 2, 1), "source": "linkedin", "reach": 9,
         "impressions": 15, "clicks": 2},
        {"post_id": "", "day": date(2026, 2, 13), "source": "linkedin", "reach": 19,
         "impressions": 25, "clicks": 3},
    ]  # fmt: skip


def test_linkedin_by_post():
    name, (first, second), _ = listed(LINKEDIN_POSTS, "linkedin")
    assert (name, first.native_id, second.native_id) == (
        "linkedin", "7200000000000000001", "7200000000000000002",
    )  # fmt: skip
    assert (first.format, second.format) == ("photo", "text")
    assert (first.sponsored, second.sponsored) == (False, True)
    rows = figures(LINKEDIN_POSTS, "linkedin")
    assert [(row["is_paid"], row["clicks"]) for row in rows] == [(False, 7), (True, 70)]


def test_x():
    name, (post,), (metrics,) = listed(X_POSTS, "x")
    assert (name, post.native_id, post.format) == ("x", "1900000000000000001", "text")
    assert post.published_at == datetime(2026, 2, 3, tzinfo=UTC)
    assert (metrics.likes, metrics.comments, metrics.shares, metrics.saves) == (20, 4, 6, 3)
    assert figures(X_POSTS, "x")[0]["clicks"] == 7


def test_tiktok_days_without_a_year_are_the_last_such_before_the_export():
    name, (post,), (metrics,) = listed(TIKTOK, "tiktok")
    assert (name, post.native_id, post.format) == ("tiktok", "7300000000000000001", "short")
    assert post.published_at == datetime(2025, 8, 31, tzinfo=UTC)
    assert metrics.views == 1234


@pytest.mark.parametrize("text", [YOUTUBE, YOUTUBE_FR])
def test_youtube_without_its_totals(text):
    name, (post,), (metrics,) = listed(text, "youtube")
    assert (name, post.native_id, post.format) == ("youtube", "Qx3TrAiLs_0", "video")
    assert post.url == "https://www.youtube.com/watch?v=Qx3TrAiLs_0"
    assert (post.duration_s, metrics.views) == (61.0, 4321)
    assert read(text)[0].totals == 1
    assert figures(text, "youtube")[0]["impressions"] == 9999


def test_ads_by_campaign_are_paid_and_stay_apart():
    rows = figures(ADS)
    assert [row["source"] for row in rows] == ["meta-ads:Hiver", "meta-ads:Bivouac"]
    assert [(row["spend"], row["conversions"], row["is_paid"]) for row in rows] == [
        (1234.5, 3, True), (10.0, 4, True),
    ]  # fmt: skip


def test_a_known_post_gives_its_id_and_day():
    rows = figures(YOUTUBE, "youtube", lambda native_id, _: (f"old:{native_id}", None))
    assert rows[0]["post_id"] == "old:Qx3TrAiLs_0"


def test_the_generic_form_has_the_own_names():
    name, (post,), (metrics,) = listed(
        "id,url,published_at,format,text,likes\na,https://crete.example/1,2026-02-03T06:00Z,"
        "link,Lac,7\n", "feed",
    )  # fmt: skip
    assert (name, post.native_id, post.url, metrics.likes) == (
        "generic", "a", "https://crete.example/1", 7,
    )  # fmt: skip


@pytest.mark.parametrize("family", [*FAMILIES, GENERIC], ids=lambda family: family.name)
def test_families_keep_to_the_own_names_and_to_plain_headers(family):
    assert set(family.columns) | set(family.constants) <= set(FIELDS)
    headers = {name for names in family.columns.values() for name in names}
    marked = {name for mark in family.marks for name in mark}
    assert {name for name in headers | marked if plain(name) != name} == set()
