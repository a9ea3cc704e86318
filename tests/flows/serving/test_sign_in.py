import stat
import tomllib

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr
from typer.testing import CliRunner

from data.settings import Settings, settings
from flows.cli import app
from flows.serving import sign_in
from flows.words import messages
from flows.words.problems import Unusable
from tests.flows.lakes import fill

WHOLE = {
    "oidc_metadata_url": "https://login.example/.well-known/openid-configuration",
    "oidc_client_id": "vigie", "oidc_client_secret": SecretStr("canary-77aa"),
    "allow": "@maison.example", "dashboard_url": "https://vigie.example",
}  # fmt: skip


def told(**changes):
    return Settings(_env_file=None, **{**WHOLE, **changes})


@pytest.mark.parametrize(
    ("address", "inside"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.168.1.4", False), ("vigie.example", False)],
)  # fmt: skip
def test_without_a_sign_in_only_this_machine_is_let_in(address, inside):
    assert sign_in.is_loopback(address) is inside
    alone = Settings(_env_file=None)
    sign_in.check(alone, address, without=True)
    if inside:
        sign_in.check(alone, address, without=False)
    else:
        with pytest.raises(Unusable, match="--without-sign-in"):
            sign_in.check(alone, address, without=False)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"oidc_client_secret": None}, "VIGIE_OIDC_CLIENT_SECRET is missing"),
        ({"oidc_metadata_url": None, "oidc_client_id": None, "oidc_client_secret": None},
         "VIGIE_OIDC_METADATA_URL, VIGIE_OIDC_CLIENT_ID, VIGIE_OIDC_CLIENT_SECRET is missing"),
        ({"allow": ""}, "VIGIE_ALLOW"),
        ({"oidc_cookie_secret": SecretStr("short")}, "32 characters"),
        ({"oidc_redirect": "https://vigie.example/"}, "/oauth2callback"),
    ],
)  # fmt: skip
def test_half_a_sign_in_is_refused_also_where_nobody_else_comes(changes, said):
    sign_in.check(told(), "0.0.0.0", without=False)
    for without in (True, False):
        with pytest.raises(Unusable) as refused:
            sign_in.check(told(**changes), "127.0.0.1", without=without)
        assert said in refused.value.in_english()


def test_the_secrets_are_private_and_go_with_the_dashboard():
    with sign_in.secrets_file(told()) as file:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        kept = tomllib.loads(file.read_text())["auth"]
    assert not file.parent.exists()
    assert kept["redirect_uri"] == "https://vigie.example/oauth2callback"
    assert kept["client_secret"] == "canary-77aa"
    assert len(kept["cookie_secret"]) >= sign_in.LEAST_SECRET
    assert kept["client_kwargs"] == {"scope": "openid email profile", "prompt": "login"}
    assert "canary-77aa" not in repr(told())
    assert sign_in.host(told()) == "vigie.example"
    with sign_in.secrets_file(Settings(_env_file=None)) as none:
        assert none is None


@hypothesis_settings(max_examples=30)
@given(st.text(st.characters(codec="utf-8")))
def test_any_secret_survives_its_file(secret):
    changed = told(oidc_client_secret=SecretStr(secret), oidc_scope=secret)
    kept = tomllib.loads(sign_in._toml(changed))["auth"]
    assert kept["client_secret"] == secret
    assert kept["client_kwargs"]["scope"] == secret


def test_the_command_refuses_to_open_the_lake_to_everybody(store, monkeypatch):
    fill(store)
    monkeypatch.setattr(
        "flows.commands.dashboard.serve", lambda *_: pytest.fail("it must not start")
    )
    arguments = ["dashboard", "--lake", store.root, "--lang", "en", "--address", "0.0.0.0"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert "nobody signs in" in done.stderr
    monkeypatch.setenv("VIGIE_ALLOW", "@maison.example")
    settings.cache_clear()
    done = CliRunner().invoke(app, [*arguments, "--without-sign-in"])
    assert done.exit_code == 2
    assert "VIGIE_OIDC_METADATA_URL" in done.stderr
    messages._chosen.clear()
