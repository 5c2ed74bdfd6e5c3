//! Where the program is that runs models apart, and where its processes are found.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Serialize;

use super::{memory, message};
use crate::inference::runtime::{DIR_VARIABLE, own_file};
use crate::pack::Folders;

/// Names the program, in place of the one beside this code.
const PROGRAM_VARIABLE: &str = "KLANGBILD_APART_PROGRAM";
/// Names the folder of sockets.
const FOLDER_VARIABLE: &str = "KLANGBILD_APART_FOLDER";
/// What decides how models are run, besides what is sent with them. Whoever has others of these gets another process.
const VARIABLES: [&str; 3] = [DIR_VARIABLE, "KLANGBILD_RUNTIME_FOLDER", "KLANGBILD_PROVIDERS"];

/// The program, and the folder in which its processes are found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Home {
    /// The program; none if it is not there.
    pub program: Option<PathBuf>,
    /// The folder; none where the user has no home. It is made when it is needed, and nobody else may look into it.
    pub folder: Option<PathBuf>,
    /// Memory that the process for packs from outside may take, in MiB.
    pub guarded_mib: u64,
}

/// Where one process is found, or would be.
#[derive(Clone, Debug, PartialEq)]
pub struct Seat {
    /// The folder of its files.
    pub folder: PathBuf,
    /// What they are called, without their endings.
    pub name: String,
    /// Memory that it may take, in MiB; none if there is no limit.
    pub memory_mib: Option<u64>,
}

/// A process that runs models.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Process {
    /// Its number.
    pub id: u32,
    /// Whether it is the one for packs from outside.
    pub is_guarded: bool,
}

impl Home {
    /// This user's: the program beside this code (a plugin's in its bundle, or the program itself), and a folder for as long as the
    /// user is there.
    pub fn of_user() -> Self {
        let named = |name: &str| env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
        let short_lived = || Some(named("XDG_RUNTIME_DIR")?.join("klangbild"));
        let folder = named(FOLDER_VARIABLE).or_else(short_lived);
        Self {
            program: named(PROGRAM_VARIABLE).or_else(beside),
            folder: folder.or_else(|| Some(Folders::of_user().cache?.join("apart"))),
            guarded_mib: memory::guarded_mib(),
        }
    }

    /// The place of the process for built-in packs, or of the one for packs from outside.
    pub fn seat(&self, is_guarded: bool) -> Option<Seat> {
        let mut hasher = DefaultHasher::new();
        VARIABLES.map(env::var_os).hash(&mut hasher);
        let memory_mib = is_guarded.then_some(self.guarded_mib);
        let limit = memory_mib.map(|mib| format!("-{mib}")).unwrap_or_default();
        // Another version of ours never meets it. Short, as the path of a socket may have a hundred letters.
        let (version, protocol, about) =
            (env!("CARGO_PKG_VERSION"), message::PROTOCOL, hasher.finish() as u32);
        let name = format!("{version}-{protocol}-{about:08x}{limit}");
        Some(Seat { folder: self.folder.clone()?, name, memory_mib })
    }

    /// The processes that run now.
    pub fn processes(&self) -> Vec<Process> {
        let seats = [false, true].into_iter().filter_map(|is_guarded| self.seat(is_guarded));
        seats
            .filter_map(|seat| Some(Process { id: seat.holder()?, is_guarded: seat.memory_mib.is_some() }))
            .collect()
    }
}

impl Seat {
    /// The socket.
    pub(super) fn socket(&self) -> PathBuf {
        self.file("sock")
    }

    /// Locked by who starts a process, so that not two do.
    pub(super) fn start_lock(&self) -> PathBuf {
        self.file("start")
    }

    /// Locked by the process for as long as it runs.
    pub(super) fn life_lock(&self) -> PathBuf {
        self.file("lock")
    }

    /// The process's number, for who is curious: a locked file cannot be read everywhere.
    pub(super) fn number(&self) -> PathBuf {
        self.file("process")
    }

    /// What it has to say.
    pub fn log(&self) -> PathBuf {
        self.file("log")
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.name))
    }

    /// The number of the process that has it.
    pub(super) fn holder(&self) -> Option<u32> {
        let lock = fs::File::open(self.life_lock()).ok()?;
        match lock.try_lock_shared() {
            Err(fs::TryLockError::WouldBlock) => fs::read_to_string(self.number()).ok()?.trim().parse().ok(),
            _ => None,
        }
    }
}

/// The program beside this code.
fn beside() -> Option<PathBuf> {
    let file = own_file().or_else(|| env::current_exe().ok())?;
    let file = file.canonicalize().unwrap_or(file);
    let folder = file.parent()?;
    // On macOS the plugin itself is called `Klangbild`, and there `klangbild` is the same file.
    let helpers = folder.parent().map(|beside| beside.join("Helpers"));
    let folders = helpers.iter().map(PathBuf::as_path).chain([folder]);
    folders.map(in_folder).find(|program| program.is_file())
}

fn in_folder(folder: &Path) -> PathBuf {
    folder.join(format!("klangbild{}", env::consts::EXE_SUFFIX))
}
