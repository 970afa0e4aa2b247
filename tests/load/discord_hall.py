"""Jams on Discord: a channel each, in one guild; a jam may go on in a thread of its channel."""

from collections.abc import Iterable
from typing import Any

from tests.load.band import HOST, Press, name_of
from tests.load.card import Look
from tests.load.discord_crowd import LOOK_AT
from tests.load.fake import Fake
from tests.load.hall import Opening
from tests.load.jam_outcome import JamAccount, Pressed, outcomes_of

Json = dict[str, Any]


class DiscordHall:
    """Channels in which people use /jam and press."""

    chat = "Discord"

    def __init__(self, fake: Fake) -> None:
        """Set up nobody."""
        self.fake = fake
        self._people: list[list[str]] = []  # by jam
        self._channels: list[str] = []
        self._presses: dict[str, Press] = {}  # by interaction
        self._news: list[Json] = []

    def settings(self) -> dict[str, str]:
        """Name the token and the address."""
        told = self.fake.told
        return {"DISCORD_TOKEN": told["token"], "AUDIOGROOVE_DISCORD_API_URL": told["url"]}

    async def gather(self, jams: int, players: int) -> None:
        """Let so many channels be there; people enter the guild with what they first do."""
        guild = (await self.fake.do("add_guild", name="Studio"))["id"]
        for jam in range(jams):
            made = await self.fake.do("add_channel", guild=guild, name=f"band-{jam}")
            self._channels.append(made["id"])
            names = [name_of(jam, player) for player in range(players)]
            self._people.append(
                [(await self.fake.do("add_user", name=each))["id"] for each in names]
            )

    async def connected(self, within_s: float) -> None:
        """Wait until there is a session at the gateway."""
        await self.fake.do("wait", until="ready", within_s=within_s)

    async def start(self, jam: int, opening: Opening) -> None:
        """Use /jam start."""
        options = {"style": opening.style, "bars": opening.bars, "rounds": opening.rounds}
        await self.fake.do(
            "slash",
            user=self._people[jam][HOST],
            channel=self._channels[jam],
            command="jam start",
            options={**options, "way": "parts"} if opening.is_band else options,
        )

    async def press(self, press: Press) -> None:
        """Press a button of a message that is there."""
        user = self._people[press.jam][press.player]
        pressed = await self.fake.do("press", user=user, message=press.message, button=press.data)
        self._presses[pressed["id"]] = press

    async def looks(self) -> list[Look]:
        """Read what is new."""
        new: list[Json] = await self.fake.see(f"news?since={len(self._news)}")
        self._news += new
        return self._seen(new)

    def _seen(self, news: Iterable[Json]) -> list[Look]:
        jams = {channel: jam for jam, channel in enumerate(self._channels)}
        return [
            look_of(each, jams[each["parent"] or each["channel"]])
            for each in news
            if each["is_bot"]
        ]

    async def account(self) -> JamAccount:
        """Read the news, the interactions and the calls."""
        await self.looks()
        record = await self.fake.see("record")
        presses = await self._pressed()
        looks = self._seen(self._news)
        return JamAccount(
            chat=self.chat,
            outcomes=outcomes_of(len(self._channels), looks, presses),
            presses=tuple(presses),
            too_many=sum(each["status"] == 429 for each in record["calls"]),
            flood=record["flood"]["over_global"] + sum(record["flood"]["by_route"].values()),
            violations=tuple(record["violations"]),
        )

    async def _pressed(self) -> list[Pressed]:
        known, pressed = list(self._presses), []
        for first in range(0, len(known), LOOK_AT):
            wanted = "&".join(f"id={each}" for each in known[first : first + LOOK_AT])
            states = await self.fake.see(f"interactions?{wanted}")
            pressed += [pressed_of(each, self._presses[each["id"]]) for each in states]
        return pressed


def look_of(told: Json, jam: int) -> Look:
    """Read what a message looked like."""
    return Look(
        at_s=told["at_s"],
        jam=jam,
        message=told["message"],
        words=told["content"],
        buttons=tuple(told["custom_ids"]),
        files=tuple(told["files"]),
        is_private=told["is_ephemeral"],
    )


def pressed_of(state: Json, press: Press) -> Pressed:
    """Read what one press was answered; who was told nothing saw the button rest."""
    answers = [each for each in (state["response"], *state["followups"]) if each]
    told = [each["content"] for each in answers if each["is_ephemeral"]]
    return Pressed(press, state["dispatched_s"], state["acknowledged_s"], told[-1] if told else "")
