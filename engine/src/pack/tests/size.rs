//! One generator at several sizes: what is checked, and which one is painted for a frame.

use super::*;
use crate::pack::size::PictureSize;

/// The tiny pack, whose pictures are 16 x 16, with further sizes.
fn sized_pack(sizes: &[(i64, i64)]) -> Files {
    let mut files = tiny_pack();
    let mut manifest = MANIFEST.to_owned();
    for (width, height) in sizes {
        let file = format!("at{width}x{height}.onnx");
        manifest +=
            &format!("[[generator.size]]\nwidth_px = {width}\nheight_px = {height}\nfile = \"{file}\"\n");
        set(&mut files, &file, tiny::generator_at(4, *width, *height).model());
    }
    set(&mut files, "pack.toml", manifest);
    files
}

fn px(width_px: u32, height_px: u32) -> PictureSize {
    PictureSize { width_px, height_px }
}

fn sizes_for(pack: &Pack, width_px: u32, height_px: u32) -> Vec<PictureSize> {
    pack.sizes_for(px(width_px, height_px)).into_iter().map(|(size, _)| size).collect()
}

#[test]
fn the_shape_of_the_frame_decides_first_and_nothing_larger_than_it_needs_is_painted() {
    let pack = load(&sized_pack(&[(32, 18), (18, 32), (64, 36), (128, 72)])).unwrap();
    assert_eq!(sizes_for(&pack, 100, 100), [px(16, 16)]);
    assert_eq!(sizes_for(&pack, 1080, 1920), [px(18, 32)]);
    assert_eq!(sizes_for(&pack, 640, 360), [px(32, 18), px(64, 36), px(128, 72)]);
    assert_eq!(sizes_for(&pack, 60, 34), [px(32, 18), px(64, 36)]);
    assert_eq!(sizes_for(&pack, 40, 22), [px(32, 18)], "nearly as large as the frame");
    assert_eq!(sizes_for(&pack, 2560, 1080), [px(32, 18), px(64, 36), px(128, 72)], "the widest there is");
    assert_eq!(sizes_for(&load(&tiny_pack()).unwrap(), 1080, 1920), [px(16, 16)], "there is no other");
}

#[test]
fn offline_the_size_is_counted_so_that_it_is_the_same_each_time() {
    let pack = load(&sized_pack(&[(32, 18), (64, 36)])).unwrap();
    let frame = px(640, 360);
    let work = pack.sizes_for(frame).last().unwrap().1;
    assert!((64 * 36 * 3..64 * 36 * 3 * 4).contains(&work), "{work}");
    assert_eq!(pack.size_offline(frame, 10.0, 1), px(64, 36));
    // So many pictures that only the smallest can be made in time.
    assert_eq!(pack.size_offline(frame, 2e6, 1), px(32, 18));
    assert_eq!(pack.size_offline(frame, 2e6, 8), px(64, 36), "with more threads");
    assert_eq!(pack.size_offline(frame, 1e12, 1), px(32, 18), "there is always one");
}

#[test]
fn a_pack_paints_at_another_size_and_still_has_all_of_them() {
    let pack = load(&sized_pack(&[(32, 18), (18, 32)])).unwrap();
    let upright = pack.painting_at(px(18, 32)).unwrap();
    assert_eq!(
        (upright.picture_size(), upright.generator_contract.image_shape.clone()),
        (px(18, 32), vec![1, 3, 32, 18])
    );
    assert!(upright.generator.file.ends_with("at18x32.onnx"), "{}", upright.generator.file);
    assert_eq!(upright.painting_at(px(16, 16)).unwrap().generator.file, pack.generator.file);
    assert!(pack.painting_at(px(17, 16)).is_none());
    let sizes = |pack: &Pack| pack.picture_sizes().into_iter().map(|(size, _)| size).collect::<Vec<_>>();
    assert_eq!(sizes(&pack), [px(16, 16), px(32, 18), px(18, 32)]);
    assert_eq!(sizes(&upright).len(), 3);
}

#[test]
fn a_size_that_is_not_what_it_says_is_refused_like_any_graph() {
    let refused = |change: &dyn Fn(&mut Files), parts: &[&str]| {
        let mut files = sized_pack(&[(32, 18)]);
        change(&mut files);
        assert_error(load(&files), parts);
    };
    refused(
        &|files| set(files, "at32x18.onnx", tiny::generator_at(4, 36, 18).model()),
        &["width_px", "36", "32"],
    );
    refused(
        &|files| set(files, "at32x18.onnx", tiny::generator_at(5, 32, 18).model()),
        &["generator.size", "the inputs and outputs"],
    );
    refused(&|files| files.retain(|(name, _)| name != "at32x18.onnx"), &["at32x18.onnx", "no such file"]);
    refused(&|files| set(files, "at32x18.onnx", "no model"), &["at32x18.onnx"]);
    assert_error(load(&sized_pack(&[(32, 18), (32, 18)])), &["generator.size", "32x18 twice"]);
    let many: Vec<(i64, i64)> = (0..9).map(|more| (20 + more, 18)).collect();
    assert_error(load(&sized_pack(&many)), &["at most 8 further sizes", "9"]);
}

#[test]
fn graphs_that_share_their_weights_keep_them_once() {
    let mut files = sized_pack(&[(32, 18)]);
    for (name, width, height) in [("generator.onnx", 16, 16), ("at32x18.onnx", 32, 18)] {
        let mut graph = tiny::generator_at(4, width, height);
        let entry = |key: &str, value: &str| Writer::default().bytes(1, key).bytes(2, value).finish();
        let tensor = Writer::default().number(1, 4).number(2, 1).bytes(8, "beside");
        let tensor = tensor.bytes(13, entry("location", "shared.weights")).bytes(13, entry("length", "16"));
        graph.tensors.push(tensor.number(14, 1).finish());
        set(&mut files, name, graph.model());
    }
    set(&mut files, "shared.weights", vec![0; 16]);
    let pack = load(&files).unwrap();
    let [own, other] = [&pack.generator, &pack.others[0].model].map(|model| Arc::clone(&model.external[0].1));
    assert!(Arc::ptr_eq(&own, &other));
}
