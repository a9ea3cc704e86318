"""Who plays in the demo market: a brand, five competitors, four influencers, two topics."""

from dataclasses import dataclass, field
from typing import Final

SOCIAL: Final = "https://social.vigie-demo.example"
BLOGS: Final = "https://blogs.vigie-demo.example"
SITES: Final = "https://sites.vigie-demo.example"
THEMES: Final = ("gear", "trip", "safety", "contest", "jobs", "green", "food", "event")
"""The planted content types."""
RISING_FORMAT: Final = "video"
RISING_HASHTAG: Final = "hiverleger"

Shares = tuple[tuple[str, float], ...]
MICROBLOG: Final[Shares] = (
    ("photo", 0.36), ("text", 0.2), ("link", 0.2), ("carousel", 0.2), ("video", 0.04),
)  # fmt: skip
FEDIVERSE: Final[Shares] = (
    ("photo", 0.32), ("text", 0.28), ("link", 0.2), ("poll", 0.08), ("carousel", 0.08),
    ("video", 0.04),
)  # fmt: skip
TUBE: Final[Shares] = (("video", 0.7), ("short", 0.3))
ARTICLES: Final[Shares] = (("article", 1.0),)
BRAND_THEMES: Final[Shares] = (
    ("gear", 0.2), ("trip", 0.15), ("contest", 0.12), ("jobs", 0.11), ("green", 0.15),
    ("event", 0.12), ("safety", 0.08), ("food", 0.07),
)  # fmt: skip
VOICE_THEMES: Final[Shares] = (
    ("trip", 0.25), ("gear", 0.15), ("food", 0.2), ("safety", 0.2), ("event", 0.1),
    ("green", 0.1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Channel:
    """One account and its habits.

    Attributes:
        account: as the platform writes it; `channel_id` is built from it.
        per_week: own publications a week.
        hours: usual hours of publication, local time.
        weekdays: relative weight of Monday to Sunday.
        english: share of posts in English, the rest is French.
        register: tu or vous.
        followers: at the end of the simulation; None for a topic.
        growth: followers gained a week, as a share.
        rising: takes part in the rise of the planted format and hashtag.
        silent_d: days of silence before the end.
        answers: share of comments that it answers, and `answer_min` the median delay, minutes.
        dialect: which of the platform's shapes it is served in.
    """

    entity: str
    platform: str
    account: str
    url: str
    per_week: float
    formats: Shares
    themes: Shares = BRAND_THEMES
    hours: tuple[int, ...] = (9, 12, 18)
    weekdays: tuple[float, ...] = (1.0, 1.1, 1.0, 1.1, 1.0, 0.7, 0.6)
    english: float = 0.0
    register: str = "vous"
    followers: int | None = None
    growth: float = 0.004
    rising: bool = False
    silent_d: float = 0.0
    answers: float = 0.0
    answer_min: float = 180.0
    dialect: str = ""

    @property
    def channel_id(self) -> str:
        """Key of the channel in the lake."""
        return f"{self.platform}:{self.account}"

    @property
    def handle(self) -> str:
        """The account without host or path."""
        if self.platform == "mastodon":
            return self.account.split("@")[0].lstrip("#")
        return self.account.lstrip("@").rstrip("/").removesuffix("/feed.xml").split("/")[-1]

    @property
    def is_topic(self) -> bool:
        """A tag that many people write under, rather than an account."""
        return self.platform == "mastodon" and "/tags/" in self.url


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody who is watched."""

    name: str
    role: str
    about: str
    channels: tuple[Channel, ...] = field(default=())


def _bluesky(entity: str, handle: str, per_week: float, followers: int, **more: object) -> Channel:
    base = {"formats": MICROBLOG, "rising": True, **more}
    url = f"https://bsky.app/profile/{handle}"
    return Channel(entity, "bluesky", handle, url, per_week, followers=followers, **base)  # type: ignore[arg-type]


def _mastodon(entity: str, name: str, per_week: float, followers: int, **more: object) -> Channel:
    base = {"formats": FEDIVERSE, "rising": True, **more}
    account, url = f"{name}@{SOCIAL.removeprefix('https://')}", f"{SOCIAL}/@{name}"
    return Channel(entity, "mastodon", account, url, per_week, followers=followers, **base)  # type: ignore[arg-type]


def _tag(entity: str, tag: str, per_week: float, **more: object) -> Channel:
    base = {"formats": FEDIVERSE, "register": "tu", **more}
    account, url = f"#{tag}@{SOCIAL.removeprefix('https://')}", f"{SOCIAL}/tags/{tag}"
    return Channel(entity, "mastodon", account, url, per_week, **base)  # type: ignore[arg-type]


def _youtube(entity: str, name: str, per_week: float, followers: int, **more: object) -> Channel:
    base = {"formats": TUBE, "hours": (17, 18), **more}
    url = f"https://www.youtube.com/@{name}"
    return Channel(entity, "youtube", f"@{name}", url, per_week, followers=followers, **base)  # type: ignore[arg-type]


def _written(entity: str, platform: str, url: str, per_week: float, **more: object) -> Channel:
    base = {"formats": ARTICLES, "hours": (8, 10), **more}
    return Channel(entity, platform, url, url, per_week, **base)  # type: ignore[arg-type]


CAST: Final[tuple[Entity, ...]] = (
    Entity(
        "Maison Alpine", "brand", "Vêtements de montagne depuis 1962. Atelier en Savoie.",
        (
            _bluesky("Maison Alpine", "maisonalpine.example", 7, 18_400, answers=0.5,
                     answer_min=95, growth=0.006),
            _written("Maison Alpine", "feed", f"{BLOGS}/maison-alpine/feed.xml", 3, dialect="rss"),
            _youtube("Maison Alpine", "maisonalpine", 2, 5_230, dialect="videoRenderer"),
        ),
    ),
    Entity(
        "Crête & Co", "competitor", "Équipement coopératif, cousu <près> de chez vous & là-haut.",
        (
            _mastodon("Crête & Co", "crete", 7, 6_150, answers=0.7, answer_min=40, register="tu"),
            _written("Crête & Co", "wordpress", f"{BLOGS}/crete-and-co", 3, register="tu",
                     answers=0.4, answer_min=600),
        ),
    ),
    Entity(
        "Refuge Nord", "competitor", "L'outdoor grand format. Outdoor at scale.",
        (
            _youtube("Refuge Nord", "refugenord", 3, 212_000, dialect="lockupViewModel"),
            _bluesky("Refuge Nord", "refugenord.example", 11, 118_000, english=0.3, answers=0.08,
                     answer_min=1500, growth=0.002, hours=(8, 12, 17, 20)),
        ),
    ),
    Entity(
        "Vallon Outdoor", "competitor", "Tentes, sacs, sommeil. Tester, réparer, repartir.",
        (
            _bluesky("Vallon Outdoor", "vallon.example", 6, 44_800, answers=0.25, answer_min=420),
            _written("Vallon Outdoor", "feed", f"{BLOGS}/vallon/feed.xml", 2, dialect="atom"),
        ),
    ),
    Entity(
        "Bivouac Libre", "competitor", "Atelier de quatre personnes, bivouac minimaliste.",
        (
            _mastodon("Bivouac Libre", "bivouaclibre", 5, 830, register="tu", silent_d=24,
                      rising=False, growth=-0.001),
            _written("Bivouac Libre", "website", f"{SITES}/bivouac-libre/", 1.5, register="tu",
                     silent_d=24, dialect="sitemap"),
        ),
    ),
    Entity(
        "Sentier Neuf", "competitor", "Jeune marque de trail en matières recyclées.",
        (
            _bluesky("Sentier Neuf", "sentierneuf.example", 8, 2_140, register="tu", answers=0.6,
                     answer_min=60, growth=0.02),
            _written("Sentier Neuf", "website", f"{SITES}/sentier-neuf/", 1, register="tu",
                     dialect="script"),
        ),
    ),
    Entity(
        "Léa Grimpe", "influencer", "Grimpeuse, vidéaste, thé brûlant.",
        (
            _youtube("Léa Grimpe", "leagrimpe", 2.5, 352_000, themes=VOICE_THEMES, register="tu",
                     dialect="lockupViewModel"),
            _bluesky("Léa Grimpe", "leagrimpe.example", 8, 61_500, themes=VOICE_THEMES,
                     register="tu", answers=0.15, answer_min=700),
        ),
    ),
    Entity(
        "Marco Rando", "influencer", "Un sentier par jour ou presque.",
        (
            _mastodon("Marco Rando", "marcorando", 7, 29_300, themes=VOICE_THEMES, register="tu",
                      answers=0.3, answer_min=240),
        ),
    ),
    Entity(
        "Trails with Nora", "influencer", "Trail runner, slow cook, fast talker.",
        (
            _bluesky("Trails with Nora", "norarun.example", 6, 9_400, themes=VOICE_THEMES,
                     english=1.0, answers=0.35, answer_min=300),
            _written("Trails with Nora", "wordpress", f"{BLOGS}/nora", 2, themes=VOICE_THEMES,
                     english=1.0, answers=0.3, answer_min=900),
        ),
    ),
    Entity(
        "Papy Piolet", "influencer", "Guide à la retraite, voix dans le poste.",
        (
            _mastodon("Papy Piolet", "papypiolet", 5, 410, themes=VOICE_THEMES, growth=0.01,
                      answers=0.9, answer_min=30),
            _written("Papy Piolet", "feed", f"{BLOGS}/papy-piolet/feed.xml", 1.5,
                     themes=VOICE_THEMES, formats=(("audio", 1.0),), dialect="podcast"),
        ),
    ),
    Entity("Bivouac", "topic", "Ce que l'on dit du bivouac.",
           (_tag("Bivouac", "bivouac", 6, themes=VOICE_THEMES),)),
    Entity("Trail", "topic", "Ce que l'on dit du trail.",
           (_tag("Trail", "trail", 5, themes=VOICE_THEMES),)),
)  # fmt: skip

CHANNELS: Final[tuple[Channel, ...]] = tuple(
    channel for entity in CAST for channel in entity.channels
)
