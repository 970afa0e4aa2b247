"""Every error becomes one sentence that says what was wrong and what to do."""

from pathlib import Path

import pytest

from audiogroove.errors import (
    AudioGrooveError,
    Busy,
    CheckpointRejected,
    DatasetRejected,
    FileUnreachable,
    Gone,
    HubFault,
    HubRefused,
    JamFault,
    JamRefused,
    Lost,
    NotAllowed,
    NothingThere,
    QuotaReached,
    RenderingFailed,
    RequestRefused,
    SeedFault,
    SeedRejected,
    StoreFailed,
    TakeFault,
    TakeRefused,
    WishUnknown,
)
from audiogroove.sentences import ASKED_CHARS, HUB, JAMS, SEEDS, TAKES, WISHES, sentence_for, when

FOLDER = Path("models/mine")
NOTICE_CHARS = 200  # of an answer to a tap on a button (Bot API, answerCallbackQuery)
NAMES = ["", "Ann", "a\nb; {who}. ", "\u202egnihton\u200b\x00", "x" * 5000]


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
    WishUnknown("xyzzy"),
    WishUnknown("jaz\nz", near=("jazz", "brass", "bass")),
    WishUnknown("x" * 5000, near=("xylophone",)),
    Busy(own=True, waiting=4, retry_after_s=2.5),
    Busy(own=False, waiting=500, retry_after_s=250),
    QuotaReached("you", retry_after_s=40),
    QuotaReached("chat", retry_after_s=4000),
    Lost("the engine\nfell silent"),
    *(Gone(what) for what in ("piece", "request", "message", "jam")),
    NotAllowed("delete this piece"),
    *(NothingThere(verb) for verb in ("continue", "vary", "accompany")),
    FileUnreachable("my\nsong.mid", fault="https://example.org/secret"),
    FileUnreachable("x" * 5000, fault="too large"),
    *(RenderingFailed(what, fault="its process\ndied") for what in ("sound", "score")),
    *(JamRefused(fault, who=name) for fault in JamFault for name in NAMES),
    *(TakeRefused(fault, found="3/4", wanted="4/4") for fault in TakeFault),
    *(HubRefused(fault, "ann/tunes@v1", told="it\nbroke; {who}") for fault in HubFault),
    HubRefused(HubFault.FAILED, "ann/tunes"),
    StoreFailed("disk full: /data/audiogroove.db"),
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
    """Each reason to refuse a seed, a move in a jam, a take or a model has its own words."""
    tables = ((SeedFault, SEEDS), (JamFault, JAMS), (TakeFault, TAKES), (HubFault, HUB))
    for faults, sentences in tables:
        assert list(faults) == list(sentences)
        assert len(set(sentences.values())) == len(sentences)


@pytest.mark.parametrize(
    "error", [error for error in ERRORS if isinstance(error, JamRefused | TakeRefused)]
)
def test_what_a_tap_is_told_fits_its_notice(error: AudioGrooveError) -> None:
    """Whatever the other players call themselves."""
    assert len(sentence_for(error)) <= NOTICE_CHARS


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (JamRefused(JamFault.NOT_YOUR_TURN, who="Ann"), "It is Ann's turn; yours comes later."),
        (
            JamRefused(JamFault.NOT_YOUR_TURN),
            "It is somebody else's turn; yours comes later.",
        ),
        (
            JamRefused(JamFault.SEAT_TAKEN, who="b\no\u202eb"),
            "That is b o b's instrument already; please choose another one.",
        ),
        (
            TakeRefused(TakeFault.METER, found="3/4", wanted="4/4"),
            "That file is in 3/4; please bring one in 4/4, as this jam is.",
        ),
        (Gone("piece"), "That piece is no longer kept; please ask for a new piece."),
        (Gone("jam"), "That jam is no longer kept; please open a new one with /jam start."),
    ],
)
def test_whoever_plays_is_told_what_goes_instead(error: AudioGrooveError, sentence: str) -> None:
    """With the name of another player on one line, and somebody for none."""
    assert sentence_for(error) == sentence


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


@pytest.mark.parametrize(
    ("near", "hint"),
    [
        (("jazz",), "perhaps you mean jazz."),
        (("jazz", "brass"), "perhaps you mean jazz or brass."),
        (("jazz", "brass", "bass"), "perhaps you mean jazz, brass or bass."),
        ((), f"you can wish for {WISHES}."),
    ],
)
def test_an_unknown_word_is_said_again_with_a_hint(near: tuple[str, ...], hint: str) -> None:
    """What may have been meant, or what may be wished at all."""
    assert sentence_for(WishUnknown("jaz", near=near)) == f"I do not understand “jaz”; {hint}"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            Busy(own=True, waiting=4, retry_after_s=11.2),
            "You have 4 pieces under way already; please try again in 12 seconds.",
        ),
        (
            Busy(own=True, waiting=1, retry_after_s=1),
            "You have 1 piece under way already; please try again in 1 second.",
        ),
        (
            Busy(own=False, waiting=1234, retry_after_s=121),
            "I have my hands full with 1,234 pieces; please try again in 3 minutes.",
        ),
        (
            QuotaReached("you", retry_after_s=40),
            "You have had enough music for now; please try again in 40 seconds.",
        ),
        (
            QuotaReached("chat", retry_after_s=7200),
            "This chat has had enough music for now; please try again in 2 hours.",
        ),
    ],
)
def test_whoever_has_to_wait_is_told_how_long(error: AudioGrooveError, sentence: str) -> None:
    """And for whose sake."""
    assert sentence_for(error) == sentence


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "in 1 second"),
        (0.2, "in 1 second"),
        (11.2, "in 12 seconds"),
        (90, "in 90 seconds"),
        (90.5, "in 2 minutes"),
        (180, "in 3 minutes"),
        (5400, "in 90 minutes"),
        (5401, "in 2 hours"),
        (36 * 3600, "in 36 hours"),
        (36 * 3600 + 1, "in 2 days"),
        (float("inf"), "later"),
        (float("nan"), "later"),
    ],
)
def test_a_time_is_said_in_words_and_never_too_early(seconds: float, words: str) -> None:
    """In the unit that people would use."""
    assert when(seconds) == words


@pytest.mark.parametrize("error", [FileUnreachable("a.mid", fault="SECRET"), StoreFailed("SECRET")])
def test_what_only_a_host_should_know_is_not_said(error: AudioGrooveError) -> None:
    """An address may hold a token, and a fault a path."""
    assert "SECRET" not in sentence_for(error)
