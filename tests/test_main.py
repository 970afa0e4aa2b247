"""The command line as a whole: what a command returns or raises, and what its user sees of it."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from audiogroove.__main__ import INTERRUPTED, REFUSED, main
from audiogroove.errors import (
    CheckpointRejected,
    DatasetRejected,
    RequestRefused,
    SeedFault,
    SeedRejected,
)
from audiogroove.sentences import sentence_for


class Command:
    """A command that ends as it was told to."""

    def __init__(self, end: int | BaseException) -> None:
        self.end = end
        self.asked: list[argparse.Namespace] = []

    def run(self, options: argparse.Namespace) -> int:
        """Remember what was typed, and end."""
        self.asked.append(options)
        if isinstance(self.end, BaseException):
            raise self.end
        return self.end


def type_compose(monkeypatch: pytest.MonkeyPatch, end: int | BaseException) -> tuple[int, Command]:
    """Type a command that ends so; give its exit status, and the command."""
    command = Command(end)
    monkeypatch.setitem(sys.modules, "audiogroove.commands.compose", command)
    return main(["compose", "--out", "a.mid"]), command


def test_a_command_is_told_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """And its status is that of the program."""
    status, command = type_compose(monkeypatch, 0)
    assert status == 0
    assert [Path("a.mid")] == [options.out for options in command.asked]


@pytest.mark.parametrize(
    "error",
    [
        SeedRejected(SeedFault.NOT_MIDI),
        RequestRefused("bars", asked=0, possible="1 or more"),
        CheckpointRejected(Path("model"), fault="there is\nno config.json in it"),
        DatasetRejected(Path("data"), fault="there is no such folder"),
    ],
)
def test_a_refusal_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: SeedRejected | RequestRefused | CheckpointRejected | DatasetRejected,
) -> None:
    """On stderr, on one line, with status 2."""
    status, _ = type_compose(monkeypatch, error)
    said = capsys.readouterr()
    assert (status, said.out) == (REFUSED, "")
    assert said.err == f"audiogroove: {sentence_for(error)}\n"
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (FileNotFoundError(2, "No such file or directory", "b.mid"), "b.mid: No such file"),
        (PermissionError(13, "Permission denied", "c.mid"), "c.mid: Permission denied"),
        (OSError(28, "No space left on device"), "a file: No space left"),
        (OSError("the cable is out"), "a file: the cable is out"),
    ],
)
def test_what_the_system_refuses_is_said_with_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: OSError, line: str
) -> None:
    """As far as the system says which."""
    status, _ = type_compose(monkeypatch, error)
    said = capsys.readouterr().err
    assert (status, len(said.splitlines())) == (REFUSED, 1)
    assert said.startswith(f"audiogroove: {line}")


def test_an_interruption_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends a command with the status that shells expect."""
    status, _ = type_compose(monkeypatch, KeyboardInterrupt())
    assert (status, capsys.readouterr().err.strip()) == (INTERRUPTED, "audiogroove: stopped.")


def test_a_mistake_of_ours_is_not_hushed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback is what its reporter needs."""
    with pytest.raises(ZeroDivisionError):
        type_compose(monkeypatch, ZeroDivisionError())


@pytest.mark.parametrize("words", [[], ["sing"], ["compose"], ["compose", "--out", "a", "--loud"]])
def test_what_cannot_be_understood_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """Which word it was, and where help is."""
    with pytest.raises(SystemExit) as leaving:
        main(words)
    said = capsys.readouterr()
    assert (leaving.value.code, said.out, len(said.err.splitlines())) == (REFUSED, "", 1)
    assert "--help" in said.err


def test_asking_for_help_loads_nothing_heavy() -> None:
    """A command is imported when it is run, in a program of its own."""
    code = (
        "import atexit, sys; from audiogroove.__main__ import main;"
        "heavy = {'torch', 'music21', 'symusic'};"
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules))));"
        "main(['compose', '--help'])"
    )
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert (child.returncode, child.stderr) == (0, "")
    assert child.stdout.splitlines()[-1] == "[]"
    assert "--strict-key" in child.stdout


def test_the_program_ends_with_the_command_s_status(tmp_path: Path) -> None:
    """As a shell sees it: `python -m audiogroove`."""
    words = ["train", str(tmp_path / "nothing"), "--out", str(tmp_path / "model")]
    child = subprocess.run(
        [sys.executable, "-m", "audiogroove", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (child.returncode, child.stdout, len(child.stderr.splitlines())) == (REFUSED, "", 1)
    assert not (tmp_path / "model").exists()
