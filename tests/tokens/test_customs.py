"""What is customary in a style, written down, and who is familiar to it."""

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.tokens.census import Sample, custom_of
from audiogroove.tokens.counterpoint import Roughness
from audiogroove.tokens.customs import Custom, familiarity, family_of, pooled
from audiogroove.tokens.vocabulary import DRUMS
from tests.tokens.scores import BASS, CUSTOMS, FLUTE, PIANO, STRINGS

ONE = (1.0, 1.0, 1.0)
KIT = (36, 38, 42, 46)
# everything is known of this one
WHOLE = replace(
    CUSTOMS["ragtime"],
    balances=((10.0,), (6.0, 3.0, 12.0)),
    activities=((PIANO, 90, (4.0, 8.0, 16.0)), (BASS, 10, (2.0, 3.0, 4.0))),
    forms=(".*8=8*8", ".*16"),
    seatings=((((36, 84),), ((40, 90),)), (((48, 79), (28, 52), KIT),)),
    registers=((PIANO, 90, (43.0, 60.5, 78.0)), (BASS, 10, (28.0, 39.0, 50.0))),
    clashes=0.15,
    parallels=0.02,
)
NEWER = (
    "balances",
    "activities",
    "forms",
    "seatings",
    "registers",
    "clashes",
    "parallels",
)


def test_pooled_activities_weigh_what_they_count() -> None:
    """Three parts of one, one of the other."""
    assert pooled([(0, 3, (1, 2, 3)), (1, 1, (5, 6, 7))]) == (2.0, 3.0, 4.0)


def test_programs_have_families() -> None:
    """The kit is its own."""
    assert [family_of(program) for program in (1, 33, DRUMS)] == ["piano", "bass", "drums"]


# Written down


@pytest.mark.parametrize("custom", [WHOLE, *CUSTOMS.values()])
def test_customs_come_back_from_json(custom: Custom) -> None:
    """As they travel beside the weights."""
    assert Custom.of(json.loads(json.dumps(asdict(custom)))) == custom


programs = st.lists(st.sampled_from([PIANO, BASS, FLUTE, STRINGS, DRUMS]), min_size=1, max_size=4)
pitches = st.integers(0, 127)
meters = st.sampled_from(["4/4", "3/4"])
shares = st.none() | st.floats(0, 1)
forms = st.sampled_from([".*16", ".*8=8*8", ".*8~8*8"])


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Draw what a piece tells; now and then one that does not tell where its parts lie."""
    players = draw(programs)
    spans = st.tuples(pitches, pitches).map(sorted).map(tuple)
    kits = st.sets(pitches, min_size=1, max_size=9).map(sorted).map(tuple)
    return Sample(
        tuple(players),
        draw(meters),
        draw(st.none() | st.floats(30, 300)),
        draw(st.booleans()),
        draw(st.floats(0.1, 60)),
        tuple(draw(st.floats(0.1, 30)) for _ in players),
        draw(st.none() | forms),
        tuple(draw(kits if one == DRUMS else spans) for one in players)
        if draw(st.integers(0, 9))
        else (),
        Roughness(draw(shares), draw(shares)),
    )


@given(st.lists(samples(), min_size=1, max_size=12))
def test_whatever_is_counted_comes_back_from_json(counted: list[Sample]) -> None:
    """To the last digit."""
    custom = custom_of(counted, len(counted))
    assert Custom.of(json.loads(json.dumps(asdict(custom)))) == custom


@pytest.mark.parametrize(
    "change",
    [
        {"pieces": "many"},
        {"ensembles": []},
        {"ensembles": 5},
        {"ensembles": [[[0], 1, 2]]},
        {"ensembles": [[0, 1]]},
        {"meters": [["4/4", "often"]]},
        {"meters": [[4, 1]]},
        {"tempos_bpm": [100.0, 120.0]},
        {"notes_a_bar": [1, 2, None]},
        {"minor_share": None},
        {"colour": "blue"},
        {"balances": [[1, 0]]},
        {"balances": [["often"]]},
        {"balances": [3]},
        {"activities": [[0, 1]]},
        {"activities": [[0, 1, [1, 2]]]},
        {"activities": [[0, 0, [1, 2, 3]]]},
        {"activities": [[0, 1, [1, 2, -3]]]},
        {"activities": [[0, 1, [1, 2, float("inf")]]]},
        {"forms": ".*16"},
        {"forms": [16]},
        {"seatings": 3},
        {"seatings": [3]},
        {"seatings": [[]]},
        {"seatings": [[[60, 72]]]},
        {"seatings": [[[[60, 72], 40]]]},
        {"seatings": [[[[60, 72], ["low", "high"]]]]},
        {"registers": 3},
        {"registers": [[0, 1]]},
        {"registers": [[0, 1, [48, 60]]]},
        {"registers": [[0, 1, [48, 60, "high"]]]},
        {"registers": [[0, 0, [48, 60, 72]]]},
        {"registers": [[0.5, 1, [48, 60, 72]]]},
        {"clashes": ()},
        {"clashes": 1.5},
        {"parallels": "few"},
        {"parallels": -0.1},
    ],
)
def test_other_shapes_are_no_customs(change: dict[str, object]) -> None:
    """A damaged file is noticed when it is read, not when somebody asks for a waltz."""
    with pytest.raises(TypeError, match=r"customs are|not"):
        Custom.of(asdict(CUSTOMS["waltz"]) | change)


def test_no_custom_may_be_missing() -> None:
    """Each has its wish to answer."""
    entry = asdict(CUSTOMS["waltz"])
    del entry["meters"]
    with pytest.raises(TypeError, match="meters"):
        Custom.of(entry)


@pytest.mark.parametrize(
    "change",
    [
        {"balances": [[1.0]]},
        {"balances": [[1.0, 2.0], [1.0]]},
        {"forms": [".*8=9"]},
        {"seatings": [[[[60, 72]]]]},
        {"seatings": [[[[60, 72], [40, 52]], [[60, 72]]]]},
        {"seatings": [[[[60, 72], [40, 52]]], [[[60, 72]]]]},
    ],
)
def test_customs_must_fit_each_other(change: dict[str, object]) -> None:
    """A balance and lays for each part of each ensemble, and forms that are some."""
    with pytest.raises(ValueError, match=r"form|balances|seatings"):
        Custom.of(asdict(CUSTOMS["waltz"]) | change)


def test_older_customs_are_read_without_the_newer() -> None:
    """What they do not know is not guessed; what they know stays."""
    old = {name: value for name, value in asdict(WHOLE).items() if name not in NEWER}
    assert Custom.of(old) == CUSTOMS["ragtime"]
    older = {name: value for name, value in asdict(WHOLE).items() if name not in NEWER[3:]}
    rest = replace(WHOLE, seatings=(), registers=(), clashes=None, parallels=None)
    assert Custom.of(older) == rest


def test_a_seating_is_that_of_the_very_ensemble() -> None:
    """The same players in the same order; of older customs there is none."""
    assert WHOLE.seating((PIANO,)) == (((36, 84),), ((40, 90),))
    assert WHOLE.seating((PIANO, BASS, DRUMS)) == (((48, 79), (28, 52), KIT),)
    assert WHOLE.seating((BASS, PIANO, DRUMS)) == ()
    assert CUSTOMS["ragtime"].seating((PIANO,)) == ()


# Who is familiar


def test_players_are_more_familiar_to_some_styles() -> None:
    """A style in which nine of ten parts are pianos, one of none, one of which nothing is known."""
    pianos, flutes = (
        replace(CUSTOMS["waltz"], activities=((0, first, ONE), (73, second, ONE)))
        for first, second in ((900, 100), (0, 1000))
    )
    styles = [pianos, flutes, CUSTOMS["waltz"]]
    solo, duet, nobody = (familiarity(band, styles) for band in ((0,), (0, 73), ()))
    assert solo.argmax() == 0
    assert solo.argmin() == 1
    assert duet.argmax() == 0
    assert nobody.tolist() == pytest.approx([1 / 3] * 3)
    for shares in (solo, duet, nobody):
        assert shares.sum() == pytest.approx(1)
        assert shares.min() > 0
