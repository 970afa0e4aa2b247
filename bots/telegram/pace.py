"""How often Telegram lets each chat be written to: new messages and changes apart.

    lane of a chat       counts what
    "42", "-100"         new messages: about one a second, and short bursts of more
    "42:changes", …      changes of messages that are there: no limit is told
    both of a group      20 a minute together

Counted together, as they once were, the words that wait and their changes would use up the burst
that a piece needs: its picture takes the place of those words, a change; its sound and its .mid
are two new messages, and all three go at once. https://core.telegram.org/bots/faq
"""

from typing_extensions import override

from bots.pace import Limit, Pace
from bots.telegram.place import is_group

# Three at once and then less than one a second: of any k more than three, the last goes k - 3
# seconds after the first and half a second later still, for what was late on its way must not
# meet what was not. The steps end with a limit that holds for ever (6.5 s are 6 s, and that half).
# The words that wait, the sound and the .mid are three: a piece does not wait even where it took
# no time. Whoever asks again within the second waits for one.
NEW = (Limit(3, 1.5), Limit(4, 2.5), Limit(5, 3.5), Limit(6, 6.5))
# As many as a status makes in that time, and the piece that ends it. Telegram tells no number,
# and has stopped bots for minutes that changed messages without end.
CHANGES = (Limit(4, 3.5),)
GROUP = (Limit(20, 61.0),)  # a second more than Telegram's minute: clocks differ

_SUFFIX = ":changes"


def changes_in(chat: str) -> str:
    """Name the lane of changes of a chat; that of new messages has the chat's own name."""
    return chat + _SUFFIX


class ChatPace(Pace):
    """When each lane of each chat may be used next; a chat that is on hold is so for both."""

    def __init__(self) -> None:
        """Begin with nothing sent."""
        super().__init__(lambda lane: CHANGES if lane.endswith(_SUFFIX) else NEW)
        self._groups = Pace(lambda chat: GROUP if is_group(chat) else ())

    @override
    def ready_at(self, chat: str, now_s: float) -> float:
        """Tell when a lane may be used next: `now_s` when it may at once."""
        both = self._groups.ready_at(chat.removesuffix(_SUFFIX), now_s)
        return max(super().ready_at(chat, now_s), both)

    @override
    def spend(self, chat: str, now_s: float) -> None:
        """Count what is sent now on a lane."""
        super().spend(chat, now_s)
        self._groups.spend(chat.removesuffix(_SUFFIX), now_s)

    @override
    def hold(self, chat: str, until_s: float) -> None:
        """Send nothing on either lane of the chat before `until_s`."""
        named = chat.removesuffix(_SUFFIX)
        super().hold(named, until_s)
        super().hold(changes_in(named), until_s)
