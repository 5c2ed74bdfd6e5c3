//! What is asked for on the command line about the picture.

use anyhow::bail;
use clap::Args;
use klangbild::instance::Instance;
use klangbild::preset::Library;
use klangbild_engine::pack::Pack;
use klangbild_engine::scene::Scene;

use crate::flags::{KnobArgs, scene_of};
use crate::wording::WordArgs;

#[derive(Args)]
pub struct LookArgs {
    /// Begin with this preset; the options below go before what it says.
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// The pack of models: a name from `klangbild pack list`, a folder or a .zip.
    #[arg(long)]
    pack: Option<String>,
    /// What the director chooses from: scenes by name, as a,b,c; all that are built in, if none is named
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = scene_of)]
    favourites: Vec<Scene>,
    #[command(flatten)]
    words: WordArgs,
    #[command(flatten)]
    knobs: KnobArgs,
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
        instance.change_settings(|settings| settings.favourites.clone_from(&self.favourites));
        if let Some(words) = self.words.wording()? {
            instance.change_settings(|settings| settings.words = words.clone());
        }
        for (id, value) in self.words.amount(&self.knobs).into_iter().chain(self.knobs.turned()) {
            let knob = id.knob();
            if !knob.kind.reaches(value) {
                bail!("--{} is {}; {}", knob.flag(), value.flag(id), knob.kind.reach());
            }
            instance.params.turn(id, value);
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
    instance.change_settings(|settings| preset.settle(settings));
    Ok(())
}
