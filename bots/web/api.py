"""The interface to compositions: ask, look, listen, delete."""

import asyncio
from contextlib import nullcontext

from aiohttp import web

from audiogroove.errors import AudioGrooveError, Gone
from bots.chat import Ask, Reply, Verb
from bots.web import words
from bots.web.asking import FORM, Wanted, read_wanted
from bots.web.client import (
    CLIENT,
    Client,
    Clients,
    cookie_header,
    is_idempotency_key,
    new_token,
)
from bots.web.compositions import Compositions, Standing, State
from bots.web.faults import BadRequest, Code, Declined, fault_of
from bots.web.files import Files
from bots.web.line import WebLine, job_of
from bots.web.looking import Found, Lookup, NoComposition
from bots.web.ports import Ports
from bots.web.seats import UPLOADS, Seats
from bots.web.telling import composition, piece_of

FRESH = {"Cache-Control": "no-store"}
JUST_TAKEN = Standing(State.WAITING)


class Api:
    """Answers what is asked of compositions."""

    def __init__(
        self, ports: Ports, compositions: Compositions, lookup: Lookup, files: Files
    ) -> None:
        """Set up."""
        self._ports, self._compositions = ports, compositions
        self._lookup, self._files = lookup, files
        self._uploads = Seats(UPLOADS)

    async def options(self, _: web.Request) -> web.Response:
        """Tell what can be wished for."""
        names = {file.name.partition(".")[0] for file in self._files.entries()}
        can = {"sound": "sound" in names, "video": "video" in names}
        return web.json_response(self._ports.options.told(can), headers=FRESH)

    async def ask(self, request: web.Request) -> web.Response:
        """Take a request; what is accepted is never lost."""
        client, clients = request[CLIENT], request.app[CLIENTS]
        token = _token(request, clients, client)
        if "Idempotency-Key" in request.headers and await self._is_known(token):
            return await self._taken(token, client)
        is_upload = request.content_type == FORM
        with self._uploads.seat(client) if is_upload else nullcontext():
            return await self._ask(request, token)

    async def _ask(self, request: web.Request, token: str) -> web.Response:
        client, wanted = request[CLIENT], await read_wanted(request)
        ask = Ask(
            job_of(token),
            wanted.mode,
            client.person,
            client.chat,
            wishes=wanted.wishes,
            text=wanted.text,
            seed=wanted.attachment,
            subject=await self._subject(wanted),
        )
        reply = await self._hear(ask, token)
        if reply:  # whatever is taken is not answered on the line
            return fault_of(reply.error, token).response()
        return await self._taken(token, client)

    async def look(self, request: web.Request) -> web.Response:
        """Tell how a composition stands."""
        found = await self._lookup.find(request.match_info["id"])
        return web.json_response(await self.told(found, request[CLIENT]), headers=FRESH)

    async def delete(self, request: web.Request) -> web.Response:
        """Stop a composition that is under way, or delete one that is done."""
        found = await self._lookup.find(request.match_info["id"])
        error = await self._removed(found, request[CLIENT])
        if isinstance(error, Gone):  # it was finished a moment ago
            found = await self._lookup.find(request.match_info["id"])
            error = await self._removed(found, request[CLIENT])
        if error:
            return fault_of(error, found.token).response()
        return web.Response(status=204, headers=FRESH)

    async def forget(self, request: web.Request) -> web.Response:
        """Forget everything of a client."""
        client, token = request[CLIENT], new_token()
        ask = Ask(
            job_of(token),
            Verb.FORGET,
            client.person,
            client.chat,
            subject=client.person.key.replace(":", "."),  # as its button carries it
            argument="yes",
        )
        reply = await self._hear(ask, token)
        if reply is None or reply.error or reply.buttons:
            return fault_of(reply.error if reply else None, token).response()
        self._compositions.forget(client.person.key)
        response = web.json_response({"message": reply.text}, headers=FRESH)
        response.headers.add("Set-Cookie", cookie_header(client, age_s=0))
        return response

    async def told(self, found: Found, client: Client) -> dict[str, object]:
        """Write a composition as JSON values, as this client sees it."""
        piece = None
        if stored := found.piece:
            # In a thread, for a piece may have tens of thousands of notes.
            piece = await asyncio.to_thread(
                piece_of,
                found.token,
                stored,
                self._ports.studio.legend(stored),
                self._files.entries(),
                is_mine=stored.person == client.person.key,
            )
        return composition(found.token, found.standing, piece)

    async def _is_known(self, token: str) -> bool:
        try:
            await self._ports.store.job(job_of(token))
        except Gone:
            return False
        return True

    async def _subject(self, wanted: Wanted) -> str:
        """Tell the id of the piece that another is made from."""
        if not wanted.origin:
            return ""
        return (await self._lookup.piece(wanted.origin)).id

    async def _hear(self, ask: Ask, token: str) -> Reply | None:
        line = WebLine(token, ask.person.key, self._compositions)
        await self._ports.ear.hear(ask, line)
        return line.reply

    async def _taken(self, token: str, client: Client) -> web.Response:
        try:
            found = await self._lookup.find(token)
        except NoComposition:  # deleted by now
            found = Found(token, JUST_TAKEN)
        headers = FRESH | {"Location": f"/api/compositions/{token}"}
        return web.json_response(await self.told(found, client), status=202, headers=headers)

    async def _removed(self, found: Found, client: Client) -> AudioGrooveError | None:
        """Have the conversation remove a composition; whose it is, it knows.

        Raises:
            Declined: when that broke.
        """
        token = new_token()
        verb, subject = Verb.CANCEL, job_of(found.token)
        if found.piece:
            verb, subject = Verb.DELETE, found.piece.id
        ask = Ask(job_of(token), verb, client.person, client.chat, subject=subject)
        reply = await self._hear(ask, token)
        if reply is None:
            raise Declined(Code.BROKEN, words.BROKEN)
        return reply.error


CLIENTS: web.AppKey[Clients] = web.AppKey("clients", Clients)


def _token(request: web.Request, clients: Clients, client: Client) -> str:
    """Name what is asked for: by chance, or by the key that the client gave.

    Raises:
        BadRequest: when the key is none.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return new_token()
    if not is_idempotency_key(key):
        raise BadRequest(words.IDEMPOTENCY_KEY, "Idempotency-Key")
    return clients.token(client, key)
