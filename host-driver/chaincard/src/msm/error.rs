//! Why a multiplication has no result.

/// The first rule of `docs/msm.md` that is broken. An index counts bases or scalars from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum MsmError {
    /// The bytes of the bases are no whole number of points.
    #[error("bases are no whole number of points")]
    BasesLength,
    /// The bytes of the scalars are no whole number of scalars.
    #[error("scalars are no whole number of 32 bytes")]
    ScalarsLength,
    /// There are more bases than scalars, or fewer.
    #[error("bases and scalars differ in number")]
    Count,
    /// A coordinate of this base is p or more.
    #[error("base {0}: a coordinate is not below p")]
    BaseRange(usize),
    /// This base is no point of the curve.
    #[error("base {0} is not on the curve")]
    BaseNotOnCurve(usize),
    /// This base is on the curve, but not in the group of order r.
    #[error("base {0} is not in the group of order r")]
    BaseNotInSubgroup(usize),
    /// This scalar is r or more where that is refused.
    #[error("scalar {0} is not below r")]
    ScalarRange(usize),
}

impl MsmError {
    /// Its number in `docs/msm.md`; 0 is none of them.
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

    /// The error in a list that `first` bases precede.
    pub(super) const fn after(self, first: usize) -> Self {
        match self {
            Self::BaseRange(index) => Self::BaseRange(first + index),
            Self::BaseNotOnCurve(index) => Self::BaseNotOnCurve(first + index),
            Self::BaseNotInSubgroup(index) => Self::BaseNotInSubgroup(first + index),
            other => other,
        }
    }
}
