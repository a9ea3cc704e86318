"""The nouns: records, table contracts, the watchlist, the store and the demo market."""
