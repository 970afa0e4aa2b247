"""How the library's calls reach Telegram: over aiohttp, which the house has already.

The library lets its users bring their own (`telegram.request.BaseRequest`). Its usual one costs
three times as much processor time a call, and grows slower with each call that waits.
"""

import asyncio

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from typing_extensions import override

READ_S = 30.0  # the library's 5 s lose answers that come late: seen and yet "failed"
UPLOAD_S = 120.0
CONNECT_S = 10.0


class Transport(BaseRequest):
    """Makes requests, so many at once; the others wait in their order."""

    def __init__(self, connections: int) -> None:
        """Set up a transport that `initialize` opens."""
        self._connections = connections
        self._turns = asyncio.Semaphore(connections)
        self._session: aiohttp.ClientSession | None = None

    @property
    @override
    def read_timeout(self) -> float | None:
        """How long an answer may take, in seconds."""
        return READ_S

    @override
    async def initialize(self) -> None:
        """Open the session; one that is open stays."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                headers={"User-Agent": self.USER_AGENT},
            )

    @override
    async def shutdown(self) -> None:
        """Close the session, if it is open."""
        session, self._session = self._session, None
        if session:
            await session.close()

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a request and give the status and the body of its answer.

        Raises:
            RuntimeError: when the transport is not open.
            TimedOut: when no answer came in time; what was asked may be done.
            NetworkError: when the connection failed.
        """
        del write_timeout, connect_timeout, pool_timeout  # nobody here asks for others
        if self._session is None:
            raise RuntimeError("the transport is not open")
        read_s = read_timeout if isinstance(read_timeout, int | float) else READ_S
        if request_data and request_data.contains_files:
            read_s = UPLOAD_S
        limits = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=read_s)
        try:
            async with (
                self._turns,
                self._session.request(
                    method, url, data=_form_of(request_data), timeout=limits
                ) as answer,
            ):
                return answer.status, await answer.read()
        except aiohttp.ConnectionTimeoutError as error:
            raise NetworkError(type(error).__name__) from None  # nothing was sent
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            # Its own words may quote the address, and with it the token.
            raise NetworkError(type(error).__name__) from None


def _form_of(asked: RequestData | None) -> aiohttp.FormData | None:
    """Write what is asked as a form: files as parts of it, all else as JSON or plain text."""
    if asked is None:
        return None
    form = aiohttp.FormData(asked.json_parameters, default_to_multipart=asked.contains_files)
    for name, (file_name, data, kind) in (asked.multipart_data or {}).items():
        form.add_field(name, data, filename=file_name, content_type=kind)
    return form
