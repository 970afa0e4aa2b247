"""What others have published on the same splits, with where it is told.

Figures are quoted, never computed here; check a row against its source before quoting it on.
Where one is not of quite the same protocol, `remark` says in what it differs. What is told the
true chord of the frame that it foretells is not listed at all (TonicNet, 0.22 nats a note).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """One model's figures, in nats, by the name of the set."""

    model: str
    source: str
    nats: dict[str, float]
    remark: str = ""


MUSIC_TRANSFORMER = "Huang et al. 2019, arXiv:1809.04281, Table 2"
BOULANGER = "Boulanger-Lewandowski et al. 2012, arXiv:1206.6392, Table 1"
BAI = "Bai et al. 2018, arXiv:1803.01271, Table 1"
CHUNG = "Chung et al. 2014, arXiv:1412.3555, Table 2"

# validation nats a cell of the sixteenth grid
JSB = tuple(
    Published(model, MUSIC_TRANSFORMER, {"valid": nats}, remark)
    for model, nats, remark in (
        ("Coconet, chronological", 0.436, ""),
        ("Transformer", 0.417, ""),
        ("Transformer, concatenated sinusoids", 0.398, ""),
        ("relative Transformer", 0.357, ""),
        ("relative Transformer, relative pitch and time", 0.335, ""),
        ("Coconet, orderless", 0.238, "a bound by an ensemble of orders; sees later frames"),
    )
)

# test nats a frame
POLYPHONY = (
    Published("LSTM", BAI, {"JSB_Chorales": 8.45, "Nottingham": 3.29}, "independent keys"),
    Published("GRU", BAI, {"JSB_Chorales": 8.43, "Nottingham": 3.46}, "independent keys"),
    Published("TCN", BAI, {"JSB_Chorales": 8.10, "Nottingham": 3.07}, "independent keys"),
    Published(
        "LSTM",
        CHUNG,
        {"JSB_Chorales": 8.67, "Nottingham": 3.29, "MuseData": 6.23, "Piano_midi": 9.03},
        "independent keys",
    ),
    Published(
        "GRU",
        CHUNG,
        {"JSB_Chorales": 8.54, "Nottingham": 3.23, "MuseData": 5.99, "Piano_midi": 8.82},
        "independent keys",
    ),
    Published(
        "R-Transformer",
        "Wang et al. 2019, arXiv:1907.05572",
        {"Nottingham": 2.37},
        "independent keys",
    ),
    Published(
        "RNN-RBM",
        BOULANGER,
        {"JSB_Chorales": 6.27, "Nottingham": 2.39, "MuseData": 6.01, "Piano_midi": 7.09},
        "a sampled estimate",
    ),
    Published(
        "RNN-NADE, Hessian-free",
        BOULANGER,
        {"JSB_Chorales": 5.56, "Nottingham": 2.31, "MuseData": 5.60, "Piano_midi": 7.05},
    ),
)
