"""People at the page, each with a browser that has never been there."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, Request

from tests.bots.web.stage import Held, Stage

PATIENCE_MS = 20_000.0  # of a busy machine
DESKTOP, PHONE = (1280, 900), (390, 844)


@dataclass
class Visitor:
    """Somebody at the page, and what their browser did."""

    page: Page
    house: Stage
    hosts: set[str] = field(default_factory=set)  # that were asked for anything
    complaints: list[str] = field(default_factory=list)  # of the console

    def watch(self) -> None:
        """Write down where the browser goes and what it complains about."""
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    async def open(self, path: str = "/") -> None:
        """Open the page, and wait until it answers."""
        await self.page.goto(self.house.url + path)
        await self.page.locator("body.ready").wait_for()

    async def compose(self, words: str = "") -> str:
        """Compose a piece, wait until it is shown with its roll, and tell its id."""
        await self.open()
        await self.page.get_by_label("Your wishes").fill(words)
        await self.page.get_by_role("button", name="Compose", exact=True).click()
        await self.page.locator("#roll svg").wait_for()
        return urlsplit(self.page.url).path.rpartition("/")[2]

    async def asked(self, press: str) -> dict[str, Any]:
        """Press a button that asks for a piece, and tell what was asked."""
        async with self.page.expect_request(is_asking) as asking:
            await self.page.get_by_role("button", name=press, exact=True).click()
        request = (await asking.value).post_data_json
        assert isinstance(request, dict)
        return request


def is_asking(request: Request) -> bool:
    """Tell whether a request asks for a composition."""
    return request.method == "POST" and request.url.endswith("/api/compositions")


@dataclass
class Inn:
    """Gives each visitor of a test a browser of their own, and all of them one house."""

    browser: Browser
    house: Stage
    engine: Held
    stack: AsyncExitStack

    async def visitor(self, size: tuple[int, int] = DESKTOP, **how: Any) -> Visitor:
        """Let somebody in who has never been here."""
        viewport = {"width": size[0], "height": size[1]}
        context = await self.browser.new_context(viewport=viewport, **how)  # type: ignore[arg-type]  # a TypedDict
        self.stack.push_async_callback(context.close)
        context.set_default_timeout(PATIENCE_MS)
        visitor = Visitor(await context.new_page(), self.house)
        visitor.watch()
        return visitor
