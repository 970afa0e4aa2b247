"""Music that copies what the model learnt from is written anew, and everybody gets the same."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import pytest

from audiogroove.model.checkpoint import Checkpoint
from audiogroove.music.instruments import parse_part
from audiogroove.music.piece import Piece
from audiogroove.quotation.index import LEAST_YARDSTICK, Index
from audiogroove.quotation.phrases import Phrase, phrases_of
from audiogroove.request import ComposeRequest, Mode
from audiogroove.service.attempt import MOST
from audiogroove.service.composer import Composer
from audiogroove.service.composing import Manuscript, compose
from audiogroove.service.job import Composition, Done, Job, Writing
from audiogroove.service.runner import TorchRunner
from tests.model import builders

BARS = 120  # of few notes each: the tiny model is no busy composer


@pytest.fixture(scope="session")
def model() -> Checkpoint:
    """Make a tiny model whose flute plays few notes a bar."""
    return builders.checkpoint()


def knowing(model: Checkpoint, pieces: Iterable[Piece]) -> Checkpoint:
    """Make the same model one that learnt from some pieces, and must not copy them."""
    return replace(model, novelty=Index.of(_phrases(pieces)))


def _phrases(pieces: Iterable[Piece]) -> list[Phrase]:
    return [phrase for piece in pieces for phrase in phrases_of(piece)]


def waltz(seed: int) -> ComposeRequest:
    """Ask for a melody that is long enough to be copied."""
    return ComposeRequest(seed, bars=BARS, style="waltz", parts=(parse_part("flute"),))


def all_attempts(model: Checkpoint, asked: ComposeRequest) -> list[Piece]:
    """List what comes of a request if everything is a copy that is as long as it is."""
    pieces: list[Piece] = []
    for _ in range(MOST):
        pieces.append(compose(knowing(model, pieces), asked).piece)
    return pieces


def beginning_of(piece: Piece, notes: int) -> Piece:
    """Keep the first notes of each part."""
    return piece.with_parts(replace(part, notes=part.notes[:notes]) for part in piece.parts)


def test_what_copies_nothing_is_what_it_would_be_without_a_guard(model: Checkpoint) -> None:
    """The first dice are those that they always were."""
    told = compose(knowing(model, [builders.tune()]), waltz(1))
    assert told.piece == compose(model, waltz(1)).piece
    assert (told.resampled, told.is_copy) == (0, False)


def test_a_copy_is_written_anew_with_other_dice(model: Checkpoint) -> None:
    """All that was settled before the first note stays as it was."""
    copied = compose(model, waltz(1)).piece
    told = compose(knowing(model, [copied]), waltz(1))
    assert (told.resampled, told.is_copy) == (1, False)
    assert told.piece.parts != copied.parts
    assert (told.piece.bars, told.piece.meters, told.piece.tempos) == (
        (copied.bars, copied.meters, copied.tempos)
    )
    assert [part.program for part in told.piece.parts] == [part.program for part in copied.parts]


def test_each_attempt_is_another_piece(model: Checkpoint) -> None:
    """And always the same ones in the same order."""
    pieces = all_attempts(model, waltz(2))
    assert len({piece.parts for piece in pieces}) == MOST
    assert all_attempts(model, waltz(2)) == pieces


@pytest.mark.parametrize("least", range(MOST))
def test_of_copies_the_one_that_copies_least_is_taken(model: Checkpoint, least: int) -> None:
    """And told to be one."""
    pieces = all_attempts(model, waltz(4))
    known = list(pieces)
    known[least] = beginning_of(pieces[least], 30)
    strict = Index(Index.of(_phrases(known)).fingerprints, {"waltz": 1})
    told = compose(replace(model, novelty=strict), waltz(4))
    assert told.piece == pieces[least]
    assert (told.resampled, told.is_copy) == (MOST - 1, True)


def test_how_much_may_be_quoted_is_the_style_s_own(model: Checkpoint) -> None:
    """Where everybody quotes, nobody copies."""
    index = Index.of(_phrases([compose(model, waltz(1)).piece]))
    for style, resampled in (("waltz", 0), ("ragtime", 1), ("", 0)):
        lenient = replace(index, yardsticks={style: 10_000})
        assert compose(replace(model, novelty=lenient), waltz(1)).resampled == resampled


@pytest.mark.parametrize(
    "asked",
    [
        ComposeRequest(1, Mode.CONTINUE, builders.tune(bars=16), bars=2),
        ComposeRequest(1, Mode.VARY, builders.tune(bars=16), bar_range=(8, 9)),
    ],
    ids=lambda asked: str(asked.mode),
)
def test_what_somebody_brings_is_no_copy(model: Checkpoint, asked: ComposeRequest) -> None:
    """However well it is known."""
    assert asked.material is not None
    told = compose(knowing(model, [asked.material]), asked)
    assert told.piece == compose(model, asked).piece
    assert told.resampled == 0


def test_what_goes_on_with_somebody_s_music_may_be_a_copy(model: Checkpoint) -> None:
    """As when the rest of a well-known tune follows."""
    asked = ComposeRequest(1, Mode.CONTINUE, builders.tune(bars=4, drums=False), bars=BARS)
    copied = compose(model, asked).piece
    told = compose(knowing(model, [copied]), asked)
    assert told.resampled >= 1
    assert asked.material is not None
    for old, part in zip(asked.material.parts, told.piece.parts, strict=True):
        assert part.notes[: len(old.notes)] == old.notes


def test_progress_never_goes_back(model: Checkpoint) -> None:
    """Whoever watches need not know that it was begun anew."""
    bars: list[int] = []
    guarded = knowing(model, [compose(model, waltz(1)).piece])
    assert compose(guarded, waltz(1), progress=bars.append).resampled
    assert bars == sorted(set(bars))
    assert bars[-1] == BARS


def test_the_time_is_that_of_all_attempts(model: Checkpoint) -> None:
    """And the notes are those that are heard."""
    guarded = knowing(model, [compose(model, waltz(1)).piece])
    work = Manuscript(guarded, waltz(1))
    runner = TorchRunner(guarded)
    began = written(runner, work)
    first_s = work._ended_s - work._began_s
    assert began is None
    told = written(runner, work)
    assert told is not None
    assert told.seconds > first_s > 0
    assert told.new_notes >= told.piece.note_count > LEAST_YARDSTICK


def written(runner: TorchRunner, work: Manuscript) -> Composition | None:
    """Write one attempt."""
    standings = runner.hop([work], []).standings
    while standings:
        standings = runner.hop([], []).standings
    return runner.finish(work)


async def test_company_changes_nothing_when_some_are_written_anew(model: Checkpoint) -> None:
    """Everybody gets what they would get alone, and hears the bars rise."""
    asked = [waltz(seed) for seed in range(8)]
    guarded = knowing(model, (compose(model, one).piece for one in asked[::2]))
    alone = [compose(guarded, one) for one in asked]
    composer = Composer(lambda: guarded)
    await composer.start()
    told = await asyncio.gather(*(listened(composer, one) for one in asked))
    await composer.close()
    assert [one.piece for one in told] == [one.piece for one in alone]
    assert [one.resampled for one in told] == [one.resampled for one in alone]
    assert {one.resampled > 0 for one in told} == {True, False}


async def listened(composer: Composer, asked: ComposeRequest) -> Composition:
    """Listen to a job of its own person to the end, while the bars rise."""
    events = [
        event async for event in composer.stream(Job(f"test.{asked.seed}", str(asked.seed), asked))
    ]
    bars = [event.bars for event in events if isinstance(event, Writing)]
    assert bars == sorted(bars)
    end = events[-1]
    assert isinstance(end, Done)
    return end.composition
