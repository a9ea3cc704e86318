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
    formula_fr: str
    unit: str
    source: str
    source_fr: str
    better: Better


KPIS: Final = (
    Kpi(
        "posts_per_week",
        "Posts per week",
        "Publications par semaine",
        "own posts / weeks watched in the period (reposts, replies and deleted posts left out); "
        "interval: Garwood's for counts, widened or narrowed by the dispersion of daily counts",
        "publications propres / semaines observées dans la période (sans les reprises, "
        "les réponses ni les publications supprimées) ; intervalle de Garwood pour des "
        "comptages, élargi ou resserré selon la dispersion des comptages quotidiens",
        "posts/week",
        "own; interval: Garwood (1936), McCullagh & Nelder (1989) for the dispersion",
        "maison ; intervalle : Garwood (1936), McCullagh & Nelder (1989) pour la dispersion",
        "higher",
    ),
    Kpi(
        "active_days_per_week",
        "Active days per week",
        "Jours actifs par semaine",
        "7 × days with an own post / days watched in the period; Wilson interval",
        "7 × jours avec une publication propre / jours observés dans la période ; "
        "intervalle de Wilson",
        "days/week",
        "own; interval: Wilson (1927)",
        "maison ; intervalle : Wilson (1927)",
        "higher",
    ),
    Kpi(
        "engagement_per_post",
        "Engagement per post",
        "Engagement par publication",
        "median over own posts of likes + comments + shares at seven days; order-statistic "
        "interval",
        "médiane, sur les publications propres, de mentions j’aime + commentaires + "
        "partages à sept jours ; intervalle par statistiques d’ordre",
        "interactions",
        "Rival IQ and others use the mean; the median resists a single viral post",
        "Rival IQ et d’autres prennent la moyenne ; la médiane résiste à une seule "
        "publication virale",
        "higher",
    ),
    Kpi(
        "engagement_rate",
        "Engagement rate",
        "Taux d’engagement",
        "median over own posts of (likes + comments + shares at seven days) / followers at "
        "publication; order-statistic interval",
        "médiane, sur les publications propres, de (mentions j’aime + commentaires + "
        "partages à sept jours) / abonnés à la publication ; intervalle par "
        "statistiques d’ordre",
        "ratio",
        "per follower and post; vendors often divide by today's followers or take the mean",
        "par abonné et par publication ; les éditeurs divisent souvent par les abonnés "
        "d’aujourd’hui ou prennent la moyenne",
        "higher",
    ),
    Kpi(
        "view_rate",
        "View rate",
        "Taux de vues",
        "median over own posts of views / followers at publication; order-statistic interval",
        "médiane, sur les publications propres, de vues / abonnés à la publication ; "
        "intervalle par statistiques d’ordre",
        "ratio",
        "own; comparable to reach rate where a platform shows views",
        "maison ; comparable au taux de portée là où la plateforme montre les vues",
        "higher",
    ),
    Kpi(
        "share_of_posts",
        "Share of posts",
        "Part des publications",
        "own posts / own posts of all entities of the same peer group; Wilson interval",
        "publications propres / publications propres de toutes les entités du même "
        "groupe de pairs ; intervalle de Wilson",
        "ratio",
        "share of voice, counted in posts",
        "part de voix, comptée en publications",
        "higher",
    ),
    Kpi(
        "share_of_engagement",
        "Share of engagement",
        "Part de l’engagement",
        "sum of engagement at seven days / same sum over all entities of the same peer group; "
        "interval by simulated compound counts",
        "somme de l’engagement à sept jours / même somme sur toutes les entités du même"
        " groupe de pairs ; intervalle par simulation de comptages composés",
        "ratio",
        "share of voice, counted in interactions",
        "part de voix, comptée en interactions",
        "higher",
    ),
    Kpi(
        "share_of_voice",
        "Share of voice",
        "Part de voix",
        "posts of others that name the entity (handle, name or hashtag) / same sum over all "
        "entities of the same peer group, in the posts collected; Wilson interval, account-days "
        "as clusters",
        "publications d’autrui qui citent l’entité (compte, nom ou hashtag) / même somme sur "
        "toutes les entités du même groupe de pairs, dans les publications collectées ; "
        "intervalle de Wilson, grappes par compte et par jour",
        "ratio",
        "own; vendors count the whole web or their panel: only watched accounts and topics here",
        "maison ; les éditeurs comptent tout le web ou leur panel : ici les seuls comptes et "
        "sujets suivis",
        "higher",
    ),
    Kpi(
        "follower_growth_pct",
        "Follower growth",
        "Croissance des abonnés",
        "100 × (followers at the end / followers at the start of the period - 1), from the "
        "observations nearest to both ends; interval from the scatter between observations, "
        "at least that of independent arrivals",
        "100 × (abonnés à la fin / abonnés au début de la période - 1), d’après les "
        "observations les plus proches des deux bouts ; intervalle d’après l’écart "
        "entre observations, au moins celui d’arrivées indépendantes",
        "%",
        "own; n is the number of observations",
        "maison ; n est le nombre d’observations",
        "higher",
    ),
    Kpi(
        "reply_rate",
        "Reply rate",
        "Taux de réponse",
        "other people's comments that the channel answered / other people's comments; "
        "Wilson interval",
        "commentaires d’autrui auxquels le compte a répondu / commentaires d’autrui ; "
        "intervalle de Wilson",
        "ratio",
        "own; interval: Wilson (1927)",
        "maison ; intervalle : Wilson (1927)",
        "higher",
    ),
    Kpi(
        "reply_median_min",
        "Median time to reply",
        "Délai médian de réponse",
        "Kaplan-Meier median of the minutes from a comment to the channel's answer, the "
        "unanswered counted as still waiting; null where fewer than half were ever answered",
        "médiane de Kaplan-Meier des minutes entre un commentaire et la réponse du "
        "compte, les commentaires sans réponse comptés comme encore en attente ; vide "
        "si moins de la moitié a jamais reçu une réponse",
        "minutes",
        "Kaplan & Meier (1958), Brookmeyer & Crowley (1982)",
        "Kaplan & Meier (1958), Brookmeyer & Crowley (1982)",
        "lower",
    ),
    Kpi(
        "format_diversity",
        "Format diversity",
        "Diversité des formats",
        "exp(Shannon entropy of the formats used): the number of equally used formats; "
        "delta-method interval, corrected for formats that a small sample misses",
        "exp(entropie de Shannon des formats utilisés) : le nombre de formats également"
        " utilisés ; intervalle par la méthode delta, corrigé des "
        "formats qu’un petit échantillon ne montre pas",
        "formats",
        "Hill (1973), Miller (1955), Roulston (1999)",
        "Hill (1973), Miller (1955), Roulston (1999)",
        "neither",
    ),
)
BETTER: Final[dict[str, Better]] = {entry.kpi: entry.better for entry in KPIS}


def table() -> pl.DataFrame:
    """The registry as the `kpis` table."""
    return pl.DataFrame(KPIS, schema=list(Kpi._fields), orient="row")
