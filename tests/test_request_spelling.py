"""A request through JSON and back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.errors import RequestRefused
from audiogroove.music.instruments import DRUMS, INSTRUMENTS
from audiogroove.music.piece import MAX_MELODIC_PARTS, TEMPO_RANGE_BPM, Note, Part, Piece
from audiogroove.music.theory import SCALES, Scale, scale_on
from audiogroove.request import DENSITIES, MAX_NEW_BARS, MAX_SEED, ComposeRequest, Mode, Sampling
from audiogroove.request_spelling import respelled, spelled
from tests.strategies import METERS, keys, pieces

scales = st.builds(scale_on, st.integers(0, 11), st.sampled_from(sorted(SCALES))) | st.builds(
    Scale, st.text(), st.integers(0, 11), st.frozensets(st.integers(0, 11))
)
samplings = st.builds(
    Sampling,
    temperature=st.floats(0.05, 3),
    rhythm_temperature=st.floats(0.05, 3),
    top_k=st.integers(0, 1000),
    top_p=st.floats(0, 1, exclude_min=True),
    min_p=st.floats(0, 1, exclude_max=True),
)
players = st.lists(st.sampled_from(INSTRUMENTS), max_size=MAX_MELODIC_PARTS).flatmap(
    lambda melodic: st.sampled_from([tuple(melodic), (*melodic, DRUMS)])
)
anybody = {  # what may be wished in any mode
    "seed": st.integers(0, MAX_SEED),
    "style": st.none() | st.text(),
    "key": st.none() | keys,
    "scale": st.none() | scales,
    "strict_scale": st.booleans(),
    "density": st.none() | st.sampled_from(DENSITIES),
    "sampling": samplings,
}
tempos = st.none() | st.floats(*TEMPO_RANGE_BPM) | st.integers(*map(int, TEMPO_RANGE_BPM))
lengths = st.none() | st.integers(1, MAX_NEW_BARS)

compositions = st.builds(
    ComposeRequest,
    **anybody,
    bars=lengths,
    tempo_bpm=tempos,
    meter=st.none() | st.sampled_from(METERS),
    parts=players,
    form=st.none() | st.text(),
)


@st.composite
def ranges(draw: st.DrawFn, material: Piece) -> tuple[int, int]:
    """Bars of a piece that may be varied."""
    first = draw(st.integers(0, material.bars - 1))
    return first, draw(st.integers(first + 1, min(material.bars, first + MAX_NEW_BARS)))


@st.composite
def developments(draw: st.DrawFn) -> ComposeRequest:
    """Requests that start from a piece: continued, varied or accompanied."""
    wishes: dict[str, Any] = {name: draw(wish) for name, wish in anybody.items()}
    material = draw(pieces().filter(lambda piece: piece.note_count))
    with_drums = any(part.is_drums for part in material.parts)
    room = MAX_MELODIC_PARTS - len(material.parts) + with_drums
    added = draw(st.lists(st.sampled_from(INSTRUMENTS), max_size=room))
    added += [DRUMS] * draw(st.integers(0, not with_drums))
    mode = draw(st.sampled_from([Mode.CONTINUE, Mode.VARY, *[Mode.ACCOMPANY] * bool(added)]))
    if mode is Mode.CONTINUE:
        wishes |= {"bars": draw(lengths), "tempo_bpm": draw(tempos)}
    elif mode is Mode.VARY:
        wishes["bar_range"] = draw(ranges(material))
    else:
        wishes |= {"parts": tuple(added), "bar_range": draw(st.none() | ranges(material))}
    return ComposeRequest(mode=mode, material=material, **wishes)


@given(compositions | developments())
def test_every_request_comes_back_as_it_went(request: ComposeRequest) -> None:
    """Through the text of a JSON document."""
    assert respelled(json.loads(json.dumps(spelled(request)))) == request


def test_a_wish_left_open_is_left_out() -> None:
    """What is kept stays small."""
    assert spelled(ComposeRequest(7)).keys() == {
        "seed",
        "mode",
        "strict_scale",
        "parts",
        "ending",
        "sampling",
    }


def test_a_wish_that_was_not_known_then_is_left_open() -> None:
    """A request that was kept before there were instruments to wish for."""
    told = spelled(ComposeRequest(7, style="waltz"))
    del told["parts"]
    assert respelled(told) == ComposeRequest(7, style="waltz")


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        ({"seed": -1}, RequestRefused),
        ({"mode": "whistle"}, ValueError),
        ({"key": [60, "major"]}, ValueError),
        ({"parts": [[128, False]]}, IndexError),
        ({"sampling": {"luck": 7}}, TypeError),
        ({"wish": "granted"}, TypeError),
    ],
)
def test_what_is_no_request_is_refused(damage: dict[str, Any], error: type[Exception]) -> None:
    """A request is checked however it comes about."""
    with pytest.raises(error):
        respelled(spelled(ComposeRequest(7)) | damage)


def test_a_title_keeps_its_blanks() -> None:
    """A piece of ours is not tidied as a stranger's is."""
    tune = Piece((Part((Note(0, 60, 12),)),), bars=1, title=" \N{REPLACEMENT CHARACTER} ")
    request = ComposeRequest(7, Mode.CONTINUE, material=tune)
    assert respelled(spelled(request)) == request
