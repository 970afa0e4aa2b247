"""The form of a piece: which earlier bar each bar is like."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogroove.errors import RequestRefused
from audiogroove.music.piece import MAX_BARS, Piece
from audiogroove.tokens.codec import Events, encode
from audiogroove.tokens.form import BLOCK, LIKE, NEW, SAME, UNKNOWN, Form, find_form, plan_form
from tests.strategies import pieces
from tests.tokens.scores import part

# (position, pitch) of a bar each
A1 = ((0, 60), (12, 62), (24, 64), (36, 65))
A2 = ((0, 67), (24, 67))
A3 = ((0, 67), (24, 69))  # half of its notes are A2's own, and of both one in three
B1 = ((6, 72), (18, 71), (30, 69), (42, 67))
B2 = ((0, 55), (6, 57), (12, 59))
VARIED = ((0, 60), (12, 62), (24, 64), (36, 67))  # three of A1's four notes, of both three in five
SILENT = ()

Bar = tuple[tuple[int, int], ...]


def song(*bars: Bar) -> Events:
    """Play bars of four-four one after another."""
    notes = [(48 * bar + place, pitch, 6) for bar, one in enumerate(bars) for place, pitch in one]
    return encode(Piece((part(*notes),), bars=len(bars)))


def form_of(*bars: Bar) -> list[tuple[int, int]]:
    """Find the (source, level) of each bar."""
    form = find_form(song(*bars), len(bars))
    return list(zip(form.sources.tolist(), form.levels.tolist(), strict=True))


# Finding


def test_a_song_form_is_heard() -> None:
    """AABA: each later A comes from the latest before it, the B is new."""
    expected = [
        (-1, NEW),
        (-1, NEW),
        (0, SAME),
        (1, SAME),
        (-1, NEW),
        (-1, NEW),
        (2, SAME),
        (3, SAME),
    ]
    assert expected == form_of(A1, A2, A1, A2, B1, B2, A1, A2)


def test_a_varied_bar_is_like_its_model() -> None:
    """Half of the notes in common are enough, a third is not."""
    assert form_of(A1, VARIED) == [(-1, NEW), (0, LIKE)]
    assert form_of(A2, A3) == [(-1, NEW), (-1, NEW)]


def test_the_likest_bar_counts_and_of_equals_the_latest() -> None:
    """Bar 3 is bar 0 rather than its variation; bar 4 is bar 3 rather than bar 0."""
    assert [source for source, _ in form_of(A1, VARIED, B1, A1, A1)] == [-1, 0, -1, 0, 3]


def test_silence_is_new_each_time() -> None:
    """Two empty bars have nothing in common."""
    assert form_of(SILENT, A1, SILENT, A1) == [(-1, NEW), (-1, NEW), (-1, NEW), (1, SAME)]


def test_length_and_strength_do_not_matter() -> None:
    """A bar is where, who and what."""
    short, long = part((0, 60, 3), (48, 60, 12)), part((0, 48, 3), (48, 48, 40))
    form = find_form(encode(Piece((short, long), bars=2)), 2)
    assert form.sources.tolist() == [-1, 0]


@settings(max_examples=15, deadline=None)
@given(pieces())
def test_a_source_lies_before_its_bar(piece: Piece) -> None:
    """And there is one just where a bar is like or the same."""
    form = find_form(encode(piece), piece.bars)
    assert form.sources.shape == form.levels.shape == (piece.bars,)
    assert (form.sources < np.arange(piece.bars)).all()
    assert ((form.sources >= 0) == (form.levels >= LIKE)).all()


def test_a_long_piece_is_heard_from_its_beginning() -> None:
    """A bar may come again after hundreds of others, all unlike it."""
    others = [(bar % 48, 30 + bar // 48) for bar in range(2 * BLOCK)]
    events = song(A1, A2, *[(other,) for other in others], A1, A2, A1)
    form = find_form(events, 2 * BLOCK + 5)
    assert form.sources.tolist()[-3:] == [0, 1, 2 * BLOCK + 2]
    assert form.levels.tolist()[-3:] == [SAME] * 3


def test_a_bar_has_its_roots() -> None:
    """Itself, what it is or is like, what that is like, and so on to where it was new."""
    form = Form.read(".*2=2~2=2*2.")
    assert form.roots_of(4) == [4, 2, 0]
    assert form.roots_of(5) == [5, 3, 1]
    assert form.roots_of(1) == [1]
    assert form.roots_of(6) == [6]


@settings(max_examples=30, deadline=None)
@given(pieces())
def test_roots_go_back_to_a_bar_without_a_source(piece: Piece) -> None:
    """Ever earlier; where nothing is known of a form each bar is its own."""
    form = find_form(encode(piece), piece.bars)
    for bar in range(piece.bars):
        roots = form.roots_of(bar)
        assert [*form.sources[roots[:-1]].tolist(), bar] == [*roots[1:], roots[0]]
        assert form.sources[roots[-1]] == -1
        assert Form.unknown(piece.bars).roots_of(bar) == [bar]


# Planning


def test_letters_become_sections() -> None:
    """Eight bars of AABA are four sections of two; what comes again comes from the first A."""
    form = plan_form("AABA", 8)
    assert form.sources.tolist() == [-1, -1, 0, 1, -1, -1, 0, 1]
    assert form.levels.tolist() == [NEW, NEW, SAME, SAME, NEW, NEW, SAME, SAME]


def test_a_prime_is_a_change() -> None:
    """A' is like A, and so is a' like a."""
    for text in ("ABA'", "a b a'", "A-B-A'", "A, B, A'"):
        form = plan_form(text, 3)
        assert form.sources.tolist() == [-1, -1, 0]
        assert form.levels.tolist() == [NEW, NEW, LIKE]


def test_a_change_comes_at_the_end() -> None:
    """In the last quarter of a section, and in a bar at least."""
    assert plan_form("AA'", 16).levels.tolist() == [NEW] * 8 + [SAME] * 6 + [LIKE] * 2
    assert plan_form("AA'", 4).levels.tolist() == [NEW, NEW, SAME, LIKE]


def test_uneven_bars_are_shared_out() -> None:
    """Seven bars of ABA: 2, 3 and 2; a section longer than its model goes on with new bars."""
    assert plan_form("ABA", 7).sources.tolist() == [-1, -1, -1, -1, -1, 0, 1]
    assert plan_form("AA", 5).sources.tolist() == [-1, -1, 0, 1, -1]


@pytest.mark.parametrize(
    ("text", "bars"), [("", 8), ("   ", 8), ("A1B", 8), ("verse!", 8), ("'A", 8), ("AABA", 3)]
)
def test_what_is_no_form_is_refused(text: str, bars: int) -> None:
    """With what would be one, in so many bars."""
    with pytest.raises(RequestRefused) as caught:
        plan_form(text, bars)
    assert (caught.value.field, caught.value.asked) == ("form", text)
    assert f"1 to {bars} letters such as AABA" in caught.value.possible


def test_of_an_unknown_form_nothing_is_told() -> None:
    """No source, no level, in every bar."""
    form = Form.unknown(3)
    assert form.sources.tolist() == [-1, -1, -1]
    assert form.levels.tolist() == [UNKNOWN] * 3


# Written down


def test_a_form_is_written_bar_by_bar() -> None:
    """New, the same as some bars ago, like some bars ago; runs of one kind are counted."""
    form = plan_form("AABA'", 32)
    assert form.text == ".*8=8*8.*8=24*6~24*2"
    assert form_text("..=2~1.") == "..=2~1.".replace("..", ".*2")
    assert Form.unknown(16).text == "?*16"


def form_text(text: str) -> str:
    """Read a form and write it again."""
    return Form.read(text).text


def test_a_form_is_read_as_it_was_written() -> None:
    """Each bar's source and level."""
    form = Form.read("..=2~1*2?.*1")
    assert form.sources.tolist() == [-1, -1, 0, 2, 3, -1, -1]
    assert form.levels.tolist() == [NEW, NEW, SAME, LIKE, LIKE, UNKNOWN, NEW]


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Draw forms of up to forty bars, of levels and sources that may be."""
    levels = np.array(draw(st.lists(st.integers(UNKNOWN, SAME), min_size=1, max_size=40)))
    levels[0] = min(levels[0], NEW)
    sources = [
        draw(st.integers(0, bar - 1)) if level >= LIKE else -1
        for bar, level in enumerate(levels.tolist())
    ]
    return Form(np.array(sources), levels)


@settings(max_examples=50, deadline=None)
@given(forms())
def test_a_form_comes_back_from_its_text(form: Form) -> None:
    """And its text from that."""
    again = Form.read(form.text)
    assert again.sources.tolist() == form.sources.tolist()
    assert again.levels.tolist() == form.levels.tolist()
    assert again.text == form.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        ". .",
        ".\n",
        "=1",
        ".=2",
        ".=",
        ".=0",
        ".~0",
        ".*0",
        ".*",
        "*4",
        ".1",
        ".=-1",
        ".*٣",
        f".*{MAX_BARS + 1}",
        ".*99999999999",
    ],
)
def test_what_is_not_a_form_is_not_read(text: str) -> None:
    """Nor one that looks back to before its beginning, or at the bar itself, or is endless."""
    with pytest.raises(ValueError, match="form"):
        Form.read(text)


# Cut and joined


def test_a_form_is_cut_to_its_first_bars() -> None:
    """They never look ahead, so that what is left is a form."""
    form = Form.read(".*4=4*4.*8").first(6)
    assert (form.text, form.bars) == (".*4=4*2", 6)
    assert Form.read("..").first(6).bars == 2


def test_a_form_goes_on_as_another() -> None:
    """The later half of ABAC looks back two sections, wherever it comes."""
    form = Form.read(".*8").then(Form.read(".*4=4*2.*2"), past=4)
    assert form.text == ".*8=4*2.*2"
    assert form.sources.tolist()[8:] == [4, 5, -1, -1]


def test_a_form_does_without_some_sources() -> None:
    """A bar that had one of them for its source is new."""
    form = Form.read(".*4=4*2~4*2=4*4").without(np.array([1, 2, 7]))
    assert form.text == ".*4=4.*2~4=4*3."
    assert form.sources.tolist() == [-1, -1, -1, -1, 0, -1, -1, 3, 4, 5, 6, -1]
