//! What is asked for on the command line about the picture.

use anyhow::bail;
use clap::Args;
use klangbild::instance::Instance;
use klangbild::preset::Library;
use klangbild_engine::knobs::{KnobId, Scene, Turned};
use klangbild_engine::pack::Pack;

/// What the parameters can reach.
const MOST_SENSITIVITY: f32 = 4.0;
const LAST_SEED: u64 = 9999;

#[derive(Args)]
pub struct LookArgs {
    /// Begin with this preset; the options below go before what it says.
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// The pack of models: a name from `klangbild pack list`, a folder or a .zip.
    #[arg(long)]
    pack: Option<String>,
    /// How the pictures are shown: picture, flow, kaleidoscope.
    #[arg(long)]
    scene: Option<Scene>,
    /// The one source of randomness, 0 to 9999.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=LAST_SEED))]
    seed: Option<u64>,
    /// How strongly the picture answers to the sound: 0 hardly, 1 normally, 4 wildly.
    #[arg(long, value_parser = parse_sensitivity)]
    sensitivity: Option<f32>,
}

impl LookArgs {
    /// Gives parameters and settings their values.
    ///
    /// # Errors
    /// A preset or a pack that does not exist or is broken.
    pub fn apply(&self, instance: &Instance) -> anyhow::Result<()> {
        if let Some(name) = &self.preset {
            apply_preset(instance, name)?;
        }
        if let Some(reference) = &self.pack {
            // Read now, so that a wrong name is an error and not a notice.
            Pack::load(reference)?;
            instance.change_settings(|settings| settings.pack.clone_from(reference));
        }
        let params = &instance.params;
        if let Some(scene) = self.scene {
            params.turn(KnobId::Scene, scene.value());
        }
        if let Some(seed) = self.seed {
            params.turn(KnobId::Seed, seed.value());
        }
        if let Some(sensitivity) = self.sensitivity {
            params.turn(KnobId::Sensitivity, sensitivity.value());
        }
        Ok(())
    }
}

fn apply_preset(instance: &Instance, name: &str) -> anyhow::Result<()> {
    let library = Library::open();
    let preset = library.find(name)?;
    let (values, problems) = preset.values(&instance.params);
    problems.into_iter().for_each(|problem| instance.notices.warn(problem));
    for (param, value) in values {
        // SAFETY: the pointer is of `instance.params`, which is borrowed for as long.
        unsafe { param._internal_set_normalized_value(value) };
    }
    instance.change_settings(|settings| {
        settings.preset.clone_from(&preset.name);
        if let Some(pack) = &preset.pack {
            settings.pack.clone_from(pack);
        }
    });
    Ok(())
}

fn parse_sensitivity(text: &str) -> anyhow::Result<f32> {
    match text.parse() {
        Ok(value) if (0.0..=MOST_SENSITIVITY).contains(&value) => Ok(value),
        _ => bail!("it is a number from 0 to {MOST_SENSITIVITY}"),
    }
}
