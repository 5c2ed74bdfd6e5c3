//! How large a value is at most, and what is known of its numbers.

use std::rc::Rc;

use crate::pack::graph::Element;
pub use crate::pack::graph::tensor::Number;

/// Values of more entries are not followed: shapes, axes and counts are short.
pub const FOLLOWED: u64 = 128;

/// How long one dimension is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// At most this long.
    pub most: u64,
    /// And at least.
    pub exact: bool,
}

impl Length {
    /// Exactly this long.
    pub const fn exactly(most: u64) -> Self {
        Self { most, exact: true }
    }

    /// At most this long.
    pub const fn at_most(most: u64) -> Self {
        Self { most, exact: false }
    }

    /// Its length, if it is known.
    pub fn known(self) -> Option<u64> {
        self.exact.then_some(self.most)
    }

    /// What `change` makes of it; a longer one must not become shorter.
    pub fn map(self, change: impl FnOnce(u64) -> u64) -> Self {
        Self { most: change(self.most), exact: self.exact }
    }

    /// Both, one after the other.
    pub fn plus(self, other: Self) -> Self {
        Self { most: self.most.saturating_add(other.most), exact: self.exact && other.exact }
    }

    /// As many of this as that.
    pub fn times(self, other: Self) -> Self {
        Self { most: self.most.saturating_mul(other.most), exact: self.exact && other.exact }
    }

    /// Whichever of the two it may be.
    pub fn or(self, other: Self) -> Self {
        if self == other { self } else { Self::at_most(self.most.max(other.most)) }
    }

    /// ONNX's broadcast: a length of one is repeated.
    fn broadcast(self, other: Self) -> Self {
        match (self.known(), other.known()) {
            (Some(1), _) => other,
            (_, Some(1)) => self,
            // One that is no one decides.
            (Some(_), None) => self,
            (None, Some(_)) => other,
            _ => self.or(other),
        }
    }
}

/// What is known of a value before anything runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its element type.
    pub element: Element,
    /// Its dimensions; `None` where not even their number is known.
    pub dims: Option<Vec<Length>>,
    /// At most so many entries.
    pub most: u64,
    /// Its entries as far as they are known; only for small ones, whose dimensions are exact.
    pub values: Option<Rc<[Option<Number>]>>,
    /// It depends on no input, so that ONNX Runtime may make it when it loads the graph.
    pub fixed: bool,
}

impl Tensor {
    /// Of these dimensions.
    pub fn new(element: Element, dims: Vec<Length>) -> Self {
        // An empty dimension makes an empty tensor, however long the others are.
        let most = dims.iter().fold(1u64, |most, dim| most.saturating_mul(dim.most));
        let most = if dims.iter().any(|dim| dim.most == 0) { 0 } else { most };
        Self { element, dims: Some(dims), most, values: None, fixed: false }
    }

    /// Of exactly these dimensions.
    pub fn exactly(element: Element, dims: impl IntoIterator<Item = u64>) -> Self {
        Self::new(element, dims.into_iter().map(Length::exactly).collect())
    }

    /// Of an unknown shape.
    pub fn at_most(element: Element, most: u64) -> Self {
        Self { element, dims: None, most, values: None, fixed: false }
    }

    /// The same with fewer entries, where that is known.
    #[must_use]
    pub fn with_most(mut self, most: u64) -> Self {
        self.most = self.most.min(most);
        self
    }

    /// The same shape with another element type and unknown values.
    pub fn of(&self, element: Element) -> Self {
        Self { element, values: None, fixed: false, ..self.clone() }
    }

    /// Bytes that it takes at most.
    pub fn bytes(&self) -> u64 {
        // Of unknown types the largest usual one.
        let bits = self.element.bits().unwrap_or(64);
        match self.most.checked_mul(bits) {
            Some(bits) => bits.div_ceil(8),
            None => u64::MAX,
        }
    }

    /// Whether its shape is known exactly.
    pub fn is_exact(&self) -> bool {
        self.dims.as_ref().is_some_and(|dims| dims.iter().all(|dim| dim.exact))
    }

    /// All its entries, if all are whole numbers that are known.
    pub fn numbers(&self) -> Option<Vec<i64>> {
        self.values.as_ref()?.iter().map(|value| whole((*value)?)).collect()
    }

    /// All its entries, if all are known.
    pub fn floats(&self) -> Option<Vec<f64>> {
        let float = |number| match number {
            Number::Whole(number) => number as f64,
            Number::Float(number) => number,
        };
        self.values.as_ref()?.iter().map(|value| value.map(float)).collect()
    }

    /// Its only entry, if it has one and that is a whole number that is known.
    pub fn number(&self) -> Option<i64> {
        match self.values.as_deref()? {
            [Some(value)] => whole(*value),
            _ => None,
        }
    }

    /// Broadcasts several shapes to one.
    pub fn broadcast<'t>(element: Element, parts: impl IntoIterator<Item = &'t Self>) -> Self {
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else { return Self::new(element, Vec::new()) };
        let first = Self { values: None, fixed: false, ..first.clone() };
        let mut all = parts.fold(first, |all, part| all.broadcast_with(part));
        all.element = element;
        all
    }

    fn broadcast_with(self, other: &Self) -> Self {
        // One number for all leaves the size alone; its rank may still add dimensions of one.
        let bound = match (self.is_one(), other.is_one()) {
            (true, _) => other.most,
            (_, true) => self.most,
            _ => self.most.saturating_mul(other.most),
        };
        let (Some(one), Some(two)) = (&self.dims, &other.dims) else {
            return Self::at_most(self.element, bound);
        };
        let rank = one.len().max(two.len());
        let at = |dims: &[Length], place: usize| {
            (place + dims.len()).checked_sub(rank).map_or(Length::exactly(1), |place| dims[place])
        };
        let dims = (0..rank).map(|place| at(one, place).broadcast(at(two, place))).collect();
        Self::new(self.element, dims).with_most(bound)
    }

    fn is_one(&self) -> bool {
        self.is_exact() && self.most == 1
    }

    /// Whichever of the two it may be.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let element = if self.element == other.element { self.element } else { Element::default() };
        let dims = match (&self.dims, &other.dims) {
            (Some(one), Some(two)) if one.len() == two.len() => {
                Some(one.iter().zip(two).map(|(one, two)| one.or(*two)).collect())
            }
            _ => None,
        };
        let values = if self.values == other.values { self.values.clone() } else { None };
        let most = self.most.max(other.most);
        Self { element, dims, most, values, fixed: self.fixed && other.fixed }
    }
}

fn whole(number: Number) -> Option<i64> {
    match number {
        Number::Whole(number) => Some(number),
        Number::Float(_) => None,
    }
}
