//! The commands, and what each says about itself.

use anyhow::{Result, bail};

use crate::{bundle, demo, gallery, install, models, program, setup, test, thumbnails};

/// A command: what it is called, what it says about itself, and what it does.
struct Command {
    name: &'static str,
    /// What may stand behind its name.
    takes: &'static str,
    /// One line.
    does: &'static str,
    /// More lines for its own help: arguments, what is installed, what is left behind.
    more: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        takes: "",
        does: "turn the bundled song into demo.mp4 and demo.png",
        more: "\
Installs what is missing, builds (10 to 15 minutes on two cores the first time, then seconds), and renders
assets/demo-song into demo.mp4, with frames from all over it on one sheet, demo.png.
",
        run: |rest| nothing_behind("demo", rest).and_then(|()| demo::run()),
    },
    Command {
        name: "gallery",
        takes: "[NAME ...]",
        does: "show every scene and transition in docs/gallery",
        more: "\
Installs what is missing, builds, and renders each scene to two songs and each transition once (a quarter of an hour on
two cores); with names only these scenes and transitions. Needs ffmpeg.
",
        run: gallery::run,
    },
    Command {
        name: "thumbnails",
        takes: "[NAME ...]",
        does: "make the small pictures of scenes and presets that the panel shows",
        more: "\
Installs what is missing, builds, and renders four seconds of the demo song with each scene and each preset (ten minutes
on two cores) into assets/thumbnails; with names only these. Needs ffmpeg.
",
        run: thumbnails::run,
    },
    Command {
        name: "test",
        takes: "",
        does: "run every check and every test",
        more: "\
Installs what is missing, then checks formatting and licences, builds, lints, documents, and runs every test, those of
the plugin in hosts included. One that fails does not hide the others.
",
        run: |rest| nothing_behind("test", rest).and_then(|()| test::run()),
    },
    Command {
        name: "install",
        takes: "[--profile NAME] [--to FOLDER]",
        does: "put the CLAP and VST3 plugins where this user's DAWs look for them",
        more: "\
Bundles as `cargo xtask bundle` does, and copies both plugins. What lies there and is no Klangbild is left alone.

  --profile NAME   cargo's profile: `release` if not said; `fast` builds quicker
  --to FOLDER      into CLAP/ and VST3/ in this folder instead
",
        run: install::install,
    },
    Command {
        name: "uninstall",
        takes: "[--to FOLDER]",
        does: "remove what install put",
        more: "\
Takes away both plugins, and what is no Klangbild it leaves alone.

  --to FOLDER      from CLAP/ and VST3/ in this folder instead
",
        run: install::uninstall,
    },
    Command {
        name: "bundle",
        takes: "[--profile NAME] [--zip]",
        does: "put plugins and program together in target/bundled",
        more: "\
Installs what is missing and builds: both plugins and the program, with ONNX Runtime and every licence beside them.

  --profile NAME   cargo's profile: `release` if not said; `fast` builds quicker
  --zip            also as one archive, with its SHA-256 beside it
",
        run: bundle::run,
    },
    Command {
        name: "bench",
        takes: "[ARGUMENTS]",
        does: "measure this machine with `klangbild bench ARGUMENTS`",
        more: "\
Installs what is missing, builds in the profile `fast`, and runs `klangbild bench` with the arguments: --live, for one.
`cargo xtask bench -- --help` shows all of them.
",
        run: program::bench,
    },
    Command {
        name: "setup",
        takes: "",
        does: "install what is missing, and no more",
        more: "\
System packages through apt on Debian and Ubuntu (elsewhere it says what is needed), and ONNX Runtime with its
WebGPU provider from their PyPI wheels, pinned by version and SHA-256. Where nothing is missing it needs no network.
",
        run: |rest| nothing_behind("setup", rest).and_then(|()| setup::run(setup::Purpose::Run)),
    },
    Command {
        name: "models",
        takes: "setup | test [ARGUMENTS]",
        does: "set up or test the Python that makes the packs",
        more: models::HELP,
        run: models::run,
    },
];

/// Runs what stands on the command line.
pub fn run(arguments: &[String]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [] | ["help" | "-h" | "--help"] => {
            print!("{}", overview());
            Ok(())
        }
        ["help", name, ..] => find(name).map(|command| print!("{}", command.help())),
        [name, ..] => {
            let command = find(name)?;
            let rest = &arguments[1..];
            if asks_for_help(rest) {
                print!("{}", command.help());
                return Ok(());
            }
            (command.run)(rest)
        }
    }
}

/// Help may be asked for anywhere before `--`, behind which everything belongs to another program.
fn asks_for_help(rest: &[String]) -> bool {
    rest.iter().take_while(|word| *word != "--").any(|word| word == "-h" || word == "--help")
}

fn find(name: &str) -> Result<&'static Command> {
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => Ok(command),
        None => bail!("no command `{name}`\n\n{}", overview()),
    }
}

fn overview() -> String {
    let mut text = "Usage: cargo xtask COMMAND\n\n".to_owned();
    for command in COMMANDS {
        text += &format!("  {:<11}{}\n", command.name, command.does);
    }
    text + "\nEach installs what it needs and is missing. `cargo xtask COMMAND --help` says more.\n"
}

impl Command {
    fn help(&self) -> String {
        let takes = if self.takes.is_empty() { String::new() } else { format!(" {}", self.takes) };
        format!("{}: {}\n\nUsage: cargo xtask {}{takes}\n\n{}", self.name, self.does, self.name, self.more)
    }
}

/// For a command that takes no arguments.
fn nothing_behind(name: &str, rest: &[String]) -> Result<()> {
    match rest.first() {
        Some(extra) => bail!("`cargo xtask {name}` takes no arguments, found `{extra}`"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn every_command_explains_itself_and_does_nothing_else_then() {
        for command in COMMANDS {
            let help = command.help();
            assert!(help.contains(&format!("Usage: cargo xtask {}", command.name)), "{help}");
            assert!(help.lines().all(|line| line.len() <= 120), "{help}");
            for asked in ["--help", "-h", "--profile fast --help", "test --help"] {
                run(&words(&format!("{} {asked}", command.name))).unwrap();
            }
            run(&words(&format!("help {}", command.name))).unwrap();
            assert!(overview().contains(command.does));
        }
        run(&[]).unwrap();
        run(&words("--help")).unwrap();
    }

    #[test]
    fn what_is_behind_two_dashes_belongs_to_another_program() {
        assert!(asks_for_help(&words("--live --help")));
        assert!(!asks_for_help(&words("-- --help")));
    }

    #[test]
    fn what_it_does_not_know_it_names() {
        let error = |line: &str| run(&words(line)).unwrap_err().to_string();
        assert!(error("tset").starts_with("no command `tset`\n\nUsage: cargo xtask COMMAND"));
        assert!(error("help tset").starts_with("no command `tset`"));
        assert!(error("demo now").contains("takes no arguments, found `now`"));
        assert!(error("bundle --zap").contains("no argument `--zap`"));
    }
}
