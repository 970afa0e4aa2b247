"""What is written beside the notes: who plays, what is new, and how that is said."""

import pytest

from audiogroove.music.credits import Credit
from audiogroove.music.instruments import parse_part
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.render.legend import PLAYER_CHARS, Legend, Region, drawn_names, name_of, new_in
from audiogroove.request import ComposeRequest, Mode

FLUTE = Part((Note(0, 72, 12), Note(60, 74, 12)), 73, name="Flute")
BASS = Part((Note(0, 36, 48), Note(96, 38, 48)), 32, name="Upright bass")
TUNE = Piece((FLUTE,), bars=4)
DUET = Piece((FLUTE, BASS), bars=4)


def test_a_piece_from_nothing_is_all_new() -> None:
    """Then there is nothing to tell apart, and every bar counts as new."""
    request = ComposeRequest(seed=1, bars=4)
    assert new_in(TUNE, request) == ()
    assert Legend("Tune").is_new(0, 3)


def test_a_continued_piece_is_new_from_where_the_seed_ended() -> None:
    """What was sent comes first, what was composed after it."""
    longer = Piece((FLUTE,), bars=6)
    request = ComposeRequest(seed=1, mode=Mode.CONTINUE, material=TUNE, bars=2)
    assert new_in(longer, request) == (Region(4, 6),)


def test_a_varied_piece_is_new_in_the_bars_that_were_varied() -> None:
    """In all parts there, and nowhere else."""
    request = ComposeRequest(seed=1, mode=Mode.VARY, material=TUNE, bar_range=(1, 3))
    legend = Legend("Tune", new=new_in(TUNE, request))
    assert [legend.is_new(0, bar) for bar in range(4)] == [False, True, True, False]


def test_an_accompanied_piece_is_new_in_the_part_that_joined() -> None:
    """The others stay what they were, wherever the new part stands among them."""
    request = ComposeRequest(
        seed=1, mode=Mode.ACCOMPANY, material=TUNE, parts=(parse_part("upright bass"),)
    )
    assert new_in(DUET, request) == (Region(0, 4, 1),)
    assert new_in(Piece((BASS, FLUTE), bars=4), request) == (Region(0, 4, 0),)


def test_neighbouring_regions_are_one_run() -> None:
    """A bracket stands over all bars in a row that hold something new, and ends with the piece."""
    legend = Legend("Duet", new=(Region(2, 9, 0), Region(1, 2, 1), Region(0, 1)))
    assert list(legend.new_runs(DUET)) == [(0, 4)]
    apart = Legend("Duet", new=(Region(0, 1), Region(3, 4)))
    assert list(apart.new_runs(DUET)) == [(0, 1), (3, 4)]


def test_news_name_the_parts_where_others_were_there() -> None:
    """Where all parts are new, "new" is enough."""
    some = Legend("Duet", new=(Region(0, 4, 1), Region(0, 2, 0)))
    assert some.news(DUET, 0, 4) == "new: Flute, Upright bass"
    assert some.news(DUET, 2, 4) == "new: Upright bass"
    assert Legend("Duet", new=(Region(0, 4), Region(0, 4, 1))).news(DUET, 0, 4) == "new"


def test_a_part_without_a_name_goes_by_its_instrument() -> None:
    """So does one whose name has no letter in it that can be drawn."""
    assert name_of(Part((), 40)) == "Violin"
    assert name_of(Part((), is_drums=True)) == "Drums"
    assert name_of(Part((), 40, name="Erste Geige")) == "Erste Geige"


def test_each_player_has_a_share_of_the_parts() -> None:
    """Those in which a note begins in their bars, and whether it is new; nobody's comes last."""
    credited = (Credit("Ann", 2, 4), Credit("Bob", 0, 1, part=0))
    legend = Legend("Duet", new=(Region(2, 4),), credits=credited)
    assert legend.shares(DUET) == {"Ann": {1: True}, "Bob": {0: False}, "": {0: False, 1: False}}
    assert list(legend.shares(DUET)) == ["Ann", "Bob", ""]


def test_players_are_drawn_with_the_letters_that_there_are() -> None:
    """No two alike: who has none left, or another's, has a number."""
    players = ("🔥Flo🔥", "田中", "Flo", "W" * 64)
    drawn = drawn_names(tuple(Credit(player, 0, 1) for player in players))
    cut = "W" * (PLAYER_CHARS - 1) + "…"
    assert list(drawn.values()) == ["Flo", "Player 2", "Player 3", cut]


@pytest.mark.parametrize(("first", "past"), [(-1, 2), (2, 2), (3, 1)])
def test_a_region_has_bars(first: int, past: int) -> None:
    """An empty or upside-down region is a mistake of whoever makes it."""
    with pytest.raises(ValueError, match="not bars"):
        Region(first, past)
