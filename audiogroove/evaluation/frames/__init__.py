"""The benchmarks that price music frame by frame: JSB chorales and the Boulanger-Lewandowski sets.

Both ask for the likelihood of *frames*: which pitch every voice holds in each sixteenth, or which
of 88 keys are down. They tell no onsets, no durations and no parts, and a pitch that is struck
again looks like one that is held. The project's own network prices *notes*, chained through bar,
position, part, pitch, duration and velocity: to turn its figure into nats a frame one would have
to sum over all ways to cut the held pitches into notes, and a note decides its end before the
frames in between are heard. So what is trained here is a small network of the same make (ids
embedded in a `Bag`, LSTM layers with normalised residuals and locked dropout, chained heads, the
trainer's `Recipe`) whose last step writes a frame instead of a note.
"""
