"""What the composer is asked for a take, and who is credited for what came of it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from audiogroove.jam import session
from audiogroove.jam.commission import Laid, credited, request_for
from audiogroove.jam.jam import Jam, Phase, Spot
from audiogroove.jam.settings import Seat, Settings, Way
from audiogroove.music.credits import Credit, players_of
from audiogroove.music.instruments import parse_part
from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from audiogroove.request import ComposeRequest, Mode
from tests.jams.fiddler import fiddled

NAMES = ("Ann", "Bob", "Cleo", "Dan")
WORDS = ("violin", "bass", "drums", "piano")
SECTIONS = Settings(
    Way.SECTIONS, "ragtime", Key(2, "minor"), 96.0, Meter(3, 4), ensemble=("piano", "bass")
)
BAND = replace(
    SECTIONS, way=Way.PARTS, bars=8, ensemble=(), seats=tuple(Seat(word, word) for word in WORDS)
)


class Rehearsal:
    """A jam in which everything is kept as the fiddler plays it."""

    def __init__(self, settings: Settings, players: int = 2) -> None:
        """Begin."""
        host, *others = NAMES[:players]
        jam = session.open_jam("id", Spot("stage", "room"), settings, (host, host), 0.0)
        for name in others:
            jam = session.join(jam, name, name)
        self.jam: Jam = session.begin(jam, host, 0.0)
        self.laid: Laid | None = None

    @property
    def player(self) -> str:
        """Whose turn it is."""
        assert self.jam.turn
        return self.jam.turn.player

    def request(self, density: str | None = None) -> ComposeRequest:
        """Ask for the next take."""
        self.jam = session.play(self.jam, self.player, 0.0, density=density)
        assert self.jam.turn
        return request_for(self.jam, self.jam.turn, self.laid, 7)

    def play(self) -> None:
        """Play the next take, and keep it."""
        piece = fiddled(self.request())
        assert self.jam.turn
        self.laid = Laid(piece, credited(self.jam, self.jam.turn, self.laid, piece))
        number, player = self.jam.turn.number, self.player
        self.jam = session.taken(self.jam, 0.0, number, 1, f"piece {number}", piece.bars)
        self.jam = session.keep(self.jam, player, 0.0, number, 1)

    def pass_on(self) -> None:
        """Pass."""
        self.jam = session.pass_on(self.jam, self.player, 0.0, 0)

    def play_to_the_end(self) -> Laid:
        """Play all turns."""
        while not self.jam.phase.is_over:
            self.play()
        assert self.laid
        return self.laid

    def players_by_part(self) -> dict[str, str]:
        """Tell who is credited for each part, by its name."""
        assert self.laid
        parts = self.laid.piece.parts
        return {parts[each.part or 0].name: each.player for each in self.laid.credits}


# Sections.


def test_the_first_section_is_composed_as_agreed() -> None:
    """Everything that was, and nothing else; others will go on with it."""
    assert Rehearsal(SECTIONS).request() == ComposeRequest(
        7,
        bars=4,
        style="ragtime",
        key=Key(2, "minor"),
        tempo_bpm=96.0,
        meter=Meter(3, 4),
        parts=(parse_part("piano"), parse_part("bass")),
        ending=False,
    )


def test_a_section_goes_on_from_all_that_is_laid_down() -> None:
    """By as many bars as a turn has."""
    rehearsal = Rehearsal(SECTIONS)
    rehearsal.play()
    request = rehearsal.request()
    assert rehearsal.laid
    assert request.mode is Mode.CONTINUE
    assert request.material == rehearsal.laid.piece
    assert request.bars == 4


def test_a_section_of_a_jam_that_was_continued_goes_on_from_that() -> None:
    """Nothing of its own is laid down yet."""
    rehearsal = Rehearsal(SECTIONS)
    rehearsal.laid = Laid(Piece((Part((Note(0, 60, 12),)),), 4), (Credit("Zoe", 0, 4),))
    rehearsal.jam = replace(rehearsal.jam, origin="earlier", origin_bars=4)
    rehearsal.play()
    assert rehearsal.laid.credits == (Credit("Zoe", 0, 4), Credit("Ann", 4, 8))


def test_a_letter_that_comes_back_is_its_bars_with_another_second_half() -> None:
    """The first half is what everybody knows."""
    rehearsal = Rehearsal(replace(SECTIONS, form="ABA"))
    rehearsal.play()
    rehearsal.play()
    request = rehearsal.request()
    assert request.mode is Mode.VARY
    assert request.material
    assert request.material.bars == 12
    assert request.bar_range == (10, 12)


def test_a_new_letter_goes_on() -> None:
    """There is nothing to repeat."""
    rehearsal = Rehearsal(replace(SECTIONS, form="AAB"))
    rehearsal.play()
    rehearsal.play()
    assert rehearsal.request().mode is Mode.CONTINUE


@given(st.text("ABC", min_size=2, max_size=8), st.integers(1, 4), st.integers(1, 6))
def test_a_form_has_its_bars_and_each_is_credited_once(form: str, players: int, bars: int) -> None:
    """In turn, without a gap."""
    laid = Rehearsal(replace(SECTIONS, form=form, bars=bars), players).play_to_the_end()
    assert laid.piece.bars == bars * len(form)
    assert laid.credits == tuple(
        Credit(NAMES[at % players], bars * at, bars * (at + 1)) for at in range(len(form))
    )


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 6))
def test_rounds_have_their_bars_and_each_is_credited_once(
    players: int, rounds: int, bars: int
) -> None:
    """In turn, without a gap."""
    laid = Rehearsal(replace(SECTIONS, rounds=rounds, bars=bars), players).play_to_the_end()
    assert [(each.first_bar, each.past_bar) for each in laid.credits] == [
        (bars * at, bars * (at + 1)) for at in range(players * rounds)
    ]


# A band.


def test_the_first_part_is_composed_for_its_instrument() -> None:
    """In the form of the whole."""
    request = Rehearsal(replace(BAND, form="AB")).request()
    assert (request.mode, request.parts, request.bars) == (
        Mode.COMPOSE,
        (parse_part("violin"),),
        8,
    )
    assert request.form == "AB"
    assert (request.tempo_bpm, request.meter, request.key) == (96.0, Meter(3, 4), Key(2, "minor"))


def test_the_next_part_accompanies_what_others_play() -> None:
    """All of it."""
    rehearsal = Rehearsal(BAND)
    rehearsal.play()
    request = rehearsal.request()
    assert rehearsal.laid
    assert (request.mode, request.parts) == (Mode.ACCOMPANY, (parse_part("bass"),))
    assert request.material == rehearsal.laid.piece


def test_a_part_that_is_played_anew_takes_the_place_of_the_old_one() -> None:
    """What others play stays."""
    rehearsal = Rehearsal(BAND)
    rehearsal.play()
    rehearsal.play()
    request = rehearsal.request()
    assert request.material
    assert [part.name for part in request.material.parts] == ["Bass"]
    assert (request.mode, request.parts) == (Mode.ACCOMPANY, (parse_part("violin"),))


def test_whoever_is_alone_plays_anew_from_nothing() -> None:
    """There is nothing left to accompany."""
    rehearsal = Rehearsal(BAND, players=1)
    rehearsal.play()
    assert rehearsal.request().mode is Mode.COMPOSE


def test_a_density_is_asked_for_in_every_case() -> None:
    """As somebody tapped "busier"."""
    for settings in (SECTIONS, replace(SECTIONS, form="AA"), BAND):
        rehearsal = Rehearsal(settings)
        assert rehearsal.request("busy").density == "busy"
        rehearsal = Rehearsal(settings)
        rehearsal.play()
        assert rehearsal.request("busy").density == "busy"


@given(st.integers(1, 4), st.lists(st.booleans(), max_size=12))
def test_each_part_is_credited_to_whoever_plays_it(players: int, passes: list[bool]) -> None:
    """However often it is played anew, and whoever passes."""
    rehearsal = Rehearsal(replace(BAND, rounds=3), players)
    for is_passed in passes:
        if rehearsal.jam.phase is not Phase.TURN:
            break
        (rehearsal.pass_on if is_passed else rehearsal.play)()
        if rehearsal.laid:
            seated = dict(zip(WORDS, NAMES, strict=True))
            parts = [part.name for part in rehearsal.laid.piece.parts]
            assert len(parts) == len(set(parts)) == len(rehearsal.laid.credits)
            assert all(
                seated[name.lower()] == who for name, who in rehearsal.players_by_part().items()
            )


def test_who_takes_over_a_seat_plays_its_part_anew() -> None:
    """Whoever played it before is no longer credited for it."""
    rehearsal = Rehearsal(replace(BAND, rounds=2), players=2)
    rehearsal.play()
    rehearsal.play()
    rehearsal.jam = session.leave(rehearsal.jam, "Ann", 0.0)
    rehearsal.jam = session.join(rehearsal.jam, "Cleo", "Cleo", 0)
    rehearsal.play()
    rehearsal.play()
    assert rehearsal.players_by_part() == {"Bass": "Bob", "Violin": "Cleo"}


def test_who_plays_anew_keeps_their_place_and_so_their_colour() -> None:
    """Players are in the order in which they came in, not in that of their last takes."""
    rehearsal = Rehearsal(replace(BAND, rounds=2), players=2)
    for _ in range(3):  # Ann, Bob, and Ann anew
        rehearsal.play()
    assert rehearsal.laid
    assert players_of(rehearsal.laid.credits) == ("Ann", "Bob")


def test_two_with_the_same_instrument_keep_their_own_parts() -> None:
    """They are told apart by whom they are credited to."""
    two = replace(BAND, seats=(Seat("piano", "piano"), Seat("piano", "piano")), rounds=2)
    rehearsal = Rehearsal(two)
    rehearsal.play()
    rehearsal.play()
    rehearsal.play()
    assert rehearsal.laid
    assert sorted(each.player for each in rehearsal.laid.credits) == ["Ann", "Bob"]
    assert len({each.part for each in rehearsal.laid.credits}) == 2


def test_parts_that_change_places_keep_their_players() -> None:
    """A composer may put the new one first."""
    rehearsal = Rehearsal(BAND)
    rehearsal.play()
    request = rehearsal.request()
    piece = fiddled(request)
    assert rehearsal.jam.turn
    turned = piece.with_parts(list(reversed(piece.parts)))
    told = credited(rehearsal.jam, rehearsal.jam.turn, rehearsal.laid, turned)
    assert {turned.parts[each.part or 0].name: each.player for each in told} == {
        "Violin": "Ann",
        "Bass": "Bob",
    }
