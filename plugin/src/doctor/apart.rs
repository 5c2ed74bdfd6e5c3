//! Models in a process of their own: which, from where, and what runs now.

use std::io::{self, Write};
use std::path::PathBuf;

use klangbild_engine::inference::afar::{Home, Process, Terms};
use klangbild_engine::inference::wish::apart;
use serde::Serialize;

/// What was found.
#[derive(Debug, Serialize)]
pub struct Apart {
    when: apart::Apart,
    /// What is started; none where it is not there.
    program: Option<PathBuf>,
    /// Where its processes are found.
    folder: Option<PathBuf>,
    /// What the one for packs from outside may take, in MiB.
    guarded_mib: u64,
    /// Those that run now.
    processes: Vec<Process>,
}

impl Apart {
    pub fn look() -> Self {
        let Terms { when, home, .. } = Terms::default();
        let processes = home.processes();
        let Home { program, folder, guarded_mib } = home;
        Self { when, program, folder, guarded_mib, processes }
    }

    /// What is wrong, and the cure.
    pub fn problem(&self) -> Option<(&'static str, &'static str)> {
        (self.when != apart::Apart::Never && self.program.is_none()).then_some((
            "no program `klangbild` lies beside this one: all models run in the program that shows them",
            "install the program again, or name it in KLANGBILD_APART_PROGRAM",
        ))
    }

    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { when, program, folder, guarded_mib, processes } = self;
        let which = match when {
            apart::Apart::Automatic => "packs from outside",
            apart::Apart::Always => "all packs",
            apart::Apart::Never => "no packs",
        };
        writeln!(out, "\nModels in a process of their own\n    {when}: {which}")?;
        writeln!(out, "    packs from outside get at most {guarded_mib} MiB of memory")?;
        for (what, path) in [("program", program), ("sockets", folder)] {
            let path = path.as_ref().map_or("none".to_owned(), |path| path.display().to_string());
            writeln!(out, "    {what:<13} {path}")?;
        }
        for Process { id, is_guarded } in processes {
            let what = if *is_guarded { "for packs from outside" } else { "for built-in packs" };
            writeln!(out, "    process {id} runs, {what}")?;
        }
        Ok(())
    }
}
