"""Contracts of what people add by hand: edits, notes, tags and mutes, with who and when."""

import dataframely as dy

from data.tables import columns as c
from data.vocabulary import ALERT_KINDS

BY = "who did it: the address signed in with, else the account on this machine"
AT = "when it was done"


class TypeEdits(dy.Schema):
    """How people named content types and put them together; builds and refits keep to it."""

    type_id = c.key("which content type")
    label = c.text("its name from now on; null leaves the one that was found")
    merged_into = c.text("type_id of the one that it counts as from now on")
    was = c.text("its label when it was first edited", nullable=False)
    by = c.text(BY, nullable=False)
    at = c.utc(AT, nullable=False)


class Notes(dy.Schema):
    """What happened on a day: a campaign, a launch; drawn on every chart over time."""

    note_id = c.key("random")
    day = dy.Date(nullable=False, description="in the market's time zone")
    text = c.text("what happened", nullable=False)
    entity_id = c.text("whom it is about; null for the whole market")
    by = c.text(BY, nullable=False)
    at = c.utc(AT, nullable=False)


class PostTags(dy.Schema):
    """Words that people put on posts."""

    post_id = c.key("which post")
    tag = c.key("as written, one line")
    by = c.text(BY, nullable=False)
    at = c.utc(AT, nullable=False)


class AlertMutes(dy.Schema):
    """Alerts that nobody wants to hear of for a while."""

    alert_id = c.key("the alert that was muted")
    kind = c.one_of(ALERT_KINDS, "what happened")
    entity_id = c.text("whom it is about; null for the whole market")
    key = c.text("subject within kind and entity; null mutes every one of them")
    until = dy.Date(nullable=False, description="last day of the silence, UTC")
    by = c.text(BY, nullable=False)
    at = c.utc(AT, nullable=False)


class WatchlistEdits(dy.Schema):
    """Who changed the watchlist and when; what it said lies in the file alone, passwords too."""

    edit_id = c.key("random")
    file = c.text("name of the file", nullable=False)
    lines_added = c.count("lines that are new", nullable=False)
    lines_removed = c.count("lines that are gone", nullable=False)
    channels_added = c.count("addresses of channels that are new", nullable=False)
    channels_removed = c.count("addresses of channels that are gone", nullable=False)
    by = c.text(BY, nullable=False)
    at = c.utc(AT, nullable=False)
