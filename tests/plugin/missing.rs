//! Without ONNX Runtime there are no dreams; sound and a picture that moves with it there are all the same.

use klangbild_tests::alone::Alone;
use klangbild_tests::process::maps;
use klangbild_tests::program::Scratch;
use klangbild_tests::screen::Screen;
use klangbild_tests::sound::Sound as Music;

use crate::plugin;
use crate::window::moves;

#[test]
fn without_onnx_runtime_the_picture_moves() {
    let empty = Scratch::new();
    Alone::new().with_screen().env("KLANGBILD_ONNXRUNTIME_DIR", empty.folder()).run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let sound = plugin.activate(48_000.0, 512);
        let window = plugin.open(&screen, 0, 0);
        let sound = moves(&mut plugin, &window, sound, &Music::music(48_000, 4.0));
        assert!(!maps("libonnxruntime"));
        plugin.close(window);
        plugin.deactivate(sound);
    });
}
