"""Jams in chats: the state machine of `audiogroove.jam`, with people, a clock and a composer."""
