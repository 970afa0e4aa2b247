"""The endpoints that answer interactions: the first answer, its edits, followups."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.discord import message_payloads
from tests.fakes.discord.commands import choice_faults
from tests.fakes.discord.messages import Messages
from tests.fakes.discord.record import Json
from tests.fakes.discord.rest import Answer, Asked, Handler, InvalidForm, Refusal
from tests.fakes.discord.rules import modal_faults
from tests.fakes.discord.world import (
    Callback,
    Flag,
    Interaction,
    InteractionKind,
    Message,
    MessageKind,
    World,
)

HOOK = "/webhooks/{webhook_id}/{webhook_token}"
ANSWERS: dict[InteractionKind, frozenset[Callback]] = {
    InteractionKind.COMMAND: frozenset({Callback.MESSAGE, Callback.DEFER, Callback.MODAL}),
    InteractionKind.COMPONENT: frozenset(Callback) - {Callback.CHOICES},
    InteractionKind.AUTOCOMPLETE: frozenset({Callback.CHOICES}),
    InteractionKind.MODAL: frozenset(Callback) - {Callback.CHOICES, Callback.MODAL},
}
USER_INSTALL_FOLLOWUPS = 5


@dataclass(slots=True)
class Interactions:
    """Serves them."""

    world: World
    messages: Messages
    ack_deadline_s: float
    token_life_s: float

    def handlers(self) -> dict[tuple[str, str], Handler]:
        """List what is served; @original stands before {message_id}, which would fit it too."""
        return {
            ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"): self.answer,
            ("POST", HOOK): self.follow_up,
            ("GET", HOOK + "/messages/@original"): self.read_original,
            ("PATCH", HOOK + "/messages/@original"): self.edit_original,
            ("DELETE", HOOK + "/messages/@original"): self.delete_original,
            ("GET", HOOK + "/messages/{message_id}"): self.read,
            ("PATCH", HOOK + "/messages/{message_id}"): self.edit,
            ("DELETE", HOOK + "/messages/{message_id}"): self.delete,
        }

    def age_s(self, interaction: Interaction) -> float:
        """Tell how long ago a person did that."""
        return self.world.clock.now_s() - interaction.dispatched_s

    async def answer(self, asked: Asked) -> Answer:
        """Take the first answer, which must come within seconds and once.

        Raises:
            Refusal: 10062 too late or no such interaction, 40060 answered before.
            InvalidForm: not an answer to such an interaction.
        """
        interaction = self.world.interactions.get(asked.number("interaction_id"))
        if interaction is None or interaction.token != asked.params["interaction_token"]:
            raise Refusal(404, 10062, "Unknown interaction")
        if interaction.callback is not None:
            text = "Interaction has already been acknowledged."
            raise Refusal(400, 40060, text)
        if self.age_s(interaction) > self.ack_deadline_s or interaction.is_expired:
            raise Refusal(404, 10062, "Unknown interaction")
        kind = Callback(asked.said["type"])
        if kind not in ANSWERS[interaction.kind] or (
            kind in {Callback.UPDATE, Callback.DEFER_UPDATE} and interaction.message is None
        ):
            raise InvalidForm([("type", f"{kind.name} does not answer this interaction")])
        self._apply(interaction, kind, asked, asked.said.get("data") or {})
        interaction.callback = kind
        interaction.acknowledged_s = self.world.clock.now_s()
        self.world.changes.notify()
        if asked.query.get("with_response") in {"1", "true"}:
            return 200, self._resource(interaction)
        return 204, None

    def _apply(self, interaction: Interaction, kind: Callback, asked: Asked, data: Json) -> None:
        match kind:
            case Callback.MESSAGE:
                interaction.response = self._new_message(interaction, asked, data)
            case Callback.DEFER:
                interaction.response = self._placeholder(interaction, data)
            case Callback.DEFER_UPDATE:
                interaction.response = interaction.message
            case Callback.UPDATE:
                assert interaction.message is not None
                interaction.response = self.messages.edit(interaction.message, asked, data)
            case Callback.CHOICES:
                interaction.choices = checked_choices(data.get("choices") or [])
            case Callback.MODAL:
                if faults := modal_faults(data):
                    raise InvalidForm(faults)
                interaction.modal = data

    def _new_message(self, interaction: Interaction, asked: Asked, data: Json) -> Message:
        slash = interaction.kind is InteractionKind.COMMAND
        kind = MessageKind.SLASH if slash else MessageKind.REPLY
        if slash and interaction.data.get("type") != 1:
            kind = MessageKind.CONTEXT_MENU
        blank = self.messages.blank(interaction.channel, kind, interaction=interaction)
        return self.messages.create(blank, asked, data)

    def _placeholder(self, interaction: Interaction, data: Json) -> Message:
        """Show "… is thinking".

        Raises:
            InvalidForm: where it carries more than the flag EPHEMERAL.
        """
        flags = int(data.get("flags") or 0)
        if flags & ~Flag.EPHEMERAL or set(data) - {"flags"}:
            raise InvalidForm([("data", "a deferred answer carries the flag EPHEMERAL or nothing")])
        message = self.messages.blank(
            interaction.channel, MessageKind.SLASH, interaction=interaction
        )
        message.flags = int(Flag.LOADING | flags)
        self.messages.publish(message)
        return message

    def _resource(self, interaction: Interaction) -> Json:
        assert interaction.callback is not None
        about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
        message = interaction.response
        if message is None:
            return {"interaction": about}
        about |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.is_loading,
            "response_message_ephemeral": message.is_ephemeral,
        }
        if interaction.callback is Callback.DEFER_UPDATE:
            return {"interaction": about}
        # a message that says "thinking" counts as one: a resource is of type 4 or 7
        kind = Callback.UPDATE if interaction.callback is Callback.UPDATE else Callback.MESSAGE
        resource = {"type": int(kind), "message": message_payloads.message(message, self.world)}
        return {"interaction": about, "resource": resource}

    def _living(self, asked: Asked) -> Interaction:
        """Find the interaction of a webhook token that still lives.

        Raises:
            Refusal: 10015 no such token, or nothing answered yet; 50027 too old.
        """
        interaction = self.world.by_token.get(asked.params["webhook_token"])
        if interaction is None or asked.number("webhook_id") != self.world.application_id:
            raise Refusal(404, 10015, "Unknown Webhook")
        if interaction.is_expired or self.age_s(interaction) >= self.token_life_s:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        if interaction.callback is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        return interaction

    def _original(self, asked: Asked) -> Message:
        found = self._living(asked).response
        if found is None or found.is_deleted:
            raise Refusal(404, 10008, "Unknown Message")
        return found

    def _own(self, asked: Asked) -> Message:
        interaction = self._living(asked)
        own = [*interaction.followups, interaction.response]
        for each in own:
            if each and each.id == asked.number("message_id") and not each.is_deleted:
                return each
        raise Refusal(404, 10008, "Unknown Message")

    def _shown(self, message: Message) -> dict[str, Any]:
        return message_payloads.message(message, self.world)

    async def follow_up(self, asked: Asked) -> Answer:
        """Say more; the first followup after a bare defer takes the place of "thinking".

        Raises:
            Refusal: 40094 after five in a place where the bot itself is not.
        """
        interaction = self._living(asked)
        said = asked.said
        original = interaction.response
        if original is not None and original.is_loading and not original.is_deleted:
            said = {**said, "flags": int(said.get("flags") or 0) & ~Flag.EPHEMERAL}
            return 200, self._shown(self.messages.edit(original, asked, said))
        if interaction.is_user_install and len(interaction.followups) >= USER_INSTALL_FOLLOWUPS:
            raise Refusal(400, 40094, "Maximum number of follow up messages reached")
        blank = self.messages.blank(
            interaction.channel, MessageKind.REPLY, interaction=interaction, reply_to=original
        )
        message = self.messages.create(blank, asked, said)
        interaction.followups.append(message)
        self.world.changes.notify()
        return (200, self._shown(message)) if "wait" in asked.query else (204, None)

    async def read_original(self, asked: Asked) -> Answer:
        """Show the original response."""
        return 200, self._shown(self._original(asked))

    async def edit_original(self, asked: Asked) -> Answer:
        """Change the original response, or the message whose button was pressed."""
        return 200, self._shown(self.messages.edit(self._original(asked), asked, asked.said))

    async def delete_original(self, asked: Asked) -> Answer:
        """Delete the original response."""
        self.messages.delete(self._original(asked))
        return 204, None

    async def read(self, asked: Asked) -> Answer:
        """Show a followup."""
        return 200, self._shown(self._own(asked))

    async def edit(self, asked: Asked) -> Answer:
        """Change a followup."""
        return 200, self._shown(self.messages.edit(self._own(asked), asked, asked.said))

    async def delete(self, asked: Asked) -> Answer:
        """Delete a followup."""
        self.messages.delete(self._own(asked))
        return 204, None


def checked_choices(choices: list[Json]) -> list[Json]:
    """Give the suggestions back.

    Raises:
        InvalidForm: where Discord would not take them.
    """
    if faults := choice_faults(choices):
        raise InvalidForm(faults)
    return choices
