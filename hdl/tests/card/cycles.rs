//! Cycles that a frame takes, from its first word offered to the last word of its reply.

use crate::bench::Bench;
use crate::frames::*;
use chaincard_hdl::card::CardConfig;
use chaincard_protocol::HashAlgorithm;

fn cycles(bench: &mut Bench, algorithm: HashAlgorithm, items: &[Vec<u8>]) -> u64 {
    bench.run(20);
    let start = bench.cycles;
    bench.ask(&hash(1, algorithm, items)).check_hash(1, algorithm, items);
    bench.cycles - start
}

#[test]
fn frames_take_no_longer_than_their_words_and_blocks() {
    let mut bench = Bench::new(CardConfig::default(), 20);
    for algorithm in HashAlgorithm::ALL {
        let one = cycles(&mut bench, algorithm, &[vec![0x5A; 64]]);
        let many = cycles(&mut bench, algorithm, &vec![vec![0x5A; 64]; 60]);
        let long = cycles(&mut bench, algorithm, &[vec![0x5A; 4096]]);
        let next = (many - one) as f64 / 59.0;
        let per_byte = (long - one) as f64 / 4032.0;
        println!(
            "{:9} one 64-byte message {one}, each further one {next:.1}, long message {per_byte:.3} per byte",
            algorithm.name()
        );
        // A message alone has one lane of its core, which takes at most 136 cycles for 64 bytes.
        assert!(one < 400 && next < 180.0 && per_byte < 2.5);
    }
}
