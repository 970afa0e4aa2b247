"""Choosing, with all that is leant to: what it makes of the notes of a network of drawn weights.

The same network, the same dice and the same that it is told; just what is leant to is another.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pytest

from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import Batch
from audiogroove.model.row import Row
from audiogroove.music.theory import tonic_chord
from audiogroove.request import ComposeRequest
from audiogroove.tokens.brief import Brief, make_brief
from audiogroove.tokens.codec import BAR, PART, PITCH
from audiogroove.tokens.counterpoint import LENIENT, Roughness, Strictness, count_roughness
from audiogroove.tokens.customs import Lay
from audiogroove.tokens.draft import Draft, Event
from audiogroove.tokens.form import Form
from audiogroove.tokens.rules import beyond
from tests.model import builders
from tests.model.builders import CUSTOMS, FLUTE, WORDS

LAYS: tuple[Lay, Lay] = ((76, 83), (55, 62))  # narrower than real ones, of a flute and a piano
SEATED = replace(CUSTOMS["waltz"], seatings=((LAYS,),))


def briefs(*, bars: int) -> list[Brief]:
    """Settle some waltzes, whose custom knows where their parts lie."""
    customs = {"waltz": SEATED}
    requests = [ComposeRequest(seed, style="waltz", bars=bars) for seed in range(12)]
    return [make_brief(request, WORDS, ("waltz",), customs) for request in requests]


def written(model: Checkpoint, settled: Sequence[Brief]) -> list[list[Event]]:
    """Write each brief with the dice of its place; give the notes."""
    rows = [Row(Draft(one, WORDS), np.random.default_rng(seed)) for seed, one in enumerate(settled)]
    batch = Batch(model.network, model.vocabulary)
    for row in rows:
        batch.join(row)
    builders.finished(batch)
    return [row.draft.new for row in rows]


@pytest.fixture(scope="module")
def restless() -> Checkpoint:
    """Make a tiny model that does not fill its bars, whatever it is told."""
    made = builders.checkpoint()
    made.network.heads.out.get_parameter("bar.bias")[0] -= 7
    return made


def strays(pieces: Sequence[Sequence[Event]]) -> list[float]:
    """Tell by how many semitones notes are beyond where their part lies, each part's average."""
    events = np.array([event for piece in pieces for event in piece])
    return [
        float(beyond(events[events[:, PART] == part, PITCH], *lay).mean())
        for part, lay in enumerate(LAYS)
    ]


def test_parts_keep_near_to_where_they_lie(model: Checkpoint) -> None:
    """As their custom has it; without it they play what an instrument has."""
    seated = briefs(bars=4)
    assert {one.lays for one in seated} == {LAYS}
    near = strays(written(model, seated))
    far = strays(written(model, [replace(one, lays=()) for one in seated]))
    assert all(one < 0.75 * other for one, other in zip(near, far, strict=True))


def home_share(settled: Sequence[Brief], pieces: Sequence[Sequence[Event]], bar: int) -> float:
    """Tell which share of a bar's notes is of the tonic chord."""
    home = [
        event[PITCH] % 12 in tonic_chord(one.paper.key)
        for one, piece in zip(settled, pieces, strict=True)
        for event in piece
        if event[BAR] == bar and one.paper.key
    ]
    return float(np.mean(home))


def test_pieces_come_home(model: Checkpoint) -> None:
    """In the last bar; nothing before it is another if nobody knows where home is."""
    known = briefs(bars=4)
    lost = [replace(one, paper=replace(one.paper, key=None)) for one in known]
    pieces, others = written(model, known), written(model, lost)
    assert home_share(known, pieces, 3) > home_share(known, others, 3) + 0.05
    for one, other in zip(pieces, others, strict=True):
        early = [[event for event in piece if event[BAR] < 3] for piece in (one, other)]
        assert early[0] == early[1]


def repeated(model: Checkpoint, text: str) -> float:
    """Tell which share of the notes of the second half come where and as in the first, of 32 bars.

    The last bar closes, and does so in its own way.
    """
    form = Form.read(text)
    settled = [replace(one, frame=replace(one.frame, form=form)) for one in briefs(bars=32)]
    pieces = [{event[: PITCH + 1] for event in piece} for piece in written(model, settled)]
    again = [
        (bar - 16, *rest) in piece for piece in pieces for bar, *rest in piece if 16 <= bar < 31
    ]
    return float(np.mean(again))


@pytest.fixture
def indifferent() -> Checkpoint:
    """Make a tiny model to which everything is alike, but that it stays in the bar it is in."""
    made = builders.checkpoint()
    for name, weights in made.network.heads.out.named_parameters():
        weights.mul_(name == "bar.bias")
    return made


def test_what_comes_again_is_leant_to(indifferent: Checkpoint) -> None:
    """Note for note where it is the same, less where it is like it, by chance where it is open."""
    same, like, unknown = (
        repeated(indifferent, text) for text in (".*16=16*16", ".*16~16*16", "?*32")
    )
    assert same > 1.5 * like
    assert like > 1.2 * unknown > 0


def counts(model: Checkpoint, *rates: float) -> list[int]:
    """Write pieces whose parts are to play so many notes a bar; count what each plays.

    The last bar closes: there nobody is hurried, and a restless model has most of its notes.
    """
    due = [replace(one, rates=np.array(rates)) for one in briefs(bars=24)]
    pieces = written(model, due)
    played = [event[PART] for piece in pieces for event in piece if event[BAR] < 23]
    return [played.count(part) for part in range(len(rates))]


def test_who_is_to_play_more_plays_more(restless: Checkpoint) -> None:
    """Beside others who are to play less."""
    (flute, piano), (less, more) = counts(restless, 40, 1), counts(restless, 1, 40)
    assert flute / (flute + piano) > 1.3 * less / (less + more)


def test_music_is_as_full_as_it_is_to_be(restless: Checkpoint) -> None:
    """Bars are left later where much is due, and sooner where little is."""
    assert sum(counts(restless, 40, 40)) > 1.3 * sum(counts(restless, 0.1, 0.1))


def roughness(model: Checkpoint, strict: Strictness, *, keep_to: Collection[int]) -> Roughness:
    """Write duets of some pitch classes in so strict a counterpoint; count how it is kept."""
    customs = {"waltz": replace(CUSTOMS["waltz"], ensembles=(((FLUTE, FLUTE), 1),))}
    requests = [ComposeRequest(seed, style="waltz", bars=48) for seed in range(12)]
    settled = [make_brief(one, WORDS, ("waltz",), customs) for one in requests]
    asked = [replace(one, strictness=strict, keep_to=frozenset(keep_to)) for one in settled]
    events = [
        (48 * number + bar, *rest)
        for number, piece in enumerate(written(model, asked))
        for bar, *rest in piece
    ]
    lines = 36 * np.arange(48 * len(asked) + 1)
    return count_roughness(np.array(events), lines, np.zeros(2, dtype=np.bool_))


def test_strict_counterpoint_clashes_less(indifferent: Checkpoint) -> None:
    """With what sounds."""
    free, strict = (
        roughness(indifferent, one, keep_to=range(12)).clashes
        for one in (LENIENT, Strictness(clashes=2))
    )
    assert strict is not None
    assert free is not None
    assert strict < 0.5 * free


def test_strict_counterpoint_moves_less_in_parallel(indifferent: Checkpoint) -> None:
    """Even if there is little else to do than fifths and octaves."""
    free, strict = (
        roughness(indifferent, one, keep_to=(0, 7)).parallels
        for one in (LENIENT, Strictness(parallels=4))
    )
    assert strict is not None
    assert free is not None
    assert strict < 0.5 * free
