//! Frames over the word link.

use crate::bench::Bench;
use crate::frames::*;
use chaincard_hdl::card::CardConfig;
use chaincard_protocol::frame::MAGIC_WORD;
use chaincard_protocol::{HashAlgorithm, Register};

#[test]
fn it_answers_a_register_read() {
    let mut bench = Bench::new(CardConfig::default(), 1);
    let reply = bench.ask(&read(7, &[Register::Id.address(), Register::Scratch.address()]));
    assert_eq!(reply.header.tag, 7);
    assert_eq!(reply.values(), [MAGIC_WORD, 0]);
}

#[test]
fn it_hashes() {
    let mut bench = Bench::new(CardConfig::default(), 2);
    let items = [b"abc".to_vec(), vec![], vec![0x61; 200]];
    let reply = bench.ask(&hash(3, HashAlgorithm::Sha256, &items));
    reply.check_hash(3, HashAlgorithm::Sha256, &items);
}
