"""A run learns, keeps to its budget, follows from its seed, and is not done twice."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from audiogroove.errors import RequestRefused
from audiogroove.evaluation.ablations.run import Shelf
from audiogroove.evaluation.ablations.running import NAMES, Bench, Plan, learn
from audiogroove.training.dataset import Dataset


@pytest.mark.parametrize("arm", NAMES)
def test_an_arm_is_trained_and_measured(arm: str, data: Dataset, plan: Plan) -> None:
    """It learnt from about as many notes as it was allowed, and its figures are figures."""
    run = Bench(data, plan).run(arm, 1)
    assert run.steps * Bench(data, plan).learner(arm, 1).notes_a_step >= 144
    assert 0 < run.notes <= 216
    assert all(0 < told.overall.total < 100 for told in run.evaluations)


def test_learning_pays(data: Dataset, plan: Plan) -> None:
    """More notes, fewer nats."""
    little, much = (Bench(data, replace(plan, notes=notes)).run("full", 1) for notes in (72, 4000))
    assert much.evaluations[0].overall.total < little.evaluations[0].overall.total - 1


def test_the_ancestor_learns_too(data: Dataset, plan: Plan) -> None:
    """Slowly, in notes."""
    little, much = (
        Bench(data, replace(plan, notes=notes)).run("ancestor", 1) for notes in (3, 200)
    )
    assert much.evaluations[0].overall.total < little.evaluations[0].overall.total - 0.5


def test_a_run_follows_from_its_seed(data: Dataset, plan: Plan) -> None:
    """With a budget in notes to the last digit, and another seed gives another run."""
    one, again, other = (
        Bench(data, plan).run("full", seed).evaluations[0].overall.total for seed in (1, 1, 2)
    )
    assert one == pytest.approx(again, abs=1e-5)
    assert abs(one - other) > 1e-3


def test_all_arms_with_one_seed_learn_from_the_same_windows(data: Dataset, plan: Plan) -> None:
    """So that a difference is owed to the arm alone."""
    bench = Bench(data, plan)
    drawn = [bench.learner(arm, 1).task(np.random.default_rng(7)).notes for arm in NAMES[:-1]]
    assert len(set(drawn)) == 1


def test_a_budget_in_minutes_is_time_on_its_clock(data: Dataset, plan: Plan) -> None:
    """Of a clock that goes on by a second whenever it is read, a step takes one."""
    timed = replace(plan.recipe, minutes=0.1)
    learner = Bench(data, replace(plan, recipe=timed, notes=None)).learner("full", 1)
    ticks = count()
    course = learn(learner, timed, clock=lambda: float(next(ticks)))
    assert (course.steps, course.processor_s) == (6, 6.0)


def test_progress_is_told_to_the_end(data: Dataset, plan: Plan) -> None:
    """In rising shares."""
    shares: list[float] = []
    Bench(data, plan).run("full", 1, shares.append)
    assert (shares == sorted(shares), shares[-1]) == (True, 1.0)


def test_an_unknown_arm_is_refused(data: Dataset, plan: Plan) -> None:
    """With the names that there are."""
    with pytest.raises(RequestRefused) as refused:
        Bench(data, plan).learner("leg", 1)
    assert "no-attention" in refused.value.possible


def test_a_finished_run_is_found_again(data: Dataset, plan: Plan, tmp_path: Path) -> None:
    """As it was put there."""
    shelf = Shelf(tmp_path / "runs", plan.made_from(data))
    run = Bench(data, plan).run("gru", 2)
    shelf.put(run)
    assert shelf.find("gru", 2) == run
    assert (shelf.find("gru", 1), shelf.find("full", 2)) == (None, None)


def test_a_run_of_another_plan_is_not_mixed_in(data: Dataset, plan: Plan, tmp_path: Path) -> None:
    """Figures of unlike budgets do not belong side by side."""
    Shelf(tmp_path, plan.made_from(data)).put(Bench(data, plan).run("full", 1))
    other = Shelf(tmp_path, replace(plan, notes=288).made_from(data))
    with pytest.raises(RequestRefused):
        other.find("full", 1)


def test_without_a_folder_nothing_is_kept(data: Dataset, plan: Plan) -> None:
    """And nothing is found."""
    shelf = Shelf(None, plan.made_from(data))
    shelf.put(Bench(data, plan).run("full", 1))
    assert shelf.find("full", 1) is None


def test_the_ancestor_multiplies_many_times_as_much_for_a_note(data: Dataset, plan: Plan) -> None:
    """A window of 32 for each of six tokens, with as many weights."""
    full, ancestor = (Bench(data, plan).learner(name, 1).products for name in ("full", "ancestor"))
    assert ancestor > 50 * full
