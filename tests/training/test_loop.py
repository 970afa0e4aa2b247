"""The training loop: it learns, and a run that was cut short goes on to the step."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from typing_extensions import override

from audiogroove.model import checkpoint
from audiogroove.model.network import FIELDS
from audiogroove.training import loop
from audiogroove.training.dataset import Dataset
from audiogroove.training.loop import Place, Trainer, train
from audiogroove.training.recipe import Recipe
from tests.training import tunes

ALONE = Place(0, 1, torch.device("cpu"))
RECIPE = Recipe(
    steps=8, rows=3, window=24, rate=0.01, warmup_steps=2, save_minutes=0, log_steps=2, seed=5
)


class PowerCutError(Exception):
    """The run is over before its end."""


class Mortal(Trainer):
    """A trainer that dies when it has saved a given step."""

    last = 3

    @override
    def save(self) -> None:
        super().save()
        if self.step == self.last:
            raise PowerCutError


def run_until(last: int, data: Dataset, out: Path, recipe: Recipe = RECIPE) -> Trainer:
    """Train until a step is saved, and no further."""
    trainer = Mortal(data, out, recipe, tunes.tiny_config(data), ALONE)
    trainer.last = last
    with pytest.raises(PowerCutError):
        trainer.run()
    return trainer


def run(data: Dataset, out: Path, recipe: Recipe = RECIPE) -> Trainer:
    """Train to the end, or go on to it."""
    return train(data, out, recipe, tunes.tiny_config(data))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, data: Dataset) -> Trainer:
    """Train once without a break, to compare with."""
    return run(data, tmp_path_factory.mktemp("whole"))


def states(trainer: Trainer) -> dict[str, Tensor]:
    """List all that a run is: weights, their average, the optimiser's moments."""
    found = {f"network.{name}": tensor for name, tensor in trainer.network.state_dict().items()}
    found |= {f"average.{name}": tensor for name, tensor in trainer.average.state_dict().items()}
    for index, moments in trainer._optimiser.state_dict()["state"].items():
        found |= {f"optimiser.{index}.{name}": moment for name, moment in moments.items()}
    return found


def assert_same(one: Trainer, two: Trainer) -> None:
    """Compare two runs to the limits of single precision."""
    assert one.step == two.step
    first, second = states(one), states(two)
    assert first.keys() == second.keys()
    for name, tensor in first.items():
        torch.testing.assert_close(tensor, second[name], msg=name)


def logged(out: Path) -> list[dict[str, float]]:
    """Read a run's log."""
    return [json.loads(line) for line in (out / loop.LOG).read_text().splitlines()]


def test_a_network_learns(tmp_path: Path, data: Dataset) -> None:
    """Twenty-one tunes, a few dozen steps: far fewer nats a note than at first."""
    run(data, tmp_path, replace(RECIPE, steps=24, save_minutes=9, log_steps=6))
    totals = [record["total"] for record in logged(tmp_path)]
    assert len(totals) == 4
    assert totals[-1] < 0.8 * totals[0]


def test_a_run_follows_from_its_seed(tmp_path: Path, data: Dataset, whole: Trainer) -> None:
    """The same twice, and another for another seed."""
    assert_same(whole, run(data, tmp_path / "same"))
    other = run(data, tmp_path / "other", replace(RECIPE, seed=6))
    name = "heads.query.weight"
    assert not torch.allclose(whole.network.state_dict()[name], other.network.state_dict()[name])


@pytest.mark.parametrize("last", [1, 3])
def test_a_run_that_was_cut_short_ends_as_if_it_had_not_been(
    tmp_path: Path, data: Dataset, whole: Trainer, last: int
) -> None:
    """Weights, average and moments, with dropout and all: the same batches, the same dice."""
    run_until(last, data, tmp_path)
    assert_same(whole, run(data, tmp_path))


CHILD = """
import sys
from pathlib import Path

from tests.training import test_loop, tunes

class Watched(test_loop.Trainer):
    def save(self):
        if self.step <= 3:
            super().save()
            print("saved", self.step, flush=True)

    def _learn(self, batch):
        losses = super()._learn(batch)
        if self.step == 5:
            print("learnt", self.step, flush=True)
            sys.stdin.read()  # for ever: the parent kills
        return losses

data = tunes.dataset.load(Path(sys.argv[1]))
config = tunes.tiny_config(data)
Watched(data, Path(sys.argv[2]), test_loop.RECIPE, config, test_loop.ALONE).run()
"""


def test_a_killed_process_is_outlived_by_its_run(
    tmp_path: Path, data: Dataset, data_folder: Path, whole: Trainer
) -> None:
    """A child is killed two steps after it saved; who goes on takes those steps again."""
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(data_folder), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "OMP_NUM_THREADS": "1"},  # noqa: TID251  (a child of the test's own)
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline().strip() for _ in range(4)]
        child.send_signal(signal.SIGKILL)
    assert lines == ["saved 1", "saved 2", "saved 3", "learnt 5"]
    assert child.returncode == -signal.SIGKILL
    resumed = Trainer(data, tmp_path, RECIPE, tunes.tiny_config(data), ALONE)
    assert resumed.step == 3
    resumed.run()
    assert_same(whole, resumed)


def test_weights_say_themselves_how_old_they_are(tmp_path: Path, data: Dataset) -> None:
    """A run killed between two files of one save goes on from the newer."""
    run_until(3, data, tmp_path)
    old = (tmp_path / loop.STATE).read_text()
    run_until(5, data, tmp_path)
    for text in (old, '{"step": 5, "ela'):
        (tmp_path / loop.STATE).write_text(text)
        trainer = Trainer(data, tmp_path, RECIPE, tunes.tiny_config(data), ALONE)
        assert trainer.step == 5


def test_half_written_weights_do_not_count(tmp_path: Path, data: Dataset) -> None:
    """A run killed while it saves goes on from the save before."""
    run_until(3, data, tmp_path)
    (tmp_path / (loop.STATE_WEIGHTS + ".half")).write_bytes(b"half a fil")
    assert run(data, tmp_path).step == 8


def test_weights_without_an_age_are_as_old_as_the_file_beside_them(
    tmp_path: Path, data: Dataset
) -> None:
    """Runs begun before the weights told it can be taken up."""
    run_until(3, data, tmp_path)
    path = tmp_path / loop.STATE_WEIGHTS
    save_file(load_file(path), path)
    assert Trainer(data, tmp_path, RECIPE, tunes.tiny_config(data), ALONE).step == 3


def test_a_run_that_is_done_stays_done(tmp_path: Path, data: Dataset) -> None:
    """Started once more, it takes no step."""
    done = run(data, tmp_path)
    before = (tmp_path / loop.STATE_WEIGHTS).read_bytes()
    assert_same(done, run(data, tmp_path))
    assert before == (tmp_path / loop.STATE_WEIGHTS).read_bytes()


def test_a_longer_recipe_goes_on_where_a_shorter_ended(tmp_path: Path, data: Dataset) -> None:
    """A tinkerer who wants more trains on."""
    run(data, tmp_path)
    assert run(data, tmp_path, replace(RECIPE, steps=11)).step == 11


def test_a_run_ends_when_its_time_is_up(tmp_path: Path, data: Dataset) -> None:
    """Of no time at all, the first step is the last."""
    assert run(data, tmp_path, replace(RECIPE, minutes=1e-9)).step == 1


def test_the_checkpoint_is_the_average(tmp_path: Path, data: Dataset) -> None:
    """In half precision, with all that composing and examining it takes."""
    trainer = run(data, tmp_path / "mine")
    ready = checkpoint.load(tmp_path / "mine")
    assert ("mine", data.vocabulary.fingerprint) == (ready.name, ready.vocabulary.fingerprint)
    assert set(tunes.STYLES) == set(ready.styles) == set(ready.customs)
    assert data.held_out() == ready.held_out
    for name, tensor in trainer.average.state_dict().items():
        torch.testing.assert_close(ready.network.state_dict()[name], tensor, rtol=1e-3, atol=1e-4)
    assert "Trained for 8 steps" in (tmp_path / "mine" / checkpoint.CARD).read_text()


def test_the_average_follows_the_weights(tmp_path: Path, data: Dataset, whole: Trainer) -> None:
    """Neither where they began nor where they are."""
    began = Trainer(data, tmp_path, RECIPE, tunes.tiny_config(data), ALONE)
    name = "heads.query.weight"
    first, last = (of.network.state_dict()[name] for of in (began, whole))
    middle = whole.average.state_dict()[name]
    assert 0 < float((middle - first).norm()) < float((last - first).norm())
    assert float((middle - last).norm()) > 0


def test_the_log_has_a_mean_every_few_steps(tmp_path: Path, data: Dataset) -> None:
    """Fields add up to the total, and notes are counted."""
    run(data, tmp_path)
    records = logged(tmp_path)
    assert [record["step"] for record in records] == [2, 4, 6, 8]
    for record in records:
        fields = sum(record[field] for field in FIELDS)
        assert abs(fields - record["total"]) < 0.001
        assert 3 * 24 * record["step"] == record["notes"]


def test_the_first_mean_after_a_cut_is_a_mean_too(tmp_path: Path, data: Dataset) -> None:
    """Taken up in between, the log tells of the steps since; it does not tell too little."""
    run(data, tmp_path / "steps", replace(RECIPE, log_steps=1))
    run_until(3, data, tmp_path / "cut")
    run(data, tmp_path / "cut")
    each = {record["step"]: record["total"] for record in logged(tmp_path / "steps")}
    means = {record["step"]: record["total"] for record in logged(tmp_path / "cut")}
    assert means[4] == pytest.approx(each[4], abs=1e-3)
    assert means[6] == pytest.approx((each[5] + each[6]) / 2, abs=1e-3)


def test_each_of_several_processes_sees_other_music(tmp_path: Path, data: Dataset) -> None:
    """Batches follow from seed, step and rank; only the first process writes."""
    first, second = (
        Trainer(data, tmp_path, RECIPE, tunes.tiny_config(data), replace(ALONE, rank=rank, count=2))
        for rank in (0, 1)
    )
    pitches = [of._draw(step).chosen.pitch for of in (first, second) for step in (0, 1)]
    assert len({tuple(one.flatten().tolist()) for one in pitches}) == 4
    second.save()
    assert not list(tmp_path.iterdir())


TEAM = """
import sys
from pathlib import Path

import torch

from tests.training import test_loop, tunes

torch.set_num_threads(1)
data = tunes.dataset.load(Path(sys.argv[1]))
place = test_loop.Place.here()
out = Path(sys.argv[2]) / str(place.rank)
trainer = test_loop.Trainer(data, out, test_loop.RECIPE, tunes.tiny_config(data), place)
trainer.run()
test_loop.save_file(test_loop.states(trainer), out / "all.safetensors")
torch.distributed.destroy_process_group()
"""


def test_two_processes_train_one_network(tmp_path: Path, data_folder: Path) -> None:
    """Started by torchrun, each learns from its own batches and both come to the same weights."""
    script = tmp_path / "team.py"
    script.write_text(TEAM)
    launch = [
        *(sys.executable, "-m", "torch.distributed.run"),
        "--standalone",
        "--nproc-per-node=2",
    ]
    root = str(Path(__file__).parents[2])
    child = subprocess.run(
        [*launch, str(script), str(data_folder), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": root},  # noqa: TID251
    )
    assert child.returncode == 0, child.stderr
    one, two = (load_file(tmp_path / rank / "all.safetensors") for rank in "01")
    for name, tensor in one.items():
        torch.testing.assert_close(tensor, two[name], msg=name)
    assert [path.name for path in (tmp_path / "1").iterdir()] == ["all.safetensors"]
