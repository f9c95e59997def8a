//! A card whose engine is played by the test: it works, stops taking words, or never answers.

use crate::frames::*;
use chaincard_hdl::card::{CardConfig, CardCore};
use chaincard_protocol::hash::ItemStatus;
use chaincard_protocol::{HashAlgorithm, Register};
use rust_hdl::prelude::*;
use std::collections::VecDeque;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    /// Takes this many words, then no more.
    StopsTaking(usize),
    /// Takes every message, gives this many words of digests, then no more.
    StopsGiving(usize),
}

struct Engine {
    fault: Fault,
    message: Vec<u8>,
    out: VecDeque<u32>,
    taken: usize,
    given: usize,
    cleared: usize,
}

fn play(fault: Fault, frames: &[Vec<u8>]) -> (Vec<Reply>, Engine) {
    let config = CardConfig {
        link_timeout: 300,
        engine_timeout: 250,
        timeout_floor: 63,
        ..CardConfig::SIMULATION
    };
    let mut card = CardCore::new(&config, 8, 0);
    card.connect_all();
    card.capabilities.next = 1.into();
    card.tx_ready.next = true;
    let mut engine =
        Engine { fault, message: Vec::new(), out: VecDeque::new(), taken: 0, given: 0, cleared: 0 };
    let mut input: VecDeque<u32> = frames
        .concat()
        .chunks(4)
        .map(|word| u32::from_le_bytes(word.try_into().expect("four bytes")))
        .collect();
    let (mut replies, mut bytes) = (Vec::new(), Vec::new());
    for _ in 0..20_000 {
        let takes = !matches!(engine.fault, Fault::StopsTaking(n) if engine.taken >= n);
        let gives = !matches!(engine.fault, Fault::StopsGiving(n) if engine.given >= n);
        card.rx_valid.next = !input.is_empty();
        card.rx_data.next = input.front().copied().unwrap_or(0).to_bits();
        card.engine_in_ready.next = takes;
        card.engine_out_valid.next = gives && !engine.out.is_empty();
        card.engine_out_data.next = engine.out.front().copied().unwrap_or(0).to_bits();
        assert!(simulate(&mut card, 100), "settles");
        if card.rx_ready.val() {
            input.pop_front();
        }
        if card.engine_in_valid.val() && takes {
            engine.taken += 1;
            let word = card.engine_in_data.val().to_u32().to_le_bytes();
            engine.message.extend(&word[..card.engine_in_bytes.val().index()]);
            if card.engine_in_last.val() {
                let digest = digest(HashAlgorithm::Sha256, &std::mem::take(&mut engine.message));
                let words = digest.chunks(4).map(|w| u32::from_le_bytes(w.try_into().unwrap()));
                engine.out.extend(words);
            }
        }
        if card.engine_out_ready.val() && gives && !engine.out.is_empty() {
            engine.given += 1;
            engine.out.pop_front();
        }
        if card.engine_clear.val() {
            engine.cleared += 1;
            engine.message.clear();
            engine.out.clear();
        }
        if card.tx_valid.val() {
            bytes.extend(card.tx_data.val().to_u32().to_le_bytes());
            if card.tx_last.val() {
                replies.push(Reply::parse(&std::mem::take(&mut bytes)));
                // After the first answer the engine works again.
                engine.fault = Fault::None;
            }
        }
        for clk in [true, false] {
            card.clock.next = Clock { clk };
            assert!(simulate(&mut card, 100), "settles");
        }
    }
    (replies, engine)
}

#[test]
fn items_of_a_dead_engine_get_a_status_and_the_card_lives_on() {
    let items = [b"one".to_vec(), vec![], vec![2; 100], vec![3; 64]];
    let frames = [
        hash(1, HashAlgorithm::Sha256, &items),
        hash(2, HashAlgorithm::Sha256, &items),
        read(3, &[Register::Items.address(), Register::EngineTimeouts.address()]),
    ];
    let (replies, engine) = play(Fault::None, &frames);
    assert_eq!(engine.cleared, 0);
    replies[0].check_hash(1, HashAlgorithm::Sha256, &items);
    assert_eq!(replies[2].values(), [8, 0]);
    let faults = (0..40).map(Fault::StopsTaking).chain((0..32).map(Fault::StopsGiving));
    for fault in faults {
        let (replies, engine) = play(fault, &frames);
        assert!(engine.cleared > 0, "{fault:?}");
        assert_eq!(replies.len(), 3, "{fault:?}");
        assert_eq!(replies[0].header.items, 4);
        let mut done = 0;
        for (item, answer) in items.iter().zip(replies[0].payload.chunks(36)) {
            let mut expected = ItemStatus::EngineTimeout.code().to_le_bytes().to_vec();
            expected.extend([0; 32]);
            if answer[0] == 0 {
                expected = [vec![0; 4], digest(HashAlgorithm::Sha256, item)].concat();
                done += 1;
            }
            assert_eq!(answer, expected, "{fault:?}");
        }
        match fault {
            Fault::StopsGiving(words) => assert_eq!(done, words as u32 / 8, "{fault:?}"),
            _ => assert!(done < 4, "{fault:?}"),
        }
        replies[1].check_hash(2, HashAlgorithm::Sha256, &items);
        assert_eq!(replies[2].values(), [4 + done, 4 - done], "{fault:?}");
    }
}
