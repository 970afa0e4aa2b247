"""Dockerfile, .dockerignore, fly.toml, README and the settings tell the same story.

What only a build can show is not tested here: it takes minutes and a network.
"""

import asyncio
import json
import re
import shlex
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bots.settings import SETTINGS, Settings
from bots.web.client import forwarded

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
FLY = tomllib.loads((ROOT / "fly.toml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HADOLINT = Path(sys.executable).with_name("hadolint")


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """Split a Dockerfile into its instructions, in order: each one's name and all that follows."""
    code = re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.MULTILINE)
    lines = code.replace("\\\n", " ").splitlines()
    words = (line.strip().partition(" ") for line in lines if line.strip())
    return [(name, rest.strip()) for name, _, rest in words]


def last_stage() -> list[tuple[str, str]]:
    """List the instructions from the last FROM on: those that make the image."""
    everything = instructions(DOCKERFILE)
    begin = max(i for i, (name, _) in enumerate(everything) if name == "FROM")
    return everything[begin:]


def said(name: str) -> str:
    """Return what the image's only instruction of this name says."""
    (rest,) = [rest for what, rest in last_stage() if what == name]
    return rest


def environment() -> dict[str, str]:
    """Return the variables that the image sets."""
    return dict(word.split("=", 1) for word in shlex.split(said("ENV")))


def pins(lock: str) -> dict[str, str]:
    """Return what a lock installs: `name==version` with its condition, and its hashes."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    pinned = re.findall(r"^(\S+==[^#\n]*?) +(--hash.*)$", text, re.MULTILINE)
    return {pin: " ".join(sorted(hashes.split())) for pin, hashes in pinned}


def name_of(requirement: str) -> str:
    """Return the package that a requirement names, spelled as in a lock."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace(".", "-")


@pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint has no wheel for this system")
def test_hadolint_has_nothing_to_say() -> None:
    """Not even in passing: it fails on what is only for information, too."""
    child = subprocess.run(
        [HADOLINT, ROOT / "Dockerfile"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (child.returncode, child.stdout) == (0, "")


@pytest.mark.parametrize("file", ["Dockerfile", "fly.toml"])
def test_every_setting_that_is_named_exists(file: str) -> None:
    """A misspelled variable would be set in vain."""
    named = set(re.findall(r"AUDIOGROOVE_[A-Z_]+", (ROOT / file).read_text(encoding="utf-8")))
    assert named
    assert named <= {setting.name for setting in SETTINGS}


def test_what_is_set_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the image and by fly, as the program reads it."""
    for name, value in (environment() | FLY["env"]).items():
        if name.startswith("AUDIOGROOVE_"):
            monkeypatch.setenv(name, value)
    settings = Settings.read(env_file=None)
    assert settings.log_format == "json"
    assert settings.database_url == environment()["AUDIOGROOVE_DATABASE_URL"]


def test_all_that_must_survive_is_on_the_volume() -> None:
    """The database, what is written beside it, the engine's volume and fly's are one folder."""
    (mount,) = FLY["mounts"]
    database = environment()["AUDIOGROOVE_DATABASE_URL"].removeprefix("sqlite+aiosqlite:///")
    places = {said("VOLUME"), said("WORKDIR"), environment()["HOME"], mount["destination"]}
    assert places == {str(Path(database).parent)}
    assert f"--volume audiogroove:{said('VOLUME')} " in README


def test_the_web_is_found_where_it_is_looked_for() -> None:
    """On one port, from outside the container."""
    port = environment()["AUDIOGROOVE_WEB_PORT"]
    assert environment()["AUDIOGROOVE_WEB_HOST"] == "0.0.0.0"  # noqa: S104  (all is forwarded)
    assert said("EXPOSE") == port
    assert FLY["http_service"]["internal_port"] == FLY["metrics"]["port"] == int(port)
    assert f"--publish 127.0.0.1:{port}:{port} " in README


def test_whoever_comes_through_fly_is_told_apart() -> None:
    """By the address that fly saw, whatever else they claim; the last entry is our own address."""
    proxies = int(FLY["env"]["AUDIOGROOVE_WEB_PROXIES"])
    assert forwarded("192.0.2.66, 198.51.100.7, 2001:db8::1", proxies) == "198.51.100.7"


def test_docker_and_fly_check_alike() -> None:
    """The same path, as often, as patiently."""
    (check,) = FLY["http_service"]["checks"]
    assert check["path"] == "/healthz"
    assert f"+ '{check['path']}'" in said("HEALTHCHECK")
    docker = dict(re.findall(r"--(\S+)=(\S+)", said("HEALTHCHECK")))
    assert docker["interval"] == check["interval"]
    assert docker["timeout"] == check["timeout"]
    assert docker["start-period"] == check["grace_period"]


async def status_of_health_check(port: int) -> int:
    """Run the image's health check against a port of this machine."""
    python, *words = json.loads(said("HEALTHCHECK").partition("CMD ")[2])
    assert python == "python"
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, *words),
        env={"AUDIOGROOVE_WEB_PORT": str(port)},
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await child.wait()


@pytest.mark.parametrize(("answer", "status"), [(200, 0), (503, 1)])
async def test_health_is_what_the_house_says(answer: int, status: int) -> None:
    """Docker takes 0 for healthy and 1 for not; other statuses are reserved."""

    async def tell(_: web.Request) -> web.Response:
        return web.Response(status=answer)

    house = web.Application()
    house.router.add_get("/healthz", tell)
    async with TestServer(house) as server:
        assert server.port
        assert await status_of_health_check(server.port) == status


async def test_a_house_where_nobody_answers_is_not_healthy() -> None:
    """The port is taken, and nobody listens at it."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        assert await status_of_health_check(deaf.getsockname()[1]) == 1


def test_the_same_signal_stops_it_everywhere() -> None:
    """Fly's own choice would be SIGINT, Docker's SIGTERM."""
    assert said("STOPSIGNAL") == FLY["kill_signal"] == "SIGTERM"


def test_nobody_is_killed_within_the_grace() -> None:
    """After it there are still chats to tell and a database to close."""
    (grace,) = [setting.default for setting in SETTINGS if setting.name == "AUDIOGROOVE_GRACE_S"]
    patience = [int(seconds) for seconds in re.findall(r"--stop-timeout (\d+)", README)]
    assert patience
    assert min([*patience, FLY["kill_timeout"]]) >= int(grace) + 30


def test_there_is_always_one_machine() -> None:
    """It must not sleep, for messages do not wake it; and the volume serves one at a time."""
    service = FLY["http_service"]
    assert service["auto_stop_machines"] == "off"
    assert service["auto_start_machines"] is False
    assert service["min_machines_running"] == 1
    assert FLY["deploy"]["strategy"] == "rolling"
    assert FLY["restart"] == [{"policy": "always"}]
    assert "fly deploy --ha=false" in README


def test_it_runs_as_nobody_in_particular() -> None:
    """By number, as hosts that refuse root demand it; and only the volume is its own."""
    user, group = said("USER").split(":")
    assert int(user) == int(group) >= 10_000
    (setup,) = [rest for name, rest in last_stage() if name == "RUN"]
    assert f"useradd --uid {user} --home-dir {said('VOLUME')} " in setup
    assert setup.endswith(f"--group=audiogroove {said('VOLUME')}")
    assert "--chown" not in DOCKERFILE


def test_python_hears_the_signals_itself() -> None:
    """No shell stands between the engine and the program."""
    assert json.loads(said("CMD")) == ["python", "-m", "bots"]
    assert "ENTRYPOINT" not in dict(last_stage())


def test_only_what_is_copied_enters_the_build() -> None:
    """Neither .env nor a database can slip into an image."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    allowed = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copies = [shlex.split(rest) for name, rest in instructions(DOCKERFILE) if name == "COPY"]
    copied = {file for words in copies for file in words[:-1] if "--from" not in words[0]}
    assert rules[0] == "*"
    assert allowed == copied | {"Dockerfile"}  # which fly's builder looks for in there
    assert all((ROOT / file).exists() for file in allowed)


def test_the_image_has_what_was_tested() -> None:
    """Every package in it is one of the lock, in that version and by the same hashes."""
    assert pins("run.txt").items() <= pins("lock.txt").items()


def test_the_image_has_all_that_is_needed_and_no_more() -> None:
    """Every dependency (torch comes by itself), and none of those that judge the code."""
    names = {name_of(pin) for pin in pins("run.txt")}
    assert {name_of(need) for need in PROJECT["dependencies"]} - names == {"torch"}
    judges = {name_of(need) for need in PROJECT["optional-dependencies"]["dev"] if "==" in need}
    assert judges
    assert not judges & names


def test_what_may_be_added_is_what_the_extras_say() -> None:
    """Who builds an image of their own gets the versions that we know."""
    extras = PROJECT["optional-dependencies"]
    for need in (*extras["video"], *extras["postgres"]):
        assert f'"{need}"' in DOCKERFILE
        assert re.search(rf'MORE=".*{re.escape(need)}', README)


def test_one_soundfont_is_enough() -> None:
    """A good one that everybody may use; the one that comes with pretty_midi goes."""
    packages = set(re.findall(r"[\w-]+-soundfont[\w-]*", said("RUN")))
    assert packages == {"musescore-general-soundfont-small"}
    assert "/pretty_midi/TimGM6mb.sf2" in DOCKERFILE
