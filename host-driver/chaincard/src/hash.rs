//! What hash jobs are made of: algorithms, batches of messages, batches of digests.

pub use chaincard_protocol::HashAlgorithm;

/// A batch of messages, borrowed in the shape in which the caller has them.
#[derive(Clone, Copy, Debug)]
pub enum Messages<'a> {
    /// Messages of one length, back to back: `data.len()` is a multiple of `len`.
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

impl<'a> Messages<'a> {
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
    /// When `index` is not below [`len`](Self::len).
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
        self.iter().map(<[u8]>::len).sum()
    }
}

/// Digests of a batch, back to back, in the order of the messages.
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
