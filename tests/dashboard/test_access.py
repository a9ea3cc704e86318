"""Who is let in, and that nothing is read for the others."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard import access, i18n
from dashboard.queries import lake
from data.settings import Settings

NAMES = st.from_regex(r"[a-z0-9.+-]{1,12}", fullmatch=True)
HOSTS = st.from_regex(r"[a-z0-9-]{1,10}\.example", fullmatch=True)


def told(allow="", editors="", **more):
    return Settings(_env_file=None, allow=allow, editors=editors, **more)


def person(email="lea@maison.example", **more):
    return {"email": email, "email_verified": True, **more}


@settings(max_examples=40)
@given(NAMES, HOSTS, HOSTS, st.sampled_from([str.upper, str.lower, str.title]))
def test_a_domain_lets_in_its_own_addresses_alone(name, host, other, case):
    rules = told(allow=f"@{host}")
    assert access.role_of(person(case(f"{name}@{host}")), rules) == "viewer"
    allowed = access.role_of(person(f"{name}@{other}"), rules)
    assert (allowed == "viewer") is (host == other)
    for trick in (f"{name}@{host}.{other}", f"{name}@x{host}", f"@{host}", f"a@{host}@{other}",
                  f"{name}@{host}\n", f" {name}@{host}"):  # fmt: skip
        if trick.rpartition("@")[2] != host:
            assert access.role_of(person(trick), rules) is None


@settings(max_examples=40)
@given(st.text(), st.text(), st.one_of(st.none(), st.text(), st.lists(st.text()), st.integers()))
def test_nobody_gets_in_by_an_odd_claim(email, allow, groups):
    claims = person(email, groups=groups)
    role = access.role_of(claims, told(allow=allow))
    wanted = access.rules(allow)
    listed = (
        {groups} if isinstance(groups, str) else set(groups if isinstance(groups, list) else ())
    )
    by_group = any(r.startswith("group:") and r[6:].strip() in listed for r in wanted)
    by_address = "@" in email and any("@" in rule for rule in wanted)
    assert role is None or by_group or by_address or "*" in wanted


def test_an_address_that_nobody_vouches_for_does_not_count():
    for claims in ({"email": "lea@maison.example"}, person(email_verified=False),
                   person(email_verified="false"), person(email=None), {}):  # fmt: skip
        assert access.role_of(claims, told(allow="@maison.example, lea@maison.example")) is None
    trusting = told(allow="@maison.example", oidc_trust_email=True)
    assert access.role_of({"email": "lea@maison.example"}, trusting) == "viewer"
    # KELVIN SIGN becomes k in lower case
    assert (
        access.role_of(person("\u212aim@maison.example"), told(allow="kim@maison.example")) is None
    )


def test_groups_are_exact_and_their_claim_can_be_named():
    rules = told(allow="group:analysts")
    assert access.role_of({"groups": ["analysts"]}, rules) == "viewer"
    assert access.role_of({"groups": "analysts"}, rules) == "viewer"
    for groups in (["Analysts"], ["analysts2"], [], None, {"analysts": 1}, [["analysts"]]):
        assert access.role_of({"groups": groups}, rules) is None
    named = told(allow="group:analysts", oidc_groups_claim="roles")
    assert access.role_of({"roles": ["analysts"], "groups": []}, named) == "viewer"
    assert access.role_of({"groups": ["analysts"]}, named) is None


def test_editors_are_let_in_and_viewers_do_not_edit():
    rules = told(allow="*", editors="lea@maison.example; group:chiefs")
    assert access.role_of(person(), rules) == "editor"
    assert access.role_of({"groups": ["chiefs"]}, rules) == "editor"
    assert access.role_of(person("zoe@other.example"), rules) == "viewer"
    assert access.role_of(person(), told(editors="lea@maison.example")) == "editor"
    assert access.role_of(person(), told()) is None


@pytest.mark.parametrize(("claims", "over"), [({"iat": 1000}, False), ({"iat": -99_999}, True),
                                              ({}, True), ({"iat": "1000"}, True)])  # fmt: skip
def test_a_sign_in_ends(claims, over):
    assert access.is_over(claims, told(oidc_hours=1), 2000) is over


@pytest.fixture
def guarded(tmp_path, use_lake, monkeypatch):
    """The app with a sign-in set, and a lake that nobody may open."""
    use_lake(
        tmp_path,
        VIGIE_OIDC_METADATA_URL="http://127.0.0.1:9/.well-known/openid-configuration",
        VIGIE_OIDC_CLIENT_ID="vigie", VIGIE_OIDC_CLIENT_SECRET="s",
        VIGIE_ALLOW="@maison.example", VIGIE_EDITORS="group:chiefs",
    )  # fmt: skip
    reads = []
    opened = lake.store

    def store(where):
        reads.append(where)
        return opened(where)

    monkeypatch.setattr(lake, "store", store)

    def visit(**claims):
        claims = {"iat": time.time(), **claims} if claims else claims

        class User(dict):
            def to_dict(self):
                return dict(self)

        user = User(is_logged_in=bool(claims), **claims)
        monkeypatch.setattr(access.st, "user", user)
        shown = AppTest.from_file(str(i18n.ROOT / "app.py"), default_timeout=60).run()
        assert not shown.exception
        return [button.label for button in shown.button], len(reads)

    return visit


def test_nothing_is_read_before_somebody_is_let_in(guarded, monkeypatch):
    assert guarded() == (["Sign in"], 0)
    assert guarded(email="zoe@other.example", email_verified=True) == (["Sign out"], 0)
    assert guarded(email="lea@maison.example", email_verified=True, iat=1) == (["Sign in again"], 0)
    labels, reads = guarded(email="lea@maison.example", email_verified=True)
    assert "Sign out" in labels
    assert reads > 0
    assert not access.may_edit()
    monkeypatch.setattr(
        access.st.user, "to_dict", lambda: {"iat": time.time(), "groups": ["chiefs"]}
    )
    assert access.may_edit()


def test_without_a_sign_in_the_reader_is_the_owner():
    assert access.role() == "editor"
    assert access.may_edit()
