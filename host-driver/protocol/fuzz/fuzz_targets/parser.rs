//! The stream parser takes any bytes, makes progress, stays within its buffer, says the same
//! for any chunks, and every frame that it gives is on the wire as it stands.
//!
//! Input: chunk length, then the wire. A byte 0xA5 in the wire stands for a valid frame whose
//! payload are the bytes behind it, so that the fuzzer need not find CRCs.
#![no_main]

use chaincard_protocol::{Event, FrameReader, Header, encode};
use libfuzzer_sys::fuzz_target;

const CAPACITY: usize = 64;

fn wire_of(mut input: &[u8]) -> Vec<u8> {
    let mut wire = Vec::new();
    while let Some((&byte, rest)) = input.split_first() {
        input = rest;
        if byte != 0xA5 {
            wire.push(byte);
            continue;
        }
        let payload = &rest[..(rest.len().min(CAPACITY + 8)) & !3];
        let tag = payload.len() as u16;
        let header = Header { opcode: 0x90, tag, param: 0, items: 0, payload_len: 0 };
        encode::frame(&mut wire, header, payload);
        input = &rest[payload.len()..];
    }
    wire
}

fn frames(wire: &[u8], chunk: usize) -> (Vec<Vec<u8>>, usize, u64) {
    let mut reader = FrameReader::new([0; CAPACITY]);
    let (mut frames, mut broken) = (Vec::new(), 0);
    for mut rest in wire.chunks(chunk) {
        while !rest.is_empty() {
            let (used, event) = reader.feed(rest);
            assert!(0 < used && used <= rest.len());
            rest = &rest[used..];
            match event {
                Some(Event::Frame(frame)) => {
                    let mut bytes = Vec::new();
                    encode::frame(&mut bytes, frame.header, frame.payload);
                    frames.push(bytes);
                }
                Some(Event::Broken(_)) => broken += 1,
                None => {}
            }
        }
    }
    (frames, broken, reader.skipped())
}

fuzz_target!(|input: &[u8]| {
    let Some((&chunk, input)) = input.split_first() else { return };
    let wire = wire_of(input);
    let found = frames(&wire, usize::from(chunk) + 1);
    assert_eq!(found, frames(&wire, usize::MAX));
    assert!(found.2 <= wire.len() as u64);
    let mut rest = &wire[..];
    for frame in &found.0 {
        let at = rest.windows(frame.len()).position(|window| window == frame);
        rest = &rest[at.expect("frame stands on the wire") + frame.len()..];
    }
});
