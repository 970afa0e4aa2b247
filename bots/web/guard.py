"""What every request passes: whose it is, whether it may, and what is answered when it breaks."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from audiogroove.errors import AudioGrooveError
from bots.web import words
from bots.web.api import CLIENTS
from bots.web.client import CLIENT, Client, Seen, cookie_header, is_own_origin
from bots.web.faults import Code, Declined, Fault, fault_of, new_id

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FAULTS = {
    404: (Code.NOT_FOUND, words.NOT_FOUND),
    405: (Code.METHOD_NOT_ALLOWED, words.NOT_ALLOWED_METHOD),
    413: (Code.TOO_LARGE, words.BODY_TOO_LARGE),
}
_LOG = structlog.get_logger()


@web.middleware
async def errors_answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer whatever goes wrong: as JSON to programs, in a line to others."""
    try:
        return await handler(request)
    except web.HTTPException as answer:
        return _answered(request, answer)
    except Declined as declined:
        fault = declined.fault.known_as(new_id())
    except AudioGrooveError as error:
        fault = fault_of(error, new_id())
        _LOG.info("refused", error=repr(error), error_id=fault.id)
    except Exception:  # noqa: BLE001  (the border: the client is told, the log knows why)
        fault = fault_of(None, new_id())
        _LOG.exception("broke", error_id=fault.id)
    return _answer(request, fault)


def _answered(request: web.Request, answer: web.HTTPException) -> web.StreamResponse:
    """Say in our own way what aiohttp found: no such address, no such method, too large."""
    code, message = _FAULTS.get(answer.status, (Code.BAD_REQUEST, words.NOT_FOUND))
    response = _answer(request, Fault(code, message, new_id()))
    if allowed := answer.headers.get("Allow"):
        response.headers["Allow"] = allowed
    return response


def _answer(request: web.Request, fault: Fault) -> web.Response:
    if request.path.startswith("/api/"):
        return fault.response()
    return web.Response(text=f"{fault.message}\n", status=fault.status)


@web.middleware
async def clients_recognised(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Know whose each request is."""
    request[CLIENT] = request.app[CLIENTS].recognise(Seen.of(request))
    return await handler(request)


@web.middleware
async def strangers_refused(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let no page of another site change anything here in the name of whoever reads it.

    Browsers say with each such request where it comes from; programs say nothing.

    Raises:
        Declined: when it comes from elsewhere.
    """
    if request.method not in SAFE:
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if origin is not None and not is_own_origin(origin, request[CLIENT].host):
            raise Declined(Code.ORIGIN_REFUSED, words.ORIGIN_REFUSED)
        if origin is None and site not in {"same-origin", "none"}:
            raise Declined(Code.ORIGIN_REFUSED, words.ORIGIN_REFUSED)
    return await handler(request)


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Put on every answer what keeps it safe in a browser, and a cookie on a client's first."""
    response.headers["Server"] = "AudioGroove"  # without the versions of what is below
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    client: Client | None = request.get(CLIENT)
    if client and client.is_new and _may_carry_cookie(request, response):
        response.headers.add("Set-Cookie", cookie_header(client))


def _may_carry_cookie(request: web.Request, response: web.StreamResponse) -> bool:
    """Tell whether an answer is the page's or the interface's, and no file that is cached."""
    is_ours = request.path == "/" or request.path.startswith(("/j/", "/p/", "/api/"))
    return is_ours and "ETag" not in response.headers and "Set-Cookie" not in response.headers
