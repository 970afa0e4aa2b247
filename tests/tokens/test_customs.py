"""What is customary in a style, counted and written down."""

import json
from dataclasses import asdict

import pytest

from audiogroove.tokens.customs import ENSEMBLES, METERS, Custom, Sample, quartiles
from audiogroove.tokens.vocabulary import DRUMS
from tests.tokens.scores import CUSTOMS

TRIO, SOLO = (0, 32, DRUMS), (0,)
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


@pytest.mark.parametrize(
    ("values", "expected"),
    [([5.0], (5, 5, 5)), ([4, 1, 3, 2, 5], (2, 3, 4)), ([1.0, 2.006], (1, 1, 2.01))],
)
def test_quartiles_are_values_that_occur(
    values: list[float], expected: tuple[float, float, float]
) -> None:
    """In whatever order they come, to a hundredth."""
    assert quartiles(values) == expected


@pytest.mark.parametrize("custom", [Custom.learn(SAMPLES), *CUSTOMS.values()])
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
