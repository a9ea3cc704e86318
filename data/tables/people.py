"""Contracts of the out tables on people: who comments, how, and whether figures hold."""

import dataframely as dy

from data.tables import columns as c
from data.vocabulary import AUDIT_CHECKS, AUDIT_STATUSES, RATE_PERIODS

PLATFORM = "name of the platform, or `all`"
LOW = "lower end of its 95 % interval"
RESAMPLED = "bootstrap over members; too short under 500 of them"
HIGH = "upper end of its 95 % interval"


class Members(dy.Schema):
    """The most active commenters, by pseudonym: up to 50 a group, with two comments or more."""

    entity_id = c.key("under whose posts")
    platform = c.key(PLATFORM)
    period = c.one_of(RATE_PERIODS, "window ending at the reference time", primary_key=True)
    author_key = c.key("keyed hash of the author, never a name")
    comments = c.count("comments collected", nullable=False)
    posts_commented = c.count("posts under which they are", nullable=False)
    weeks_active = c.count("calendar weeks with a comment", nullable=False)
    first_at = c.utc("first comment of the window", nullable=False)
    last_at = c.utc("latest comment", nullable=False)
    share = c.real("of all comments but the channel's own", nullable=False, minimum=0)
    answered = c.count("replies received from the channel", nullable=False)
    rank = dy.Int64(nullable=False, min=1, description="by comments, then posts commented")


class Communities(dy.Schema):
    """What the commenters of an entity make together."""

    entity_id = c.key("under whose posts")
    platform = c.key(PLATFORM)
    period = c.one_of(RATE_PERIODS, "window ending at the reference time", primary_key=True)
    members = c.count("distinct authors, by pseudonym", nullable=False)
    comments = c.count("their comments, as collected", nullable=False)
    share_of_top_10pct = c.real("of comments by the busiest tenth; null under 30", minimum=0)
    share_of_top_10pct_low = c.real(f"{LOW} ({RESAMPLED})", minimum=0)
    share_of_top_10pct_high = c.real(f"{HIGH} ({RESAMPLED})", minimum=0)
    returning_rate = c.real("of the first half's authors, back in the second", minimum=0)
    returning_rate_low = c.real(f"{LOW} (Wilson)", minimum=0)
    returning_rate_high = c.real(f"{HIGH} (Wilson)", minimum=0)
    returning_rate_n = c.count("authors of the window's first half", nullable=False)
    member_to_member = c.real("of comments, those that answer another member", minimum=0)
    member_to_member_low = c.real(f"{LOW} (Wilson)", minimum=0)
    member_to_member_high = c.real(f"{HIGH} (Wilson)", minimum=0)
    member_to_member_n = c.count("comments of which it is known", nullable=False)


class Tones(dy.Schema):
    """How the comments under an entity's posts sound, read by the model of `models`."""

    entity_id = c.key("under whose posts")
    platform = c.key(PLATFORM)
    period = c.one_of(RATE_PERIODS, "window in which the posts appeared", primary_key=True)
    positive = c.real("share read as positive; null under 30 comments or 5 posts", minimum=0)
    positive_low = c.real(f"{LOW} (posts as clusters)", minimum=0)
    positive_high = c.real(f"{HIGH} (posts as clusters)", minimum=0)
    negative = c.real("share read as negative; null under 30 comments or 5 posts", minimum=0)
    negative_low = c.real(f"{LOW} (posts as clusters)", minimum=0)
    negative_high = c.real(f"{HIGH} (posts as clusters)", minimum=0)
    n = c.count("other people's comments with a tone: French and English ones", nullable=False)
    posts = c.count("posts under which they are", nullable=False)


class Models(dy.Schema):
    """How good the models are that read texts, measured on texts that they never saw."""

    model = c.key("what it reads, such as tone")
    language = c.key("ISO 639-1")
    measure = c.text("what was measured", nullable=False)
    value = c.real("its value, 1 at best", nullable=False, minimum=0)
    low = c.real(LOW, nullable=False, minimum=0)
    high = c.real(HIGH, nullable=False, minimum=0)
    baseline = c.real("the same where one always names the commonest", nullable=False, minimum=0)
    n = c.count("texts that it was measured on", nullable=False)
    source = c.text("where the measurement is told", nullable=False)


class Audits(dy.Schema):
    """Whether an account's figures look like those of others and its own: one row a check."""

    entity_id = c.key("whose")
    platform = c.key("name of the platform")
    check = c.one_of(AUDIT_CHECKS, "what is looked at", primary_key=True)
    value = c.real("what was found; null under 5 posts or observations")
    low = c.real("shares: lower end of the 95 % interval; else of what is usual")
    high = c.real("shares: upper end of the 95 % interval; else of what is usual")
    n = c.count("posts, follower counts or comments looked at", nullable=False)
    status = c.one_of(AUDIT_STATUSES, "whether somebody should look")
    evidence = c.words("post_ids or dates behind it")
