"""Scrapy's settings for a plan: polite, private, and nothing loaded that is not needed."""

from importlib.metadata import version
from typing import Any, Final

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter

from crawlers.plan import Plan
from crawlers.registry import platforms

MAX_BYTES: Final = 20_000_000
TIMEOUT_S: Final = 30.0
RETRIES: Final = 2
REDIRECTS: Final = 5
BROWSER_PAGES: Final = 2
LOOP: Final = "uvloop.Loop"
"""A page costs less on it than on asyncio's own."""

_OFF: Final = (
    "offsite.OffsiteMiddleware",
    "robotstxt.RobotsTxtMiddleware",
    "httpauth.HttpAuthMiddleware",
    "defaultheaders.DefaultHeadersMiddleware",
    "useragent.UserAgentMiddleware",
    "downloadtimeout.DownloadTimeoutMiddleware",
    "redirect.MetaRefreshMiddleware",
    "cookies.CookiesMiddleware",
    "httpproxy.HttpProxyMiddleware",
    "stats.DownloaderStats",
    "httpcache.HttpCacheMiddleware",
)


_MIDDLEWARES: Final = {
    **{f"scrapy.downloadermiddlewares.{name}": None for name in _OFF},
    "crawlers.robots.Robots": 100,
    "crawlers.pace.Pace": 90,
}
_AGAIN: Final = [
    *(f"scrapy.exceptions.{name}Error" for name in (
        "CannotResolveHost", "DownloadConnectionRefused", "DownloadFailed", "DownloadTimeout",
        "ResponseDataLoss",
    )),
    OSError,
]  # fmt: skip
"""Scrapy's default without Twisted's, which load a second HTTP client at every start."""
_EXTENSIONS: Final = {
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.logstats.LogStats": None,
}


class Quiet(LogFormatter):
    """Writes no line for each page: that costs more than it tells."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> None:  # type: ignore[override] # noqa: ARG002
        """Nothing is logged when this is None."""
        return


def user_agent(contact: str | None) -> str:
    """Who asks, and where a site's owner may write to."""
    return f"Vigie/{version('vigie')}" + (f" (+{contact})" if contact else "")


def needs_browser(plan: Plan) -> bool:
    """Whether any channel may want a page rendered."""
    known = platforms()
    return any(channel.browser or known[channel.platform].browser for channel in plan.channels)


def settings_for(plan: Plan) -> dict[str, Any]:
    """The settings of one crawl."""
    found: dict[str, Any] = {
        "USER_AGENT": user_agent(plan.contact),
        "ROBOTSTXT_OBEY": plan.obey_robots,
        "VIGIE_ALLOW_PRIVATE": plan.allow_private_networks,
        "VIGIE_BROWSER": False,
        # Scrapy's default starts a hundred tasks a page; nothing here yields items.
        "CONCURRENT_ITEMS": 1,
        "CONCURRENT_REQUESTS": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_DELAY_JITTER": 0,
        "DOWNLOAD_TIMEOUT": TIMEOUT_S,
        "DOWNLOAD_MAXSIZE": MAX_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": RETRIES,
        # 429 and 503 are waited for, not retried at once (crawlers/spider.py).
        "RETRY_HTTP_CODES": [408, 500, 502, 504, 522, 524],
        "RETRY_EXCEPTIONS": _AGAIN,
        "REDIRECT_MAX_TIMES": REDIRECTS,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "LOG_ENABLED": False,
        "LOG_FORMATTER": "crawlers.settings.Quiet",
        "STATS_DUMP": False,
        "MEMUSAGE_ENABLED": False,
        "DOWNLOAD_HANDLERS": {
            "http": "crawlers.download.Edge",
            "https": "crawlers.download.Edge",
            **dict.fromkeys(("data", "file", "ftp", "s3")),
        },
        "DOWNLOADER_MIDDLEWARES": _MIDDLEWARES,
        "EXTENSIONS": _EXTENSIONS,
        "TWISTED_REACTOR_ENABLED": False,
        "ASYNCIO_EVENT_LOOP": LOOP,
    }
    return found | (_browser(plan) if needs_browser(plan) else {})


def _browser(plan: Plan) -> dict[str, Any]:
    from crawlers.rendering import launch_options

    return {
        "VIGIE_BROWSER": True,
        # scrapy-playwright knows no other mode.
        "TWISTED_REACTOR_ENABLED": True,
        "ASYNCIO_EVENT_LOOP": None,
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch_options(plan.chromium),
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": BROWSER_PAGES,
        "PLAYWRIGHT_ABORT_REQUEST": "crawlers.rendering.unwanted",
        "PLAYWRIGHT_CONTEXTS": {},
    }
