"""`audiogroove publish` and `audiogroove fetch` as they are typed, with what a shell sets."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from audiogroove.__main__ import main
from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import CARD, FIGURES, WEIGHTS
from tests.hub.people import ANN, BOB, TOKENS
from tests.hub.server import HubServer, sha256

Done = subprocess.CompletedProcess[str]
Shell = Callable[..., Done]
PIN = "607a30d783dfa663caf39e06633721c8d4cfcd7e"


@pytest.fixture
def shell(hub: HubServer, tmp_path: Path) -> Shell:
    """Give a shell at this Hub, without Xet, where the client says all that it does."""
    about = {
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(tmp_path / "huggingface"),
        "HF_HUB_DISABLE_XET": "1",
        "HF_DEBUG": "1",
    }

    def run(*words: object, program: str = "audiogroove", **variables: str) -> Done:
        command = [sys.executable, "-m", program, *map(str, words)]
        told = {**os.environ, **about, **variables}  # noqa: TID251  (a shell hands it on)
        return subprocess.run(
            command, env=told, stdin=subprocess.DEVNULL, check=False, capture_output=True, text=True
        )

    return run


def test_a_model_goes_and_comes(hub: HubServer, shell: Shell, folder: Path, tmp_path: Path) -> None:
    """Large files apart from the commit, and without the token; the pin is told on the way."""
    hub.mood.lfs = True
    sent = shell("publish", folder, "--repo", "ann/tunes", "--private", HF_TOKEN=TOKENS[ANN])
    assert sent.returncode == 0, sent.stderr
    pin = hub.world.repositories["ann/tunes"].branches["main"]
    assert sent.stdout.splitlines() == [
        f"{hub.url}/ann/tunes: {folder} is there as commit {pin}",
        f"audiogroove fetch ann/tunes --revision {pin}",
    ]
    words = sent.stdout.splitlines()[1].split()[1:]
    came = shell(*words, "--out", tmp_path / "mine", HF_TOKEN=TOKENS[ANN])
    assert came.returncode == 0, came.stderr
    assert came.stdout.splitlines()[-1] == f"AUDIOGROOVE_MODEL=hf:ann/tunes@{pin}"
    weights = (tmp_path / "mine" / WEIGHTS).read_bytes()
    assert weights == (folder / WEIGHTS).read_bytes()
    elsewhere = [one for one in hub.asked if one.origin == hub.elsewhere]
    where = f"/blobs/{sha256(weights)}"
    assert [(one.method, one.path, one.token) for one in elsewhere] == [
        ("PUT", where, ""),
        ("GET", where, ""),
    ]
    for done in (sent, came):
        assert "huggingface_hub" in done.stderr or "curl" in done.stderr
        assert TOKENS[ANN] not in done.stdout + done.stderr


def test_offline_the_cache_serves(hub: HubServer, shell: Shell, folder: Path) -> None:
    """What is in it, by its pin; for the rest there is a sentence."""
    pin = hub.world.commit("ann/tunes", {one.name: one.read_bytes() for one in folder.iterdir()})
    came = shell("fetch", "ann/tunes")
    asked = len(hub.asked)
    again = shell("fetch", f"hf:ann/tunes@{pin}", HF_HUB_OFFLINE="1")
    assert (came.returncode, again.returncode) == (0, 0), again.stderr
    assert came.stdout == again.stdout
    other = shell("fetch", "ann/tunes", "--revision", PIN, HF_HUB_OFFLINE="1")
    assert other.returncode == 2
    assert other.stderr.splitlines()[-1] == (
        f"audiogroove: The Hub cannot be reached about ann/tunes@{PIN}; "
        "look at the network, at HF_ENDPOINT and at HF_HUB_OFFLINE."
    )
    assert len(hub.asked) == asked


def test_what_is_not_ones_own_is_refused_in_a_sentence(
    hub: HubServer, shell: Shell, folder: Path
) -> None:
    """And without a traceback."""
    hub.world.commit("ann/tunes", {})
    done = shell("publish", folder, "--repo", "ann/tunes", HF_TOKEN=TOKENS[BOB])
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("audiogroove: Your token does not allow that with ann/tunes; use one")
    assert "Traceback" not in done.stderr
    assert TOKENS[BOB] not in done.stdout + done.stderr


def test_a_bot_starts_with_a_model_from_the_hub(
    hub: HubServer, shell: Shell, folder: Path, tmp_path: Path
) -> None:
    """By its pin, or not at all."""
    pin = hub.world.commit("ann/tunes", {one.name: one.read_bytes() for one in folder.iterdir()})
    about = {
        "AUDIOGROOVE_MODEL": f"hf:ann/tunes@{pin}",
        "AUDIOGROOVE_WEB_PORT": "",
        "AUDIOGROOVE_DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}",
        "DISCORD_TOKEN": "",
        "TELEGRAM_TOKEN": "",
    }
    done = shell(program="bots", **about)
    assert done.returncode == 0, done.stderr
    hub.close()
    other = shell(program="bots", **about | {"AUDIOGROOVE_MODEL": f"hf:ann/tunes@{PIN}"})
    assert other.returncode == 2
    assert other.stderr.splitlines()[-1].startswith("audiogroove: The Hub cannot be reached about")


# What needs no Hub


def test_a_dry_run_completes_the_card_and_sends_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It lists what would go."""
    (tmp_path / "jsb.json").write_text(json.dumps([{"network": "lstm", "nats a cell": 0.43}]))
    options = ["--license", "mit", "--figures", str(tmp_path / "jsb.json"), "--dry-run"]
    assert main(["publish", str(folder), "--repo", "ann/tunes", *options]) == 0
    card = (folder / CARD).read_text()
    assert "license: mit\n" in card
    assert "| lstm | 0.43 |" in card
    assert checkpoint.load(folder).name == "tiny"
    said = capsys.readouterr().out.splitlines()
    assert f"{FIGURES}: {(folder / FIGURES).stat().st_size} bytes" in said
    assert said[-1] == f"{folder}: fit to be sent to ann/tunes; nothing was sent"


def test_a_card_of_a_damaged_model_is_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is refused before."""
    (folder / WEIGHTS).write_bytes(b"rust")
    before = (folder / CARD).read_bytes()
    words = ["publish", str(folder), "--repo", "ann/tunes", "--license", "cc0-1.0", "--dry-run"]
    assert main(words) == 2
    assert (folder / CARD).read_bytes() == before
    assert f"{WEIGHTS} is damaged" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["publish", "x", "--repo", "tunes"], "tunes is not OWNER/NAME"),
        (["fetch", "ann/../x"], "is not OWNER/NAME"),
        (["fetch", "ann/tunes@"], "is not a branch, tag or commit"),
    ],
)
def test_what_is_no_name_is_refused(
    capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    """As soon as it is typed."""
    with pytest.raises(SystemExit):
        main(words)
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["publish", "{folder}", "--repo", "ann/tunes@v1"], "I cannot do repo “ann/tunes@v1”"),
        (["publish", "{folder}", "--repo", "ann/tunes", "--branch", PIN], "I cannot do branch"),
        (["publish", "{folder}", "--repo", "ann/tunes", "--branch", "-"], "I cannot do branch"),
        (["fetch", "ann/tunes", "--revision", "a b"], "I cannot do revision “a b”"),
        (["fetch", "ann/tunes@v1", "--revision", "v2"], "possible is only v1"),
        (["fetch", "ann/tunes", "--out", "{folder}"], "I cannot do out"),
    ],
)
def test_what_cannot_be_is_refused_before_anybody_is_asked(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    """A commit is nothing to write to, and a full folder none to fetch to."""
    assert main([word.format(folder=folder) for word in words]) == 2
    assert told in capsys.readouterr().err
