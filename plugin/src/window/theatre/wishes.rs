//! Does what the user wishes for in the panel.

use std::sync::{Arc, PoisonError};

use crossbeam_channel::bounded;
use klangbild_engine::inference::devices::{Device, devices, find};
use klangbild_engine::inference::wish::apart::{self, Apart};
use klangbild_engine::inference::wish::device;
use klangbild_engine::inference::{Provider, wish};
use klangbild_engine::knobs::{Group, KnobId, Value};
use klangbild_engine::pack::Pack;
use klangbild_engine::scene::{Scene, slots};

use super::{Found, Theatre};
use crate::errand;
use crate::heads;
use crate::history::History;
use crate::panel::{Outfit, Wish};
use crate::params::{Edit, KlangbildParams, set_all};
use crate::preset::{Library, Preset};
use crate::recording::record;
use crate::runtime_parts::Store;

impl Theatre {
    /// Looks for packs, scenes and presets.
    pub(super) fn rescan(&mut self) {
        self.presets = Library::open();
        for problem in self.presets.problems.drain(..) {
            self.instance.notices.warn(problem);
        }
        // Every pack's manifest and every scene's head is read for that, which takes longer than a frame, and on a drive that does
        // not answer for ever.
        let (tell, found) = bounded(1);
        let wanted = Arc::new(());
        let still_wanted = Arc::downgrade(&wanted);
        let started = std::thread::Builder::new().name("klangbild-packs".to_owned()).spawn(move || {
            let title = |title: String, name: &str| if title.is_empty() { name.to_owned() } else { title };
            let go_on = || still_wanted.strong_count() > 0;
            let packs = Pack::list_while(go_on).into_iter();
            let packs = packs.map(|pack| (pack.name.clone(), title(pack.title, &pack.name))).collect();
            // The window may have been closed meanwhile.
            let parts = Store::of_user().map(|store| store.list()).unwrap_or_default();
            let outfit = Outfit {
                chosen: wish::chosen(),
                device: device::chosen(),
                devices: devices(),
                apart: apart::chosen(),
                parts,
            };
            let _ = tell.send(Found { packs, scenes: heads::list_while(go_on), outfit });
        });
        match started {
            Ok(thread) => {
                self.instance.keep(thread);
                self.looked_for = Some((found, wanted));
            }
            Err(error) => {
                self.instance.notices.warn(format!(
                    "Packs and scenes cannot be looked for: the system gives no thread: {error}"
                ));
            }
        }
    }

    /// Does what the user wants.
    pub(super) fn grant(&mut self, wishes: Vec<Wish>) {
        for wish in wishes {
            let edit = |edit| self.front.edit(edit);
            match wish {
                Wish::Begin(param) => {
                    self.history(History::remember);
                    edit(Edit::Begin(param));
                }
                Wish::Set(param, value) => edit(Edit::Set(param, value)),
                Wish::Scene(scene) => self.play_scene(scene),
                Wish::OpenScenesFolder => self.open_scenes_folder(),
                Wish::End(param) => edit(Edit::End(param)),
                Wish::Settings(settings) => {
                    let pack = self.instance.settings().pack;
                    if settings.pack != pack {
                        self.history(History::remember);
                        self.pack_before = Some(pack);
                    }
                    self.instance.change_settings(|old| *old = settings.bounded());
                    self.front.mark_dirty();
                }
                Wish::Viewer(id, value) => {
                    self.instance.params.turn(id, value);
                    self.front.mark_dirty();
                }
                Wish::Provider(provider) => self.choose_provider(provider),
                Wish::Device(device) => self.choose_device(device.as_ref()),
                Wish::Apart(apart) => self.choose_apart(apart),
                Wish::InstallPart(part) => errand::install(&self.instance, &part),
                Wish::RemovePart(part) => errand::remove(&self.instance, &part),
                Wish::StopErrand => self.instance.errand.cancel(),
                Wish::Rescan => self.rescan(),
                Wish::LoadAgain => self.instance.live.load_again(),
                Wish::CancelLoading => self.cancel_loading(),
                Wish::Capture => self.instance.params.triggers.capture(),
                Wish::StopBounce => self.instance.stop_bounce(),
                Wish::NextPicture => self.instance.params.triggers.next_picture(),
                Wish::Correct(correction) => self.instance.params.triggers.correct(correction),
                Wish::Lock(on) => self.lock(on),
                Wish::Record(on) => record(&self.instance, on),
                Wish::Preset(name) => self.choose(&name),
                Wish::SavePreset(name) => self.save(&name),
                Wish::DeletePreset(name) => match self.presets.delete(&name) {
                    Ok(()) => self.instance.notices.tell(format!("Preset {name} deleted"), None),
                    Err(error) => self.instance.notices.warn(error.to_string()),
                },
                Wish::Undo => {
                    self.history(|history, params| history.undo(params, &edit));
                    self.front.mark_dirty();
                }
                Wish::Redo => {
                    self.history(|history, params| history.redo(params, &edit));
                    self.front.mark_dirty();
                }
                Wish::Open(path) => self.show_in_file_manager(&path),
                Wish::FullScreen(on) => self.front.set_full_screen(on),
                Wish::ShowPicture(on) => {
                    self.picture_window(None);
                    if on.is_some() {
                        self.front.show_picture(on);
                    }
                }
                Wish::Dismiss(id) => self.instance.notices.dismiss(id),
            }
        }
    }

    fn choose_provider(&mut self, provider: Option<Provider>) {
        let providers = provider.map(|provider| vec![provider]);
        if let Err(error) = wish::keep(providers.as_deref()) {
            let file = wish::file().map(|file| file.display().to_string()).unwrap_or_default();
            return self.instance.notices.warn(format!("The choice cannot be kept in {file}: {error}"));
        }
        self.found.outfit.chosen = wish::chosen();
        if self.found.outfit.chosen != providers {
            self.instance.notices.warn("KLANGBILD_PROVIDERS says what runs the models: take that away first");
        }
        self.instance.live.load_anew();
    }

    fn choose_device(&mut self, wanted: Option<&Device>) {
        let outfit = &mut self.found.outfit;
        if let Err(error) = device::keep(wanted, &outfit.devices) {
            let file = device::file().map(|file| file.display().to_string()).unwrap_or_default();
            return self.instance.notices.warn(format!("The choice cannot be kept in {file}: {error}"));
        }
        outfit.device = device::chosen();
        if find(&outfit.devices, &outfit.device) != Ok(wanted) {
            self.instance
                .notices
                .warn("KLANGBILD_DEVICE says on which card models run: take that away first");
        }
        self.instance.live.load_anew();
    }

    fn choose_apart(&mut self, apart: Apart) {
        if let Err(error) = apart::keep(apart) {
            let file = apart::file().map(|file| file.display().to_string()).unwrap_or_default();
            return self.instance.notices.warn(format!("The choice cannot be kept in {file}: {error}"));
        }
        self.found.outfit.apart = apart::chosen();
        if self.found.outfit.apart != apart {
            self.instance.notices.warn("KLANGBILD_APART says which models run apart: take that away first");
        }
        self.instance.live.load_anew();
    }

    /// Locks the beat, or lets it go. As a parameter: hosts see it, and may have it automated.
    pub(super) fn lock(&self, on: bool) {
        let param = self.instance.params.ptr(KnobId::MetronomeLock);
        self.instance.params.triggers.lock_turned();
        set_all(&[(param, f32::from(u8::from(on)))], &|edit| self.front.edit(edit));
    }

    fn history<T>(&self, act: impl FnOnce(&mut History, &KlangbildParams) -> T) -> T {
        let mut history = self.instance.history.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut history, &self.instance.params)
    }

    /// Goes back to the pack that was there before, so that the project asks for what plays.
    fn cancel_loading(&mut self) {
        self.instance.live.cancel_loading();
        if let Some(before) = self.pack_before.take() {
            self.instance.change_settings(|settings| settings.pack = before);
            self.front.mark_dirty();
        }
    }

    /// Plays a scene as it was meant: its knobs stand in the middle.
    fn play_scene(&self, scene: Scene) {
        let params = &self.instance.params;
        // Looks at the disk where it has no place yet.
        if slots::slot(scene).is_none() {
            let places = slots::SLOTS / 2 - 1;
            let why = format!(
                "The scene {scene} cannot be chosen: it is gone, or {places} others have all places; press Look again"
            );
            return self.instance.notices.warn(why);
        }
        self.history(History::remember);
        params.triggers.scene_chosen();
        let knobs = Group::Scene
            .knobs()
            .map(|knob| (params.ptr(knob.id), params.normalized(knob.id, knob.default())));
        let chosen = (params.ptr(KnobId::Scene), params.normalized(KnobId::Scene, Value::Scene(scene)));
        let values: Vec<_> = std::iter::once(chosen).chain(knobs).collect();
        set_all(&values, &|edit| self.front.edit(edit));
    }

    fn open_scenes_folder(&self) {
        let Some(folder) = &self.scenes_folder else { return };
        match std::fs::create_dir_all(folder) {
            Ok(()) => self.show_in_file_manager(folder),
            Err(error) => {
                self.instance.notices.warn(format!("Cannot make the folder {}: {error}", folder.display()));
            }
        }
    }

    fn choose(&mut self, name: &str) {
        let preset = match self.presets.find(name) {
            Ok(preset) => preset.clone(),
            Err(error) => return self.instance.notices.warn(error.to_string()),
        };
        self.history(History::remember);
        let (values, problems) = preset.values(&self.instance.params);
        problems.into_iter().for_each(|problem| self.instance.notices.warn(problem));
        self.instance.params.triggers.scene_chosen();
        set_all(&values, &|edit| self.front.edit(edit));
        self.instance.change_settings(|settings| preset.settle(settings));
        self.front.mark_dirty();
    }

    fn save(&mut self, name: &str) {
        let settings = self.instance.settings();
        let preset = Preset::of(name.trim(), &settings.pack, &settings.words, &self.instance.params);
        match self.presets.save(&preset) {
            Ok(path) => {
                self.instance.change_settings(|settings| settings.preset.clone_from(&preset.name));
                self.instance.notices.tell(format!("Preset saved: {}", path.display()), None);
                self.front.mark_dirty();
            }
            Err(error) => self.instance.notices.warn(error.to_string()),
        }
    }

    fn show_in_file_manager(&self, path: &std::path::Path) {
        // The folder of a file, so that it is shown and not played.
        let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
        if let Err(error) = open::that_detached(folder) {
            self.instance.notices.warn(format!("Cannot open {}: {error}", folder.display()));
        }
    }
}
