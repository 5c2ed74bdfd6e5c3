//! A fence around the demuxers and decoders: a damaged file that trips an assertion of theirs is damaged, and no more.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; `None` if it panicked, which nobody hears of. What it works with is not to be used again after that.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let others = take_hook();
        set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                others(panic);
            }
        }));
    });
    let before = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_is_nothing_but_the_lack_of_a_result() {
        assert_eq!(guarded(|| 7), Some(7));
        assert_eq!(guarded(|| [1, 2, 3][std::hint::black_box(3)]), None);
        assert_eq!(guarded(|| 8), Some(8));
    }
}
