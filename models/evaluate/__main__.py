"""Measures a pack and writes REPORT.md, sheets and metrics.json beside it.

    python -m models.evaluate models/default --compare models/starter --compare models/music2image
"""

import argparse
import json
import shlex
import sys
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from . import data, gallery, report, speed
from .measure import QUICK, Measurer, Sizes
from .packs import Pack
from .tower import Tower

TOWER = Path("models/default/picture_tower.onnx")
SHEETS = "report"


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.evaluate", description="Measure a pack; write a report beside it.")
    parser.add_argument("pack", type=Path, help="folder of the pack")
    parser.add_argument("-o", "--output", type=Path, help="folder to write into (default: the pack's own)")
    parser.add_argument("--compare", type=Path, action="append", default=[], metavar="PACK", help="another pack to measure")
    parser.add_argument("--decoder-only", type=Path, metavar="ONNX", help="the same generator without its residual")
    parser.add_argument("--tower", type=Path, default=TOWER, help="picture tower (default: %(default)s)")
    parser.add_argument("--music", type=Path, default=data.MUSIC, help="made by models.training.music (default: %(default)s)")
    parser.add_argument("--pairs", type=Path, default=data.PAIRS, help="made by models.training.pairs (default: %(default)s)")
    parser.add_argument("--cache", type=Path, default=data.CACHE, help="keeps more held-out art (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of every draw (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="a small run, to see that everything works")
    return parser.parse_args(argv)


def gather(packs: list[Pack], decoder_only: str | None, measurer: Measurer, folder: Path) -> dict:
    """All figures of all packs, and the sheets, written into `folder`."""
    first = packs[0]
    owner: dict[str, str] = {}  # packs may share an encoder: it is measured once
    for pack in packs:
        owner.setdefault(pack.encoder.key, pack.label)
    encoders = {pack.label: pack for pack in packs if owner[pack.encoder.key] == pack.label}
    graphs = {label: pack.encoder for label, pack in encoders.items()}
    steps = tqdm(total=4 + len(encoders) + 3 * len(packs), desc="measures")

    def done(value):
        steps.update()
        return value

    m: dict = {"labels": [pack.label for pack in packs], "title": first.manifest["title"], "decoder_only": decoder_only}
    m["shares"] = {pack.label: owner[pack.encoder.key] for pack in packs if pack.label not in encoders}
    m["speed"] = {pack.label: done(measurer.speed(pack)) for pack in packs}
    m["retrieval"] = {label: measurer.retrieval(pack) for label, pack in encoders.items()}
    m["genres"], m["same_track"] = done(measurer.genres(graphs)), done(measurer.tracks(graphs))
    m["steadiness"] = {label: done(measurer.steadiness(pack)) for label, pack in encoders.items()}
    m["art"] = done(measurer.art_against_itself())
    painted = {pack.label: done(measurer.generator(pack)) for pack in packs}
    m["generator"] = {label: figures for label, (figures, _) in painted.items()}
    m["walk"] = {pack.label: done(measurer.walk(pack)) for pack in packs}
    m["controls"] = measurer.controls(first)
    features, stride = painted[first.label][1], m["walk"][first.label]["stride"]
    m["sheets"] = done(gallery.write(packs, measurer, features, stride, folder))
    steps.close()
    return m


def main(argv: list[str] | None = None) -> None:
    options = arguments(argv)
    output = options.output or options.pack
    output.mkdir(parents=True, exist_ok=True)
    sizes = QUICK if options.quick else Sizes()
    machine = speed.machine()

    packs, decoder_only = [Pack.open(options.pack)], None
    if options.decoder_only:
        decoder_only = f"{packs[0].label}, decoder only"
        packs.append(Pack.open(options.pack, decoder_only, options.decoder_only))
    packs += [Pack.open(folder) for folder in options.compare]
    labels = [pack.label for pack in packs]
    if len(set(labels)) < len(labels):
        raise SystemExit(f"two packs are called alike: {', '.join(labels)}; change `name` in one pack.toml")

    tower = Tower(options.tower)
    material = data.load(options.music, options.pairs, options.cache, sizes.pictures)
    measurer = Measurer(material, tower, sizes, options.seed)
    m = gather(packs, decoder_only, measurer, output / SHEETS)
    m["sheets"] = {name: f"{SHEETS}/{file}" for name, file in m["sheets"].items()}
    m |= {"seed": options.seed, "machine": machine, "quick": options.quick, "sizes": asdict(sizes), "art_is": material.art_is}
    m |= {"tracks": len(material.tracks), "grooves": len(material.grooves), "pairs": len(material.windows)}
    m |= {"half": len(measurer.halves[0]), "raw": f"{SHEETS}/metrics.json"}
    m["command"] = "python -m models.evaluate " + shlex.join(sys.argv[1:] if argv is None else argv)
    (output / m["raw"]).write_text(json.dumps(m, indent=1) + "\n")
    (output / "REPORT.md").write_text(report.write(m))
    for asked, found, met in report.targets(m):
        print(f"{'yes' if met else 'NO ':4} {asked}: {found}")
    print(f"{output / 'REPORT.md'}: written, with {len(m['sheets'])} sheets")


if __name__ == "__main__":
    main()
