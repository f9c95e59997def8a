//! What the cores that interleave two messages must do.

use chaincard_hdl::hash::HashCore;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::bench::{Bench, Traffic, random_bytes};

/// Digest of a message with a domain byte (which SM3 ignores).
pub(crate) type Oracle = fn(&[u8], u8) -> Vec<u8>;

/// A message and its domain byte.
pub(crate) type Message = (Vec<u8>, u8);

pub(crate) fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every digest in order and right.
pub(crate) fn check<C: HashCore>(
    core: C,
    oracle: Oracle,
    messages: &[Message],
    traffic: Traffic,
    seed: u64,
) {
    let mut bench = Bench::new(core, seed);
    for (message, suffix) in messages {
        bench.send(message, *suffix);
    }
    bench.run(messages.len(), traffic, 1_000_000);
    compare(&bench, oracle, messages);
}

fn compare<C: HashCore>(bench: &Bench<C>, oracle: Oracle, messages: &[Message]) {
    assert_eq!(bench.digests.len(), messages.len());
    for ((message, suffix), digest) in messages.iter().zip(&bench.digests) {
        let expected = oracle(message, *suffix);
        assert_eq!(hex(digest), hex(&expected), "length {}, domain {suffix}", message.len());
    }
}

/// Random lengths below `limit`, random domains.
pub(crate) fn random_messages(count: usize, limit: usize, seed: u64) -> Vec<Message> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    (0..count)
        .map(|_| {
            let length = random.random_range(0..limit);
            let suffix = if random.random() { 0x01 } else { 0x06 };
            (random_bytes(length, random.random()), suffix)
        })
        .collect()
}

/// Gaps on either side and on both.
pub(crate) fn gaps<C: HashCore>(make: fn() -> C, oracle: Oracle) {
    for (seed, input, output) in [(11, 30, 100), (12, 100, 4), (13, 50, 50)] {
        check(make(), oracle, &random_messages(24, 400, seed), Traffic { input, output }, seed);
    }
}

/// Messages longer than a lane's buffer between short ones.
pub(crate) fn long_messages<C: HashCore>(make: fn() -> C, oracle: Oracle, buffer: usize) {
    let lengths = [3, 3 * buffer + 5, 0, 2 * buffer, buffer - 1, 70, 2 * buffer + 1];
    let messages: Vec<Message> =
        lengths.iter().map(|&length| (random_bytes(length, length as u64), 0x06)).collect();
    check(make(), oracle, &messages, Traffic::FULL, 21);
}

/// The digest of a message comes although the next message has begun and does not go on; that one
/// waits for its end, whatever the point at which it stops.
pub(crate) fn unfinished_message<C: HashCore>(make: fn() -> C, oracle: Oracle) {
    for words in [1, 16, 17, 18, 34, 35, 60] {
        let mut bench = Bench::new(make(), words as u64);
        let early = random_messages(3, 500, words as u64);
        for (message, suffix) in &early {
            bench.send(message, *suffix);
        }
        let late = random_bytes(words * C::WORD_BYTES, 5);
        for word in late.chunks(C::WORD_BYTES) {
            bench.push(word, false, 0);
        }
        bench.run(early.len(), Traffic::FULL, 20_000);
        for _ in 0..300 {
            bench.step(Traffic::FULL, false);
        }
        compare(&bench, oracle, &early);
        // Ends with an empty word.
        bench.push(&[], true, 0x01);
        bench.send(b"abc", 0x01);
        bench.run(early.len() + 2, Traffic::FULL, 20_000);
        let mut all = early;
        all.extend([(late, 0x01), (b"abc".to_vec(), 0x01)]);
        compare(&bench, oracle, &all);
    }
}

/// After `clear` at any point nothing of the old messages is left.
pub(crate) fn clear<C: HashCore>(make: fn() -> C, oracle: Oracle) {
    let mut bench = Bench::new(make(), 31);
    let mut random = ChaCha8Rng::seed_from_u64(32);
    for round in 0..25 {
        for (message, suffix) in random_messages(6, 300, round) {
            bench.send(&message, suffix);
        }
        for _ in 0..random.random_range(1..500) {
            bench.step(Traffic { input: 90, output: 60 }, false);
        }
        bench.step(Traffic::FULL, true);
        let fresh = random_messages(3, 300, 100 + round);
        for (message, suffix) in &fresh {
            bench.send(message, *suffix);
        }
        bench.run(fresh.len(), Traffic::FULL, 20_000);
        compare(&bench, oracle, &fresh);
        bench.digests.clear();
    }
}

/// `latency()` of messages that come after any number of idle cycles.
pub(crate) fn latency<C: HashCore>(make: fn() -> C) {
    let mut bench = Bench::new(make(), 0);
    for pause in 0..6 {
        for _ in 0..pause {
            bench.step(Traffic::FULL, false);
        }
        bench.send(b"abc", 0x01);
        bench.run(pause + 1, Traffic::FULL, 2_000);
        let cycles = bench.first_words[pause] - bench.last_words[pause];
        assert_eq!(cycles, u64::from(bench.core.latency()), "after {pause} cycles");
    }
}

/// `cycles_per_block()` of messages of four blocks, back to back.
pub(crate) fn cycles_per_block<C: HashCore>(make: fn() -> C, block: usize) {
    let mut bench = Bench::new(make(), 0);
    let (before, measured) = (12, 8);
    let message = random_bytes(4 * block - 20, 0);
    for _ in 0..before + measured + 6 {
        bench.send(&message, 0x01);
    }
    bench.run(before + measured + 1, Traffic::FULL, 100_000);
    let cycles = bench.first_words[before + measured] - bench.first_words[before];
    assert_eq!(cycles as f64 / (4 * measured) as f64, bench.core.cycles_per_block());
}
