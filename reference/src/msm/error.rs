//! Why there is no result.

use std::fmt;

/// The first rule of `docs/msm.md` that is broken. An index counts bases or scalars from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Error {
    /// The bytes of the bases are no whole number of points.
    BasesLength,
    /// The bytes of the scalars are no whole number of scalars.
    ScalarsLength,
    /// There are more bases than scalars, or fewer.
    Count,
    /// A coordinate of this base is p or more.
    BaseRange(usize),
    /// This base is no point of the curve.
    BaseNotOnCurve(usize),
    /// This base is on the curve, but not in the group of order r.
    BaseNotInSubgroup(usize),
    /// This scalar is r or more where that is refused.
    ScalarRange(usize),
}

impl Error {
    /// One of each, in the order of their codes, with index 0.
    pub const ALL: [Self; 7] = [
        Self::BasesLength,
        Self::ScalarsLength,
        Self::Count,
        Self::BaseRange(0),
        Self::BaseNotOnCurve(0),
        Self::BaseNotInSubgroup(0),
        Self::ScalarRange(0),
    ];

    /// Its number on the wire; 0 is none of them.
    pub const fn code(self) -> u8 {
        match self {
            Self::BasesLength => 1,
            Self::ScalarsLength => 2,
            Self::Count => 3,
            Self::BaseRange(_) => 8,
            Self::BaseNotOnCurve(_) => 9,
            Self::BaseNotInSubgroup(_) => 10,
            Self::ScalarRange(_) => 16,
        }
    }

    /// The base or scalar at fault, counted from 0.
    pub const fn index(self) -> Option<usize> {
        match self {
            Self::BasesLength | Self::ScalarsLength | Self::Count => None,
            Self::BaseRange(index)
            | Self::BaseNotOnCurve(index)
            | Self::BaseNotInSubgroup(index)
            | Self::ScalarRange(index) => Some(index),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BasesLength => write!(f, "bases are no whole number of points"),
            Self::ScalarsLength => write!(f, "scalars are no whole number of 32 bytes"),
            Self::Count => write!(f, "bases and scalars differ in number"),
            Self::BaseRange(index) => write!(f, "base {index}: a coordinate is not below p"),
            Self::BaseNotOnCurve(index) => write!(f, "base {index} is not on the curve"),
            Self::BaseNotInSubgroup(index) => {
                write!(f, "base {index} is not in the group of order r")
            }
            Self::ScalarRange(index) => write!(f, "scalar {index} is not below r"),
        }
    }
}

impl std::error::Error for Error {}
