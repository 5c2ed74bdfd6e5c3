//! Where presets are kept.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use klangbild_engine::pack::Folders;
use thiserror::Error;

use super::{ListedPreset, Preset};
use crate::params::KlangbildParams;
use crate::settings::Settings;

/// The files of the presets that come with the program, in the order in which they are offered.
const FACTORY: &[&str] = &[
    include_str!("factory/01-gallery.toml"),
    include_str!("factory/02-evening-salon.toml"),
    include_str!("factory/03-all-night.toml"),
    include_str!("factory/04-full-programme.toml"),
    include_str!("factory/05-breath.toml"),
    include_str!("factory/06-northern-hymn.toml"),
    include_str!("factory/07-low-tide.toml"),
    include_str!("factory/08-deep-field.toml"),
    include_str!("factory/09-rain-on-the-window.toml"),
    include_str!("factory/10-first-frost.toml"),
    include_str!("factory/11-aeolian.toml"),
    include_str!("factory/12-brush-and-water.toml"),
    include_str!("factory/13-moonrise.toml"),
    include_str!("factory/14-silk.toml"),
    include_str!("factory/15-harp.toml"),
    include_str!("factory/16-smoke-rings.toml"),
    include_str!("factory/17-fireflies.toml"),
    include_str!("factory/18-fresco.toml"),
    include_str!("factory/19-plein-air.toml"),
    include_str!("factory/20-afterglow.toml"),
    include_str!("factory/21-undertow.toml"),
    include_str!("factory/22-woven-light.toml"),
    include_str!("factory/23-dream-machine.toml"),
    include_str!("factory/24-neural-glass.toml"),
    include_str!("factory/25-atoll.toml"),
    include_str!("factory/26-velvet-noir.toml"),
    include_str!("factory/27-tape-echo.toml"),
    include_str!("factory/28-nocturne.toml"),
    include_str!("factory/29-last-train.toml"),
    include_str!("factory/30-time-corridor.toml"),
    include_str!("factory/31-endpapers.toml"),
    include_str!("factory/32-mandala.toml"),
    include_str!("factory/33-byzantium.toml"),
    include_str!("factory/34-rose-window.toml"),
    include_str!("factory/35-contour.toml"),
    include_str!("factory/36-quicksilver.toml"),
    include_str!("factory/37-glasshouse.toml"),
    include_str!("factory/38-solstice.toml"),
    include_str!("factory/39-two-colour-press.toml"),
    include_str!("factory/40-avant-garde.toml"),
    include_str!("factory/41-peacock.toml"),
    include_str!("factory/42-prism-glacier.toml"),
    include_str!("factory/44-carousel.toml"),
    include_str!("factory/45-marquee.toml"),
    include_str!("factory/46-astrolabe.toml"),
    include_str!("factory/47-skipping-stones.toml"),
    include_str!("factory/48-terrazzo.toml"),
    include_str!("factory/49-murmuration.toml"),
    include_str!("factory/50-organ-pipe.toml"),
    include_str!("factory/51-oscillator.toml"),
    include_str!("factory/52-spectrum-wall.toml"),
    include_str!("factory/53-resonance.toml"),
    include_str!("factory/54-labyrinth.toml"),
    include_str!("factory/55-glass-elevator.toml"),
    include_str!("factory/56-b-side.toml"),
    include_str!("factory/57-night-ridge.toml"),
    include_str!("factory/59-ferrofluid.toml"),
    include_str!("factory/60-star-drive.toml"),
    include_str!("factory/61-overexposed.toml"),
    include_str!("factory/62-action-painting.toml"),
    include_str!("factory/63-supernova.toml"),
    include_str!("factory/64-pulse.toml"),
    include_str!("factory/65-rapids.toml"),
    include_str!("factory/66-comet-tails.toml"),
    include_str!("factory/67-shards.toml"),
    include_str!("factory/68-strange-attractor.toml"),
    include_str!("factory/69-firebird.toml"),
    include_str!("factory/70-hammered-metal.toml"),
    include_str!("factory/71-mercury.toml"),
    include_str!("factory/72-manifesto.toml"),
    include_str!("factory/73-black-crown.toml"),
    include_str!("factory/74-gatecrash.toml"),
    include_str!("factory/75-escape-velocity.toml"),
    include_str!("factory/76-maelstrom.toml"),
    include_str!("factory/77-storm-front.toml"),
    include_str!("factory/78-golden-leaves.toml"),
    include_str!("factory/79-rouge-et-noir.toml"),
    include_str!("factory/80-rainforest.toml"),
    include_str!("factory/81-blue-mountain.toml"),
    include_str!("factory/82-polar-lily.toml"),
];

/// Longest name of a preset; it becomes a file's name.
const LONGEST_NAME: usize = 60;

/// Why a preset cannot be kept. Each message is one line.
#[derive(Debug, Error)]
#[allow(missing_docs)] // the messages say what the fields are
pub enum PresetError {
    #[error(
        "{name:?} cannot be the name of a preset: use letters, digits, spaces, dashes and underscores, at most {LONGEST_NAME}"
    )]
    Name { name: String },
    #[error("there is no folder for presets: this user has no home")]
    NoFolder,
    #[error("cannot write the preset {}: {source}; check the folder's rights and the disk's space", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("cannot delete the preset {}: {source}", path.display())]
    Delete { path: PathBuf, source: std::io::Error },
    #[error("there is no preset {name:?}; there are: {available}")]
    Unknown { name: String, available: String },
}

/// All presets there are.
#[derive(Debug, Default)]
pub struct Library {
    folder: Option<PathBuf>,
    factory: Vec<Preset>,
    own: Vec<Preset>,
    /// What a window shows of them in every frame.
    listed_factory: Vec<ListedPreset>,
    listed_own: Vec<ListedPreset>,
    /// Files that are no presets, a line each.
    pub problems: Vec<String>,
}

impl Library {
    /// The factory's presets and those in the user's folder.
    pub fn open() -> Self {
        Self::in_folder(Self::folder_of_user())
    }

    /// Where the user's own are, or would be.
    pub fn folder_of_user() -> Option<PathBuf> {
        Folders::of_user().config.map(|config| config.join("presets"))
    }

    /// Writes the factory's presets into a folder of the user's cache, for hosts that list files, and tells which.
    ///
    /// # Errors
    /// There is no such folder, or it cannot be written to.
    pub fn unpack_factory() -> Result<PathBuf, PresetError> {
        let folder = Folders::of_user().cache.ok_or(PresetError::NoFolder)?.join("presets");
        for (text, preset) in FACTORY.iter().filter_map(|text| Some((text, Preset::from_toml(text).ok()?))) {
            let path = folder.join(format!("{}.toml", preset.name));
            if fs::read_to_string(&path).is_ok_and(|there| there == **text) {
                continue;
            }
            write_whole(&path, text).map_err(|source| PresetError::Write { path, source })?;
        }
        Ok(folder)
    }

    /// The same as [`open`](Self::open) with another folder for the user's own.
    pub fn in_folder(folder: Option<PathBuf>) -> Self {
        let factory: Vec<_> = FACTORY.iter().filter_map(|text| Preset::from_toml(text).ok()).collect();
        let listed_factory = factory.iter().map(ListedPreset::from).collect();
        let mut library = Self { folder, factory, listed_factory, ..Self::default() };
        library.rescan();
        library
    }

    /// Reads the user's folder again.
    pub fn rescan(&mut self) {
        self.read_folder();
        self.listed_own = self.own.iter().map(ListedPreset::from).collect();
    }

    fn read_folder(&mut self) {
        self.own.clear();
        self.problems.clear();
        let Some(entries) = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok()) else { return };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
        paths.sort();
        for path in paths {
            match Preset::from_file(&path) {
                Ok(preset) => self.own.push(preset),
                Err(error) => {
                    self.problems.push(format!("the preset {} cannot be read: {error}", path.display()));
                }
            }
        }
    }

    /// The factory's presets, as lists show them.
    pub fn listed_factory(&self) -> &[ListedPreset] {
        &self.listed_factory
    }

    /// The user's own.
    pub fn listed_own(&self) -> &[ListedPreset] {
        &self.listed_own
    }

    /// All of them, the user's own first.
    pub fn all(&self) -> impl Iterator<Item = &Preset> {
        self.own.iter().chain(&self.factory)
    }

    /// Whether the look is no longer that of the preset that was chosen.
    pub fn is_changed(&self, settings: &Settings, params: &KlangbildParams) -> bool {
        let chosen = self.all().find(|preset| preset.name == settings.preset);
        chosen.is_some_and(|preset| {
            let says = preset.words.is_empty() || preset.words == settings.words.phrases;
            !says || !preset.is_shown_by(&settings.pack, params)
        })
    }

    /// The preset of that name, letter case aside.
    ///
    /// # Errors
    /// There is none.
    pub fn find(&self, name: &str) -> Result<&Preset, PresetError> {
        let wanted = name.to_lowercase();
        let found = self.all().find(|preset| preset.name.to_lowercase() == wanted);
        found.ok_or_else(|| {
            let available: Vec<&str> = self.all().map(|preset| preset.name.as_str()).collect();
            PresetError::Unknown { name: name.to_owned(), available: available.join(", ") }
        })
    }

    /// Writes one of the user's own; one of the same name is replaced.
    ///
    /// # Errors
    /// A name that is none, or a folder that cannot be written to.
    pub fn save(&mut self, preset: &Preset) -> Result<PathBuf, PresetError> {
        let path = self.path_of(&preset.name)?;
        let failed = |source| PresetError::Write { path: path.clone(), source };
        let text = toml::to_string_pretty(preset).map_err(std::io::Error::other).map_err(failed)?;
        write_whole(&path, &text).map_err(failed)?;
        self.rescan();
        Ok(path)
    }

    /// Deletes one of the user's own.
    ///
    /// # Errors
    /// There is none of that name, or its file cannot be deleted.
    pub fn delete(&mut self, name: &str) -> Result<(), PresetError> {
        let path = self.path_of(name)?;
        fs::remove_file(&path).map_err(|source| PresetError::Delete { path, source })?;
        self.rescan();
        Ok(())
    }

    fn path_of(&self, name: &str) -> Result<PathBuf, PresetError> {
        let fine = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        if name.trim().is_empty()
            || name.trim() != name
            || name.len() > LONGEST_NAME
            || !name.chars().all(fine)
            || crate::file_name::is_reserved(name)
        {
            return Err(PresetError::Name { name: name.to_owned() });
        }
        let folder = self.folder.as_ref().ok_or(PresetError::NoFolder)?;
        Ok(folder.join(format!("{name}.toml")))
    }
}

/// Renamed when it is whole: a full disk must not cost the preset that was there.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut part = tempfile::Builder::new();
    part.prefix(".preset-").suffix(".part");
    #[cfg(unix)] // as any other new file, and not for its owner alone
    part.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut part = part.tempfile_in(folder)?;
    part.write_all(text.as_bytes())?;
    part.persist(path)?;
    Ok(())
}
