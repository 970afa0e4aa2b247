"""What is customary in a style, counted and written down."""

import json
from dataclasses import asdict, replace

import pytest

from audiogroove.tokens.customs import (
    ENSEMBLES,
    FORMS,
    LEAST_PARTS,
    METERS,
    PROGRAMS,
    Custom,
    Sample,
    familiarity,
    family_of,
    pooled,
    quartiles,
    typical,
)
from audiogroove.tokens.form import SAME, Form
from audiogroove.tokens.vocabulary import DRUMS
from tests.tokens.scores import CUSTOMS

TRIO, SOLO = (0, 32, DRUMS), (0,)
ONE = (1.0, 1.0, 1.0)
SAMPLES = [
    Sample(TRIO, "4/4", 120.0, minor=False, notes_a_bar=10.0),
    Sample(TRIO, "4/4", 132.004, minor=False, notes_a_bar=14.0),
    Sample(SOLO, "3/4", None, minor=True, notes_a_bar=4.0),
    Sample(TRIO, "4/4", 140.0, minor=False, notes_a_bar=12.0),
]


def test_customs_are_counted() -> None:
    """The commonest first; a piece that names no tempo has no say in it."""
    assert Custom.learn(SAMPLES) == Custom(
        pieces=4,
        ensembles=((TRIO, 3), (SOLO, 1)),
        meters=(("4/4", 3), ("3/4", 1)),
        tempos_bpm=(120.0, 132.0, 140.0),
        minor_share=0.25,
        notes_a_bar=(10.0, 12.0, 12.0),
    )


def test_a_style_without_tempos_walks() -> None:
    """110 quarters a minute."""
    assert Custom.learn(SAMPLES[2:3]).tempos_bpm == (110.0, 110.0, 110.0)


def test_rare_customs_are_forgotten() -> None:
    """So many ensembles and meters are kept, the commonest."""
    odd = [SAMPLES[0]._replace(programs=(one,), meter=f"{1 + one % 32}/4") for one in range(100)]
    custom = Custom.learn([*odd, SAMPLES[0], SAMPLES[0]])
    assert (len(custom.ensembles), len(custom.meters)) == (ENSEMBLES, METERS)
    assert custom.ensembles[0] == (TRIO, 2)


def busy(*notes: float, programs: tuple[int, ...] = TRIO) -> Sample:
    """Make a piece whose parts have so many notes a bar."""
    return SAMPLES[0]._replace(programs=programs, activities=notes)


PLAYED = [busy(4, 2, 8), busy(6, 4, 8), busy(5, 3, 16), busy(20.04, programs=SOLO)]


def test_an_ensemble_has_a_balance() -> None:
    """The median of what each of its parts plays."""
    custom = Custom.learn(PLAYED)
    assert custom.balances == ((5.0, 3.0, 8.0), (20.0,))
    assert custom.balance(TRIO) == (5.0, 3.0, 8.0)
    assert custom.balance((0, 0)) is None
    assert CUSTOMS["waltz"].balance(CUSTOMS["waltz"].ensembles[0][0]) is None


def test_a_program_s_activity_is_counted_over_all_ensembles() -> None:
    """A piano alone has a say in it; what few play makes no custom if there are others."""
    assert Custom.learn(PLAYED).activities == ((0, 4, (5.0, 6.0, 6.0)),)
    assert Custom.learn(PLAYED[1:2]).activities == tuple(
        (program, 1, (notes,) * 3) for program, notes in zip(TRIO, (6, 4, 8), strict=True)
    )
    many = [busy(*range(1, 41), programs=tuple(range(40)))] * LEAST_PARTS
    assert len(Custom.learn(many).activities) == PROGRAMS


def test_what_hardly_plays_still_plays() -> None:
    """A note in thirty bars is not nothing."""
    custom = Custom.learn([busy(0.03, 0.04, 0.01)])
    assert custom.balances == ((0.1, 0.1, 0.1),)
    assert custom.activities[0] == (0, 1, (0.1, 0.1, 0.1))


def test_pooled_activities_weigh_what_they_count() -> None:
    """Three parts of one, one of the other."""
    assert pooled([(0, 3, (1, 2, 3)), (1, 1, (5, 6, 7))]) == (2.0, 3.0, 4.0)


def test_programs_have_families() -> None:
    """The kit is its own."""
    assert [family_of(program) for program in (1, 33, DRUMS)] == ["piano", "bass", "drums"]


def test_typical_forms_are_spread_as_all_are() -> None:
    """Where half of the pieces never repeat a bar, half of the forms do not either."""
    never = [".*16"] * 60
    often = [f".*{new}=1*{16 - new}" for new in range(1, 16) for _ in range(4)]
    chosen = typical([*often, *never])
    assert len(chosen) == FORMS
    assert chosen.count(".*16") == FORMS // 2
    repeated = [float((Form.read(text).levels == SAME).mean()) for text in chosen]
    assert sum(repeated) / FORMS == pytest.approx(0.25, abs=0.02)
    assert typical(often[:5]) == tuple(sorted(often[:5], reverse=True))
    assert typical([]) == ()


@pytest.mark.parametrize(
    ("values", "expected"),
    [([5.0], (5, 5, 5)), ([4, 1, 3, 2, 5], (2, 3, 4)), ([1.0, 2.006], (1, 1, 2.01))],
)
def test_quartiles_are_values_that_occur(
    values: list[float], expected: tuple[float, float, float]
) -> None:
    """In whatever order they come, to a hundredth."""
    assert quartiles(values) == expected


@pytest.mark.parametrize(
    "custom",
    [
        Custom.learn(SAMPLES),
        Custom.learn([one._replace(forms=(".*8=8*8",)) for one in PLAYED]),
        *CUSTOMS.values(),
    ],
)
def test_customs_come_back_from_json(custom: Custom) -> None:
    """As they travel beside the weights."""
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
    "change", [{"balances": [[1.0]]}, {"balances": [[1.0, 2.0], [1.0]]}, {"forms": [".*8=9"]}]
)
def test_customs_must_fit_each_other(change: dict[str, object]) -> None:
    """A balance for each part of each ensemble, and forms that are some."""
    with pytest.raises(ValueError, match=r"form|balances"):
        Custom.of(asdict(CUSTOMS["waltz"]) | change)


def test_older_customs_are_read_without_the_newer() -> None:
    """They know nothing of balances, activities and forms."""
    entry = asdict(CUSTOMS["waltz"])
    for name in ("balances", "activities", "forms"):
        del entry[name]
    assert Custom.of(entry) == CUSTOMS["waltz"]


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
