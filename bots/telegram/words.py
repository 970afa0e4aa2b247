"""The few words that only Telegram needs; all others are in `bots.replies`."""

BACK = "‹ Back"
AWAY = "I was away and read this only now: please ask again if you still want it."
OLD_BUTTON = "That button is no longer in use; please take a newer message's."
CARD = "Bring the card down here"
