"""Figures into Markdown: each section says what it asks, what was found, and how it was measured."""

from . import report_generator
from .markdown import percent, prose, section, table, with_deviation
from .retrieval import RANKS

SECTIONS = ("Asked and found", "Retrieval", "Genres and tracks", "Steadiness", "Generator", "Controls", "Sheets")


def write(m: dict) -> str:
    """The whole report of the figures that `__main__` gathers."""
    writers = (_summary, _retrieval, _understanding, _steadiness, report_generator.write, _controls, _sheets)
    return "\n\n".join([_head(m), *(section(title, *writer(m)) for title, writer in zip(SECTIONS, writers))]) + "\n"


def _head(m: dict) -> str:
    quick = " **This is a quick run: too few samples for a judgement.**" if m["quick"] else ""
    about = f"""Music: {m["tracks"]} held-out tracks, split off before any training, and {m["grooves"]} genre-labelled
        grooves, some of them held out too. Art: {m["art_is"]}. Seed {m["seed"]}: the same files give the same figures,
        times aside. Machine: {m["machine"]}. Raw figures: `{m["raw"]}`."""
    return f"# {m['title']}: evaluation\n\nWritten by `{m['command']}`.{quick}\n\n{prose(about)}"


def targets(m: dict) -> list[tuple[str, str, bool]]:
    """What a default pack has to reach: (asked, found, whether it does)."""
    label = m["labels"][0]
    speed, pack = m["speed"][label], m["generator"][label]
    rows = []
    if m["retrieval"][label]:
        size, found = m["retrieval"][label]["size"], m["retrieval"][label]["there"]["R@1"]["mean"]
        rows.append((f"picture from sound, R@1 of {size} at least 0.25", f"{found:.3f}", found >= 0.25))
    encoder_ms, encoder_mb = speed["encoder 1"]["median"], speed["bytes"]["encoder"] / 1e6
    rows.append(("encoder at most 15 ms on one thread", f"{encoder_ms:.1f} ms", encoder_ms <= 15))
    rows.append(("encoder at most 6 MB", f"{encoder_mb:.2f} MB", encoder_mb <= 6))
    rate, generator_mb = 1000 / speed["generator 2"]["median"], speed["bytes"]["generator"] / 1e6
    rows.append(("at least 60 pictures/s on two threads", f"{rate:.0f}/s", rate >= 60))
    rows.append(("generator at most 8 MB", f"{generator_mb:.2f} MB", generator_mb <= 8))
    ratio = pack["conditioning"]["features"]["ratio"]
    rows.append(("the embedding moves pictures more than the noise", f"{ratio:.2f} times", ratio > 1))
    if m["decoder_only"]:
        plain = m["generator"][m["decoder_only"]]
        for name, words in (("kid", "KID"), ("witness", "KID on plain statistics")):
            ours, theirs = pack[name]["mean"], plain[name]["mean"]
            rows.append((f"{words} below decoder-only's", f"{ours:.4f} against {theirs:.4f}", ours < theirs))
        for name in ("precision", "recall"):
            found = f"{pack[name]:.3f} against {plain[name]:.3f}"
            rows.append((f"{name} above decoder-only's", found, pack[name] > plain[name]))
    return rows


def _summary(m: dict) -> list[str]:
    rows = [[asked, found, "yes" if met else "**no**"] for asked, found, met in targets(m)]
    return [table(["asked", "found", "met"], rows)]


def _retrieval(m: dict) -> list[str]:
    rows, first = [], next((found for found in m["retrieval"].values() if found), None)
    if first is None:
        return ["Not measured: no encoder here gives embeddings of the picture tower's length."]
    for label, found in m["retrieval"].items():
        for way, words in (("there", "sound to picture"), ("back", "picture to sound")):
            cells = [with_deviation(found[way][f"R@{k}"]) for k in RANKS] if found else ["other space"] * len(RANKS)
            rows.append([label, words, *cells])
    rows.append(["chance", "either", *(f"{first['chance'][f'R@{k}']:.3f}" for k in RANKS)])
    asks = f"""Does three seconds of music find the picture that was painted for it? The encoder's embedding is compared by
        cosine with the picture tower's embeddings of {first["size"]} pictures; R@k is the share of windows whose own
        picture is among the first k."""
    shares = "".join(f" {one} has the encoder of {other}." for one, other in m["shares"].items())
    how = f"""Mean ± deviation over {first["draws"]} draws of {first["size"]} pairs among {m["pairs"]} of held-out tracks
        and grooves, one window a picture. Several windows of a draw may be of one track and look alike. An encoder that was
        not trained with this picture tower (the starter pack's, say) is expected at chance.{shares}"""
    return [prose(asks), table(["encoder", "asks", *(f"R@{k}" for k in RANKS)], rows), prose(how)]


def _understanding(m: dict) -> list[str]:
    genres, tracks = m["genres"], m["same_track"]
    rows = []
    for label, same in tracks["table"].items():
        genre = genres["table"][label] if genres else None
        cells = [f"{genre[key]:.3f}" for key in ("windows", "grooves", "every groove")] if genre else ["not measured"] * 3
        rows.append([label, *cells, f"{same:.3f}"])
    rows.append(["chance", *([f"{genres['chance']:.3f}"] * 3 if genres else ["-"] * 3), f"{tracks['chance']:.3f}"])
    asks = """Do windows that sound alike lie together? Genre by the vote of the five nearest neighbours, and whether the
        nearest other window is of the same track; beside what an encoder must beat."""
    how = "Genres were not measured: the music cache has no grooves on both sides of the split."
    if genres:
        how = f"""{genres["genres"]} genres, {genres["grooves"]} grooves. {genres["windows asked"]} windows of
            {genres["grooves asked"]} held-out grooves ask; every other groove may answer, never the same one. One held-out
            groove is worth {percent(1 / genres["grooves asked"])}, so the last column asks about every groove, leaving each
            out in turn; but the encoder's training heard most of those."""
    how += f""" Same track: {tracks["windows"]} windows spread over {tracks["tracks"]} held-out tracks. Encoders are
        compared by cosine as they are; plain features (means and deviations of 96 log-mel bands, the starter pack's 33
        descriptors, the last hidden layer of the musicnn tagger) after standardisation."""
    head = ["", "genre, held-out windows", "genre, held-out grooves", "genre, every groove", "same track R@1"]
    return [prose(asks), table(head, rows), prose(how)]


def _steadiness(m: dict) -> list[str]:
    found = m["steadiness"]
    first = next(iter(found.values()))
    rows = [["random pair, cosine distance", *(f"{f['random pair']:.3f}" for f in found.values())]]
    rows.append(["0.1 s later", *(percent(f["step share"]) for f in found.values())])
    for channel in first["channels"]:
        rows.append([channel, *(percent(f["channels"][channel]["share"]) for f in found.values())])
    level = []
    for i in range(min(len(f["level"]) for f in found.values())):
        cells = [f["level"][i] for f in found.values()]
        level.append([f"component {i + 1}", *(f"{c['correlation']:+.2f} ({percent(c['share'])} of variance)" for c in cells)])
    asks = """Small steps in time must move the embedding little, and the same music louder, coarser or through other
        loudspeakers must stay where it is. Mean cosine distance as a share of that of random pairs of windows of different
        tracks:"""
    how = f"""{first["windows"]} windows of held-out tracks. MP3 is a real file of LAME's at 44.1 kHz, made from the mono
        sound at 16 kHz; in stereo both sides are alike, so that one channel gets nearly all of the 96 kbit/s, and the mono
        row is the harder one. Shelves are of second order."""
    does = """Does loudness dominate? Correlation of the embedding's first principal components with the window's level in
        dB. Loud music is other music, so some is natural; the gains above are the same music."""
    return [prose(asks), table(["", *found], rows), prose(how), prose(does), table(["", *found], level)]


def _controls(m: dict) -> list[str]:
    if not m["controls"]:
        return ["This encoder has no controls."]
    rows = []
    for row in m["controls"]:
        target = "-" if row["target"] is None else f"{row['target']:+.2f}"
        spread = f"{row['10 %']:.2f} to {row['90 %']:.2f}"
        rows.append([row["name"], f"{row['mean']:.2f}", spread, target, f"{row['descriptor']} {row['follows']:+.2f}"])
    asks = f"""Does each control say what its name promises? Mean and range on {m["pairs"]} held-out windows; Spearman's
        rank correlation with what `models/training/synaesthesia.py` means by that name (from some seconds around the
        window), and with the starter pack's descriptor that it follows most."""
    return [prose(asks), table(["control", "mean", "10 % to 90 %", "meaning", "follows"], rows)]


CAPTIONS = {
    "moments": "Rows: held-out tracks. Columns: moments from begin to end. One z for all: differences come from the music.",
    "walk": "A walk through one track, livelier than the engine's, a picture every fifth of a second.",
    "neighbours": "Rows: embeddings. Columns: z turned away from the first by the angle above.",
    "near_and_far": "Of the pictures compared with the art: those nearest to some art, and those farthest from any.",
    "found_and_missed": "Windows whose picture was found most clearly, and those missed most, in one draw of the retrieval.",
    "side_by_side": "The same moments of three held-out tracks by each pack.",
}


def _sheets(m: dict) -> list[str]:
    shown = [f"{CAPTIONS[name]}\n\n![{name.replace('_', ' ')}]({file})" for name, file in m["sheets"].items()]
    return ["None is chosen by eye: tracks, moments and noise are drawn by the seed.", *shown]
