//! Small pictures before the words of a list, so that nobody has to know what "Maelstrom" looks like.
//! Frames of the program's own, by `cargo xtask thumbnails`.

use egui::{ColorImage, Id, Rect, TextureHandle, TextureOptions, Ui, Vec2, pos2, vec2};
use include_dir::{Dir, include_dir};

use super::style;

/// `scenes/ID.jpg` and `presets/NAME.jpg`, 128x72 pixels each.
static FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../assets/thumbnails");

/// Width and height on the screen, at scale 1.
pub const SHOWN: Vec2 = vec2(64.0, 36.0);

/// A picture that has a name: it is decoded when it is seen first.
#[derive(Clone, Copy)]
pub struct Thumbnail {
    name: &'static str,
    jpeg: &'static [u8],
}

impl Thumbnail {
    /// Of a scene that is built in.
    pub fn of_scene(id: &str) -> Option<Self> {
        Self::at(&format!("scenes/{id}.jpg"))
    }

    /// Of a preset that comes with the program.
    pub fn of_preset(name: &str) -> Option<Self> {
        Self::at(&format!("presets/{name}.jpg"))
    }

    fn at(path: &str) -> Option<Self> {
        let file = FOLDER.get_file(path)?;
        Some(Self { name: file.path().to_str()?, jpeg: file.contents() })
    }

    /// The texture, which lives as long as the window's context.
    fn texture(self, ui: &Ui) -> Option<TextureHandle> {
        let id = Id::unique(("klangbild thumbnail", self.name));
        if let Some(known) = ui.data(|data| data.get_temp::<TextureHandle>(id)) {
            return Some(known);
        }
        let picture =
            image::load_from_memory_with_format(self.jpeg, image::ImageFormat::Jpeg).ok()?.into_rgb8();
        let size = [picture.width() as usize, picture.height() as usize];
        let image = ColorImage::from_rgb(size, picture.as_raw());
        let texture = ui.ctx().load_texture(self.name, image, TextureOptions::LINEAR);
        ui.data_mut(|data| data.insert_temp(id, texture.clone()));
        Some(texture)
    }
}

/// Paints it into `rect`.
pub fn paint(ui: &Ui, thumbnail: Thumbnail, rect: Rect) {
    let Some(texture) = thumbnail.texture(ui) else { return };
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let shape = egui::epaint::RectShape::filled(rect, style::radius(style::scale(ui)), egui::Color32::WHITE)
        .with_texture(texture.id(), whole);
    ui.painter().add(shape);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preset::Library;

    #[test]
    fn every_scene_and_every_preset_that_comes_with_the_program_has_one() {
        let scenes = klangbild_engine::scene::built_in().iter();
        let mut all: Vec<(String, Option<Thumbnail>)> =
            scenes.map(|file| (file.scene.to_string(), Thumbnail::of_scene(file.scene.name()))).collect();
        let library = Library::in_folder(None);
        let presets = library.listed_factory().iter().map(|preset| &preset.name);
        all.extend(presets.map(|name| (name.clone(), Thumbnail::of_preset(name))));
        for (name, thumbnail) in all {
            let jpeg =
                thumbnail.unwrap_or_else(|| panic!("{name} has no thumbnail: `cargo xtask thumbnails`")).jpeg;
            let picture = image::load_from_memory(jpeg).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((picture.width(), picture.height()), (128, 72), "{name}");
        }
    }
}
