"""The web's front end: serves the page and the interface behind it, until it is cancelled."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog
from aiohttp import web

from bots.chat import Refused
from bots.web.api import CLIENTS, Api
from bots.web.asking import FORM_BYTES
from bots.web.client import Clients, key_of_house
from bots.web.compositions import Compositions
from bots.web.description import described
from bots.web.door import WebDoor
from bots.web.events import Events
from bots.web.files import Files
from bots.web.guard import clients_recognised, dress, errors_answered, strangers_refused
from bots.web.idling import Idling
from bots.web.jams import CLOSING, Jams, Seen
from bots.web.looking import Lookup
from bots.web.operations import Operations
from bots.web.pages import PAGE, Pages
from bots.web.ports import Ports
from bots.web.seats import STREAMS, Seats
from bots.web.streams import BEAT_S

KEEPALIVE_S = 75.0  # longer than the reverse proxies that people use
FAREWELL_S = 3.0  # for answers that are under way when we leave
HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (what any address is to ourselves)
_LOG = structlog.get_logger()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    """Take a port.

    Raises:
        Refused: when it cannot be had; whoever has it will keep it.
    """
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        why = error.strerror or str(error)
        raise Refused(
            f"no page at {host}:{port} ({why}); AUDIOGROOVE_WEB_PORT names another"
        ) from error


class WebFront:
    """AudioGroove on the web; each `run` serves anew."""

    platform = "web"

    def __init__(
        self,
        ports: Ports,
        address: tuple[str, int],
        *,
        trusted_proxies: int = 0,
        page: Path = PAGE,
        beat_s: float = BEAT_S,
    ) -> None:
        """Set up to listen on an address, a host and a port (0 for any that is free).

        `trusted_proxies` is how many of one's own stand before it, whose X-Forwarded-For counts.
        """
        self._ports, self._address = ports, address
        self._trusted_proxies, self._page, self._beat_s = trusted_proxies, page, beat_s
        self.port = 0  # that is listened on; 0 when none is

    @property
    def url(self) -> str:
        """Where the page is, as it is typed into a browser on this machine."""
        host = HERE.get(self._address[0], self._address[0])
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    async def run(self) -> None:
        """Serve until cancelled; then the streams end at once, and answers soon."""
        compositions = Compositions()
        store, studio = self._ports.store, self._ports.studio
        door = WebDoor(compositions, store, studio)
        idling, closing = Idling(), asyncio.Event()
        runner = web.AppRunner(
            await self._application(compositions, idling, closing),
            access_log=None,  # who looks at what is nobody's business
            auto_decompress=False,  # a letter may unpack to gigabytes
            keepalive_timeout=KEEPALIVE_S,
            shutdown_timeout=FAREWELL_S,
        )
        await runner.setup()
        host, port = self._address
        try:
            await _listen(runner, host, port)
            self.port = int(runner.addresses[0][1])
            with self._ports.doors.held_open(door):
                _LOG.info("serving the page", host=host, port=self.port)
                await idling.watch(runner)
        finally:
            self.port = 0
            compositions.hang_up()
            closing.set()
            await door.close()
            await runner.cleanup()

    async def _application(
        self, compositions: Compositions, idling: Idling, closing: asyncio.Event
    ) -> web.Application:
        application = web.Application(
            middlewares=[
                idling.noticed,
                clients_recognised,
                errors_answered,
                strangers_refused,
            ],
            client_max_size=FORM_BYTES,
        )
        key = await key_of_house(self._ports.store)
        application[CLIENTS] = Clients(key, trusted_proxies=self._trusted_proxies)
        application[CLOSING] = closing
        application.on_response_prepare.append(dress)
        application.add_routes(self.routes(compositions))
        return application

    def routes(self, compositions: Compositions) -> Sequence[web.RouteDef]:
        """List every address that is served."""
        lookup = Lookup(self._ports.store, compositions)
        files = Files(lookup, self._ports.studio)
        api = Api(self._ports, compositions, lookup, files)
        seats = Seats(STREAMS)
        events = Events(api, compositions, lookup, seats, beat_s=self._beat_s)
        jams = Jams(self._ports.gallery, self._ports.studio, files)
        seen = Seen(jams, seats, beat_s=self._beat_s)
        pages = Pages(lookup, jams, self._ports.studio, self._page)
        operations = Operations(self._ports)
        one = "/api/compositions/{id}"
        return (
            web.get("/", pages.home),
            web.get("/p/{id}", pages.opened),
            web.get("/j/{id}", pages.jam),
            web.get("/static/{name}", pages.static),
            web.get("/api/options", api.options),
            web.post("/api/compositions", api.ask),
            web.get(one, api.look),
            web.delete(one, api.delete),
            web.get(f"{one}/events", events.stream, allow_head=False),
            web.get(f"{one}/score", files.score),
            web.get(f"{one}/files/{{name}}", files.file),
            web.get("/api/jams/{id}", seen.look),
            web.get("/api/jams/{id}/events", seen.stream, allow_head=False),
            web.delete("/api/me", api.forget),
            web.get("/api/openapi.json", described),
            web.get("/healthz", operations.health),
            web.get("/metrics", operations.metrics),
        )
