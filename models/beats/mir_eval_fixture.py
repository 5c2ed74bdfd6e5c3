"""What mir_eval says of made-up beats and onsets, for the engine's test: `engine/src/evaluation/tests/mir_eval.json`.

    pip install mir_eval==0.8.2    # for this script alone; nothing else here needs it
    python models/beats/mir_eval_fixture.py engine/src/evaluation/tests/mir_eval.json

Each case holds times in seconds, a truth and an estimate, and mir_eval's figures for them: of beats as they are given (nothing is
trimmed), of the same times as onsets within 50 ms, and as boundaries of sections within 3 s.
"""

import json
import sys
import warnings
from pathlib import Path

import mir_eval
import numpy as np

SEED = 11
LENGTH_S = 24.0


def truths(random: np.random.Generator) -> dict[str, np.ndarray]:
    """Beats in s: steady, live, on a ramp, after a jump, in triple time."""
    steps = {
        "steady": np.full(64, 0.5),
        "slow": np.full(24, 1.05),
        "fast": np.full(90, 0.33),
        "ramp": np.geomspace(0.7, 0.35, 50),
        "jump": np.r_[np.full(22, 0.6), np.full(30, 0.42)],
        "live": 0.48 + 0.012 * random.standard_normal(55),
        "rubato": 0.6 + 0.11 * np.sin(np.arange(45) / 2.3),
    }
    return {name: (lambda t: t[t < LENGTH_S])(0.37 + np.cumsum(step)) for name, step in steps.items()}


def jittered(truth: np.ndarray, random: np.random.Generator, spread_s: float) -> np.ndarray:
    return truth + spread_s * random.standard_normal(len(truth))


def estimates(truth: np.ndarray, random: np.random.Generator) -> dict[str, np.ndarray]:
    """What trackers make of a truth."""
    middles = (truth[1:] + truth[:-1]) / 2
    n = len(truth)
    return {
        "jitter of 10 ms": jittered(truth, random, 0.01),
        "jitter of 45 ms": jittered(truth, random, 0.045),
        "jitter of 120 ms": jittered(truth, random, 0.12),
        "late by 55 ms": jittered(truth, random, 0.003) + 0.055,
        "missing": jittered(truth, random, 0.02)[random.random(n) > 0.25],
        "extra": np.r_[jittered(truth, random, 0.015), random.uniform(0.0, LENGTH_S, n // 3)],
        "double": jittered(np.r_[truth, middles], random, 0.008),
        "half, odd": jittered(truth[::2], random, 0.012),
        "half, even": jittered(truth[1::2], random, 0.012),
        "a third": jittered(truth[::3], random, 0.01),
        "off-beat": jittered(middles, random, 0.015),
        "right, then off-beat": np.r_[truth[: n // 2], middles[n // 2 :]] + 0.004,
        "double, then right": np.r_[np.sort(np.r_[truth[: n // 3], middles[: n // 3]]), truth[n // 3 :]] - 0.006,
        "another tempo": np.arange(0.2, LENGTH_S, 0.531),
        "slowly out of phase": truth * 1.013,
        "clusters": np.repeat(truth[::2], 3) + np.tile([-0.05, 0.0, 0.04], len(truth[::2])),
        "twice the same": np.repeat(truth, 2),
        "by chance": random.uniform(0.0, LENGTH_S, n),
    }


def cases(random: np.random.Generator) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Some 50, each estimate with two truths or more, and what lies at the edges."""
    everything = [
        (f"{kind}: {name}", truth, estimate)
        for at, (kind, truth) in enumerate(truths(random).items())
        for index, (name, estimate) in enumerate(estimates(truth, random).items())
        if (index + at) % 3 == 0
    ]
    steady = truths(random)["steady"]
    none = np.array([])
    few = {
        "the same": (steady, steady),
        "no truth": (none, steady),
        "no estimate": (steady, none),
        "neither": (none, none),
        "one beat, right": (steady, steady[9:10]),
        "one beat in truth": (steady[9:10], steady),
        "one and one": (steady[9:10], steady[9:10] + 0.03),
        "two and many": (steady[9:11], steady),
        "two and two": (steady[9:11], steady[9:11] + 0.01),
        "three and two": (steady[9:12], steady[9:11] - 0.02),
        "two of the same in truth": (np.sort(np.r_[steady[:12], steady[4:5]]), steady[:12]),
    }
    return everything + [(name, truth, estimate) for name, (truth, estimate) in few.items()]


def sections(truth: np.ndarray, estimate: np.ndarray) -> float:
    """F within 3 s of boundaries, the first and the last being the piece's own."""
    ends = [0.0, LENGTH_S + 4.0]
    spans = [np.unique(np.clip(np.r_[ends, times], *ends)) for times in (truth, estimate)]
    return mir_eval.segment.detection(*(np.c_[span[:-1], span[1:]] for span in spans), window=3.0, trim=True)[2]


def figures(truth: np.ndarray, estimate: np.ndarray) -> dict[str, float]:
    cmlc, cmlt, amlc, amlt = mir_eval.beat.continuity(truth, estimate)
    f, precision, recall = mir_eval.onset.f_measure(truth, estimate)
    answers = {
        "f_70ms": mir_eval.beat.f_measure(truth, estimate),
        "f_50ms": mir_eval.beat.f_measure(truth, estimate, f_measure_threshold=0.05),
        "cemgil": mir_eval.beat.cemgil(truth, estimate)[0],
        "cmlc": cmlc,
        "cmlt": cmlt,
        "amlc": amlc,
        "amlt": amlt,
        "onset_f": f,
        "onset_precision": precision,
        "onset_recall": recall,
    }
    if len(np.unique(truth)) == len(truth) and len(np.unique(estimate)) == len(estimate):
        answers["section_f_3s"] = sections(truth, estimate)
    return {name: round(float(value), 9) for name, value in answers.items()}


def main() -> None:
    warnings.simplefilter("ignore")  # of empty lists, which are meant
    random = np.random.default_rng(SEED)
    lines = []
    for name, truth, estimate in cases(random):
        # What is written is what mir_eval is asked.
        truth, estimate = (np.round(np.sort(np.maximum(times, 0.0)), 6) for times in (truth, estimate))
        case = {"name": name, "truth": truth.tolist(), "estimate": estimate.tolist(), "figures": figures(truth, estimate)}
        lines.append(json.dumps(case))
    Path(sys.argv[1]).write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{len(lines)} cases")


if __name__ == "__main__":
    main()
