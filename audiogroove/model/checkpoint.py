"""A trained network as a folder: config, weights, vocabulary and a card that people read.

    config.json         sizes of the network, its styles and their customs, the vocabulary's print
    model.safetensors   weights, in half precision
    vocabulary.jsonl    what the ids mean
    README.md           the model card

Nothing in it is executed or unpickled; files that do not belong together are refused.
"""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from audiogroove.errors import CheckpointRejected
from audiogroove.model.network import Config, Network
from audiogroove.tokens.customs import Custom
from audiogroove.tokens.vocabulary import Vocabulary

FORMAT = 1
SHIPPED = Path(__file__).parent / "shipped"
CONFIG, WEIGHTS, WORDS, CARD = "config.json", "model.safetensors", "vocabulary.jsonl", "README.md"


@dataclass(frozen=True)
class Checkpoint:
    """A network ready to compose, and what its ids and styles mean."""

    network: Network
    vocabulary: Vocabulary
    styles: tuple[str, ...]  # id 1 is the first
    customs: dict[str, Custom]
    name: str


def save(folder: Path, checkpoint: Checkpoint, *, card: str, dtype: torch.dtype = torch.float16) -> None:
    """Write a checkpoint folder; see `load`."""
    folder.mkdir(parents=True, exist_ok=True)
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
        "customs": {style: asdict(custom) for style, custom in checkpoint.customs.items()},
    }
    half = folder / (WEIGHTS + ".half")
    save_file(weights, half, metadata={"vocabulary": checkpoint.vocabulary.fingerprint})
    half.replace(folder / WEIGHTS)
    (folder / WORDS).write_text("\n".join(checkpoint.vocabulary.lines()) + "\n", encoding="utf-8")
    (folder / CONFIG).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    (folder / CARD).write_text(card, encoding="utf-8")


def load(folder: Path = SHIPPED) -> Checkpoint:
    """Read a checkpoint folder, by default the one that comes with the package; undoes `save`.

    The network comes in single precision, in evaluation mode, on the CPU.

    Raises:
        CheckpointRejected: when a file is missing or damaged, or they do not belong together.
    """
    for name in (CONFIG, WEIGHTS, WORDS):
        if not (folder / name).is_file():
            raise CheckpointRejected(folder, fault=f"there is no {name} in it")
    try:
        about = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        words = Vocabulary.read((folder / WORDS).read_text(encoding="utf-8"))
        _check(about, words, folder)
        config = Config(**_known(about["network"]))
        customs = {style: Custom.of(entry) for style, entry in about["customs"].items()}
        network = Network(config)
        weights = {name: tensor.float() for name, tensor in load_file(folder / WEIGHTS).items()}
        network.load_state_dict(weights, strict=True)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointRejected(folder, fault=f"{CONFIG} or {WORDS} is damaged: {error}") from error
    except (SafetensorError, RuntimeError) as error:
        raise CheckpointRejected(folder, fault=f"{WEIGHTS} does not fit {CONFIG}: {error}") from error
    network.eval().requires_grad_(requires_grad=False)
    return Checkpoint(network, words, tuple(about["styles"]), customs, str(about["name"]))


def _check(about: dict[str, object], words: Vocabulary, folder: Path) -> None:
    if about["format"] != FORMAT:
        raise CheckpointRejected(folder, fault=f"its format is {about['format']}, not {FORMAT}")
    if about["vocabulary"] != words.fingerprint:
        raise CheckpointRejected(folder, fault=f"{WORDS} is not the one it was trained with")


def _known(entry: dict[str, object]) -> dict[str, object]:
    names = {field.name for field in fields(Config)}
    if set(entry) != names:
        raise ValueError(f"sizes {sorted(set(entry) ^ names)} are missing or unknown")
    return entry
