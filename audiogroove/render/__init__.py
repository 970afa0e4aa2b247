"""A piece made audible and visible: sound, piano roll, score, video. No chat, no event loop."""
