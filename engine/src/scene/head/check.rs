//! What a head may not say.

use super::{Format, Head, PassKind, Size};
use crate::scene::control::{Control, is_name};
use crate::scene::{SceneError, limits};

impl Head {
    /// What is wrong in it, or more than there may be.
    pub(super) fn check(&self, file: &str) -> Result<(), SceneError> {
        let wrong = |message: String| SceneError::Head { file: file.to_owned(), message };
        let within = |what: &str, found: u64, limit: u64| {
            let (file, what) = (file.to_owned(), what.to_owned());
            if found <= limit { Ok(()) } else { Err(SceneError::Limit { file, what, found, limit }) }
        };
        if self.name.trim().is_empty() || self.name.chars().count() > 64 {
            return Err(wrong("name must have 1 to 64 letters".to_owned()));
        }
        if !(0.0..=1.0).contains(&self.energy) {
            return Err(wrong("energy lies from 0, calm, to 1, fierce".to_owned()));
        }
        within("the number of passes", self.passes.len() as u64, limits::PASSES as u64)?;
        within("the number of controls", self.controls.len() as u64, limits::CONTROLS as u64)?;
        within("the number of textures", self.textures.len() as u64, limits::TEXTURES as u64)?;
        within("the number of buffers", self.buffers.len() as u64, limits::BUFFERS as u64)?;
        within("the number of tiers", self.tiers.len() as u64, limits::TIERS as u64)?;
        if let Some(fault) = self.controls.iter().find_map(Control::fault) {
            return Err(wrong(fault));
        }
        let targets: Vec<&str> = self.targets().iter().map(|target| target.name).collect();
        within("the number of targets", targets.len() as u64, limits::TARGETS as u64)?;
        let mut names: Vec<&str> = self.textures.iter().map(|texture| texture.name.as_str()).collect();
        names.extend(self.buffers.iter().map(|buffer| buffer.name.as_str()));
        names.extend(&targets);
        let unfit = names.iter().find(|name| !is_name(name));
        if let Some(name) = unfit {
            return Err(wrong(format!("{name:?} needs to be a name of letters, digits and _")));
        }
        for buffer in &self.buffers {
            within(
                &format!("the count of buffer {}", buffer.name),
                buffer.count.into(),
                limits::BUFFER_BYTES / 4,
            )?;
            if buffer.count == 0 {
                return Err(wrong(format!("buffer {}: its count must be 1 at least", buffer.name)));
            }
        }
        let is_share = |size: f32, count: f32| (0.05..=1.0).contains(&size) && (0.0..=1.0).contains(&count);
        let shares = "size lies from 0.05 to 1, count from 0 to 1";
        if !is_share(self.processor.size, self.processor.count) {
            return Err(wrong(format!("processor: {shares}")));
        }
        for tier in &self.tiers {
            if !is_share(tier.size, tier.count) {
                return Err(wrong(format!("tier {}: {shares}", tier.name)));
            }
            if let Some(name) =
                tier.skip.iter().find(|name| self.passes.iter().all(|pass| pass.entry != **name))
            {
                return Err(wrong(format!("tier {}: there is no pass {name} to skip", tier.name)));
            }
        }
        self.check_passes(file)?;
        let bloom_from = self.post.bloom_from.as_deref();
        match bloom_from.filter(|from| !targets.contains(from)) {
            None => Ok(()),
            Some(from) => Err(wrong(format!("bloom_from: no pass writes {from}"))),
        }
    }

    fn check_passes(&self, file: &str) -> Result<(), SceneError> {
        let wrong = |message: String| SceneError::Head { file: file.to_owned(), message };
        let last = self.passes.len() - 1;
        let targets = self.targets();
        for (at, pass) in self.passes.iter().enumerate() {
            let entry = &pass.entry;
            let differs = |(name, format): &(&str, Format)| {
                targets.iter().any(|t| t.name == *name && t.format != *format)
            };
            if let Some((name, _)) = pass.targets().iter().find(|written| differs(written)) {
                return Err(wrong(format!("pass {entry}: {name} has another format in an earlier pass")));
            }
            let drawn = matches!(pass.kind, PassKind::Points | PassKind::Triangles);
            let repeats = pass.repeats.unwrap_or(1).max(pass.at_start.unwrap_or(0));
            if repeats > limits::REPEATS
                || pass.rate_hz.is_some_and(|hz| !(0.0..=limits::RATE_HZ).contains(&hz))
            {
                return Err(wrong(format!(
                    "pass {entry}: it may be repeated {} times in a frame and {} times in a second at most",
                    limits::REPEATS,
                    limits::RATE_HZ
                )));
            }
            match pass.size {
                Some(Size::Share(share)) if !(0.001..=limits::SHARE).contains(&share) => {
                    return Err(wrong(format!(
                        "pass {entry}: its size is a share from 0.001 to {}",
                        limits::SHARE
                    )));
                }
                Some(Size::Pixels(px))
                    if px.contains(&0) || px.iter().any(|side| *side > limits::TARGET_SIDE_PX) =>
                {
                    return Err(wrong(format!(
                        "pass {entry}: its size lies from 1 to {} px",
                        limits::TARGET_SIDE_PX
                    )));
                }
                Some(Size::Square { square, least, most })
                    if !(0.001..=limits::SHARE).contains(&square)
                        || least == 0
                        || least > most
                        || most > limits::TARGET_SIDE_PX =>
                {
                    return Err(wrong(format!(
                        "pass {entry}: its square must lie within {} px",
                        limits::TARGET_SIDE_PX
                    )));
                }
                _ => {}
            }
            if drawn && !pass.count.is_some_and(|count| (1..=limits::COUNT).contains(&count)) {
                return Err(wrong(format!("pass {entry}: its count lies from 1 to {}", limits::COUNT)));
            }
            if pass.kind == PassKind::Triangles && pass.vertex.is_none() {
                return Err(wrong(format!(
                    "pass {entry}: triangles need a vertex function: vertex = \"NAME\""
                )));
            }
            let is_there = |over: &str| {
                targets.iter().any(|target| target.name == over)
                    || self.buffers.iter().any(|buffer| buffer.name == over)
            };
            match pass.over.as_deref() {
                Some(over) if !is_there(over) => {
                    return Err(wrong(format!(
                        "pass {entry}: over names neither a buffer nor a target: {over}"
                    )));
                }
                None if pass.kind == PassKind::Compute => {
                    return Err(wrong(format!(
                        "pass {entry}: say which buffer or target it goes over: over = \"NAME\""
                    )));
                }
                _ => {}
            }
            if pass.targets().len() > 4 {
                return Err(wrong(format!("pass {entry}: it may write 4 targets at most")));
            }
            let paints_frame = pass.targets().is_empty() && pass.kind != PassKind::Compute;
            if at == last && !paints_frame {
                return Err(wrong(format!(
                    "the last pass, {entry}, must paint the frame: no kind \"compute\" and no writes"
                )));
            }
            if at != last && paints_frame {
                return Err(wrong(format!(
                    "pass {entry}: it writes nothing; say which target with writes = \"NAME\""
                )));
            }
        }
        Ok(())
    }
}
