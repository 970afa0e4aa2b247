"""The Bot API over HTTP: reads requests, lets methods do them, and tells what came of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakSet

from aiohttp import web

from tests.fakes.telegram.faults import Fault, Faults, Torn
from tests.fakes.telegram.flood import Flood
from tests.fakes.telegram.methods import EDITS, METHODS, weight
from tests.fakes.telegram.query import Query
from tests.fakes.telegram.record import Call
from tests.fakes.telegram.rules import UPLOAD_BYTES, Refused
from tests.fakes.telegram.schema import Upload, bot_api
from tests.fakes.telegram.updates import Conflict
from tests.fakes.telegram.world import World

TORN = 599  # the status of a call whose connection was torn


class Api:
    """What answers the bot's requests."""

    def __init__(self, world: World, flood: Flood, faults: Faults) -> None:
        self._world = world
        self._flood = flood
        self._faults = faults
        self._lines: WeakSet[asyncio.BaseTransport] = WeakSet()  # that the bot has used

    def tear_all(self) -> None:
        """Tear every connection of the bot, whatever is under way on it."""
        for line in self._lines:
            if isinstance(line, asyncio.Transport):
                line.abort()

    def routes(self) -> list[web.RouteDef]:
        """Tell what is served where."""
        return [
            web.route("*", "/bot{token}/{method}", self._on_call),
            web.get("/file/bot{token}/{path:.+}", self._on_download),
        ]

    async def _on_call(self, request: web.Request) -> web.Response:
        if self._faults.is_down:
            return _tear(request)
        if request.transport:
            self._lines.add(request.transport)
        try:
            query = await self._read(request)
            return web.json_response({"ok": True, "result": await self._serve(query)})
        except Refused as refused:
            return _refused(refused)
        except Torn:
            return _tear(request)
        finally:
            await self._world.record.wake()

    async def _on_download(self, request: web.Request) -> web.Response:
        if self._faults.is_down:
            return _tear(request)
        stored = self._world.paths.get(request.match_info["path"])
        if request.match_info["token"] != self._world.token or stored is None:
            return _refused(Refused("", 404))
        return web.Response(body=stored.data, content_type="application/octet-stream")

    async def _read(self, request: web.Request) -> Query:
        """Read a request in any of the forms that Telegram takes.

        Raises:
            Refused: when it is for another bot, of no known method, or too large.
        """
        if request.match_info["token"] != self._world.token:
            raise Refused("Unauthorized", 401)
        method = bot_api().method(request.match_info["method"])
        if method is None:
            raise Refused("method not found", 404)
        try:
            if request.content_type == "application/json":
                sent: dict[str, Any] = dict(await request.json())
            else:
                sent = {**request.query, **await request.post()}
        except web.HTTPRequestEntityTooLarge:
            raise Refused("Request Entity Too Large", 413) from None
        files = {
            name: Upload(part.filename, part.content_type, part.file.read())
            for name, part in sent.items()
            if isinstance(part, web.FileField)
        }
        if any(len(part.data) > UPLOAD_BYTES for part in files.values()):
            raise Refused("Request Entity Too Large", 413)
        return Query(method, bot_api().read(method, {**sent, **files}), files)

    async def _serve(self, query: Query) -> object:
        """Do what was asked, keep it, and give the result.

        Raises:
            Refused: when Telegram would not do it.
            Torn: when its connection is to be torn.
        """
        if query.method == "getUpdates":
            self._world.record.polls += 1
            return await self._meeting(query, self._poll)
        call = Call(query.method, query.params, query.files, self._world.clock())
        call.problems = bot_api().request_problems(query.method, _without_attached(query))
        self._world.record.violations += call.problems
        self._world.record.calls.append(call)
        try:
            call.result = await self._meeting(query, self._act)
            call.status = 200
        except Refused as refused:
            call.status, call.description = refused.code, refused.told
            self._remember_wait(query, refused)
            raise
        except Torn:
            call.status = TORN
            raise
        return call.result

    async def _meeting(self, query: Query, do: Callable[[Query], Awaitable[object]]) -> object:
        """Do something between the two halves of a fault, if one waits for it."""
        fault = self._faults.strike(query.method) or Fault(query.method, {}, 0)
        await self._fail_before(fault)
        result = await do(query)
        await self._world.record.wake()
        await self._fail_after(fault)
        return result

    async def _fail_before(self, fault: Fault) -> None:
        """Let a request go wrong before it does anything.

        Raises:
            Refused: when it is to be answered so.
            Torn: when its connection is to be torn.
        """
        if "gate" in fault.how:
            await fault.how["gate"].wait()
        if fault.how.get("reset") == "before":
            raise Torn
        if fault.code:
            raise Refused(fault.description, fault.code, fault.parameters)

    async def _fail_after(self, fault: Fault) -> None:
        """Let an answer go wrong after all was done.

        Raises:
            Torn: when its connection is to be torn.
        """
        if "answer_gate" in fault.how:
            await fault.how["answer_gate"].wait()
        if fault.how.get("reset") == "after":
            raise Torn

    async def _poll(self, query: Query) -> object:
        """Hold a getUpdates until there is something.

        Raises:
            Refused: when a webhook or another poller takes the updates.
        """
        if self._world.webhook:
            raise Refused(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
                409,
            )
        params, updates = query.params, self._world.updates
        updates.allow(params.get("allowed_updates"))
        if params.get("offset"):
            updates.confirm(params["offset"])
            await self._world.record.wake()
        limit = min(max(params.get("limit", 100), 1), 100)
        try:
            return await updates.take(limit, params.get("timeout", 0))
        except Conflict as conflict:
            raise Refused(str(conflict), 409) from None

    async def _act(self, query: Query) -> object:
        """Do what was asked and check the answer.

        Raises:
            Refused: when Telegram would not do it.
        """
        act = METHODS.get(query.method)
        if act is None:
            self._world.record.violations.append(f"{query.method}: unimplemented by this fake")
            raise Refused("method not found", 404)
        self._admit(query)
        result = act(self._world, query)
        self._world.record.violations += bot_api().answer_problems(query.method, result)
        return result

    def _admit(self, query: Query) -> None:
        """Count what is said.

        Raises:
            Refused: when it is too much, and that is enforced.
        """
        chat_id = query.params.get("chat_id")
        if not weight(query) or not isinstance(chat_id, int):
            return
        is_edit = query.method in EDITS
        wait_s = self._flood.admit(query.method, chat_id, weight(query), is_edit=is_edit)
        if wait_s:
            told = f"Too Many Requests: retry after {wait_s}"
            raise Refused(told, 429, {"retry_after": wait_s})

    def _remember_wait(self, query: Query, refused: Refused) -> None:
        chat_id, told = query.params.get("chat_id"), refused.parameters or {}
        if "retry_after" in told and isinstance(chat_id, int):
            self._flood.tell_to_wait(chat_id, told["retry_after"])


def _without_attached(query: Query) -> dict[str, Any]:
    """Leave out the parts that are no parameters: others name them by attach://."""
    named = str({key: value for key, value in query.params.items() if key not in query.files})
    return {
        key: value
        for key, value in query.params.items()
        if key not in query.files or f"attach://{key}" not in named
    }


def _refused(refused: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.told}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.code)


def _tear(request: web.Request) -> web.Response:
    """Tear the connection; what is returned goes nowhere."""
    if request.transport:
        request.transport.abort()
    return web.Response()
