"""What is said about jams beside their cards: the end, what was played here, what was done."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from audiogroove.jam.jam import Jam
from audiogroove.music.credits import players_of
from audiogroove.render.legend import name_of
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
    text = "\n".join([f"🏁 {card.title(jam)} · {size(stored.piece)}", *credit_lines(stored)])
    onward = card.button(jam, "🔁 Continue as a new jam", "onward")
    kept = [[each for each in row if each.verb in _LASTING] for row in reply.buttons]
    rows = [row for row in kept if row]
    rest = reply.text.partition("\n")[2]  # what ends before the piece does
    return replace(
        reply,
        text=f"{text}\n{rest}" if rest else text,
        buttons=((onward,), *(tuple(row) for row in rows)),
    )


def credit_lines(stored: StoredPiece) -> list[str]:
    """Tell who played what, a line each: "Ann: bars 1-4, 13-16", "Bob: bass"."""
    return [
        f"{player}: {', '.join(dict.fromkeys(_played(stored, player)))}"
        for player in players_of(stored.credits)
    ]


def _played(stored: StoredPiece, player: str) -> Iterator[str]:
    own = [credit for credit in stored.credits if credit.player == player]
    bars = [range_text((each.first_bar, each.past_bar)) for each in own if each.part is None]
    if bars:
        yield f"bars {', '.join(bars)}"
    for each in own:
        if each.part is not None:
            yield name_of(stored.piece.parts[each.part]).lower()


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
