"""Known and new notes as one piece: the known stay, the new give way."""

import pytest

from audiogroove.music.piece import Piece
from audiogroove.tokens.fair_copy import settled
from audiogroove.tokens.grammar import Region
from tests.tokens.scores import draft_of, frame, part, rows

# bar, position, part, pitch, duration, velocity
KNOWN = rows((0, 0, 0, 60, 24, 80), (0, 36, 0, 62, 12, 80))
PAPER = Piece((part(),), bars=1)


@pytest.mark.parametrize(
    ("new", "becomes"),
    [
        ((0, 12, 0, 64, 12, 50), (0, 12, 0, 64, 12, 50)),  # in nobody's way
        ((0, 24, 0, 60, 12, 50), (0, 24, 0, 60, 12, 50)),  # when the known note has ended
        ((0, 12, 0, 60, 12, 50), None),  # while it sounds
        ((0, 0, 0, 60, 48, 50), None),  # at the same time
        ((0, 24, 0, 62, 24, 50), (0, 24, 0, 62, 12, 50)),  # into the next known strike
    ],
)
def test_known_notes_go_first(new: tuple[int, ...], becomes: tuple[int, ...] | None) -> None:
    """A new note ends where a known one of its pitch begins, and gives way where one sounds."""
    draft = draft_of(PAPER, frame(PAPER), KNOWN, Region(0, 1, frozenset({0})))
    expected = sorted([*map(tuple, KNOWN.tolist()), *([becomes] if becomes else [])])
    assert [tuple(row) for row in settled(draft.brief, [new]).tolist()] == expected


def test_new_notes_end_where_the_next_begins() -> None:
    """On one pitch of one part; other pitches and parts sound on."""
    paper = Piece((part(), part()), bars=1)
    draft = draft_of(paper, frame(paper), rows(), Region(0, 1, frozenset({0, 1})))
    new = [(0, 0, 0, 60, 48, 80), (0, 0, 0, 64, 48, 80), (0, 12, 1, 60, 6, 80)]
    new.append((0, 24, 0, 60, 12, 80))
    assert settled(draft.brief, new)[:, 4].tolist() == [12 * 2, 48, 6, 12]
