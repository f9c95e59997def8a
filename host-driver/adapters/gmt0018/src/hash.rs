//! SM3 in steps. Messages that are not long wait for their end and go to the device in one piece;
//! longer ones are hashed on this processor as they come.

use sm3::{Digest, Sm3};

use crate::engine::Engine;
use crate::error::Failure;

/// Longest message that waits: beyond this a device saves nothing.
const LONGEST: usize = 64 << 10;

/// A message whose end has not come.
pub(crate) enum Hash {
    /// What came so far.
    Short(Vec<u8>),
    /// What came so far, hashed.
    Long(Box<Sm3>),
}

impl Hash {
    /// Of a message that begins with `prefix`.
    pub(crate) fn new(prefix: &[u8]) -> Self {
        Self::Short(prefix.to_vec())
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        match self {
            Self::Short(message) if message.len() + data.len() <= LONGEST => {
                message.extend_from_slice(data);
            }
            Self::Short(message) => {
                let hasher = Sm3::new_with_prefix(&*message).chain_update(data);
                *self = Self::Long(Box::new(hasher));
            }
            Self::Long(hasher) => hasher.update(data),
        }
    }

    pub(crate) fn finish(self, engine: &Engine) -> Result<[u8; 32], Failure> {
        match self {
            Self::Short(message) => engine.sm3(&message),
            Self::Long(hasher) => Ok(hasher.finalize().into()),
        }
    }
}
