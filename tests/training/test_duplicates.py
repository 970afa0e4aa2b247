"""Which pieces are the same notes, and which the same tune."""

import numpy as np

from audiogroove.music.piece import Note, Part, Piece
from audiogroove.tokens.codec import encode, onsets_of
from audiogroove.training.duplicates import CROWD, Hashes, families, fingerprint, sketch
from tests.training.tunes import tune


def fingerprint_of(piece: Piece) -> str:
    """Take a piece's fingerprint."""
    events = encode(piece)
    return fingerprint(events, onsets_of(events, piece.bar_lines))


def sketch_of(piece: Piece) -> Hashes:
    """Take a piece's sketch."""
    events = encode(piece)
    return sketch(events, onsets_of(events, piece.bar_lines))


def later(piece: Piece, steps: int) -> Piece:
    """Start a piece some steps later."""
    parts = [
        Part(tuple(Note(n.onset + steps, n.pitch, n.duration, n.velocity) for n in part.notes))
        for part in piece.parts
    ]
    return Piece(tuple(parts), piece.bars + 1 + steps // 48)


def test_a_transposed_piece_is_the_same_notes() -> None:
    """Up or down, on whatever instrument, in whatever bar, however loud it is played."""
    known = fingerprint_of(tune(1))
    assert known == fingerprint_of(tune(1, up=5))
    assert known == fingerprint_of(tune(1, up=-7, program=40))
    assert known == fingerprint_of(later(tune(1), 48))


def test_other_notes_are_not_the_same() -> None:
    """One longer note is enough, and so is a missing one."""
    piece = tune(1)
    first, *rest = piece.parts[0].notes
    shorter = Note(first.onset, first.pitch, first.duration - 1, first.velocity)
    other = piece.with_parts([Part((shorter, *rest)), *piece.parts[1:]])
    fewer = piece.with_parts([Part(tuple(rest)), *piece.parts[1:]])
    assert len({fingerprint_of(one) for one in (piece, other, fewer, tune(2))}) == 4


def test_a_tune_and_its_arrangement_are_one_family() -> None:
    """Another key, another bass and drums leave the melody what it is."""
    arranged = tune(1, up=3, drums=True)
    arranged = arranged.with_parts([arranged.parts[0], *arranged.parts[2:]])
    one, two, other = families([sketch_of(tune(1)), sketch_of(arranged), sketch_of(tune(2))])
    assert one == two
    assert one != other


def test_a_lead_sheet_and_a_band_that_plays_it_are_one_family() -> None:
    """However much else the band plays: the smaller piece is within the larger one."""
    melody = tune(1).parts[0]
    others = [tune(number).parts[0] for number in range(2, 12)]
    lead, band = tune(1).with_parts([melody]), tune(1).with_parts([*others, melody])
    one, two, other = families([sketch_of(lead), sketch_of(band), sketch_of(tune(20))])
    assert one == two != other


def test_kinship_is_handed_on() -> None:
    """Pieces that share nothing are one family if both share much with a third."""
    first, second, both = np.arange(20), np.arange(100, 120), np.r_[10:20, 100:110]
    sketches = [part.astype(np.uint64) for part in (first, second, both)]
    assert len(set(families(sketches))) == 1
    assert len(set(families(sketches[:2]))) == 2


def test_what_everybody_plays_makes_no_family() -> None:
    """A fragment that more than `CROWD` pieces share is a commonplace."""
    scale = np.arange(20, dtype=np.uint64)
    assert len(set(families([scale] * CROWD))) == 1
    assert len(set(families([scale] * (CROWD + 1)))) == CROWD + 1


def test_a_piece_without_melody_has_an_empty_sketch() -> None:
    """Too few notes to recognise: a family of its own."""
    short = sketch_of(Piece((Part((Note(0, 60, 12), Note(12, 62, 12))),), 1))
    assert len(short) == 0
    assert families([short, short]) == [0, 1]


def test_only_the_upper_line_of_chords_counts() -> None:
    """Notes struck with the melody, below it, do not change the tune."""
    melody = tune(1).parts[0].notes
    thirds = sorted([*melody, *(Note(n.onset, n.pitch - 4, 6, n.velocity) for n in melody)])
    alone, doubled = (sketch_of(Piece((Part(tuple(notes)),), 9)) for notes in (melody, thirds))
    assert alone.tolist() == doubled.tolist()
