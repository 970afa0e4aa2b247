"""What a data set tells of its styles."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from audiogroove.music.piece import Meter, Note, Part, Piece
from audiogroove.tokens.census import SEATINGS, Sample
from audiogroove.tokens.codec import PART, PITCH, encode
from audiogroove.tokens.features import STYLES
from audiogroove.tokens.tessitura import lay_of
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training.dataset import Dataset, PieceInfo
from audiogroove.training.habits import (
    STRETCH_BARS,
    config_for,
    learn_customs,
    number_styles,
    samples_of,
)
from tests.training.tunes import tune


def with_first(data: Dataset, **changes: object) -> Dataset:
    """Change the first training piece's description; the other pieces are of another style."""
    first = data.split("train")[0]
    pieces = [
        replace(piece, **{"style": "mine", **changes} if index == first else {"style": "theirs"})
        for index, piece in enumerate(data.pieces)
    ]
    return replace(data, pieces=tuple(pieces))


def pitches_of(data: Dataset, index: int, part: int) -> NDArray[np.int32]:
    """List what a part of a piece plays."""
    events = data.events(index)
    own: NDArray[np.int32] = events[events[:, PART] == part, PITCH]
    return own


def test_styles_are_numbered_by_how_common_they_are(data: Dataset) -> None:
    """From 1, for 0 says that no style was wished."""
    assert number_styles(with_first(data)) == {"theirs": 1, "mine": 2}


def test_there_is_room_for_so_many_styles(data: Dataset) -> None:
    """The rarest beyond go without a number, and so without customs."""
    pieces = [
        replace(data.pieces[0], style=f"style {n}", split="train")
        for n in (*range(STYLES + 5), *range(STYLES))
    ]
    many = replace(data, pieces=tuple(pieces), offsets=data.offsets[[0] + [1] * len(pieces)])
    assert {f"style {n}": n + 1 for n in range(STYLES)} == number_styles(many)


def test_customs_come_from_the_training_split(data: Dataset) -> None:
    """A held-out piece teaches nothing, not even its tempo."""
    slow = [replace(piece, bpm=20.0) if piece.split != "train" else piece for piece in data.pieces]
    assert learn_customs(data) == learn_customs(replace(data, pieces=tuple(slow)))
    assert {7} == {custom.pieces for custom in learn_customs(data).values()}


def test_a_custom_knows_the_ensemble_and_the_density(data: Dataset) -> None:
    """Six notes a bar, by piano and bass."""
    custom = learn_customs(data)["waltz"]
    assert custom.ensembles == (((0, 32), 7),)
    assert custom.notes_a_bar == (6.0, 6.0, 6.0)


def test_a_custom_knows_how_busy_each_part_is(data: Dataset) -> None:
    """Four notes a bar of melody over two of bass, in every tune."""
    custom = learn_customs(data)["waltz"]
    assert custom.balances == ((4.0, 2.0),)
    assert custom.activities == ((0, 7, (4.0, 4.0, 4.0)), (32, 7, (2.0, 2.0, 2.0)))


def test_a_custom_knows_where_parts_lie(data: Dataset) -> None:
    """A bass below a melody, within what they play; and pieces differ."""
    custom = learn_customs(data)["waltz"]
    lays = [
        tuple(lay_of(pitches_of(data, index, part), is_kit=False) for part in (0, 1))
        for index in data.split("train")
        if data.pieces[index].style == "waltz"
    ]
    seatings = custom.seating((0, 32))
    assert len(set(seatings)) == SEATINGS
    assert set(seatings) <= set(lays)
    (piano, pianists, (_, high, _)), (bass, bassists, (_, low, _)) = custom.registers
    assert (piano, pianists, bass, bassists) == (0, len(lays), 32, len(lays))
    assert low < high


def test_a_custom_knows_the_keys_of_a_kit(data: Dataset) -> None:
    """Which have no register beside those of piano and bass."""
    custom = learn_customs(data)["rock"]
    assert {lays[2] for lays in custom.seating((0, 32, DRUMS))} == {(36, 38)}
    assert [program for program, _, _ in custom.registers] == [0, 32]


def test_who_is_silent_is_not_of_the_ensemble(data: Dataset) -> None:
    """A flute that has a part and no note."""
    first = data.split("train")[0]
    parts = data.notes["part"].copy()
    own = parts[data.offsets[first] : data.offsets[first + 1]]
    own[own == 1] = 2
    silent = replace(data, notes={**data.notes, "part": parts})
    custom = learn_customs(with_first(silent, programs=(0, 73, 32)))["mine"]
    assert custom.ensembles == (((0, 32), 1),)
    assert custom.balances == ((4.0, 2.0),)
    assert custom.seatings


def test_a_custom_knows_its_counterpoint(data: Dataset) -> None:
    """A melody and a bass that were made up without looking at each other clash."""
    custom = learn_customs(data)["waltz"]
    assert custom.clashes is not None
    assert 0.2 < custom.clashes < 0.6
    assert custom.parallels is None  # eight bars are too short for that


def test_short_tunes_show_no_form(data: Dataset) -> None:
    """Eight bars are too few to learn how a piece is built."""
    assert learn_customs(data)["waltz"].forms == ()


def looped(bars: int, every: int, *, beats: int = 4) -> Piece:
    """Play the first bars of a tune again and again, a note a beat."""
    melody = tune(1).parts[0]
    notes = tuple(
        replace(melody.notes[beat % (every * beats)], onset=12 * beat)
        for beat in range(bars * beats)
    )
    return Piece((replace(melody, notes=notes),), bars, ((0, Meter(beats, 4)),))


def told(piece: Piece) -> list[Sample]:
    """Tell what a piece in a data set tells."""
    changes = tuple((bar, meter.numerator, meter.denominator) for bar, meter in piece.meters)
    programs = tuple(DRUMS if part.is_drums else part.program for part in piece.parts)
    info = PieceInfo(
        "a.mid", "waltz", "train", piece.bars, changes, programs, 100.0, tonic=None, minor=False
    )
    return samples_of(info, encode(piece))


def test_forms_are_written_down_from_stretches() -> None:
    """The beginning of a piece, and of a long one a stretch near its end, as if it began there."""
    for bars, expected in {
        15: [None],
        16: [".*4=4*12"],
        20: [".*4=4*16"],
        60: [".*4=4*28"],
        72: [".*4=4*28"] * 2,
    }.items():
        assert [one.form for one in told(looped(bars, 4))] == expected


def test_a_form_is_learnt_in_any_meter() -> None:
    """It counts bars, whatever they hold."""
    assert [one.form for one in told(looped(16, 4, beats=3))] == [".*4=4*12"]


def test_a_stretch_is_told_by_those_who_play_in_it() -> None:
    """A bass that comes in late, and plays two notes a bar from there, is not there before."""
    long = looped(2 * STRETCH_BARS, 4)
    late = tuple(Note(24 * half, 40, 12) for half in range(2 * STRETCH_BARS, 4 * STRETCH_BARS))
    first, second = told(long.with_parts([*long.parts, Part(late, 32)]))
    assert (first.programs, first.activities) == ((0,), (4.0,))
    assert (second.programs, second.activities) == ((0, 32), (4.0, 2.0))
    assert second.lays[1] == (40, 40)


def test_a_stretch_in_which_nobody_plays_tells_nothing() -> None:
    """Not even its meter."""
    long = looped(3 * STRETCH_BARS, 4)
    early = tuple(note for note in long.parts[0].notes if note.onset < 48 * STRETCH_BARS)
    assert len(told(long.with_parts([replace(long.parts[0], notes=early)]))) == 1


def test_the_meter_of_most_bars_is_customary(data: Dataset) -> None:
    """Not that of a last short bar, nor of an upbeat."""
    info = with_first(data, meters=((0, 1, 4), (1, 3, 4), (7, 2, 4)), bars=8)
    assert learn_customs(info)["mine"].meters == (("3/4", 1),)


def test_sizes_follow_the_vocabulary(data: Dataset) -> None:
    """And what else was asked."""
    config = config_for(data, hidden=32)
    assert (data.vocabulary.sizes, 32) == (config.vocabulary, config.hidden)


def test_a_described_piece_is_frozen(data: Dataset) -> None:
    """A description can be told from another by its value."""
    assert isinstance(data.pieces[0], PieceInfo)
    assert len({data.pieces[0], replace(data.pieces[0])}) == 1
