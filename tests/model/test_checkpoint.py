"""A model as a folder: it comes back as it was, or is refused with the name of the guilty file."""

import json
import pickle
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from typing_extensions import override

from audiogroove.errors import CheckpointRejected
from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import (
    CARD,
    CONFIG,
    FIGURES,
    FORMAT,
    NOVELTY,
    WEIGHTS,
    WORDS,
    Checkpoint,
)
from audiogroove.model.sums import SUMS
from audiogroove.tokens.features import STYLES
from tests.model import builders


@pytest.fixture
def folder(tmp_path: Path, model: Checkpoint) -> Path:
    """Save the tiny model."""
    checkpoint.save(tmp_path / "model", model, card="# A tiny model\n")
    return tmp_path / "model"


def edit(folder: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Change what a model's config says."""
    about = json.loads((folder / CONFIG).read_text())
    change(about)
    (folder / CONFIG).write_text(json.dumps(about))


def refusal(folder: Path, *, sealed: bool = False) -> str:
    """Load what must be refused; tell the fault, without its sums that of the file itself."""
    if not sealed:
        (folder / SUMS).unlink(missing_ok=True)
    with pytest.raises(CheckpointRejected) as refused:
        checkpoint.load(folder)
    assert refused.value.folder == folder
    assert "\n" not in refused.value.fault
    return refused.value.fault


# There and back


def test_a_model_comes_back_as_it_was(folder: Path, model: Checkpoint) -> None:
    """Words, styles, customs and name exactly, weights to half precision."""
    again = checkpoint.load(folder)
    assert model.vocabulary.fingerprint == again.vocabulary.fingerprint
    assert model.network.config == again.network.config
    assert (model.styles, model.customs, model.name) == (again.styles, again.customs, again.name)
    stored = again.network.state_dict()
    assert list(model.network.state_dict()) == list(stored)
    for name, weights in model.network.state_dict().items():
        torch.testing.assert_close(weights, stored[name], rtol=2**-11, atol=2**-24)


def test_a_second_trip_changes_nothing(folder: Path, tmp_path: Path) -> None:
    """Half precision loses once."""
    checkpoint.save(tmp_path / "again", checkpoint.load(folder), card="# A tiny model\n")
    for name in (CONFIG, WEIGHTS, WORDS, CARD, SUMS):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_model_may_keep_its_full_precision(tmp_path: Path, model: Checkpoint) -> None:
    """Where size does not matter."""
    checkpoint.save(tmp_path, model, card="", dtype=torch.float32)
    for name, weights in checkpoint.load(tmp_path).network.state_dict().items():
        assert torch.equal(model.network.state_dict()[name], weights)


def test_what_was_held_out_travels_along(tmp_path: Path, model: Checkpoint) -> None:
    """So that no later division of the corpus examines the model on what it knows."""
    told = replace(model, held_out={"test": ("a1", "b2"), "valid": ()})
    checkpoint.save(tmp_path, told, card="")
    assert told.held_out == checkpoint.load(tmp_path).held_out


def test_a_loaded_model_is_ready_to_compose(folder: Path) -> None:
    """Single precision, nothing dropped, nothing to learn."""
    network = checkpoint.load(folder).network
    assert not any(module.training for module in network.modules())
    for weights in network.parameters():
        assert (torch.float32, False) == (weights.dtype, weights.requires_grad)


def test_saving_over_a_model_leaves_nothing_half_done(folder: Path) -> None:
    """Five files, and no sixth that was on its way to one of them."""
    checkpoint.save(folder, builders.checkpoint(seed=2), card="# Another\n")
    assert {CONFIG, WEIGHTS, WORDS, CARD, SUMS} == {path.name for path in folder.iterdir()}
    assert (folder / CARD).read_text() == "# Another\n"


def test_who_may_read_one_file_may_read_all(folder: Path) -> None:
    """A model is often installed by one user and used by another."""
    assert len({path.stat().st_mode for path in folder.iterdir()}) == 1


# Refusals


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """There, or not there."""
    assert refusal(tmp_path) == f"there is no {CONFIG} in it"
    assert refusal(tmp_path / "nowhere") == f"there is no {CONFIG} in it"


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS, WORDS])
def test_a_missing_file_is_missed_by_name(folder: Path, name: str) -> None:
    """Each of the three that a model needs."""
    (folder / name).unlink()
    assert refusal(folder) == f"there is no {name} in it"


def test_a_model_needs_no_card(folder: Path) -> None:
    """It is for people."""
    (folder / CARD).unlink()
    checkpoint.load(folder)


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.999])
def test_weights_cut_short_are_refused(folder: Path, share: float) -> None:
    """At the beginning, in their header, in their midst, at their end."""
    whole = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(whole[: round(share * len(whole))])
    assert refusal(folder).startswith(f"{WEIGHTS} is damaged")


class Trap:
    """An object that leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    @override
    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.mark,)


def pickled(what: object, path: Path) -> None:
    """Write a plain pickle."""
    path.write_bytes(pickle.dumps(what))


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS, WORDS])
@pytest.mark.parametrize("save", [pickled, torch.save])
def test_no_pickle_is_ever_loaded(
    folder: Path, tmp_path: Path, name: str, save: Callable[[object, Path], object]
) -> None:
    """Whatever file it stands for, plain or as torch packs it: it is refused and does not run."""
    save({"weights": Trap(tmp_path / "sprung")}, folder / name)
    assert refusal(folder).startswith(f"{name} is damaged")
    assert not (tmp_path / "sprung").exists()


def test_words_of_another_model_are_refused(folder: Path, tmp_path: Path) -> None:
    """The config tells which words it was trained with."""
    other = replace(builders.checkpoint(), vocabulary=builders.vocabulary(60))
    checkpoint.save(tmp_path / "other", other, card="")
    (folder / WORDS).write_bytes((tmp_path / "other" / WORDS).read_bytes())
    assert refusal(folder) == f"{WORDS} is not the one it was trained with"


def test_weights_of_another_model_are_refused(folder: Path) -> None:
    """Even where they have the same sizes, they say which words they were trained with."""
    weights = load_file(folder / WEIGHTS)
    save_file(weights, folder / WEIGHTS, metadata={"vocabulary": "0123456789abcdef"})
    assert refusal(folder) == f"{WEIGHTS} was trained with another {WORDS}"
    save_file(weights, folder / WEIGHTS)
    assert refusal(folder) == f"{WEIGHTS} was trained with another {WORDS}"


def resize(folder: Path, **sizes: object) -> None:
    """Change sizes in what a model's config says."""
    about = json.loads((folder / CONFIG).read_text())
    edit(folder, lambda told: told.update(network=about["network"] | sizes))


@pytest.mark.parametrize("size", ["embed", "look", "encoder", "hidden", "heads", "chain"])
def test_weights_of_other_sizes_are_refused(folder: Path, size: str) -> None:
    """Each size that the config tells determines some weight's shape."""
    resize(folder, **{size: 48})
    assert refusal(folder) == f"{WEIGHTS} is not of the sizes that {CONFIG} tells"


def test_a_missing_or_a_foreign_weight_is_refused(folder: Path) -> None:
    """One too few, one too many."""
    weights, words = load_file(folder / WEIGHTS), {"vocabulary": builders.WORDS.fingerprint}
    for wrong in (dict(list(weights.items())[1:]), weights | {"extra": torch.zeros(1)}):
        save_file(wrong, folder / WEIGHTS, metadata=words)
        assert refusal(folder) == f"{WEIGHTS} is not of the sizes that {CONFIG} tells"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "3", '"words"', "{}", '{"format": 1}', "[" * 100_000, "\xff"]
)
def test_a_config_that_is_none_is_refused(folder: Path, text: str) -> None:
    """No JSON, another kind of JSON, or an object that lacks what it should hold."""
    (folder / CONFIG).write_text(text, encoding="latin-1")
    assert refusal(folder).startswith(f"{CONFIG} is damaged")


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("network", None),
        ("network", {}),
        ("styles", 5),
        ("styles", ["ragtime", "polka"]),
        ("styles", [f"style {number}" for number in range(STYLES + 1)]),
        ("customs", []),
        ("customs", {"ragtime": {}}),
        ("customs", {"ragtime": {"pieces": 1}, "waltz": {}, "drums": {}}),
        ("held_out", 7),
    ],
)
def test_a_config_that_tells_nonsense_is_refused(folder: Path, entry: str, value: object) -> None:
    """Sizes, styles and customs of another kind, or a style without customs."""
    edit(folder, lambda about: about.update({entry: value}))
    assert refusal(folder).startswith(f"{CONFIG} is damaged")


@pytest.mark.parametrize("value", [0, -16, 16.5, "16", None, []])
@pytest.mark.parametrize("size", ["hidden", "window"])
def test_a_size_that_is_none_is_refused(folder: Path, size: str, value: object) -> None:
    """Sizes are whole numbers from 1 on."""
    resize(folder, **{size: value})
    assert refusal(folder) == f"{CONFIG} is damaged ({size} cannot be {value})"


def test_a_size_that_no_computer_holds_is_refused(folder: Path) -> None:
    """Before any memory is asked for."""
    resize(folder, hidden=10**30)
    assert refusal(folder).startswith(f"{CONFIG} is damaged")


def test_a_later_format_is_refused_by_its_number(folder: Path) -> None:
    """Not read as if it were ours."""
    edit(folder, lambda about: about.update(format=FORMAT + 1))
    assert refusal(folder) == f"the format of its {CONFIG} is {FORMAT + 1}, not {FORMAT}"


@pytest.mark.parametrize("text", ["", "words", "[]", '{"field": "tempo", "value": 1, "count": 1}'])
def test_words_that_are_none_are_refused(folder: Path, text: str) -> None:
    """An empty list of words, no JSON, or a field that is not known."""
    (folder / WORDS).write_text(text)
    assert refusal(folder).startswith(f"{WORDS} is damaged")


# Sums


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS, WORDS])
def test_one_changed_byte_is_noticed(folder: Path, name: str) -> None:
    """Wherever it is, and even where the file can still be read."""
    damaged = bytearray((folder / name).read_bytes())
    damaged[-2] ^= 1
    (folder / name).write_bytes(damaged)
    told = f"{name} is damaged (its checksum is not the one in {SUMS})"
    assert told == refusal(folder, sealed=True)


def test_a_card_may_be_edited(folder: Path) -> None:
    """It is for people, and so are the figures."""
    (folder / CARD).write_text("# Mine\n")
    (folder / FIGURES).write_text("{}")
    checkpoint.load(folder)


def test_a_model_without_sums_is_read(folder: Path, model: Checkpoint) -> None:
    """Older ones have none."""
    (folder / SUMS).unlink()
    assert model.name == checkpoint.load(folder).name


def test_the_sums_are_those_of_sha256sum(folder: Path) -> None:
    """Who has no AudioGroove can check a model with `sha256sum --check SHA256SUMS`."""
    command = ["sha256sum", "--check", SUMS]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == [f"{name}: OK" for name in (CONFIG, WEIGHTS, WORDS)]


def test_a_file_that_was_summed_is_missed(folder: Path) -> None:
    """Even one that not every model has."""
    (folder / NOVELTY).write_bytes(b"phrases")
    checkpoint.seal(folder)
    (folder / NOVELTY).unlink()
    assert refusal(folder, sealed=True) == f"there is no {NOVELTY} in it"


@pytest.mark.parametrize(
    "text", ["sum", f"{'0' * 64}  ../secret", f"{'0' * 64}  /etc/passwd", f"{'0' * 64}  .hidden"]
)
def test_sums_that_are_none_are_refused(folder: Path, text: str) -> None:
    """They tell of files in the same folder and of nothing else."""
    (folder / SUMS).write_text(text)
    assert refusal(folder, sealed=True) == f"{SUMS} is damaged"


def test_saving_anew_forgets_the_figures(folder: Path, model: Checkpoint) -> None:
    """They were measured of other weights."""
    (folder / FIGURES).write_text("{}")
    checkpoint.save(folder, model, card="")
    assert not (folder / FIGURES).exists()
