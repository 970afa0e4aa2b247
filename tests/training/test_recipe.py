"""The numbers that a run is made from."""

from math import isclose

from audiogroove.training.recipe import Recipe


def test_a_run_ends_after_its_steps() -> None:
    """However long they take."""
    recipe = Recipe(steps=200)
    assert [recipe.done(step, 1e6) for step in (0, 100, 200, 300)] == [0.0, 0.5, 1.0, 1.0]


def test_a_run_with_a_clock_ends_after_its_minutes() -> None:
    """However many steps they give."""
    recipe = Recipe(steps=200, minutes=2)
    assert [recipe.done(10**6, seconds) for seconds in (0, 60, 500)] == [0.0, 0.5, 1.0]


def test_the_rate_rises_in_a_line_and_falls_in_half_a_wave() -> None:
    """From a part of the peak, to the peak, to the final rate."""
    recipe = Recipe(steps=1000, warmup_steps=10, rate=1.0, final_rate=0.1)
    rates = [recipe.rate_at(step, 0) for step in range(1001)]
    assert [rates[0], rates[4], rates[9]] == [0.1, 0.5, 1.0]
    assert isclose(0.55, rates[500])
    assert isclose(0.1, rates[1000])
    assert sorted(rates[10:], reverse=True) == rates[10:]
