"""What is said about jams beside their cards: the end, what was played here, what was done."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from audiogroove.jam.jam import Jam
from audiogroove.jam.settings import Way
from audiogroove.store.rows import StoredPiece
from bots import replies
from bots.chat import Button, File, Medium, Reply, Verb
from bots.describing import range_text, size
from bots.jams import card

HISTORY_BUTTONS = 5  # a row on every platform
PREVIEWS = frozenset({Medium.PICTURE, Medium.SOUND})  # of a jam that is shown again
_LASTING = frozenset({Verb.LISTEN, Verb.SCORE, Verb.VIDEO, Verb.DETAILS})


def finished(
    jam: Jam, stored: StoredPiece, previews: Sequence[File], offers: Collection[Verb]
) -> Reply:
    """Hand over the piece of a jam: its files, who played what, and what can be done with it."""
    reply = replies.finished(stored, previews, offers)
    text = "\n".join([f"🏁 {card.title(jam)} · {size(stored.piece)}", *credit_lines(jam)])
    onward = card.button(jam, "🔁 Continue as a new jam", "onward")
    kept = [[each for each in row if each.verb in _LASTING] for row in reply.buttons]
    rows = [row for row in kept if row]
    rest = reply.text.partition("\n")[2]  # what ends before the piece does
    return replace(
        reply,
        text=f"{text}\n{rest}" if rest else text,
        buttons=((onward,), *(tuple(row) for row in rows)),
    )


def credit_lines(jam: Jam) -> list[str]:
    """Tell who played what, a line each: "Ann: bars 1-4, 13-16"."""
    told: dict[str, list[str]] = {}
    for take in jam.takes:
        player = jam.player(take.player)
        if jam.settings.way is Way.SECTIONS:
            what = range_text((take.first_bar, take.past_bar))
        else:
            seats = jam.settings.seats
            known = take.seat is not None and take.seat < len(seats)
            what = seats[take.seat].word if take.seat is not None and known else "a part"
        told.setdefault(player.name if player else "", []).append(what)
    unit = "bars " if jam.settings.way is Way.SECTIONS else ""
    return [f"{name}: {unit}{', '.join(dict.fromkeys(what))}" for name, what in told.items()]


def history(jams: Sequence[Jam]) -> Reply:
    """List the jams that were finished here, the latest first, with buttons to have them again."""
    if not jams:
        return Reply("No jam was finished here yet: open one with /jam start.", is_private=True)
    lines = []
    for jam in jams:
        names = dict.fromkeys(_player(jam, take.player) for take in jam.takes)
        lines.append(f"{card.title(jam)} · {jam.bars} bars · {', '.join(names)}")
    shown = [
        Button(f"🎼 No. {jam.number}", Verb.JAM, jam.id, "show") for jam in jams[:HISTORY_BUTTONS]
    ]
    return Reply("\n".join(lines), buttons=(tuple(shown),), is_private=True)


def _player(jam: Jam, key: str) -> str:
    player = jam.player(key)
    return player.name if player else ""
