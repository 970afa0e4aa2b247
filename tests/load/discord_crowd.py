"""People on Discord: one guild, some channels, slash commands."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from tests.load.fake import Fake
from tests.load.outcome import BARS_WRITTEN, TOLD_WHEN, Account, Outcome

CHANNELS = 50
LOOK_AT = 100  # interactions at once: the fake answers nobody else meanwhile
SEED = re.compile(r"\bseed (\d+)\b")

Json = dict[str, Any]


class DiscordCrowd:
    """People who use /compose; each in one of the channels."""

    chat = "Discord"

    def __init__(self, fake: Fake, bars: int) -> None:
        """Set up an empty guild; everyone will ask for so many bars."""
        self.fake, self._bars = fake, bars
        self._channels: list[str] = []
        self._people: list[str] = []
        self._asked: dict[str, int] = {}  # number by interaction
        self._open: set[str] = set()

    def settings(self) -> dict[str, str]:
        """Name the token and the address."""
        told = self.fake.told
        return {"DISCORD_TOKEN": told["token"], "AUDIOGROOVE_DISCORD_API_URL": told["url"]}

    async def gather(self, people: int) -> None:
        """Let so many people join; they enter the guild with their first command."""
        guild = (await self.fake.do("add_guild", name="Studio"))["id"]
        for number in range(CHANNELS):
            made = await self.fake.do("add_channel", guild=guild, name=f"room-{number}")
            self._channels.append(made["id"])
        for number in range(people):
            self._people.append((await self.fake.do("add_user", name=f"person{number}"))["id"])

    async def connected(self, within_s: float) -> None:
        """Wait until there is a session at the gateway."""
        await self.fake.do("wait", until="ready", within_s=within_s)

    async def ask(self, person: int, number: int) -> None:
        """Use /compose."""
        made = await self.fake.do(
            "slash",
            user=self._people[person],
            channel=self._channels[person % CHANNELS],
            command="compose",
            options={"bars": self._bars, "seed": str(number)},
        )
        self._asked[made["id"]] = number
        self._open.add(made["id"])

    async def unanswered(self) -> int:
        """Look at the interactions that are still open, some at a time."""
        left = iter(tuple(self._open))
        while some := tuple(islice(left, LOOK_AT)):
            wanted = "&".join(f"id={each}" for each in some)
            states = await self.fake.see(f"interactions?{wanted}")
            self._open -= {each["id"] for each in states if not outcome_of(each).is_lost}
        return len(self._open)

    async def account(self) -> Account:
        """Read the interactions, the channels and the calls."""
        states = await self.fake.see("interactions")
        said = [await self.fake.see(f"messages?channel={each}") for each in self._channels]
        astray = strays(states, (message for messages in said for message in messages))
        record = await self.fake.see("record")
        numbers = [(self._asked[state["id"]], state) for state in states]
        over = record["flood"]["over_global"] + sum(record["flood"]["by_route"].values())
        return Account(
            chat=self.chat,
            outcomes={number: outcome_of(state, astray[number]) for number, state in numbers},
            sent=sum(each["method"] in {"POST", "PATCH"} for each in record["calls"]),
            floor_s=None,  # answers to commands are exempt from Discord's limit over all
            too_many=sum(each["status"] == 429 for each in record["calls"]),
            flood=over,
            violations=tuple(record["violations"]),
        )


PREVIEWS = {"png": "picture", "mp3": "sound"}  # by how their files end


def outcome_of(state: Json, astray: Sequence[Json] = ()) -> Outcome:
    """Read what one interaction led to; `astray` is what came into its channel instead."""
    answers = [each for each in (state["response"], *state["followups"], *astray) if each]
    looks = [look for each in answers for look in each["history"]]
    looks.sort(key=lambda look: float(look["at_s"]))
    told = [look["at_s"] for look in looks if BARS_WRITTEN.search(look["content"])]
    return Outcome(
        asked_s=state["dispatched_s"],
        acknowledged_s=state["acknowledged_s"] or next((look["at_s"] for look in looks), None),
        progress_s=next(iter(told), None),
        pieces_s=_firsts(answers, lambda look: bool(look["files"])),
        refused_s=_firsts(answers, lambda look: bool(TOLD_WHEN.search(look["content"]))),
        is_failed=state["acknowledged_s"] is None,
        last_words=looks[-1]["content"] if looks else "",
        previews=frozenset(
            PREVIEWS[name.rpartition(".")[2]]
            for look in looks
            for name in look["files"]
            if name.rpartition(".")[2] in PREVIEWS
        ),
    )


def strays(states: Iterable[Json], said: Iterable[Json]) -> defaultdict[int, list[Json]]:
    """Find the messages that answer no interaction, by the seed that they name."""
    known = {
        each["id"] for state in states for each in (state["response"], *state["followups"]) if each
    }
    found: defaultdict[int, list[Json]] = defaultdict(list)
    for message in said:
        seed = SEED.search(message["content"])
        if seed and message["id"] not in known:
            found[int(seed[1])].append(message)
    return found


def _firsts(answers: Iterable[Json], is_it: Callable[[Json], bool]) -> tuple[float, ...]:
    """Tell for each message that ever looked so when it first did, the earliest first."""
    looks = (filter(is_it, each["history"]) for each in answers)
    firsts = (next(each, None) for each in looks)
    return tuple(sorted(look["at_s"] for look in firsts if look))
