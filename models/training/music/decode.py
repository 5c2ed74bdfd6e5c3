"""From audio files to int16 arrays, clean and through MP3, by ffmpeg."""

import subprocess
from pathlib import Path

import numpy as np

from models.starter_pack.contract import SAMPLE_RATE_HZ

MP3_KBIT_S = (64, 80, 96, 112, 128)


def _ffmpeg(arguments: list[str], file: Path) -> bytes:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", *arguments]
    try:
        result = subprocess.run(command, capture_output=True)
    except FileNotFoundError:
        raise RuntimeError("ffmpeg is not installed; on Debian: apt-get install ffmpeg") from None
    if result.returncode != 0:
        raise RuntimeError(f"{file}: ffmpeg failed: {result.stderr.decode(errors='replace').strip()}")
    return result.stdout


def decode(file: Path) -> np.ndarray:
    """A file as int16 [samples]: mono (the mean of the channels) at 16 kHz."""
    arguments = ["-i", str(file), "-map", "0:a:0", "-ac", "1", "-ar", str(SAMPLE_RATE_HZ), "-f", "s16le", "-"]
    pcm = np.frombuffer(_ffmpeg(arguments, file), dtype="<i2")
    if not pcm.size:
        raise RuntimeError(f"{file}: ffmpeg finds no sound in it; remove the file")
    return pcm


def decode_degraded(file: Path, samples: int, kbit_s: int, scratch: Path) -> np.ndarray:
    """The same after MP3 at `kbit_s`, as people have it: joint stereo at 44.1 kHz. int16 [samples].

    MP3 delays by about 1,105 samples and pads the end. The encoder writes both into the file's header if it can seek in
    the file, and the decoder then takes them off: hence the file `scratch`, not a pipe.
    """
    channels = ["-map", "0:a:0", "-ac", "2", "-ar", "44100"]
    encoder = ["-c:a", "libmp3lame", "-b:a", f"{kbit_s}k", "-compression_level", "7", "-f", "mp3"]
    try:
        _ffmpeg(["-i", str(file), *channels, *encoder, "-y", str(scratch)], file)
        pcm = decode(scratch)
    finally:
        scratch.unlink(missing_ok=True)
    if abs(pcm.size - samples) > SAMPLE_RATE_HZ // 10:
        raise RuntimeError(f"{file}: {samples} samples became {pcm.size} through MP3; the degraded copy would be out of step")
    return np.pad(pcm[:samples], (0, max(0, samples - pcm.size)))


def delay_samples(reference: np.ndarray, other: np.ndarray) -> int:
    """By how many samples `other` comes later than `reference`: where their cross-correlation is highest."""
    size = 2 ** int(np.ceil(np.log2(2 * max(reference.size, other.size))))
    a, b = (np.fft.rfft(x.astype(np.float64), size) for x in (reference, other))
    at = int(np.argmax(np.fft.irfft(a.conj() * b, size)))
    return at if at < size // 2 else at - size
