"""The card of a jam, whatever the jam."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.jam import session
from audiogroove.jam.jam import MAX_ROLLS, Jam, Kind, Phase, Player, Spot, Take
from audiogroove.jam.settings import MAX_PLAYERS, Settings, Way
from audiogroove.music.piece import MAX_NAME_CHARS, Key, Meter
from bots.chat import Button, Verb, clock_time, decode_button, with_moments
from bots.jams import card
from bots.jams.agreeing import usual_seats
from bots.jams.view import JamView, Written
from tests.strategies_jam import jams

ENCODED_BYTES = 64  # Telegram's most
LABEL_CHARS = 80  # Discord's
ROWS, ROW_BUTTONS = 5, 5  # Discord's
CAPTION_UNITS = 1024  # of UTF-16, below a picture on Telegram
TAKES = 32
AGREED = Settings(Way.SECTIONS, "ragtime", Key(2, "minor"), 96.0, Meter())
BAND = replace(AGREED, way=Way.PARTS, bars=8, seats=usual_seats("ragtime"))


def buttons(jam: Jam) -> list[Button]:
    """List what can be pressed on a jam's card."""
    return [each for row in card.buttons_of(JamView(jam)) for each in row]


def opened(settings: Settings = AGREED, *names: str) -> Jam:
    """Open a jam with these players, the first its host."""
    host, *others = names or ("Ann",)
    jam = session.open_jam("k3v9x2m4qa", Spot("stage", "stage:room"), settings, (host, host), 0.0)
    for name in others:
        jam = session.join(jam, name, name)
    return jam


def crowded(settings: Settings, phase: Phase) -> Jam:
    """Fill a jam with long names and many takes."""
    names = [f"{number}{'n' * MAX_NAME_CHARS}"[:MAX_NAME_CHARS] for number in range(MAX_PLAYERS)]
    is_band = settings.way is Way.PARTS
    players = tuple(Player(name, name, at if is_band else None) for at, name in enumerate(names))
    begun = session.begin(opened(settings, names[0]), names[0], 0.0)
    takes = tuple(
        Take(number + 1, 1, 1, names[number % MAX_PLAYERS], Kind.STOOD_IN, "piece", 4 * number,
             4 * number + 4, seat=number % MAX_PLAYERS if is_band else None)
        for number in range(TAKES)
    )  # fmt: skip
    judged = takes[-1] if phase in {Phase.HEARING, Phase.VOTING} else None
    return replace(begun, players=players, phase=phase, takes=takes, take=judged)


@given(jams())
def test_every_button_fits_every_platform(jam: Jam) -> None:
    """In bytes, characters and rows."""
    rows = card.buttons_of(JamView(jam))
    assert len(rows) <= ROWS
    assert all(1 <= len(row) <= ROW_BUTTONS for row in rows)
    for each in buttons(jam):
        assert len(each.encoded.encode()) <= ENCODED_BYTES
        assert each.encoded.isascii()
        assert 1 <= len(each.label) <= LABEL_CHARS


@given(jams(), st.integers(10**6, 10**9))
def test_buttons_fit_after_many_turns(jam: Jam, number: int) -> None:
    """A jam of years would not outgrow them."""
    turn = jam.turn and replace(jam.turn, number=number)
    take = jam.take and replace(jam.take, turn=number)
    for each in buttons(replace(jam, turn=turn, take=take)):
        assert len(each.encoded.encode()) <= ENCODED_BYTES


@given(jams())
def test_a_button_comes_back_as_it_went(jam: Jam) -> None:
    """It names its jam."""
    for each in buttons(jam):
        assert decode_button(each.encoded) == (Verb.JAM, jam.id, each.argument)


@given(jams())
def test_a_card_can_be_written_of_any_jam(jam: Jam) -> None:
    """No line is empty, and over is over: nothing can be pressed any more."""
    told = card.card_of(JamView(jam), page="https://jam.example", is_back=True)
    assert all(line.strip() for line in told.text.splitlines())
    assert bool(told.buttons) is not jam.phase.is_over


@given(jams())
def test_a_card_names_all_who_are_there(jam: Jam) -> None:
    """And nobody who has left as a player."""
    last = card.card_of(JamView(jam)).text.rpartition("Players: ")[2]
    there = [player.name for player in jam.players if not player.has_left]
    assert all(name[: card.NAME_CHARS - 1].rstrip() in last for name in there)


@pytest.mark.parametrize("settings", [AGREED, BAND], ids=["sections", "band"])
@pytest.mark.parametrize("phase", [Phase.TURN, Phase.HEARING, Phase.VOTING, Phase.FINISHED])
def test_a_crowded_card_fits_below_its_picture(settings: Settings, phase: Phase) -> None:
    """With the longest names that there can be, and many takes."""
    told = card.card_of(JamView(crowded(settings, phase)), page="https://audiogroove.example")
    shown = with_moments(told.text, clock_time)
    assert len(shown.encode("utf-16-le")) // 2 <= CAPTION_UNITS


def test_a_lobby_of_a_band_offers_each_free_instrument() -> None:
    """Those that are taken are not."""
    jam = opened(BAND, "Ann", "Bob")
    offered = [each.argument for each in buttons(jam) if each.argument.startswith("seat.")]
    assert offered == [f"seat.{at}" for at in range(2, len(BAND.seats))]


def test_a_card_shows_how_far_a_take_is() -> None:
    """As bars of all that are to be written."""
    jam = session.play(session.begin(opened(), "Ann", 0.0), "Ann", 0.0)
    assert "▰▰▱▱▱▱▱▱ 1 of 4 bars" in card.card_of(JamView(jam, written=Written(1, 4))).text


def test_a_turn_without_takes_left_can_only_be_passed() -> None:
    """Nothing is offered that would be refused."""
    begun = session.begin(opened(), "Ann", 0.0)
    assert begun.turn
    spent = replace(begun, turn=replace(begun.turn, roll=MAX_ROLLS))
    assert next(each.label for each in buttons(spent)) == "⏭ Pass"


def test_a_vote_needs_two() -> None:
    """Whoever plays alone decides alone."""
    for names, can_vote in ((("Ann",), False), (("Ann", "Bob"), True)):
        jam = session.play(session.begin(opened(AGREED, *names), "Ann", 0.0), "Ann", 0.0)
        heard = session.taken(jam, 0.0, 1, 1, "piece", 4)
        assert any(each.argument.startswith("ask.") for each in buttons(heard)) is can_vote
