//! Installations from a server on this machine, with small wheels.

mod downloads;
mod folders;
mod zips;

use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use klangbild_tests::http::{Answer, Server};
use sha2::{Digest, Sha256};

use super::*;

const PLATFORM: (&str, &str) = ("moonos", "moon64");

/// What is in every wheel that a test does not make itself. The noise makes it long when packed, too.
fn entries() -> Vec<(&'static str, Vec<u8>)> {
    let noise =
        std::iter::successors(Some(1_u32), |n| Some(n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)));
    let noise = noise.map(|n| (n >> 24) as u8).take(400_000);
    vec![
        ("pkg/lib/libmoon.so.1", noise.collect()),
        ("pkg/lib/libcrater.so", b"a crater".to_vec()),
        ("pkg/include/moon.h", b"a header".to_vec()),
        ("pkg-1.0.dist-info/LICENSE", b"free as the moon".to_vec()),
    ]
}

fn zip(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn member(path: &'static str, other_name: Option<&'static str>, bytes: usize) -> Member {
    Member { path, other_name, bytes: bytes as u64 }
}

/// What the catalogue names of [`entries`].
fn members() -> Vec<Member> {
    let entries = entries();
    let size = |place: usize| entries[place].1.len();
    vec![
        member("pkg/lib/libmoon.so.1", None, size(0)),
        member("pkg/lib/libcrater.so", None, size(1)),
        member("pkg-1.0.dist-info/LICENSE", Some("licence.txt"), size(3)),
    ]
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A catalogue of one part, `moon`, and of `sun`, which is for another platform.
fn catalogue(version: &'static str, file: &[u8], members: Vec<Member>) -> &'static [Part] {
    let wheel = Wheel {
        package: "pkg",
        version,
        folder: "12/34/5678",
        file: "pkg.whl",
        bytes: file.len() as u64,
        sha256: sum(file).leak(),
        members: members.leak(),
    };
    let part = |name, platform, wheels: Vec<Wheel>| Part {
        name,
        purpose: "cards on the moon",
        licence: "free",
        platform,
        wheels: wheels.leak(),
    };
    vec![part("moon", PLATFORM, vec![wheel]), part("sun", ("sunos", "sun64"), Vec::new())].leak()
}

/// A store whose server answers as told.
struct Shop {
    scratch: tempfile::TempDir,
    server: Server,
    store: Store,
}

impl Shop {
    fn new(
        parts: &'static [Part],
        answer: impl Fn(&klangbild_tests::http::Request, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let server = Server::start(answer);
        let store = Store {
            folder: scratch.path().join("some/runtime"),
            parts,
            platform: PLATFORM,
            host: server.url(),
            patience: std::time::Duration::from_secs(60),
            free_space: |_| Ok(u64::MAX),
        };
        Self { scratch, server, store }
    }

    /// One that has the usual wheel and sends it.
    fn good() -> Self {
        let file = zip(&entries());
        Self::new(catalogue("1.0", &file, members()), move |_, _| Answer::File(file.clone()))
    }

    fn install(&self) -> Result<Installed, PartError> {
        self.store.install("moon", &mut |_| {}, &AtomicBool::new(false))
    }

    /// What an installation that must fail says, which must be one line.
    #[track_caller]
    fn fails(&self) -> String {
        let message = self.install().unwrap_err().to_string();
        assert!(!message.contains('\n'), "{message}");
        message
    }

    fn state(&self) -> State {
        self.store.list().remove(0).state
    }

    /// A path in the runtime folder.
    fn path(&self, name: &str) -> PathBuf {
        self.store.folder.join(name)
    }

    /// All names in the runtime folder but the lock's, sorted.
    fn names(&self) -> Vec<String> {
        names(&self.store.folder).into_iter().filter(|name| name != "lock").collect()
    }

    /// The usual wheel is installed, with all that was named of it, and nothing else is there.
    #[track_caller]
    fn is_whole(&self) {
        assert_eq!(self.state(), State::Whole);
        assert_eq!(self.names(), ["moon"]);
        let installed = ["installed.json", "libcrater.so", "libmoon.so.1", "licence.txt"];
        assert_eq!(names(&self.path("moon")), installed);
        let read = |name: &str| fs::read(self.path("moon").join(name)).unwrap();
        assert!(read("libmoon.so.1") == entries()[0].1, "libmoon.so.1 is another");
        assert_eq!(read("licence.txt"), entries()[3].1);
    }

    /// Nothing is installed, and nothing of an installation is left but perhaps downloads.
    #[track_caller]
    fn has_nothing(&self) {
        assert_eq!(self.state(), State::Missing);
        assert!(self.names().iter().all(|name| name == "downloads"), "{:?}", self.names());
    }
}

/// All names in a folder, sorted; none where there is no folder.
fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
