"""What the files in deploy/ name exists: commands, options, settings, paths, ports, flows."""

import importlib
import json
import re
import runpy
import shlex
import tomllib
from pathlib import Path

import prefect.settings
import pytest
import yaml
from prefect.cli.deploy._models import PrefectYamlModel
from prefect.flows import Flow
from prefect.utilities.templating import find_placeholders
from typer.main import get_command

from data.settings import Settings, settings
from flows.cli import app
from flows.commands.dashboard import PORT
from flows.spreading import partition, watch

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
VARIABLE = re.compile(r"\$\{(\w+)(:\?)?\}")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def deployments():
    told = yaml.safe_load((DEPLOY / "prefect.yaml").read_text(encoding="utf-8"))
    PrefectYamlModel.model_validate(told)
    return {one["name"]: one for one in told["deployments"]}


def instructions(word):
    """What every instruction of a kind in the Dockerfile says, continued lines joined."""
    text = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{word} +(.*)$", text, re.MULTILINE)


def ours(compose):
    return {name: told for name, told in compose["services"].items() if "vigie" in told["image"]}


def commands(compose):
    """Every command line that a container of ours is started with."""
    image = [json.loads(line) for line in instructions("CMD")]
    return [*image, *(told["command"] for told in ours(compose).values())]


def test_vigie_is_asked_for_what_it_has(compose):
    known = get_command(app).commands
    found = [command for command in commands(compose) if command[0] == "vigie"]
    assert found
    for _, name, *rest in found:
        options = {option for parameter in known[name].params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options
        assert int(rest[rest.index("--port") + 1]) == PORT


def test_prefect_is_asked_for_what_it_has(compose):
    found = {tuple(c[1:3]): c[3:] for c in commands(compose) if c[0] == "prefect"}
    assert set(found) == {("server", "start"), ("worker", "start")}
    for (group, _), rest in found.items():
        source = Path(importlib.import_module(f"prefect.cli.{group}").__file__).read_text()
        for option in (word for word in rest if word.startswith("--")):
            assert f'"{option}"' in source, option


def test_every_pool_is_made_and_has_a_worker(compose, deployments):
    pools = set(runpy.run_path(str(DEPLOY / "setup.py"))["POOLS"])
    served = {c[c.index("--pool") + 1] for c in commands(compose) if "--pool" in c}
    assert pools == served == {one["work_pool"]["name"] for one in deployments.values()}


def test_the_deployments_are_flows_of_ours_with_their_parameters(deployments):
    for one in deployments.values():
        module, _, name = one["entrypoint"].rpartition(".")
        flow = getattr(importlib.import_module(module), name)
        assert isinstance(flow, Flow)
        assert set(one.get("parameters", {})) <= set(flow.parameters.properties)
        assert watch.TAG in one["tags"]
    crawl, outdoor = deployments["crawl"], deployments["outdoor"]
    assert f"{partition.partition.name}/{crawl['name']}" == partition.DEPLOYMENT
    assert watch.RUN_TAG in outdoor["tags"]
    assert watch.RUN_TAG not in crawl["tags"]


def test_the_schedule_can_be_read(deployments):
    from prefect.client.schemas.schedules import CronSchedule

    (told,) = deployments["outdoor"]["schedules"]
    assert CronSchedule(**told).timezone == "Europe/Paris"


def test_what_is_filled_in_where_it_is_deployed_is_told_there(deployments, compose):
    named = {p.name[1:] for one in deployments.values() for p in find_placeholders(one)}
    assert named <= set(environment(compose, "setup"))


def environment(compose, service):
    return compose["services"][service].get("environment", {})


def test_every_setting_of_ours_exists_and_reads_its_value(compose, monkeypatch):
    known = {f"VIGIE_{name.upper()}" for name in Settings.model_fields}
    own = {"VIGIE_WATCHLISTS"}  # read by prefect.yaml
    for service in ours(compose):
        told = environment(compose, service)
        for name, value in told.items():
            if name.startswith("VIGIE_") and name not in own:
                assert name in known
                monkeypatch.setenv(name, VARIABLE.sub("a-secret", value))
        settings.cache_clear()
        read = settings()
        if "VIGIE_LAKE_OPTIONS" in told:
            assert read.lake_options["AWS_SECRET_ACCESS_KEY"].get_secret_value() == "a-secret"
            assert read.lake_options["aws_conditional_put"].get_secret_value() == "etag"
        assert read.crawl_on == ("workers" if service == "run-worker" else "here")
        monkeypatch.setenv("VIGIE_CRAWL_ON", "here")


def test_every_setting_of_prefects_exists(compose):
    image = [word.partition("=")[0] for line in instructions("ENV") for word in shlex.split(line)]
    for service in ours(compose):
        for name in [*environment(compose, service), *image]:
            if name.startswith("PREFECT_"):
                assert getattr(prefect.settings, name).name == name  # it knows its names only


def test_health_is_asked_at_the_ports_that_the_services_listen_on(compose):
    for name, told in compose["services"].items():
        if name in {"setup", "dashboard"}:
            continue  # the one ends, the other's is the image's own
        asked = " ".join(told["healthcheck"]["test"]) + " "
        command = " ".join(map(str, told.get("command", [])))
        found = re.search(r"127\.0\.0\.1:(\d+)(/[\w/]*)?|127\.0\.0\.1 (\d+)|pg_isready", asked)
        assert found, name
        if port := found[1] or found[3]:
            port_set = environment(compose, name).get("PREFECT_WORKER_WEBSERVER_PORT")
            assert port in command or port == port_set, name
    assert f"127.0.0.1:{PORT}/_stcore/health" in DOCKERFILE


def test_a_service_waits_for_services_that_say_when_they_are_ready(compose):
    services = compose["services"]
    for told in services.values():
        for name, how in told.get("depends_on", {}).items():
            ends = how["condition"] == "service_completed_successfully"
            assert ends == (name == "setup")
            assert ends or "healthcheck" in services[name]


def test_containers_of_ours_run_without_rights_and_without_writing(compose):
    assert instructions("USER")[-1].isdigit()
    for name, told in ours(compose).items():
        assert told["read_only"], name
        assert told["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in told["security_opt"], name
        assert any(place.startswith("/tmp") for place in told["tmpfs"]), name
    for told in compose["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in told.get("ports", []))


def test_secrets_come_from_outside_and_none_may_be_left_out(compose):
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    required = dict(VARIABLE.findall(text))
    assert set(required.values()) == {":?"}
    example = (DEPLOY / "env.example").read_text(encoding="utf-8")
    assert set(required) == set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    told = re.findall(r"(?:PASSWORD|AUTH_STRING|_KEY(?:_ID)?)\"?: +(\S+)", text)
    assert len(told) > 5
    assert all("${" in value for value in told)
    assert set(compose["volumes"]) == {
        volume.partition(":")[0]
        for one in compose["services"].values()
        for volume in one.get("volumes", [])
        if not volume.startswith("$")
    }


def test_the_image_gets_what_it_copies_and_nothing_else():
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = set()
    for line in instructions("COPY"):
        if not line.startswith("--from"):
            copied |= set(line.split()[:-1])
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(built["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= copied
