//! Power spectra gathered into bands.

/// One band: the bins it covers and how much of each.
struct Filter {
    first_bin: usize,
    weights: Vec<f32>,
}

/// Bands of a power spectrum.
pub(super) struct FilterBank {
    filters: Vec<Filter>,
}

impl FilterBank {
    /// Side by side from edge to edge; a bin that an edge cuts is shared by how much lies on each side.
    pub(super) fn between(edges_hz: &[f32], bin_hz: f32, bin_count: usize) -> Self {
        let filters = edges_hz.windows(2).map(|edge| {
            let (low, high) = (edge[0] / bin_hz, edge[1] / bin_hz);
            Filter::new(bin_count, (low + 0.5) as usize, (high + 0.5) as usize, |bin| {
                (high.min(bin + 0.5) - low.max(bin - 0.5)).max(0.0)
            })
        });
        Self { filters: filters.collect() }
    }

    /// Triangles that overlap half way, with their peaks at `centres_hz` (ascending, at least a bin apart).
    pub(super) fn triangles(centres_hz: &[f32], bin_hz: f32, bin_count: usize) -> Self {
        let filters = centres_hz.iter().enumerate().map(|(i, &centre_hz)| {
            let centre = centre_hz / bin_hz;
            let below = if i > 0 { centres_hz[i - 1] / bin_hz } else { centre - 1.0 };
            let above = centres_hz.get(i + 1).map_or(centre + (centre - below), |next| next / bin_hz);
            Filter::new(bin_count, below.max(0.0) as usize, above as usize + 1, |bin| {
                ((bin - below) / (centre - below)).min((above - bin) / (above - centre)).max(0.0)
            })
        });
        Self { filters: filters.collect() }
    }

    /// Power in each band.
    pub(super) fn gather<'a>(&'a self, power: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        self.filters.iter().map(|filter| {
            power[filter.first_bin..].iter().zip(&filter.weights).map(|(power, weight)| power * weight).sum()
        })
    }
}

impl Filter {
    fn new(bin_count: usize, first: usize, last: usize, weight: impl Fn(f32) -> f32) -> Self {
        let first_bin = first.min(bin_count - 1);
        let last_bin = last.clamp(first_bin, bin_count - 1);
        Self { first_bin, weights: (first_bin..=last_bin).map(|bin| weight(bin as f32)).collect() }
    }
}
