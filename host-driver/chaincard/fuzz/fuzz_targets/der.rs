//! The DER parser takes any bytes, and what it accepts is the one encoding of what it read.
#![no_main]

use chaincard::verify::der;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok((r, s)) = der::parse(bytes) else { return };
    // Numbers of more than 32 bytes are all read as 2²⁵⁶ − 1.
    if r != [0xFF; 32] && s != [0xFF; 32] {
        assert_eq!(der::encode(&r, &s), bytes);
    }
});
