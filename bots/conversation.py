"""What AudioGroove does in any chat: an ask comes in, something is done, a line is answered.

    hear(ask, line) ─▶ the verb's own answer ─▶ line.say(reply)
                                             └▶ a job: store.accept, then the desk

Deciding what to do with whom, and nothing of any platform: no sockets, no clock, no tasks.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace

import structlog

from audiogroove.errors import (
    AudioGrooveError,
    Gone,
    JamFault,
    JamRefused,
    NotAllowed,
    NothingThere,
    RequestRefused,
    SeedFault,
    SeedRejected,
)
from audiogroove.music.piece import Piece
from audiogroove.music.wall import MAX_BYTES
from audiogroove.request import MAX_NEW_BARS, ComposeRequest, Mode
from audiogroove.store import Store
from audiogroove.store.rows import Charge, NewJob, StoredPiece
from audiogroove.typed import read_typed
from audiogroove.wishes import BY_NAME, WISHES, applicable, kept_beside, request_of
from bots import replies
from bots.chat import Ask, Line, Verb
from bots.desk import Desk
from bots.jams.bandleader import Bandleader
from bots.metrics import Meters
from bots.previews import Previews

SEED_BITS = 32  # a number that a person can still type
ERROR_BYTES = 3
HOUR_S = 3600.0
ALL_AT_ONCE = nullcontext()
_KEEPABLE = ", ".join(wish.name for wish in WISHES if wish.is_default)

_LOG = structlog.get_logger()


def throw_dice() -> int:
    """Draw the seed of a piece."""
    return secrets.randbits(SEED_BITS)


@dataclass(frozen=True, slots=True)
class Quota:
    """How often: so many an hour in the long run, so many at once; 0 an hour is no limit."""

    per_hour: float
    burst: int

    def charges(self, key: str, whose: str) -> tuple[Charge, ...]:
        """Make what a request costs of this quota."""
        if not self.per_hour:
            return ()
        return (Charge(key, whose, every_s=HOUR_S / self.per_hour, burst=self.burst),)


@dataclass(frozen=True, slots=True)
class House:
    """What the host decides and the model brings."""

    model: str  # its name
    styles: tuple[str, ...]  # that it knows
    person: Quota = Quota(60, 10)
    chat: Quota = Quota(240, 40)
    page: str = ""  # our web page's address, where others can reach it

    def charges(self, ask: Ask) -> tuple[Charge, ...]:
        """Tell what one request costs, a person and, where others are, the chat."""
        charges = self.person.charges(f"person:{ask.person.key}", "you")
        if not ask.chat.is_private:
            charges += self.chat.charges(f"chat:{ask.chat.key}", "chat")
        return charges


@dataclass(frozen=True, slots=True)
class Means:
    """What the conversation works with.

    `read_seed` reads strangers' files behind the wall. `turns` lets a few requests at a time be
    made, so that in a crowd the first are answered soon instead of all late; nothing is said in
    a turn, for a slow chat must keep nobody waiting. Without a bandleader there are no jams.
    """

    read_seed: Callable[[bytes], Awaitable[Piece]]
    dice: Callable[[], int] = throw_dice
    turns: AbstractAsyncContextManager[object] = ALL_AT_ONCE
    meters: Meters = field(default_factory=Meters)
    bandleader: Bandleader | None = None


class Conversation:
    """The one conversation behind every door."""

    def __init__(
        self, store: Store, desk: Desk, house: House, previews: Previews, means: Means
    ) -> None:
        """Set up the conversation."""
        self._store, self._desk, self._house, self._previews = store, desk, house, previews
        self._read_seed, self._dice = means.read_seed, means.dice
        self._turns, self._meters = means.turns, means.meters
        self._bandleader = means.bandleader
        self._answers: Mapping[Verb, Callable[[Ask, Line], Awaitable[None]]] = {
            Verb.COMPOSE: self._make,
            Verb.CONTINUE: self._make,
            Verb.VARY: self._make,
            Verb.ACCOMPANY: self._make,
            Verb.AGAIN: self._make_again,
            Verb.SETTINGS: self._settings,
            Verb.QUEUE: self._queue,
            Verb.CANCEL: self._cancel,
            Verb.STYLES: self._styles,
            Verb.HELP: self._help,
            Verb.FORGET: self._forget,
            Verb.JAM: self._jam,
            Verb.LISTEN: self._listen,
            Verb.SCORE: self._score,
            Verb.VIDEO: self._video,
            Verb.DETAILS: self._details,
            Verb.DELETE: self._delete,
        }

    async def hear(self, ask: Ask, line: Line) -> None:
        """Do what is asked and answer on the line; whatever goes wrong is answered there too."""
        platform = _platform(ask)
        self._meters.asked(platform, ask.verb)
        with structlog.contextvars.bound_contextvars(ask=ask.id, verb=str(ask.verb)):
            try:
                await self._answers[ask.verb](ask, line)
            except AudioGrooveError as error:
                error_id = secrets.token_hex(ERROR_BYTES)
                self._meters.refused(platform, error)
                _LOG.info("refused", error=repr(error), error_id=error_id)
                await line.say(replies.sorry(error, error_id))
            except Exception:  # noqa: BLE001  (the border: the person is told, the log knows why)
                error_id = secrets.token_hex(ERROR_BYTES)
                self._meters.refused(platform, None)
                _LOG.exception("broke", error_id=error_id)
                await line.say(replies.broken(error_id))

    # Music.

    async def _make(self, ask: Ask, line: Line) -> None:
        stored = await self._store.piece(ask.subject) if ask.subject else None
        if stored is None and ask.answers:
            stored = await self._store.piece_noted(ask.chat.key, ask.answers)
        if stored and ask.is_press and not ask.argument:
            menu = {Verb.VARY: replies.which_bars, Verb.ACCOMPANY: replies.which_part}
            if ask.verb in menu:
                await line.say(menu[ask.verb](stored))
                return
        with self._desk.room_for(ask.person.key):
            async with ALL_AT_ONCE if ask.seed else self._turns:  # files take their time
                await self._make_from(ask, line, stored)

    async def _make_from(self, ask: Ask, line: Line, stored: StoredPiece | None) -> None:
        wishes = read_typed(ask.text) | dict(ask.wishes)
        material, stored = await self._material(ask, line, stored)
        mode = Mode(ask.verb)
        if mode is Mode.COMPOSE and material:
            mode = Mode.CONTINUE
        defaults = applicable(mode, await self._store.defaults(ask.chat.key), wishes)
        wishes = dict(defaults) | _understood(mode, ask, material) | wishes
        request = request_of(mode, wishes, seed=self._dice(), material=material)
        await self._accept(ask, line, request, stored.id if stored else None)

    async def _material(
        self, ask: Ask, line: Line, stored: StoredPiece | None
    ) -> tuple[Piece | None, StoredPiece | None]:
        """Find what is meant: a file that came along, a piece of ours, or the last one here.

        Raises:
            NothingThere: when there is none of them and one is needed.
            SeedRejected: when the file cannot be read.
        """
        if ask.seed:
            if ask.seed.size_bytes > MAX_BYTES:
                raise SeedRejected(SeedFault.TOO_LARGE, found=ask.seed.size_bytes, limit=MAX_BYTES)
            await line.hold()
            return await self._read_seed(await ask.seed.fetch()), None
        if stored is None and ask.verb is not Verb.COMPOSE:
            stored = await self._store.latest(ask.chat.key)
            if stored is None:
                raise NothingThere(str(ask.verb))
        return (stored.piece, stored) if stored else (None, None)

    async def _make_again(self, ask: Ask, line: Line) -> None:
        with self._desk.room_for(ask.person.key):
            async with self._turns:
                stored = await self._store.piece(ask.subject)
            request = replace(stored.request, seed=self._dice())
            await self._accept(ask, line, request, stored.id)

    async def _accept(
        self, ask: Ask, line: Line, request: ComposeRequest, parent: str | None
    ) -> None:
        """Make a request a row, then work; one that is a row already was told twice."""
        new = NewJob(
            id=ask.id,
            platform=_platform(ask),
            chat=ask.chat.key,
            person=ask.person.key,
            request=request,
            address=line.address,
            parent=parent,
        )
        job = await self._store.accept(new, self._house.charges(ask))
        if job:
            self._desk.take(job, line.open)

    # Housekeeping.

    async def _queue(self, ask: Ask, line: Line) -> None:
        mine = self._desk.of_person(ask.person.key)
        standing = [(job.request, event) for job, event in mine]
        await line.say(replies.queue(standing, *self._desk.count()))

    async def _cancel(self, ask: Ask, line: Line) -> None:
        if ask.subject:
            jobs = [job] if (job := self._desk.job(ask.subject)) else []
            if not jobs:
                raise Gone("request")
            if jobs[0].person != ask.person.key and not await line.is_moderator():
                raise NotAllowed("stop this piece")
        else:
            jobs = [job for job, _ in self._desk.of_person(ask.person.key)]
        stopped = [await self._desk.cancel(job.id, replies.stopped()) for job in jobs]
        await line.say(replies.cancelled(sum(stopped)))

    async def _settings(self, ask: Ask, line: Line) -> None:
        is_reset = "reset" in {ask.argument, ask.text.strip().lower()}
        chosen = {} if is_reset else read_typed(ask.text) | dict(ask.wishes)
        if not is_reset and not chosen:
            await line.say(replies.defaults(await self._store.defaults(ask.chat.key)))
            return
        if not ask.chat.is_private and not await line.is_moderator():
            raise NotAllowed("change the settings")
        if chosen:
            chosen = kept_beside(await self._store.defaults(ask.chat.key), chosen) | chosen
            for name in chosen:
                if not BY_NAME[name].is_default:
                    raise RequestRefused("settings", asked=name, possible=_KEEPABLE)
            request_of(Mode.COMPOSE, chosen, seed=0)  # refuses what makes no sense
        await self._store.set_defaults(ask.chat.key, chosen)
        await line.say(replies.defaults_changed(chosen))

    async def _styles(self, _: Ask, line: Line) -> None:
        await line.say(replies.styles(self._house.styles))

    async def _help(self, _: Ask, line: Line) -> None:
        await line.say(replies.help_text())

    async def _forget(self, ask: Ask, line: Line) -> None:
        person = ask.person.key.replace(":", ".")  # as a button can carry it
        if ask.argument != "yes":
            await line.say(replies.ask_to_forget(person))
            return
        if ask.subject != person:
            await line.say(replies.not_yours())
            return
        forgotten = await self._store.forget(ask.person.key)
        if ask.chat.is_private:
            await self._store.set_defaults(ask.chat.key, {})
        for job in forgotten.open_jobs:
            await self._desk.cancel(job, replies.stopped())
        if self._bandleader:
            await self._bandleader.forgotten(forgotten.jams)
        await line.say(replies.forgotten(forgotten.pieces))

    async def _jam(self, ask: Ask, line: Line) -> None:
        if self._bandleader is None:
            raise JamRefused(JamFault.NEEDS_A_GROUP)
        await self._bandleader.hear(ask, line)

    async def _details(self, ask: Ask, line: Line) -> None:
        stored = await self._store.piece(ask.subject)
        await line.say(replies.details(stored, self._house.model, self._house.page))

    async def _listen(self, ask: Ask, line: Line) -> None:
        stored = await self._store.piece(ask.subject)
        await line.hold()
        await line.say(replies.heard(stored, await self._previews.sound(stored)))

    async def _score(self, ask: Ask, line: Line) -> None:
        stored = await self._store.piece(ask.subject)
        await line.hold()
        await line.say(replies.engraved(stored, await self._previews.score(stored)))

    async def _video(self, ask: Ask, line: Line) -> None:
        stored = await self._store.piece(ask.subject)
        await line.hold()
        await line.say(replies.filmed(stored, await self._previews.video(stored)))

    async def _delete(self, ask: Ask, line: Line) -> None:
        stored = await self._store.piece(ask.subject)
        if stored.person != ask.person.key and not await line.is_moderator():
            raise NotAllowed("delete this piece")
        delivered = (await self._store.job(stored.job)).address
        await self._store.delete_piece(stored.id)
        await line.remove(delivered)
        await line.say(replies.deleted())


def _platform(ask: Ask) -> str:
    return ask.person.key.partition(":")[0]


def _understood(mode: Mode, ask: Ask, material: Piece | None) -> dict[str, str]:
    """Tell what goes without saying: a button's own words, else a useful choice."""
    if mode is Mode.VARY and material:
        first = max(material.bars // 2, material.bars - MAX_NEW_BARS)
        return {"range": ask.argument or f"{first + 1}-{material.bars}"}
    if mode is Mode.ACCOMPANY and material:
        return {"parts": ask.argument or (replies.missing_parts(material) or ["piano"])[0]}
    return {}
