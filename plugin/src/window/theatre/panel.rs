//! Runs the panel over the picture: shows it how everything stands, and takes its wishes.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use klangbild_engine::hearing::Heard;

use super::Theatre;
use super::show::Show;
use crate::panel::{Hint, View};
use crate::recording::recorded;
use crate::window::presence::Holds;

/// A hand that was at the window within this time has seen what shows there.
const ATTENDED: Duration = Duration::from_millis(300);
/// What is said where a bounce is waited for.
const ARMED: &str = "Bounce Video waits for the host to render offline. Some hosts never say that they do: use Record Video there";

impl Theatre {
    /// One frame of the panel.
    pub(super) fn run_panel(&mut self, show: &Show, px: (u32, u32), heard: &Heard) -> egui::FullOutput {
        if let Some(found) = self.looked_for.as_ref().and_then(|(found, _)| found.try_recv().ok()) {
            (self.found, self.looked_for) = (found, None);
        }
        let errand = self.instance.errand.progress();
        if std::mem::replace(&mut self.errand_runs, errand.is_some()) && errand.is_none() {
            self.rescan();
        }
        let bill = self.instance.playbill.bill();
        let settings = self.instance.settings();
        if settings.folder != self.output_folder.0 {
            self.output_folder = (settings.folder.clone(), settings.output_folder());
        }
        let now = Instant::now();
        let (busy, under_pointer) = (self.panel.busy, self.panel.under_pointer);
        let holds = Holds { pinned: settings.pinned, busy, under_pointer };
        let opacity = self.input.presence.step(holds, now);
        let hint = self.input.presence.hint(now).map(|(words, strength)| Hint { words, strength });
        if self.input.presence.is_told() {
            self.instance.introduce();
        }
        self.instance.live.scope(&mut self.scope);
        let (status, transport) = (self.instance.live.status(), self.instance.live.now().transport);
        let (recorded, bounced) = (recorded(&self.instance), self.instance.bounced());
        let attended = self.input.presence.attended(ATTENDED, now);
        let (notices, made) = (self.instance.notices.show(attended), self.instance.notices.made());
        let armed = self.instance.params.bounce.value() && transport.playing && bounced.is_none();
        if self.armed.look(armed, now) {
            self.instance.notices.tell(ARMED, None);
        }
        let preset_changed = opacity > 0.0 && self.presets.is_changed(&settings, &self.instance.params);
        let (can_undo, can_redo) = {
            let history = self.instance.history.lock().unwrap_or_else(PoisonError::into_inner);
            (history.can_undo(), history.can_redo())
        };
        if opacity > 0.0 {
            self.monitors.look(self.front.as_ref(), now);
        }
        let view = View {
            params: &self.instance.params,
            settings: &settings,
            status: &status,
            heard,
            transport: &transport,
            scope: &self.scope,
            drawing: &self.drawing,
            output_folder: &self.output_folder.1,
            packs: &self.found.packs,
            scenes: &self.found.scenes,
            scenes_folder: self.scenes_folder.as_deref(),
            bill: &bill,
            factory_presets: self.presets.listed_factory(),
            own_presets: self.presets.listed_own(),
            preset_changed,
            recording: recorded.as_ref(),
            bouncing: bounced.as_ref(),
            outfit: &self.found.outfit,
            errand: errand.as_ref(),
            made: &made,
            notices: &notices,
            hint,
            can_undo,
            can_redo,
            full_screen: self.front.full_screen(),
            monitors: &self.monitors.names,
            picture_on: self.front.picture_monitor(),
            opacity,
        };
        let rect =
            egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(px.0 as f32, px.1 as f32) / self.scale);
        let mut raw = egui::RawInput {
            screen_rect: Some(rect),
            time: Some(self.input.opened.elapsed().as_secs_f64()),
            focused: self.input.focused,
            max_texture_side: Some(show.gpu.max_side_px() as usize),
            events: std::mem::take(&mut self.input.events),
            ..Default::default()
        };
        if let Some(viewport) = raw.viewports.get_mut(&egui::ViewportId::ROOT) {
            viewport.native_pixels_per_point = Some(self.scale);
            viewport.inner_rect = Some(rect);
            viewport.focused = Some(self.input.focused);
        }
        let (panel, mut wishes) = (&mut self.panel, Vec::new());
        let output = show.egui.run_ui(raw, |ui| wishes.append(&mut panel.show(ui, &view)));
        let types = show.egui.text_edit_focused();
        if self.signals.wants_keys.swap(types, Ordering::Relaxed) != types {
            self.front.want_keys(types);
        }
        for command in &output.platform_output.commands {
            if let egui::OutputCommand::CopyText(text) = command {
                self.front.copy(text.clone());
            }
        }
        let root = output.viewport_output.get(&egui::ViewportId::ROOT);
        let soon = root.is_some_and(|root| root.repaint_delay < Duration::from_millis(100));
        self.rest.panel_moves = soon || hint.is_some() || (opacity > 0.0 && opacity < 1.0);
        let cursor = output.platform_output.cursor_icon;
        if cursor != self.input.cursor {
            self.input.cursor = cursor;
            self.front.set_cursor(cursor);
        }
        self.grant(wishes);
        output
    }
}
