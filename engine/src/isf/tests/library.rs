use super::{player::Player, *};
use crate::stage::Gpu;
use std::path::PathBuf;
#[test]
fn library() {
    let Ok(folder) = std::env::var("ISF_LIB") else { return };
    let gpu = Gpu::headless().unwrap();
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "fs"));
    paths.sort();
    let (mut ok, mut n) = (0, 0);
    for path in paths {
        n += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        let vertex =
            fs::read(path.with_extension("vs")).ok().map(|b| String::from_utf8_lossy(&b).into_owned());
        let isf = match Isf::read(&text) {
            Ok(i) => i,
            Err(e) => {
                println!("READ {name}: {e}");
                continue;
            }
        };
        let program = match isf.translate(vertex.as_deref()) {
            Ok(i) => i,
            Err(e) => {
                println!("TRANSLATE {name}: {e}");
                continue;
            }
        };
        if program.textures.len() > 15 {
            println!("TEXTURES {name} {}", program.textures.len());
        }
        let r = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut player = Player::new(&gpu, isf, program, [64, 36]);
            for image in ["inputImage", "startImage", "endImage"] {
                player.show(
                    image,
                    &super::player::Canvas::new([64, 36], |x, y| {
                        [x as f32 / 64.0, y as f32 / 36.0, 0.5, 1.0]
                    }),
                );
            }
            player.draw();
            player.draw();
            let c = player.draw();
            if std::env::var("ISF_OUT").is_ok() {
                let bytes: Vec<u8> =
                    c.pixels.iter().flatten().map(|v| (v.clamp(0.0, 1.0) * 255.0) as u8).collect();
                fs::create_dir_all("/tmp/isfx/out").unwrap();
                fs::write(format!("/tmp/isfx/out/{name}.{}x{}.rgba", c.size_px[0], c.size_px[1]), bytes)
                    .unwrap();
            }
            let nan = c.pixels.iter().flatten().filter(|v| v.is_nan()).count();
            let flat = c.pixels.iter().all(|p| *p == c.pixels[0]);
            if nan > 0 {
                println!("NAN {name} {nan}");
            }
            if flat {
                println!("FLAT {name} {:?}", c.pixels[0]);
            }
        }));
        if r.is_ok() { ok += 1 } else { println!("PIPELINE {name}") }
    }
    println!("drawn {ok} of {n}");
}
