"""Telling Discord our commands: only when they have changed, as it counts how often."""

import hashlib
import json
from typing import Any

import discord
import structlog
from discord import app_commands

from bots.chat import Notes

NOTE = "discord.commands"

_LOG = structlog.get_logger()


def digest_of(tree: app_commands.CommandTree[Any], *told_to: object) -> str:
    """Sum up all commands, and whose they are; any change of them changes it."""
    types = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
    commands = [command.to_dict(tree) for kind in types for command in tree.get_commands(type=kind)]
    told = json.dumps([commands, *map(str, told_to)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


async def sync(tree: app_commands.CommandTree[Any], notes: Notes, api_url: str) -> None:
    """Tell Discord the commands of a tree unless it knows them.

    Old commands are better than no bot: when Discord will not have them, that is logged and tried
    again at the next start.
    """
    digest = digest_of(tree, tree.client.application_id, api_url)
    if await notes.note(NOTE) == digest:
        return
    try:
        told = await tree.sync()
    except discord.HTTPException:
        _LOG.exception("Discord did not take the commands")
        return
    await notes.set_note(NOTE, digest)
    _LOG.info("commands told to Discord", count=len(told))
