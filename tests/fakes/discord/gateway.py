"""The gateway: sessions over websockets, with replay of what a bot missed while it was away."""

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.fakes.discord import payloads
from tests.fakes.discord.record import Json, Record
from tests.fakes.discord.world import Guild, Make, World

PRIVILEGED = {"members": 1 << 1, "presences": 1 << 8, "message_content": 1 << 15}
HEARTBEAT_MS = 41_250
SENDS = 120  # by the bot, in SEND_WINDOW_S
SEND_WINDOW_S = 60.0
ENDING_CODES = frozenset({1000, 1001})  # a bot that closes so has ended its session

AUTHENTICATION_FAILED, INVALID_SEQUENCE, RATE_LIMITED, BAD_INTENTS = 4004, 4007, 4008, 4014
DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 0, 1, 2, 3, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 7, 8, 9, 10, 11


@dataclass(frozen=True, slots=True)
class Close:
    """Sent down a connection's queue: close it with this code."""

    code: int


Frame = Json | Close


@dataclass(slots=True, eq=False)
class Session:
    """What a bot's connection is to Discord; outlives the socket so that it can be resumed."""

    id: str
    shard: tuple[int, int]
    intents: int
    events: list[Json] = field(default_factory=list)
    outbox: asyncio.Queue[Frame] | None = None  # of the socket, while there is one

    def dispatch(self, name: str, data: Json) -> None:
        """Keep an event, and send it if anybody listens."""
        event = {"op": DISPATCH, "t": name, "s": len(self.events) + 1, "d": data}
        self.events.append(event)
        if self.outbox is not None:
            self.outbox.put_nowait(event)

    def serves(self, guild: Guild | None) -> bool:
        """Tell whether this shard hears of a guild; direct messages go to shard 0."""
        number, count = self.shard
        return number == ((guild.id >> 22) % count if guild else 0)


class Connection:
    """One websocket: frames out in order, compressed if asked for."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.request = request
        self.socket = socket
        self.outbox: asyncio.Queue[Frame] = asyncio.Queue()
        self.session: Session | None = None
        self.is_dropped = False  # by this side
        self.sent_s: list[float] = []  # when the bot sent something
        self._deflate = (
            zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        )

    async def write(self) -> None:
        """Send what is put into the outbox, until it says close."""
        while True:
            frame = await self.outbox.get()
            if isinstance(frame, Close):
                self.is_dropped = True
                await self.socket.close(code=frame.code)
                return
            text = json.dumps(frame)
            if self._deflate is None:
                await self.socket.send_str(text)
                continue
            packed = self._deflate.compress(text.encode())
            await self.socket.send_bytes(packed + self._deflate.flush(zlib.Z_SYNC_FLUSH))

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell the bot that its session is no good."""
        self.outbox.put_nowait({"op": INVALID_SESSION, "d": resumable, "s": None, "t": None})


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms the gateway lets a bot in."""

    token: str
    intents: frozenset[str]  # privileged ones that are switched on for this bot


class Gateway:
    """All sessions of the bot."""

    def __init__(self, world: World, record: Record, terms: Terms) -> None:
        self.sessions: dict[str, Session] = {}
        self.identified = 0  # how often, since the fake began
        self.resumed = 0
        self._world = world
        self._record = record
        self._terms = terms
        self._connections: set[Connection] = set()
        self.url = ""  # set by the server, when it knows its port
        world.emit = self.emit

    @property
    def is_connected(self) -> bool:
        """Whether a bot listens with a session."""
        return any(
            each.session is not None and each.session.outbox is each.outbox
            for each in self._connections
        )

    def emit(self, name: str, guild: Guild | None, make: Make) -> None:
        """Tell each session of an event, as its intents allow; the absent find it on return."""
        if guild is not None and not guild.has_bot and name != "INTERACTION_CREATE":
            return
        for session in self.sessions.values():
            data = make(session.intents) if session.serves(guild) else None
            if data is not None:
                session.dispatch(name, data)

    def drop(self, code: int = 4000) -> None:
        """Close every connection with this code; sessions can be resumed."""
        self._send_all(Close(code))

    def abort(self) -> None:
        """Tear every connection without a word."""
        for each in self._connections:
            if each.request.transport is not None:
                each.request.transport.abort()

    def reconnect(self) -> None:
        """Ask the bot to reconnect and resume (op 7)."""
        self._send_all({"op": RECONNECT, "d": None, "s": None, "t": None})

    def invalid_session(self, *, resumable: bool = False) -> None:
        """Declare every session invalid (op 9)."""
        for each in self._connections:
            if each.session is not None and not resumable:
                self._end(each.session)
            each.invalidate(resumable=resumable)

    def _send_all(self, frame: Frame) -> None:
        for each in self._connections:
            if each.session is not None and each.session.outbox is each.outbox:
                each.session.outbox = None  # from now on what happens is kept for the replay
            each.outbox.put_nowait(frame)

    def _end(self, session: Session) -> None:
        self.sessions.pop(session.id, None)
        session.outbox = None

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Speak with one connection until it ends."""
        socket = web.WebSocketResponse(max_msg_size=4096 * 4)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        connection.outbox.put_nowait(
            {"op": HELLO, "d": {"heartbeat_interval": HEARTBEAT_MS}, "s": None, "t": None}
        )
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, json.loads(message.data))
        finally:
            self._connections.discard(connection)
            self._leave(connection)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            self._world.changes.notify()
        return socket

    def _leave(self, connection: Connection) -> None:
        session = connection.session
        if session is None:
            return
        if session.outbox is connection.outbox:
            session.outbox = None
        if connection.socket.close_code in ENDING_CODES and not connection.is_dropped:
            self._end(session)

    def _receive(self, connection: Connection, frame: Json) -> None:
        now = self._world.clock.now_s()
        connection.sent_s = [each for each in connection.sent_s if now - each < SEND_WINDOW_S]
        connection.sent_s.append(now)
        if len(connection.sent_s) > SENDS:
            self._blame("more than 120 sends a minute")
            connection.outbox.put_nowait(Close(RATE_LIMITED))
            return
        doing: dict[int, Callable[[Connection, Any], None]] = {
            HEARTBEAT: self._acknowledge,
            IDENTIFY: self._identify,
            RESUME: self._resume,
            REQUEST_MEMBERS: self._tell_members,
        }
        if frame["op"] in doing:
            doing[frame["op"]](connection, frame["d"])
        elif frame["op"] != PRESENCE:
            self._blame(f"op {frame['op']} is not for a chat bot")

    def _acknowledge(self, connection: Connection, _sequence: int | None) -> None:
        connection.outbox.put_nowait({"op": ACK, "d": None, "s": None, "t": None})

    def _blame(self, what: str) -> None:
        self._record.violations.append(f"gateway: {what}")
        self._world.changes.notify()

    def _identify(self, connection: Connection, asked: Json) -> None:
        refused = sum(
            bit for name, bit in PRIVILEGED.items() if name not in self._terms.intents
        ) & int(asked["intents"])
        if asked["token"] != self._terms.token:
            connection.outbox.put_nowait(Close(AUTHENTICATION_FAILED))
        elif refused:
            connection.outbox.put_nowait(Close(BAD_INTENTS))
        else:
            self._begin(connection, asked)

    def _begin(self, connection: Connection, asked: Json) -> None:
        number, count = asked.get("shard", (0, 1))
        session = Session(f"{self._world.new_id():x}", (number, count), int(asked["intents"]))
        self.sessions[session.id] = session
        self.identified += 1
        connection.session = session
        session.outbox = connection.outbox
        guilds = [
            each for each in self._world.guilds.values() if each.has_bot and session.serves(each)
        ]
        session.dispatch("READY", self._ready(session, guilds))
        for each in guilds:
            session.dispatch("GUILD_CREATE", payloads.guild(each, self._world))
        self._world.changes.notify()

    def _ready(self, session: Session, guilds: list[Guild]) -> Json:
        return {
            "v": 10,
            "user": payloads.user(self._world.bot) | {"verified": True, "mfa_enabled": False},
            "guilds": [{"id": str(each.id), "unavailable": True} for each in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(self._world.application_id), "flags": 0},
        }

    def _resume(self, connection: Connection, asked: Json) -> None:
        session = self.sessions.get(asked["session_id"])
        if asked["token"] != self._terms.token:
            connection.outbox.put_nowait(Close(AUTHENTICATION_FAILED))
        elif session is None:
            connection.invalidate()
        elif asked["seq"] > len(session.events):
            connection.outbox.put_nowait(Close(INVALID_SEQUENCE))
        else:
            connection.session = session
            session.outbox = connection.outbox
            for event in session.events[asked["seq"] :]:
                connection.outbox.put_nowait(event)
            session.dispatch("RESUMED", {})
            self.resumed += 1
            self._world.changes.notify()

    def _tell_members(self, connection: Connection, asked: Json) -> None:
        guild = self._world.guilds.get(int(asked["guild_id"]))
        if guild is None or connection.session is None:
            return
        wanted = {int(each) for each in asked.get("user_ids") or guild.members}
        found = [each for key, each in guild.members.items() if key in wanted]
        chunk: dict[str, Any] = {
            "guild_id": str(guild.id),
            "members": [payloads.member(each) for each in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        if "nonce" in asked:
            chunk["nonce"] = asked["nonce"]
        connection.session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    async def close(self) -> None:
        """Close every connection, as a server that goes down."""
        going = [each.socket.close(code=WSCloseCode.GOING_AWAY) for each in self._connections]
        await asyncio.gather(*going)
