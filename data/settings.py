"""Everything that a user may set, from VIGIE_* variables or a `.env` file."""

import shutil
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

CHROMIUM_NAMES: Final = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser")


class Settings(BaseSettings):
    """One attribute a variable: `lake` is VIGIE_LAKE, and so on."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIE_", env_file=".env", extra="ignore", env_ignore_empty=True
    )

    lake: str = Field(
        default=str(Path(__file__).parent / "lake"),
        description="folder or s3:// address where everything is kept",
    )
    lake_options: dict[str, SecretStr] = Field(
        default_factory=dict, description="storage options of an s3:// lake, as JSON"
    )
    crawl_on: Literal["here", "workers", "dask"] = Field(
        default="here",
        description="who crawls: this machine, the workers of a Prefect work pool, or Dask",
    )
    dask_address: str | None = Field(
        default=None, description="Dask's scheduler, tcp://…; else a cluster on this machine"
    )
    versions_kept_h: int = Field(
        default=24, ge=0, description="hours that readers may go on with what a run has replaced"
    )
    watchlist: str | None = Field(
        default=None, description="file that the dashboard edits; else that of the last run"
    )
    contact: str | None = Field(
        default=None, description="address that sites may write to; sent with every request"
    )
    imap_password: SecretStr | None = Field(
        default=None, description="password of the mailbox that `vigie import imap://…` reads"
    )
    youtube_api_key: SecretStr | None = Field(
        default=None, description="key of the YouTube Data API v3, asked instead of its pages"
    )
    instagram_token: SecretStr | None = Field(
        default=None,
        description="access token of the Instagram Graph API (Business Discovery), with "
        "VIGIE_INSTAGRAM_USER_ID",
    )
    instagram_user_id: SecretStr | None = Field(
        default=None, description="number of the Instagram business account that the token is of"
    )
    reddit_client_id: SecretStr | None = Field(
        default=None, description="id of a Reddit app, with VIGIE_REDDIT_CLIENT_SECRET"
    )
    reddit_client_secret: SecretStr | None = Field(
        default=None, description="secret of the Reddit app"
    )
    dashboard_url: str = Field(
        default="http://127.0.0.1:8501", description="address of the dashboard in what is sent"
    )
    oidc_metadata_url: str | None = Field(
        default=None,
        description="sign-in to the dashboard: https://…/.well-known/openid-configuration of "
        "the OpenID Connect provider",
    )
    oidc_client_id: str | None = Field(default=None, description="the dashboard's id there")
    oidc_client_secret: SecretStr | None = Field(default=None, description="and its secret")
    oidc_cookie_secret: SecretStr | None = Field(
        default=None, description="signs the session's cookie; without it restarts end sign-ins"
    )
    oidc_redirect: str | None = Field(
        default=None, description="where the provider sends people back; VIGIE_DASHBOARD_URL tells"
    )
    oidc_scope: str = Field(
        default="openid email profile", description="what the provider is asked for"
    )
    oidc_groups_claim: str = Field(default="groups", description="claim that lists the groups")
    oidc_trust_email: bool = Field(
        default=False, description="take addresses that the provider does not call verified"
    )
    oidc_hours: float = Field(default=12, gt=0, description="hours after which a sign-in ends")
    allow: str = Field(
        default="",
        description="who may see the dashboard: addresses, @domains, group:names or *, by comma",
    )
    editors: str = Field(default="", description="who may also change something in it, likewise")
    log: Literal["text", "json"] = Field(
        default="text", description="what standard error speaks: sentences, or JSON lines"
    )
    lang: Literal["fr", "en"] | None = Field(default=None, description="language of the interface")
    chromium: str | None = Field(default=None, description="path of the browser to use")

    @property
    def signs_in(self) -> bool:
        """Whether people sign in to the dashboard: one of the provider's settings is there."""
        told = (self.oidc_metadata_url, self.oidc_client_id, self.oidc_client_secret)
        return any(one is not None for one in told) or bool(self.allow or self.editors)

    def browser_path(self) -> str | None:
        """Chrome or Chromium as set or found on the path; None leaves it to Playwright's own."""
        if self.chromium:
            return self.chromium
        return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
