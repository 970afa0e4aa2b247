"""What people may do; each scenario has both chats and the process to itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.load.outcome import Outcome
from tests.load.stage import Run, Stage, opened, played

MOST_WAITING = 1000  # of one person: all that the setting takes
ALONE, HOARDER, NEWCOMER = range(3)  # the people of a pile


@dataclass(frozen=True, slots=True)
class Terms:
    """What all scenarios have in common."""

    people: Mapping[str, int]  # by chat
    bars: int
    settings: Mapping[str, str]  # AudioGroove's own


@dataclass(frozen=True, slots=True)
class Piled:
    """What a pile came to: the same wish alone, and behind somebody's pile, by chat."""

    run: Run
    alone: Mapping[str, Outcome]
    behind: Mapping[str, Outcome]


async def crowd(terms: Terms, each: int) -> Run:
    """Let everybody ask at once, `each` times."""
    async with opened(terms.people, terms.bars, terms.settings) as stage:
        return await played(stage, stage.ask_all(stage.everybody() * each))


async def one_by_one(terms: Terms) -> Run:
    """Let everybody ask, each when the one before has been answered."""
    async with opened(terms.people, terms.bars, terms.settings) as stage:
        return await played(stage, _one_by_one(stage))


async def _one_by_one(stage: Stage) -> None:
    for crowd, person in stage.everybody():
        await stage.ask(crowd, person)
        await stage.answered()


async def pile(terms: Terms, height: int) -> Piled:
    """Let one person of each chat ask `height` times at once, with no quotas, then a newcomer."""
    settings = {
        **terms.settings,
        "AUDIOGROOVE_PERSON_PER_HOUR": "0",
        "AUDIOGROOVE_CHAT_PER_HOUR": "0",
        "AUDIOGROOVE_PERSON_WAITING": str(min(height, MOST_WAITING)),
        "AUDIOGROOVE_QUEUE": str(height + len((ALONE, HOARDER, NEWCOMER))),
    }
    people = {chat: NEWCOMER + 1 if count else 0 for chat, count in terms.people.items()}
    numbers: dict[int, dict[str, int]] = {ALONE: {}, NEWCOMER: {}}
    async with opened(people, terms.bars, settings) as stage:
        run = await played(stage, _pile(stage, height, numbers))
    outcomes = {account.chat: account.outcomes for account in run.accounts}
    alone, behind = (
        {chat: outcomes[chat][number] for chat, number in asked.items()}
        for asked in numbers.values()
    )
    return Piled(run, alone, behind)


async def _pile(stage: Stage, height: int, numbers: Mapping[int, dict[str, int]]) -> None:
    for crowd in stage.crowds:
        numbers[ALONE][crowd.chat] = await stage.ask(crowd, ALONE)
        await stage.answered()
        await stage.ask_all([(crowd, HOARDER)] * height)
        numbers[NEWCOMER][crowd.chat] = await stage.ask(crowd, NEWCOMER)
        await stage.answered()
