"""What holds in every jam, whoever does what and whenever.

A machine draws moves of eight players and one too many, of moderators, the composer and the
clock, in every way and form; most are lawful, some come too late or from somebody else.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from math import isfinite

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from audiogroove.errors import JamRefused
from audiogroove.jam import session
from audiogroove.jam.jam import MAX_ROLLS, Jam, Phase, Spot, Turn
from audiogroove.jam.settings import MAX_PLAYERS, PACES, Seat, Settings, Way
from audiogroove.jam.spelling import respelled, spelled
from audiogroove.music.piece import Key, Meter

BAND = tuple(
    Seat(word, word)
    for word in ("sax", "piano", "bass", "drums", "violin", "flute", "guitar", "cello")
)
PEOPLE = tuple(f"person {at}" for at in range(MAX_PLAYERS + 1))
BEGUN = {Phase.TURN, Phase.TAKING, Phase.HEARING, Phase.VOTING}
JUDGED = {Phase.HEARING, Phase.VOTING}
COMPOSERS = ((True, True), (True, False), (False, False))  # answers at once, makes something
MOST_STEPS = 600  # in which a jam that is left alone ends, at its slowest

Call = Callable[[Jam], Jam]
people = st.sampled_from(PEOPLE[:4]) | st.sampled_from(PEOPLE)
seats = st.none() | st.integers(-1, MAX_PLAYERS)
names = st.sampled_from(("Ann", "ann", "", "\n"))
late = st.sampled_from((-1, 0, 1))  # what is added to the numbers on a button


@st.composite
def agreements(draw: st.DrawFn) -> Settings:
    """What a jam may be agreed on."""
    way = draw(st.sampled_from(Way))
    form = draw(st.sampled_from((None, None, "AB", "ABA", "AABA")))
    bars = draw(st.integers(1, 4)) * (len(form) if form else 1)
    return Settings(
        way,
        "blues",
        Key(0),
        120.0,
        Meter(),
        bars=min(bars, 16),
        rounds=draw(st.integers(1, 3)),
        form=form,
        pace=draw(st.sampled_from(list(PACES))),
        seats=BAND[: draw(st.integers(1, MAX_PLAYERS))] if way is Way.PARTS else (),
    )


def left_alone(jam: Jam, now_s: float, *, answers: bool, works: bool) -> Jam:
    """Let the clock run until a jam is over, or for `MOST_STEPS`.

    The composer answers at once or never, and makes something of what was asked for or nothing.
    """
    for _ in range(MOST_STEPS):
        if jam.phase.is_over:
            break
        if jam.phase is Phase.TAKING and jam.turn and answers:
            turn, roll = jam.turn.number, jam.turn.roll
            past_bar = past_bar_of(jam)
            jam = (
                session.taken(jam, now_s, turn, roll, "piece", past_bar)
                if works
                else session.failed(jam, now_s, turn, roll)
            )
        else:
            now_s = max(now_s, min(jam.deadline_s, jam.ends_s))
            jam = session.tick(jam, now_s)
    return jam


def past_bar_of(jam: Jam) -> int:
    """Tell where a take of this turn ends."""
    return jam.settings.bars + (jam.bars if jam.settings.way is Way.SECTIONS else 0)


@dataclass(frozen=True, slots=True)
class Tap:
    """Who does something and when, and what is on the button that they tap."""

    key: str
    now_s: float
    turn: int = 0
    roll: int = 0
    is_for: bool = True


MOVES: Mapping[str, Callable[[Jam, Tap], Jam]] = {
    "join": lambda jam, tap: session.join(jam, tap.key, tap.key, None),
    "leave": lambda jam, tap: session.leave(jam, tap.key, tap.now_s),
    "begin": lambda jam, tap: session.begin(jam, tap.key, tap.now_s),
    "play": lambda jam, tap: session.play(jam, tap.key, tap.now_s, tap.turn),
    "bring": lambda jam, tap: session.bring(jam, tap.key, tap.now_s, "file", past_bar_of(jam)),
    "keep": lambda jam, tap: session.keep(jam, tap.key, tap.now_s, tap.turn, tap.roll),
    "reroll": lambda jam, tap: session.reroll(jam, tap.key, tap.now_s, tap.turn, tap.roll),
    "pass_on": lambda jam, tap: session.pass_on(jam, tap.key, tap.now_s, tap.turn),
    "undo": lambda jam, tap: session.undo(jam, tap.key, tap.now_s),
    "call_vote": lambda jam, tap: session.call_vote(jam, tap.key, tap.now_s, tap.turn, tap.roll),
    "vote": lambda jam, tap: session.vote(
        jam, tap.key, tap.now_s, tap.turn, tap.roll, is_for=tap.is_for
    ),
    "taken": lambda jam, tap: session.taken(
        jam, tap.now_s, tap.turn, tap.roll, "piece", past_bar_of(jam)
    ),
    "failed": lambda jam, tap: session.failed(jam, tap.now_s, tap.turn, tap.roll),
}
# What goes in a phase, as often as it is to be drawn; the owner of the turn does it.
APT: Mapping[Phase, tuple[str, ...]] = {
    Phase.TURN: ("play", "play", "play", "bring", "bring", "pass_on"),
    Phase.TAKING: ("taken", "taken", "failed"),
    Phase.HEARING: ("keep", "keep", "keep", "reroll", "bring", "call_vote", "pass_on", "leave"),
    Phase.VOTING: ("vote", "vote", "vote", "leave"),
}


class Sessions(RuleBasedStateMachine):
    """One jam from its lobby to its end and beyond."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 1_700_000_000.0
        self.jam: Jam
        self.owners: dict[int, str] = {}  # by the number of their turn
        self.rolls: dict[int, list[int]] = {}  # takes that were begun, by turn

    @initialize(
        agreed=agreements(),
        count=st.integers(1, MAX_PLAYERS),
        origin_bars=st.sampled_from((0, 8)),
        has_begun=st.sampled_from((True, True, True, False)),
    )
    def gather(self, agreed: Settings, count: int, origin_bars: int, has_begun: bool) -> None:  # noqa: FBT001
        """Open a lobby, now and then of a jam that goes on from another, and let some come in."""
        spot, host = Spot("telegram", "chat"), (PEOPLE[0], "Ann")
        self.jam = session.open_jam("id", spot, agreed, host, self.now_s)
        if origin_bars and agreed.way is Way.SECTIONS:
            self.jam = replace(self.jam, origin="earlier", origin_bars=origin_bars)
        for key in PEOPLE[1:count]:
            self.move(lambda jam, key=key: session.join(jam, key, "Ann"))  # type: ignore[misc]
        if has_begun:
            self.move(lambda jam: session.begin(jam, PEOPLE[0], self.now_s))

    # Moves.

    @precondition(lambda self: self.jam.phase in APT)
    @rule(data=st.data(), is_for=st.booleans())
    def do_what_goes(self, data: st.DataObject, is_for: bool) -> None:  # noqa: FBT001
        """Make one of the moves that this phase waits for."""
        turn = self.jam.turn
        assert turn is not None
        name = data.draw(st.sampled_from(APT[self.jam.phase]), label="move")
        voting = st.sampled_from([player.key for player in self.jam.players])
        key = data.draw(voting, label="who") if name == "vote" else turn.player
        self.tap(name, Tap(key, self.now_s, turn.number, turn.roll, is_for))

    @rule(name=st.sampled_from(list(MOVES)), key=people, off=late, roll_off=late)
    def do_anything(self, name: str, key: str, off: int, roll_off: int) -> None:
        """Make any move by anybody at any time, often with the button of another turn."""
        turn = self.jam.turn or Turn(1, 1, key)
        self.tap(name, Tap(key, self.now_s, turn.number + off, turn.roll + roll_off))

    @rule(key=people, name=names, seat=seats)
    def join(self, key: str, name: str, seat: int | None) -> None:
        """Come in, come back, or sit down elsewhere."""
        self.move(lambda jam: session.join(jam, key, name, seat))

    @precondition(lambda self: self.jam.takes)
    @rule(key=people)
    def undo(self, key: str) -> None:
        """Take the last take back, mostly one's own."""
        own = self.jam.takes[-1].player
        for each in (key, own):
            self.move(lambda jam, each=each: session.undo(jam, each, self.now_s))  # type: ignore[misc]

    @precondition(lambda self: self.jam.phase is Phase.LOBBY)
    @rule(agreed=agreements(), key=st.sampled_from(PEOPLE[:2]))
    def settle(self, agreed: Settings, key: str) -> None:
        """Agree on something else."""
        self.move(lambda jam: session.settle(jam, key, agreed, self.now_s))

    @precondition(lambda self: len(self.jam.takes) > 2)  # else no jam would grow
    @rule(key=people, is_moderator=st.booleans())
    def finish(self, key: str, is_moderator: bool) -> None:  # noqa: FBT001
        """End it."""
        self.move(lambda jam: session.finish(jam, key, self.now_s, is_moderator=is_moderator))

    @rule(chat=st.sampled_from(("chat", "supergroup")))
    def relocate(self, chat: str) -> None:
        """Follow the chat, also after the end; nothing else changes."""
        before, self.jam = self.jam, session.relocate(self.jam, chat)
        assert replace(self.jam, spot=before.spot, version=before.version) == before

    @rule(seconds=st.integers(0, 200), is_late=st.booleans())
    def wait(self, seconds: int, is_late: bool) -> None:  # noqa: FBT001
        """Let time go by; somebody's move may come a little before the clock's."""
        self.now_s += seconds
        if not is_late:
            self.move(lambda jam: session.tick(jam, self.now_s))

    @rule()
    def wait_for_nobody(self) -> None:
        """Let the time go by that there is for what is waited for."""
        self.now_s = max(self.now_s, min(self.jam.deadline_s, self.jam.ends_s))
        self.move(lambda jam: session.tick(jam, self.now_s))

    @rule(seconds=st.integers(0, 8_000))
    def come_back(self, seconds: int) -> None:
        """Be away for a while: then everybody has a minute at least."""
        self.now_s += seconds
        self.move(lambda jam: session.grace(jam, self.now_s))
        next_s = min(self.jam.deadline_s, self.jam.ends_s)
        assert self.jam.phase.is_over or next_s >= self.now_s + session.GRACE_S

    # How they are made.

    def tap(self, name: str, tap: Tap) -> None:
        """Make a move of the table."""
        self.move(lambda jam: MOVES[name](jam, tap))

    def move(self, call: Call) -> None:
        """Make a move and compare what was with what is; JamRefused is the only refusal."""
        before = self.jam
        told = json.dumps(spelled(before))
        with suppress(JamRefused):
            self.jam = call(before)
        assert json.dumps(spelled(before)) == told
        self.check_step(before, self.jam)

    def check_step(self, before: Jam, after: Jam) -> None:
        """Check what holds from one move to the next."""
        if after == before:
            return
        assert not before.phase.is_over  # what is over stays as it is
        assert after.version == before.version + 1
        assert after.turns >= before.turns
        if after.turn and before.turn and after.turn.number != before.turn.number:
            assert after.turn.number > before.turns  # it never was anybody's before
        begins = (after.phase, after.turn) != (before.phase, before.turn)
        assert after.phase.is_over or not begins or after.deadline_s > self.now_s
        if after.turn:
            self.check_turn(after.turn, before.turn)

    def check_turn(self, turn: Turn, before: Turn | None) -> None:
        """Check that a turn has one owner and so many takes, each of which counts."""
        assert self.owners.setdefault(turn.number, turn.player) == turn.player
        rolls = self.rolls.setdefault(turn.number, [turn.roll])
        if before and before.number == turn.number and turn.roll != before.roll:
            assert turn.roll == before.roll + 1
            rolls.append(turn.roll)
        assert len(rolls) - 1 <= MAX_ROLLS
        assert rolls[-1] == turn.roll <= MAX_ROLLS

    # What always holds.

    @invariant()
    def each_phase_has_what_it_needs(self) -> None:
        """And nothing else."""
        jam = self.jam
        assert (jam.turn is not None) == (jam.phase in BEGUN)
        assert (jam.take is not None) == (jam.phase in JUDGED)
        assert jam.phase is Phase.VOTING or not jam.votes
        assert jam.phase not in {Phase.EXPIRED, Phase.CANCELLED} or not jam.takes
        assert jam.phase is not Phase.FINISHED or jam.takes
        assert jam.phase is not Phase.TAKING or (jam.turn and jam.turn.roll >= 1)

    @invariant()
    def a_turn_is_of_somebody_who_is_there(self) -> None:
        """So is what is judged; and the host."""
        jam = self.jam
        present = {player.key for player in jam.players if not player.has_left}
        assert jam.turn is None or jam.turn.player in present
        assert jam.phase.is_over or jam.host in present
        if jam.take and jam.turn:
            judged = (jam.take.turn, jam.take.roll, jam.take.player)
            assert judged == (jam.turn.number, jam.turn.roll, jam.turn.player)

    @invariant()
    def nobody_is_there_twice(self) -> None:
        """Neither by key nor by name; on no seat are two."""
        jam = self.jam
        assert len({player.key for player in jam.players}) == len(jam.players)
        assert len({player.name for player in jam.players}) == len(jam.players)
        present = [player for player in jam.players if not player.has_left]
        assert len(present) <= MAX_PLAYERS
        taken = [player.seat for player in present]
        if jam.settings.way is Way.SECTIONS:
            assert set(taken) <= {None}
        else:
            assert len(set(taken)) == len(taken)
            assert set(taken) <= set(range(len(jam.settings.seats)))

    @invariant()
    def each_player_has_one_vote(self) -> None:
        """And a vote ends as soon as most are of one mind."""
        jam = self.jam
        voters = [key for key, _ in jam.votes]
        assert len(set(voters)) == len(voters)
        assert set(voters) <= {player.key for player in jam.active}
        votes_for = sum(is_for for _, is_for in jam.votes)
        assert 2 * max(votes_for, len(voters) - votes_for) <= len(jam.active) or not voters

    @invariant()
    def takes_follow_each_other(self) -> None:
        """In sections, bar by bar and from where an earlier jam ended; in parts, over all bars."""
        jam = self.jam
        takes = [*jam.takes, jam.take] if jam.take else list(jam.takes)
        assert all(take.first_bar < take.past_bar for take in takes)
        assert len({take.turn for take in takes}) == len(takes)
        if jam.settings.way is Way.PARTS:
            assert {(take.first_bar, take.past_bar) for take in takes} <= {(0, jam.settings.bars)}
            return
        lines = [jam.origin_bars, *(take.past_bar for take in takes)]
        assert [take.first_bar for take in takes] == lines[:-1]
        if jam.settings.form:
            assert len(takes) <= len(jam.settings.form)

    @invariant()
    def everything_ends_some_time(self) -> None:
        """By the clock alone, whatever the composer does."""
        jam = self.jam
        assert isfinite(jam.deadline_s)
        assert isfinite(jam.ends_s)
        answers, works = COMPOSERS[jam.version % len(COMPOSERS)]  # each has its turn
        assert left_alone(jam, self.now_s, answers=answers, works=works).phase.is_over

    @invariant()
    def it_is_read_as_it_was_written(self) -> None:
        """Whatever it is waiting for."""
        assert respelled(json.loads(json.dumps(spelled(self.jam)))) == self.jam


Sessions.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestSessions = Sessions.TestCase
