"""What has been heard before: in train, or earlier in the piece."""

import numpy as np
import pytest

from audiogroove.evaluation.frames.familiar import FRAGMENT, Familiar, familiar, fragments
from audiogroove.evaluation.frames.rolls import KEYS, Roll

RISE = tuple((40 + step, 44 + step, 47 + step) for step in (0, 2, 4, 5, 7, 9, 11, 12))
FALL = tuple((60 - step, 64 + step) for step in (0, 1, 3, 4, 8, 9, 11, 15))


def roll(*chords: tuple[int, ...]) -> Roll:
    """Write chords, a frame each."""
    piece = np.zeros((len(chords), KEYS), np.uint8)
    for frame, keys in enumerate(chords):
        piece[frame, list(keys)] = 1
    return piece


def up(chords: tuple[tuple[int, ...], ...], by: int) -> tuple[tuple[int, ...], ...]:
    """Transpose chords."""
    return tuple(tuple(key + by for key in keys) for keys in chords)


def test_a_run_of_chords_is_the_same_however_long_they_are_and_wherever_they_lie() -> None:
    """Silence between them is no chord."""
    held = tuple(keys for keys in up(RISE, 5) for _ in range(3))
    rested = tuple(keys for chord in up(RISE, -7) for keys in (chord, ()))
    assert fragments(roll(*RISE)) == fragments(roll(*held)) == fragments(roll(*rested))
    assert len(fragments(roll(*RISE))) == 1
    assert fragments(roll(*RISE)) != fragments(roll(*FALL))


@pytest.mark.parametrize("chords", [(), ((),), RISE[: FRAGMENT - 1]])
def test_what_is_short_has_none(chords: tuple[tuple[int, ...], ...]) -> None:
    """Nor has silence."""
    assert fragments(roll(*chords)) == []


def test_one_chord_moved_against_the_others_is_another_run() -> None:
    """Though its shape is the same."""
    moved = (*RISE[:-1], tuple(key + 1 for key in RISE[-1]))
    assert fragments(roll(*moved)) != fragments(roll(*RISE))


def test_familiar_music_is_known_from_train_or_from_before() -> None:
    """Of one valid piece all, of two test pieces half; a test piece says itself again."""
    twice = (*up(FALL, 3), (1,), *FALL)
    splits = {
        "train": [roll(*RISE, *RISE)],
        "valid": [roll(*up(RISE, 2))],
        "test": [roll(*RISE), roll(*FALL)],
    }
    assert familiar(splits) == {"valid": Familiar(1.0, 0.0), "test": Familiar(0.5, 0.0)}
    (again,) = (familiar(splits | {"test": [roll(*twice)]})["test"].again,)
    assert again == pytest.approx(1 / (len(twice) - FRAGMENT + 1))


def test_nothing_is_familiar_where_there_is_nothing() -> None:
    """Pieces that are too short for a run have none that was heard."""
    short = [roll(*RISE[:3])]
    nothing = Familiar(0.0, 0.0)
    assert familiar({"train": short, "valid": short, "test": short}) == {
        "valid": nothing,
        "test": nothing,
    }
