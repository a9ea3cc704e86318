"""What YouTube's Data API (v3) sends: https://developers.google.com/youtube/v3/docs."""

from typing import Final

import msgspec
from msgspec import Struct, field


class Texts(Struct, gc=False):
    """The `snippet` of a channel or video."""

    title: str
    published: str = field(name="publishedAt")
    description: str = ""
    live: str = field(name="liveBroadcastContent", default="none")


class Numbers(Struct, gc=False):
    """The `statistics` of a channel or video: texts of digits, missing where hidden."""

    views: str | None = field(name="viewCount", default=None)
    likes: str | None = field(name="likeCount", default=None)
    comments: str | None = field(name="commentCount", default=None)
    subscribers: str | None = field(name="subscriberCount", default=None)
    videos: str | None = field(name="videoCount", default=None)


class Lists(Struct, gc=False):
    """The lists that belong to a channel."""

    uploads: str


class Details(Struct, gc=False):
    """The `contentDetails` of a channel or video."""

    lists: Lists | None = field(name="relatedPlaylists", default=None)
    duration: str = ""


class Player(Struct, gc=False):
    """How large a video would be shown: its proportions."""

    width: str | int | None = field(name="embedWidth", default=None)
    height: str | int | None = field(name="embedHeight", default=None)


class Channel(Struct, gc=False):
    """A channel."""

    snippet: Texts
    details: Details = field(name="contentDetails")
    statistics: Numbers = field(default_factory=Numbers)


class Named(Struct, gc=False):
    """What names a video, if it is one."""

    video: str | None = field(name="videoId", default=None)


class Place(Named):
    """The `contentDetails` of a list's item; of an activity, what was uploaded."""

    published: str | None = field(name="videoPublishedAt", default=None)
    upload: Named | None = None


class Title(Texts):
    """The `snippet` of a list's item."""

    resource: Named | None = field(name="resourceId", default=None)


class Entry(Struct, gc=False):
    """A line of a list: of a playlist, of a search, of what a channel did."""

    id: Named | str = ""
    snippet: Title | None = None
    details: Place | None = field(name="contentDetails", default=None)

    def video(self) -> str | None:
        """The id of the video that it is about."""
        own = self.id if isinstance(self.id, Named) else None
        resource = self.snippet and self.snippet.resource
        upload = self.details and self.details.upload
        named = (self.details, upload, resource, own)
        return next((one.video for one in named if one and one.video), None)


class Video(Struct, gc=False):
    """A video."""

    id: str
    snippet: Texts
    details: Details = field(name="contentDetails", default_factory=Details)
    statistics: Numbers = field(default_factory=Numbers)
    player: Player = field(default_factory=Player)
    streamed: msgspec.Raw = field(name="liveStreamingDetails", default_factory=msgspec.Raw)


class Author(Struct, gc=False):
    """Whose channel a comment is from."""

    value: str = ""


class Words(Struct, gc=False):
    """The `snippet` of a comment."""

    published: str = field(name="publishedAt")
    author: str = field(name="authorDisplayName", default="")
    channel: Author = field(name="authorChannelId", default_factory=Author)
    text: str | None = field(name="textDisplay", default=None)
    original: str | None = field(name="textOriginal", default=None)
    likes: int = field(name="likeCount", default=0)


class Remark(Struct, gc=False):
    """A comment."""

    id: str
    snippet: Words


class Thread(Struct, gc=False):
    """The `snippet` of a conversation: its first comment."""

    top: Remark = field(name="topLevelComment")
    channel: str = field(name="channelId", default="")
    video: str = field(name="videoId", default="")


class Replies(Struct, gc=False):
    """The newest answers to a comment."""

    comments: list[Remark] = []


class Conversation(Struct, gc=False):
    """A comment and its answers."""

    snippet: Thread
    replies: Replies = field(default_factory=Replies)


class Reason(Struct, gc=False):
    """One reason of a refusal."""

    reason: str = ""


class Refusal(Struct, gc=False):
    """Why a request was refused."""

    message: str = ""
    errors: list[Reason] = []
    status: str = ""


class Answer(Struct, gc=False):
    """Any answer."""

    kind: str = ""
    items: list[msgspec.Raw] = []
    next: str | None = field(name="nextPageToken", default=None)
    error: Refusal | None = None


ANSWER: Final = msgspec.json.Decoder(Answer)
CHANNEL: Final = msgspec.json.Decoder(Channel)
ENTRY: Final = msgspec.json.Decoder(Entry)
VIDEO: Final = msgspec.json.Decoder(Video)
CONVERSATION: Final = msgspec.json.Decoder(Conversation)
