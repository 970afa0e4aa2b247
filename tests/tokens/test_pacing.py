"""Notes due and played: who is behind, who is ahead, and for how long it counts."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogroove.music.instruments import parse_part
from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.tokens.brief import Brief
from audiogroove.tokens.draft import Draft
from audiogroove.tokens.form import plan_form
from audiogroove.tokens.grammar import Region
from audiogroove.tokens.pacing import (
    DUE,
    KEPT,
    PLAYED,
    RATE,
    SOME,
    count_bars,
    lag_of,
    lag_of_all,
    leap_to,
)
from audiogroove.tokens.sheet import CLOSES
from tests.tokens.scores import WORDS, draft_for, frame, part, rows

BARS, STEPS = 16, 48
PLACES = (0, 12, 24, 36)
HERE = 0  # the bar that a sheet without notes is counted up to

rates = st.floats(0.1, 60)
bars = st.integers(0, BARS - 2)  # the last one closes
positions = st.integers(0, STEPS - 1)


def draft(*notes_a_bar: float, form: str = "A", fill: float = 1.0) -> Draft:
    """Begin a piece whose parts are to play so many notes a bar, so many times the usual."""
    piece = Piece(tuple(part() for _ in notes_a_bar), BARS)
    told = frame(piece, plan_form(form, BARS))
    region = Region(0, BARS, frozenset(range(len(piece.parts))))
    due = np.array(notes_a_bar, dtype=np.float64)
    return Draft(Brief(Mode.COMPOSE, "", piece, told, rows(), region, due, fill=fill), WORDS)


def play(one: Draft, bar: int, position: int, player: int, pitch: int = 60) -> None:
    """Write a sixteenth."""
    cursor = one.events[-1][0] if one.events else 0
    one.take_bar(bar - cursor)
    for name, take, value in (
        ("position", one.take_position, position),
        (None, one.take_part, player),
        ("pitch", one.take_pitch, pitch),
        ("duration", one.take_duration, 3),
        ("velocity", one.take_velocity, 80),
    ):
        take(int(WORDS[name].ids(np.array([value]))[0]) if name else value)


def lags(one: Draft, bar: int, position: int = 0) -> list[float]:
    """Tell how far each part is behind at a place."""
    return [lag_of(one.reference, player, bar, position) for player in range(len(one.sheet.pace))]


def together(one: Draft, bar: int, position: int = 0) -> float:
    """Tell how far all parts are behind at a place."""
    return float(lag_of_all(one.reference, bar, position))


def kept_up(one: Draft, notes: Sequence[float]) -> None:
    """Let a bar pass before HERE in which so many notes were played."""
    one.sheet.pace[:, PLAYED] += notes
    count_bars(one.reference, 1)


# Who has nothing due


@settings(deadline=None)
@given(st.integers(0, 20), bars, positions)
def test_an_open_part_is_never_behind(passed: int, bar: int, position: int) -> None:
    """However long it is silent, and whatever it plays; nor are all, while one of them is open."""
    one = draft(0, 8)
    count_bars(one.reference, passed)
    one.sheet.pace[0, PLAYED] += 5
    assert lags(one, bar, position)[0] == 0
    assert together(one, bar, position) == 0


@settings(deadline=None)
@given(st.integers(1, 20), bars, positions)
def test_what_comes_again_is_as_busy_as_it_was(passed: int, bar: int, position: int) -> None:
    """In bars that are the same as earlier ones or like them nobody is behind or ahead."""
    one = draft(4, 8, form="ABA'C")
    count_bars(one.reference, passed)
    again = BARS // 2 <= bar < BARS * 3 // 4
    told = [*lags(one, bar, position), together(one, bar, position)]
    assert [lag == 0 for lag in told] == [again] * 3


@settings(deadline=None)
@given(st.integers(1, 20), positions, st.sampled_from(["A", "AB", "ABCB", "AA'"]))
def test_where_music_closes_nobody_is_hurried(passed: int, position: int, form: str) -> None:
    """Neither in the last bar, nor in those that it comes from."""
    one = draft(4, 8, form=form)
    count_bars(one.reference, passed)
    closing = np.flatnonzero(one.sheet.plan[:, CLOSES]).tolist()
    assert BARS - 1 in closing
    for bar in closing:
        assert [*lags(one, bar, position), together(one, bar, position)] == [0] * 3


def test_given_parts_are_not_hurried() -> None:
    """Only who is to play anew has anything due."""
    piece = Piece((part(*((12 * beat, 60 + beat, 12) for beat in range(16))),), bars=4)
    bass = parse_part("bass")
    one = draft_for(ComposeRequest(1, Mode.ACCOMPANY, piece, parts=(bass,)))
    assert one.brief.rates[0] > 0
    assert one.sheet.pace[0, RATE] == 0
    one.sheet.pace[1, RATE] = 4
    (given, new), everybody = lags(one, 1), together(one, 1)
    assert given == 0
    assert new == pytest.approx(everybody)
    assert new > 0


def test_what_is_due_is_what_the_brief_says() -> None:
    """Of every part, and at first all is as if they had always played it."""
    one = draft(4, 0, 2.5)
    assert one.sheet.pace[:, RATE].tolist() == [4, 0, 2.5]
    for column in (DUE, PLAYED):
        steady = one.sheet.pace[:, column]
        assert KEPT * (steady + one.sheet.pace[:, RATE]) == pytest.approx(steady)
    assert [*lags(one, 0), together(draft(4, 2.5), 0)] == [0] * 4


@settings(deadline=None)
@given(rates, rates, st.floats(0.25, 4))
def test_who_is_to_be_busier_than_usual_begins_behind(one: float, two: float, fill: float) -> None:
    """As if all had been as busy as usual before; who is to be calmer begins ahead."""
    begun = draft(one, two, fill=fill)
    assert [np.sign(lag) for lag in lags(begun, 0)] == [np.sign(fill - 1)] * 2
    assert begun.sheet.pace[:, DUE] == pytest.approx(fill * begun.sheet.pace[:, PLAYED])


# Behind and ahead


@settings(deadline=None)
@given(rates)
def test_who_is_silent_falls_behind(rate: float) -> None:
    """From bar to bar, and so do all."""
    one, last = draft(rate), 0.0
    for bar in range(1, BARS - 1):
        (lag,) = lags(one, bar)
        assert lag > last
        assert together(one, bar) == pytest.approx(lag)
        last = lag


@settings(deadline=None)
@given(rates, bars, st.lists(positions, min_size=2, max_size=9, unique=True))
def test_more_is_due_later_in_a_bar(rate: float, passed: int, places: list[int]) -> None:
    """A note that is due in a bar is due more and more."""
    one = draft(rate, rate)
    count_bars(one.reference, passed)
    for told in (
        [lags(one, 0, place)[1] for place in sorted(places)],
        [together(one, 0, place) for place in sorted(places)],
    ):
        assert all(np.diff(told) > 0)


@settings(deadline=None)
@given(rates, bars, st.integers(0, 30))
def test_who_plays_catches_up(rate: float, passed: int, already: int) -> None:
    """With every note; the others are where they were."""
    one = draft(rate, rate)
    count_bars(one.reference, passed)
    one.sheet.pace[:, PLAYED] += already
    first, second = lags(one, 0, 12)
    all_first = together(one, 0, 12)
    for _ in range(5):
        one.sheet.pace[0, PLAYED] += 1
        (lag, still), all_now = lags(one, 0, 12), together(one, 0, 12)
        assert lag < first
        assert all_now < all_first
        assert still == second
        first, all_first = lag, all_now


@settings(deadline=None)
@given(st.lists(rates, min_size=1, max_size=4), st.integers(1, BARS - 2))
def test_who_plays_what_is_due_keeps_pace(due: list[float], passed: int) -> None:
    """From the beginning on, at every bar line, whatever others are to play."""
    one = draft(*due)
    for _ in range(passed):
        kept_up(one, due)
        told = [*lags(one, HERE), together(one, HERE)]
        assert told == pytest.approx([0] * len(told), abs=1e-9)


def test_who_writes_what_is_due_keeps_pace() -> None:
    """Note by note, from the first bar to the last that is free, however rare its notes are."""
    one = draft(4, 1)
    for bar in range(BARS - 1):
        assert [*lags(one, bar), together(one, bar)] == pytest.approx([0] * 3, abs=1e-9)
        play(one, bar, 0, 1)
        for position in PLACES:
            play(one, bar, position, 0)


@settings(deadline=None)
@given(rates, st.integers(0, 30), bars, positions)
def test_a_place_is_looked_at_from_there(
    rate: float, already: int, ahead: int, position: int
) -> None:
    """Bars that would be left out on the way to it count as if they were over."""
    one, two = (draft(rate, rate) for _ in range(2))
    for each in (one, two):
        each.sheet.pace[0, PLAYED] += already
    count_bars(two.reference, ahead)
    assert lags(one, ahead, position) == pytest.approx(lags(two, HERE, position))
    assert together(one, ahead, position) == pytest.approx(together(two, HERE, position))


@settings(deadline=None)
@given(st.floats(0.5, 60), st.floats(0, 0.9) | st.floats(1.1, 3))
def test_the_older_the_less_it_counts(rate: float, share: float) -> None:
    """Who was behind once, or ahead, and then keeps pace: bar by bar it is nearer to nothing."""
    one = draft(rate)
    kept_up(one, [rate * share])
    (before,) = lags(one, HERE)
    assert np.sign(before) == np.sign(1 - share)
    for _ in range(2, BARS - 1):
        kept_up(one, [rate])
        (lag,) = lags(one, HERE)
        assert abs(lag) < abs(before)
        before = lag


def test_one_may_play_for_another() -> None:
    """Where one part is behind and another ahead by as many notes, all together keep pace."""
    one = draft(8, 8)
    kept_up(one, [4, 12])
    behind, ahead = lags(one, HERE)
    assert behind > 0 > ahead
    assert together(one, HERE) == pytest.approx(0)


def test_a_few_notes_weigh_little() -> None:
    """A part that is to play one note and plays none is less behind than one of twenty."""
    one = draft(1, 20)
    rare, frequent = lags(one, 1)
    assert 0 < rare < frequent
    steady = KEPT / (1 - KEPT)
    assert rare == pytest.approx(np.log((steady + SOME) / (KEPT * steady + SOME)))


# From onset to onset


def leaps(one: Draft, ahead: int) -> list[float]:
    """Tell how far places in a bar, so many on, are from the last onset, in quarters."""
    one.take_bar(ahead)
    return [leap_to(one.reference, position) for position in PLACES]


def test_leaps_are_measured_from_the_last_onset() -> None:
    """Over bar lines, too; far is far and near is near, and the piece itself begins at 0."""
    one = draft(4)
    assert leaps(one, 0) == [0.25, 1, 2, 2]
    one = draft(4)
    play(one, 0, 12, 0)
    assert leaps(one, 0) == [0.25, 0.25, 1, 2]
    one = draft(4)
    play(one, 0, 36, 0)
    assert leaps(one, 1) == [1, 2, 2, 2]


# Bars


@settings(deadline=None)
@given(
    st.lists(st.tuples(rates, st.floats(0, 90), st.floats(0, 90)), min_size=1, max_size=4),
    st.lists(st.integers(0, 5), max_size=6),
)
def test_bars_may_be_counted_one_by_one_or_at_once(
    pace: list[tuple[float, float, float]], passed: list[int]
) -> None:
    """Or some of them and then the others: to the last bit."""
    one, two = (draft(*(rate for rate, _, _ in pace)) for _ in range(2))
    for sheet in (one.sheet, two.sheet):
        sheet.pace[:] = pace
    for some in passed:
        count_bars(one.reference, some)
    count_bars(two.reference, sum(passed))
    assert one.sheet.pace.tolist() == two.sheet.pace.tolist()
    assert one.sheet.pace[:, RATE].tolist() == [rate for rate, _, _ in pace]


def test_notes_that_are_written_are_counted() -> None:
    """Each in its part; when a bar ends they count less, and what it was to have is due."""
    one = draft(4, 2)
    before = one.sheet.pace.copy()
    for position in PLACES:
        play(one, 0, position, 0)
    play(one, 0, 36, 1)
    assert (one.sheet.pace - before)[:, PLAYED].tolist() == [4, 1]
    assert (one.sheet.pace - before)[:, DUE].tolist() == [0, 0]
    play(one, 1, 12, 1)
    gone = before * KEPT
    assert (one.sheet.pace - gone)[:, PLAYED] == pytest.approx([4 * KEPT, 1 * KEPT + 1])
    assert (one.sheet.pace - gone)[:, DUE] == pytest.approx([4 * KEPT, 2 * KEPT])


def test_empty_bars_are_counted_when_they_are_over() -> None:
    """As many as were left out."""
    one, two = draft(4), draft(4)
    for each in (one, two):
        play(each, 0, 0, 0)
    play(one, 3, 0, 0)
    count_bars(two.reference, 3)
    two.sheet.pace[0, PLAYED] += 1
    assert one.sheet.pace.tolist() == two.sheet.pace.tolist()


def test_at_a_bar_line_the_bar_before_counts() -> None:
    """Before the first note after it: who played what was due may wait, who did not is behind."""
    one = draft(4, 2, 4)
    for position in PLACES:
        play(one, 0, position, 0)
        if position % 24 == 0:
            play(one, 0, position, 1)
    first, second, third = lags(one, 1)
    assert (first, second) == pytest.approx((0, 0))
    assert third > 0


@pytest.mark.parametrize("bars", [4, 8])
def test_what_is_continued_counts_for_nothing(bars: int) -> None:
    """However long before the new bars its last note is: they begin as a new piece does."""
    piece = Piece((part(*((12 * place, 60, 12) for place in range(16))),), bars)
    continued = draft_for(ComposeRequest(1, Mode.CONTINUE, piece, bars=4))
    (rate,) = continued.brief.rates
    new = draft(rate)
    for position in (0, 24):
        play(continued, bars, position, 0)
        play(new, 0, position, 0)
        assert lags(continued, bars, 36) == pytest.approx(lags(new, 0, 36))


def test_empty_bars_at_the_beginning_count() -> None:
    """Who comes in late is behind, as later in a piece."""
    one, two = draft(4), draft(4)
    play(one, 3, 0, 0)
    count_bars(two.reference, 3)
    two.sheet.pace[0, PLAYED] += 1
    assert lags(one, 3, 12) == pytest.approx(lags(two, HERE, 12))
    assert lags(one, 3, 12)[0] > 0
