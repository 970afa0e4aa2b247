"""What is written beside the weights for people to read."""

from dataclasses import replace

from audiogroove.training import card
from audiogroove.training.dataset import Dataset


def test_a_card_counts_what_was_trained_on(data: Dataset) -> None:
    """Pieces and notes of the training split, and how many were held out."""
    text = card.write(data, {"step": 400, "recipe": {"rate": 0.002}})
    notes = sum(data.length(index) for index in data.split("train"))
    assert f"400 steps on 21\npieces with {notes} notes; 3 and 3 pieces were held out" in text
    assert '"rate": 0.002' in text


def test_a_card_names_the_licences(data: Dataset) -> None:
    """Those of the pieces that were trained on, the commonest first; of held-out ones, none."""
    licences = {"train": "CC0", "valid": "secret", "test": "secret"}
    pieces = [replace(piece, license=licences[piece.split]) for piece in data.pieces]
    first = data.split("train")[0]
    pieces[first] = replace(pieces[first], license="")
    text = card.write(replace(data, pieces=tuple(pieces)), {"step": 1, "recipe": {}})
    assert "| CC0 | 20 |\n| not stated | 1 |" in text
    assert "secret" not in text
