"""What is assumed in a chat, and facts under a name."""

from audiogroove.store import Store


async def test_nothing_is_assumed_at_first(store: Store) -> None:
    """Nor in a chat that nobody has heard of."""
    assert await store.defaults("discord:parlour") == {}


async def test_what_a_chat_assumes_is_kept_as_it_was_typed(store: Store) -> None:
    """Each chat for itself, and in any script."""
    await store.set_defaults("discord:parlour", {"style": "waltz", "key": "Fis-Moll ♯"})
    await store.set_defaults("telegram:attic", {"tempo": "fast"})
    assert await store.defaults("discord:parlour") == {"style": "waltz", "key": "Fis-Moll ♯"}
    assert await store.defaults("telegram:attic") == {"tempo": "fast"}


async def test_new_assumptions_replace_the_old(store: Store) -> None:
    """None at all leave none."""
    for options in ({"style": "waltz", "bars": "16"}, {"style": "tango"}, {}):
        await store.set_defaults("discord:parlour", options)
        assert await store.defaults("discord:parlour") == options


async def test_a_note_is_kept_under_its_name(store: Store) -> None:
    """The last one, beyond a restart."""
    assert await store.note("commands") is None
    await store.set_note("commands", "3f9a")
    await store.set_note("commands", "77c0")
    assert await store.note("commands") == "77c0"
    assert await store.note("other") is None


async def test_settings_outlive_a_restart(url: str) -> None:
    """Both kinds."""
    async with await Store.open(url) as store:
        await store.set_defaults("discord:parlour", {"style": "waltz"})
        await store.set_note("commands", "3f9a")
    async with await Store.open(url) as store:
        assert await store.defaults("discord:parlour") == {"style": "waltz"}
        assert await store.note("commands") == "3f9a"
