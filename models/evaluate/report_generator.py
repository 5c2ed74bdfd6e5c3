"""The report's section on the generator."""

from .markdown import percent, prose, table, with_deviation
from .retrieval import RANKS


def write(m: dict) -> list[str]:
    return [*_quality(m), *_conditions(m), *_walks(m), *_speed(m)]


def _row(found: dict) -> list[str]:
    kid = [with_deviation(found[name], 4) for name in ("kid", "witness")]
    return [*kid, f"{found['precision']:.3f}", f"{found['recall']:.3f}"]


def _quality(m: dict) -> list[str]:
    art = m["art"]
    rows = [["held-out art, half against half", *_row(art), f"{art['diversity']:.2f}", f"{art['pixel diversity']:.3f}"]]
    for label, g in m["generator"].items():
        rows.append([label, *_row(g), *(percent(g[kind] / art[kind]) for kind in ("diversity", "pixel diversity"))])
    asks = """**How close to the art, and how varied?** KID is 0 for pictures like the art; precision is how many pictures
        could be art, recall how much of the art could be painted; diversity is the mean distance of two pictures, in
        features and in pixels, as a share of the art's own (whose row gives the distance itself)."""
    how = f"""Features are those of **our own picture tower**, at 64 pixels, which may have guided the generator's training:
        they compare these rows with one another, not with published figures. The second KID is on plain statistics
        (brightness, detail by octave and direction, colour) that no training saw. KID: unbiased, cubic kernel (Binkowski et
        al. 2018), mean ± deviation over {m["sizes"]["kid_subsets"]} subsets of {m["sizes"]["kid_subset"]}; features in
        deviations of the art, cut at four. Precision and recall: k = 3 (Kynkaanniemi et al. 2019), {m["half"]} pictures
        against {m["half"]}. One picture for each window, its noise drawn."""
    head = ["", "KID", "KID, plain statistics", "precision", "recall", "diversity", "of pixels"]
    return [prose(asks), table(head, rows), prose(how)]


def _ranks(found: dict | None) -> str:
    return " / ".join(f"{found[f'R@{k}']:.3f}" for k in RANKS) if found else "other space"


def _conditions(m: dict) -> list[str]:
    rows = []
    for label, g in m["generator"].items():
        ratios = [f"{g['conditioning'][kind]['ratio']:.2f}" for kind in ("features", "pixels")]
        rows.append([label, *ratios, _ranks(g["recovered"]), _ranks(g["twins"])])
    first = next(iter(m["generator"].values()))
    rows.append(["chance", "", "", *[_ranks(first["chance"])] * 2])
    asks = f"""**Does the music decide?** How far the picture moves when the embedding is swapped, over how far it moves
        when the noise is (features, pixels); whether the picture tower finds the embedding that a picture was painted from
        among {first["gallery"]}; and whether features find the other picture of the same embedding, painted with other
        noise, which needs no common space:"""
    ranks = " / ".join(map(str, RANKS))
    head = ["", "embedding over noise, features", "pixels", f"embedding found, R@{ranks}", f"twin found, R@{ranks}"]
    return [prose(asks), table(head, rows)]


def _walks(m: dict) -> list[str]:
    first = next(iter(m["walk"].values()))
    columns = ("step", "99 %", "largest", "flicker", "shiver", "stride")
    digits = {"step": 4, "flicker": 3, "shiver": 3}
    rows = [[label, *(f"{w[name]:.{digits.get(name, 2)}f}" for name in columns)] for label, w in m["walk"].items()]
    asks = f"""**Is the path smooth?** Walks of {m["sizes"]["walk_s"]} s through held-out tracks ({first["walks"]}), 30
        pictures a second, livelier than the engine's (1.2 s following; the stride is in the last column), without the pushes
        of onsets. Step:
        mean absolute change of a pixel (0 to 1) from picture to picture; 99th percentile and largest step over the median:
        a pop would stand out. Flicker: change of the fine detail that the motion of the blurred picture does not explain, 0
        where detail moves with the forms, 1 where it boils. Shiver: second over first difference of the detail in time, 1.7
        for noise."""
    return [prose(asks), table(["", "step", "99 % / median", "largest / median", "flicker", "shiver", "stride"], rows)]


def _speed(m: dict) -> list[str]:
    rows = []
    for label, s in m["speed"].items():
        times = [f"{s[key]['median']:.1f}" for key in ("generator 1", "generator 2", "encoder 1")]
        rows.append([label, *times, *(f"{s['bytes'][part] / 1e6:.2f}" for part in ("encoder", "generator"))])
    asks = f"""**How fast, how large?** Medians of {m["sizes"]["runs"]} runs of ONNX Runtime on the CPU named above, threads
        waiting without spinning."""
    head = ["", "ms a picture, 1 thread", "2 threads", "ms an encoder update, 1 thread", "encoder, MB", "generator, MB"]
    return [prose(asks), table(head, rows)]
