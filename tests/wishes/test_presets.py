"""Presets: names for how freely the music plays."""

import re
from itertools import pairwise

import pytest

from audiogroove.errors import RequestRefused
from audiogroove.request import Sampling
from audiogroove.wishes import PRESETS, Preset, parse_preset, preset_name
from tests.wishes.granting import wished

LOOSE = parse_preset("loose").sampling


def test_in_the_pocket_is_as_usual() -> None:
    """Whoever names it gets what all others get."""
    assert parse_preset("in the pocket").sampling == Sampling()


def test_each_is_freer_than_the_one_before() -> None:
    """In every respect, as the list is read from top to bottom."""
    for one, next_one in pairwise(preset.sampling for preset in PRESETS):
        assert one.temperature < next_one.temperature
        assert one.rhythm_temperature < next_one.rhythm_temperature
        assert one.top_p < next_one.top_p
        assert one.min_p >= next_one.min_p


def test_no_two_have_a_word_in_common() -> None:
    """Nor an alias that another one is called."""
    words = [word for preset in PRESETS for word in (preset.name, *preset.aliases)]
    assert len(words) == len(set(words))
    assert all(re.fullmatch(r"[a-z]+( [a-z]+)*", word) for word in words)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_told_by_its_values(preset: Preset) -> None:
    """A stored request has them alone."""
    assert parse_preset(preset_name(preset.sampling) or "") is preset


def test_other_values_have_no_name() -> None:
    """A value that was changed is told by itself."""
    assert preset_name(Sampling(temperature=0.123)) is None


@pytest.mark.parametrize("typed", ["Loose", " loose ", "LOOSER", "loosely"])
def test_a_preset_is_found_however_it_is_typed(typed: str) -> None:
    """Capitals and forms of the word are forgiven."""
    assert parse_preset(typed).name == "loose"


@pytest.mark.parametrize("typed", ["in-the-pocket", "In_The Pocket", "pocket"])
def test_a_name_of_several_words_is_found_with_any_gaps(typed: str) -> None:
    """On a command line nobody likes quotation marks."""
    assert parse_preset(typed).name == "in the pocket"


def test_an_unknown_preset_is_refused_with_those_there_are() -> None:
    """There are few enough to name them all."""
    with pytest.raises(RequestRefused) as caught:
        parse_preset("happy")
    assert caught.value.possible == "tight, in the pocket, loose, out"


def test_a_wish_sets_all_values_of_a_preset() -> None:
    """One word for five numbers."""
    assert wished(preset="loose").sampling == LOOSE


@pytest.mark.parametrize("order", [("preset", "top_k"), ("top_k", "preset")])
def test_a_value_refines_a_preset_in_any_order(order: tuple[str, str]) -> None:
    """The others stay as the preset has them."""
    wishes = {"preset": "loose", "top_k": "40"}
    sampling = wished(**{name: wishes[name] for name in order}).sampling
    assert (sampling.top_k, sampling.temperature) == (40, LOOSE.temperature)


def test_a_value_as_usual_refines_a_preset_too() -> None:
    """What is said is meant, even where it is nothing special otherwise."""
    usual = Sampling().temperature
    assert wished(preset="out", temperature=f"{usual:g}").sampling.temperature == usual
