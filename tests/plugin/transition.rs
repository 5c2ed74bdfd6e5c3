//! Transitions of the user's own, from a file in the scenes folder to the frames of a video.

use std::fs;

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::With;
use klangbild_tests::frames;
use klangbild_tests::program::Scratch;
use klangbild_tests::sound::Sound as Music;

use crate::plugin_that_writes_to;
use crate::scene::scenes_folder;

const RATE_HZ: u32 = 44_100;

/// Over in red: `own-1`, since its name comes first.
const RED: &str = r#"/*
name = "Red"
*/
@fragment fn paint(in: Corner) -> @location(0) vec4f {
    let mixed = mix(textureSampleLevel(leaving, clamped, in.uv, 0.0), textureSampleLevel(arriving, clamped, in.uv, 0.0), now.progress);
    return vec4f(0.4 + mixed.r, 0.0, 0.0, 1.0);
}
"#;

/// Over in green: `own-2`.
const GREEN: &str = r#"/*{"ISFVSN": "2", "INPUTS": [
    {"NAME": "startImage", "TYPE": "image"},
    {"NAME": "endImage", "TYPE": "image"},
    {"NAME": "progress", "TYPE": "float", "DEFAULT": 0, "MIN": 0, "MAX": 1}
]}*/
void main() {
    vec4 mixed = mix(IMG_THIS_PIXEL(startImage), IMG_THIS_PIXEL(endImage), progress);
    gl_FragColor = vec4(0.0, 0.5 + 0.5 * mixed.g, 0.0, 1.0);
}
"#;

/// Shares of red, green and blue in a frame.
fn colour(frame: &image::RgbImage) -> [f64; 3] {
    let sum =
        frame.pixels().fold([1.0_f64; 3], |sum, pixel| [0, 1, 2].map(|at| sum[at] + f64::from(pixel[at])));
    sum.map(|part| part / sum.iter().sum::<f64>())
}

#[test]
fn a_transition_of_the_users_plays_between_two_scenes() {
    Alone::new().run(|| {
        let folder = scenes_folder().join("transitions");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a-red.wgsl"), RED).unwrap();
        fs::write(folder.join("b-green.fs"), GREEN).unwrap();
        let music = Music::music(RATE_HZ, 3.0);
        for (name, channel) in [("Own 1", 0), ("Own 2", 1)] {
            let scratch = Scratch::new();
            let mut plugin = plugin_that_writes_to(scratch.folder());
            let [transition, beats] = ["Transition", "Transition Beats"].map(|name| plugin.param(name).id);
            let own = plugin.read_text(transition, name).expect("there are transitions of one's own");
            let two = plugin.read_text(beats, "2").expect("a number of beats");
            plugin.set(&[("Bounce Video", 1.0), ("Transition", own), ("Transition Beats", two)]);
            plugin.set_offline(true);
            let scene = plugin.param("Scene").id;
            let mut sound = plugin.activate(f64::from(RATE_HZ), 4410);
            for (block, samples) in music.samples.chunks(4410).enumerate() {
                // At one second; two beats where no tempo is known are another.
                let changes = if block == 10 { vec![(scene, 1.0)] } else { Vec::new() };
                sound.passes(samples, &With { changes, ..With::default() });
            }
            plugin.deactivate(sound);
            drop(plugin);
            let names = scratch.names();
            let [video] = &names[..] else { panic!("not one bounce: {names:?}") };
            let frames = frames::load_all(&scratch.path(video));
            assert_eq!(frames.len(), 30);
            let share = |at: usize| colour(&frames[at])[channel];
            for at in [12, 14, 16] {
                assert!(share(at) > 0.9, "{name} does not play in frame {at}: {:?}", colour(&frames[at]));
            }
            for at in [8, 28] {
                assert!(share(at) < 0.8, "{name} plays in frame {at} too: {:?}", colour(&frames[at]));
            }
        }
    });
}
