//! What can be broken inside a card without gates.

/// What is broken inside a [`ModelCard`]. Items count from when the card was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelFault {
    /// From item `after` on the engines answer nothing.
    DeadEngine {
        /// Items answered before.
        after: u64,
    },
    /// From item `after` on the card takes requests and answers none.
    Silent {
        /// Items answered before.
        after: u64,
    },
    /// With item `after` the link is closed for good, half-way in a reply.
    Killed {
        /// Items answered before.
        after: u64,
    },
    /// From item `after` on some verdicts, keys or sums are wrong.
    Lies {
        /// Items answered before.
        after: u64,
        /// Which ones.
        lie: Lie,
    },
}

/// How a card lies, its frames being right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Every valid signature is invalid.
    RefusesValid,
    /// Every other signature is valid, and any key is recovered from it.
    AcceptsInvalid,
    /// The verdicts are right; the recovered keys have a wrong bit.
    WrongKeys,
    /// The sum of a window is that of another one.
    WrongSums,
}
