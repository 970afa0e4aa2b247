"""Jams on Telegram: a supergroup each."""

from collections.abc import Iterable
from typing import Any

from tests.load.band import HOST, Press, name_of
from tests.load.card import Look
from tests.load.fake import Fake
from tests.load.hall import Opening
from tests.load.jam_outcome import JamAccount, Pressed, outcomes_of

Json = dict[str, Any]


class TelegramHall:
    """Groups in which people write and press; limits are enforced on the bot as Telegram does."""

    chat = "Telegram"

    def __init__(self, fake: Fake) -> None:
        """Set up nobody."""
        self.fake = fake
        self._people: list[list[int]] = []  # by jam
        self._groups: list[int] = []
        self._presses: dict[str, Press] = {}
        self._events: list[Json] = []

    def settings(self) -> dict[str, str]:
        """Name the token and the address."""
        told = self.fake.told
        return {"TELEGRAM_TOKEN": told["token"], "AUDIOGROOVE_TELEGRAM_API_URL": told["origin"]}

    async def gather(self, jams: int, players: int) -> None:
        """Let so many groups be there."""
        await self.fake.do("flood", is_enforced=True)
        for jam in range(jams):
            names = [name_of(jam, player) for player in range(players)]
            people = [(await self.fake.do("user", name=name))["user"] for name in names]
            group = await self.fake.do("supergroup", title=f"Band {jam}", members=people)
            self._people.append(people)
            self._groups.append(group["chat"])

    async def connected(self, within_s: float) -> None:
        """Wait until the bot asks for what is new."""
        await self.fake.do("polled", within_s=within_s)

    async def start(self, jam: int, opening: Opening) -> None:
        """Write /jam start."""
        user, chat = self._people[jam][HOST], self._groups[jam]
        await self.fake.do("say", user=user, chat=chat, text=opening.text)

    async def press(self, press: Press) -> None:
        """Press a button of a message that is there."""
        pressed = await self.fake.do(
            "press",
            user=self._people[press.jam][press.player],
            chat=self._groups[press.jam],
            message=int(press.message),
            label=press.data,
        )
        self._presses[pressed["press"]] = press

    async def looks(self) -> list[Look]:
        """Read what is new."""
        new = await self.fake.do("events", since=len(self._events))
        self._events += new
        return self._seen(new)

    def _seen(self, events: Iterable[Json]) -> list[Look]:
        jams = {chat: jam for jam, chat in enumerate(self._groups)}
        people = {each for band in self._people for each in band}
        return [
            look_of(each, jams[each["chat"]])
            for each in events
            if each["kind"] in {"message", "edited"} and each["sender"] not in people
        ]

    async def account(self) -> JamAccount:
        """Read the events and the calls."""
        await self.looks()
        calls = await self.fake.do("calls")
        state = await self.fake.do("state")
        presses = presses_of(self._events, self._presses)
        looks = self._seen(self._events)
        return JamAccount(
            chat=self.chat,
            outcomes=outcomes_of(len(self._groups), looks, presses),
            presses=tuple(presses),
            too_many=sum(each["status"] == 429 for each in calls),
            flood=len(state["flood"]),
            violations=tuple(state["violations"]),
        )


def look_of(event: Json, jam: int) -> Look:
    """Read what a message looked like."""
    return Look(
        at_s=event["at_s"],
        jam=jam,
        message=str(event["message"]),
        words=event["words"],
        buttons=tuple(each for row in event["data"] for each in row),
        files=(event["name"],) if event["name"] else (),
    )


def presses_of(events: Iterable[Json], known: dict[str, Press]) -> list[Pressed]:
    """Read when each press went out, and what it was answered."""
    asked_s: dict[str, float] = {}
    answers: dict[str, tuple[float, str]] = {}
    for each in events:
        if each["kind"] == "pressed":
            asked_s[each["press"]] = each["at_s"]
        elif each["kind"] == "answered":
            answers[each["press"]] = each["at_s"], each["answer"][0]
    return [
        Pressed(press, asked_s[each], *answers.get(each, (None, "")))
        for each, press in known.items()
    ]
