//! Making signatures: for those who publish images.

use std::io::Cursor;
use std::path::Path;

use minisign::{KeyPair, PError, SecretKey, SecretKeyBox};

use crate::image::{digest, read_text};
use crate::{Bitstream, ImageError, MANIFEST_FILE, Manifest, SIGNATURE_FILE};

/// A secret key that signs manifests.
pub struct SigningKey(SecretKey);

impl SigningKey {
    /// Reads a key file as minisign writes it; `password` is needed when it is encrypted.
    ///
    /// # Errors
    /// [`ImageError::Io`], [`ImageError::Sign`].
    pub fn load(path: &Path, password: Option<String>) -> Result<Self, ImageError> {
        let key = SecretKeyBox::from_string(&read_text(path)?).map_err(sign_error)?;
        let secret = match password {
            Some(password) => key.into_secret_key(Some(password)),
            None => key.into_unencrypted_secret_key(),
        };
        Ok(Self(secret.map_err(sign_error)?))
    }
}

/// Makes a key pair without a password: the secret key goes to `secret`, which only this user
/// may read, the public key to `public`. Files that are there are not touched.
///
/// # Errors
/// [`ImageError::Io`] (also when a file is there), [`ImageError::Sign`].
pub fn generate_keys(secret: &Path, public: &Path) -> Result<(), ImageError> {
    if let Some(path) = [secret, public].into_iter().find(|path| path.exists()) {
        return Err(ImageError::io(path)(std::io::ErrorKind::AlreadyExists.into()));
    }
    let pair = KeyPair::generate_unencrypted_keypair().map_err(sign_error)?;
    let comment = Some("chaincard images: secret key");
    let secret_text = pair.sk.to_box(comment).map_err(sign_error)?.into_string();
    let public_text = pair.pk.to_box().map_err(sign_error)?.into_string();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(secret).map_err(ImageError::io(secret))?;
    std::io::Write::write_all(&mut file, secret_text.as_bytes()).map_err(ImageError::io(secret))?;
    std::fs::write(public, public_text).map_err(ImageError::io(public))
}

/// File name, length and SHA-256 of a bitstream, for its manifest.
///
/// # Errors
/// [`ImageError::Io`], [`ImageError::TooLarge`], [`ImageError::Field`] for a path without a
/// usable file name.
pub fn describe_bitstream(path: &Path) -> Result<Bitstream, ImageError> {
    let file = path.file_name().and_then(|name| name.to_str()).ok_or(ImageError::Field {
        field: "bitstream.file",
        reason: format!("{path:?} has no usable file name"),
    })?;
    let (bytes, sha256) = digest(path)?;
    Ok(Bitstream { file: file.to_owned(), bytes, sha256 })
}

/// Writes `manifest` into `folder`, without a signature: an older one, which fits no longer,
/// is removed.
///
/// # Errors
/// [`ImageError::Field`], [`ImageError::Io`].
pub fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), ImageError> {
    let (path, signature) = (folder.join(MANIFEST_FILE), folder.join(SIGNATURE_FILE));
    let text = manifest.to_toml()?;
    match std::fs::remove_file(&signature) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(ImageError::io(signature)(error))
        }
        _ => std::fs::write(&path, text).map_err(ImageError::io(path)),
    }
}

/// Signs the manifest in `folder`, and so the bitstream that it names by SHA-256. A manifest
/// that does not fit its folder's bitstream is not signed.
///
/// # Errors
/// What is wrong with the image, [`ImageError::Io`], [`ImageError::Sign`].
pub fn sign_manifest(folder: &Path, key: &SigningKey) -> Result<(), ImageError> {
    let path = folder.join(MANIFEST_FILE);
    let text = read_text(&path)?;
    let manifest = Manifest::parse(&text, &path)?;
    let found = describe_bitstream(&folder.join(&manifest.bitstream.file))?;
    if found != manifest.bitstream {
        return Err(ImageError::BitstreamDigest {
            found: found.sha256,
            expected: manifest.bitstream.sha256,
        });
    }
    let trusted = format!("chaincard image {}", manifest.name);
    let untrusted = "signature of a chaincard image's manifest";
    let data = Cursor::new(text.as_bytes());
    let signature =
        minisign::sign(None, &key.0, data, Some(&trusted), Some(untrusted)).map_err(sign_error)?;
    let path = folder.join(SIGNATURE_FILE);
    std::fs::write(&path, signature.into_string()).map_err(ImageError::io(path))
}

fn sign_error(source: PError) -> ImageError {
    ImageError::Sign(Box::new(source))
}
