//! Public keys that a user trusts.

use std::path::Path;

use minisign_verify::{Error, PublicKey, Signature};

use crate::ImageError;
use crate::image::read_text;

/// Public keys, any of which may have signed an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedKeys(Vec<PublicKey>);

impl TrustedKeys {
    /// Reads key files as minisign writes them.
    ///
    /// # Errors
    /// [`ImageError::Io`], [`ImageError::Key`], [`ImageError::NoKey`] for no file at all.
    pub fn load<P: AsRef<Path>>(files: &[P]) -> Result<Self, ImageError> {
        if files.is_empty() {
            return Err(ImageError::NoKey);
        }
        let keys = files.iter().map(|file| {
            let path = file.as_ref();
            PublicKey::decode(&read_text(path)?)
                .map_err(|source| ImageError::Key { path: path.to_owned(), source })
        });
        Ok(Self(keys.collect::<Result<_, _>>()?))
    }

    /// Checks a signature in minisign's text form over `data`; `path` is for messages.
    pub(crate) fn verify(&self, data: &[u8], text: &str, path: &Path) -> Result<(), ImageError> {
        let signature = Signature::decode(text)
            .map_err(|source| ImageError::SignatureFormat { path: path.to_owned(), source })?;
        let mut refusal = ImageError::UntrustedKey;
        for key in &self.0 {
            match key.verify(data, &signature, false) {
                Ok(()) => return Ok(()),
                Err(Error::UnexpectedKeyId) => {}
                Err(_) => refusal = ImageError::Signature,
            }
        }
        Err(refusal)
    }
}
