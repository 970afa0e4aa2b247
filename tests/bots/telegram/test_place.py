"""Addresses: what is kept with a job and understood by another process."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bots.chat import Medium
from bots.telegram.place import Place, from_address, messages_at, to_address

IDS = st.integers(1, 2**52)
PLACES = st.builds(
    Place,
    chat_id=st.integers(-(2**52), 2**52),
    thread_id=st.none() | IDS,
    reply_to=st.none() | IDS,
    message_id=st.none() | IDS,
    sent=st.lists(st.tuples(IDS, st.sampled_from(Medium)), max_size=4).map(tuple),
)


@given(PLACES)
def test_a_place_survives_as_json(place: Place) -> None:
    """With every message of the piece, in their order."""
    assert from_address(json.loads(json.dumps(to_address(place)))) == place


def test_an_address_of_an_earlier_version_is_read() -> None:
    """A piece was one message then: the one that had waited for it."""
    address = {"chat": "-42", "reply_to": "7", "message": "8"}

    assert from_address(address) == Place(-42, reply_to=7, message_id=8)
    assert messages_at(address, -42) == (8,)


def test_a_card_shows_one_file_of_a_kind() -> None:
    """The next one takes its place, in the same message or another."""
    card = Place(-42, message_id=8).showing(Medium.PICTURE, 8).showing(Medium.SOUND, 9)

    anew = card.showing(Medium.SOUND, 11)

    assert (anew.shows(Medium.PICTURE), anew.shows(Medium.SOUND)) == (8, 11)
    assert anew.shows(Medium.VIDEO) is None
    assert messages_at(to_address(anew), -42) == (8, 11)


def test_the_messages_of_a_piece_are_known() -> None:
    """All of them."""
    sent = ((8, Medium.PICTURE), (9, Medium.SOUND), (11, Medium.MIDI))

    assert messages_at(to_address(Place(42, message_id=11, sent=sent)), 42) == (8, 9, 11)


def test_messages_of_another_chat_are_nobody_s_here() -> None:
    """As after a group became a supergroup, which counts its messages anew."""
    address = to_address(Place(-42, sent=((8, Medium.SOUND),)))

    assert messages_at(address, -1042) == ()
    assert messages_at({}, -1042) == ()
