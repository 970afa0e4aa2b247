"""A request to a piece: what was asked for is there, what was given stays."""

from dataclasses import replace

import pytest

from audiogroove.errors import RequestRefused
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.music import midi
from audiogroove.music.instruments import DRUMS, Instrument, parse_part
from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from audiogroove.request import ComposeRequest, Mode, Sampling
from audiogroove.service.composing import compose, open_row
from audiogroove.service.job import Composition
from tests.model import builders

SEEDS = range(6)
FLUTE, PIANO, BASS = (parse_part(name) for name in ("flute", "piano", "bass"))


def notes_in(part: Part, piece: Piece, first: int, past: int) -> list[Note]:
    """List a part's notes that begin in bars [first, past)."""
    start, stop = piece.bar_lines[first], piece.bar_lines[past]
    return [note for note in part.notes if start <= note.onset < stop]


def onsets(piece: Piece) -> list[int]:
    """List the onsets of all parts together."""
    return sorted(note.onset for part in piece.parts for note in part.notes)


# Compose


@pytest.mark.parametrize("bars", [1, 2, 9])
def test_a_piece_has_the_bars_it_was_asked_for(model: Checkpoint, bars: int) -> None:
    """And music in them."""
    for seed in SEEDS:
        composed = compose(model, ComposeRequest(seed, bars=bars))
        assert composed.piece.bars == bars
        assert composed.piece.note_count > 0


def test_a_piece_of_unknown_length_has_sixteen_bars(model: Checkpoint) -> None:
    """Nobody has to count."""
    assert compose(model, ComposeRequest(1)).piece.bars == 16


@pytest.mark.parametrize("parts", [(FLUTE,), (BASS, FLUTE, PIANO), (DRUMS, PIANO), (DRUMS,)])
def test_who_was_asked_for_plays_and_nobody_else(
    model: Checkpoint, parts: tuple[Instrument, ...]
) -> None:
    """High before low, drums last."""
    piece = compose(model, ComposeRequest(2, bars=2, parts=parts)).piece
    wanted = sorted(parts, key=lambda part: (part.is_drums, -part.centre))
    assert [(part.program, part.is_drums) for part in wanted] == [
        (part.program, part.is_drums) for part in piece.parts
    ]


def test_wishes_for_the_whole_piece_are_granted(model: Checkpoint) -> None:
    """Meter, tempo, key and style."""
    asked = ComposeRequest(
        3, style="waltz", bars=2, meter=Meter(6, 8), tempo_bpm=77.5, density="busy"
    ).with_key("Eb minor")
    composed = compose(model, asked)
    piece = composed.piece
    assert (((0, Meter(6, 8)),), ((0, 77.5),)) == (piece.meters, piece.tempos)
    assert (Key(3, "minor"), "waltz") == (piece.key, composed.style)


def test_what_is_left_open_is_what_the_style_is_used_to(model: Checkpoint) -> None:
    """Waltzes here are in three or six, for flute and piano, and fast."""
    for seed in SEEDS:
        piece = compose(model, ComposeRequest(seed, style="waltz", bars=1)).piece
        assert piece.meters[0][1] in {Meter(3, 4), Meter(6, 8)}
        assert [part.program for part in piece.parts] == [builders.FLUTE, builders.PIANO]
        assert 150 <= piece.tempos[0][1] <= 180


@pytest.mark.parametrize("key", ["C pentatonic", "F# minor", "B whole tone"])
def test_a_strict_key_is_kept_to_the_last_note(model: Checkpoint, key: str) -> None:
    """By everybody but the drums."""
    players = (FLUTE, BASS, DRUMS)
    for seed in SEEDS:
        asked = replace(
            ComposeRequest(seed, bars=4, parts=players).with_key(key), strict_scale=True
        )
        assert asked.scale is not None
        for part in compose(model, asked).piece.parts[:2]:
            assert {note.pitch % 12 for note in part.notes} <= asked.scale.pitch_classes


@pytest.mark.parametrize("form", ["AABA", "A A' B A", "abc", "A"])
def test_a_form_is_understood(model: Checkpoint, form: str) -> None:
    """What a network that has learnt nothing makes of it, nobody knows."""
    assert compose(model, ComposeRequest(1, bars=8, form=form)).piece.bars == 8


def test_everybody_stays_within_an_instrument(model: Checkpoint) -> None:
    """A flute has no low notes, a bass no high ones."""
    for seed in SEEDS:
        piece = compose(model, ComposeRequest(seed, bars=4, parts=(FLUTE, BASS))).piece
        for part, player in zip(piece.parts, (FLUTE, BASS), strict=True):
            low, high = player.possible
            assert all(low <= note.pitch <= high for note in part.notes)


# Continue


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_continued_comes_first_as_it_was(model: Checkpoint, seed: int) -> None:
    """Note for note; what is new begins after it."""
    tune = builders.tune(seed, bars=5)
    piece = compose(model, ComposeRequest(seed, Mode.CONTINUE, tune, bars=3)).piece
    assert piece.bars == 8
    for old, part in zip(tune.parts, piece.parts, strict=True):
        assert list(old.notes) == notes_in(part, piece, 0, 5)
        assert (old.program, old.name, old.is_drums) == (part.program, part.name, part.is_drums)
    assert onsets(piece)[-1] >= tune.steps


def test_a_continuation_may_change_the_tempo(model: Checkpoint) -> None:
    """From where it begins."""
    tune = builders.tune(1, bars=2)
    piece = compose(model, ComposeRequest(1, Mode.CONTINUE, tune, bars=1, tempo_bpm=150)).piece
    assert (*tune.tempos, (tune.steps, 150.0)) == piece.tempos


# Vary


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_not_varied_stays(model: Checkpoint, seed: int) -> None:
    """Bars 3 to 5 are new, those before and after are the same note for note."""
    tune = builders.tune(seed)
    piece = compose(model, ComposeRequest(seed, Mode.VARY, tune, bar_range=(2, 5))).piece
    assert piece.bars == tune.bars
    for old, part in zip(tune.parts, piece.parts, strict=True):
        for first, past in ((0, 2), (5, 8)):
            assert notes_in(old, tune, first, past) == notes_in(part, piece, first, past)
    before, after = ([notes_in(part, tune, 2, 5) for part in one.parts] for one in (tune, piece))
    assert before != after


def test_a_whole_piece_may_be_varied(model: Checkpoint) -> None:
    """Then only its frame stays."""
    tune = builders.tune(2, bars=3)
    piece = compose(model, ComposeRequest(2, Mode.VARY, tune, bar_range=(0, 3))).piece
    assert (tune.bars, tune.tempos, tune.meters) == (piece.bars, piece.tempos, piece.meters)


# Accompany


@pytest.mark.parametrize("newcomer", [PIANO, DRUMS])
@pytest.mark.parametrize("seed", SEEDS)
def test_who_is_accompanied_plays_on(model: Checkpoint, seed: int, newcomer: Instrument) -> None:
    """Old parts stay note for note, the new one plays only where it was asked to."""
    tune = builders.tune(seed, drums=False)
    asked = ComposeRequest(seed, Mode.ACCOMPANY, tune, bar_range=(1, 4), parts=(newcomer,))
    piece = compose(model, asked).piece
    assert tune.parts == piece.parts[:2]
    assert (newcomer.program, newcomer.is_drums) == (
        piece.parts[2].program,
        piece.parts[2].is_drums,
    )
    start, stop = tune.bar_lines[1], tune.bar_lines[4]
    assert all(start <= note.onset and note.end <= stop for note in piece.parts[2].notes)


def test_a_newcomer_stands_before_the_drums(model: Checkpoint) -> None:
    """As scores have it."""
    tune = builders.tune(1, bars=2)
    piece = compose(model, ComposeRequest(1, Mode.ACCOMPANY, tune, parts=(PIANO,))).piece
    assert [part.is_drums for part in piece.parts] == [False, False, False, True]
    assert piece.parts[2].notes


# Chance


def every_mode(seed: int) -> list[ComposeRequest]:
    """Ask for each of the four things."""
    tune = builders.tune(1, bars=4)
    return [
        ComposeRequest(seed, bars=3),
        ComposeRequest(seed, Mode.CONTINUE, tune, bars=2),
        ComposeRequest(seed, Mode.VARY, tune, bar_range=(1, 3)),
        ComposeRequest(seed, Mode.ACCOMPANY, tune, parts=(PIANO,)),
    ]


def test_the_same_request_gives_the_same_bytes(model: Checkpoint) -> None:
    """Whatever the mode; and another seed gives others."""
    for one, same, other in zip(every_mode(1), every_mode(1), every_mode(2), strict=True):
        first, second, third = (
            midi.write(compose(model, asked).piece) for asked in (one, same, other)
        )
        assert first == second != third


def test_another_model_composes_otherwise(model: Checkpoint) -> None:
    """The notes are the network's."""
    asked = ComposeRequest(1, bars=4, style="ragtime")
    assert compose(model, asked).piece != compose(builders.checkpoint(seed=3), asked).piece


def test_who_dares_nothing_needs_no_seed(model: Checkpoint) -> None:
    """With one choice only, the dice have no say in the notes."""
    timid = Sampling(top_k=1)
    asked = [
        ComposeRequest(seed, style="drums", bars=2, tempo_bpm=100, parts=(DRUMS,), sampling=timid)
        for seed in (1, 2)
    ]
    one, two = (compose(model, wish).piece for wish in asked)
    assert one.parts == two.parts


# What is told


def test_a_composition_tells_what_came_of_it(model: Checkpoint) -> None:
    """How many notes are new, and how fast they were written."""
    tune = builders.tune(1, bars=4)
    composed = compose(model, ComposeRequest(4, Mode.CONTINUE, tune, bars=4))
    assert composed.new_notes >= composed.piece.note_count - tune.note_count > 0
    assert composed.notes_per_second == composed.new_notes / composed.seconds > 0
    assert composed.style == ""


def test_no_time_is_no_speed() -> None:
    """A clock may be too coarse."""
    asked = ComposeRequest(1)
    assert Composition(builders.tune(), asked, "", 5, 0.0).notes_per_second == 0


@pytest.mark.parametrize("asked", every_mode(3), ids=lambda asked: str(asked.mode))
def test_progress_rises_to_the_last_bar(model: Checkpoint, asked: ComposeRequest) -> None:
    """Bar by bar, however many are left out."""
    told: list[int] = []
    compose(model, asked, progress=told.append)
    region = open_row(model, asked).draft.brief.region
    assert told == sorted(set(told))
    assert told[-1] == region.past - region.first


# Refusals


def test_a_style_that_the_model_does_not_know_is_refused(model: Checkpoint) -> None:
    """It tells those it knows."""
    with pytest.raises(RequestRefused) as refused:
        compose(model, ComposeRequest(1, style="hymn"))
    assert (refused.value.field, refused.value.asked) == ("style", "hymn")
    assert refused.value.possible == "drums, ragtime, waltz"


def test_a_form_of_more_sections_than_bars_is_refused(model: Checkpoint) -> None:
    """A section has a bar at least."""
    with pytest.raises(RequestRefused) as refused:
        compose(model, ComposeRequest(1, bars=3, form="AABA"))
    assert refused.value.field == "form"
