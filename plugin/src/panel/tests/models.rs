//! What runs the models: chosen, fetched, removed.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use klangbild_engine::inference::Provider;
use klangbild_engine::inference::devices::Device;
use klangbild_engine::inference::wish::apart::Apart;

use super::hand::take;
use super::sample::Sample;
use crate::errand::Progress;
use crate::panel::Wish;

/// The panel with that list open.
fn open_list(sample: Sample) -> Harness<'static, Sample> {
    let mut window = sample.open(960.0, 540.0);
    window.run();
    window.get_by_label("Models run on").click();
    window.run();
    window
}

fn click(window: &mut Harness<'_, Sample>, label: &str) -> Vec<Wish> {
    window.get_by_label(label).click();
    window.run();
    take(window)
}

#[test]
fn a_provider_is_one_click_and_automatic_another() {
    let mut window = open_list(Sample::default());
    assert_eq!(click(&mut window, "WebGPU"), [Wish::Provider(Some(Provider::WebGpu))]);
    let mut sample = Sample::default();
    sample.outfit.chosen = Some(vec![Provider::WebGpu]);
    assert_eq!(click(&mut open_list(sample), "Automatic"), [Wish::Provider(None)]);
}

#[test]
fn of_two_cards_one_is_a_click_and_of_one_there_is_no_choice() {
    let card = |number: usize, name: &str| Device { number, name: name.to_owned(), ..Device::default() };
    let cards = vec![card(1, "RTX 4070"), card(2, "UHD 770")];
    let sample = |device: &str, devices: &[Device]| {
        let mut sample = Sample::default();
        (sample.outfit.device, sample.outfit.devices) = (device.to_owned(), devices.to_vec());
        sample
    };
    let weaker = cards[1].clone();
    let wishes = click(&mut open_list(sample("", &cards)), &weaker.to_string());
    assert_eq!(wishes, [Wish::Device(Some(weaker))]);
    assert_eq!(click(&mut open_list(sample("uhd", &cards)), "The strongest"), [Wish::Device(None)]);
    let alone = open_list(sample("", &cards[..1]));
    assert!(alone.query_by_label("The strongest").is_none());
}

#[test]
fn whose_models_run_in_a_process_of_their_own_is_one_click() {
    let mut window = open_list(Sample::default());
    assert_eq!(click(&mut window, "All packs"), [Wish::Apart(Apart::Always)]);
    assert_eq!(click(&mut open_list(Sample::default()), "Packs from outside"), []);
}

#[test]
fn what_is_fetched_tells_its_size_and_is_asked_for_twice() {
    let mut window = open_list(Sample::default());
    assert_eq!(click(&mut window, "Get nvidia, 1.5 GB"), []);
    assert_eq!(click(&mut window, "Really fetch 1.5 GB?"), [Wish::InstallPart("nvidia".to_owned())]);
    let mut window = open_list(Sample::default());
    assert_eq!(click(&mut window, "Remove openvino"), []);
    assert_eq!(click(&mut window, "Really remove openvino?"), [Wish::RemovePart("openvino".to_owned())]);
}

#[test]
fn what_is_on_its_way_can_be_stopped_and_nothing_else_begun() {
    let errand = Some(Progress { part: "nvidia".to_owned(), share: Some(0.34) });
    let mut window = open_list(Sample { errand, ..Sample::default() });
    assert!(window.query_by_label_contains("Get ").is_none());
    assert_eq!(click(&mut window, "Stop nvidia"), [Wish::StopErrand]);
}
