"""Every error becomes one sentence that says what was wrong and what to do."""

from pathlib import Path

import pytest

from audiogroove.errors import (
    AudioGrooveError,
    CheckpointRejected,
    DatasetRejected,
    RequestRefused,
    SeedFault,
    SeedRejected,
)
from audiogroove.sentences import ASKED_CHARS, SEEDS, sentence_for

FOLDER = Path("models/mine")


def kinds(error: type[AudioGrooveError]) -> set[type[AudioGrooveError]]:
    """List an error class and all that descend from it."""
    return {error}.union(*map(kinds, error.__subclasses__()))


ERRORS = [
    AudioGrooveError(),
    *(SeedRejected(fault) for fault in SeedFault),
    *(SeedRejected(fault, found=1234567, limit=1000) for fault in SeedFault),
    RequestRefused("tempo", asked=900, possible="20 to 400 beats a minute"),
    RequestRefused("range", asked=None, possible="bars within 1-8"),
    RequestRefused("form", asked="A\nB;\r\n!", possible="1 to 8 letters such as AABA"),
    RequestRefused("form", asked="A" * 5000, possible="1 to 8 letters such as AABA"),
    CheckpointRejected(FOLDER, fault="there is no config.json in it"),
    CheckpointRejected(FOLDER, fault="it does not fit:\n\tMissing keys:\n" + 999 * "weight, "),
    DatasetRejected(FOLDER, fault="dataset.npz is damaged"),
    DatasetRejected(FOLDER, fault="dataset.npz is damaged (line 1\nline 2)"),
]


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_has_a_sentence_that_helps(error: AudioGrooveError) -> None:
    """One line, a full stop at its end; what to do follows the semicolon."""
    sentence = sentence_for(error)
    assert sentence.isprintable()
    assert sentence.endswith(".")
    assert not sentence.endswith("..")
    wrong, _, advice = sentence.partition("; ")
    assert len(wrong.split()) > 2
    assert len(advice.split()) > 2
    assert len(sentence) < 400


def test_no_error_class_is_forgotten() -> None:
    """Each class of the tree is among the errors that are tried here."""
    assert kinds(AudioGrooveError) == {type(error) for error in ERRORS}


def test_no_fault_is_forgotten() -> None:
    """Each reason to refuse a seed has its own words."""
    assert list(SeedFault) == list(SEEDS)
    assert len(set(SEEDS.values())) == len(SEEDS)


def test_amounts_are_said_as_people_write_them() -> None:
    """With their thousands apart."""
    error = SeedRejected(SeedFault.TOO_MANY_NOTES, found=61234, limit=60000)
    assert sentence_for(error) == "That file has 61,234 notes; at most 60,000 are read."


def test_a_wish_is_said_again() -> None:
    """On one line, and the beginning of a long one only."""
    error = RequestRefused("key", asked=" H\n moll ", possible="C major")
    assert sentence_for(error) == "I cannot do key “H moll”; possible is C major."
    long = RequestRefused("key", asked="x" * 99, possible="C major")
    assert f"“{'x' * (ASKED_CHARS - 1)}…”" in sentence_for(long)


def test_a_wish_for_nothing_is_not_said_again() -> None:
    """There are no empty quotation marks."""
    error = RequestRefused("folder", asked="", possible="--folder with MIDI files in it")
    assert sentence_for(error) == "I cannot do folder; possible is --folder with MIDI files in it."
