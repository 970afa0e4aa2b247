"""Company changes nothing: a row is written the same alone, in a crowd, and after others left."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogroove.model import checkpoint
from audiogroove.model.arithmetic import Floats
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import Batch
from audiogroove.model.network import FIELDS
from audiogroove.music.instruments import parse_part
from audiogroove.request import ComposeRequest, Mode, Sampling
from audiogroove.service.composing import open_row
from tests.model import builders
from tests.model.overhearing import Guest, tell

FLUTE = parse_part("flute")


def requests(count: int) -> list[ComposeRequest]:
    """Make requests of every kind, each with a seed and settings of its own."""
    made = []
    for seed in range(count):
        tune = builders.tune(seed, bars=2 + seed % 6)
        kinds = (
            ComposeRequest(seed, bars=4, style=builders.STYLES[seed % 3]),
            ComposeRequest(seed, Mode.CONTINUE, tune, bars=2),
            ComposeRequest(seed, Mode.VARY, tune, bar_range=(1, 2)),
            ComposeRequest(seed, bars=2 + seed % 5).with_key("D dorian"),
            ComposeRequest(seed, Mode.ACCOMPANY, tune, parts=(FLUTE,)),
        )
        sampling = Sampling(0.5 + seed % 4 / 4, top_k=seed % 3 * 5, top_p=1 - seed % 7 / 10)
        made.append(replace(kinds[seed % 5], sampling=sampling))
    return made


def alone(model: Checkpoint, request: ComposeRequest) -> list[tuple[int, ...]]:
    """Write one request by itself; give its new events."""
    row = open_row(model, request)
    batch = Batch(model.network, model.vocabulary)
    batch.join(row)
    builders.finished(batch)
    return row.draft.new


@pytest.fixture(scope="module")
def soloists(model: Checkpoint) -> list[list[tuple[int, ...]]]:
    """Write thirty requests, each by itself."""
    return [alone(model, request) for request in requests(30)]


@pytest.mark.parametrize("seats", [2, 7, 30])
def test_company_changes_nothing(
    model: Checkpoint, soloists: list[list[tuple[int, ...]]], seats: int
) -> None:
    """So many at a time, a new one joining when one is finished: each writes what it does alone."""
    rows = builders.rows(model, requests(30))
    batch = Batch(model.network, model.vocabulary)
    for row in rows:
        batch.join(row)
        while len(batch.rows) >= seats:
            batch.leave(batch.step())
    builders.finished(batch)
    assert soloists == [row.draft.new for row in rows]


def test_who_leaves_early_changes_nothing(
    model: Checkpoint, soloists: list[list[tuple[int, ...]]]
) -> None:
    """Whether before, between or after those who stay."""
    rows = builders.rows(model, requests(9))
    batch = Batch(model.network, model.vocabulary)
    for row in rows:
        batch.join(row)
    for leaver in (0, 4, 8):
        for _ in range(3):
            batch.leave(batch.step())
        batch.leave([rows[leaver]])
    builders.finished(batch)
    for index in (1, 2, 3, 5, 6, 7):
        assert soloists[index] == rows[index].draft.new


def test_the_same_seed_gives_the_same_notes(model: Checkpoint) -> None:
    """And another seed gives others."""
    asked = ComposeRequest(1, style="ragtime", bars=8)
    assert alone(model, asked) == alone(model, asked)
    assert alone(model, asked) != alone(model, ComposeRequest(2, style="ragtime", bars=8))


# Company changes no bit: all that the network says to a row is the same, to the last one


def same_bits(one: Sequence[dict[str, Floats]], two: Sequence[dict[str, Floats]]) -> bool:
    """Compare what was heard at some steps, as bytes."""
    return all(
        here[name].tobytes() == there[name].tobytes()
        for here, there in zip(one, two, strict=True)
        for name in ("hidden", *FIELDS)
    )


@pytest.fixture(scope="module")
def said_alone(model: Checkpoint) -> list[list[dict[str, Floats]]]:
    """Overhear what the network says to each of ten requests by itself."""
    return [tell(model, [Guest(request)])[0].heard for request in requests(10)]


@given(
    crowd=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 30), st.integers(1, 60)),
        min_size=2,
        max_size=20,
    )
)
@settings(max_examples=15, deadline=None)
def test_whoever_comes_and_goes_is_not_heard_by_the_others(
    model: Checkpoint,
    said_alone: list[list[dict[str, Floats]]],
    crowd: list[tuple[int, int, int]],
) -> None:
    """Any of the requests, even twice at once, joining and leaving at any step."""
    asked = requests(10)
    guests = [Guest(asked[which], joins, stays) for which, joins, stays in crowd]
    for (which, *_), story in zip(crowd, tell(model, guests), strict=True):
        assert same_bits(story.heard, said_alone[which][: len(story.heard)])


def test_the_shipped_model_says_the_same_in_crowds_of_two_to_twenty(threads: int) -> None:
    """One after the other joins and leaves again; on two threads four at a time: it takes long."""
    model = checkpoint.load()
    asked = [replace(one, style=None) for one in requests(20)]
    pace = threads**2
    stays = 24 // pace
    guests = [Guest(one, joins=place // pace, stays=stays) for place, one in enumerate(asked)]
    for guest, story in zip(guests, tell(model, guests), strict=True):
        (alone,) = tell(model, [Guest(guest.request, stays=stays)])
        assert same_bits(story.heard, alone.heard)
        assert story.row.draft.new == alone.row.draft.new
