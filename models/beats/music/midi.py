"""Standard MIDI files: as much of the format as we write, and as MMA writes (Standard MIDI Files 1.0, 1996)."""

import struct
from pathlib import Path
from typing import NamedTuple

DRUM_CHANNEL = 9
TICKS = 9_600  # of our own files, a half second: 0.05 ms each
TICKS_PER_S = 2 * TICKS


class MidiNote(NamedTuple):
    time_s: float
    length_s: float
    channel: int
    key: int
    velocity: int


class MidiFile(NamedTuple):
    notes: list[MidiNote]
    quarter_s: list[float]  # times of successive quarter notes
    end_s: float


def _number(value: int) -> bytes:
    """A variable-length quantity."""
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))


def write(
    path: Path, notes: list[MidiNote], programs: dict[int, int], volumes: dict[int, int], pans: dict[int, int]
) -> None:
    """One track at 120 BPM, so that seconds are ticks; a program, a volume and a place (0 to 127) for each channel."""
    events: list[tuple[int, int, bytes]] = [(0, 0, b"\xff\x51\x03" + (500_000).to_bytes(3, "big"))]
    for channel, program in programs.items():
        events.append((0, 1, bytes([0xC0 | channel, program])))
    for control, table in ((7, volumes), (10, pans)):
        events += [(0, 1, bytes([0xB0 | channel, control, value])) for channel, value in table.items()]
    for n in notes:
        start = round(n.time_s * TICKS_PER_S)
        end = max(start + 1, round((n.time_s + n.length_s) * TICKS_PER_S))
        events.append((start, 3, bytes([0x90 | n.channel, n.key, n.velocity])))
        events.append((end, 2, bytes([0x80 | n.channel, n.key, 0])))
    body, last = b"", 0
    for tick, _, data in sorted(events):
        body += _number(tick - last) + data
        last = tick
    body += b"\x00\xff\x2f\x00"
    head = b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS)
    path.write_bytes(head + b"MTrk" + struct.pack(">I", len(body)) + body)


def _events(data: bytes):
    """(tick, status, data) of a track."""
    at, tick, status = 0, 0, 0
    while at < len(data):
        delta = 0
        while True:
            byte = data[at]
            at += 1
            delta = delta << 7 | byte & 0x7F
            if byte < 0x80:
                break
        tick += delta
        if data[at] >= 0x80:
            status = data[at]
            at += 1
        if status in (0xFF, 0xF0, 0xF7):
            kind = data[at] if status == 0xFF else 0
            at += status == 0xFF
            size = 0
            while True:
                byte = data[at]
                at += 1
                size = size << 7 | byte & 0x7F
                if byte < 0x80:
                    break
            yield tick, (status, kind), data[at : at + size]
            at += size
        else:
            size = 1 if status & 0xF0 in (0xC0, 0xD0) else 2
            yield tick, (status, 0), data[at : at + size]
            at += size


def read(path: Path) -> MidiFile:
    """Notes and quarter notes of a file in seconds. Raises ValueError for what is no MIDI file with a time base in ticks."""
    data = path.read_bytes()
    if data[:4] != b"MThd" or data[12] & 0x80:
        raise ValueError(f"{path}: not a MIDI file with ticks per quarter note; make it again")
    ticks = struct.unpack(">H", data[12:14])[0]
    at, events = 14, []
    while at + 8 <= len(data):
        size = struct.unpack(">I", data[at + 4 : at + 8])[0]
        if data[at : at + 4] == b"MTrk":
            events += list(_events(data[at + 8 : at + 8 + size]))
        at += 8 + size
    events.sort(key=lambda e: e[0])
    tempi = [(0, 0.5)]  # tick, seconds of a quarter note
    tempi += [(tick, int.from_bytes(d, "big") / 1e6) for tick, (status, kind), d in events if (status, kind) == (0xFF, 0x51)]

    def seconds(tick: float) -> float:
        total = 0.0
        for (start, quarter), (end, _) in zip(tempi, [*tempi[1:], (float("inf"), 0)], strict=True):
            if tick <= start:
                break
            total += (min(tick, end) - start) / ticks * quarter
        return total

    notes, sounding = [], {}
    for tick, (status, _), d in events:
        channel = status & 0x0F
        if status & 0xF0 == 0x90 and d[1] > 0:
            sounding.setdefault((channel, d[0]), []).append((tick, d[1]))
        elif status & 0xF0 in (0x80, 0x90) and sounding.get((channel, d[0])):
            start, velocity = sounding[channel, d[0]].pop(0)
            notes.append(MidiNote(seconds(start), seconds(tick) - seconds(start), channel, d[0], velocity))
    last = max((e[0] for e in events), default=0)
    return MidiFile(sorted(notes), [seconds(t) for t in range(0, last + 1, ticks)], seconds(last))


def without_channel(data: bytes, channel: int) -> bytes:
    """A file whose notes of one channel are gone. The file must be one that `read` reads."""
    out, at = data[:14], 14
    while at + 8 <= len(data):
        size = struct.unpack(">I", data[at + 4 : at + 8])[0]
        body, last = b"", 0
        for tick, (status, kind), d in _events(data[at + 8 : at + 8 + size]) if data[at : at + 4] == b"MTrk" else ():
            if status in (0x80 | channel, 0x90 | channel):
                continue
            head = bytes([status]) + (bytes([kind]) if status == 0xFF else b"")
            body += _number(tick - last) + head + (_number(len(d)) if status >= 0xF0 else b"") + d
            last = tick
        out += b"MTrk" + struct.pack(">I", len(body)) + body
        at += 8 + size
    return out
