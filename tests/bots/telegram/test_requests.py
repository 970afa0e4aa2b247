"""Answers of the Bot API, and of what may stand before it, as the library gets them."""

import json

import pytest

from bots.telegram.requests import FLOOD_S, retry_after_s, without_unreadable

CHAT = {"id": 7, "type": "private"}
READABLE = {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": CHAT}}


def answer(*updates: object) -> bytes:
    """Write the answer to a poll."""
    return json.dumps({"ok": True, "result": updates}).encode()


def test_updates_that_can_be_read_are_left_alone() -> None:
    """To the byte."""
    assert without_unreadable(answer(READABLE)) == answer(READABLE)


def test_an_update_that_cannot_be_read_is_emptied() -> None:
    """Its number stays, so that it is confirmed with the others."""
    odd = {"update_id": 2, "message": {"message_id": 2}}

    assert json.loads(without_unreadable(answer(READABLE, odd))) == {
        "ok": True,
        "result": [READABLE, {"update_id": 2}],
    }


@pytest.mark.parametrize("body", [b"<html>502</html>", b'{"ok": false}', b"[]", b'{"result": 7}'])
def test_what_is_no_answer_is_left_to_the_library(body: bytes) -> None:
    """It has words of its own for that."""
    assert without_unreadable(body) == body


def test_telegram_says_when_to_come_back() -> None:
    """In whole seconds."""
    assert retry_after_s(b'{"ok": false, "parameters": {"retry_after": 209}}') == 209.0


@pytest.mark.parametrize("body", [b"<html>429</html>", b'{"ok": false}', b'{"parameters": null}'])
def test_whoever_says_no_time_is_given_some(body: bytes) -> None:
    """As a proxy's page may not."""
    assert retry_after_s(body) == FLOOD_S
