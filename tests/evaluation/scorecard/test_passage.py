"""Bars of music as arrays."""

import numpy as np

from audiogroove.evaluation.scorecard.passage import Passage
from audiogroove.music.piece import Meter, Piece
from audiogroove.tokens.codec import encode
from tests.evaluation.scorecard.scores import line, part, passage, piece


def test_a_cut_has_the_notes_that_begin_in_it() -> None:
    """Steps count from its own beginning."""
    whole = piece(part(line([60, 62, 64, 65, 67, 69, 71, 72])))
    lines, beats = np.array(whole.bar_lines), np.array([12, 12])
    second = Passage.cut(encode(whole), lines, beats, np.array([0]), (1, 2))
    assert second.onsets.tolist() == [0, 12, 24, 36]
    assert second.pitches.tolist() == [67, 69, 71, 72]
    assert (second.bars, second.steps) == (1, 48)


def test_a_note_is_heard_up_to_the_end_of_the_cut() -> None:
    """Its length stays what it is."""
    whole = piece(part([(3, 60, 4)]))
    first = Passage.cut(
        encode(whole), np.array(whole.bar_lines), np.array([12, 12]), np.array([0]), (0, 1)
    )
    assert first.ends.tolist() == [48]
    assert first.durations.tolist() == [48]


def test_bars_of_any_meter_beat_as_they_do() -> None:
    """Six eighths beat twice, two halves twice, three quarters three times."""
    meters = ((0, Meter(6, 8)), (1, Meter(2, 2)), (2, Meter(3, 4)))
    mixed = Passage.of(Piece((part([(0, 60, 1)]),), 3, meters))
    assert mixed.beats.tolist() == [18, 24, 12]
    assert mixed.lines.tolist() == [0, 36, 84, 120]


def test_the_highest_part_leads() -> None:
    """Whatever its place in the list."""
    assert passage(line([40] * 8), line([70] * 8), line([55] * 8)).lead == 1


def test_a_part_that_hardly_plays_does_not_lead() -> None:
    """It must play in half as many bars as the busiest."""
    flourish = [(0, 90, 1)]
    assert passage(flourish, line([60] * 16), bars=4).lead == 1


def test_a_melody_is_the_top_of_its_chords() -> None:
    """Of notes that begin together."""
    chords = [(at, pitch, 1) for at in (0, 1) for pitch in (60 + at, 64 + at, 67 + at)]
    assert passage(chords).melody.pitches.tolist() == [67, 68]


def test_drums_alone_have_no_lead() -> None:
    """Nor any pitched note."""
    drums = Passage.of(piece(part(line([36] * 8), drums=True)))
    assert drums.lead is None
    assert not len(drums.melody.onsets)


def test_of_two_notes_alike_one_is_kept() -> None:
    """The first, and all are put in order."""
    rows = np.array([(12, 0, 60, 6, 80), (0, 0, 62, 6, 80), (12, 0, 60, 9, 90)])
    arranged = passage(line([60])).with_columns(rows)
    assert arranged.columns.tolist() == [[0, 0, 62, 6, 80], [12, 0, 60, 6, 80]]
