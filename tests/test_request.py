"""What may be asked: each wish by itself, and which go together."""

from dataclasses import replace
from typing import Any

import pytest

from audiogroove.errors import RequestRefused
from audiogroove.music.instruments import DRUMS, INSTRUMENTS, parse_part
from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from audiogroove.request import (
    DENSITIES,
    MAX_NEW_BARS,
    MAX_SEED,
    ComposeRequest,
    Mode,
    Sampling,
    parse_range,
)
from audiogroove.sentences import sentence_for

TUNE = Piece((Part((Note(0, 60, 12), Note(96, 62, 12))),), bars=8)
TUNE_AND_BEAT = TUNE.with_parts([*TUNE.parts, Part((Note(0, 36, 3),), is_drums=True)])
FULL = TUNE.with_parts([TUNE.parts[0]] * 15)
BASS, FLUTE = parse_part("bass"), parse_part("flute")


Wishes = dict[str, Any]


def refusal(**wishes: Any) -> RequestRefused:
    """Ask for the impossible."""
    with pytest.raises(RequestRefused) as caught:
        ComposeRequest(**{"seed": 1, **wishes})
    return caught.value


# What may be wished of any piece


@pytest.mark.parametrize(
    "wishes",
    [
        {"seed": 0},
        {"seed": MAX_SEED},
        {"bars": 1},
        {"bars": MAX_NEW_BARS},
        {"tempo_bpm": 20},
        {"tempo_bpm": 400.0},
        {"meter": Meter(7, 8), "key": Key(3, "minor"), "form": "AABA", "style": "waltz"},
        {"parts": (*INSTRUMENTS[:15], DRUMS)},
        {"parts": (DRUMS,)},
        *({"density": density} for density in DENSITIES),
    ],
)
def test_a_composition_may_be_wished_so(wishes: Wishes) -> None:
    """From nothing at all up to the limits, both included."""
    request = ComposeRequest(**{"seed": 1, **wishes})
    assert all(getattr(request, name) == value for name, value in wishes.items())


@pytest.mark.parametrize(
    ("wishes", "field", "asked", "possible"),
    [
        ({"seed": -1}, "seed", -1, f"a number from 0 to {MAX_SEED}"),
        ({"seed": MAX_SEED + 1}, "seed", MAX_SEED + 1, f"a number from 0 to {MAX_SEED}"),
        ({"bars": 0}, "bars", 0, "1 to 128 new bars"),
        ({"bars": 129}, "bars", 129, "1 to 128 new bars"),
        ({"tempo_bpm": 19.99}, "tempo", 19.99, "20 to 400 beats a minute"),
        ({"tempo_bpm": 400.5}, "tempo", 400.5, "20 to 400 beats a minute"),
        ({"density": "thick"}, "density", "thick", "sparse, light, medium, busy, dense"),
        (
            {"parts": (DRUMS, DRUMS)},
            "parts",
            "drums, drums",
            "up to 15 instruments and one drum kit",
        ),
        ({"bar_range": (4, 8)}, "range", "5-8", "a range with vary"),
        ({"material": TUNE}, "mode", "compose", "continue, vary or accompany a file"),
    ],
)
def test_the_impossible_is_refused(
    wishes: Wishes, field: str, asked: object, possible: str
) -> None:
    """With the wish that was too much, as people would say it, and what would do."""
    error = refusal(**wishes)
    assert (field, asked, possible) == (error.field, error.asked, error.possible)


def test_a_tempo_that_is_no_number_is_refused() -> None:
    """NaN is neither too slow nor too fast."""
    assert refusal(tempo_bpm=float("nan")).field == "tempo"


def test_sixteen_instruments_are_one_too_many() -> None:
    """The drums come on top of fifteen."""
    error = refusal(parts=(FLUTE,) * 16)
    assert (error.field, error.possible) == ("parts", "up to 15 instruments and one drum kit")


# What goes with which mode


@pytest.mark.parametrize(
    "wishes",
    [
        {"mode": Mode.CONTINUE},
        {"mode": Mode.CONTINUE, "bars": 8, "tempo_bpm": 90.0, "density": "dense"},
        {"mode": Mode.VARY, "bar_range": (0, 1)},
        {"mode": Mode.VARY, "bar_range": (0, 8), "key": Key(0)},
        {"mode": Mode.ACCOMPANY, "parts": (BASS,)},
        {"mode": Mode.ACCOMPANY, "parts": (BASS, DRUMS), "bar_range": (7, 8)},
    ],
)
def test_a_file_may_be_gone_on_from_so(wishes: Wishes) -> None:
    """Continued, varied in some bars, accompanied in all or some."""
    assert ComposeRequest(1, material=TUNE, **wishes).material == TUNE


@pytest.mark.parametrize("mode", [Mode.CONTINUE, Mode.VARY, Mode.ACCOMPANY])
@pytest.mark.parametrize("material", [None, Piece((), 1), Piece((Part(()),), 4)])
def test_nothing_is_nothing_to_go_on_from(mode: Mode, material: Piece | None) -> None:
    """There must be a file, and a note in it."""
    error = refusal(mode=mode, material=material)
    assert (error.field, error.asked) == ("mode", mode)
    assert error.possible == "compose, or a MIDI file to start from"


CONTINUE: Wishes = {"mode": Mode.CONTINUE, "material": TUNE}
VARY: Wishes = {"mode": Mode.VARY, "material": TUNE, "bar_range": (0, 4)}
ACCOMPANY: Wishes = {"mode": Mode.ACCOMPANY, "material": TUNE, "parts": (BASS,)}


@pytest.mark.parametrize("mode", [CONTINUE, VARY, ACCOMPANY])
def test_a_file_brings_its_own_meter_and_form(mode: Wishes) -> None:
    """They can be wished of a new composition only."""
    for field, asked in (("meter", Meter(3, 4)), ("form", "AABA")):
        error = refusal(**mode, **{field: asked})
        assert (error.field, error.asked) == (field, asked)
        assert error.possible == "one with compose only: the file brings its own"


@pytest.mark.parametrize(
    ("wishes", "field", "asked", "possible"),
    [
        (CONTINUE | {"bar_range": (0, 4)}, "range", "1-4", "a range with vary"),
        (CONTINUE | {"parts": (BASS,)}, "parts", "bass", "those of the file; accompany adds one"),
        (VARY | {"parts": (BASS,)}, "parts", "bass", "those of the file; accompany adds one"),
        (VARY | {"bars": 8}, "bars", 8, "no new bars here; continue adds some"),
        (ACCOMPANY | {"bars": 8}, "bars", 8, "no new bars here; continue adds some"),
        (VARY | {"tempo_bpm": 90}, "tempo", 90, "the file's own tempo in this mode"),
        (ACCOMPANY | {"tempo_bpm": 90}, "tempo", 90, "the file's own tempo in this mode"),
        (VARY | {"bar_range": None}, "range", "none", "bars within 1-8"),
        (ACCOMPANY | {"parts": ()}, "parts", "none", "the part to add, such as bass or drums"),
    ],
)
def test_what_a_mode_does_not_do_is_refused(
    wishes: Wishes, field: str, asked: object, possible: str
) -> None:
    """With what it does instead."""
    error = refusal(**wishes)
    assert (field, asked, possible) == (error.field, error.asked, error.possible)


@pytest.mark.parametrize(
    ("bars", "asked"),
    [((-1, 2), "0-2"), ((4, 4), "5-4"), ((5, 3), "6-3"), ((0, 9), "1-9"), ((8, 9), "9-9")],
)
@pytest.mark.parametrize("mode", [VARY, ACCOMPANY])
def test_bars_that_are_not_there_are_refused(
    mode: Wishes, bars: tuple[int, int], asked: str
) -> None:
    """Or none at all, or backwards; said as people count."""
    error = refusal(**mode | {"bar_range": bars})
    assert (error.field, error.asked) == ("range", asked)
    assert error.possible == "bars within 1-8, at most 128 of them"


def test_too_long_a_range_is_refused() -> None:
    """A hundred and twenty-eight bars are the most at once."""
    symphony = replace(TUNE, bars=500)
    long = VARY | {"material": symphony, "bar_range": (0, 129)}
    assert refusal(**long).possible == "bars within 1-500, at most 128 of them"
    shorter = ComposeRequest(1, **long | {"bar_range": (0, 128)})
    assert shorter.bar_range == (0, 128)


@pytest.mark.parametrize(
    ("material", "parts"), [(TUNE_AND_BEAT, (DRUMS,)), (FULL, (BASS,)), (TUNE, (FLUTE,) * 15)]
)
def test_a_stage_may_be_too_full_for_company(material: Piece, parts: Any) -> None:
    """One drum kit and fifteen others are the most, old and new together."""
    error = refusal(mode=Mode.ACCOMPANY, material=material, parts=parts)
    assert error.field == "parts"
    assert error.possible == "up to 15 instruments and one drum kit in all"


def test_a_full_stage_has_room_for_drums() -> None:
    """They are the sixteenth."""
    assert ComposeRequest(1, Mode.ACCOMPANY, FULL, parts=(DRUMS,)).parts == (DRUMS,)


def test_a_refusal_reads_well() -> None:
    """Nothing of how wishes are stored shows through."""
    said = sentence_for(refusal(**CONTINUE | {"parts": (BASS, DRUMS)}))
    assert (
        said
        == "I cannot do parts “bass, drums”; possible is those of the file; accompany adds one."
    )


# How daring the dice are


@pytest.mark.parametrize(
    ("field", "least", "most", "too_much"),
    [
        ("temperature", 0.05, 3, (0.04, 3.01, -1, float("nan"))),
        ("rhythm_temperature", 0.05, 3, (0, 3.01, float("inf"))),
        ("top_k", 0, 1000, (-1, 1001)),
        ("top_p", 0.001, 1, (0, 1.01, -0.5)),
        ("min_p", 0, 0.99, (-0.01, 1)),
    ],
)
def test_dice_have_limits(
    field: str, least: float, most: float, too_much: tuple[float, ...]
) -> None:
    """Both ends are possible and nothing beyond them."""
    for value in (least, most):
        dice: Wishes = {field: value}
        assert getattr(Sampling(**dice), field) == value
    for value in too_much:
        dice = {field: value}
        with pytest.raises(RequestRefused) as caught:
            Sampling(**dice)
        assert caught.value.field == field


# As people type it


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("5-8", (4, 8)),
        ("5", (4, 5)),
        (" 5 - 8 ", (4, 8)),
        ("5–8", (4, 8)),
        ("5:8", (4, 8)),
        ("5..8", (4, 8)),
        ("1-1", (0, 1)),
        ("1-2000", (0, 2000)),
    ],
)
def test_bars_are_counted_from_one(text: str, bars: tuple[int, int]) -> None:
    """Both ends belong to it; stored they count from 0, the end left out."""
    assert bars == parse_range(text)


@pytest.mark.parametrize(
    "text", ["", "five", "0", "0-3", "8-5", "-5", "5-", "1-2-3", "5 8", "12345"]
)
def test_what_is_no_range_is_refused(text: str) -> None:
    """With two that are."""
    with pytest.raises(RequestRefused) as caught:
        parse_range(text)
    assert (caught.value.field, caught.value.asked) == ("range", text)
    assert caught.value.possible == "a bar such as 5, or bars such as 5-8"


def test_a_key_brings_its_scale() -> None:
    """Dorian prefers its own notes; its key is the minor one nearest to it."""
    request = ComposeRequest(1).with_key("D dorian")
    assert request.key == Key(2, "minor")
    assert request.scale
    assert frozenset({0, 2, 4, 5, 7, 9, 11}) == request.scale.pitch_classes


def test_no_key_is_refused() -> None:
    """By the one who reads keys."""
    with pytest.raises(RequestRefused) as caught:
        ComposeRequest(1).with_key("H moll")
    assert caught.value.field == "key"
