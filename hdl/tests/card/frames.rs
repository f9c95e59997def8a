//! Frames as a host makes and reads them, and the digests that must be in them.

use chaincard_protocol::frame::{HEADER_LEN, REPLY_BIT};
use chaincard_protocol::{Crc32, HashAlgorithm, Header, Opcode, Reject};
use sha3::Digest;

/// A frame with this header and payload.
pub(crate) fn frame(header: Header, payload: &[u8]) -> Vec<u8> {
    let mut bytes = header.encode().to_vec();
    bytes.extend(payload);
    bytes.extend(Crc32::of(payload).to_le_bytes());
    bytes
}

/// A request with the length of the payload filled in.
pub(crate) fn request(
    opcode: Opcode,
    tag: u16,
    param: u16,
    items: usize,
    payload: &[u8],
) -> Vec<u8> {
    let (items, payload_len) = (items as u16, payload.len() as u32);
    frame(Header { opcode: opcode.code(), tag, param, items, payload_len }, payload)
}

/// Payload of a hash request.
pub(crate) fn messages<M: AsRef<[u8]>>(messages: &[M]) -> Vec<u8> {
    let mut payload = Vec::new();
    for message in messages {
        let message = message.as_ref();
        payload.extend((message.len() as u32).to_le_bytes());
        payload.extend(message);
        payload.resize(payload.len().next_multiple_of(4), 0);
    }
    payload
}

/// A hash request.
pub(crate) fn hash<M: AsRef<[u8]>>(tag: u16, algorithm: HashAlgorithm, items: &[M]) -> Vec<u8> {
    request(Opcode::Hash, tag, algorithm.code(), items.len(), &messages(items))
}

/// A request that reads registers.
pub(crate) fn read(tag: u16, addresses: &[u32]) -> Vec<u8> {
    let payload: Vec<u8> = addresses.iter().flat_map(|a| a.to_le_bytes()).collect();
    request(Opcode::ReadRegisters, tag, 0, addresses.len(), &payload)
}

/// A request that writes registers.
pub(crate) fn write(tag: u16, values: &[(u32, u32)]) -> Vec<u8> {
    let payload: Vec<u8> =
        values.iter().flat_map(|&(a, v)| [a.to_le_bytes(), v.to_le_bytes()].concat()).collect();
    request(Opcode::WriteRegisters, tag, 0, values.len(), &payload)
}

/// The digest, by an independent implementation.
pub(crate) fn digest(algorithm: HashAlgorithm, message: &[u8]) -> Vec<u8> {
    match algorithm {
        HashAlgorithm::Sha256 => sha2::Sha256::digest(message).to_vec(),
        HashAlgorithm::Sha512 => sha2::Sha512::digest(message).to_vec(),
        HashAlgorithm::Keccak256 => sha3::Keccak256::digest(message).to_vec(),
        HashAlgorithm::Sha3_256 => sha3::Sha3_256::digest(message).to_vec(),
        HashAlgorithm::Sm3 => sm3::Sm3::digest(message).to_vec(),
    }
}

/// A frame that came from the card.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) header: Header,
    pub(crate) payload: Vec<u8>,
}

impl Reply {
    /// Panics unless `bytes` are exactly one right frame.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let header: [u8; HEADER_LEN] = bytes[..HEADER_LEN].try_into().expect("a header");
        let header = Header::decode(&header).expect("a right header");
        let payload = bytes[HEADER_LEN..bytes.len() - 4].to_vec();
        assert_eq!(payload.len(), header.payload_len as usize);
        assert_eq!(bytes[bytes.len() - 4..], Crc32::of(&payload).to_le_bytes());
        Self { header, payload }
    }

    /// Number of bytes of the frame that begins with this header.
    pub(crate) fn frame_len(header: &[u8]) -> usize {
        HEADER_LEN + 4 + u32::from_le_bytes(header[12..16].try_into().unwrap()) as usize
    }

    /// The reject code and tag of an error frame.
    pub(crate) fn reject(&self) -> Option<(Reject, u16)> {
        (self.header.opcode == Opcode::Error.code()).then(|| {
            assert_eq!((self.header.items, self.payload.len()), (0, 0));
            (Reject::from_code(self.header.param).expect("a reject code"), self.header.tag)
        })
    }

    /// Panics unless this answers `hash(tag, algorithm, items)` with the right digests.
    pub(crate) fn check_hash<M: AsRef<[u8]>>(
        &self,
        tag: u16,
        algorithm: HashAlgorithm,
        items: &[M],
    ) {
        let mut payload = Vec::new();
        for item in items {
            payload.extend([0; 4]);
            payload.extend(digest(algorithm, item.as_ref()));
        }
        let header = Header {
            opcode: Opcode::Hash.code() | REPLY_BIT,
            tag,
            param: algorithm.code(),
            items: items.len() as u16,
            payload_len: payload.len() as u32,
        };
        assert_eq!(*self, Self { header, payload });
    }

    /// Register values of the reply to a read.
    pub(crate) fn values(&self) -> Vec<u32> {
        assert_eq!(self.header.opcode, Opcode::ReadRegisters.code() | REPLY_BIT);
        self.payload.chunks_exact(4).map(|w| u32::from_le_bytes(w.try_into().unwrap())).collect()
    }
}
