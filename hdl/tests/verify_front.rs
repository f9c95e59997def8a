//! The front alone: the bench plays hash cores and engines.

use std::collections::HashMap;

use chaincard_hdl::verify::Front;
use chaincard_protocol::verify::{Hashing, KEY_COMPRESSED, KEY_ODD, Profile, Verdict, VerifyParam};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_hdl::prelude::*;
use sha2::Digest;

/// What a thread was started with.
#[derive(Clone, Debug, Default, PartialEq)]
struct Job {
    fields: [[u16; 16]; 6],
    program: u64,
    flags: u64,
}

struct Bench {
    front: Front,
    random: ChaCha8Rng,
    jobs: HashMap<u64, Job>,
    started: Vec<(u64, Job)>,
    hashing: Vec<u8>,
    digest: Vec<u8>,
    answers: Vec<u32>,
    verdicts: HashMap<u64, u64>,
    recover: bool,
}

fn hash(select: u64, message: &[u8]) -> Vec<u8> {
    match select {
        0 => sha2::Sha256::digest(message).to_vec(),
        1 => sha2::Sha512::digest(message).to_vec(),
        2 => sha3::Keccak256::digest(message).to_vec(),
        4 => sm3::Sm3::digest(message).to_vec(),
        other => panic!("algorithm {other}"),
    }
}

impl Bench {
    fn new(engines: u64, param: VerifyParam, recover: bool, seed: u64) -> Self {
        println!("seed {seed}");
        let mut front = Front::new(engines);
        front.connect_all();
        front.param.next = param.code().to_bits();
        front.recover.next = recover;
        Self {
            front,
            random: ChaCha8Rng::seed_from_u64(seed),
            jobs: HashMap::new(),
            started: vec![],
            hashing: vec![],
            digest: vec![],
            answers: vec![],
            verdicts: HashMap::new(),
            recover,
        }
    }

    /// One cycle with this word on offer; gives whether it was taken.
    fn step(&mut self, word: Option<(u32, usize, bool)>) -> bool {
        let front = &mut self.front;
        let hash_ready = self.random.random_bool(0.7);
        let out_ready = self.random.random_bool(0.7);
        let (data, bytes, last) = word.unwrap_or_default();
        front.in_valid.next = word.is_some();
        front.in_data.next = data.to_bits();
        front.in_bytes.next = (bytes as u64).to_bits();
        front.in_last.next = last;
        front.hash_in_ready.next = hash_ready;
        front.hash_out_valid.next = !self.digest.is_empty();
        let next: [u8; 4] = self.digest.get(..4).map_or([0; 4], |b| b.try_into().expect("4"));
        front.hash_out_data.next = u32::from_le_bytes(next).to_bits();
        front.out_ready.next = out_ready;
        let turn = front.answer_turn.val().to_u64();
        let verdict = self.verdicts.get(&turn).copied();
        front.answer_done.next = verdict.is_some();
        front.answer_verdict.next = verdict.unwrap_or(0).to_bits();
        let digit = 0x1000 * u64::from(front.answer_field.val())
            + 0x0201 * front.answer_digit.val().to_u64();
        front.answer_data.next = digit.to_bits();
        assert!(simulate(front, 32));
        let taken = word.is_some() && front.in_ready.val();
        let fetched = !self.digest.is_empty() && front.hash_out_ready.val();
        if front.hash_clear.val() {
            self.hashing.clear();
        } else if front.hash_in_valid.val() && hash_ready {
            let bytes = front.hash_in_bytes.val().to_u64() as usize;
            let data = front.hash_in_data.val().to_u64() as u32;
            self.hashing.extend_from_slice(&data.to_le_bytes()[..bytes]);
            assert!(bytes == 4 || front.hash_in_last.val());
            if front.hash_in_last.val() {
                let message = std::mem::take(&mut self.hashing);
                assert!(self.digest.is_empty());
                self.digest = hash(front.hash_select.val().to_u64(), &message);
            }
        }
        if fetched {
            self.digest.drain(..4);
        }
        if front.load.val() {
            let job = self.jobs.entry(front.load_turn.val().to_u64()).or_default();
            let field = front.load_field.val().to_u64() as usize;
            job.fields[field][front.load_digit.val().to_u64() as usize] =
                front.load_data.val().to_u64() as u16;
        }
        if front.start.val() {
            let turn = front.load_turn.val().to_u64();
            let mut job = self.jobs.remove(&turn).unwrap_or_default();
            job.program = front.start_program.val().to_u64();
            job.flags = front.start_flags.val().to_u64();
            assert!(!self.verdicts.contains_key(&turn), "thread {turn} is taken");
            self.started.push((turn, job));
            let verdict = self.started.len() as u64 % 3;
            self.verdicts.insert(turn, verdict);
        }
        if front.out_valid.val() && out_ready {
            self.answers.push(front.out_data.val().to_u64() as u32);
        }
        front.clock.next = true.into();
        assert!(simulate(front, 32));
        // An answer has been read: its thread is free.
        if front.answer_turn.val().to_u64() != turn {
            self.verdicts.remove(&turn);
        }
        front.clock.next = false.into();
        assert!(simulate(front, 32));
        taken
    }

    fn send(&mut self, item: &[u8]) {
        let words: Vec<&[u8]> = item.chunks(4).collect();
        for (index, bytes) in words.iter().enumerate() {
            let mut word = [0; 4];
            word[..bytes.len()].copy_from_slice(bytes);
            let offered = (u32::from_le_bytes(word), bytes.len(), index + 1 == words.len());
            let mut cycles = 0;
            while !self.step(Some(offered)) {
                cycles += 1;
                assert!(cycles < 2000, "word {index} is not taken");
            }
        }
    }

    fn finish(&mut self, items: usize) {
        let words = items * if self.recover { 17 } else { 1 };
        let mut cycles = 0;
        while self.answers.len() < words {
            self.step(None);
            cycles += 1;
            assert!(cycles < 20_000, "{} of {words} words", self.answers.len());
        }
    }
}

fn item(flags: u32, head: &[u8; 128], rest: &[u8]) -> Vec<u8> {
    [&flags.to_le_bytes()[..], head, rest].concat()
}

fn big(bytes: &[u8]) -> [u16; 16] {
    std::array::from_fn(|i| u16::from_be_bytes([bytes[30 - 2 * i], bytes[31 - 2 * i]]))
}

fn little(bytes: &[u8]) -> [u16; 16] {
    std::array::from_fn(|i| u16::from_le_bytes([bytes[2 * i], bytes[2 * i + 1]]))
}

#[test]
fn every_hashing_of_every_length() {
    let cases = [
        (Profile::Bitcoin, Hashing::Sha256),
        (Profile::BitcoinLowS, Hashing::DoubleSha256),
        (Profile::EthereumTransaction, Hashing::Keccak256),
        (Profile::Fips186, Hashing::Digest),
        (Profile::Strict, Hashing::Message),
        (Profile::Zip215, Hashing::Message),
        (Profile::Rfc8032, Hashing::Message),
    ];
    for (profile, hashing) in cases {
        let mut bench = Bench::new(1, VerifyParam { profile, hashing }, false, 3);
        let mut expected = vec![];
        for len in [0, 1, 3, 4, 5, 32, 33, 64, 150] {
            let len = if hashing == Hashing::Digest { 32 } else { len };
            let message: Vec<u8> = (0..len).map(|_| bench.random.random()).collect();
            let head: [u8; 128] = std::array::from_fn(|_| bench.random.random());
            bench.send(&item(KEY_COMPRESSED | KEY_ODD, &head, &message));
            let number = if hashing == Hashing::Message { little } else { big };
            let digest = match hashing {
                Hashing::Digest => message,
                Hashing::Sha256 => hash(0, &message),
                Hashing::DoubleSha256 => hash(0, &hash(0, &message)),
                Hashing::Keccak256 => hash(2, &message),
                Hashing::Message => hash(1, &[&head[..32], &head[64..96], &message].concat()),
                Hashing::Sm3 => unreachable!(),
            };
            let mut fields = [[0; 16]; 6];
            for field in 0..4 {
                fields[field] = number(&head[32 * field..][..32]);
            }
            for (half, bytes) in digest.chunks(32).enumerate() {
                fields[4 + half] = number(bytes);
            }
            let flags = match profile {
                Profile::BitcoinLowS | Profile::EthereumTransaction => 0x13,
                Profile::Strict => 0x23,
                Profile::Zip215 => 0x43,
                Profile::Rfc8032 => 0x83,
                _ => 3,
            };
            expected.push(Job { fields, program: profile.scheme().code().into(), flags });
        }
        bench.finish(expected.len());
        let jobs: Vec<Job> = bench.started.iter().map(|(_, job)| job.clone()).collect();
        assert_eq!(jobs, expected, "{profile:?} {hashing:?}");
        let verdicts: Vec<u32> = (1..=expected.len() as u32).map(|i| i % 3).collect();
        assert_eq!(bench.answers, verdicts);
    }
}

#[test]
fn sm2_user_ids() {
    let param = VerifyParam { profile: Profile::Gm, hashing: Hashing::Sm3 };
    let mut bench = Bench::new(2, param, false, 4);
    let constants: Vec<u8> = {
        use chaincard_reference::params::sm2::{A, B, GX, GY};
        [A, B, GX, GY]
            .iter()
            .flat_map(|n| n.iter().rev().flat_map(|limb| limb.to_be_bytes()))
            .collect()
    };
    let mut expected = vec![];
    for (id_len, len) in
        [(16_usize, 10), (0, 0), (1, 4), (2, 7), (3, 0), (4, 64), (5, 1), (300, 33)]
    {
        let id: Vec<u8> = (0..id_len).map(|_| bench.random.random()).collect();
        let message: Vec<u8> = (0..len).map(|_| bench.random.random()).collect();
        let head: [u8; 128] = std::array::from_fn(|_| bench.random.random());
        let padding = vec![0; id_len.next_multiple_of(4) - id_len];
        let rest = [&id[..], &padding, &message].concat();
        bench.send(&item((id_len as u32) << 16, &head, &rest));
        let entl = (8 * id_len as u16).to_be_bytes();
        let za = hash(4, &[&entl[..], &id, &constants, &head[64..]].concat());
        expected.push(big(&hash(4, &[&za[..], &message].concat())));
    }
    bench.finish(expected.len());
    let found: Vec<[u16; 16]> = bench.started.iter().map(|(_, job)| job.fields[4]).collect();
    assert_eq!(found, expected);
}

#[test]
fn lengths_that_do_not_fit_are_answered_without_a_thread() {
    let digest = VerifyParam { profile: Profile::Fips186, hashing: Hashing::Digest };
    let mut bench = Bench::new(1, digest, false, 5);
    let head = [7; 128];
    for len in [0, 1, 31, 33, 100] {
        bench.send(&item(0, &head, &vec![1; len]));
    }
    bench.send(&[1, 2, 3]);
    bench.send(&item(0, &head, &[])[..131]);
    bench.send(&item(0, &head, &[])[..60]);
    bench.send(&item(0, &head, &[9; 32]));
    bench.finish(9);
    let codes = |verdict: Verdict| u32::from(verdict.code());
    let mut expected = vec![codes(Verdict::DigestLength); 5];
    expected.extend([codes(Verdict::SignatureLength); 3]);
    expected.push(1);
    assert_eq!(bench.answers, expected);
    assert_eq!(bench.started.len(), 1);

    let message = VerifyParam { profile: Profile::Gm, hashing: Hashing::Sm3 };
    let mut bench = Bench::new(1, message, false, 6);
    bench.send(&item(5 << 16, &head, &[1; 7]));
    bench.send(&item(5 << 16, &head, &[]));
    bench.send(&item(8192 << 16, &head, &[1; 100]));
    bench.send(&item(100 << 16, &head, &[1; 50]));
    bench.send(&item(4 << 16, &head, &[1; 4]));
    bench.finish(5);
    let mut expected = vec![codes(Verdict::UserIdLength); 4];
    expected.push(1);
    assert_eq!(bench.answers, expected);
}

#[test]
fn recovered_keys_follow_a_valid_verdict_only() {
    let param = VerifyParam { profile: Profile::Ethereum, hashing: Hashing::Digest };
    let mut bench = Bench::new(8, param, true, 7);
    for _ in 0..3 {
        bench.send(&item(4, &[1; 128], &[2; 32]));
    }
    bench.finish(3);
    assert!(bench.started.iter().all(|(_, job)| job.program == 4));
    let bytes = |field: u16| -> Vec<u8> {
        (0..16_u16).rev().flat_map(|d| (0x1000 * field + 0x0201 * d).to_be_bytes()).collect()
    };
    let key = [bytes(0), bytes(1)].concat();
    let words: Vec<u32> =
        key.chunks(4).map(|b| u32::from_le_bytes(b.try_into().expect("4"))).collect();
    assert_eq!(bench.answers[..17], [&[1], &words[..]].concat());
    assert_eq!(bench.answers[17..34], [&[2], &[0; 16][..]].concat());
    assert_eq!(bench.answers[34..], [0; 17]);
}

#[test]
fn more_items_than_threads() {
    let param = VerifyParam { profile: Profile::Fips186, hashing: Hashing::Digest };
    let mut bench = Bench::new(1, param, false, 8);
    for _ in 0..20 {
        bench.send(&item(0, &[3; 128], &[4; 32]));
    }
    bench.finish(20);
    let turns: Vec<u64> = bench.started.iter().map(|(turn, _)| turn % 8).collect();
    assert_eq!(turns, (0..20).map(|i| i % 8).collect::<Vec<u64>>());
}
