"""How the whole house bears a crowd: `python -m tests.load --people 1000`, or `--jams 50`.

    fakes of both chats ◀──HTTP──▶ python -m bots       three processes, as they are run
           ▲                             ▲
           └── /control: people ask      └── /proc: memory and CPU (Linux)

Every time is read from the fakes' own records afterwards. The clock is the machine's monotonic
one, the same in all processes, so that the times can be subtracted.
"""
