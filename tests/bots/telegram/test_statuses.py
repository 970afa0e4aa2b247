"""How often a status changes: rarely enough that the piece after it need not wait."""

from typing_extensions import override

from bots.chat import Reply
from bots.sender import Urgency
from bots.telegram.door import TelegramDoor
from bots.telegram.place import Place, to_address
from bots.telegram.post import Post


class Board(Post):
    """Keeps what is put up on it."""

    def __init__(self) -> None:
        """Begin empty."""
        self.is_full = False
        self.shown: list[str] = []

    @property
    @override
    def is_behind(self) -> bool:
        """Tell whether more waits than can be sent."""
        return self.is_full

    @override
    async def rewrite(
        self, place: Place, message: Reply, urgency: Urgency = Urgency.ANSWER
    ) -> Place:
        """Put something up."""
        assert urgency is Urgency.STATUS
        self.shown.append(message.text)
        return place


async def shown_in(chat_id: int, *, every_s: float, times: int) -> list[float]:
    """Tell when statuses were shown that came every so often."""
    board, now_s = Board(), [0.0]
    door = TelegramDoor(board, clock=lambda: now_s[0])
    for _ in range(times):
        await door.show(to_address(Place(chat_id, message_id=1)), Reply(str(now_s[0])))
        now_s[0] += every_s
    return [float(text) for text in board.shown]


async def test_in_private_two_seconds_pass_between_what_comes_every_second() -> None:
    """One message a second may be sent in all."""
    assert await shown_in(7, every_s=1.0, times=6) == [0.0, 2.0, 4.0]


async def test_in_a_group_most_of_what_is_allowed_is_for_pieces() -> None:
    """Telegram takes twenty a minute there."""
    shown = await shown_in(-7, every_s=3.0, times=40)

    assert shown[:5] == [3.0 * each for each in range(5)]
    assert shown[5] == 60.0


async def test_who_is_behind_shows_no_status() -> None:
    """What can be left out is left out first."""
    board = Board()
    board.is_full = True

    await TelegramDoor(board).show(to_address(Place(7, message_id=1)), Reply("8 of 16 bars"))

    assert board.shown == []
