"""Whether scenes can be told from each other by their frames alone, and songs within a scene.

    python -m models.evaluate.variety --klangbild KLANGBILD -o docs/variety.md SONG SONG ...

Each built-in scene plays each song. A linear classifier (multinomial logistic regression) learns from the frames of every
song's first half and names the scene, or within one scene the song, of the frames of its second half. What it sees of a frame
are 137 numbers: how light, colours and edges are spread, how coarse and how symmetric they are; no network looks.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from .markdown import percent, prose, table

# Frames: small, few, and from a stage that runs at a live rate.
SIZE, FPS, EVERY = "320x180", 15, 5
# A frame is looked at in this width and height.
SEEN_PX = (160, 90)
ORIENTATIONS, OCTAVES = 8, 3
# Of frames nearer than this to the middle of a song none is asked: they look like the last that was learned from.
GAP_S = 1.0
# Weight decay of the classifier, on standardised features.
DECAY = 3e-3
# linear Rec. 709 to the cones of OKLab, and from their cube roots to L, a, b (Ottosson, 2020)
TO_CONES = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]])
TO_LAB = np.array([[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]])


def oklab(picture: np.ndarray) -> np.ndarray:
    """sRGB bytes [H, W, 3] to L, a, b."""
    coded = picture / 255.0
    light = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    return np.cbrt(light @ TO_CONES.T) @ TO_LAB.T


def halved(plane: np.ndarray) -> np.ndarray:
    height, width = (side // 2 * 2 for side in plane.shape)
    return plane[:height, :width].reshape(height // 2, 2, width // 2, 2).mean((1, 3))


def describe(picture: Image.Image) -> np.ndarray:
    """A frame in 137 numbers."""
    lab = oklab(np.asarray(picture.convert("RGB").resize(SEEN_PX, Image.Resampling.BOX), np.float64))
    light, a, b = lab.transpose(2, 0, 1)
    chroma, hue = np.hypot(a, b), np.arctan2(b, a)
    found = [
        np.histogram(light, 8, (0, 1))[0] / light.size,
        np.histogram(chroma, 6, (0, 0.3))[0] / light.size,
        np.histogram(hue, 12, (-np.pi, np.pi), weights=chroma)[0] / light.size * 10,
    ]
    plane = light
    for _ in range(OCTAVES):
        down, across = np.gradient(plane)
        steep = np.hypot(down, across)
        spread, _ = np.histogram(np.arctan2(down, across) % np.pi, ORIENTATIONS, (0, np.pi), weights=steep)
        found += [np.log(spread / plane.size + 1e-4), [np.log(steep.mean() + 1e-4)]]
        plane = halved(plane)
    cells = light.reshape(5, 18, 8, 20)
    found += [cells.mean((1, 3)).ravel(), cells.std((1, 3)).ravel()]
    away = light - light.mean()
    mirrored = [(away * turned).mean() / (away.var() + 1e-4) for turned in (away[:, ::-1], away[::-1], away[::-1, ::-1])]
    return np.concatenate([*found, mirrored, [light.std()]])


def learn(features: np.ndarray, labels: np.ndarray, classes: int) -> torch.nn.Linear:
    """The classifier of standardised features [N, D] and labels [N]."""
    x, y = torch.from_numpy(features).float(), torch.from_numpy(labels)
    linear = torch.nn.Linear(x.shape[1], classes)
    torch.nn.init.zeros_(linear.weight)
    torch.nn.init.zeros_(linear.bias)
    descent = torch.optim.LBFGS(linear.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        descent.zero_grad()
        value = functional.cross_entropy(linear(x), y) + DECAY * linear.weight.square().sum() / classes
        value.backward()
        return value

    descent.step(loss)
    return linear


def named_right(features: np.ndarray, labels: np.ndarray, later: np.ndarray) -> tuple[float, np.ndarray]:
    """Share of the later frames whose label is named, and how often each label was taken for each [classes, classes]."""
    classes = int(labels.max()) + 1
    first = features[~later]
    standard = (features - first.mean(0)) / (first.std(0) + 1e-3)
    linear = learn(standard[~later], labels[~later], classes)
    with torch.no_grad():
        said = linear(torch.from_numpy(standard[later]).float()).argmax(1).numpy()
    taken = np.zeros((classes, classes), int)
    np.add.at(taken, (labels[later], said), 1)
    return float((said == labels[later]).mean()), taken


def frames(klangbild: str, scene: str, song: Path) -> list[np.ndarray]:
    """The described frames of a song in a scene, in order."""
    with tempfile.TemporaryDirectory() as folder:
        command = [klangbild, "render", str(song), "-o", folder, "--force", "--size", SIZE, "--fps", str(FPS), "--scene", scene]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.stderr.strip()}")
        return [describe(Image.open(path)) for path in sorted(Path(folder).glob("*.png"))[::EVERY]]


def measure(played: dict[tuple[str, str], list[np.ndarray]]) -> dict:
    """From described frames by scene and song: how many are named right, and what is mistaken for what."""
    scenes, songs = (sorted({key[n] for key in played}) for n in (0, 1))
    rows = []
    for (scene, song), seen in played.items():
        middle, gap = len(seen) / 2, GAP_S * FPS / EVERY
        rows += [(scenes.index(scene), songs.index(song), n >= middle, one) for n, one in enumerate(seen) if n < middle or n > middle + gap]
    of_scene, of_song, later = (np.array([row[n] for row in rows]) for n in range(3))
    features = np.stack([row[3] for row in rows])
    share, taken = named_right(features, of_scene, later)
    confused = [(taken[i, j] / taken[i].sum(), scenes[i], scenes[j]) for i in range(len(scenes)) for j in range(len(scenes)) if i != j]
    by_scene = {
        scene: {
            "named": float(taken[n, n] / taken[n].sum()),
            "songs": named_right(features[of_scene == n], of_song[of_scene == n], later[of_scene == n])[0],
        }
        for n, scene in enumerate(scenes)
    }
    mistaken = [{"share": float(s), "scene": a, "for": b} for s, a, b in sorted(confused, reverse=True)[:8] if s > 0]
    return {"songs": len(songs), "frames": len(rows), "scenes_named": share, "by_scene": by_scene, "mistaken": mistaken}


def page(found: dict) -> str:
    """What `measure` found, as Markdown."""
    by_scene = found["by_scene"]
    songs = np.array([row["songs"] for row in by_scene.values()])
    return "\n\n".join(
        [
            "# Variety",
            prose(
                f"Made by `python -m models.evaluate.variety`: {len(by_scene)} scenes play {found['songs']} songs; a linear classifier learns "
                "from the frames of each song's first half and names those of its second. Of all frames it names the scene "
                f"of {percent(found['scenes_named'])} (chance {percent(1 / len(by_scene))}), and within a scene the song of "
                f"{percent(float(songs.mean()))} in the mean (chance {percent(1 / found['songs'])})."
            ),
            table(
                ["scene", "told from other scenes", "songs told apart"],
                [[name, percent(row["named"]), percent(row["songs"])] for name, row in by_scene.items()],
            ),
            "Mistaken most often: "
            + ("; ".join(f"{row['scene']} for {row['for']} ({percent(row['share'])})" for row in found["mistaken"]) or "nothing")
            + ".",
        ]
    ) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.evaluate.variety", description=__doc__.split("\n\n")[0])
    parser.add_argument("songs", nargs="+", type=Path)
    parser.add_argument("--klangbild", default="klangbild", help="the program")
    parser.add_argument("--scenes", help="only these, as a,b,c")
    parser.add_argument("--keep", type=Path, help="a file for the described frames: what stands in it is not played again")
    parser.add_argument("-o", "--output", type=Path, required=True, help="a Markdown file; a .json of the same name goes beside it")
    a = parser.parse_args()
    listed = json.loads(subprocess.run([a.klangbild, "scene", "list", "--json"], capture_output=True, check=True).stdout)
    scenes = a.scenes.split(",") if a.scenes else [one["scene"] for one in listed if not one.get("path")]
    played = {}
    if a.keep and a.keep.is_file():
        with np.load(a.keep) as kept:
            played = {tuple(name.split("/")): list(kept[name]) for name in kept.files}
    for scene in scenes:
        for song in a.songs:
            if (scene, song.stem) not in played:
                print(scene, song.stem, flush=True)
                played[scene, song.stem] = frames(a.klangbild, scene, song)
        if a.keep:
            with open(a.keep, "wb") as file:
                np.savez(file, **{"/".join(key): np.stack(seen) for key, seen in played.items()})
    found = measure({key: seen for key, seen in played.items() if key[0] in scenes})
    a.output.with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n")
    a.output.write_text(page(found))
    print(f"{a.output}: scenes {percent(found['scenes_named'])}")


if __name__ == "__main__":
    main()
