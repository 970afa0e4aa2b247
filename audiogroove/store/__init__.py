"""What must survive a restart, in one database: SQLite in a file, or PostgreSQL by URL.

It keeps
  - every request from the moment it is accepted, how far it has come, and where its answer goes;
  - the pieces that came of them, for as long as their buttons shall work;
  - what was made of those to hear, see and read, as far as there is room;
  - jams, while they are under way and as long again as those;
  - how much of their quota persons and chats have used;
  - what is assumed in a chat when nothing is wished;
  - a few small facts of the house, each under a name.

    callers ──▶ Store ──operations──▶ Writer: one thread, one transaction for all that wait
                  └────queries──────▶ readers: connections of their own

Nothing is acknowledged before it is on the disk. Who may ask for what, and what is said to whom,
is decided elsewhere.
"""

from audiogroove.store.store import Store

__all__ = ["Store"]
