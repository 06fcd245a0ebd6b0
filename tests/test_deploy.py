"""What ships for running it: the unit that systemd takes, the image that starts what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from nudger.cli.app import command_named
from nudger.config import Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
UNIT = (DEPLOY / "nudger.service").read_text()
IMAGE = (DEPLOY / "Dockerfile").read_text()
OPERATIONS = (DEPLOY.parent / "docs" / "operations.md").read_text()
MOST_EXPOSED = 2.0


@pytest.fixture
def unit_here(tmp_path):
    """The unit, with a program that this machine has."""
    file = tmp_path / "nudger.service"
    file.write_text(UNIT.replace("/opt/nudger/bin/nudger", shutil.which("true")))
    return file


def analyzed(*arguments):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd here")
    return subprocess.run(
        ["systemd-analyze", *arguments], check=False, capture_output=True, text=True
    )


def test_systemd_takes_the_unit(unit_here):
    found = analyzed("verify", "--man=no", str(unit_here))
    assert (found.returncode, found.stderr) == (0, "")


def test_the_unit_gives_little_away(unit_here):
    found = analyzed("security", "--offline=true", "--no-pager", str(unit_here))
    exposed = re.search(r"exposure level for nudger\.service: ([\d.]+)", found.stdout)
    assert exposed
    assert float(exposed[1]) <= MOST_EXPOSED


def test_hadolint_finds_nothing_in_the_image():
    if shutil.which("hadolint") is None:
        pytest.skip("hadolint is not installed")
    found = subprocess.run(
        ["hadolint", str(DEPLOY / "Dockerfile")], check=False, capture_output=True, text=True
    )
    assert (found.returncode, found.stdout) == (0, "")


def words(line):
    return line.replace('"', "").replace("[", " ").replace("]", " ").replace(",", " ").split()


def instructions(name):
    joined = IMAGE.replace("\\\n", " ")
    return [line.partition(" ")[2].strip() for line in joined.splitlines() if line.startswith(name)]


def test_the_image_runs_as_nobody_in_particular_and_has_a_health_check():
    assert int(instructions("USER ")[-1]) > 1000
    assert len(instructions("HEALTHCHECK ")) == 1
    assert all(re.search(r":\d", one) for one in instructions("FROM ")), "a version, not the latest"
    assert instructions("ADD ") == []


def test_it_copies_what_there_is_and_nothing_secret():
    copied = [word for one in instructions("COPY ") if "--from" not in one for word in words(one)]
    named = {name for name in copied if name != "./"}
    assert all((DEPLOY.parent / name).exists() for name in named)
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in named} == {line for line in allowed if line.startswith("!")}
    assert "*" in allowed


@pytest.mark.parametrize("where", [UNIT, IMAGE, (DEPLOY / "compose.yaml").read_text()])
def test_settings_in_the_environment_are_settings(where):
    for name in set(re.findall(r"NUDGER_(\w+)", where)) - {"CONFIG"}:
        model = Settings
        for part in name.lower().split("__"):
            assert part in model.model_fields, name
            model = model.model_fields[part].annotation


def test_what_is_started_is_a_command_with_its_options():
    started = [*re.findall(r"^ExecStart=\S+ (.+)$", UNIT, re.MULTILINE), *instructions("CMD ")]
    assert len(started) == 2
    for line in started:
        name, *given = words(line)
        command = command_named(name)
        known = {option for parameter in command.params for option in parameter.opts}
        assert {one for one in given if one.startswith("-")} <= known


def test_commands_that_operations_shows_exist():
    for name, sub in set(re.findall(r"nudger (db) (\w+)", OPERATIONS)):
        assert sub in command_named(name).commands


COMPOSE = (DEPLOY / "compose.yaml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]


@pytest.mark.parametrize("service", ["pages", "worker"])
def test_what_compose_starts_is_a_command_with_its_options(service):
    name, *given = SERVICES[service]["command"]
    known = {option for parameter in command_named(name).params for option in parameter.opts}
    assert {one for one in given if one.startswith("-")} <= known


def test_compose_waits_for_what_it_has_and_keeps_no_password():
    volumes = yaml.safe_load(COMPOSE)["volumes"]
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert "healthcheck" in SERVICES[other], (name, other)
            assert how == {"condition": "service_healthy"}
        kept = [one.partition(":")[0] for one in service.get("volumes", ())]
        assert {one for one in kept if not one.startswith(".")} <= set(volumes)
        assert "image" in service
        assert all(one.startswith("127.0.0.1:") for one in service.get("ports", ()))
    secrets = re.findall(r"(?:PASSWORD|PASS): (\S+)|nudger:(\S+?)@", COMPOSE)
    assert secrets
    assert all(one.startswith("${") for pair in secrets for one in pair if one)
