"""What is wished."""

from collections.abc import Mapping, Sequence

import pytest

from audiogroove.errors import RequestRefused
from audiogroove.evaluation.wishes.asking import SCALES, Trial, notes_a_bar, trials
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.music import theory
from audiogroove.request import DENSITIES
from audiogroove.tokens.features import DENSITIES as DENSITY_CLASSES
from audiogroove.tokens.features import density_id
from tests.model import builders

WISHES: Mapping[str, Sequence[str]] = {  # and what sets a request with the wish apart
    "key": ("key", "scale"),
    "scale": ("key", "scale"),
    "scale, strictly": ("key", "scale", "strict_scale"),
    **{f"density: {word}": ("density",) for word in DENSITIES},
    "parts": ("parts",),
    "tempo": ("tempo_bpm",),
    "bars": ("bars",),
    "meter": ("meter",),
    "form": ("form",),
    "form, with primes": ("form",),
    "ending": ("ending",),
}


@pytest.fixture(scope="module")
def model() -> Checkpoint:
    """Make a tiny model, of which only the customs matter here."""
    return builders.checkpoint()


@pytest.fixture(scope="module")
def asked(model: Checkpoint) -> list[Trial]:
    """Ask twelve times for everything."""
    return trials(model, pieces=6, seeds=2)


def test_everything_is_wished_as_often(asked: list[Trial]) -> None:
    """Twelve times."""
    assert [one.wish for one in asked] == 12 * list(WISHES)


def test_a_wish_changes_what_it_says_and_nothing_else(asked: list[Trial]) -> None:
    """The dice are the same, so that only the wish can make a difference."""
    for one in asked:
        names = type(one.request).__dataclass_fields__
        differing = {
            name for name in names if getattr(one.request, name) != getattr(one.without, name)
        }
        assert differing <= set(WISHES[one.wish])
        assert differing or one.request.bars == one.without.bars


def test_the_same_arguments_give_the_same_wishes(model: Checkpoint, asked: list[Trial]) -> None:
    """Other pieces have other dice."""
    again = trials(model, pieces=6, seeds=2)
    assert [one.request for one in again] == [one.request for one in asked]
    assert len({one.without.seed for one in asked}) == 12


def test_styles_may_be_chosen(model: Checkpoint) -> None:
    """Only known ones."""
    assert {one.request.style for one in trials(model, styles=["waltz"], pieces=3, seeds=1)} == {
        "waltz"
    }
    with pytest.raises(RequestRefused):
        trials(model, styles=["polka"], pieces=1, seeds=1)


def test_scales_that_say_nothing_are_not_wished() -> None:
    """All notes are of a chromatic piece; major and minor are keys."""
    assert set(theory.SCALES) - set(SCALES) == {"chromatic", "major", "minor"}


@pytest.mark.parametrize("density", range(3, DENSITY_CLASSES))
def test_a_density_is_told_by_the_middle_of_its_class(density: int) -> None:
    """An id to notes a bar and back."""
    assert density_id(notes_a_bar(density)) == density
