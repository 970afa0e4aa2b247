"""The model that comes with the package."""

import pytest

from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import SHIPPED, Checkpoint
from audiogroove.request import ComposeRequest
from audiogroove.service.composing import compose

MAX_WEIGHT_BYTES = 16 * 2**20


@pytest.fixture(scope="module")
def shipped() -> Checkpoint:
    """Load what a user gets."""
    return checkpoint.load()


def test_its_weights_are_small_enough_to_travel() -> None:
    """At most 16 MB."""
    assert (SHIPPED / checkpoint.WEIGHTS).stat().st_size <= MAX_WEIGHT_BYTES


def test_its_card_names_data_licences_and_figures() -> None:
    """Who trained on what may be read beside the weights."""
    card = (SHIPPED / checkpoint.CARD).read_text(encoding="utf-8")
    for words in ("CC BY 4.0", "Fryderyk Chopin Institute", "CC0", "nats a note", "## Recipe"):
        assert words in card


def test_it_remembers_what_it_was_not_trained_on(shipped: Checkpoint) -> None:
    """So that it is never examined on music that it knows."""
    assert min(len(shipped.held_out[split]) for split in ("valid", "test")) > 100


@pytest.mark.parametrize("style", ["bach chorale", "rock", "drums"])
def test_it_composes(shipped: Checkpoint, style: str) -> None:
    """Four bars, none of which is empty."""
    piece = compose(shipped, ComposeRequest(seed=1, style=style, bars=4)).piece
    bars = {piece.bar_at(note.onset) for part in piece.parts for note in part.notes}
    assert bars == {0, 1, 2, 3}
