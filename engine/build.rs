//! Built again when a scene is added or changed: those that are built in are a folder.

fn main() {
    println!("cargo::rerun-if-changed=../shaders/scenes");
    println!("cargo::rerun-if-changed=../shaders/transitions");
}
