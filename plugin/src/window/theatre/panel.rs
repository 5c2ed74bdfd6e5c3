//! Runs the panel over the picture: shows it how everything stands, and takes its wishes.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Instant;

use klangbild_engine::hearing::Heard;

use super::Theatre;
use super::show::Show;
use crate::panel::{Hint, View};
use crate::window::presence::Holds;

impl Theatre {
    /// One frame of the panel.
    pub(super) fn run_panel(&mut self, show: &Show, px: (u32, u32), heard: &Heard) -> egui::FullOutput {
        if let Some(packs) = self.packs_found.as_ref().and_then(|found| found.try_recv().ok()) {
            (self.packs, self.packs_found) = (packs, None);
        }
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
        let (recorded, notices) = (self.instance.recorded(), self.instance.notices.newest());
        let (can_undo, can_redo) = {
            let history = self.instance.history.lock().unwrap_or_else(PoisonError::into_inner);
            (history.can_undo(), history.can_redo())
        };
        let view = View {
            params: &self.instance.params,
            settings: &settings,
            status: &status,
            heard,
            transport: &transport,
            scope: &self.scope,
            drawing: &self.drawing,
            output_folder: &self.output_folder.1,
            packs: &self.packs,
            factory_presets: self.presets.factory_names(),
            own_presets: self.presets.own_names(),
            recording: recorded.as_ref(),
            notices: &notices,
            hint,
            can_undo,
            can_redo,
            full_screen: self.front.full_screen(),
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
        self.signals.wants_keys.store(show.egui.egui_wants_keyboard_input(), Ordering::Relaxed);
        let cursor = output.platform_output.cursor_icon;
        if cursor != self.input.cursor {
            self.input.cursor = cursor;
            self.front.set_cursor(cursor);
        }
        self.grant(wishes);
        output
    }
}
