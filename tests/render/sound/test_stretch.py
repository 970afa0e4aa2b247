"""What of a long piece is played: what is new, wherever in it that is."""

from hypothesis import given
from hypothesis import strategies as st

from audiogroove.music.credits import Credit
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.music.timing import Timing
from audiogroove.render.legend import Legend, Region
from audiogroove.render.sound.stretch import Stretch, beginning, heard_part
from tests.strategies import pieces

BAR_S, MAX_S = 2.0, 30.0  # so that 15 bars are heard
BARS = 100
LONG = Piece((Part(tuple(Note(12 * at, 60, 12) for at in range(4 * BARS))),), BARS)


def played(*regions: Region, piece: Piece = LONG) -> Stretch:
    """Choose what is played of a piece in which these regions are new."""
    return heard_part(piece, Legend("A tune", new=regions), max_s=MAX_S)


def bars(stretch: Stretch) -> tuple[int, int]:
    """Tell its bars."""
    return stretch.first_bar, stretch.past_bar


def test_a_piece_that_fits_is_all_played() -> None:
    """Whatever is new in it."""
    short = Piece((Part(LONG.parts[0].notes[:60]),), 15)
    stretch = played(Region(14, 15), piece=short)
    assert (bars(stretch), stretch.is_all, stretch.duration_s) == ((0, 15), True, MAX_S)


def test_a_long_piece_is_played_from_its_beginning() -> None:
    """Where all of it is new, or what is new is heard then."""
    for regions in ([], [Region(0, BARS, 0)], [Region(8, 15)]):
        stretch = played(*regions)
        assert (bars(stretch), stretch.from_s, stretch.until_s) == ((0, 15), 0, MAX_S)
        assert stretch.is_cut


def test_a_continuation_is_played_up_to_its_end() -> None:
    """With as much before it as fits, from a bar line on."""
    stretch = played(Region(92, BARS))
    assert (bars(stretch), stretch.from_s, stretch.until_s) == ((85, BARS), 170, 200)
    assert not stretch.is_cut
    assert not stretch.is_all


def test_the_last_take_of_a_jam_is_played() -> None:
    """It is the last that was credited."""
    credited = (Credit("Ann", 0, 92), Credit("Ben", 92, 96), Credit("Ann", 96, BARS))
    stretch = heard_part(LONG, Legend("Jam", credits=credited), max_s=MAX_S)
    assert bars(stretch) == (85, BARS)


def test_a_part_that_joined_a_band_is_heard_from_the_beginning() -> None:
    """It plays in every bar."""
    credited = (Credit("Ann", 0, BARS, 0), Credit("Ben", 0, BARS, 1))
    assert bars(heard_part(LONG, Legend("Jam", credits=credited), max_s=MAX_S)) == (0, 15)


def test_bars_that_were_varied_are_played_in_their_place() -> None:
    """Far from either end, with a little before them and what fits after them."""
    stretch = played(Region(50, 54))
    assert (bars(stretch), stretch.from_s, stretch.until_s) == ((48, 63), 96, 126)
    assert stretch.is_cut


def test_of_too_much_that_is_new_the_beginning_is_played() -> None:
    """With what leads up to it: that is where one hears whether it goes on well."""
    assert bars(played(Region(20, BARS))) == (18, 33)


def test_empty_bars_at_the_end_cost_no_time() -> None:
    """They are not waited for."""
    stretch = played(Region(92, BARS), piece=Piece(LONG.parts, BARS + 50))
    assert (bars(stretch), stretch.is_cut) == ((85, BARS + 50), False)


def test_a_crowded_piece_is_measured_by_its_notes() -> None:
    """No more of them are played, wherever that begins."""
    legend = Legend("A tune", new=(Region(98, BARS),))
    stretch = heard_part(LONG, legend, max_notes=18)
    assert (bars(stretch), stretch.is_cut) == ((96, BARS), False)
    assert bars(beginning(LONG, max_notes=18)) == (0, 4)


def test_a_bar_that_is_longer_than_all_that_is_played_is_begun() -> None:
    """There is no other bar line to begin at."""
    slow = Piece((Part((Note(48, 60, 48),)),), 2, tempos=((0, 20.0),))
    stretch = heard_part(slow, Legend("A tune", new=(Region(1, 2),)), max_s=5)
    assert stretch == Stretch(1, 2, 12, 17, is_cut=True)


@given(pieces(), st.data())
def test_a_stretch_is_of_its_piece_and_holds_what_is_new(piece: Piece, data: st.DataObject) -> None:
    """From a bar line on, no longer than it may be; of what is new at least the beginning."""
    first = data.draw(st.integers(0, piece.bars - 1))
    past = data.draw(st.integers(first + 1, piece.bars))
    max_s = data.draw(st.floats(0.1, 1_000))
    legend = Legend("A tune", new=(Region(first, past),))
    stretch = heard_part(piece, legend, max_s=max_s, max_notes=200)
    timing = Timing(piece)
    assert 0 <= stretch.first_bar < stretch.past_bar <= piece.bars
    assert stretch.from_s == timing.seconds_at(piece.bar_lines[stretch.first_bar])
    assert 0 < stretch.duration_s < max_s + 1e-6
    assert stretch.from_s <= timing.seconds_at(piece.bar_lines[first]) <= stretch.until_s
