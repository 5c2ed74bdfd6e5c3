//! The knobs as flags: one for each row of the engine's table that is turned.

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};
use klangbild_engine::controls::Controls;
use klangbild_engine::knobs::{Kind, KnobId, Value};
use klangbild_engine::scene::{Scene, UnknownScene};

/// The scene of this name, for an option that takes one.
pub fn scene_of(name: &str) -> Result<Scene, String> {
    name.trim().parse().map_err(|unknown: UnknownScene| unknown.to_string())
}

/// What was asked for, in the table's order.
#[derive(Clone, Debug, Default)]
pub struct KnobArgs {
    turned: Vec<(KnobId, Value)>,
}

impl KnobArgs {
    /// What was asked for.
    pub fn turned(&self) -> impl Iterator<Item = (KnobId, Value)> {
        self.turned.iter().copied()
    }

    /// Turns what was asked for.
    pub fn turn(&self, controls: &mut Controls) {
        self.turned().for_each(|(id, value)| controls.set(id, value));
    }
}

impl Args for KnobArgs {
    fn augment_args(command: Command) -> Command {
        KnobId::turned().fold(command, |command, id| command.arg(flag(id)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for KnobArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let asked = |id: KnobId| Some((id, *matches.get_one::<Value>(id.knob().field)?));
        Ok(Self { turned: KnobId::turned().filter_map(asked).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn flag(id: KnobId) -> Arg {
    let knob = id.knob();
    let default = knob.default().flag(id);
    let (name, range) = match knob.kind {
        Kind::Number(number) => ("N", format!("{} to {}", number.min, number.most)),
        Kind::Whole(_) => ("N", "a whole number".to_owned()),
        Kind::Switch { .. } | Kind::Act => ("on|off", "on or off".to_owned()),
        Kind::Scene => ("NAME", "`klangbild scene list` lists them".to_owned()),
        Kind::Choice(choices) => ("NAME", choices.keys.join(", ")),
    };
    // A switch that is named alone is on: `--director`.
    let alone = matches!(knob.kind, Kind::Switch { .. });
    Arg::new(knob.field)
        .num_args(if alone { 0..=1 } else { 1..=1 })
        .default_missing_value("on")
        .require_equals(false)
        .long(knob.flag())
        .value_name(name)
        .help(format!("{} {range} [default: {default}]", knob.help))
        .help_heading("Knobs")
        .allow_negative_numbers(true)
        .value_parser(move |text: &str| Value::parse_flag(id, text))
}
