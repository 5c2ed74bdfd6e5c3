"""Second-order filters, after R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients"."""

import numpy as np
from scipy.signal import lfilter


def bell(sound: np.ndarray, rate_hz: int, hz: float, gain_db: float, q: float) -> np.ndarray:
    """Louder or quieter around a frequency; causal, so that nothing sounds before its attack. float32 [n]."""
    hz = min(hz, 0.45 * rate_hz)
    root, alpha = 10 ** (gain_db / 40), np.sin(2 * np.pi * hz / rate_hz) / (2 * q)
    cosine = -2 * np.cos(2 * np.pi * hz / rate_hz)
    ahead = np.array([1 + alpha * root, cosine, 1 - alpha * root])
    back = np.array([1 + alpha / root, cosine, 1 - alpha / root])
    return lfilter(ahead / back[0], back / back[0], sound).astype(np.float32)


def tilted(sound: np.ndarray, rate_hz: int, hz: float, gain_db: float) -> np.ndarray:
    """Half of `gain_db` more above `hz`, half less below, by a shelf of first order. float32 [n]."""
    gain, warped = 10 ** (gain_db / 20), np.tan(np.pi * min(hz, 0.45 * rate_hz) / rate_hz)
    root = gain**0.5
    ahead, back = np.array([root + warped, warped - root]), np.array([1 + root * warped, root * warped - 1])
    return lfilter(ahead / back[0], back / back[0], sound).astype(np.float32)
