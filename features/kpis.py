"""The formula registry: every KPI with its formula, unit, source and which way is good."""

from typing import Final, Literal, NamedTuple

import polars as pl

Better = Literal["higher", "lower", "neither"]


class Kpi(NamedTuple):
    """One KPI. `unit` "ratio" is shown as a percentage; "%" already is one."""

    kpi: str
    name_en: str
    name_fr: str
    formula: str
    unit: str
    source: str
    better: Better


KPIS: Final = (
    Kpi(
        "posts_per_week",
        "Posts per week",
        "Publications par semaine",
        "own posts / weeks watched in the period (reposts, replies and deleted posts left out); "
        "interval: Garwood's for counts, widened or narrowed by the dispersion of daily counts",
        "posts/week",
        "own; interval: Garwood (1936), McCullagh & Nelder (1989) for the dispersion",
        "higher",
    ),
    Kpi(
        "active_days_per_week",
        "Active days per week",
        "Jours actifs par semaine",
        "7 × days with an own post / days watched in the period; Wilson interval",
        "days/week",
        "own; interval: Wilson (1927)",
        "higher",
    ),
    Kpi(
        "engagement_per_post",
        "Engagement per post",
        "Engagement par publication",
        "median over own posts of likes + comments + shares at seven days; order-statistic "
        "interval",
        "interactions",
        "Rival IQ and others use the mean; the median resists a single viral post",
        "higher",
    ),
    Kpi(
        "engagement_rate",
        "Engagement rate",
        "Taux d’engagement",
        "median over own posts of (likes + comments + shares at seven days) / followers at "
        "publication; order-statistic interval",
        "ratio",
        "per follower and post; vendors often divide by today's followers or take the mean",
        "higher",
    ),
    Kpi(
        "view_rate",
        "View rate",
        "Taux de vues",
        "median over own posts of views / followers at publication; order-statistic interval",
        "ratio",
        "own; comparable to reach rate where a platform shows views",
        "higher",
    ),
    Kpi(
        "share_of_posts",
        "Share of posts",
        "Part des publications",
        "own posts / own posts of all entities of the same peer group; Wilson interval",
        "ratio",
        "share of voice, counted in posts",
        "higher",
    ),
    Kpi(
        "share_of_engagement",
        "Share of engagement",
        "Part de l’engagement",
        "sum of engagement at seven days / same sum over all entities of the same peer group; "
        "interval by simulated compound counts",
        "ratio",
        "share of voice, counted in interactions",
        "higher",
    ),
    Kpi(
        "follower_growth_pct",
        "Follower growth",
        "Croissance des abonnés",
        "100 × (followers at the end / followers at the start of the period - 1), from the "
        "observations nearest to both ends; interval from the scatter between observations, "
        "at least that of independent arrivals",
        "%",
        "own; n is the number of observations",
        "higher",
    ),
    Kpi(
        "reply_rate",
        "Reply rate",
        "Taux de réponse",
        "other people's comments that the channel answered / other people's comments; "
        "Wilson interval",
        "ratio",
        "own; interval: Wilson (1927)",
        "higher",
    ),
    Kpi(
        "reply_median_min",
        "Median time to reply",
        "Délai médian de réponse",
        "Kaplan-Meier median of the minutes from a comment to the channel's answer, the "
        "unanswered counted as still waiting; null where fewer than half were ever answered",
        "minutes",
        "Kaplan & Meier (1958), Brookmeyer & Crowley (1982)",
        "lower",
    ),
    Kpi(
        "format_diversity",
        "Format diversity",
        "Diversité des formats",
        "exp(Shannon entropy of the formats used): the number of equally used formats; "
        "delta-method interval",
        "formats",
        "Hill (1973)",
        "neither",
    ),
)
BETTER: Final[dict[str, Better]] = {entry.kpi: entry.better for entry in KPIS}


def table() -> pl.DataFrame:
    """The registry as the `kpis` table."""
    return pl.DataFrame(KPIS, schema=list(Kpi._fields), orient="row")
