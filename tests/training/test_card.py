"""What is written beside the weights for people to read."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import ModelCard

from audiogroove.errors import RequestRefused
from audiogroove.model.checkpoint import CARD, FIGURES
from audiogroove.training import baselines, card
from audiogroove.training.dataset import Dataset

STATE = {"step": 400, "recipe": {"rate": 0.002}}
ROWS = [{"arm": "none", "nats": 3.5}, {"arm": "attention", "nats": 3.71}]


def front(text: str) -> dict[str, object]:
    """Read what the Hub reads of a card."""
    return {name: told for name, told in vars(ModelCard(text).data).items() if told is not None}


def test_a_card_counts_what_was_trained_on(data: Dataset) -> None:
    """Pieces and notes of the training split, and how many were held out."""
    text = card.write(data, STATE)
    notes = sum(data.length(index) for index in data.split("train"))
    assert f"400 steps on 21\npieces with {notes} notes; 3 and 3 pieces were held out" in text
    assert '"rate": 0.002' in text


def test_a_card_names_the_licences(data: Dataset) -> None:
    """Those of the pieces that were trained on, the commonest first; of held-out ones, none."""
    licences = {"train": "CC0", "valid": "secret", "test": "secret"}
    pieces = [replace(piece, license=licences[piece.split]) for piece in data.pieces]
    first = data.split("train")[0]
    pieces[first] = replace(pieces[first], license="")
    text = card.write(replace(data, pieces=tuple(pieces)), STATE)
    assert "| CC0 | 20 |\n| not stated | 1 |" in text
    assert "secret" not in text


def test_a_card_credits_collections(data: Dataset) -> None:
    """As they want to be named, and what follows from them for the model."""
    pieces = [
        replace(piece, path=f"mma_openewld_band/{index}.mid", license="MIT (OpenEWLD repo)")
        for index, piece in enumerate(data.pieces)
    ]
    text = card.write(replace(data, pieces=tuple(pieces)), STATE)
    assert "| OpenEWLD lead sheets with a band | 21 | MIT (repository);" in text
    assert "- Its bands play as an arranger program does" in text


def test_the_hub_can_read_a_card(data: Dataset) -> None:
    """What it is made with and what it is about; a licence is for its owner to choose."""
    told = front(card.write(data, STATE))
    assert told["library_name"] == "audiogroove"
    assert "symbolic-music" in str(told["tags"])
    assert "license" not in told


def test_a_card_gets_a_licence(data: Dataset) -> None:
    """Another one takes its place, and all else stays."""
    text = card.write(data, STATE)
    once = card.with_license(text, "mit")
    assert front(once) == front(text) | {"license": "mit"}
    assert card.with_license(card.with_license(text, "cc-by-4.0"), "mit") == once
    assert once.endswith(text.split("---\n", maxsplit=2)[2])


def test_a_card_without_a_front_gets_one() -> None:
    """Older ones have none."""
    text = card.with_license("# Mine\n\n---\n\nMy words.\n", "mit")
    assert front(text)["license"] == "mit"
    assert text.endswith("---\n\n# Mine\n\n---\n\nMy words.\n")


@pytest.mark.parametrize("license_id", ["", "MIT\nextra: 1", "mit #", "[mit]", "-"])
def test_what_is_no_licence_is_refused(license_id: str) -> None:
    """It would become part of the front matter."""
    with pytest.raises(RequestRefused, match="such as mit"):
        card.with_license(card.TITLE, license_id)


def test_figures_come_before_the_recipe(data: Dataset) -> None:
    """Others take their place, and all else stays as it was."""
    text = card.write(data, STATE)
    once = card.with_figures(text, {"ablations": ROWS})
    assert once.index("## Whose music") < once.index("## Figures") < once.index("## Recipe")
    assert "| attention | 3.71 |" in once
    again = card.with_figures(once, {"ablations": ROWS[:1]})
    assert "attention | 3.71" not in again
    assert card.with_figures(again, {"ablations": ROWS}) == once


def test_figures_go_to_the_end_of_a_card_of_ones_own() -> None:
    """One that was written by hand."""
    text = card.with_figures("# Mine\n\nMy words.\n", {"ablations": ROWS})
    assert text.startswith("# Mine\n\nMy words.\n\n## Figures\n")


def test_likelihood_is_shown_as_it_is_printed(data: Dataset) -> None:
    """With the tables of the command."""
    rows = baselines.evaluate(data, data.vocabulary, split="test", limit=None)
    told = json.loads(json.dumps([row.to_json() for row in rows]))
    text = card.with_figures(card.TITLE, {"likelihood": told})
    assert "### `audiogroove evaluate likelihood`" in text
    assert f"| {rows[0].name} | {rows[0].overall.total:.2f} |" in text


@pytest.mark.parametrize("told", [None, 3, [], [{}], ["x"], {"name": 1}])
def test_likelihood_that_is_none_is_refused(told: object) -> None:
    """With the command that says it."""
    with pytest.raises(RequestRefused, match="evaluate likelihood --json"):
        card.with_figures(card.TITLE, {"likelihood": told})


# Completing


def test_figures_are_kept_beside_the_card(tmp_path: Path) -> None:
    """Those of one measure replace its own, and leave the others."""
    (tmp_path / CARD).write_text(card.TITLE)
    for measured in ({"ablations": ROWS}, {"jsb": [{"nats": 0.5}]}, {"jsb": [{"nats": 0.4}]}):
        card.complete(tmp_path, measured)
    kept = json.loads((tmp_path / FIGURES).read_text())
    assert kept == {"ablations": ROWS, "jsb": [{"nats": 0.4}]}
    text = (tmp_path / CARD).read_text()
    assert text.index("evaluate jsb") < text.index("evaluate ablations")


def test_a_card_of_ones_own_keeps_its_words(tmp_path: Path) -> None:
    """Completing it twice changes nothing more."""
    (tmp_path / CARD).write_text("# Mine\n\nMy words.\n")
    card.complete(tmp_path, {}, license_id="mit")
    text = (tmp_path / CARD).read_text()
    assert text.endswith("# Mine\n\nMy words.\n")
    card.complete(tmp_path, {})
    assert (tmp_path / CARD).read_text() == text
    assert not (tmp_path / FIGURES).exists()


def test_a_model_without_a_card_gets_one(tmp_path: Path) -> None:
    """Nobody should publish without."""
    card.complete(tmp_path, {}, license_id="mit")
    assert front((tmp_path / CARD).read_text())["license"] == "mit"
