//! What hash jobs are made of: algorithms, batches of messages, batches of digests.

pub use chaincard_protocol::HashAlgorithm;

/// A batch of messages, borrowed in the shape in which the caller has them.
///
/// The variants can be written directly; [`rows`](Self::rows) and [`packed`](Self::packed)
/// check them on the way, and every device checks them again before it reads
/// ([`check`](Self::check)).
///
/// ```
/// use chaincard::Messages;
///
/// let rows = Messages::rows(b"abcdef", 3)?;
/// assert_eq!(rows.iter().collect::<Vec<_>>(), [b"abc", b"def"]);
/// assert!(Messages::packed(b"abc", &[2, 1]).is_err());
/// # Ok::<(), chaincard::MessagesError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Messages<'a> {
    /// Messages of one length, back to back: `data.len()` is `len * count`.
    Rows {
        /// The bytes of all messages.
        data: &'a [u8],
        /// Bytes in each message; with 0, `count` says how many there are.
        len: usize,
        /// Number of messages.
        count: usize,
    },
    /// One slice a message.
    Slices(&'a [&'a [u8]]),
    /// Message i is `data[ends[i - 1]..ends[i]]`, the first one from 0.
    Packed {
        /// The bytes of all messages.
        data: &'a [u8],
        /// Where each message ends; ascending, within `data`.
        ends: &'a [usize],
    },
}

/// Why a batch is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessagesError {
    /// rows do not fill the data exactly
    #[error("{count} rows of {len} bytes do not make up {data} bytes")]
    Rows {
        /// Bytes given.
        data: usize,
        /// Bytes in each row.
        len: usize,
        /// Number of rows.
        count: usize,
    },
    /// ends are not ascending or lie outside of the data
    #[error("message {index} ends at {end}, which is before its start or beyond the {data} bytes")]
    Ends {
        /// First message that is wrong.
        index: usize,
        /// Its end.
        end: usize,
        /// Bytes given.
        data: usize,
    },
}

impl<'a> Messages<'a> {
    /// Messages of `len` > 0 bytes each, back to back.
    ///
    /// # Errors
    /// [`MessagesError::Rows`] when `data` is not a whole number of rows.
    pub fn rows(data: &'a [u8], len: usize) -> Result<Self, MessagesError> {
        let count = data.len().checked_div(len).unwrap_or(0);
        let messages = Self::Rows { data, len, count };
        messages.check()?;
        Ok(messages)
    }

    /// Messages back to back, message i ending before `ends[i]`.
    ///
    /// # Errors
    /// [`MessagesError::Ends`] when the ends do not ascend or leave the data.
    pub fn packed(data: &'a [u8], ends: &'a [usize]) -> Result<Self, MessagesError> {
        let messages = Self::Packed { data, ends };
        messages.check()?;
        Ok(messages)
    }

    /// Checks that every message lies within the data, so that [`get`](Self::get) cannot panic
    /// for an index below [`len`](Self::len).
    ///
    /// # Errors
    /// What is wrong with the batch.
    pub fn check(&self) -> Result<(), MessagesError> {
        match *self {
            Self::Slices(_) => Ok(()),
            Self::Rows { data, len, count } => {
                if len.checked_mul(count) == Some(data.len()) {
                    Ok(())
                } else {
                    Err(MessagesError::Rows { data: data.len(), len, count })
                }
            }
            Self::Packed { data, ends } => {
                let mut start = 0;
                for (index, &end) in ends.iter().enumerate() {
                    if end < start || end > data.len() {
                        return Err(MessagesError::Ends { index, end, data: data.len() });
                    }
                    start = end;
                }
                Ok(())
            }
        }
    }

    /// Number of messages.
    pub fn len(&self) -> usize {
        match self {
            Self::Rows { count, .. } => *count,
            Self::Slices(slices) => slices.len(),
            Self::Packed { ends, .. } => ends.len(),
        }
    }

    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Message `index`.
    ///
    /// # Panics
    /// When `index` is not below [`len`](Self::len), or the batch does not pass
    /// [`check`](Self::check).
    #[inline]
    pub fn get(&self, index: usize) -> &'a [u8] {
        match *self {
            Self::Rows { data, len, .. } => &data[index * len..(index + 1) * len],
            Self::Slices(slices) => slices[index],
            Self::Packed { data, ends } => {
                let start = if index == 0 { 0 } else { ends[index - 1] };
                &data[start..ends[index]]
            }
        }
    }

    /// The messages in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'a [u8]> + use<'a> {
        let messages = *self;
        (0..messages.len()).map(move |index| messages.get(index))
    }

    /// Bytes in all messages.
    pub fn total_bytes(&self) -> usize {
        match *self {
            Self::Rows { data, .. } => data.len(),
            Self::Slices(slices) => slices.iter().map(|slice| slice.len()).sum(),
            Self::Packed { ends, .. } => ends.last().copied().unwrap_or(0),
        }
    }

    /// Bytes in the longest message; 0 for an empty batch.
    pub fn longest(&self) -> usize {
        match *self {
            Self::Rows { len, count, .. } => {
                if count == 0 {
                    0
                } else {
                    len
                }
            }
            _ => self.iter().map(<[u8]>::len).max().unwrap_or(0),
        }
    }
}

/// Digests of a batch, back to back, in the order of the messages. A digest is in the byte
/// order of its standard, the one in which it is printed in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    data: Vec<u8>,
    digest_len: usize,
}

impl Digests {
    /// Zeroed space for `count` digests of `algorithm`.
    pub fn zeroed(algorithm: HashAlgorithm, count: usize) -> Self {
        Self { data: vec![0; algorithm.digest_len() * count], digest_len: algorithm.digest_len() }
    }

    /// Number of digests.
    pub fn len(&self) -> usize {
        self.data.len() / self.digest_len
    }

    /// Whether there is no digest.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// Digest `index`; `None` beyond the end.
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        self.data.chunks_exact(self.digest_len).nth(index)
    }

    /// The digests in order.
    pub fn iter(&self) -> std::slice::ChunksExact<'_, u8> {
        self.data.chunks_exact(self.digest_len)
    }

    /// Bytes in each digest.
    pub fn digest_len(&self) -> usize {
        self.digest_len
    }

    /// All bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.data
    }

    /// All bytes, for a device to fill.
    pub fn as_bytes_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }

    /// All bytes, owned.
    pub fn into_bytes(self) -> Vec<u8> {
        self.data
    }
}

impl<'a> IntoIterator for &'a Digests {
    type Item = &'a [u8];
    type IntoIter = std::slice::ChunksExact<'a, u8>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
