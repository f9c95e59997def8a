//! Buffers on a device, kept from one launch to the next.

use ocl::{Buffer, MemFlags, OclPrm, Queue};

use crate::OpenClError;

/// Space for `len` > 0 elements.
pub(crate) fn buffer<T: OclPrm>(
    queue: &Queue,
    flags: MemFlags,
    len: usize,
) -> Result<Buffer<T>, OpenClError> {
    Buffer::builder()
        .queue(queue.clone())
        .flags(flags)
        .len(len)
        .build()
        .map_err(OpenClError::call("make a buffer"))
}

/// Replaces `buffer` by a larger one when `len` elements do not fit.
pub(crate) fn grow<T: OclPrm>(
    buffer: &mut Buffer<T>,
    queue: &Queue,
    flags: MemFlags,
    len: usize,
) -> Result<(), OpenClError> {
    if len > buffer.len() {
        *buffer = self::buffer(queue, flags, len)?;
    }
    Ok(())
}
