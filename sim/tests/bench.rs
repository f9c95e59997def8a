//! The benches themselves, on a core simple enough to be right by inspection.

mod common;

use chaincard_sim::SimError;
use chaincard_sim::bench::{Message, NativeCore, VerilatedCore};
use chaincard_sim::stream::{SplitMix64, Stalls};
use common::{RotateXor, rotate_xor};

const SEED: u64 = 0x5EED;

fn messages(count: usize) -> Vec<Vec<u8>> {
    let mut rng = SplitMix64(SEED);
    let message = |index: usize| {
        let len = if index < 20 { index } else { rng.next_u64() as usize % 200 };
        (0..len).map(|_| rng.next_u64() as u8).collect()
    };
    (0..count).map(message).collect()
}

fn borrowed(messages: &[Vec<u8>]) -> Vec<Message<'_>> {
    messages.iter().map(|bytes| Message { bytes, suffix: 0 }).collect()
}

const STALLS: [Stalls; 4] = [
    Stalls { seed: 0, input: 0, output: 0 },
    Stalls { seed: SEED, input: 100, output: 0 },
    Stalls { seed: SEED, input: 0, output: 200 },
    Stalls { seed: SEED, input: 80, output: 80 },
];

#[test]
fn engines_agree_in_values_and_cycles() {
    println!("seed {SEED:#x}");
    let messages = messages(400);
    let wanted: Vec<_> = messages.iter().map(|message| rotate_xor(message)).collect();
    let messages = borrowed(&messages);
    for stalls in STALLS {
        let native = NativeCore::<RotateXor>::new().unwrap().hash(&messages, 4, stalls).unwrap();
        assert_eq!(native.digests, wanted, "{stalls:?}");
        let mut verilated = VerilatedCore::<RotateXor>::new("rotate_xor").unwrap();
        let verilated = verilated.hash(&messages, 4, stalls).unwrap();
        assert_eq!(verilated, native, "{stalls:?}");
    }
}

#[test]
fn spans_are_those_of_the_handshakes() {
    let messages = [Message { bytes: &[1; 12], suffix: 0 }, Message { bytes: &[], suffix: 0 }];
    let run =
        NativeCore::<RotateXor>::new().unwrap().hash(&messages, 4, Stalls::default()).unwrap();
    let spans: Vec<_> =
        run.spans.iter().map(|s| (s.first_in, s.last_in, s.first_out, s.last_out)).collect();
    assert_eq!(spans, [(0, 2, 3, 3), (4, 4, 5, 5)]);
    assert_eq!(run.cycles, 6);
}

#[test]
fn a_digest_of_the_wrong_length_is_an_error() {
    let message = [Message { bytes: b"abc", suffix: 0 }; 2];
    let mut core = NativeCore::<RotateXor>::new().unwrap();
    let error = core.hash(&message, 8, Stalls::default()).unwrap_err();
    assert!(matches!(error, SimError::DigestLength { index: 0, found: 4, wanted: 8 }), "{error}");
}
