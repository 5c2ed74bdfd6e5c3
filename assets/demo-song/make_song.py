#!/usr/bin/env python3
"""Makes the demo song: score, mix and truth. Needs numpy, scipy and ffmpeg, and gives the same samples every time.

    python3 make_song.py            # writes song.ogg and truth.json beside this file
    python3 make_song.py --wav F    # also keeps the uncompressed mix
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from scipy.io import wavfile

import effects as fx
import instruments as play
from instruments import RATE

TEMPO_BPM = 124.0
BEAT_S = 60 / TEMPO_BPM
BAR_S = 4 * BEAT_S
SWING_S = 0.07 * BEAT_S / 2  # every second sixteenth comes this much late

# Bars, 4/4. The last section is one hit that rings out.
PAD, BEAT, FULL, BREAK, END = 0, 4, 8, 16, 19
RING_OUT_S = 4.6
SILENCE_S = 2.0
DURATION_S = END * BAR_S + RING_OUT_S + SILENCE_S
FRAMES = int(round(DURATION_S * RATE))

# Root of the bass, and the notes of the pad from low to high: Am9, Fmaj9, Cmaj9, G6/9.
CHORDS = [
    (33, (57, 64, 67, 71, 72)),
    (29, (53, 60, 64, 67, 69)),
    (36, (55, 60, 64, 67, 71)),
    (31, (55, 59, 62, 64, 69)),
]
BREAK_CHORDS = [CHORDS[1], CHORDS[3], (28, (52, 59, 62, 64, 69))]  # Fmaj9, G6/9, E7sus4: and home

# One bar a line: (sixteenth, note, length in sixteenths).
MELODY = [
    [(0, 76, 6), (6, 79, 2), (8, 76, 4), (12, 74, 2), (14, 72, 2)],
    [(0, 72, 6), (6, 74, 2), (8, 72, 4), (12, 69, 4)],
    [(0, 76, 6), (6, 79, 2), (8, 83, 4), (12, 81, 2), (14, 79, 2)],
    [(0, 74, 8), (10, 71, 2), (12, 72, 2), (14, 74, 2)],
    [(0, 76, 6), (6, 79, 2), (8, 76, 4), (12, 74, 2), (14, 72, 2)],
    [(0, 72, 6), (6, 76, 2), (8, 81, 4), (12, 79, 2), (14, 76, 2)],
    [(0, 79, 6), (6, 81, 2), (8, 83, 4), (12, 84, 4)],
    [(0, 83, 6), (6, 81, 2), (8, 79, 4), (12, 74, 2), (14, 71, 2)],
]
# The bells of the quiet beginning remember the melody before it is there: (bar, sixteenth, note, velocity).
BELLS = [(1, 0, 76, 0.5), (1, 6, 79, 0.35), (2, 0, 83, 0.5), (2, 8, 79, 0.35), (3, 0, 74, 0.5), (3, 8, 71, 0.3)]
ARPEGGIO = (0, 2, 4, 1, 3, 2, 4, 3)  # which note of the chord, sixteenth by sixteenth
BASS_LINE = [(0, 2, 0, 0.9), (3, 2, 0, 0.7), (6, 2, 12, 0.6), (8, 2, 0, 0.9), (11, 2, 0, 0.7), (14, 2, 7, 0.75)]

# Set so that the full arrangement sits around -14 LUFS, with the pad 9 dB below it.
GAIN = {"pad": 0.20, "bell": 0.22, "arp": 0.12, "lead": 0.125, "bass": 0.30, "kick": 0.30, "snare": 0.29, "hats": 0.25,
        "air": 0.045, "hall": 0.68}

onsets = {"kick": [], "snare": [], "hat": [], "notes": []}
rng = np.random.default_rng(2026)


def when(bar, sixteenth):
    """Time of a sixteenth, swung."""
    return bar * BAR_S + sixteenth * BEAT_S / 4 + (SWING_S if sixteenth % 2 else 0.0)


def track():
    return np.zeros((FRAMES, 2))


def put(onto, sound, time_s, pan=0.0, gain=1.0, kind=None):
    """Adds a sound to a track; `kind` notes its onset for truth.json."""
    if sound.ndim == 1:
        angle = np.pi / 4 * (1 + pan)
        sound = sound[:, None] * [np.cos(angle) * np.sqrt(2), np.sin(angle) * np.sqrt(2)]
    start = int(round(time_s * RATE))
    part = onto[start : start + len(sound)]
    part += gain * sound[: len(part)]
    if kind:
        onsets[kind].append(start / RATE)


def chord_of(bar):
    return BREAK_CHORDS[bar - BREAK] if BREAK <= bar < END else CHORDS[bar % 4]


def curve(*points):
    """Straight lines between (bar, value) points, one value a frame."""
    bars, values = zip(*points)
    return np.interp(np.arange(FRAMES) / RATE / BAR_S, bars, values)


def pads():
    pad = track()
    for bar in range(END):
        for voice, note in enumerate(chord_of(bar)[1]):
            put(pad, play.supersaw(note, BAR_S, seed=100 * bar + voice), bar * BAR_S)
    for voice, note in enumerate((45, 57, 64, 67, 71, 76)):
        put(pad, play.supersaw(note, 0.9, seed=9000 + voice, attack_s=0.02, release_s=3.2), END * BAR_S, gain=1.6)
    cutoff_hz = np.exp(curve(
        (0, np.log(380)), (3.5, np.log(1_500)), (4, np.log(800)), (7.8, np.log(2_400)), (8, np.log(3_600)),
        (15.9, np.log(4_200)), (16, np.log(700)), (18.9, np.log(5_500)), (19, np.log(6_000)), (20.5, np.log(500)),
    ))
    level = curve((0, 0.0), (0.7, 0.55), (3.9, 0.8), (4, 0.85), (8, 1.0), (16, 1.0), (16.05, 0.7), (18.9, 0.85), (19, 1.1))
    return fx.widen(play.high_pass(fx.moving_low_pass(pad, cutoff_hz, resonance=0.35), 110), 1.5) * level[:, None]


def bells():
    bell = track()
    for bar, sixteenth, note, velocity in BELLS:
        put(bell, play.bell(note, velocity), when(bar, sixteenth), pan=0.25, kind="notes")
    for bar in range(BREAK, END):
        for sixteenth, note, _ in MELODY[(0, 2, 4)[bar - BREAK]][:3]:
            put(bell, play.bell(note, 0.4), when(bar, sixteenth), pan=-0.2, kind="notes")
    for note, pan in ((69, -0.3), (76, 0.3), (83, -0.1), (88, 0.15)):
        put(bell, play.bell(note, 0.4, length_s=4.0), END * BAR_S, pan=pan)
    return bell


def arpeggio():
    arp = track()
    for bar in range(BEAT, END):
        notes = chord_of(bar)[1]
        bright = np.interp(bar, (BEAT, FULL - 1, FULL, BREAK - 1, BREAK, END), (0.15, 0.55, 0.7, 0.8, 0.25, 0.95))
        for sixteenth in range(16):
            if bar < 6 and sixteenth % 4 == 3:
                continue  # the first bars breathe
            note = notes[ARPEGGIO[(sixteenth + 3 * (bar % 2)) % 8]] + (12 if sixteenth % 8 in (4, 5) else 0)
            velocity = (1.0, 0.62, 0.8, 0.68)[sixteenth % 4] * rng.uniform(0.93, 1.0)
            put(arp, play.pluck(note + 12, velocity, bright), when(bar, sixteenth),
                pan=0.55 * np.sin(2 * np.pi * (bar * 16 + sixteenth) / 12), kind="notes")
    level = curve((4, 0.75), (7.9, 1.0), (8, 0.85), (15.9, 0.85), (16, 0.55), (19, 1.1))
    return arp * level[:, None]


def leads():
    tune = track()
    for bar, line in enumerate(MELODY, FULL):
        for sixteenth, note, length in line:
            length_s = 0.92 * length * BEAT_S / 4
            put(tune, play.lead(note, 0.85 if sixteenth else 1.0, length_s), when(bar, sixteenth), kind="notes")
            if bar >= FULL + 4:  # the answer has a second voice below
                below = max((n for n in chord_of(bar)[1] if n + 12 < note), default=note - 24) + 12
                put(tune, play.lead(below, 0.5, length_s), when(bar, sixteenth), gain=0.6)
    return tune


def basses():
    low = track()
    for bar in range(BEAT, FULL):
        put(low, play.bass(chord_of(bar)[0], 0.8, BAR_S * 0.94, growl=0.25), bar * BAR_S, kind="notes")
    for bar in range(FULL, BREAK):
        for sixteenth, length, step, velocity in BASS_LINE:
            root = chord_of(bar)[0]
            put(low, play.bass(root + step, velocity, length * BEAT_S / 4), when(bar, sixteenth), kind="notes")
    boom = play.bass(33, 1.0, 3.4, growl=0.5)
    put(low, 1.7 * boom * np.exp(-play.seconds(len(boom) / RATE) / 0.9), END * BAR_S)
    return low


def drums():
    kicks, snares, tops = track(), track(), track()
    for bar in range(BEAT, BREAK):
        full = bar >= FULL
        fill = bar in (FULL - 1, BREAK - 1)
        for beat in range(4):
            if not (bar == BREAK - 1 and beat == 3):
                put(kicks, play.kick(), when(bar, 4 * beat), kind="kick")
        if bar >= BEAT + 2:
            for sixteenth in (4, 12):
                put(snares, play.snare(0.95, seed=40 + sixteenth), when(bar, sixteenth), kind="snare")
        if full and bar % 2:
            put(snares, play.snare(0.28, seed=60 + bar), when(bar, 7), kind="snare")
        if fill:
            for sixteenth, velocity in ((10, 0.45), (13, 0.5), (14, 0.65), (15, 0.8)):
                put(snares, play.snare(velocity, seed=70 + sixteenth), when(bar, sixteenth), kind="snare")
        for sixteenth in range(16):
            off_beat = sixteenth % 4 == 2
            if not off_beat and bar < BEAT + 2:
                continue
            velocity = (0.55, 0.34, 0.9, 0.42)[sixteenth % 4] * rng.uniform(0.88, 1.0)
            open_s = 0.11 if off_beat and full else 0.0
            put(tops, play.hat(velocity, open_s, seed=int(rng.integers(1 << 30))), when(bar, sixteenth),
                pan=0.18 if off_beat else -0.22, kind="hat")
    roll = [(s, 0.16 + 0.05 * s) for s in range(0, 8, 2)] + [(s, 0.12 + 0.045 * s) for s in range(8, 16)]
    for sixteenth, velocity in roll:
        put(snares, play.snare(velocity, seed=80 + sixteenth), when(END - 1, sixteenth), kind="snare", gain=0.8)
    put(kicks, play.kick(1.3), END * BAR_S, kind="kick")
    put(tops, play.crash(0.8), FULL * BAR_S)
    put(tops, play.crash(0.5), BREAK * BAR_S)
    put(tops, play.crash(1.0, length_s=4.0), END * BAR_S)
    return kicks, snares, tops


def risers():
    """Noise that opens into the full arrangement and into the last hit."""
    air = np.random.default_rng(77).standard_normal((FRAMES, 2))
    level = curve((6.5, 0), (7.97, 1), (8, 0), (17, 0), (18.97, 1.3), (19, 0)) ** 2
    cutoff_hz = np.exp(curve((6.5, np.log(300)), (8, np.log(9_000)), (17, np.log(300)), (19, np.log(11_000))))
    return fx.moving_low_pass(play.high_pass(air, 250), cutoff_hz, resonance=1.2) * level[:, None]


def mix():
    kicks, snares, tops = drums()
    duck = fx.ducking(onsets["kick"], FRAMES)
    half_duck = 1 - 0.5 * (1 - duck)
    pad, bell, arp, tune = pads() * duck, bells(), arpeggio() * half_duck, leads() * half_duck
    arp_echo = fx.ping_pong(arp, 0.75 * BEAT_S, feedback=0.5)
    tune_echo = fx.ping_pong(tune, 0.75 * BEAT_S, feedback=0.42, cutoff_hz=3_500)

    hall = fx.hall(decay_s=2.8)
    room = fx.hall(decay_s=0.7, pre_delay_s=0.006, seed=12)
    send = 0.40 * GAIN["pad"] * pad + 0.55 * GAIN["bell"] * bell + 0.30 * GAIN["arp"] * (arp + arp_echo)
    send = send + 0.30 * GAIN["lead"] * (tune + tune_echo) + 0.12 * GAIN["snare"] * snares + 0.18 * GAIN["air"] * risers()
    stems = {
        "pad": pad,
        "bell": bell + 0.5 * fx.ping_pong(bell, 0.75 * BEAT_S),
        "arp": arp + 0.55 * arp_echo,
        "lead": tune + 0.4 * tune_echo,
        "bass": basses() * (1 - 0.9 * (1 - duck)),
        "kick": kicks,
        "snare": snares + 0.22 * fx.reverb(snares, room),
        "hats": tops,
        "air": risers() * half_duck,
        "hall": play.high_pass(fx.reverb(send, hall), 160) * half_duck,
    }
    for name, stem in stems.items():
        stem *= GAIN[name]
        print(f"{name:6} rms {20 * np.log10(np.sqrt((stem**2).mean()) + 1e-9):6.1f} dB  peak {np.abs(stem).max():.2f}")
    sound = play.high_pass(sum(stems.values()), 28)
    sound += 0.4 * play.high_pass(sound, 6_500, order=1)  # a little air on top
    sound = fx.glue(sound)
    ring_out = np.clip((END * BAR_S + RING_OUT_S - np.arange(FRAMES) / RATE) / 2.5, 0, 1) ** 2
    return fx.master(sound, gain_db=0.0, ceiling_db=-2.2) * ring_out[:, None]


def truth():
    names = ("pad", "beat", "full", "break", "end")
    edges = [bar * BAR_S for bar in (PAD, BEAT, FULL, BREAK, END)] + [END * BAR_S + RING_OUT_S]
    sections = [{"name": n, "start_s": round(a, 4), "end_s": round(b, 4)} for n, a, b in zip(names, edges, edges[1:])]
    sections.append({"name": "silence", "start_s": round(edges[-1], 4), "end_s": round(DURATION_S, 4)})
    return {
        "sample_rate_hz": RATE,
        "duration_s": FRAMES / RATE,
        "tempo_bpm": TEMPO_BPM,
        "beats_per_bar": 4,
        "sections": sections,
        "beats": [round(beat * BEAT_S, 4) for beat in range(4 * BEAT, 4 * BREAK)],
        "onsets": {kind: sorted({round(time_s, 4) for time_s in times}) for kind, times in onsets.items()},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wav", type=Path, help="keep the uncompressed mix here")
    wav = parser.parse_args().wav
    here = Path(__file__).resolve().parent
    with tempfile.TemporaryDirectory() as folder:
        wav = wav or Path(folder) / "song.wav"
        wavfile.write(wav, RATE, mix().astype(np.float32))
        command = ["ffmpeg", "-v", "error", "-y", "-i", wav, "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
        tags = ["-metadata", "title=Klangbild demo", "-metadata", "artist=The Klangbild authors", "-metadata", "license=CC0-1.0"]
        subprocess.run([*command, *tags, "-c:a", "libvorbis", "-q:a", "5", here / "song.ogg"], check=True)
    lines = (f" {json.dumps(key)}: {json.dumps(value)}" for key, value in truth().items())
    (here / "truth.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
