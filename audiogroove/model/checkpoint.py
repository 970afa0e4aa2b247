"""A trained network as a folder: config, weights, vocabulary and a card that people read.

    config.json         sizes of the network, its styles and their customs, the vocabulary's print
    model.safetensors   weights, in half precision
    vocabulary.jsonl    what the ids mean
    novelty.npz         if any: what it has learned from, so that it does not quote from it
    SHA256SUMS          what all of these hash to; see model.sums
    README.md           the model card
    figures.json        if any: what was measured of it, as the card shows it

Nothing in it is executed or unpickled; files that do not belong together are refused.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes

from audiogroove.errors import CheckpointRejected
from audiogroove.model import sums
from audiogroove.model.network import Config, Network
from audiogroove.model.sums import SUMS
from audiogroove.quotation.index import Index
from audiogroove.tokens.customs import Custom
from audiogroove.tokens.features import DENSITIES, STYLES
from audiogroove.tokens.vocabulary import Vocabulary

FORMAT = 2
READABLE = {1, FORMAT}  # format 1 knows nothing of how busy parts are
SHIPPED = Path(__file__).parent / "shipped"
CONFIG, WEIGHTS, WORDS, CARD = "config.json", "model.safetensors", "vocabulary.jsonl", "README.md"
NOVELTY, FIGURES = "novelty.npz", "figures.json"
FILES = (CONFIG, WEIGHTS, WORDS, CARD, SUMS, NOVELTY, FIGURES)  # nothing else belongs to a model
SUMMED = (CONFIG, WEIGHTS, WORDS, NOVELTY)  # the others are for people, who may edit them
# tables that format 2 has DENSITIES more rows in, at their end
FORMAT_2_ADDED = ("encoder.events.table.weight", "heads.parts.table.weight")
# what files raise that were not written here, or not to the end
DAMAGES = (AttributeError, LookupError, TypeError, ValueError, RuntimeError, SafetensorError)


@dataclass(frozen=True)
class Checkpoint:
    """A network ready to compose, and what its ids and styles mean."""

    network: Network
    vocabulary: Vocabulary
    styles: tuple[str, ...]  # id 1 is the first
    customs: dict[str, Custom]
    name: str
    # digests of the pieces that it was not trained on, by split, so that no later division of
    # the same corpus examines it on music that it knows; see training.metrics
    held_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    novelty: Index | None = None  # of what it was trained on; None lets it quote


def save(
    folder: Path, checkpoint: Checkpoint, *, card: str, dtype: torch.dtype = torch.float16
) -> None:
    """Write a checkpoint folder; see `load`."""
    folder.mkdir(parents=True, exist_ok=True)
    for outdated in (SUMS, FIGURES):  # what is cut short leaves no sums rather than wrong ones
        (folder / outdated).unlink(missing_ok=True)
    weights = {
        name: tensor.detach().cpu().to(dtype).contiguous()
        for name, tensor in checkpoint.network.state_dict().items()
    }
    about = {
        "format": FORMAT,
        "name": checkpoint.name,
        "network": asdict(checkpoint.network.config),
        "vocabulary": checkpoint.vocabulary.fingerprint,
        "styles": list(checkpoint.styles),
        "held_out": {split: list(digests) for split, digests in checkpoint.held_out.items()},
    }
    half = folder / (WEIGHTS + ".half")
    told = {"vocabulary": checkpoint.vocabulary.fingerprint}
    half.write_bytes(to_bytes(weights, metadata=told))  # `save_file` would hide it from others
    half.replace(folder / WEIGHTS)
    (folder / WORDS).write_text("\n".join(checkpoint.vocabulary.lines()) + "\n", encoding="utf-8")
    (folder / CONFIG).write_text(_config(about, checkpoint.customs), encoding="utf-8")
    (folder / CARD).write_text(card, encoding="utf-8")
    if checkpoint.novelty is None:
        (folder / NOVELTY).unlink(missing_ok=True)  # another model's
    else:
        checkpoint.novelty.save(folder / NOVELTY)
    seal(folder)


def _config(about: Mapping[str, object], customs: Mapping[str, Custom]) -> str:
    """Write what a model is as JSON, with a line for each style's customs: they are long."""
    lines = [f"  {json.dumps(style)}: {json.dumps(asdict(one))}" for style, one in customs.items()]
    head = json.dumps(about, indent=1).removesuffix("\n}")
    return f'{head},\n "customs": {{\n' + ",\n".join(lines) + "\n }\n}\n"


def seal(folder: Path) -> None:
    """Write down what the files of a model hash to, after one of them was changed on purpose."""
    sums.write(folder, [name for name in SUMMED if (folder / name).is_file()])


def load(folder: Path = SHIPPED) -> Checkpoint:
    """Read a checkpoint folder, by default the one that comes with the package; undoes `save`.

    The network comes in single precision, in evaluation mode, on the CPU.

    Raises:
        CheckpointRejected: when a file is missing or damaged, or they do not belong together.
    """
    for name in (CONFIG, WEIGHTS, WORDS):
        if not (folder / name).is_file():
            raise CheckpointRejected(folder, fault=f"there is no {name} in it")
    sums.check(folder)
    with _reading(folder, WORDS):
        words = Vocabulary.read((folder / WORDS).read_text(encoding="utf-8"))
    with _reading(folder, CONFIG):
        about = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        _check(about, words, folder)
        styles = tuple(str(style) for style in about["styles"])
        customs = {style: Custom.of(about["customs"][style]) for style in styles}
        held_out = {split: tuple(digests) for split, digests in about["held_out"].items()}
        network = Network(_config_of(about["network"]))
    with _reading(folder, WEIGHTS):
        _fill(network, folder / WEIGHTS, words)
    network.eval().requires_grad_(requires_grad=False)
    novelty = Index.load(folder / NOVELTY) if (folder / NOVELTY).is_file() else None
    return Checkpoint(network, words, styles, customs, str(about["name"]), held_out, novelty)


@contextmanager
def _reading(folder: Path, name: str) -> Iterator[None]:
    """Blame a file for what goes wrong while it is read, in one line.

    Raises:
        CheckpointRejected: whenever what is read turns out to be damaged.
    """
    try:
        yield
    except DAMAGES as error:
        words = " ".join(str(error).split())
        raise CheckpointRejected(folder, fault=f"{name} is damaged ({words[:200]})") from error


def _check(about: dict[str, Any], words: Vocabulary, folder: Path) -> None:
    if about["format"] not in READABLE:
        raise CheckpointRejected(
            folder, fault=f"the format of its {CONFIG} is {about['format']}, not {FORMAT}"
        )
    if about["vocabulary"] != words.fingerprint:
        raise CheckpointRejected(folder, fault=f"{WORDS} is not the one it was trained with")
    if len(about["styles"]) > STYLES:
        raise ValueError(f"{len(about['styles'])} styles, and there is room for {STYLES}")


def _config_of(entry: dict[str, Any]) -> Config:
    """Make the sizes of a network from their JSON object; undoes `asdict`.

    Raises:
        ValueError: when a size is missing, unknown or none.
    """
    names = {size.name for size in fields(Config)}
    if set(entry) != names:
        raise ValueError(f"sizes {sorted(set(entry) ^ names)} are missing or unknown")
    sizes = {name: size for name, size in entry.items() if name not in {"vocabulary", "dropout"}}
    for name, size in (*entry["vocabulary"].items(), *sizes.items()):
        if not isinstance(size, int) or size < 1:
            raise ValueError(f"{name} cannot be {size}")
    return Config(**entry)


def _fill(network: Network, path: Path, words: Vocabulary) -> None:
    """Read the weights of a network.

    Raises:
        CheckpointRejected: when they are those of another network, or of other words.
    """
    with safe_open(path, framework="pt") as file:
        trained_with = (file.metadata() or {}).get("vocabulary")
        weights = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    if trained_with != words.fingerprint:
        raise CheckpointRejected(path.parent, fault=f"{WEIGHTS} was trained with another {WORDS}")
    shapes = {name: tensor.shape for name, tensor in network.state_dict().items()}
    for name in FORMAT_2_ADDED:
        missing = shapes[name][0] - len(weights.get(name, ()))
        if missing == DENSITIES:  # of zeros, they say nothing
            weights[name] = torch.cat((weights[name], torch.zeros(missing, shapes[name][1])))
    if {name: tensor.shape for name, tensor in weights.items()} != shapes:
        raise CheckpointRejected(
            path.parent, fault=f"{WEIGHTS} is not of the sizes that {CONFIG} tells"
        )
    network.load_state_dict(weights)
