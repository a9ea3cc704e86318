"""Contracts of the core tables: what was seen, row by row, with the page it was seen on."""

import dataframely as dy

from data.tables import columns as c
from data.vocabulary import ACCESS, CONFIDENCE, ERASED, FORMATS, ROLES

PAGE_ID = "the capture that this row came from"


class Entities(dy.Schema):
    """Who is watched."""

    entity_id = c.key("slug of the name")
    name = c.text("as written in the watchlist", nullable=False)
    role = c.one_of(ROLES, "why it is watched")


class Channels(dy.Schema):
    """Where they speak."""

    channel_id = c.key("`<platform>:<account>`")
    entity_id = c.text("whose channel it is", nullable=False)
    platform = c.text("name of the platform", nullable=False)
    account = c.text("the account in the platform's own writing", nullable=False)
    url = c.text("address that a person opens", nullable=False)


class Pages(dy.Schema):
    """The archive: every page as served. The same content is kept once, in its first row."""

    page_id = c.key("hash of channel, address, time and content")
    channel_id = c.text("for whom it was fetched", nullable=False)
    run_id = c.text("the crawl that fetched it", nullable=False)
    url = c.text("final address, after redirects", nullable=False)
    fetch = c.text("the request as JSON, enough to parse the page again", nullable=False)
    fetched_at = c.utc("when it was served", nullable=False)
    status = dy.Int64(nullable=False, description="HTTP status")
    content_type = c.text("as the server named it")
    bytes = c.count("length of the body, decoded", nullable=False)
    content_hash = c.text("BLAKE2b-128 of the body, hex", nullable=False)
    body = dy.Binary(
        nullable=True,
        description="the bytes; null where an earlier row with this content_hash holds them",
    )
    erased = dy.String(
        nullable=True,
        check=lambda column: column.is_in(ERASED),
        metadata={"words": ERASED},
        description="why the bytes are gone for good, or what was cut out of them: "
        f"{', '.join(ERASED)}; null where nothing was",
    )


class Profiles(dy.Schema):
    """What a channel says of itself, over time."""

    channel_id = c.key("whose profile")
    observed_at = c.utc("time of the capture", nullable=False, primary_key=True)
    name = c.text("display name")
    followers = c.count("followers, subscribers or members")
    following = c.count("accounts that it follows")
    posts_total = c.count("posts that the platform counts")
    description = c.text("biography")
    page_id = c.text(PAGE_ID, nullable=False)


class Posts(dy.Schema):
    """The ledger of publications, with reposts, replies and deleted posts flagged."""

    post_id = c.key("`<platform>:<native id>`")
    channel_id = c.text("where it was published", nullable=False)
    url = c.text("address that a person opens", nullable=False)
    published_at = c.utc("time of publication; null where the platform hides it")
    published_within_s = c.real("how far off published_at may be, seconds", minimum=0)
    title = c.text("title, where the platform has titles")
    text = c.text("plain text")
    language = c.text("as the platform declares it: ISO 639-1")
    format = c.one_of(FORMATS, "form of the publication")
    media_count = c.count("images, videos or sounds attached")
    duration_s = c.real("length of video or sound, seconds", minimum=0)
    hashtags = c.words("without `#`, lower case")
    mentions = c.words("without `@`")
    links = c.words("absolute addresses")
    is_repost = c.flag("someone else's post, shared")
    is_reply = c.flag("an answer inside a conversation")
    sponsored = c.flag("declared as paid by the platform or its author", nullable=True)
    first_seen_at = c.utc("first capture that shows it", nullable=False)
    last_seen_at = c.utc("latest capture that shows it", nullable=False)
    edited_at = c.utc("said by the platform, or noticed when the text changed")
    deleted_at = c.utc("first capture that should show it and does not")
    page_id = c.text(PAGE_ID, nullable=False)


class Metrics(dy.Schema):
    """Public counts over time: one row a post and capture."""

    post_id = c.key("which post")
    observed_at = c.utc("time of the capture", nullable=False, primary_key=True)
    likes = c.count("likes, favourites or all reactions")
    comments = c.count("comments or replies")
    shares = c.count("shares, reposts and quotes")
    views = c.count("views or plays")
    saves = c.count("saves or bookmarks")
    page_id = c.text(PAGE_ID, nullable=False)


class Comments(dy.Schema):
    """Answers to watched posts; their authors are keyed hashes."""

    comment_id = c.key("`<platform>:<native id>`")
    post_id = c.text("the post answered", nullable=False)
    published_at = c.utc("time of publication")
    author_key = c.text("keyed hash of the author, never a name", nullable=False)
    from_channel = c.flag("the watched channel itself speaks")
    in_reply_to = c.text("comment_id of the comment answered")
    text = c.text("plain text")
    likes = c.count("likes of the comment")
    page_id = c.text(PAGE_ID, nullable=False)


class Insights(dy.Schema):
    """A brand's own imported figures."""

    entity_id = c.key("the brand")
    post_id = dy.String(primary_key=True, description="the post, or empty for a day's total")
    day = dy.Date(primary_key=True, description="the day that the figures are of")
    source = c.key("the export that they came from")
    reach = c.count("people reached")
    impressions = c.count("times shown")
    clicks = c.count("clicks")
    visits = c.count("visits of the site")
    conversions = c.count("conversions")
    spend = c.real("money spent, in the export's currency", minimum=0)
    is_paid = c.flag("advertised", nullable=True)
    page_id = c.text("the imported file, as archived", nullable=False)


class Coverage(dy.Schema):
    """What each run got from each channel, and why not more."""

    run_id = c.key("the crawl")
    channel_id = c.key("the channel")
    started_at = c.utc("start of the crawl", nullable=False)
    pages = c.count("pages archived", nullable=False)
    posts = c.count("posts read", nullable=False)
    new_posts = c.count("posts never seen before", nullable=False)
    dropped = c.count("posts that could not be read", nullable=False)
    errors = c.count("pages that failed", nullable=False)
    reason = c.text("in plain words, what fell short; null when nothing did")
    complete = c.flag("everything asked for was had")


class Platforms(dy.Schema):
    """What can be had from each platform, and what to do where it lets no robot in."""

    platform = c.key("name of the platform")
    title = c.text("as people write it", nullable=False)
    access = c.one_of(ACCESS, "how it is read")
    confidence = c.one_of(CONFIDENCE, "how many real recordings its reader was held against")
    hides = c.words("columns of posts, metrics and profiles that it never shows")
    docs = c.text("the platform's own documentation of what is read", nullable=False)
    alternative_en = c.text("the lawful way where robots are refused, in English", nullable=False)
    alternative_fr = c.text("the same in French", nullable=False)


class Validators(dy.Schema):
    """What a server said to ask again with, so that an unchanged page is not sent twice."""

    url = c.key("canonical address asked for")
    channel_id = c.key("for whom")
    etag = c.text("ETag")
    last_modified = c.text("Last-Modified")
    page_id = c.text("the capture that it came with", nullable=False)


class State(dy.Schema):
    """Small JSON documents: fitted models, marks of what was built, the pseudonym key."""

    name = c.key("of the document")
    value = c.text("the document as JSON", nullable=False)
    updated_at = c.utc("when it was written", nullable=False)


class Erasures(dy.Schema):
    """Who is never stored again: keyed hashes and dates, no names."""

    kind = c.one_of(("author", "account", "channel"), "of what", primary_key=True)
    key = c.key("keyed hash of it")
    asked = c.text("keyed hash of the name or channel that was asked for", nullable=False)
    erased_at = c.utc("when it was asked", nullable=False)


SORT: dict[str, list[str]] = {
    "metrics": ["post_id", "observed_at"],
    "posts": ["channel_id", "published_at"],
}
"""Order of rows inside a file: reads of sorted snapshots cost a sixth of unsorted ones."""
PARTITION: dict[str, str] = {
    "comments": "published_at",
    "mentions": "published_at",
    "metrics": "observed_at",
    "pages": "fetched_at",
    "post_features": "published_at",
    "post_types": "published_at",
    "posts": "published_at",
}
"""Tables cut by month, and the time that decides the month."""


class References(dy.Schema):
    """Published figures that the watchlist gives to hold the market against."""

    name = c.key("what its users call it, such as “Median of retail brands”")
    kpi = c.key("name in the formula registry, of which it is a value")
    platform = c.key("name of the platform, or `all`")
    value = c.real("in the unit of the KPI (a ratio of 2 % is 0.02)", nullable=False)
    source = c.text("who published it", nullable=False)
    year = dy.Int64(nullable=False, min=1990, max=2100, description="of publication")
    url = c.text("where it can be read; null where it can't")
