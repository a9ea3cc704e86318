"""The words that tell one content type from another."""

from typing import Final

import polars as pl

from features.text import LINK

FRENCH: Final = (
    "ainsi alors apres après assez aucun aucune aujourd aujourdhui auquel aura aurait aussi "
    "autour autre autres aux avait avant avec avez avoir avons beaucoup bien bon bonjour "
    "bonne car ceci cela celle celles celui ces cet cette ceux chacun chaque chez chose "
    "combien comme comment contre dans debout dedans dehors deja déjà demain depuis derriere "
    "derrière des dessous dessus deux devant devoir doit donc dont dos elle elles encore "
    "enfin entre est été êtes etes être etre eux fait faire fois font grâce hors hui ici ils "
    "jamais jour jours juste les leur leurs lors lui mais malgré meme mêmes merci mes mieux "
    "moi moins mon mot même nos notre nous nouveau nouvelle nouvelles nouveaux ont oui par "
    "parce pas pendant peu peut peux plus plutôt plutot pour pourquoi pouvez quand que quel "
    "quelle quelles quels quelque quelques qui quoi rien sans sauf selon sera serait ses "
    "seulement soi soit sommes son sont sous souvent suis sur tandis tant tes toi ton "
    "toujours tous tout toute toutes tres très trois trop tu une vers veut veux voici voilà "
    "vont vos votre vous vrai vraiment était étaient cest jai semaine mois année ans hier "
    "matin soir soirs prochain prochaine découvrez decouvrez profitez aime aimez pense"
)
ENGLISH: Final = (
    "about after again all also always and any are around because been before being between "
    "both but can could day days did does doing don done down during each even every few "
    "first for from get gets getting give going good got great had has have having here how "
    "into its itself just keep know last let like little long look made make makes many may "
    "more most much must need never new next not now off once one only other our out over own "
    "really right same say see she should since some still such take tell than that the their "
    "them then there these they thing things this those through time today together tomorrow "
    "too two under until upon use very want was way week weeks well were what when where "
    "which while who why will with without would year years yes yet you your yours month "
    "months http https www com think tonight"
)
STOP: Final = frozenset(FRENCH.split()) | frozenset(ENGLISH.split())
WORD: Final = r"\pL[\pL\pM]{2,}"
ADDRESSED: Final = r"@\S+"


def plain() -> pl.Expr:
    """Title and text without addresses, mentions and `#`."""
    joined = pl.concat_str("title", "text", separator="\n", ignore_nulls=True).fill_null("")
    return (
        joined.str.replace_all(LINK, " ").str.replace_all(ADDRESSED, " ").str.replace_all("#", " ")
    )


def words(posts: pl.LazyFrame) -> pl.LazyFrame:
    """row, word: every telling word of every post, in lower case. In: row, title, text."""
    stop = pl.Series(sorted(STOP))
    return (
        posts.select("row", word=plain().str.to_lowercase().str.extract_all(WORD))
        .explode("word", empty_as_null=False, keep_nulls=False)
        .filter(~pl.col("word").is_in(stop.implode()))
    )


def telling(found: pl.DataFrame, top: int) -> pl.DataFrame:
    """type, keywords: the words that most set each type apart, by class-based TF-IDF.

    In: type, word, post, channel (one row per post and word). A word counts once a post, and only
    if two channels use it in the type (where the type has two), so that names of accounts don't
    become labels. Source: c-TF-IDF, Grootendorst (2022).
    """
    sizes = found.group_by("type").agg(
        docs=pl.col("post").n_unique(), types_channels=pl.col("channel").n_unique()
    )
    overall = found.group_by("word").agg(everywhere=pl.col("post").n_unique())
    mean = found.select(pl.struct("post", "word").n_unique()).item() / max(sizes.height, 1)
    return (
        found.group_by("type", "word")
        .agg(docs_with=pl.col("post").n_unique(), channels=pl.col("channel").n_unique())
        .join(sizes, on="type")
        .join(overall, on="word")
        .filter(pl.col("channels") >= pl.min_horizontal(2, "types_channels"))
        .with_columns(
            score=pl.col("docs_with") / pl.col("docs") * (1 + mean / pl.col("everywhere")).log()
        )
        .sort("type", "score", "word", descending=[False, True, False])
        .group_by("type", maintain_order=True)
        .agg(keywords=pl.col("word").head(top))
    )
