"""What the host's own programs ask: is it well, and how much does it do."""

import asyncio

from aiohttp import web

from audiogroove.errors import StoreFailed
from bots.web.ports import Ports

STORE_PATIENCE_S = 3.0
PROBE = "web.health"  # a note that is read and never there


class Operations:
    """Answers health checks and the collector of metrics."""

    def __init__(self, ports: Ports) -> None:
        """Set up."""
        self._ports = ports

    async def health(self, _: web.Request) -> web.Response:
        """Tell whether all is well: 200, or 503 and what is not."""
        health = self._ports.health()
        ready = {**health.ready, "store": await self._can_read()}
        missing = sorted(name for name, is_ready in ready.items() if not is_ready)
        told: dict[str, object] = {"status": "unwell" if missing else "ok", **ready}
        if missing:
            told["missing"] = missing
        return web.json_response(
            told | {"facts": dict(health.facts)},
            status=503 if missing else 200,
            headers={"Cache-Control": "no-store"},
        )

    async def metrics(self, request: web.Request) -> web.Response:
        """Write all metrics in Prometheus' text format, for whoever asks us directly.

        Raises:
            HTTPNotFound: for the world, which comes through a proxy.
        """
        if "X-Forwarded-For" in request.headers:
            raise web.HTTPNotFound
        data, content_type = self._ports.meters.expose()
        return web.Response(body=data, headers={"Content-Type": content_type})

    async def _can_read(self) -> bool:
        try:
            async with asyncio.timeout(STORE_PATIENCE_S):
                await self._ports.store.note(PROBE)
        except (StoreFailed, TimeoutError):
            return False
        return True
