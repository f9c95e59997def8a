//! Files in batches to the device.

use std::fs::File;
use std::io::{self, Read, stdin};
use std::path::{Path, PathBuf};

use chaincard::{Accelerator, HashAlgorithm, Messages};

use super::stream;
use crate::error::CliError;

/// Most bytes and files that go to the device at once.
const BATCH_BYTES: usize = 64 << 20;
const BATCH_FILES: usize = 4096;

/// A longer file is not held in memory.
const LONGEST: usize = 256 << 20;

/// A file and what became of it.
pub(super) struct Digested {
    /// Name as the user gave it.
    pub(super) name: String,
    /// Digest and name of the device, or why the file could not be read.
    pub(super) result: io::Result<(Vec<u8>, String)>,
}

/// Digests of `files`, in order; `each` hears of every file as soon as it is done.
///
/// # Errors
/// When no device could answer, and what `each` says. A file that cannot be read is no error.
pub(super) fn digest_files(
    accelerator: &Accelerator,
    algorithm: HashAlgorithm,
    files: &[PathBuf],
    mut each: impl FnMut(&Digested) -> Result<(), CliError>,
) -> Result<Vec<Digested>, CliError> {
    let mut all: Vec<Digested> = Vec::with_capacity(files.len());
    let mut batch = Batch::default();
    for (index, path) in files.iter().enumerate() {
        let name = path.to_string_lossy().into_owned();
        let result = match batch.read(path, algorithm) {
            // The digest comes with the batch.
            Ok(None) => Ok((Vec::new(), String::new())),
            Ok(Some(digest)) => Ok((digest, "cpu".to_owned())),
            Err(error) => Err(error),
        };
        all.push(Digested { name, result });
        let full = batch.data.len() >= BATCH_BYTES || batch.ends.len() >= BATCH_FILES;
        if full || index + 1 == files.len() {
            let first = all.len() - batch.files;
            batch.finish(accelerator, algorithm, &mut all[first..])?;
            all[first..].iter().try_for_each(&mut each)?;
        }
    }
    Ok(all)
}

/// Files that were read and not hashed yet.
#[derive(Default)]
struct Batch {
    data: Vec<u8>,
    ends: Vec<usize>,
    files: usize,
}

impl Batch {
    /// Reads a file into the batch, or hashes it while reading when it is too long for that.
    fn read(&mut self, path: &Path, algorithm: HashAlgorithm) -> io::Result<Option<Vec<u8>>> {
        self.files += 1;
        let mut input: Box<dyn Read> = if path == Path::new("-") {
            Box::new(stdin())
        } else {
            if path.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            Box::new(File::open(path)?)
        };
        let start = self.data.len();
        let read = input.by_ref().take(LONGEST as u64).read_to_end(&mut self.data);
        if let Err(error) = read {
            self.data.truncate(start);
            return Err(error);
        }
        if self.data.len() - start < LONGEST {
            self.ends.push(self.data.len());
            return Ok(None);
        }
        let digest = stream::digest(algorithm, &self.data[start..], &mut input);
        self.data.truncate(start);
        digest.map(Some)
    }

    /// Hashes the batch and empties it; `files` are those that were read since it was empty.
    fn finish(
        &mut self,
        accelerator: &Accelerator,
        algorithm: HashAlgorithm,
        files: &mut [Digested],
    ) -> Result<(), CliError> {
        let messages = Messages::Packed { data: &self.data, ends: &self.ends };
        let answer = accelerator.answer(algorithm, &messages)?;
        let mut digests = answer.digests.iter();
        for (digest, device) in files.iter_mut().filter_map(|file| file.result.as_mut().ok()) {
            if digest.is_empty() {
                *digest = digests.next().unwrap_or_default().to_vec();
                *device = answer.outcome.device.to_string();
            }
        }
        self.data.clear();
        self.ends.clear();
        self.files = 0;
        Ok(())
    }
}
