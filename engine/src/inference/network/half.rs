//! The graph in half precision, as one more candidate on each provider that is right.

use super::choice::{Tried, fallback, no_nodes};
use super::likeness::{TOLERANCE, deviation_of_all, picture_error};
use super::{Fallback, Opens, Ports, reason};
use crate::inference::Precision;

/// How far the picture may be from the processor's, on average, in steps of 255. The half graph of the default pack is 0.1 off where
/// a GPU sums in half precision too; what is over a step begins to be seen.
const PICTURE_TOLERANCE: f64 = 1.0;

/// What opens the graph in half precision.
pub struct HalfWay {
    pub opens: Opens,
    /// The values of the first output, a picture, that mean black and full white.
    pub range: [f32; 2],
}

impl HalfWay {
    /// Tries it on each provider that is right, and puts it behind the same in single precision; where it does not work or is too far
    /// from `expected`, which the processor computed of the same inputs, `fallbacks` says so.
    pub fn join(
        &self,
        right: Vec<Tried>,
        expected: &Tried,
        ports: &Ports,
        fallbacks: &mut Vec<Fallback>,
    ) -> Vec<Tried> {
        let mut joined = Vec::with_capacity(2 * right.len());
        for mut single in right {
            let provider = single.runs.provider();
            single.precision = Some(Precision::Single);
            joined.push(single);
            let opened = (self.opens)(provider).and_then(|runs| Tried::new(runs, ports));
            let judged = opened.map_err(|error| reason(&error)).and_then(|tried| {
                if tried.runs.provider() != provider {
                    return Err(no_nodes(provider));
                }
                self.judge(&expected.outputs, &tried.outputs).map(|()| tried)
            });
            match judged {
                Ok(half) => joined.push(Tried { precision: Some(Precision::Half), ..half }),
                Err(reason) => fallbacks
                    .push(Fallback { precision: Some(Precision::Half), ..fallback(provider, reason) }),
            }
        }
        joined
    }

    /// Why these outputs are too far from those that are expected.
    fn judge(&self, expected: &[Vec<f32>], found: &[Vec<f32>]) -> Result<(), String> {
        let ([picture, others @ ..], [painted, further @ ..]) = (expected, found) else {
            return Err("it gave no outputs".to_owned());
        };
        let apart = picture_error(picture, painted, self.range);
        if !apart.is_finite() {
            return Err("it gives no finite numbers".to_owned());
        }
        if apart > PICTURE_TOLERANCE {
            return Err(format!(
                "its pictures are {apart:.1} of 255 away from the processor's on average, at most {PICTURE_TOLERANCE:.0} is \
                 let pass"
            ));
        }
        let deviation = deviation_of_all(others, further);
        if deviation > TOLERANCE {
            return Err(format!(
                "its numbers beside the picture are {:.0} % of their spread away from the processor's, at most {:.0} % are let \
                 pass",
                deviation * 100.0,
                TOLERANCE * 100.0
            ));
        }
        Ok(())
    }
}
