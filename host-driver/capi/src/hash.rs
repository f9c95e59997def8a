//! Accelerators and hashing.

use std::ffi::c_char;

use chaincard::{
    Accelerator, BatchError, DeviceError, Error, HashAlgorithm, Messages, OpenError, Policy,
};

use crate::algorithm::algorithm;
use crate::status::{ChaincardStatus, Failure, guard};
use crate::{bytes, bytes_mut, check_buffer, text};

/// Devices behind one queue, from `chaincard_open`.
pub struct ChaincardAccelerator {
    pub(crate) inner: Accelerator,
}

/// Opens the device `name` and tests it with known answers: "auto" (the best there is), "cpu",
/// "cpu:THREADS", "serial:PATH[@BAUD]", "unix:PATH", "tcp:HOST:PORT", "xdma:N", "opencl[:N]" in
/// builds with OpenCL. With `fallback`, the CPU answers when the device fails later.
///
/// # Safety
/// `name` is NULL or a string that ends with a zero byte; `accelerator` is NULL or points to
/// space for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_open(
    name: *const c_char,
    fallback: bool,
    accelerator: *mut *mut ChaincardAccelerator,
) -> ChaincardStatus {
    guard(|| {
        if accelerator.is_null() {
            return Err(Failure::null("accelerator"));
        }
        // SAFETY: not NULL, and the caller vouches for the space.
        unsafe { accelerator.write(std::ptr::null_mut()) };
        // SAFETY: the caller vouches for the string.
        let name = unsafe { text(name, "name") }?;
        let policy = Policy { fallback_to_cpu: fallback, ..Policy::default() };
        let inner = Accelerator::builder().policy(policy).name(name).build();
        let inner = inner.map_err(|error| Failure::of(open_status(&error), &error))?;
        let opened = Box::into_raw(Box::new(ChaincardAccelerator { inner }));
        // SAFETY: as above.
        unsafe { accelerator.write(opened) };
        Ok(())
    })
}

/// Closes an accelerator; NULL is nothing. Other threads' calls must have returned.
///
/// # Safety
/// `accelerator` is NULL or from `chaincard_open` and not closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_close(accelerator: *mut ChaincardAccelerator) {
    if !accelerator.is_null() {
        guard(|| {
            // SAFETY: from `Box::into_raw` in `chaincard_open`, and the caller vouches that it
            // was not closed.
            drop(unsafe { Box::from_raw(accelerator) });
            Ok(())
        });
    }
}

/// Hashes one message of `len` bytes and writes the digest; `digest_len` is exactly
/// `chaincard_digest_len(algorithm)`.
///
/// # Safety
/// `accelerator` is NULL or from `chaincard_open` and not closed; `message` is NULL or points to
/// `len` bytes; `digest` is NULL or points to space for `digest_len` bytes, apart from the
/// message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_hash(
    accelerator: *const ChaincardAccelerator,
    algorithm: u32,
    message: *const u8,
    len: usize,
    digest: *mut u8,
    digest_len: usize,
) -> ChaincardStatus {
    guard(|| {
        // SAFETY: the caller vouches for the pointers.
        let (accelerator, message, digest) = unsafe {
            (
                accelerator.as_ref().ok_or_else(|| Failure::null("accelerator"))?,
                bytes(message, len, "message")?,
                bytes_mut(digest, digest_len, "digest")?,
            )
        };
        let algorithm = self::algorithm(algorithm)?;
        run(accelerator, algorithm, &Messages::Slices(&[message]), digest)
    })
}

/// Hashes `count` messages that lie back to back in `data`; message i has `lengths[i]` bytes, and
/// the lengths add up to exactly `data_len`. The digests are written back to back in the order
/// of the messages; `digests_len` is exactly `count * chaincard_digest_len(algorithm)`.
///
/// # Safety
/// `accelerator` is NULL or from `chaincard_open` and not closed; `data` is NULL or points to
/// `data_len` bytes; `lengths` is NULL or points to `count` lengths; `digests` is NULL or points
/// to space for `digests_len` bytes, apart from the rest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_hash_many(
    accelerator: *const ChaincardAccelerator,
    algorithm: u32,
    data: *const u8,
    data_len: usize,
    lengths: *const usize,
    count: usize,
    digests: *mut u8,
    digests_len: usize,
) -> ChaincardStatus {
    guard(|| {
        let algorithm = self::algorithm(algorithm)?;
        // Before `lengths` is read: a wrong count is noticed here.
        let needed = count.checked_mul(algorithm.digest_len());
        if needed != Some(digests_len) {
            let message = format!(
                "digests has {digests_len} bytes, {count} messages need {} each",
                algorithm.digest_len()
            );
            return Err(Failure::new(ChaincardStatus::Length, message));
        }
        let size = count.saturating_mul(size_of::<usize>());
        check_buffer(lengths.is_null(), size, "lengths")?;
        let lengths = match count {
            0 => &[][..],
            // SAFETY: not NULL, of a possible length, and the caller vouches for the rest.
            _ => unsafe { std::slice::from_raw_parts(lengths, count) },
        };
        // SAFETY: the caller vouches for the pointers.
        let (accelerator, data, digests) = unsafe {
            (
                accelerator.as_ref().ok_or_else(|| Failure::null("accelerator"))?,
                bytes(data, data_len, "data")?,
                bytes_mut(digests, digests_len, "digests")?,
            )
        };
        let ends = ends(lengths, data_len, "data")?;
        run(accelerator, algorithm, &Messages::Packed { data, ends: &ends }, digests)
    })
}

/// Where each message ends.
pub(crate) fn ends(lengths: &[usize], data_len: usize, what: &str) -> Result<Vec<usize>, Failure> {
    let mut ends = Vec::with_capacity(lengths.len());
    let mut end: usize = 0;
    for &length in lengths {
        end = end.saturating_add(length);
        ends.push(end);
    }
    if end == data_len {
        return Ok(ends);
    }
    let message = format!("lengths add up to {end} bytes, {what} has {data_len}");
    Err(Failure::new(ChaincardStatus::Length, message))
}

fn run(
    accelerator: &ChaincardAccelerator,
    algorithm: HashAlgorithm,
    messages: &Messages<'_>,
    digests: &mut [u8],
) -> Result<(), Failure> {
    match accelerator.inner.hash_into(algorithm, messages, digests) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::of(answer_status(&error), &error)),
    }
}

pub(crate) fn answer_status(error: &Error) -> ChaincardStatus {
    match error {
        Error::NoDevice { .. } => ChaincardStatus::Unsupported,
        Error::Device(source) => match **source {
            DeviceError::Unsupported { .. } => ChaincardStatus::Unsupported,
            DeviceError::Batch(BatchError::Count { .. } | BatchError::Messages(_)) => {
                ChaincardStatus::Length
            }
            DeviceError::Batch(_) => ChaincardStatus::Plan,
            DeviceError::Messages(_)
            | DeviceError::OutputLength { .. }
            | DeviceError::MessageTooLong { .. } => ChaincardStatus::Length,
            _ => ChaincardStatus::Device,
        },
        _ => ChaincardStatus::Device,
    }
}

fn open_status(error: &OpenError) -> ChaincardStatus {
    match error {
        OpenError::Name { .. } => ChaincardStatus::Name,
        _ => ChaincardStatus::Open,
    }
}
