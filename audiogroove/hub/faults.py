"""What goes wrong with the Hub, as one of our errors.

Nothing of what its client raises is passed on or chained: such errors hold the request, and with
it the token.
"""

from collections.abc import Callable
from typing import TypeVar

import httpx2
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OIDCError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
    RevisionResolutionError,
    XetDownloadError,
)

from audiogroove.errors import HubFault, HubRefused

KINDS: tuple[tuple[type[Exception], HubFault], ...] = (  # the first that fits
    (RevisionNotFoundError, HubFault.NO_SUCH_REVISION),
    (GatedRepoError, HubFault.NOT_ALLOWED),
    (RepositoryNotFoundError, HubFault.NOT_FOUND),
    (LocalEntryNotFoundError, HubFault.UNREACHABLE),
    (RevisionResolutionError, HubFault.UNREACHABLE),
    (httpx2.TransportError, HubFault.UNREACHABLE),
    (ConnectionError, HubFault.UNREACHABLE),  # offline mode is one
    (OIDCError, HubFault.NOT_LOGGED_IN),
)
STATUSES = {
    401: HubFault.NOT_LOGGED_IN,
    403: HubFault.NOT_ALLOWED,
    404: HubFault.NOT_FOUND,
    412: HubFault.HAS_CHANGED,
    429: HubFault.TOO_MANY_REQUESTS,
}
WRAPPERS = (LocalEntryNotFoundError, RevisionResolutionError, RuntimeError)  # the cause says more
TROUBLES = (
    *(httpx2.HTTPError, OSError, RuntimeError, ValueError),
    *(EntryNotFoundError, OIDCError, RevisionResolutionError, XetDownloadError),
)
BAD_CARD = "Invalid metadata in README.md"

Answer = TypeVar("Answer")


def ask(where: str, question: Callable[[], Answer]) -> Answer:
    """Ask the Hub something about a model, which `where` names; HubRefused says why it is not done.

    What a disk of ours raises is passed on.
    """
    try:
        return question()
    except TROUBLES as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        fault = fault_of(error)
        refused = HubRefused(fault, where, told=told_by(error) if fault is HubFault.FAILED else "")
    raise refused  # out here it has no context, which would hold the request


def fault_of(error: BaseException) -> HubFault:
    """Tell what an error of the client means."""
    error = _innermost(error)
    known = next((fault for kind, fault in KINDS if isinstance(error, kind)), None)
    if known is None and isinstance(error, HfHubHTTPError):
        known = STATUSES.get(error.response.status_code)
    return known or HubFault.FAILED


def told_by(error: BaseException) -> str:
    """Tell as much of an error as is fit to be read: a status, a card's fault, or its kind."""
    error = _innermost(error)
    if isinstance(error, HfHubHTTPError):
        return f"status {error.response.status_code}"
    if type(error) is ValueError and str(error).startswith(BAD_CARD):
        return str(error)
    return type(error).__name__


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, WRAPPERS) and error.__cause__ is not None:
        error = error.__cause__
    return error
