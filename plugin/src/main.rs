//! Klangbild: turns music into art while it plays.

fn main() {}
