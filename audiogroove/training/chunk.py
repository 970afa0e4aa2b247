"""What reading a chunk of files gave, on disk, so that a run that was cut short can go on."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiogroove.training.dataset import DAMAGES, as_bytes, info_of
from audiogroove.training.reading import Outcome, Reading, Refusal


def save(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write outcomes to a file, whole or not at all; see `load`."""
    readings = [outcome for outcome in outcomes if isinstance(outcome, Reading)]
    about = {
        "refused": [asdict(outcome) for outcome in outcomes if isinstance(outcome, Refusal)],
        "read": [{"info": asdict(one.info), "fingerprint": one.fingerprint} for one in readings],
    }
    arrays: dict[str, NDArray[Any]] = {
        f"events{index}": one.events for index, one in enumerate(readings)
    }
    arrays |= {f"sketch{index}": one.sketch for index, one in enumerate(readings)}
    half = path.with_suffix(".half.npz")
    np.savez(half, about=as_bytes(json.dumps(about)), **arrays)  # type: ignore[arg-type]  # as in dataset
    half.replace(path)


def load(path: Path) -> list[Outcome] | None:
    """Read a file written by `save`; None when there is no whole one."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            about = json.loads(stored["about"].tobytes())
            outcomes: list[Outcome] = [Refusal(**entry) for entry in about["refused"]]
            for index, entry in enumerate(about["read"]):
                arrays = stored[f"events{index}"], stored[f"sketch{index}"]
                outcomes.append(
                    Reading(info_of(entry["info"]), arrays[0], entry["fingerprint"], arrays[1])
                )
            return outcomes
    except DAMAGES:
        return None
