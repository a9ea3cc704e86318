"""Serve the market alone: `python -m data.market --seed 1 --port 8900`."""

import argparse
import sys
from threading import Event

from data.market import Market, serve, watchlist_yaml


def main() -> None:
    """Serve until interrupted; prints the watchlist to use."""
    parser = argparse.ArgumentParser(prog="python -m data.market", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--port", type=int, default=8900)
    chosen = parser.parse_args()
    market = Market(chosen.seed, chosen.days)
    with serve(market, chosen.port) as served:
        sys.stdout.write(watchlist_yaml(market, served.base_url))
        sys.stdout.write(f"# serving at {served.base_url}; POST a time to /_market/now\n")
        sys.stdout.flush()
        try:
            Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
