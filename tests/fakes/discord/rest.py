"""The way of each REST request: read, hurt, counted, judged, answered, recorded."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fakes.discord import payloads
from tests.fakes.discord.faults import Fault, Faults
from tests.fakes.discord.limits import Limits, Verdict, is_interaction
from tests.fakes.discord.record import Call, Json, Record, Upload, brief
from tests.fakes.discord.rules import Faults as RuleFaults
from tests.fakes.discord.rules import as_errors
from tests.fakes.discord.spec import spec
from tests.fakes.discord.world import World

ROOT = "/api/v10"
VIOLATIONS = frozenset({50006, 50035, 50109, 30032, 30034})  # codes of a bot's own mistakes


class Refusal(Exception):
    """An answer other than good."""

    def __init__(self, status: int, code: int, text: str, faults: RuleFaults | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text
        self.faults = faults or []


class Torn(Exception):
    """The connection is to be torn instead of an answer."""


class InvalidForm(Refusal):
    """A body that is not as it must be: 50035."""

    def __init__(self, faults: RuleFaults) -> None:
        super().__init__(400, 50035, "Invalid Form Body", faults)


@dataclass(slots=True)
class Asked:
    """A request, read."""

    method: str
    path: str
    route: str
    params: Mapping[str, str]
    query: dict[str, str]
    content_type: str
    headers: Mapping[str, str]
    body: Any
    files: tuple[Upload, ...]

    @property
    def said(self) -> Json:
        """The body as an object; none is an empty one."""
        return self.body or {}

    def number(self, name: str) -> int:
        """Tell an id of the path; what is no id names nothing."""
        text = self.params[name]
        return int(text) if text.isdecimal() else 0


Answer = tuple[int, Any]  # status, JSON or None
Handler = Callable[[Asked], Awaitable[Answer]]
UPLOAD = re.compile(r"files\[(\d+)\]")


async def read(request: web.Request, route: str) -> Asked:
    """Read a request whole: JSON, or a form of `payload_json` and `files[n]`."""
    body: Any = None
    files = []
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            data = bytes(await part.read())
            if part.name == "payload_json":
                body = json.loads(data)
            elif found := UPLOAD.fullmatch(part.name or ""):
                kind = part.headers.get("Content-Type", "application/octet-stream")
                files.append(Upload(part.filename or "", data, kind, int(found[1])))
    elif raw := await request.read():
        body = json.loads(raw)
    return Asked(
        method=request.method,
        path=request.path.removeprefix(ROOT),
        route=route,
        params=request.match_info,
        query=dict(request.query),
        content_type=request.content_type,
        headers=request.headers,
        body=body,
        files=tuple(files),
    )


@dataclass(slots=True)
class Rest:
    """Everything that each request passes."""

    world: World
    record: Record
    limits: Limits
    faults: Faults
    token: str
    judges_bodies: bool = True  # each against the API description; costs milliseconds
    judges_itself: bool = False  # its own answers too

    def endpoint(self, route: str, handler: Handler) -> Callable[[web.Request], Awaitable[Any]]:
        """Make what aiohttp calls for one documented route."""

        async def serve(request: web.Request) -> web.StreamResponse:
            try:
                asked = await read(request, route)
            except json.JSONDecodeError:
                self.record.violations.append(f"{brief(request.path)}: no JSON")
                told = payloads.error("The request body contains invalid JSON.", 50109)
                return as_response(400, told, {})
            fault = self.faults.take(asked.method, asked.path)
            if fault is not None and fault.gate is not None:
                self.world.changes.notify()  # whoever waits for it to be hit
                await fault.gate.wait()
            try:
                return await self._answer(asked, handler, fault)
            except Torn:
                self._note(asked, 0, None)
                if request.transport is not None:
                    request.transport.abort()
                return web.Response(status=500)
            except Exception as error:
                self.record.violations.append(f"the fake broke at {brief(asked.path)}: {error!r}")
                raise

        return serve

    async def _answer(self, asked: Asked, handler: Handler, fault: Fault | None) -> web.Response:
        verdict = self.limits.judge(asked.method, asked.route, asked.path)
        try:
            if fault is not None and not fault.is_applied:
                self._strike(fault)
            status, payload = await self._handle(asked, handler, verdict)
            if fault is not None and fault.is_applied:
                self._strike(fault)
        except Refusal as refusal:
            status, payload = refusal.status, self._refuse(asked, refusal)
        except FaultAnswer as answer:
            status, payload = answer.status, answer.payload
        if self.judges_itself:
            self._judge_itself(asked, status, payload)
        self._note(asked, status, payload)
        headers = dict(verdict.headers)
        if status == 429:
            headers |= waiting_headers(payload)
        return as_response(status, payload, headers)

    async def _handle(self, asked: Asked, handler: Handler, verdict: Verdict) -> Answer:
        if not verdict.allowed:
            return 429, {
                "message": "You are being rate limited.",
                "retry_after": round(verdict.retry_after_s, 3),
                "global": verdict.is_global,
            }
        if not is_interaction(asked.path) and (
            asked.headers.get("Authorization") != f"Bot {self.token}"
        ):
            raise Refusal(401, 0, "401: Unauthorized")
        if self.judges_bodies:
            wrong = spec().request_fault(asked.method, asked.route, list(asked.query), asked.body)
            if wrong:
                raise InvalidForm([("body", wrong)])
        return await handler(asked)

    def _strike(self, fault: Fault) -> None:
        if fault.is_reset:
            raise Torn
        if fault.status is not None:
            default = payloads.error(f"{fault.status}: on order", 0)
            if fault.status == 429:
                default = {
                    "message": "You are being rate limited.",
                    "retry_after": fault.retry_after_s,
                    "global": False,
                }
            raise FaultAnswer(fault.status, default if fault.body is None else fault.body)

    def _refuse(self, asked: Asked, refusal: Refusal) -> Json:
        if refusal.code in VIOLATIONS:
            what = "; ".join(f"{where}: {text}" for where, text in refusal.faults)
            self.record.violations.append(
                f"{asked.method} {brief(asked.path)}: {refusal.code} {refusal.text}: {what}"
            )
        return payloads.error(refusal.text, refusal.code, as_errors(refusal.faults))

    def _judge_itself(self, asked: Asked, status: int, payload: Any) -> None:
        wrong = spec().answer_fault(asked.method, asked.route, status, payload)
        if wrong:
            self.record.violations.append(
                f"the fake's own answer to {asked.method} {asked.route}: {wrong}"
            )

    def _note(self, asked: Asked, status: int, payload: Any) -> None:
        if status in {401, 403, 429}:
            self.limits.flood.invalid += 1
        self.record.calls.append(
            Call(
                at_s=self.world.clock.now_s(),
                method=asked.method,
                path=asked.path,
                route=asked.route,
                query=asked.query,
                content_type=asked.content_type,
                body=asked.body,
                files=asked.files,
                status=status,
                code=payload.get("code") if isinstance(payload, dict) and status >= 400 else None,
            )
        )
        self.world.changes.notify()


class FaultAnswer(Exception):
    """An answer that was ordered."""

    def __init__(self, status: int, payload: Any) -> None:
        super().__init__(status)
        self.status = status
        self.payload = payload


def waiting_headers(payload: Any) -> dict[str, str]:
    """Give the headers of a 429; one in HTML is Cloudflare's, and has none."""
    if isinstance(payload, str):
        return {}
    retry = f"{payload['retry_after']:.3f}"
    return {"Via": "1.1 google", "Retry-After": retry, "X-RateLimit-Scope": "user"}


def as_response(status: int, payload: Any, headers: Mapping[str, str]) -> web.Response:
    """Make an answer whose content type is bare, as discord.py compares it by ==."""
    if payload is None:
        return web.Response(status=status, headers=headers)
    if isinstance(payload, str):
        return web.Response(status=status, text=payload, content_type="text/html", headers=headers)
    return web.Response(
        status=status,
        body=json.dumps(payload).encode(),
        content_type="application/json",
        headers=headers,
    )
