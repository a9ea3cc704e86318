"""The one interval that pages need beyond those the tables hold."""

import polars as pl

Z95 = 1.959963984540054


def wilson(count: str, total: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Share, and lower and upper end of its 95% interval, of `count` among `total`.

    Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
    """
    n = pl.col(total)
    p = pl.col(count) / n
    centre = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = (p * (1 - p) / n + Z95**2 / (4 * n**2)).sqrt() * Z95 / (1 + Z95**2 / n)
    return (
        p.alias("share"),
        (centre - half).clip(0, 1).alias("share_low"),
        (centre + half).clip(0, 1).alias("share_high"),
    )
