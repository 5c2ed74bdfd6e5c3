//! Cards that this machine need not have.

use super::*;

fn card(name: &str, kind: Kind, memory_mib: Option<u64>, vendor: u32, bus: &str) -> Device {
    Device { number: 0, name: name.to_owned(), kind, memory_mib, vendor, id: 7, bus: bus.to_owned() }
}

/// An Intel in the processor, an AMD and two of NVIDIA's, one of which two drivers show.
fn cards() -> Vec<Device> {
    numbered(vec![
        card("Intel UHD 770", Kind::Integrated, None, INTEL, "0000:00:02.0"),
        card("NVIDIA RTX 4070", Kind::Discrete, Some(12_282), NVIDIA, "0000:01:00.0"),
        card("NVIDIA RTX 4070", Kind::Discrete, Some(12_282), NVIDIA, "0000:01:00.0"),
        card("AMD Radeon RX 7900", Kind::Discrete, Some(24_560), 0x1002, "0000:03:00.0"),
        card("NVIDIA RTX 4070", Kind::Discrete, Some(12_282), NVIDIA, "0000:04:00.0"),
    ])
}

fn target(provider: Provider, wanted: &str) -> Result<(String, i32), String> {
    let target = Target::among(&cards(), provider, wanted)?;
    Ok((target.device.map_or(String::new(), |device| device.bus), target.cuda_number))
}

#[test]
fn the_strongest_comes_first_and_each_card_once() {
    let lines: Vec<_> = cards().iter().map(Device::to_string).collect();
    let (nvidia, amd) = ("NVIDIA RTX 4070 (GPU, 12282 MiB)", "AMD Radeon RX 7900 (GPU, 24560 MiB)");
    let expected = [
        format!("1 {amd}"),
        format!("2 {nvidia}"),
        format!("3 {nvidia}"),
        "4 Intel UHD 770 (integrated GPU)".to_owned(),
    ];
    assert_eq!(lines, expected);
}

#[test]
fn each_provider_takes_the_strongest_that_it_drives() {
    assert_eq!(target(Provider::WebGpu, ""), Ok(("0000:03:00.0".to_owned(), 0)));
    assert_eq!(target(Provider::Cuda, "automatic"), Ok(("0000:01:00.0".to_owned(), 0)));
    assert_eq!(target(Provider::OpenVino, ""), Ok(("0000:00:02.0".to_owned(), 0)));
    assert_eq!(target(Provider::Cpu, ""), Ok((String::new(), 0)));
}

#[test]
fn a_card_is_chosen_by_number_or_name_and_who_cannot_drive_it_is_left_out() {
    assert_eq!(target(Provider::Cuda, "3"), Ok(("0000:04:00.0".to_owned(), 1)));
    assert_eq!(target(Provider::WebGpu, " intel "), Ok(("0000:00:02.0".to_owned(), 0)));
    let error = target(Provider::Cuda, "radeon").unwrap_err();
    assert_eq!(error, "it does not drive AMD Radeon RX 7900, which was chosen for the models");
    let weak = Target::among(&cards(), Provider::WebGpu, "intel").unwrap();
    assert_eq!(
        (weak.power_preference(), Target::any(Provider::WebGpu).power_preference()),
        ("low-power", "high-performance")
    );
}

#[test]
fn an_unknown_name_is_told_with_those_that_there_are_and_the_strongest_goes_on() {
    let error = find(&cards(), "arc").unwrap_err();
    assert!(
        error.contains("\"arc\"") && error.contains("1 AMD Radeon RX 7900") && error.contains("automatic"),
        "{error}"
    );
    assert_eq!(target(Provider::WebGpu, "arc"), target(Provider::WebGpu, ""));
    assert!(find(&[], "1").unwrap_err().contains("no GPU at all"));
    assert_eq!(find(&cards(), "Automatic"), Ok(None));
}
