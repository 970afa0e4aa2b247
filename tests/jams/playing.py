"""People who play a jam in a club to its end, by nothing but the buttons of its card."""

import asyncio

from audiogroove.jam.jam import Jam, Phase
from tests.jams.club import HOME, Club

MOST_MOVES = 60
PRESSED = {
    Phase.LOBBY: "▶ Begin",
    Phase.TURN: "▶ Play",
    Phase.HEARING: "✅ Keep",
    Phase.VOTING: "👍",
}


async def gathered(club: Club, *names: str, words: str = "1 round", room: str = HOME) -> None:
    """Have a jam opened by the first and joined by the others, and begun."""
    host, *others = names
    await club.say(host, f"/jam start ragtime in d minor, {words}", room)
    for name in others:
        await club.say(name, "/jam join", room)
    await club.press(host, "▶ Begin", room)


async def taken(club: Club, name: str, room: str = HOME) -> None:
    """Have somebody's take composed, and laid down."""
    await club.press(name, "▶ Play", room)
    await club.press(name, "✅ Keep", room)


async def played_on(club: Club) -> None:
    """Do whatever comes next in every open jam, until all are over.

    Raises:
        AssertionError: when they are not, after so many moves.
    """
    for _ in range(MOST_MOVES):
        await club.calm()
        left = await club.store.jams.open_ones()
        if not left:
            return
        pressed = [
            club.tap(name, PRESSED[stored.jam.phase], stored.jam.spot.chat)
            for stored in left
            for name in whose(stored.jam)
        ]
        await asyncio.gather(*pressed)
    raise AssertionError("a jam does not end")


def whose(jam: Jam) -> list[str]:
    """Tell by name who has to do something now."""
    if jam.phase is Phase.VOTING:
        return [player.name for player in jam.active]
    who = jam.player(jam.turn.player if jam.turn else jam.host)
    return [who.name] if who and jam.phase in PRESSED else []


def endings(club: Club, room: str = HOME) -> list[str]:
    """List the finished pieces that hang in a room, by their words."""
    return [
        each.reply.text
        for each in club.walls.in_room(room)
        if each.reply.text.startswith("🏁 Jam no.")
    ]


def cards(club: Club, room: str = HOME) -> list[str]:
    """List the cards that hang in a room, by their words."""
    return [
        each.reply.text
        for each in club.walls.in_room(room)
        if each.reply.text.startswith("🎶 Jam no.")
    ]
