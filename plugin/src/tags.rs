//! What files of ours say about themselves: all that the picture depends on besides sound.

use klangbild_engine::controls::Controls;
use klangbild_engine::live::Models;
use klangbild_engine::stage::Gpu;

use crate::settings::Settings;

/// Keys and values for a still or a video that `gpu` draws, with pictures from `models`.
pub fn tags(settings: &Settings, controls: &Controls, gpu: &Gpu, models: &Models) -> Vec<(String, String)> {
    let mut tags = vec![
        ("pack".to_owned(), settings.pack.clone()),
        ("scene".to_owned(), controls.scene.name().to_owned()),
        ("seed".to_owned(), controls.seed.to_string()),
        ("made with".to_owned(), format!("klangbild {}", env!("CARGO_PKG_VERSION"))),
    ];
    let turned = controls.changed().map(|(id, value)| format!("--{} {}", id.knob().flag(), value.flag(id)));
    tags.push(("settings".to_owned(), turned.collect::<Vec<_>>().join(" ")));
    if !controls.limit_flashes || !gpu.can_limit_flashes() {
        tags.push(klangbild_engine::flash::UNLIMITED_TAG.map(str::to_owned).into());
    }
    if let Models::Running { tags: of_models, .. } = models {
        tags.extend(of_models.iter().cloned());
    }
    tags.push(("drawn by".to_owned(), gpu.describe()));
    if !settings.preset.is_empty() {
        tags.push(("preset".to_owned(), settings.preset.clone()));
    }
    tags
}
