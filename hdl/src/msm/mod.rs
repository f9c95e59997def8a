//! Multi-scalar multiplication in gates: the buckets of all windows, and their sums.
//!
//! One multiplier does everything. It is a row of DSP blocks that multiplies one digit with all
//! digits of a number per cycle, for eight independent additions in turn, so that nothing waits
//! for its pipeline. Additions are complete: doubling, opposite points and infinity are no cases.
//!
//! Operation counts on BN254 (16 digits of 17 bits, 16 DSPs): a product takes 33 rows, a sum of two
//! products 49; an addition to a bucket four and four, 328 cycles of the multiplier or 5,248
//! DSP·cycles; an addition of two projective points three and six, 393. On BLS12-381 (23 digits):
//! 47 and 70 rows, 468 cycles, 10,764 DSP·cycles.
//!
//! | file | what |
//! | --- | --- |
//! | [`config`] | curves, windows, adders, sizes |
//! | [`program`] | the additions as lists of products |
//! | [`engine`] | all parts together: one adder |
//! | [`adders`] | several of them, which share the bits of the scalars |
//! | `terms` | words in: digits of points, signed digits of scalars |
//! | `slots` | which points are in use |
//! | `scheduler` | which addition is next, locks of buckets, the queue of those that wait |
//! | `threads` | eight additions in turn, row by row |
//! | `passes`, `linear` | results back to the memories, sums on the way |
//! | `sums` | sums of windows out |
//!
//! Area, clock and cycles: `hdl/msm.json`, with part, tools and seed.

pub mod adders;
pub mod config;
pub mod engine;
mod linear;
mod passes;
pub mod program;
mod scheduler;
mod slots;
mod sums;
mod terms;
mod threads;

pub use adders::Adders;
pub use config::{Config, Curve};
pub use engine::Engine;
