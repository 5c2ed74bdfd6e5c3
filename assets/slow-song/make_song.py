#!/usr/bin/env python3
"""Makes the slow song: its own instruments, score and mix. Needs numpy, scipy and ffmpeg, and gives the same samples every time.

    python3 make_song.py            # writes song.ogg beside this file
    python3 make_song.py --wav F    # also keeps the uncompressed mix
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.io import wavfile

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "demo-song"))

import effects as fx  # noqa: E402
import instruments as play  # noqa: E402
from instruments import RATE  # noqa: E402

TEMPO_BPM = 76.0
BEAT_S = 60 / TEMPO_BPM
BAR_S = 3 * BEAT_S

# Bars, 3/4, F sharp minor. The bar before the build already holds its breath, and the riser begins on its last beat; the last
# section is a chord that rings out.
PIANO, STRINGS, FULL, BUILD, CLIMAX, END = 0, 4, 8, 16, 17, 19
RISER = BUILD - 1 / 3
RING_OUT_S = 2.3
SILENCE_S = 1.0
DURATION_S = END * BAR_S + RING_OUT_S + SILENCE_S
FRAMES = int(round(DURATION_S * RATE))

# Root of the bass, and the notes of the strings from low to high.
F_SHARP_M9 = (30, (54, 61, 64, 68, 69))
D_MAJOR_7 = (38, (54, 57, 61, 66, 69))
B_M9 = (35, (54, 59, 62, 66, 73))
C_SHARP_SUS = (37, (54, 59, 61, 66, 68))
C_SHARP_7 = (37, (53, 59, 61, 65, 68))
E_13 = (28, (52, 59, 62, 66, 73))
A_MAJOR_7 = (33, (52, 57, 61, 64, 68))
G_SHARP_DIM = (32, (54, 59, 62, 66, 68))
# Bar by bar. A second chord in a bar begins on its last beat.
CHORDS = [
    *[(F_SHARP_M9,), (D_MAJOR_7,), (B_M9,), (C_SHARP_SUS, C_SHARP_7)] * 2,
    (F_SHARP_M9,), (B_M9,), (E_13,), (A_MAJOR_7,), (D_MAJOR_7,), (G_SHARP_DIM,), (C_SHARP_SUS,), (C_SHARP_7,),  # falling fifths
    (C_SHARP_7,),
    (F_SHARP_M9,), (D_MAJOR_7, C_SHARP_7),
    (F_SHARP_M9,),
]

# One bar a line: (eighth, note, length in eighths).
MELODY = {
    7: [(4, 68, 2)],
    8: [(0, 69, 3), (3, 71, 1), (4, 73, 2)],
    9: [(0, 74, 3), (3, 73, 1), (4, 71, 2)],
    10: [(0, 76, 3), (3, 74, 1), (4, 71, 2)],
    11: [(0, 73, 4), (4, 69, 1), (5, 71, 1)],
    12: [(0, 73, 3), (3, 74, 1), (4, 78, 2)],
    13: [(0, 78, 2), (2, 76, 2), (4, 74, 2)],
    14: [(0, 73, 2), (2, 74, 1), (3, 73, 1), (4, 71, 2)],
    15: [(0, 68, 4)],
    17: [(0, 81, 3), (3, 80, 1), (4, 78, 2)],
    18: [(0, 78, 2), (2, 76, 1), (3, 73, 1), (4, 77, 2)],
    19: [(0, 78, 6)],
}
# What the piano's right hand says alone: (bar, eighth, note, velocity). It remembers the melody before it is there.
THOUGHTS = [
    (0, 2, 73, 0.5), (0, 4, 76, 0.55), (1, 0, 78, 0.75), (1, 4, 76, 0.5), (2, 0, 74, 0.7), (2, 3, 73, 0.4), (2, 4, 71, 0.5),
    (3, 0, 68, 0.65), (3, 4, 65, 0.5), (4, 0, 69, 0.6), (4, 4, 73, 0.5), (5, 0, 78, 0.7), (5, 4, 81, 0.55), (6, 0, 78, 0.7),
    (6, 4, 74, 0.5), (7, 0, 73, 0.65), (7, 2, 71, 0.45),
]

# Set so that the whole song sits around -14 LUFS, with the piano alone some 9 dB below the climax.
GAIN = {"piano": 0.165, "kalimba": 0.12, "strings": 0.25, "voice": 0.115, "bass": 0.25, "kick": 0.38, "brushes": 0.34,
        "shaker": 0.15, "crash": 0.16, "air": 0.06, "hall": 0.62}

rng = np.random.default_rng(76)


# --- instruments of this song: one note or hit each, as in ../demo-song/instruments.py -------------------------


def piano(note, velocity=1.0, length_s=2.6):
    """Felt piano: two strings a hair apart, partials that die sooner the higher they are, and the soft knock of the hammer."""
    t = play.seconds(length_s)
    pitch = play.hertz(note)
    ring_s = 1.25 * 2 ** ((60 - note) / 24)
    sound = np.zeros(len(t))
    for k in range(1, int(min(16, 7_000 // pitch)) + 1):
        amplitude = np.sin(np.pi * k * 0.14) / k ** (2.1 - 0.7 * velocity)
        decay = 0.75 * np.exp(-t * (1 + 0.35 * (k - 1)) / (0.45 * ring_s)) + 0.25 * np.exp(-t / ring_s)
        stretched = pitch * k * np.sqrt(1 + 0.0003 * k * k)
        sound += amplitude * decay * (np.sin(2 * np.pi * stretched * t) + np.sin(2 * np.pi * stretched * 1.0006 * t))
    knock = play.band_pass(np.random.default_rng(note).standard_normal(len(t)), 150, 900) * np.exp(-t / 0.018)
    return velocity * play.fade_edges(sound + 0.22 * knock, in_s=0.004, out_s=0.3)


def kalimba(note, velocity=1.0, length_s=1.2):
    """A tine: nearly a sine, with two short overtones that belong to no harmony, and the thumb's nail."""
    t = play.seconds(length_s)
    turn = 2 * np.pi * play.hertz(note) * t
    sound = np.sin(turn) * np.exp(-t / 0.42) + 0.16 * np.sin(2 * turn) * np.exp(-t / 0.2)
    sound += velocity * (0.20 * np.sin(5.42 * turn) * np.exp(-t / 0.06) + 0.06 * np.sin(8.9 * turn) * np.exp(-t / 0.03))
    nail = play.band_pass(np.random.default_rng(note).standard_normal(len(t)), 900, 3_500) * np.exp(-t / 0.006)
    return velocity * play.fade_edges(sound + 0.15 * nail, in_s=0.001, out_s=0.2)


def voice(note, velocity, length_s, from_note=None):
    """Stereo: a singing line between flute and viola. It slides in from the note before; vibrato comes late, formants stay."""
    t = play.seconds(length_s + 0.25)
    slide = 0.0 if from_note is None else (from_note - note) * np.exp(-t / 0.028)
    vibrato = 0.22 * np.clip((t - 0.3) / 0.45, 0, 1) * np.sin(2 * np.pi * 5.1 * t)
    swell = 1 - 0.35 * np.exp(-t / 0.16)
    sides = []
    for cents in (-4.0, 4.0):
        turn = 2 * np.pi * np.cumsum(play.hertz(note + slide + vibrato + cents / 100)) / RATE
        side = np.zeros(len(t))
        for k in range(1, 13):
            at_hz = k * play.hertz(note)
            formants = 1.0 * np.exp(-(((at_hz - 650) / 380) ** 2)) + 0.5 * np.exp(-(((at_hz - 1_150) / 350) ** 2))
            formants += 0.22 * np.exp(-(((at_hz - 2_700) / 700) ** 2)) + 0.25 / k
            side += formants / k**0.45 * swell ** (0.6 * k) * np.sin(k * turn + 0.9 * k)
        sides.append(side)
    breath = play.band_pass(np.random.default_rng(note).standard_normal(len(t)), 1_800, 7_000) * (0.012 + 0.06 * np.exp(-t / 0.05))
    left, right = sides
    both = np.stack((left + 0.4 * right + breath, right + 0.4 * left + breath), axis=1)
    envelope = swell * np.clip((length_s + 0.22 - t) / 0.25, 0, 1) ** 1.5
    return velocity * play.fade_edges(both * envelope[:, None], in_s=0.030, out_s=0.01)


def brush_tap(velocity=1.0, seed=2):
    """The brush on the snare: a soft skin, and wires that are noise and hardly ring."""
    t = play.seconds(0.30)
    skin = np.sin(2 * np.pi * np.cumsum(195 * (1 + 0.2 * np.exp(-t / 0.015))) / RATE) * np.exp(-t / 0.05)
    noise = play.band_pass(np.random.default_rng(seed).standard_normal(len(t)), 1_100, 8_500)
    wires = noise * (0.8 * np.exp(-t / 0.035) + 0.25 * np.exp(-t / 0.11))
    return velocity * play.fade_edges(0.45 * skin + wires, in_s=0.002, out_s=0.05)


def brush_sweep(length_s, velocity=1.0, seed=3):
    """Stereo: the brush stirred once around the skin, from one side to the other."""
    t = play.seconds(length_s)
    noise = play.band_pass(np.random.default_rng(seed).standard_normal(len(t)), 1_800, 6_500)
    angle = np.pi / 4 * (1 + 0.5 * np.cos(np.pi * t / length_s))
    stroke = np.sin(np.pi * t / length_s) ** 2 * (0.7 + 0.3 * t / length_s)
    return velocity * (noise * stroke)[:, None] * np.stack((np.cos(angle), np.sin(angle)), axis=1)


# --- score and mix -------------------------------------------------------------------------------------------


def when(bar, eighth):
    return bar * BAR_S + eighth * BEAT_S / 2


def track():
    return np.zeros((FRAMES, 2))


def put(onto, sound, time_s, pan=0.0, gain=1.0):
    """Adds a sound to a track."""
    if sound.ndim == 1:
        angle = np.pi / 4 * (1 + pan)
        sound = sound[:, None] * [np.cos(angle) * np.sqrt(2), np.sin(angle) * np.sqrt(2)]
    start = int(round(time_s * RATE))
    part = onto[start : start + len(sound)]
    part += gain * sound[: len(part)]


def curve(*points):
    """Straight lines between (bar, value) points, one value a frame."""
    bars, values = zip(*points)
    return np.interp(np.arange(FRAMES) / RATE / BAR_S, bars, values)


def chord_at(bar, eighth):
    return CHORDS[bar][-1 if eighth >= 4 else 0]


def pianos():
    """The left hand waltzes: one low note, then two chords, with a quiet note of the chord after each beat."""
    keys = track()
    for bar in range(PIANO, END):
        loud = np.interp(bar, (PIANO, STRINGS - 1, BUILD - 2, BUILD - 1, CLIMAX), (0.62, 0.72, 0.78, 0.55, 1.0))
        if bar == BUILD:
            continue
        for eighth in range(0, 4 if bar == BUILD - 1 else 6):
            root, notes = chord_at(bar, eighth)
            velocity = loud * rng.uniform(0.95, 1.0)
            if eighth == 0:
                put(keys, piano(root + (24 if bar == BUILD - 1 else 12), 0.95 * velocity, 3.2), when(bar, 0), pan=-0.3)
                put(keys, piano(notes[1], 0.55 * velocity), when(bar, 0), pan=-0.15)
            elif eighth % 2 == 0:
                for voice_at in (1, 2, 3):
                    accent = 0.62 if eighth == 2 else 0.55
                    put(keys, piano(notes[voice_at], accent * velocity, 1.8), when(bar, eighth), pan=0.08 * voice_at - 0.2)
            else:
                put(keys, piano(notes[(2, 4, 3)[eighth // 2]], 0.26 * velocity, 1.4), when(bar, eighth), pan=0.2)
    for bar, eighth, note, velocity in THOUGHTS:
        put(keys, piano(note, velocity * 1.05), when(bar, eighth), pan=0.25)
    for voice_at, note in enumerate((42, 49, 54, 61, 66, 69, 73, 78)):
        put(keys, piano(note, 0.75, 3.0), END * BAR_S + 0.012 * voice_at, pan=0.1 * voice_at - 0.35)
    return keys


def kalimbas():
    """Eighths that sparkle above the strings, sixteenths that climb through the build, and both hands' worth in the climax."""
    tines = track()
    for bar in (*range(STRINGS, BUILD), *range(CLIMAX, END)):
        steps = 12 if bar >= CLIMAX else 6
        for step in range(steps):
            eighth = step * 6 / steps
            if (bar < STRINGS + 2 and step % 2 == 0) or (bar == BUILD - 1 and eighth > 0):
                continue
            notes = chord_at(bar, eighth)[1]
            accent = 0.8 if eighth % 2 == 0 else 0.5 if eighth % 1 == 0 else 0.35
            note = notes[(1, 3, 2, 4, 3, 2)[step % 6]] + 12
            pan = 0.6 * np.sin(2 * np.pi * step / 6 + bar)
            put(tines, kalimba(note, accent * rng.uniform(0.92, 1.0)), when(bar, eighth), pan)
    climb = [note + 12 * octave for octave in (0, 1, 2) for note in (61, 65, 68, 71)]  # C sharp 7; each note comes twice
    for step in range(16):
        tine = kalimba(climb[step // 2 + step % 2], 0.35 + 0.05 * step)
        put(tines, tine, when(BUILD, (step - 4) / 2), pan=0.5 * (-1) ** step, gain=1.4)
    for voice_at, note in enumerate((73, 78, 81, 85, 90)):
        put(tines, kalimba(note, 0.8, 2.4), END * BAR_S + 0.05 * voice_at, pan=0.3 * (-1) ** voice_at)
        put(tines, play.bell(note, 0.4, 2.6), END * BAR_S, pan=-0.3 * (-1) ** voice_at)
    return tines


def strings():
    section = track()
    for bar in range(STRINGS, END):
        chords = CHORDS[bar]
        for half, (_, notes) in enumerate(chords):
            start, length = (0, 6 if len(chords) == 1 else 4) if half == 0 else (4, 2)
            length_s = length * BEAT_S / 2 - 0.1
            bow = {"voices": 5, "detune_cents": 8, "attack_s": 0.14 if bar >= CLIMAX else 0.4, "release_s": 0.7}
            for voice_at, note in enumerate(notes):
                seed = 100 * bar + 10 * half + voice_at
                put(section, play.supersaw(note, length_s, seed, **bow), when(bar, start))
                if bar >= CLIMAX and voice_at >= 2:
                    put(section, play.supersaw(note + 12, length_s, 7_000 + seed, **bow), when(bar, start), gain=0.5)
    for voice_at, note in enumerate((42, 54, 61, 66, 68, 69, 73, 78)):
        last = play.supersaw(note, 0.9, seed=9_000 + voice_at, voices=5, detune_cents=8, attack_s=0.05, release_s=1.4)
        put(section, last, END * BAR_S, gain=0.9)
    cutoff_hz = np.exp(curve(
        (4, np.log(500)), (7.9, np.log(1_500)), (8, np.log(1_900)), (15, np.log(2_300)), (15.1, np.log(500)),
        (RISER, np.log(800)), (16.95, np.log(8_000)), (17, np.log(5_000)), (19, np.log(4_500)), (19.9, np.log(700)),
    ))
    level = curve(
        (4, 0.25), (6, 0.45), (7.9, 0.55), (8, 0.75), (15, 0.85), (15.1, 0.3), (RISER, 0.4), (16.87, 1.3), (16.97, 0.2), (17, 1.2),
    )
    return fx.widen(play.high_pass(fx.moving_low_pass(section, cutoff_hz, slope=2), 160), 1.4) * level[:, None]


def voices():
    tune = track()
    last = None
    for bar, line in MELODY.items():
        for eighth, note, length in line:
            length_s = 0.97 * length * BEAT_S / 2 if bar < END else 1.3
            loud = 0.9 if bar < 12 else 1.0
            put(tune, voice(note, loud, length_s, from_note=last), when(bar, eighth))
            if bar >= 12:  # a second voice below
                below = max(n for n in range(note - 9, note - 2) if n % 12 in {m % 12 for m in chord_at(bar, eighth)[1]})
                put(tune, voice(below, 0.5 * loud, length_s), when(bar, eighth))
            if bar >= CLIMAX:
                put(tune, voice(note - 12, 0.6, length_s), when(bar, eighth))
            last = note if bar != 15 else None
    return tune


def basses():
    """Whole bars under the strings; root and fifth with the drums."""
    low = track()
    for bar in (*range(STRINGS, BUILD), *range(CLIMAX, END)):
        if bar < FULL:
            put(low, play.bass(chord_at(bar, 0)[0], 0.55, BAR_S - 0.1, growl=0.25), when(bar, 0), gain=0.55)
            continue
        root = chord_at(bar, 0)[0]
        last = chord_at(bar, 4)[0] + (7 if len(CHORDS[bar]) == 1 and root < 36 else 0)
        beats = [(0, root, 3.4, 0.95), (4, last, 1.9, 0.7)]
        if bar % 2:
            beats = [(0, root, 2.9, 0.95), (3, root, 0.9, 0.55), (4, last, 1.9, 0.7)]
        if bar == BUILD - 1:
            beats = [(0, root, 0.6, 0.9)]  # and then none until the climax
        for eighth, note, length, velocity in beats:
            put(low, play.bass(note, velocity, length * BEAT_S / 2, growl=0.45), when(bar, eighth))
    ring = play.bass(30, 0.9, 2.2, growl=0.5)
    put(low, 1.3 * ring * np.exp(-play.seconds(len(ring) / RATE) / 0.9), END * BAR_S)
    return play.low_pass(low, 1_400, order=1)


def drums():
    kicks, brushes, shakers, crashes = track(), track(), track(), track()
    for bar in (*range(FULL - 1, BUILD), *range(CLIMAX, END)):
        climax = bar >= CLIMAX
        for eighth in range(6):
            if (bar == FULL - 1 and eighth < 4) or (bar == BUILD - 1 and eighth > 0):
                continue
            time_s = when(bar, eighth)
            if eighth == 0 or (eighth == 3 and bar % 2 and bar >= FULL) or (climax and eighth in (2, 4)):
                put(kicks, play.kick(1.0 if eighth == 0 else 0.5), time_s)
            if eighth in (2, 4):
                put(brushes, brush_tap(1.0 if eighth == 2 else 0.85, seed=40 + eighth), time_s, pan=0.1)
                if climax:
                    put(brushes, play.snare(0.5, seed=50 + eighth), time_s, gain=0.8)
            elif eighth == 5 and bar % 2:
                put(brushes, brush_tap(0.4, seed=60 + bar), time_s, pan=0.1)
            if eighth % 2 == 0:
                sweep = brush_sweep(0.95 * BEAT_S, 0.22, seed=int(rng.integers(1 << 30)))
                put(brushes, sweep, time_s + 0.02, gain=1.4 if climax else 1.0)
            accent, open_s = (0.75, 0.05 if climax else 0.0) if eighth % 2 == 0 else (0.45, 0.0)
            velocity = accent * rng.uniform(0.9, 1.0)
            put(shakers, play.hat(velocity, open_s, seed=int(rng.integers(1 << 30))), time_s, pan=-0.25)
            if climax:
                put(shakers, play.hat(0.3, seed=int(rng.integers(1 << 30))), time_s + BEAT_S / 4, pan=0.25)
    # The brushes roll from the breath on: beats, eighths, sixteenths, and a gap before the drop.
    roll = [2, 4, *range(6, 10), *np.arange(10, 11.5, 0.5)]
    for step, eighth in enumerate(roll):
        velocity = 0.15 + 0.85 * ((eighth - 2) / 9) ** 1.5
        put(brushes, brush_tap(velocity, seed=80 + step), when(BUILD - 1, eighth), pan=0.1)
        put(brushes, play.snare(0.4 * velocity**2, seed=90 + step), when(BUILD - 1, eighth))
        put(shakers, play.hat(velocity, seed=100 + step), when(BUILD - 1, eighth), pan=-0.25)
    put(kicks, play.kick(1.1), END * BAR_S)
    put(brushes, brush_tap(0.9), END * BAR_S)
    put(crashes, play.crash(0.45), FULL * BAR_S)
    put(crashes, play.crash(1.0), CLIMAX * BAR_S)
    put(crashes, play.crash(0.7), END * BAR_S)
    swell = play.crash(0.9, 2.4)[::-1]  # a cymbal backwards, to end just before the drop
    put(crashes, swell, CLIMAX * BAR_S - 0.09 - len(swell) / RATE)
    return play.low_pass(kicks, 2_600), brushes, shakers, crashes


def riser():
    """Noise that opens through the build, to just before the drop."""
    air = np.random.default_rng(77).standard_normal((FRAMES, 2))
    level = curve((RISER, 0), (16.9, 1.2), (16.97, 0)) ** 2
    cutoff_hz = np.exp(curve((RISER, np.log(400)), (17, np.log(10_000))))
    return fx.moving_low_pass(play.high_pass(air, 300), cutoff_hz, resonance=1.0) * level[:, None]


def mix():
    kicks, brushes, shakers, crashes = drums()
    keys, tines, section, tune, air = pianos(), kalimbas(), strings(), voices(), riser()
    keys *= curve((0, 1.0), (7.9, 1.0), (8, 0.8), (16.9, 0.8), (17, 1.0))[:, None]
    tine_echo = fx.ping_pong(tines, 1.5 * BEAT_S, feedback=0.42, cutoff_hz=3_500)
    tune_echo = fx.ping_pong(tune, BEAT_S, feedback=0.32, cutoff_hz=2_800)

    send = 0.30 * GAIN["piano"] * keys + 0.45 * GAIN["kalimba"] * (tines + tine_echo) + 0.40 * GAIN["strings"] * section
    send = send + 0.38 * GAIN["voice"] * tune + 0.16 * GAIN["brushes"] * brushes + 0.2 * GAIN["air"] * air
    stems = {
        "piano": keys,
        "kalimba": tines + 0.45 * tine_echo,
        "strings": section,
        "voice": tune + 0.3 * tune_echo,
        "bass": basses(),
        "kick": kicks,
        "brushes": brushes,
        "shaker": shakers,
        "crash": crashes,
        "air": air,
        "hall": play.high_pass(fx.reverb(send, fx.hall(decay_s=3.2, pre_delay_s=0.03, seed=21)), 180),
    }
    for name, stem in stems.items():
        stem *= GAIN[name]
        print(f"{name:8} rms {20 * np.log10(np.sqrt((stem**2).mean()) + 1e-9):6.1f} dB  peak {np.abs(stem).max():.2f}")
    sound = play.high_pass(sum(stems.values()), 28)
    sound += 0.35 * play.high_pass(sound, 6_500, order=1)  # a little air on top
    sound = fx.glue(sound)
    ring_out = np.clip((END * BAR_S + RING_OUT_S - np.arange(FRAMES) / RATE) / 1.4, 0, 1) ** 2
    return fx.master(sound, gain_db=0.0, ceiling_db=-2.2) * ring_out[:, None]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wav", type=Path, help="keep the uncompressed mix here")
    wav = parser.parse_args().wav
    with tempfile.TemporaryDirectory() as folder:
        wav = wav or Path(folder) / "song.wav"
        wavfile.write(wav, RATE, mix().astype(np.float32))
        command = ["ffmpeg", "-v", "error", "-y", "-i", wav, "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
        tags = ["-metadata", "title=Klangbild slow song", "-metadata", "artist=The Klangbild authors", "-metadata", "license=CC0-1.0"]
        subprocess.run([*command, *tags, "-c:a", "libvorbis", "-q:a", "5", HERE / "song.ogg"], check=True)


if __name__ == "__main__":
    main()
