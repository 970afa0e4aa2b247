"""People read cards and press as people do, and what came of their jams is counted right."""

from dataclasses import replace
from typing import Any

from tests.load import discord_hall, telegram_hall
from tests.load.band import MEDDLE_S, PATIENCE_S, Band, Press
from tests.load.card import Card, Look, Step, deed, read
from tests.load.hall import Opening
from tests.load.jam_outcome import (
    JamAccount,
    JamOutcome,
    Pressed,
    most_a_minute,
    outcome_of,
    outcomes_of,
)

TOP = "🎶 Jam no. 3 · ragtime in D minor · 4/4 at 96 bpm\n"
LOBBY = (
    f"{TOP}Each goes on for 4 bars, one round.\n"
    "Who joins in? It begins when Ann0 says so, or in 3 minutes.\nPlayers: {players}"
)
TURN = f"{TOP}▶ {{whose}}, it is your turn: bars 5-8 (round 1 of 1), time is up in 2 minutes\n"
BOTH = "Players: Ann0 (host), Bob0"
PLAY = f"{TURN.format(whose='Bob0')}Laid down: Ann0 1-4 (own file)\n{BOTH}"
WRITTEN = f"{TOP}✍ Bars 5-8 by Bob0: ▰▰▱▱▱▱▱▱ 1 of 4 bars\n{BOTH}"
HEARD = f"{TOP}🎧 Bob0, do you keep it? Bars 5-8, time is up in 90 seconds\n{BOTH}"
VOTED = f"{TOP}🗳 All vote on bars 5-8 by Bob0: 0 for, 0 against, of 2, time is up soon\n{BOTH}"
OVER = f"{TOP}🏁 Finished.\nLaid down: Ann0 1-4, Bob0 5-8\n{BOTH}"
LATE = "It is too late for that; the jam's card shows what comes now. (c0ffee)"
NOT_YOURS = "It is Bob0's turn; yours comes later. (c0ffee)"


def data(*deeds: str) -> tuple[str, ...]:
    """Write what buttons carry."""
    return tuple(f"1:jam:k3v9x2m4qa:{each}" for each in deeds)


def card(words: str, *deeds: str, at_s: float = 0.0) -> Look:
    """Make a look at a card."""
    return Look(at_s, 0, "7", words, data(*deeds))


def piece(at_s: float, message: str = "8") -> Look:
    """Make a look at a piece that is handed over."""
    return Look(at_s, 0, message, "🏁 Jam no. 3 · 8 bars", files=("jam.png", "jam.mid"))


def wished(band: Band, now_s: float = 100.0) -> list[tuple[int, str]]:
    """Tell who presses what."""
    return [(each.player, each.data.rpartition(":")[2]) for each in band.due(now_s)]


def band_of(players: int, *looks: Look) -> Band:
    """Let people see something."""
    band = Band(0, players)
    for look in looks:
        band.see(look)
    return band


def test_a_card_says_whose_turn_it_is() -> None:
    """Step, player, all players, and who laid down last; notes in brackets are left out."""
    assert read(PLAY) == Card(Step.TURN, "Bob0", ("Ann0", "Bob0"), "Ann0")
    steps = [read(each).step for each in (LOBBY, WRITTEN, HEARD, VOTED, OVER)]
    assert steps == [Step.LOBBY, Step.TAKING, Step.HEARING, Step.VOTING, Step.OVER]


def test_a_thread_s_first_words_are_no_card() -> None:
    """They name the jam as a card does, and have nothing to press."""
    assert not card("🎶 Jam no. 3 · ragtime in D minor").is_card
    assert card(PLAY).is_card


def test_a_button_names_its_turn_and_roll() -> None:
    """Those that belong to none have no numbers."""
    assert [deed(each) for each in data("keep.7.2", "undo")] == [("keep", (7, 2)), ("undo", ())]


def test_all_come_in_before_the_host_begins() -> None:
    """Who is not on the list joins; where there are seats, each takes another."""
    early, full = LOBBY.format(players="Ann0 (host)"), LOBBY.format(players="Ann0 (host), Bob0")
    assert wished(band_of(3, card(early, "join", "begin"))) == [(1, "join"), (2, "join")]
    seats = card(early, "seat.1", "seat.4", "begin")
    assert wished(band_of(3, seats)) == [(1, "seat.1"), (2, "seat.4")]
    assert wished(band_of(2, card(full, "join", "begin"))) == [(0, "begin")]


def test_only_whoever_s_turn_it_is_plays() -> None:
    """And nobody presses anything while it is being composed."""
    assert wished(band_of(2, card(PLAY, "play.2", "pass.2", "undo"))) == [(1, "play.2")]
    assert wished(band_of(2, card(WRITTEN, "join", "finish"))) == []


def test_a_take_is_dealt_with_by_its_player_or_by_all() -> None:
    """Keep, Again or a vote, always the same for the same take; then everybody votes."""
    heard = card(HEARD, "keep.2.1", "ask.2.1", "roll.2.1", "pass.2")
    ((player, what),) = wished(band_of(2, heard))
    assert (player, what in {"keep.2.1", "ask.2.1", "roll.2.1"}) == (1, True)
    assert wished(band_of(2, card(VOTED, "for.2.1", "against.2.1"))) == [
        (0, "for.2.1"),
        (1, "for.2.1"),
    ]


def test_a_button_is_pressed_again_when_nothing_came_of_it() -> None:
    """Not at once: people wait for a while."""
    band = band_of(2, card(PLAY, "play.2"))
    (press,) = band.due(100.0)
    band.pressed(press, 100.0)
    assert band.due(101.0) == []
    assert band.due(100.0 + PATIENCE_S) == [press]


def test_people_look_before_they_press() -> None:
    """Whatever the card showed last, they take their time for it."""
    band = Band(0, 2, wait_s=4.0)
    band.see(card(PLAY, "play.2", at_s=100.0))
    assert band.due(103.0) == []
    assert wished(band, 104.0) == [(1, "play.2")]


def test_others_meddle_with_what_is_not_theirs() -> None:
    """Never the one whose turn it is, and only with what is for one alone; now and then."""
    band = band_of(2, card(PLAY, "play.2", "join", "leave"))
    (press,) = band.meddling(100.0)
    assert (press.player, deed(press.data), press.is_out_of_turn) == (0, ("play", (2,)), True)
    assert band.meddling(100.0 + MEDDLE_S / 2) == []
    assert len(band.meddling(100.0 + MEDDLE_S)) == 1


def test_a_jam_is_done_when_it_is_over_and_the_piece_is_there() -> None:
    """Either alone is not enough."""
    assert not band_of(2, card(OVER)).is_done
    assert not band_of(2, card(HEARD), piece(1.0)).is_done
    assert band_of(2, card(OVER), piece(1.0)).is_done


def test_an_opening_is_typed_as_people_would() -> None:
    """Style, bars, rounds, and the way where it is not the usual one."""
    assert Opening("ragtime", 4, 1, is_band=False).text == "/jam start ragtime 4 bars 1 rounds"
    assert Opening("folk", 8, 2, is_band=True).text == "/jam start folk 8 bars 2 rounds band"


def pressed(at_s: float, what: str, player: int = 1, **also: Any) -> Pressed:
    """Make a press with its answer."""
    (carried,) = data(what)
    answered = {"answered_s": at_s + 0.1, **also}
    return Pressed(Press(0, player, "7", carried), at_s, **answered)


def test_a_take_is_waited_for_from_the_first_press_to_the_offer() -> None:
    """A second press for the same take counts for nothing; another roll is another take."""
    looks = [
        card(PLAY, "play.2", at_s=10.0),
        card(WRITTEN, at_s=12.0),
        card(HEARD, "keep.2.1", "roll.2.1", at_s=14.0),
        card(HEARD, "keep.2.1", "roll.2.1", at_s=15.0),
        card(HEARD, "keep.2.2", at_s=22.5),
    ]
    presses = [pressed(11.0, "play.2"), pressed(13.0, "play.2"), pressed(20.0, "roll.2.1")]
    outcome = outcome_of(looks, presses)
    assert (outcome.takes, outcome.waits_s) == (2, (3.0, 2.5))


def test_a_piece_that_comes_as_two_messages_comes_twice() -> None:
    """One that is edited afterwards has come once."""
    over = card(OVER, at_s=20.0)
    once = outcome_of([over, piece(21.0), piece(22.0)], [])
    twice = outcome_of([over, piece(21.0), piece(22.0, message="9")], [])
    assert (once.pieces_s, once.is_doubled, once.finished_s) == ((21.0,), False, 20.0)
    assert (twice.pieces_s, twice.is_doubled) == ((21.0, 22.0), True)


def test_each_sound_counts_once_however_often_it_is_shown() -> None:
    """A card goes on showing it, and the piece at the end brings the last of them."""
    first, last = (replace(card(HEARD), files=(f"jam-{each}.mp3", "photo.jpg")) for each in (1, 2))
    end = replace(piece(9.0), files=("jam-2.mp3", "jam-2.mid"))
    assert outcome_of([first, first, last, end], []).sounds == 2


def test_a_jam_that_nobody_ever_saw_is_lost() -> None:
    """All jams have an outcome."""
    outcomes = outcomes_of(2, [piece(21.0)], [])
    assert (outcomes[0].is_lost, outcomes[1]) == (False, JamOutcome())
    assert outcomes[1].is_lost


def test_a_minute_is_any_sixty_seconds() -> None:
    """Not one of the clock; its end is another's beginning."""
    assert most_a_minute([]) == 0
    assert most_a_minute([50.0, 70.0, 100.0, 110.0, 200.0]) == 3


def test_what_the_app_shows_alone_to_one_person_is_no_message_in_the_chat() -> None:
    """On Discord a refusal is one."""
    private = replace(piece(5.0, message="9"), files=(), is_private=True)
    assert outcome_of([card(PLAY, at_s=1.0), private], []).messages_a_minute == 1


def test_an_account_is_clean_when_every_press_out_of_turn_is_refused() -> None:
    """One that did something, that was told nothing or not answered at all, spoils it."""
    out_of_turn = Press(0, 0, "7", data("play.2")[0], is_out_of_turn=True)

    def is_clean(*presses: Pressed, pieces: int = 1, flood: int = 0, over: bool = True) -> bool:
        outcomes = {0: JamOutcome(2.0 if over else None, (1.0,) * pieces)}
        return JamAccount("Discord", outcomes, presses, 0, flood, ()).is_clean

    refused = Pressed(out_of_turn, 1.0, 1.1, NOT_YOURS)
    assert is_clean(refused, pressed(1.0, "play.2"), pressed(1.0, "for.2.1", told=LATE))
    assert not any(
        [
            is_clean(replace(refused, told="")),
            is_clean(replace(refused, told="It is being composed.")),
            is_clean(pressed(1.0, "play.2", answered_s=None)),
            is_clean(pieces=0),
            is_clean(pieces=2),
            is_clean(over=False),
            is_clean(flood=1),
        ]
    )


def test_a_refusal_is_told_without_its_number() -> None:
    """The same refusal is the same, whenever it is told."""
    assert pressed(1.0, "play.2", told=NOT_YOURS).refusal == NOT_YOURS.removesuffix(" (c0ffee)")


def test_a_message_on_telegram_is_read_with_what_its_buttons_carry() -> None:
    """Words, data of all rows, the name of its file."""
    event = {"at_s": 1.0, "message": 7, "words": HEARD, "name": None}
    event |= {"data": [list(data("keep.2.1")), list(data("pass.2"))]}
    assert telegram_hall.look_of(event, 0) == card(HEARD, "keep.2.1", "pass.2", at_s=1.0)


def test_a_press_on_telegram_is_known_by_its_number() -> None:
    """One that is not answered has no answer."""
    presses = {"a": pressed(0.0, "play.2").press, "b": pressed(0.0, "keep.2.1").press}
    events = [
        {"kind": "pressed", "at_s": 1.0, "press": "a"},
        {"kind": "pressed", "at_s": 2.0, "press": "b"},
        {"kind": "answered", "at_s": 3.0, "press": "a", "answer": ["Laid down.", False]},
    ]
    assert telegram_hall.presses_of(events, presses) == [
        Pressed(presses["a"], 1.0, 3.0, "Laid down."),
        Pressed(presses["b"], 2.0),
    ]


def test_a_press_on_discord_is_refused_by_what_only_they_see() -> None:
    """A button that just rests has been answered, too."""
    press = pressed(0.0, "play.2").press
    state: dict[str, Any] = {"dispatched_s": 1.0, "acknowledged_s": 1.5, "followups": []}
    shown = {"content": HEARD, "is_ephemeral": False}
    rests = discord_hall.pressed_of(state | {"response": shown}, press)
    told = {"content": NOT_YOURS, "is_ephemeral": True}
    refused = discord_hall.pressed_of(state | {"response": told}, press)
    assert (rests, refused) == (Pressed(press, 1.0, 1.5), Pressed(press, 1.0, 1.5, NOT_YOURS))
