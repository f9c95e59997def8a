//! Criterion bench over the cases of [`chaincard_benches::Shape::STANDARD`], one thread.
fn main() {}
