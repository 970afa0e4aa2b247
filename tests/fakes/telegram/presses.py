"""Buttons that were pressed, and other things that a bot is told of and that are no message."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.telegram.chats import PATIENCE_S, Button, Json, Message, User

if TYPE_CHECKING:
    from tests.fakes.telegram.world import World


@dataclass(frozen=True)
class Answer:
    """What a person is shown after a press: nothing, a toast, or an alert to be closed."""

    text: str
    show_alert: bool


@dataclass(eq=False)
class Press:
    """A button that was pressed; it shows a clock until it is answered."""

    id: str
    user: User
    message: Message
    button: Button
    at_s: float
    update_id: int = 0
    given: Answer | None = None

    @property
    def told(self) -> Json:
        """Itself as JSON."""
        answer = self.given and [self.given.text, self.given.show_alert]
        return {"press": self.id, "words": self.button.label, "answer": answer}

    async def answer(self, within_s: float = PATIENCE_S) -> Answer:
        """Wait for what the person is shown."""
        answer = await self.message.chat.world.record.wait_for(lambda: self.given, within_s)
        assert answer
        return answer


@dataclass(frozen=True)
class Notice:
    """Something that the bot is told of and that is no message."""

    world: "World" = field(repr=False)
    update_id: int

    async def heard(self, within_s: float = PATIENCE_S) -> None:
        """Wait until the bot has taken it and asked for the next update."""
        await self.world.heard(self.update_id, within_s)
