//! Drawn signs: fonts do not have them all, and not in one hand.

use std::f32::consts::{PI, TAU};

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

/// What a sign says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// The one before.
    Previous,
    /// The one after.
    Next,
    /// There is a list below.
    Down,
    /// Take back.
    Undo,
    /// Make again.
    Redo,
    /// Look again.
    Refresh,
    /// Stay.
    Pin,
    /// Fill the screen.
    Fill,
    /// A screen of its own.
    Screen,
    /// Leave the full screen.
    Shrink,
    /// By chance.
    Dice,
    /// Away with it.
    Close,
    /// A folder.
    Folder,
    /// A still.
    Camera,
    /// Recording.
    Dot,
    /// Stop.
    Square,
    /// Keep it as it is.
    Lock,
    /// One of the favourites.
    Star,
    /// None of them.
    NoStar,
}

/// Paints a sign in the middle of `rect`; `scale` 1 makes it 14 pixels wide.
pub fn paint(painter: &Painter, rect: Rect, icon: Icon, colour: Color32, scale: f32) {
    let stroke = Stroke::new(1.4 * scale, colour);
    // In a square from -1 to 1.
    let at = |x: f32, y: f32| rect.center() + vec2(x, y) * 6.0 * scale;
    let line = |points: &[(f32, f32)]| {
        let points = points.iter().map(|&(x, y)| at(x, y)).collect();
        painter.add(Shape::line(points, stroke));
    };
    match icon {
        Icon::Previous => line(&[(0.35, -0.75), (-0.4, 0.0), (0.35, 0.75)]),
        Icon::Next => line(&[(-0.35, -0.75), (0.4, 0.0), (-0.35, 0.75)]),
        Icon::Down => line(&[(-0.55, -0.25), (0.0, 0.3), (0.55, -0.25)]),
        Icon::Close => {
            line(&[(-0.6, -0.6), (0.6, 0.6)]);
            line(&[(-0.6, 0.6), (0.6, -0.6)]);
        }
        Icon::Undo | Icon::Redo => {
            let side = if icon == Icon::Undo { 1.0 } else { -1.0 };
            line(&[(-0.35 * side, -1.0), (-0.9 * side, -0.45), (-0.35 * side, 0.1)]);
            let bow = (0..=12).map(|step| {
                let angle = -PI / 2.0 + PI * step as f32 / 12.0;
                at(side * (0.3 + 0.62 * angle.cos()), 0.2 + 0.65 * angle.sin())
            });
            let from = [at(-0.85 * side, -0.45)].into_iter();
            let to = [at(-0.35 * side, 0.85)].into_iter();
            painter.add(Shape::line(from.chain(bow).chain(to).collect(), stroke));
        }
        Icon::Refresh => {
            painter.add(Shape::line(arc(at(0.0, 0.0), 5.0 * scale, -0.12, 0.68), stroke));
            line(&[(0.85, -1.0), (0.72, -0.4), (0.12, -0.5)]);
        }
        Icon::Pin => {
            line(&[(-0.45, -0.95), (0.45, -0.95)]);
            line(&[(-0.3, -0.95), (-0.3, -0.15), (-0.65, 0.25), (0.65, 0.25), (0.3, -0.15), (0.3, -0.95)]);
            line(&[(0.0, 0.25), (0.0, 1.0)]);
        }
        Icon::Fill | Icon::Shrink => {
            // The corner of each bracket points outwards, or inwards.
            let (tip, end) = if icon == Icon::Fill { (0.85, 0.3) } else { (0.3, 0.85) };
            for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
                line(&[(x * end, y * tip), (x * tip, y * tip), (x * tip, y * end)]);
            }
        }
        Icon::Screen => {
            line(&[(-0.95, 0.4), (-0.95, -0.8), (0.95, -0.8), (0.95, 0.4), (-0.95, 0.4)]);
            line(&[(0.0, 0.4), (0.0, 0.9)]);
            line(&[(-0.45, 0.9), (0.45, 0.9)]);
        }
        Icon::Dice => {
            let square = Rect::from_center_size(rect.center(), vec2(11.0, 11.0) * scale);
            painter.rect_stroke(square, 2.5 * scale, stroke, egui::StrokeKind::Middle);
            for (x, y) in [(-0.4, -0.4), (0.4, 0.4), (0.0, 0.0), (-0.4, 0.4), (0.4, -0.4)] {
                painter.circle_filled(at(x, y), 1.0 * scale, colour);
            }
        }
        Icon::Folder => {
            let (top, bottom) = (-0.35, 0.75);
            line(&[(-0.95, bottom), (-0.95, -0.75), (-0.2, -0.75), (0.1, top), (0.95, top), (0.95, bottom)]);
            line(&[(-0.95, bottom), (0.95, bottom)]);
        }
        Icon::Camera => {
            line(&[
                (-0.95, 0.75),
                (-0.95, -0.5),
                (-0.45, -0.5),
                (-0.25, -0.85),
                (0.25, -0.85),
                (0.45, -0.5),
                (0.95, -0.5),
                (0.95, 0.75),
                (-0.95, 0.75),
            ]);
            painter.circle_stroke(at(0.0, 0.1), 2.3 * scale, stroke);
        }
        Icon::Dot => {
            painter.circle_filled(rect.center(), 4.5 * scale, colour);
        }
        Icon::Lock => {
            line(&[(-0.7, -0.05), (0.7, -0.05), (0.7, 0.9), (-0.7, 0.9), (-0.7, -0.05)]);
            let bow = (0..=10).map(|step| {
                let angle = PI + PI * step as f32 / 10.0;
                at(0.45 * angle.cos(), -0.45 + 0.5 * angle.sin())
            });
            let ends = ([at(-0.45, -0.05)], [at(0.45, -0.05)]);
            let bow = ends.0.into_iter().chain(bow).chain(ends.1);
            painter.add(Shape::line(bow.collect(), stroke));
        }
        Icon::Star | Icon::NoStar => {
            let corner = |number: usize| {
                let (angle, radius) =
                    (PI * number as f32 / 5.0, if number.is_multiple_of(2) { 1.0 } else { 0.44 });
                at(radius * angle.sin(), -radius * angle.cos())
            };
            let outline: Vec<Pos2> = (0..10).map(corner).collect();
            if icon == Icon::Star {
                // Around its middle: a star is not convex.
                for number in 0..10 {
                    let triangle = vec![at(0.0, 0.0), corner(number), corner(number + 1)];
                    painter.add(Shape::convex_polygon(triangle, colour, Stroke::NONE));
                }
            }
            painter.add(Shape::closed_line(outline, Stroke::new(1.1 * scale, colour)));
        }
        Icon::Square => {
            let square = Rect::from_center_size(rect.center(), vec2(8.0, 8.0) * scale);
            painter.rect_filled(square, 1.0 * scale, colour);
        }
    }
}

/// Points of an arc, clockwise from the top; `from` and `to` in turns.
pub fn arc(centre: Pos2, radius: f32, from: f32, to: f32) -> Vec<Pos2> {
    let steps = 28;
    let points = (0..=steps).map(|step| {
        let angle = TAU * egui::lerp(from..=to, step as f32 / steps as f32);
        pos2(centre.x + radius * angle.sin(), centre.y - radius * angle.cos())
    });
    points.collect()
}
