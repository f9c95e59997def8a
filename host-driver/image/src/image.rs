//! Images in folders.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::manifest::MAX_BITSTREAM;
use crate::{ImageError, MANIFEST_FILE, Manifest, SIGNATURE_FILE, TrustedKeys};

/// Longest manifest, signature or key that is read.
const MAX_TEXT: u64 = 64 << 10;

/// A checked image: a trusted key signed its manifest, and the bitstream is the one that the
/// manifest speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    manifest: Manifest,
    bitstream: PathBuf,
}

impl Image {
    /// Checks the image in `folder`, in this order: signature, manifest, length and SHA-256 of
    /// the bitstream. Nothing of the manifest is believed before the signature is.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn check(folder: &Path, keys: &TrustedKeys) -> Result<Self, ImageError> {
        let manifest_path = folder.join(MANIFEST_FILE);
        let signature_path = folder.join(SIGNATURE_FILE);
        let text = read_text(&manifest_path)?;
        keys.verify(text.as_bytes(), &read_text(&signature_path)?, &signature_path)?;
        let manifest = Manifest::parse(&text, &manifest_path)?;
        check_folder(folder, &manifest)?;

        let bitstream = folder.join(&manifest.bitstream.file);
        let (bytes, sha256) = digest(&bitstream)?;
        let expected = &manifest.bitstream;
        if bytes != expected.bytes {
            return Err(ImageError::BitstreamLength { found: bytes, expected: expected.bytes });
        }
        if sha256 != expected.sha256 {
            return Err(ImageError::BitstreamDigest {
                found: sha256,
                expected: expected.sha256.clone(),
            });
        }
        Ok(Self { manifest, bitstream })
    }

    /// What the manifest says.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Path of the bitstream.
    pub fn bitstream(&self) -> &Path {
        &self.bitstream
    }
}

/// An image that [`list`] found; not checked.
#[derive(Debug)]
pub struct Listed {
    /// Name of the folder.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// What its manifest says, or why it cannot be read.
    pub manifest: Result<Manifest, ImageError>,
}

/// The images in `folder`, by name: every folder in it that has a manifest. None is checked.
///
/// # Errors
/// [`ImageError::Io`] when `folder` cannot be read.
pub fn list(folder: &Path) -> Result<Vec<Listed>, ImageError> {
    let mut images = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(ImageError::io(folder))? {
        let path = entry.map_err(ImageError::io(folder))?.path();
        let manifest_path = path.join(MANIFEST_FILE);
        if let (Some(name), true) = (path.file_name(), manifest_path.is_file()) {
            let name = name.to_string_lossy().into_owned();
            let manifest = read_text(&manifest_path)
                .and_then(|text| Manifest::parse(&text, &manifest_path))
                .and_then(|manifest| check_folder(&path, &manifest).map(|()| manifest));
            images.push(Listed { name, folder: path, manifest });
        }
    }
    images.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(images)
}

/// The folder of image `name` in `folder`; a `name` that is itself the path of an image's
/// folder stands for that.
///
/// # Errors
/// [`ImageError::NoImage`].
pub fn find(folder: &Path, name: &str) -> Result<PathBuf, ImageError> {
    [folder.join(name), PathBuf::from(name)]
        .into_iter()
        .find(|path| path.join(MANIFEST_FILE).is_file())
        .ok_or_else(|| ImageError::NoImage { name: name.to_owned(), folder: folder.to_owned() })
}

/// A signed image of one name must not pass for another one.
fn check_folder(folder: &Path, manifest: &Manifest) -> Result<(), ImageError> {
    let folder = folder.canonicalize().map_err(ImageError::io(folder))?;
    if folder.file_name() == Some(manifest.name.as_ref()) {
        return Ok(());
    }
    let reason = format!("{:?} is not the name of its folder", manifest.name);
    Err(ImageError::Field { field: "name", reason })
}

/// Reads a small text file.
pub(crate) fn read_text(path: &Path) -> Result<String, ImageError> {
    let mut text = String::new();
    let file = File::open(path).map_err(ImageError::io(path))?;
    file.take(MAX_TEXT + 1).read_to_string(&mut text).map_err(ImageError::io(path))?;
    if text.len() as u64 > MAX_TEXT {
        return Err(ImageError::TooLarge { path: path.to_owned(), limit: MAX_TEXT });
    }
    Ok(text)
}

/// Length and SHA-256 of a bitstream.
pub(crate) fn digest(path: &Path) -> Result<(u64, String), ImageError> {
    let mut file = File::open(path).map_err(ImageError::io(path))?.take(MAX_BITSTREAM + 1);
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let count = file.read(&mut buffer).map_err(ImageError::io(path))?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        bytes += count as u64;
    }
    if bytes > MAX_BITSTREAM {
        return Err(ImageError::TooLarge { path: path.to_owned(), limit: MAX_BITSTREAM });
    }
    let hex = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((bytes, hex))
}
