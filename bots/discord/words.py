"""What only Discord makes one say."""

from bots.chat import Reply


def not_permitted(permission: str) -> Reply:
    """Say which permission we lack; `permission` as the library names it: "attach_files"."""
    name = permission.replace("_", " ").title()
    return Reply(
        f"I cannot answer here: I lack the permission “{name}”; "
        "please ask somebody who may manage this server to give it to me in this channel.",
        is_private=True,
    )


def thread_below(title: str) -> Reply:
    """Say what people meet for, where it goes on in a thread below."""
    return Reply(f"🎶 {title}")


def no_member() -> Reply:
    """Say that a jam needs us as a member of the server."""
    return Reply(
        "I am no member of this server, so I cannot keep a jam going here; please ask somebody "
        "who may manage it to add me.",
        is_private=True,
    )


def outdated() -> Reply:
    """Say that somebody's Discord shows commands that are no longer so."""
    return Reply(
        "My commands have changed since your Discord looked; please reload it (Ctrl+R) and try "
        "again.",
        is_private=True,
    )


def hidden(menu: str) -> Reply:
    """Say how to show us a file that somebody else sent; `menu` is our entry in its menu."""
    return Reply(
        "I see the files of a message only when it mentions me; please press that message, "
        f"choose Apps and “{menu}”.",
        is_private=True,
    )


def too_large(reply: Reply) -> Reply:
    """Say a reply without its files, and why."""
    names = ", ".join(file.name for file in reply.files)
    text = f"{reply.text}\nDiscord does not take the file here, it is too large: {names}"
    return Reply(text, buttons=reply.buttons)
