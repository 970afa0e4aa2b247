"""What people do: write, use commands, press buttons, fill in forms."""

import base64
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from tests.fakes.discord import message_payloads, payloads
from tests.fakes.discord.applications import direct_channel
from tests.fakes.discord.commands import (
    CHAT_INPUT,
    MESSAGE,
    USER,
    CommandBook,
    Impossible,
    resolve_path,
)
from tests.fakes.discord.filling import AttachedFile, Filling, uploaded
from tests.fakes.discord.messages import Messages
from tests.fakes.discord.record import Json
from tests.fakes.discord.world import (
    MEMBER_PERMISSIONS,
    Channel,
    ChannelKind,
    Interaction,
    InteractionKind,
    Member,
    Message,
    MessageKind,
    Permission,
    User,
    World,
    flat,
)

ATTACHMENT_OPTION = 11


class People:
    """Acts for users; each method returns what it set off, to be awaited by the test."""

    def __init__(self, world: World, messages: Messages, commands: CommandBook) -> None:
        self.world = world
        self.commands = commands
        self._messages = messages
        self.interactions: list[Interaction] = []

    async def say(
        self,
        user: User,
        channel: Channel,
        text: str = "",
        *,
        files: Iterable[AttachedFile] = (),
        mention_bot: bool = False,
        reply_to: Message | None = None,
    ) -> Message:
        """Write a message; the bot's replies to it are its `answers`."""
        self._enter(user, channel)
        if mention_bot:
            text = f"{self.world.bot.mention} {text}".rstrip()
        message = self._messages.blank(
            channel, MessageKind.REPLY if reply_to else MessageKind.PLAIN, reply_to=reply_to
        )
        message.author = user
        message.content = text
        message.files = [uploaded(self._messages, channel, each) for each in files]
        if reply_to is not None:
            message.mentions.append(reply_to.author)
        self._messages.publish(message)
        return message

    async def delete(self, message: Message) -> None:
        """Delete a message, as its author or a moderator can."""
        self._messages.delete(message)

    async def slash(
        self,
        user: User,
        channel: Channel,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        attachment: AttachedFile | None = None,
    ) -> Interaction:
        """Use a chat command: "compose", or "jam start" for one with subcommands.

        `attachment` goes to the command's attachment option; a file may also stand among the
        options, a user or channel too. Impossible is raised where the app would not let them: no
        such command or option, a required one missing, a value out of range, not allowed there.
        """
        filled = dict(options or {})
        found, steps = self._command(user, channel, command)
        if attachment is not None:
            described, _ = resolve_path(found, steps)
            filled[only(described, ATTACHMENT_OPTION)] = attachment
        data = self._filling(channel).command(found, steps, filled)
        return self._interact(user, channel, InteractionKind.COMMAND, data)

    async def autocomplete(
        self,
        user: User,
        channel: Channel,
        command: str,
        focused: tuple[str, Any],
        options: Mapping[str, Any] | None = None,
    ) -> Interaction:
        """Type in an option that suggests: `focused` is its name and what was typed so far.

        Raises:
            Impossible: as `slash`, or where the option suggests nothing.
        """
        found, steps = self._command(user, channel, command)
        name, typed = focused
        described, _ = resolve_path(found, steps)
        if not any(each["name"] == name and each.get("autocomplete") for each in described):
            raise Impossible(f"{name} suggests nothing")
        data = self._filling(channel).command(found, steps, options or {}, complete=False)
        inner = data["options"]
        while inner and "options" in inner[0]:
            inner = inner[0]["options"]
        kind = next(each["type"] for each in described if each["name"] == name)
        inner.append({"name": name, "type": kind, "value": typed, "focused": True})
        return self._interact(user, channel, InteractionKind.AUTOCOMPLETE, data)

    async def context_menu(self, user: User, target: Message | User, name: str) -> Interaction:
        """Use a command of a message's or user's menu; a user's is used in direct messages.

        Raises:
            Impossible: where the menu has no such entry, or they do not see the message.
        """
        on_message = isinstance(target, Message)
        place = target.channel if isinstance(target, Message) else direct_channel(self.world, user)
        self._enter(user, place)
        if isinstance(target, Message) and not target.is_visible_to(user):
            raise Impossible("they do not see this message")
        found = self._allowed(user, place, name, MESSAGE if on_message else USER)
        resolved: Json = (
            {"messages": {str(target.id): message_payloads.message(target, self.world)}}
            if isinstance(target, Message)
            else {"users": {str(target.id): payloads.user(target)}}
        )
        data = {
            "id": found["id"],
            "name": name,
            "type": found["type"],
            "target_id": str(target.id),
            "resolved": resolved,
        }
        return self._interact(user, place, InteractionKind.COMMAND, data)

    async def press(self, user: User, message: Message, button: str) -> Interaction:
        """Press a button, named by its label or custom_id.

        Raises:
            Impossible: where it is not there, disabled, or they do not see the message.
        """
        found = [
            each
            for each in flat(message.components)
            if each["type"] == 2 and button in {each.get("label"), each.get("custom_id")}
        ]
        if not message.is_visible_to(user):
            raise Impossible("they do not see this message")
        if len(found) != 1 or found[0].get("disabled") or not found[0].get("custom_id"):
            shown = [(each.label, each.custom_id, each.is_disabled) for each in message.buttons]
            raise Impossible(f"cannot press {button!r}; there are {shown}")
        data = {"custom_id": found[0]["custom_id"], "component_type": 2, "id": found[0]["id"]}
        return self._interact(user, message.channel, InteractionKind.COMPONENT, data, cause=message)

    async def select(
        self, user: User, message: Message, custom_id: str, values: list[str]
    ) -> Interaction:
        """Choose from a list of texts.

        Raises:
            Impossible: where it is not there, disabled, or has no such values.
        """
        for each in flat(message.components):
            if each["type"] == 3 and each["custom_id"] == custom_id and not each.get("disabled"):
                if not set(values) <= {option["value"] for option in each["options"]}:
                    raise Impossible(f"{values} are not among the options")
                data = {
                    "custom_id": custom_id,
                    "component_type": 3,
                    "id": each["id"],
                    "values": values,
                }
                return self._interact(
                    user, message.channel, InteractionKind.COMPONENT, data, cause=message
                )
        raise Impossible(f"nothing to select from called {custom_id!r}")

    async def submit_modal(
        self, opened: Interaction, values: Mapping[str, str | list[str] | AttachedFile]
    ) -> Interaction:
        """Fill in and send the form that `opened` was answered with; values by custom_id.

        Raises:
            Impossible: where there is no form, no such field, or a required one is empty.
        """
        if opened.modal is None:
            raise Impossible("no form was opened")
        data = self._filling(opened.channel).form(opened.modal, values)
        return self._interact(
            opened.user, opened.channel, InteractionKind.MODAL, data, cause=opened
        )

    def _filling(self, channel: Channel) -> Filling:
        return Filling(self.world, self._messages, channel, {})

    def _command(self, user: User, channel: Channel, command: str) -> tuple[Json, list[str]]:
        name, *steps = command.split(" ")
        self._enter(user, channel)
        return self._allowed(user, channel, name, CHAT_INPUT), steps

    def _allowed(self, user: User, channel: Channel, name: str, kind: int) -> Json:
        """Find a command that this person is offered there.

        Raises:
            Impossible: where they are not.
        """
        guild = channel.guild
        found = self.commands.find(guild.id if guild else None, name, kind)
        if found is None:
            raise Impossible(f"no command {name!r} there")
        contexts = found["contexts"]
        if contexts is not None and (0 if guild else 1) not in contexts:
            raise Impossible(f"{name!r} is not offered in such a place")
        if guild and not guild.has_bot and 1 not in (found["integration_types"] or []):
            raise Impossible(f"{name!r} cannot be installed by a user")
        needed = found["default_member_permissions"]
        if guild and needed is not None and not is_allowed(guild.members[user.id], needed):
            raise Impossible(f"{name!r} needs the permissions {needed}")
        return found

    def _enter(self, user: User, channel: Channel) -> None:
        """Let somebody into the guild if they are not there yet.

        Raises:
            Impossible: where nobody can enter.
        """
        if channel.is_deleted:
            raise Impossible("this channel is gone")
        if channel.kind is ChannelKind.DIRECT and channel.recipient is not user:
            raise Impossible("this conversation is somebody else's")
        if channel.guild is not None and user.id not in channel.guild.members:
            channel.guild.members[user.id] = Member(
                user=user,
                role_id=self.world.new_id(),
                permissions=MEMBER_PERMISSIONS,
                joined_s=self.world.clock.wall_s(),
            )

    def _interact(
        self,
        user: User,
        channel: Channel,
        kind: InteractionKind,
        data: Json,
        *,
        cause: Message | Interaction | None = None,
    ) -> Interaction:
        """Tell the bot what somebody did: with a message's button, or in a form that was opened."""
        self._enter(user, channel)
        new_id = self.world.new_id()
        secret = f"interaction:{new_id}:{secrets.token_hex(48)}".encode()
        interaction = Interaction(
            id=new_id,
            token=base64.urlsafe_b64encode(secret).decode().rstrip("="),
            kind=kind,
            user=user,
            channel=channel,
            data=data,
            dispatched_s=self.world.clock.now_s(),
            changes=self.world.changes,
            message=cause.message if isinstance(cause, Interaction) else cause,
            opener=cause if isinstance(cause, Interaction) else None,
            is_user_install=channel.guild is not None and not channel.guild.has_bot,
        )
        self.interactions.append(interaction)
        self.world.interactions[new_id] = interaction
        self.world.by_token[interaction.token] = interaction
        told = message_payloads.interaction(
            interaction, self.world, upload_limit_bytes=self._messages.upload_limit_bytes
        )
        self.world.emit("INTERACTION_CREATE", channel.guild, lambda _intents: told)
        self.world.changes.notify()
        return interaction


def is_allowed(member: Member, needed: str) -> bool:
    """Tell whether a member has all these bits; "0" lets administrators only."""
    if member.permissions & Permission.ADMINISTRATOR:
        return True
    return needed != "0" and not Permission(int(needed)) & ~member.permissions


def only(options: list[Json], kind: int) -> str:
    """Name the one option of a kind.

    Raises:
        Impossible: where there is none, or several.
    """
    names = [each["name"] for each in options if each["type"] == kind]
    if len(names) != 1:
        raise Impossible(f"options of kind {kind}: {names}")
    return str(names[0])
