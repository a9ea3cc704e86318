"""The demo market: a fictional outdoor market on loopback, with the truth that it plants."""

from data.market.server import Served, serve
from data.market.truth import Truth
from data.market.watchlist import watchlist_yaml
from data.market.world import Market

__all__ = ["Market", "Served", "Truth", "serve", "watchlist_yaml"]
