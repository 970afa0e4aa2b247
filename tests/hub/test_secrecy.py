"""A token is for the Hub alone: no log, no error and no other machine ever sees it."""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.utils.logging import set_verbosity

from audiogroove.errors import HubRefused
from audiogroove.hub.fetching import fetch
from audiogroove.hub.publishing import publish
from audiogroove.sentences import sentence_for
from tests.hub.people import ANN, TOKENS, TUNES, api_of
from tests.hub.server import HubServer

TOKEN = TOKENS[ANN]
Ways = dict[str, Callable[[HubServer], object]]


def fails(end: str, status: int) -> Callable[[HubServer], object]:
    """Let requests fail whose path ends so."""
    return lambda hub: hub.mood.statuses.update({end: status})


MISHAPS: Ways = {
    "none": lambda _hub: None,
    "not logged in": lambda hub: hub.world.tokens.clear(),
    "connection refused": lambda hub: hub.close(),
    "damage": lambda hub: setattr(hub.mood, "corrupts", True),
    **{
        f"{status} at {end}": fails(end, status)
        for status in (401, 403, 404, 429, 500)
        for end in ("/create", "/tunes", "/validate-yaml", "/commit/main")
    },
}


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Log everything there is to log, of every library; tell all that was said."""
    caplog.set_level(logging.DEBUG)
    set_verbosity(logging.DEBUG)
    for name in ("httpcore2", "httpx2", "filelock", "hf_xet"):
        caplog.set_level(logging.DEBUG, logger=name)

    def tell() -> str:
        shown = capfd.readouterr()
        return "\n".join((shown.out, shown.err, caplog.text, *map(repr, caplog.records)))

    return tell


def held_by(error: BaseException | None) -> str:
    """Write an error out with all that hangs on to it."""
    if error is None:
        return ""
    told = "".join(traceback.format_exception(error))
    return told + repr(vars(error)) + held_by(error.__cause__) + held_by(error.__context__)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_no_word_of_the_token(
    hub: HubServer, folder: Path, cache: Path, said: Callable[[], str], mishap: str
) -> None:
    """Whatever happens, at the lowest level of every log, in an error and in its sentence."""
    MISHAPS[mishap](hub)
    api = api_of(hub)
    told = []
    for way in (
        lambda: publish(folder, TUNES, message="First", api=api),
        lambda: fetch(TUNES, cache=cache, api=api),
    ):
        try:
            told.append(repr(way()))
        except HubRefused as refused:
            told += [held_by(refused), repr(refused), sentence_for(refused)]
    logged = said()
    assert "Request" in logged, "nothing was logged, so nothing was proved"
    assert TOKEN not in logged
    assert TOKEN not in "".join(told)


def test_an_error_hangs_on_to_nothing(hub: HubServer, folder: Path) -> None:
    """The client's own errors hold the request and so the token; ours does not hold them."""
    hub.mood.statuses["/commit/main"] = 500
    with pytest.raises(HubRefused) as refused:
        publish(folder, TUNES, message="First", api=api_of(hub))
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


@pytest.mark.parametrize("token", [f"{TOKEN}\u2026", f"{TOKEN} # mine"])
def test_a_token_that_cannot_be_sent_is_not_shown(
    hub: HubServer, folder: Path, said: Callable[[], str], token: str
) -> None:
    """Such as one that was pasted with something behind it."""
    with pytest.raises(HubRefused) as refused:
        publish(folder, TUNES, message="First", api=HfApi(endpoint=hub.url, token=token))
    assert TOKEN not in said() + held_by(refused.value) + sentence_for(refused.value)


def test_the_token_travels_in_its_header_and_to_the_hub_alone(
    hub: HubServer, folder: Path, cache: Path
) -> None:
    """Neither in a path or a body, nor to where the Hub redirects."""
    api = api_of(hub)
    publish(folder, TUNES, message="First", private=True, api=api)
    fetch(TUNES, cache=cache, api=api)
    assert {one.origin for one in hub.asked} == {hub.url, hub.elsewhere}
    for one in hub.asked:
        assert TOKEN not in one.path + one.rest
        assert one.token == (TOKEN if one.origin == hub.url else "")
