"""The VST3 plugin in a host that is not ours: pedalboard, which is built on JUCE as many DAWs' plugin hosts are.

`cargo xtask test` runs this on the bundle that it has made; KLANGBILD_VST3 names the bundle.
"""

import ctypes
import os
import subprocess
import sys
import threading
import unittest

import numpy as np

# Set in the process that has a screen.
ON_A_SCREEN = "KLANGBILD_VST3_ON_A_SCREEN"

SAMPLE_RATE_HZ = 48_000
# Blocks that are no power of two, and one that is longer than the sound.
BLOCKS = (1, 441, 8192, 200_000)


def on_a_screen(command: list[str]) -> int:
    """Runs a command on an X server of its own; its status. The server outlives it: JUCE ends a process that loses its server.

    Without Composite: software Vulkan presents black into windows that are 32 bits deep otherwise.
    """
    xvfb = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-extension", "Composite"]
    with subprocess.Popen(xvfb, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            display = ":" + server.stdout.readline().strip()
            return subprocess.run(command, env={**os.environ, "DISPLAY": display, ON_A_SCREEN: "1"}).returncode
        finally:
            server.kill()


def forgive_x_errors() -> object:
    """JUCE asks about windows that are gone while an editor closes, and Xlib's own handler then ends the process."""
    handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda display, error: 0)
    ctypes.CDLL("libX11.so.6").XSetErrorHandler(handler)
    return handler


def load():
    import pedalboard

    return pedalboard.load_plugin(os.environ["KLANGBILD_VST3"])


def noise(channels: int) -> np.ndarray:
    """Loud noise with denormals and both zeros in it."""
    random = np.random.default_rng(1)
    samples = random.uniform(-1, 1, (channels, 100_000)).astype(np.float32)
    samples[:, 1000:2000] = 1e-40
    samples[:, 2000:3000] = 0.0
    samples[:, 3000:4000] = -0.0
    return samples


class Vst3(unittest.TestCase):
    def test_parameters_have_their_names(self):
        plugin = load()
        names = {parameter.name for parameter in plugin.parameters.values()}
        for name in ("Scene", "Intensity", "Hue Shift", "Beat Division", "Seed", "Record Video", "Bypass"):
            self.assertIn(name, names)
        texts = {parameter.name: parameter.string_value for parameter in plugin.parameters.values()}
        self.assertEqual(texts["Scene"], "Picture")
        self.assertIn("100.0", texts["Intensity"])

    def test_every_bit_passes(self):
        plugin = load()
        for channels in (1, 2):
            for block in BLOCKS:
                sound = noise(channels)
                passed = plugin.process(sound, SAMPLE_RATE_HZ, buffer_size=block)
                self.assertEqual(sound.shape, passed.shape)
                same = sound.view(np.uint32) == passed.view(np.uint32)
                self.assertTrue(same.all(), f"{channels} channels, blocks of {block}: {np.argwhere(~same)[:3]}")

    def test_state_comes_back(self):
        plugin = load()
        turned = {"Intensity": 0.25, "Zoom": 0.75, "Scene": 1.0, "Hue Shift": 0.1, "Bypass": 1.0}
        for parameter in plugin.parameters.values():
            if parameter.name in turned:
                parameter.raw_value = turned[parameter.name]
        # JUCE keeps what is turned until the next block, and hands it to the plugin with that.
        plugin.process(np.zeros((2, 512), np.float32), SAMPLE_RATE_HZ)
        values = [parameter.raw_value for parameter in plugin.parameters.values()]
        state = plugin.raw_state
        other = load()
        self.assertNotEqual([parameter.raw_value for parameter in other.parameters.values()], values)
        other.raw_state = state
        back = [parameter.raw_value for parameter in other.parameters.values()]
        np.testing.assert_allclose(back, values, atol=1e-6)
        # What is no state changes nothing.
        try:
            other.raw_state = b"no state at all" * 100
        except ValueError:
            pass  # told, which is better still
        back = [parameter.raw_value for parameter in other.parameters.values()]
        np.testing.assert_allclose(back, values, atol=1e-6)


if sys.platform == "linux":  # elsewhere a window needs the desktop of somebody who is logged in

    class Editor(unittest.TestCase):
        def test_the_window_opens_and_closes(self):
            plugin = load()
            for _ in range(2):
                closed = threading.Event()
                threading.Timer(2.0, closed.set).start()
                plugin.show_editor(closed)
            sound = noise(2)
            passed = plugin.process(sound, SAMPLE_RATE_HZ, buffer_size=512)
            self.assertTrue((sound.view(np.uint32) == passed.view(np.uint32)).all())


if __name__ == "__main__":
    if sys.platform == "linux":
        if ON_A_SCREEN not in os.environ:
            sys.exit(on_a_screen([sys.executable, *sys.argv]))
        keep_alive = forgive_x_errors()
    unittest.main(verbosity=2)
