"""What the ablations' tests share: one small corpus, and a plan that is over at once."""

from pathlib import Path

import pytest

from audiogroove.evaluation.ablations.running import Plan
from audiogroove.training.dataset import Dataset, load
from audiogroove.training.recipe import Recipe
from tests.training import tunes

SIZES = (
    *(("embed", 16), ("look", 8), ("encoder", 8), ("hidden", 16)),
    *(("heads", 2), ("head_size", 32), ("chain", 16)),
)


@pytest.fixture(scope="session")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare a few tunes of three styles into a folder."""
    folder = tmp_path_factory.mktemp("corpus")
    tunes.prepare(tunes.write_corpus(folder / "music"), folder / "data")
    return folder / "data"


@pytest.fixture(scope="session")
def data(music: Path) -> Dataset:
    """Load the prepared tunes."""
    return load(music)


@pytest.fixture
def plan() -> Plan:
    """Plan runs of a handful of steps with networks that learn nothing much."""
    recipe = Recipe(rows=3, window=24, rate=0.01, warmup_steps=2)
    return Plan(recipe, notes=144, sizes=SIZES, token_windows=16, pieces=1)
