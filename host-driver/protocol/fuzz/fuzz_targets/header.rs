//! Twenty bytes that decode as a header encode to the same twenty bytes.
//!
//! The fuzzer's bytes are tried as they are and with magic, version and CRC put right.
#![no_main]

use chaincard_protocol::frame::{HEADER_LEN, MAGIC};
use chaincard_protocol::{Crc32, Header, PROTOCOL_VERSION};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: [u8; HEADER_LEN]| {
    if let Ok(header) = Header::decode(&bytes) {
        assert_eq!(header.encode(), bytes);
    }
    let mut right = bytes;
    right[..4].copy_from_slice(&MAGIC);
    right[4] = PROTOCOL_VERSION;
    let crc = Crc32::of(&right[..16]);
    right[16..].copy_from_slice(&crc.to_le_bytes());
    assert_eq!(Header::decode(&right).map(|header| header.encode()), Ok(right));
});
