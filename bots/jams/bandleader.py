"""What AudioGroove does for whoever wants to jam: each ask becomes a move, or a sentence why not.

/jam start · join · take · undo · leave · finish · card · history
buttons that name their turn and roll: "keep.7.2"; see `bots.jams.card`
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from audiogroove.errors import Gone, JamFault, JamRefused, SeedFault, SeedRejected
from audiogroove.jam import session
from audiogroove.jam.jam import Jam, Phase, Spot
from audiogroove.jam.settings import Settings, Way
from audiogroove.music.piece import Piece
from audiogroove.music.wall import MAX_BYTES
from audiogroove.store import Store
from audiogroove.store.rows import Charge, new_piece_id
from audiogroove.tokens.customs import Custom
from audiogroove.typed import read_typed
from bots.chat import Ask, Attachment, Line
from bots.commands import split_action
from bots.jams import agreeing, words
from bots.jams.bandstand import Bandstand
from bots.jams.stand import Stand
from bots.previews import Previews

HISTORY = 10  # jams
BUSIER, CALMER = "busy", "light"

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What the bandleader works with besides the bandstand."""

    customs: Mapping[str, Custom]  # of each style that the model knows
    charges: Callable[[Ask], Sequence[Charge]]  # of one take
    dice: Callable[[], int]
    now_s: Callable[[], float]  # since 1970
    read_seed: Callable[[bytes], Awaitable[Piece]]  # strangers' files, behind the wall


class Bandleader:
    """Hears what is asked about jams."""

    def __init__(
        self, bandstand: Bandstand, store: Store, previews: Previews, score: Score
    ) -> None:
        """Lead the jams on this bandstand."""
        self._bandstand, self._store, self._previews = bandstand, store, previews
        self._score = score
        self._answers: Mapping[str, Callable[[Ask, Line, Numbers], Awaitable[None]]] = {
            "": self._card_or_start,
            "start": self._start,
            "card": self._card,
            "history": self._history,
            "show": self._show,
            "onward": self._onward,
            "way": self._way,
            "join": self._join,
            "seat": self._seat,
            "leave": self._leave,
            "begin": self._begin,
            "finish": self._finish,
            "take": self._take,
            "play": self._play,
            "busier": partial(self._play, density=BUSIER),
            "calmer": partial(self._play, density=CALMER),
            "roll": self._play,
            "keep": self._keep,
            "pass": self._pass,
            "undo": self._undo,
            "ask": self._call_vote,
            "for": partial(self._vote, is_for=True),
            "against": partial(self._vote, is_for=False),
        }

    async def hear(self, ask: Ask, line: Line) -> None:
        """Do what is asked, and answer on the line; refusals are raised.

        Raises:
            JamRefused: where nobody else is.
            Gone: for a button of a version that is past.
        """
        if ask.chat.is_private:
            raise JamRefused(JamFault.NEEDS_A_GROUP)
        name, *numbers = (ask.argument or split_action(ask.text)[0]).split(".")
        if name not in self._answers or not all(each.isdecimal() for each in numbers):
            raise Gone("button")
        await self._follow(ask)
        await self._answers[name](ask, line, tuple(int(each) for each in numbers))

    async def _follow(self, ask: Ask) -> None:
        """Note where a jam is whose chat has got another key, as when a group grows."""
        stand = self._bandstand.stand(ask.subject) if ask.is_press else None
        if stand:
            await stand.follow(ask.chat.key)

    async def forgotten(self, jams: tuple[str, ...]) -> None:
        """Take up jams in which the store has forgotten somebody."""
        await self._bandstand.reread(jams)

    # Jams.

    async def _card_or_start(self, ask: Ask, line: Line, numbers: Numbers) -> None:
        is_open = self._bandstand.at(spot_of(ask)) is not None
        is_bare = not (ask.wishes or split_action(ask.text)[1])
        await (self._card if is_open and is_bare else self._start)(ask, line, numbers)

    async def _start(self, ask: Ask, line: Line, _: Numbers) -> None:
        said = agreeing.heard(split_action(ask.text)[1], ask.wishes)
        if stand := self._bandstand.at(spot_of(ask)):
            await self._settle(stand, ask, line, said)
            return
        settings = agreeing.settings_of(said, self._score.customs, self._score.dice())
        await self._open(ask, line, settings)

    async def _open(
        self, ask: Ask, line: Line, settings: Settings, origin: Jam | None = None
    ) -> None:
        host = (ask.person.key, ask.person.name)
        jam = session.open_jam(
            new_piece_id(), spot_of(ask), settings, host, self._score.now_s(), origin
        )
        await self._bandstand.open(jam, line)

    async def _settle(self, stand: Stand, ask: Ask, line: Line, said: agreeing.Said) -> None:
        """Let the host agree on something else.

        Raises:
            JamRefused: when this is not the host, or there is nothing to agree on.
        """
        if not said or ask.person.key != stand.jam.host:
            raise JamRefused(JamFault.ONE_IS_OPEN)
        seed, before = self._score.dice(), stand.jam.settings
        settings = agreeing.settings_of(said, self._score.customs, seed, before)
        now_s = self._score.now_s()
        await stand.move(lambda jam: session.settle(jam, ask.person.key, settings, now_s))
        await line.nod("Agreed.")

    async def _way(self, ask: Ask, line: Line, _: Numbers) -> None:
        stand = self._stand(ask)
        before = stand.jam.settings
        other = Way.PARTS if before.way is Way.SECTIONS else Way.SECTIONS
        settings, now_s = agreeing.in_way(before, other, form=before.form), self._score.now_s()
        await stand.move(lambda jam: session.settle(jam, ask.person.key, settings, now_s))
        await line.nod("Agreed.")

    async def _card(self, ask: Ask, line: Line, _: Numbers) -> None:
        self._bandstand.renew(self._stand(ask).jam.id)
        await line.nod("Here it comes.")

    async def _history(self, ask: Ask, line: Line, _: Numbers) -> None:
        spot = spot_of(ask)
        jams = await self._store.jams.history(spot.platform, spot.chat, HISTORY)
        await line.say(words.history(jams))

    async def _show(self, ask: Ask, line: Line, _: Numbers) -> None:
        view = await self._bandstand.look(ask.subject)
        if view.heard is None:
            raise JamRefused(JamFault.NOTHING_LAID)
        await line.hold()
        files = await self._previews.of(view.heard, words.PREVIEWS)
        await line.say(words.finished(view.jam, view.heard, files, self._previews.offers))

    async def _onward(self, ask: Ask, line: Line, _: Numbers) -> None:
        before = (await self._store.jams.look(ask.subject)).jam
        if not before.laid:
            raise JamRefused(JamFault.NOTHING_LAID)
        await self._open(ask, line, before.settings, before)

    # People.

    async def _join(self, ask: Ask, line: Line, _: Numbers) -> None:
        stand = self._stand(ask)
        typed = ask.wishes.get("instrument") or split_action(ask.text)[1]
        seat = agreeing.seat_named(stand.jam.settings, typed)
        await self._sit_down(stand, ask, line, seat)

    async def _seat(self, ask: Ask, line: Line, numbers: Numbers) -> None:
        await self._sit_down(self._stand(ask), ask, line, _first(numbers))

    async def _sit_down(self, stand: Stand, ask: Ask, line: Line, seat: int | None) -> None:
        person = ask.person
        before = stand.jam
        after = await stand.move(lambda jam: session.join(jam, person.key, person.name, seat))
        await line.nod("You play along." if after is not before else "You are in already.")

    async def _leave(self, ask: Ask, line: Line, _: Numbers) -> None:
        key, now_s = ask.person.key, self._score.now_s()
        jam = await self._stand(ask).move(lambda jam: session.leave(jam, key, now_s))
        has_played = any(take.player == key for take in jam.takes)
        await line.nod("You have left; what you played stays." if has_played else "You have left.")

    async def _begin(self, ask: Ask, line: Line, _: Numbers) -> None:
        key, now_s = ask.person.key, self._score.now_s()
        await self._stand(ask).move(lambda jam: session.begin(jam, key, now_s))
        await line.nod("Off we go.")

    async def _finish(self, ask: Ask, line: Line, _: Numbers) -> None:
        stand, key, now_s = self._stand(ask), ask.person.key, self._score.now_s()
        may = key != stand.jam.host and await line.is_moderator()
        jam = await stand.move(lambda jam: session.finish(jam, key, now_s, is_moderator=may))
        await line.nod("That was it." if jam.phase is Phase.FINISHED else "Called off.")

    # Turns.

    async def _take(self, ask: Ask, line: Line, _: Numbers) -> None:
        """Play by a command: a file of one's own, or as somebody wishes."""
        if ask.seed:
            await self._bring(ask, line, ask.seed)
            return
        typed = split_action(ask.text)[1]
        density = {"busier": BUSIER, "calmer": CALMER}.get(typed.lower())
        if density is None:
            density = (read_typed(typed) | dict(ask.wishes)).get("density")
        await self._play(ask, line, (), density=density)

    async def _bring(self, ask: Ask, line: Line, seed: Attachment) -> None:
        stand, key = self._stand(ask), ask.person.key
        session.check_bring(stand.jam, key)
        if seed.size_bytes > MAX_BYTES:
            raise SeedRejected(SeedFault.TOO_LARGE, found=seed.size_bytes, limit=MAX_BYTES)
        file = await self._score.read_seed(await seed.fetch())
        await stand.bring(key, file, self._score.charges(ask))
        await line.nod("Your file is fitted in: keep it?")

    async def _play(
        self, ask: Ask, line: Line, numbers: Numbers, density: str | None = None
    ) -> None:
        """Have a take composed: the first of a turn, or in place of one that is heard."""
        stand, key, now_s = self._stand(ask), ask.person.key, self._score.now_s()

        def change(jam: Jam) -> Jam:
            is_typed = not numbers and jam.phase is Phase.HEARING
            if len(numbers) > 1 or is_typed:
                return session.reroll(jam, key, now_s, *_both(numbers, jam), density)
            return session.play(jam, key, now_s, _first(numbers) or 0, density)

        with self._bandstand.composing_for(key, stand.jam.id):
            await stand.move(change, self._score.charges(ask))
        await line.nod("It is being composed.")

    async def _keep(self, ask: Ask, line: Line, numbers: Numbers) -> None:
        key, now_s = ask.person.key, self._score.now_s()
        await self._stand(ask).move(lambda jam: session.keep(jam, key, now_s, *_both(numbers, jam)))
        await line.nod("Laid down.")

    async def _pass(self, ask: Ask, line: Line, numbers: Numbers) -> None:
        key, now_s, turn = ask.person.key, self._score.now_s(), _first(numbers) or 0
        await self._stand(ask).move(lambda jam: session.pass_on(jam, key, now_s, turn))
        await line.nod("Passed on.")

    async def _undo(self, ask: Ask, line: Line, _: Numbers) -> None:
        key, now_s = ask.person.key, self._score.now_s()
        await self._stand(ask).move(lambda jam: session.undo(jam, key, now_s))
        await line.nod("Taken back: it is your turn again.")

    async def _call_vote(self, ask: Ask, line: Line, numbers: Numbers) -> None:
        key, now_s = ask.person.key, self._score.now_s()
        await self._stand(ask).move(
            lambda jam: session.call_vote(jam, key, now_s, *_both(numbers, jam))
        )
        await line.nod("All may vote now.")

    async def _vote(self, ask: Ask, line: Line, numbers: Numbers, *, is_for: bool) -> None:
        key, now_s = ask.person.key, self._score.now_s()
        await self._stand(ask).move(
            lambda jam: session.vote(jam, key, now_s, *_both(numbers, jam), is_for=is_for)
        )
        await line.nod("Counted: for it." if is_for else "Counted: against it.")

    def _stand(self, ask: Ask) -> Stand:
        """Find the jam that is meant: the button's, or the one that is open here.

        Raises:
            JamRefused: when there is none.
        """
        if ask.subject:
            stand = self._bandstand.stand(ask.subject)
            if stand is None or stand.jam.spot.platform != spot_of(ask).platform:
                raise JamRefused(JamFault.TOO_LATE)
            return stand
        stand = self._bandstand.at(spot_of(ask))
        if stand is None:
            raise JamRefused(JamFault.NO_JAM)
        return stand


def spot_of(ask: Ask) -> Spot:
    """Tell where something is asked."""
    return Spot(ask.person.key.partition(":")[0], ask.chat.key, ask.chat.topic)


def _first(numbers: Numbers) -> int | None:
    return numbers[0] if numbers else None


def _both(numbers: Numbers, jam: Jam) -> tuple[int, int]:
    """Tell the turn and the roll that a button names; where it was typed, the present ones."""
    if len(numbers) > 1:
        return numbers[0], numbers[1]
    return (jam.take.turn, jam.take.roll) if jam.take else (0, 0)
