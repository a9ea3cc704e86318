"""`vigie import` of what a browser add-on collected."""

from flows.looking import show
from tests.crawlers.imports.test_collected import AT, THREADS, TIKTOK, file, line
from tests.flows.lakes import everything, held, same

LATER = {**TIKTOK, "stats": {**TIKTOK["stats"], "diggCount": 25}}
BODY = file(
    line("tiktok.com", TIKTOK), line("tiktok.com", LATER, AT + 86_400_000),
    line("threads.net", THREADS),
)  # fmt: skip
OURS = ("--as", "posts", "--yes", "--channel", "tiktok:@Crete.Co")


def test_only_the_entitys_own_posts_are_taken_and_archived(bring, store):
    shown = bring(BODY, *OURS, name="z.ndjson").stdout
    assert "lines\tunreadable\ttwice\tleft out\tposts\tchannels\n3\t0\t0\t1\t1\t1\n" in shown
    post = show.post(store, "tiktok:7300000000000000001")
    assert post.post["channel_id"] == "tiktok:Crete.Co"
    assert post.counts["likes"].to_list() == [20, 25]
    bodies = [show.page(store, page_id).body for page_id in post.pages["page_id"]]
    assert len(bodies) == 2
    assert not any(b"threads" in body or b"user_agent" in body for body in bodies)


def test_the_same_collection_again_changes_nothing(bring, store):
    bring(BODY, *OURS, name="z.ndjson")
    before = everything(store)
    assert "nothing changed" in bring(BODY, *OURS, name="z.ndjson").stdout
    assert same(before, everything(store))


def test_accounts_of_nobody_known_are_named(bring, store):
    done = bring(BODY, "--as", "posts", "--yes", name="z.ndjson", expect=2)
    assert "tiktok:crete.co, threads:crete" in done.stderr
    assert held(store, "posts").is_empty()


def test_a_broken_line_stops_the_import(bring, store):
    done = bring(BODY + b"{\n", *OURS, name="z.ndjson", expect=2)
    assert "line 4: is no line of the add-on" in done.stderr
    assert held(store, "posts").is_empty()
