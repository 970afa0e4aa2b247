"""What Discord demands of messages beyond its API description. Pure: values in, faults out.

A fault is (where, what); the list is empty where all is well.
"""

from collections import Counter
from typing import Any

from tests.fakes.discord.record import Json
from tests.fakes.discord.world import Flag, flat

Faults = list[tuple[str, str]]

CONTENT = 2000  # characters; the description says 4000 for channel messages, which bots have not
EMBED_TEXT = 6000  # characters in all embeds together
FILES = 10
ROWS = 5
ROW_WIDTH = 5
V2_COMPONENTS = 40
V2_TEXT = 4000  # characters in all text displays together
USABLE_FLAGS = (
    Flag.SUPPRESS_EMBEDS | Flag.EPHEMERAL | Flag.SUPPRESS_NOTIFICATIONS | Flag.COMPONENTS_V2
)

ROW, BUTTON, TEXT_INPUT = 1, 2, 4
SELECTS = frozenset({3, 5, 6, 7, 8})
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")  # what an embed shows of a message's files
LINK, PREMIUM = 5, 6  # styles of buttons that do not call the bot


def message_faults(said: Json, file_names: set[str]) -> Faults:
    """Judge a message as it would stand: content, embeds, components, flags, poll.

    `file_names` are those of all files it would have.
    """
    components = said.get("components") or []
    is_v2 = bool(said.get("flags", 0) & Flag.COMPONENTS_V2)
    faults = content_faults(said)
    faults += embed_faults(said.get("embeds") or [], file_names)
    faults += v2_faults(said, file_names) if is_v2 else classic_faults(components)
    faults += control_faults(list(flat(components)))
    if int(said.get("flags") or 0) & ~int(USABLE_FLAGS | Flag.LOADING):
        faults.append(("flags", "flags that a bot cannot set"))
    return faults


def content_faults(said: Json) -> Faults:
    """Judge what is said in words."""
    faults: Faults = []
    if len(said.get("content") or "") > CONTENT:
        faults.append(("content", f"Must be {CONTENT} or fewer in length."))
    if sum(embed_length(each) for each in said.get("embeds") or []) > EMBED_TEXT:
        faults.append(("embeds", f"Embed size exceeds maximum size of {EMBED_TEXT}"))
    return faults


def embed_faults(embeds: list[Json], file_names: set[str]) -> Faults:
    """Judge what embeds show of a message's files: pictures that are there."""
    faults: Faults = []
    for number, each in enumerate(embeds):
        for part, name in embedded(each):
            if name not in file_names:
                faults.append((f"embeds.{number}.{part}", f"no such file in this message: {name}"))
            elif not name.endswith(PICTURES):
                faults.append((f"embeds.{number}.{part}", f"no picture: {name}"))
    return faults


def embedded(embed: Json) -> list[tuple[str, str]]:
    """List which parts of an embed show which of the message's files."""
    shown = [(part, (embed.get(part) or {}).get("url") or "") for part in ("image", "thumbnail")]
    scheme = "attachment://"
    return [(part, url.removeprefix(scheme)) for part, url in shown if url.startswith(scheme)]


def embed_length(embed: Json) -> int:
    """Count the characters that Discord counts."""
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    for each in embed.get("fields") or []:
        texts += [each.get("name"), each.get("value")]
    return sum(len(text or "") for text in texts)


def classic_faults(components: list[Json]) -> Faults:
    """Judge components of an ordinary message: rows of buttons or one select each."""
    faults: Faults = []
    if len(components) > ROWS:
        faults.append(("components", f"Must be {ROWS} or fewer in length."))
    for number, row in enumerate(components):
        where = f"components.{number}"
        if row.get("type") != ROW:
            faults.append((where, "only action rows without the flag IS_COMPONENTS_V2"))
            continue
        faults += row_faults(where, row)
    return faults


def row_faults(where: str, row: Json) -> Faults:
    """Judge one action row."""
    inside = [each.get("type") for each in row.get("components") or []]
    if not inside:
        return [(where, "an action row cannot be empty")]
    if BUTTON in inside and set(inside) != {BUTTON}:
        return [(where, "buttons share their row with nothing else")]
    if len(inside) > (ROW_WIDTH if BUTTON in inside else 1):
        return [(where, "too many components in a row")]
    return []


def control_faults(components: list[Json]) -> Faults:
    """Judge buttons and selects, wherever they are."""
    faults: Faults = []
    custom_ids = [each["custom_id"] for each in components if each.get("custom_id")]
    faults += [
        ("components", f"Component custom id cannot be duplicated: {name}")
        for name, count in Counter(custom_ids).items()
        if count > 1
    ]
    ids = [each["id"] for each in components if each.get("id")]
    if len(ids) != len(set(ids)):
        faults.append(("components", "Component id cannot be duplicated"))
    for each in components:
        if each.get("type") == BUTTON:
            faults += button_faults(each)
        elif each.get("type") in SELECTS and not each.get("custom_id"):
            faults.append(("components", "a select needs a custom_id"))
    return faults


def button_faults(button: Json) -> Faults:
    """Judge one button: what it does, and that there is something to see."""
    style = button.get("style")
    calls_bot = style not in {LINK, PREMIUM}
    faults: Faults = []
    if calls_bot != bool(button.get("custom_id")):
        faults.append(("components", "a button has a custom_id, or is a link or premium"))
    if (style == LINK) != bool(button.get("url")):
        faults.append(("components", "a link button, and no other, has an url"))
    if style != PREMIUM and not (button.get("label") or button.get("emoji")):
        faults.append(("components", "a button needs a label or an emoji"))
    return faults


def v2_faults(said: Json, file_names: set[str]) -> Faults:
    """Judge a message whose components are all there is to it."""
    faults: Faults = [
        (key, f"cannot be used with IS_COMPONENTS_V2: {key}")
        for key in ("content", "embeds", "poll", "sticker_ids")
        if said.get(key)
    ]
    components = list(flat(said.get("components") or []))
    if len(components) > V2_COMPONENTS:
        faults.append(("components", f"more than {V2_COMPONENTS} components"))
    if sum(len(each.get("content") or "") for each in components) > V2_TEXT:
        faults.append(("components", f"more than {V2_TEXT} characters of text"))
    for each in components:
        if each.get("type") == ROW:
            faults += row_faults("components", each)
        faults += media_faults(each, file_names)
    return faults


def media_faults(component: Json, file_names: set[str]) -> Faults:
    """Judge what a component shows: a file must be one of this message's."""
    faults: Faults = []
    for url in media_urls(component):
        if url.startswith("attachment://"):
            if url.removeprefix("attachment://") not in file_names:
                faults.append(("components", f"no such file in this message: {url}"))
        elif component["type"] == FILE:
            faults.append(("components", f"a file must be attachment://, not {url}"))
    return faults


def media_urls(component: Json) -> list[str]:
    """List what a thumbnail, gallery or file component points at."""
    if component.get("type") == GALLERY:
        return [each["media"]["url"] for each in component.get("items") or []]
    if component.get("type") == THUMBNAIL:
        return [component["media"]["url"]]
    return [component["file"]["url"]] if component.get("type") == FILE else []


def modal_faults(modal: Json) -> Faults:
    """Judge a form: 1-5 parts, no name twice."""
    parts = modal.get("components") or []
    faults: Faults = []
    if not 1 <= len(parts) <= 5:
        faults.append(("components", "a modal has 1-5 components"))
    names = [each["custom_id"] for each in flat(parts) if each.get("custom_id")]
    if len(names) != len(set(names)):
        faults.append(("components", "Component custom id cannot be duplicated"))
    return faults


def as_errors(faults: Faults) -> dict[str, Any]:
    """Nest faults as Discord's `errors` does."""
    errors: dict[str, Any] = {}
    for where, what in faults:
        node = errors
        for step in where.split("."):
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": "BASE_TYPE_INVALID", "message": what})
    return errors
