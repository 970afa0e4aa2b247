"""Where on Discord an answer goes, in a form that outlives this process."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from bots.chat import Address

TOKEN_LIFE_S = 14 * 60.0  # a minute short of Discord's: an upload takes its time, too
SAFE_BYTES = 8_000_000  # of a file: less than Discord ever granted to anybody


@dataclass(frozen=True, slots=True)
class Pass:
    """What an interaction gives us: for 15 minutes we may speak where it happened.

    That holds even where the bot itself is no member, and is all there is in such a place.
    """

    application: int
    token: str
    given_s: float  # time of day
    is_press: bool  # a button's; its "original response" may be the message with that button

    def is_good(self, now_s: float) -> bool:
        """Tell whether it still opens the door."""
        return now_s - self.given_s < TOKEN_LIFE_S


@dataclass(frozen=True, slots=True)
class Grants:
    """What may be shown there, as it was when somebody asked."""

    each_bytes: int = SAFE_BYTES  # of one file
    embeds: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes, and what is there of it already."""

    born: int  # the interaction or message that asked
    channel: int
    person: int  # who asked
    guild: int | None = None
    parent: int | None = None  # of a thread, the channel that it belongs to
    message: int | None = None  # ours, with the first words; None while nothing was said
    is_original: bool = False  # `message` is the original response of the interaction
    is_reply: bool = False  # it was a message that asked, and we may refer to it
    is_foreign: bool = False  # the bot is no member there: without its pass it cannot speak
    passed: Pass | None = None
    grants: Grants = Grants()

    @property
    def key(self) -> str:
        """Name this answer among all others."""
        return str(self.born)

    # Where a card is, which outlives every pass.

    @property
    def lasting(self) -> Self:
        """The same for a member of the channel: all by which an ask is answered is left out."""
        return replace(self, is_original=False, is_reply=False, passed=None)

    @property
    def threaded(self) -> Self:
        """The thread that starts from the message there: it has that message's id."""
        channel = self.message or self.channel
        return replace(self.lasting, channel=channel, parent=self.channel, message=None)

    @property
    def beside(self) -> Self:
        """Room for something new in the same channel; no line that is open leads there."""
        return replace(self.lasting, born=self.message or self.born, message=None)


def write(place: Place) -> Address:
    """Make JSON values of a place; `read` is the inverse. Ids are strings, as Discord's own."""
    passed = place.passed
    return {
        "born": str(place.born),
        "channel": str(place.channel),
        "person": str(place.person),
        "guild": _written(place.guild),
        "parent": _written(place.parent),
        "message": _written(place.message),
        "is_original": place.is_original,
        "is_reply": place.is_reply,
        "is_foreign": place.is_foreign,
        "pass": passed
        and {
            "application": str(passed.application),
            "token": passed.token,
            "given_s": passed.given_s,
            "is_press": passed.is_press,
        },
        "grants": {"each_bytes": place.grants.each_bytes, "embeds": place.grants.embeds},
    }


def read(address: Address) -> Place:
    """Make a place of what `write` made."""
    passed = address["pass"]
    return Place(
        born=int(str(address["born"])),
        channel=int(str(address["channel"])),
        person=int(str(address["person"])),
        guild=_read(address["guild"]),
        parent=_read(address.get("parent")),
        message=_read(address["message"]),
        is_original=bool(address["is_original"]),
        is_reply=bool(address["is_reply"]),
        is_foreign=bool(address["is_foreign"]),
        passed=_read_pass(passed) if isinstance(passed, Mapping) else None,
        grants=_read_grants(address.get("grants")),
    )


def _read_pass(passed: Mapping[str, object]) -> Pass:
    return Pass(
        application=int(str(passed["application"])),
        token=str(passed["token"]),
        given_s=float(str(passed["given_s"])),
        is_press=bool(passed["is_press"]),
    )


def _read_grants(granted: object) -> Grants:
    if not isinstance(granted, Mapping):
        return Grants()  # of a version that sent no previews
    return Grants(each_bytes=int(str(granted["each_bytes"])), embeds=bool(granted["embeds"]))


def _written(number: int | None) -> str | None:
    return None if number is None else str(number)


def _read(text: object) -> int | None:
    return None if text is None else int(str(text))
