"""Contracts of the out tables: what the dashboard, the reports and the alerts read."""

import dataframely as dy

from data.tables import columns as c
from data.vocabulary import (
    ALERT_KINDS,
    EFFECT_DIMENSIONS,
    EFFECT_PERIODS,
    EFFECT_STATUSES,
    FORMATS,
    NAMED_BY,
    PERIODS,
    RATE_PERIODS,
    REGISTERS,
    SEVERITIES,
    TREND_KINDS,
    TREND_STATUSES,
    VERDICTS,
)

PLATFORM = "name of the platform, or `all`"


def period() -> dy.String:
    """The window that a row speaks of."""
    return c.one_of(tuple(PERIODS), "window ending at the reference time", primary_key=True)


def week() -> dy.Date:
    """The Monday that a week starts with."""
    return dy.Date(primary_key=True, description="Monday of the week, in the market's time zone")


class PostFeatures(dy.Schema):
    """One row a publication of its own (no reposts, replies or deleted posts)."""

    post_id = c.key("which post")
    entity_id = c.text("whose", nullable=False)
    channel_id = c.text("where", nullable=False)
    platform = c.text("name of the platform", nullable=False)
    format = c.one_of(FORMATS, "form of the publication")
    published_at = c.utc("time of publication", nullable=False)
    age_h = c.real("hours from publication to the latest counts", minimum=0)
    likes = c.count("as last seen")
    comments = c.count("as last seen")
    shares = c.count("as last seen")
    views = c.count("as last seen")
    saves = c.count("as last seen")
    engagement = c.count("likes + comments + shares, as last seen; null where none is shown")
    engagement_7d = c.real("engagement at the age of 7 days", minimum=0)
    engagement_7d_is_measured = c.flag("seen near 7 days, not projected", nullable=True)
    followers = c.real("followers at publication", minimum=0)
    followers_is_extrapolated = c.flag("no observation near publication", nullable=True)
    engagement_rate = c.real("engagement_7d / followers at publication", minimum=0)
    view_rate = c.real("views / followers at publication", minimum=0)
    lift = c.real("engagement_7d over what comparable posts of the account get", minimum=0)
    lift_low = c.real("lower end of its 95 % interval", minimum=0)
    lift_high = c.real("upper end of its 95 % interval", minimum=0)
    weekday = dy.Int64(nullable=False, min=1, max=7, description="1 = Monday, market's time")
    hour = dy.Int64(nullable=False, min=0, max=23, description="hour of day, market's time")
    language = c.text("ISO 639-1, declared or detected")
    register = dy.String(
        nullable=True,
        check=lambda column: column.is_in(REGISTERS),
        metadata={"words": REGISTERS},
        description="tu, vous or neutral; null where the language has no such register",
    )
    has_question = c.flag("asks its readers something")
    has_cta = c.flag("calls to action")
    is_contest = c.flag("a contest or giveaway")
    is_sponsored = c.flag("disclosed as paid")
    word_count = c.count("words of title and text, hashtags and handles left out")
    readability = c.real("reading ease: Flesch (en), Kandel-Moles (fr); null under 20 words")
    emoji_count = c.count("emoji in title and text")
    hashtag_count = c.count("hashtags written in title and text")
    capital_share = c.real("share of capitals among the letters", minimum=0)
    is_boost_suspect = c.flag("likes out of proportion to every other count of the account")
    originality = c.real("1 = nothing alike elsewhere, 0 = the same text", minimum=0)
    sentiment = c.real("mean tone of its comments in French and English, -1 to 1; null under 3")
    comments_read = c.count("other people's comments that have a tone; null where none has")
    comments_positive = c.count("of them, those read as positive")
    comments_negative = c.count("of them, those read as negative")


class ChannelWeeks(dy.Schema):
    """Regularity, community and reactivity of a channel, week by week."""

    channel_id = c.key("which channel")
    week = week()
    entity_id = c.text("whose", nullable=False)
    platform = c.text("name of the platform", nullable=False)
    posts = c.count("own publications", nullable=False)
    active_days = dy.Int64(nullable=False, min=0, max=7, description="days with a publication")
    longest_gap_d = c.real("longest silence that ended or lasted this week, days", minimum=0)
    burstiness = c.real("(s - m) / (s + m) of the gaps so far: -1 regular, 0 random, 1 bursty")
    followers = c.count("as last seen by the end of the week")
    follower_growth_pct = c.real("against the week before, percent")
    engagement = c.count("sum over the week's posts")
    engagement_rate_median = c.real("median over the week's posts", minimum=0)
    reply_rate = c.real("share of the week's comments that the channel answered", minimum=0)
    reply_median_min = c.real("median minutes to an answer, the unanswered counted", minimum=0)


class FormatStats(dy.Schema):
    """What each format is used for and brings."""

    entity_id = c.key("whose")
    platform = c.key(PLATFORM)
    format = c.one_of(FORMATS, "form of the publication", primary_key=True)
    period = period()
    posts = c.count("publications in this format", nullable=False)
    share = c.real("of the entity's publications", nullable=False, minimum=0)
    lift = c.real("against the same accounts' other formats", minimum=0)
    lift_low = c.real("lower end of its 95 % interval", minimum=0)
    lift_high = c.real("upper end of its 95 % interval", minimum=0)


class Effects(dy.Schema):
    """What format, weekday, hour and content type bring within account, estimated together."""

    platform = c.key(PLATFORM)
    dimension = c.one_of(EFFECT_DIMENSIONS, "what kind of choice", primary_key=True)
    level = c.key("format, weekday (1 = Monday), hours of day (market's time) or type_id")
    period = c.one_of(EFFECT_PERIODS, "window ending at the reference time", primary_key=True)
    posts = c.count("publications of the market with it, topics left out", nullable=False)
    accounts = c.count("accounts that published with it", nullable=False)
    lift = c.real("engagement over the average post's, all else of the four equal", minimum=0)
    lift_low = c.real("lower end of its 95 % interval", minimum=0)
    lift_high = c.real("upper end of its 95 % interval", minimum=0)
    share = c.real("of the market's publications", nullable=False, minimum=0)
    brand_share = c.real("of the brand's publications; null where it has none", minimum=0)
    status = c.one_of(
        EFFECT_STATUSES,
        "opening: brings more and few publish it; missed: brings more and the brand hardly "
        "publishes it; crowded: brings less and many publish it",
    )


class ContentTypes(dy.Schema):
    """What the market talks about: clusters with words for names."""

    type_id = c.key("kept from version to version")
    version = dy.Int64(primary_key=True, min=1, description="of the clustering")
    label = c.text("words that people use", nullable=False)
    keywords = c.words("most telling words first")
    size = c.count("posts in it", nullable=False)
    silhouette = c.real("-1 to 1, how apart from the others")
    stability = c.real("0 to 1, agreement over resamples")
    examples = c.words("post_ids nearest to its centre")


class PostTypes(dy.Schema):
    """Which content type each post belongs to."""

    post_id = c.key("which post")
    version = dy.Int64(primary_key=True, min=1, description="of the clustering")
    published_at = c.utc("when the post appeared")
    type_id = dy.String(nullable=True, description="null for an outlier")
    found_type_id = c.text("the type that was found, where people merged it into type_id")
    confidence = c.real("0 to 1", minimum=0)


class Mentions(dy.Schema):
    """Posts of others that name an entity: by handle, hashtag or name."""

    post_id = c.key("who names it: the post")
    entity_id = c.key("who is named")
    by_entity_id = c.text("on whose channel; if a topic's: a stranger", nullable=False)
    channel_id = c.text("the channel it was seen on", nullable=False)
    platform = c.text("name of the platform", nullable=False)
    published_at = c.utc("when the post appeared", nullable=False)
    named_by = c.one_of(NAMED_BY, "the surest of the ways in which it does")


class Trends(dy.Schema):
    """What rose and fell this week, false alarms controlled."""

    kind = c.one_of(TREND_KINDS, "what kind of thing", primary_key=True)
    key = c.key("which one")
    platform = c.key(PLATFORM)
    week = week()
    posts = c.count("publications with it this week", nullable=False)
    accounts = c.count("accounts that used it this week", nullable=False)
    ratio = c.real("this week's rate over its usual one", minimum=0)
    low = c.real("lower end of its 95 % interval", minimum=0)
    high = c.real("upper end of its 95 % interval", minimum=0)
    q_value = c.real("Benjamini-Hochberg over everything tested that week", minimum=0)
    lift = c.real("engagement of its posts against their accounts' usual", minimum=0)
    status = c.one_of(TREND_STATUSES, "at 10 % false discoveries")
    examples = c.words("post_ids, best lift first")


class Benchmark(dy.Schema):
    """How each entity stands on each KPI."""

    entity_id = c.key("whose")
    platform = c.key(PLATFORM)
    period = period()
    kpi = c.key("name in the formula registry")
    value = c.real("null under 5 posts")
    low = c.real("lower end of its 95 % interval")
    high = c.real("upper end of its 95 % interval")
    n = c.count("posts (or weeks, or comments) behind it", nullable=False)
    rank = c.count("1 = best among those ranked")
    rank_low = c.count("best rank within the 95 % interval")
    rank_high = c.count("worst rank within the 95 % interval")
    peer_p25 = c.real("lower quartile of the others")
    peer_median = c.real("median of the others")
    peer_p75 = c.real("upper quartile of the others")
    verdict = c.one_of(VERDICTS, "against the others")


class Rates(dy.Schema):
    """Engagement rate under every definition in use: the same posts, other figures."""

    entity_id = c.key("whose")
    platform = c.key(PLATFORM)
    period = c.one_of(RATE_PERIODS, "window ending at the reference time", primary_key=True)
    definition = c.key("name in `definitions`")
    value = c.real("null under 5 posts", minimum=0)
    low = c.real("lower end of its 95 % interval", minimum=0)
    high = c.real("upper end of its 95 % interval", minimum=0)
    n = c.count("posts with the audience that the definition asks for", nullable=False)


class Gaps(dy.Schema):
    """Why a competitor gets more: volume, format mix and rate add up to the gap."""

    competitor_id = c.key("against whom")
    platform = c.key(PLATFORM)
    period = period()
    gap = c.real("their engagement a week minus the brand's", nullable=False)
    gap_low = c.real("lower end of its 95 % interval")
    gap_high = c.real("upper end of its 95 % interval")
    from_volume = c.real("because they publish more", nullable=False)
    from_volume_low = c.real("lower end of its 95 % interval")
    from_volume_high = c.real("upper end of its 95 % interval")
    from_mix = c.real("because they choose other formats", nullable=False)
    from_mix_low = c.real("lower end of its 95 % interval")
    from_mix_high = c.real("upper end of its 95 % interval")
    from_rate = c.real("because a post of theirs brings more", nullable=False)
    from_rate_low = c.real("lower end of its 95 % interval")
    from_rate_high = c.real("upper end of its 95 % interval")


class Alerts(dy.Schema):
    """What somebody should look at today."""

    alert_id = c.key("hash of kind, entity and evidence: raised once")
    raised_at = c.utc("reference time of the run", nullable=False)
    kind = c.one_of(ALERT_KINDS, "what happened")
    entity_id = c.text("whom it is about; null for the whole market")
    key = c.text("trend (`hashtag/gravel`), channel or platform; null where the entity tells")
    severity = c.one_of(SEVERITIES, "how urgent")
    title = c.text("one sentence, in the market's language of that day", nullable=False)
    value = c.real("what was seen: times the usual, days of silence, comments of a day, share")
    usual = c.real("what is usual, where the kind compares")
    reason = c.text("of source_broken: why nothing could be read, or which field is missing")
    evidence = dy.Struct(
        {"post_ids": c.words("the posts behind it"), "page_ids": c.words("their pages")},
        description="the posts behind it and the pages that show them",
    )


class Restatements(dy.Schema):
    """What a replay changed."""

    run_id = c.key("the replay")
    table = c.key("which table")
    key = c.key("which row")
    column = c.key("which value")
    before = c.text("as it stood")
    after = c.text("as it stands")
    reason = c.text("why", nullable=False)


class Kpis(dy.Schema):
    """The formula registry, for those who read tables only."""

    kpi = c.key("name in `benchmark`")
    name_en = c.text("as shown in English", nullable=False)
    name_fr = c.text("as shown in French", nullable=False)
    formula = c.text("how it is computed", nullable=False)
    formula_fr = c.text("the same in French", nullable=False)
    unit = c.text("of the value", nullable=False)
    source = c.text("where the formula comes from", nullable=False)
    source_fr = c.text("the same in French", nullable=False)
    better = c.one_of(("higher", "lower", "neither"), "which way is good")


class Definitions(dy.Schema):
    """Ways to compute an engagement rate, for those who read tables only."""

    definition = c.key("name in `rates`")
    name_en = c.text("as shown in English", nullable=False)
    name_fr = c.text("as shown in French", nullable=False)
    formula = c.text("how it is computed", nullable=False)
    formula_fr = c.text("the same in French", nullable=False)
    used_by = c.text("who computes it so", nullable=False)
