//! Passwords and access codes, and where they are.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::error::SdfError;

/// Most bytes in a password: what is longer is some other file.
const MOST: u64 = 1024;

/// Where a password is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In an environment variable.
    Variable(String),
    /// In a file; one end of line at its end is not part of it.
    File(PathBuf),
}

impl Source {
    /// The password; `what` it is, for messages.
    ///
    /// # Errors
    /// [`SdfError::NoPassword`], [`SdfError::File`], [`SdfError::Password`].
    pub fn read(&self, what: &'static str) -> Result<Zeroizing<Vec<u8>>, SdfError> {
        let password = match self {
            Self::Variable(variable) => {
                let Some(value) = std::env::var_os(variable) else {
                    return Err(SdfError::NoPassword { variable: variable.clone(), what });
                };
                Zeroizing::new(value.into_encoded_bytes())
            }
            Self::File(path) => {
                let mut bytes = Zeroizing::new(Vec::with_capacity(MOST as usize + 1));
                File::open(path)
                    .and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes))
                    .map_err(SdfError::file("read", path))?;
                for end in *b"\n\r" {
                    if bytes.last() == Some(&end) {
                        bytes.pop();
                    }
                }
                bytes
            }
        };
        check(&password, what)?;
        Ok(password)
    }
}

/// Refuses what is no password.
pub(crate) fn check(password: &[u8], what: &'static str) -> Result<(), SdfError> {
    if password.is_empty() {
        return Err(SdfError::Password { what, reason: "is empty" });
    }
    if password.len() as u64 > MOST {
        return Err(SdfError::Password { what, reason: "has more than 1024 bytes" });
    }
    Ok(())
}
