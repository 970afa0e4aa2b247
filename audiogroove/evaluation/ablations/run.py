"""One finished run, and the shelf on which runs are kept so that none is done twice."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from audiogroove.errors import RequestRefused
from audiogroove.training.metrics import Evaluation


@dataclass(frozen=True, slots=True)
class Run:
    """One arm trained with one seed, and how well it foretells music that was held out."""

    arm: str
    seed: int
    weights: int
    products: int  # see Learner.products
    steps: int
    notes: int  # that it learnt from, one that was seen twice counted twice
    processor_s: float
    evaluations: tuple[Evaluation, ...]  # without wishes, and with where the arm knows any

    @property
    def pace(self) -> float:
        """Notes learnt from in a second of the processor."""
        return self.notes / self.processor_s

    def to_json(self) -> dict[str, object]:
        """Write a run as JSON values; see `of`."""
        return asdict(self) | {"evaluations": [one.to_json() for one in self.evaluations]}

    @classmethod
    def of(cls, entry: dict[str, Any]) -> "Run":
        """Make a run from its JSON object; undoes `to_json`."""
        evaluations = tuple(Evaluation.of(one) for one in entry["evaluations"])
        return cls(**entry | {"evaluations": evaluations})


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where finished runs lie, a file each; without a folder nowhere."""

    folder: Path | None
    made_from: Mapping[str, object]  # JSON values: runs made from other ones are refused

    def find(self, arm: str, seed: int) -> Run | None:
        """Give a finished run.

        Raises:
            RequestRefused: when it was made from something else.
        """
        path = self._path(arm, seed)
        if path is None or not path.is_file():
            return None
        entry = json.loads(path.read_text(encoding="utf-8"))
        if entry["made_from"] != self.made_from:
            raise RequestRefused(
                "out", asked=self.folder, possible="a folder of runs with this budget and data"
            )
        return Run.of(entry["run"])

    def put(self, run: Run) -> None:
        """Keep a finished run, whole or not at all."""
        path = self._path(run.arm, run.seed)
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        told = {"made_from": self.made_from, "run": run.to_json()}
        half.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        half.replace(path)

    def _path(self, arm: str, seed: int) -> Path | None:
        return None if self.folder is None else self.folder / f"{arm}-{seed}.json"
