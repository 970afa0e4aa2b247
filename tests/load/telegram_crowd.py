"""People on Telegram: each in a private chat with the bot."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.load.fake import Fake
from tests.load.outcome import BARS_WRITTEN, TOLD_WHEN, Account, Outcome

PER_SECOND = 30  # messages to all chats that Telegram lets through

Json = dict[str, Any]
Said = tuple[int, int]  # the chat and the message that asked


class TelegramCrowd:
    """People who write /compose; limits are enforced on the bot as Telegram does."""

    chat = "Telegram"

    def __init__(self, fake: Fake, bars: int) -> None:
        """Set up nobody; everyone will ask for so many bars."""
        self.fake, self._bars = fake, bars
        self._people: list[tuple[int, int]] = []  # and their chats
        self._asked: dict[Said, int] = {}
        self._open: set[Said] = set()
        self._events: list[Json] = []

    def settings(self) -> dict[str, str]:
        """Name the token and the address."""
        told = self.fake.told
        return {"TELEGRAM_TOKEN": told["token"], "AUDIOGROOVE_TELEGRAM_API_URL": told["origin"]}

    async def gather(self, people: int) -> None:
        """Let so many people find the bot."""
        await self.fake.do("flood", is_enforced=True)
        for number in range(people):
            user = (await self.fake.do("user", name=f"Person {number}"))["user"]
            self._people.append((user, (await self.fake.do("private", user=user))["chat"]))

    async def connected(self, within_s: float) -> None:
        """Wait for nothing: what is written before the bot listens is kept for it."""

    async def ask(self, person: int, number: int) -> None:
        """Write /compose."""
        user, chat = self._people[person]
        text = f"/compose {self._bars} bars seed {number}"
        said = await self.fake.do("say", user=user, chat=chat, text=text)
        asked = said["chat"], said["message"]
        self._asked[asked] = number
        self._open.add(asked)

    async def unanswered(self) -> int:
        """Read what is new."""
        new = await self.fake.do("events", since=len(self._events))
        self._events += new
        self._open -= {_asked_by(each) for each in new if _is_last(each)}
        return len(self._open)

    async def account(self) -> Account:
        """Read the events and the calls."""
        await self.unanswered()
        calls = await self.fake.do("calls")
        state = await self.fake.do("state")
        sent = sum(map(_counts, calls))
        found = outcomes(self._events, calls)
        return Account(
            chat=self.chat,
            outcomes={number: found[said] for said, number in self._asked.items()},
            sent=sent,
            floor_s=sent / PER_SECOND,
            too_many=sum(each["status"] == 429 for each in calls),
            flood=len(state["flood"]),
            violations=tuple(state["violations"]),
        )


def outcomes(events: Iterable[Json], calls: Iterable[Json]) -> dict[Said, Outcome]:
    """Read what each message led to: the replies to it, and the "typing" in its chat."""
    asked_s: dict[Said, float] = {}
    replies: defaultdict[Said, list[Json]] = defaultdict(list)
    for each in events:
        if each["kind"] == "message" and each["reply_to"] is None:
            asked_s[each["chat"], each["message"]] = each["at_s"]
        elif each["kind"] in {"message", "edited"}:
            replies[_asked_by(each)].append(each)
    typing: defaultdict[int, list[float]] = defaultdict(list)
    for call in calls:
        if call["method"] == "sendChatAction":
            typing[call["params"]["chat_id"]].append(call["at_s"])
    return {
        said: outcome_of(at_s, replies[said], typing[said[0]]) for said, at_s in asked_s.items()
    }


PREVIEWS = {"photo": "picture", "audio": "sound"}  # by what Telegram calls them


def outcome_of(asked_s: float, replies: list[Json], typing: Iterable[float]) -> Outcome:
    """Read what one message led to."""
    signs = [at_s for at_s in typing if at_s >= asked_s] + [each["at_s"] for each in replies]
    told = [each["at_s"] for each in replies if BARS_WRITTEN.search(each["words"])]
    return Outcome(
        asked_s=asked_s,
        acknowledged_s=min(signs, default=None),
        progress_s=next(iter(told), None),
        pieces_s=_firsts(filter(_is_piece, replies)),
        refused_s=_firsts(each for each in replies if TOLD_WHEN.search(each["words"])),
        last_words=replies[-1]["words"] if replies else "",
        previews=frozenset(
            PREVIEWS[each["media"]] for each in replies if each["media"] in PREVIEWS
        ),
    )


def _firsts(looks: Iterable[Json]) -> tuple[float, ...]:
    """Tell for each message when it first looked so, the earliest first."""
    firsts: dict[int, float] = {}
    for look in looks:
        firsts.setdefault(look["message"], look["at_s"])
    return tuple(sorted(firsts.values()))


def _asked_by(event: Json) -> Said:
    return event["chat"], event["reply_to"]


def _is_last(event: Json) -> bool:
    """Tell whether an event is a piece, or a time to come back."""
    if event["kind"] not in {"message", "edited"} or event["reply_to"] is None:
        return False
    return _is_piece(event) or bool(TOLD_WHEN.search(event["words"]))


def _is_piece(event: Json) -> bool:
    """Tell whether an event is the MIDI file of a piece, which comes last of its messages."""
    return event["media"] == "document" and str(event["name"]).endswith(".mid")


def _counts(call: Json) -> bool:
    """Tell whether a call got a message through that counts against the limit."""
    method: str = call["method"]
    is_message = method.startswith(("send", "edit")) and method != "sendChatAction"
    return is_message and call["status"] == 200
