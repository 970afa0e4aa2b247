"""A jam as JSON and back, by this version and by others."""

import json
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.jam.jam import Jam, Kind, Phase, Player, Spot, Take, Turn
from audiogroove.jam.settings import Seat, Settings, Way
from audiogroove.jam.spelling import FORMAT, respelled, spelled
from audiogroove.music.piece import Key, Meter
from audiogroove.store.packing import UNREADABLE
from tests.strategies_jam import jams

AGREED = Settings(
    Way.PARTS, "ragtime", Key(9, "minor"), 96.5, Meter(3, 4), seats=(Seat("melody", "sax"),)
)
JAM = Jam(
    id="k3v9x2m4qa",
    spot=Spot("discord", "discord:parlour"),
    settings=AGREED,
    host="discord:ada",
    players=(Player("discord:ada", "Ada", seat=0),),
    created_s=1_800_000_000.25,
    deadline_s=1_800_000_180.0,
    ends_s=1_800_007_200.0,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def told(jam: Jam) -> dict[str, Any]:
    """Spell a jam, as JSON gives it back."""
    given: dict[str, Any] = json.loads(json.dumps(spelled(jam)))
    return given


@given(jams())
def test_a_jam_comes_back_from_json_as_it_was(jam: Jam) -> None:
    """In every phase."""
    assert respelled(told(jam)) == jam


@given(jams())
def test_a_jam_is_spelled_in_values_of_json_alone(jam: Jam) -> None:
    """Nothing that JSON would have to turn into something else."""
    assert told(jam) == spelled(jam)


def test_what_was_agreed_holds_after_the_defaults_have_changed() -> None:
    """All that has one is written out; only what is None is not."""
    settings = told(JAM)["settings"]
    assert settings.keys() == {field.name for field in fields(Settings)} - {"form"}


def test_a_field_of_a_later_version_is_passed_over() -> None:
    """Wherever it is."""
    later = told(JAM)
    for whole in (later, later["settings"], later["players"][0]):
        whole["mood"] = ["blue"]
    assert respelled(later) == JAM


def test_a_field_that_an_earlier_version_did_not_know_has_its_default() -> None:
    """A jam that was open meanwhile goes on."""
    earlier = told(replace(JAM, is_voted=True, origin_bars=8))
    del earlier["is_voted"]
    del earlier["origin_bars"]
    assert respelled(earlier) == JAM


@pytest.mark.parametrize(
    "other",
    [
        {"format": FORMAT + 1},
        {"phase": "solo"},
        {"players": 3},
        {"players": [3]},
        {"settings": {}},
        {"settings": {"bars": 8}},
        {"votes": [["discord:ada"]]},
        {"takes": [{}]},
        {"turn": "discord:ada"},
    ],
)
def test_what_makes_no_sense_is_unreadable(other: dict[str, object]) -> None:
    """As when a later version wrote it."""
    with pytest.raises(UNREADABLE):
        respelled({**told(JAM), **other})


def test_what_was_never_possible_is_unreadable() -> None:
    """Settings are checked again."""
    impossible = told(JAM)
    impossible["settings"]["bars"] = 0
    with pytest.raises(UNREADABLE):
        respelled(impossible)


@given(jams(), st.data())
def test_a_damaged_jam_is_a_jam_or_unreadable(jam: Jam, data: st.DataObject) -> None:
    """Nothing else happens, whichever field is damaged, and how."""
    damaged = told(jam)
    damaged[data.draw(st.sampled_from(sorted(damaged)))] = data.draw(json_values)
    with suppress(*UNREADABLE):
        assert isinstance(respelled(damaged), Jam)


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_is_a_word(phase: Phase) -> None:
    """That whoever looks into the database can read."""
    assert told(replace(JAM, phase=phase))["phase"] == phase.value


def test_turns_and_takes_are_told_by_name() -> None:
    """So that later versions can add to them."""
    take = Take(1, 1, 1, "discord:ada", Kind.PLAYED, "m4qak3v9x2", 0, 4, 0)
    jam = replace(JAM, phase=Phase.HEARING, turn=Turn(1, 1, "discord:ada"), take=take)
    assert told(jam)["take"].keys() == {field.name for field in fields(Take)}
    assert told(jam)["turn"].keys() == {field.name for field in fields(Turn)} - {"density"}
