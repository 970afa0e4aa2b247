"""What may be typed, before any command runs."""

import argparse
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.commands.argument import COUNT, SEED, within
from audiogroove.commands.parser import build_parser
from audiogroove.request import MAX_SEED

TRAIN = ("train", "data", "--out", "model")


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Type what cannot be understood; give the line that says so."""
    with pytest.raises(SystemExit) as leaving:
        build_parser().parse_args(words)
    said = capsys.readouterr()
    assert (leaving.value.code, said.out, len(said.err.splitlines())) == (2, "", 1)
    return said.err


def test_a_piece_without_wishes_is_left_open() -> None:
    """Whatever is not typed is None, the dice's settings among it: a preset may tell them."""
    options = build_parser().parse_args(["compose", "--out", "a.mid"])
    for name in ("material", "mode", "style", "key", "tempo", "meter", "bars", "range", "parts"):
        assert getattr(options, name) is None
    for name in ("preset", "temperature", "rhythm_temperature", "top_k", "top_p", "min_p"):
        assert getattr(options, name) is None
    assert (options.strict_key, options.json, options.seed) == (False, False, None)


@pytest.mark.parametrize(
    "words",
    [
        ("--steps", "0"),
        ("--steps", "-3"),
        ("--steps", "many"),
        ("--minutes", "0"),
        ("--minutes", "nan"),
        ("--rows", "0"),
        ("--rows", "2.5"),
        ("--window", "7"),
        ("--rate", "0"),
        ("--rate", "2"),
        ("--hidden", "0"),
        ("--dropout", "1"),
        ("--dropout", "-0.1"),
        ("--threads", "0"),
        ("--threads", "1000000"),
        ("--seed", "-1"),
        ("--seed", str(MAX_SEED + 1)),
    ],
    ids=" ".join,
)
def test_a_number_that_makes_no_sense_is_refused(
    capsys: pytest.CaptureFixture[str], words: tuple[str, str]
) -> None:
    """With the option's name, what was typed, and what it should have been."""
    said = refusal(capsys, *TRAIN, *words)
    assert f"argument {words[0]}: {words[1]} is not a" in said


@pytest.mark.parametrize(
    "words",
    [
        ("prepare", "music", "--out", "data", "--min-count", "0"),
        ("prepare", "music", "--out", "data", "--workers", "0"),
        ("evaluate", "data", "--limit", "0"),
        ("evaluate", "data", "--split", "train"),
        ("benchmark", "fuzz", "--count", "0"),
        ("benchmark", "decode", "--notes", "0"),
        ("benchmark", "sing"),
        (*TRAIN, "--steps", "5", "--minutes", "5"),
        ("compose", "--out", "a.mid", "--bars", "four"),
        ("compose", "--out", "a.mid", "--mode", "sing"),
        ("compose", "--out", "a.mid", "one.mid", "two.mid"),
        ("compose", "one.mid"),
    ],
    ids=" ".join,
)
def test_what_no_command_takes_is_refused(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """In the name of the command that was meant, where one was."""
    assert refusal(capsys, *words).startswith("audiogroove")


@given(st.integers())
def test_a_count_is_read_as_it_is_written(number: int) -> None:
    """From 1 on."""
    if number >= 1:
        assert COUNT(str(number)) == number
    else:
        with pytest.raises(argparse.ArgumentTypeError, match="from 1 on"):
            COUNT(str(number))


def test_ends_belong_to_their_range() -> None:
    """Both of them."""
    assert [SEED("0"), SEED(str(MAX_SEED))] == [0, MAX_SEED]
    share = within(0.25, 0.75, "a number in the middle", kind=float)
    assert [share("0.25"), share("0.75")] == [0.25, 0.75]


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    """Never anything else, whatever is typed."""
    with suppress(argparse.ArgumentTypeError):
        assert 0 <= within(0, 1, "a share", kind=float)(text) <= 1
