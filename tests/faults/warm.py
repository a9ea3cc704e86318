"""What a piece of work imports from elsewhere, for the process that the others are forked from.

Nothing of Vigie's own: some of its modules make empty frames when they are imported, and the
threads that Polars starts for that would not live through a fork.
"""

import dataframely
import deltalake
import scipy.optimize
import scipy.stats
import scrapy.crawler
import sklearn.cluster
import sklearn.decomposition
import sklearn.feature_extraction.text
import typer.testing

WARM = (
    dataframely, deltalake, scipy.optimize, scipy.stats, scrapy.crawler, sklearn.cluster,
    sklearn.decomposition, sklearn.feature_extraction.text, typer.testing,
)  # fmt: skip
