//! Good and bad frames over the word link.

use crate::bench::Bench;
use crate::frames::*;
use chaincard_hdl::card::CardConfig;
use chaincard_protocol::frame::{HEADER_LEN, MAGIC_WORD, REPLY_BIT, TAG_UNKNOWN};
use chaincard_protocol::hash::ItemStatus;
use chaincard_protocol::register::Access;
use chaincard_protocol::{HashAlgorithm, Header, Opcode, PROTOCOL_VERSION, Register, Reject};
use rand::seq::IndexedRandom;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SHORT: CardConfig = CardConfig {
    link_timeout: 200,
    engine_timeout: 400,
    timeout_floor: 127,
    ..CardConfig::SIMULATION
};

fn random_messages(rng: &mut ChaCha8Rng, count: usize, longest: usize) -> Vec<Vec<u8>> {
    (0..count)
        .map(|_| {
            let mut message = vec![0; rng.random_range(0..=longest)];
            rng.fill_bytes(&mut message);
            message
        })
        .collect()
}

fn register(bench: &mut Bench, register: Register) -> u32 {
    bench.ask(&read(0x77, &[register.address()])).values()[0]
}

#[test]
fn every_algorithm_hashes_messages_of_every_shape() {
    let mut bench = Bench::new(CardConfig::default(), 2);
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for (tag, algorithm) in HashAlgorithm::ALL.into_iter().enumerate() {
        let corners: Vec<Vec<u8>> =
            [0, 1, 3, 4, 5, 8, 55, 56, 63, 64, 111, 112, 128, 135, 136, 137]
                .iter()
                .map(|&len| (0..len).map(|i| i as u8).collect())
                .collect();
        let reply = bench.ask(&hash(tag as u16, algorithm, &corners));
        reply.check_hash(tag as u16, algorithm, &corners);
        for (offer, take) in [(256, 256), (90, 256), (256, 40), (128, 128)] {
            (bench.offer, bench.take) = (offer, take);
            let items = random_messages(&mut rng, 12, 300);
            bench.ask(&hash(9, algorithm, &items)).check_hash(9, algorithm, &items);
        }
        (bench.offer, bench.take) = (256, 256);
    }
}

#[test]
fn a_frame_holds_as_many_items_as_the_card_says() {
    let config = CardConfig { reply_words: 256, ..SHORT };
    let mut bench = Bench::new(config, 3);
    let most = register(&mut bench, Register::MaxItems) as usize;
    assert_eq!(most, 14);
    for algorithm in [HashAlgorithm::Sha512, HashAlgorithm::Sha256] {
        let items = vec![b"item".to_vec(); most];
        bench.take = 20;
        // The second frame comes in while the first reply still goes out.
        bench.send(&hash(1, algorithm, &items));
        bench.send(&hash(2, algorithm, &items));
        bench.send(&hash(3, algorithm, &items));
        for tag in 1..=3 {
            bench.reply().check_hash(tag, algorithm, &items);
        }
        bench.take = 256;
        let more = vec![b"item".to_vec(); most + 1];
        let reply = bench.ask(&hash(4, algorithm, &more));
        assert_eq!(reply.reject(), Some((Reject::TooManyItems, 4)));
    }
}

#[test]
fn a_frame_without_items_is_answered_empty() {
    let mut bench = Bench::new(SHORT, 4);
    let none: [&[u8]; 0] = [];
    bench.ask(&hash(5, HashAlgorithm::Sm3, &none)).check_hash(5, HashAlgorithm::Sm3, &none);
    assert!(bench.ask(&read(6, &[])).values().is_empty());
    let reply = bench.ask(&write(7, &[]));
    assert_eq!((reply.header.tag, reply.header.items, reply.payload.len()), (7, 0, 0));
}

/// Registers of a card that only hashes.
fn registers() -> impl Iterator<Item = Register> {
    let missing = [Register::VerifyCapabilities, Register::MultiplyCapabilities];
    Register::ALL.iter().copied().filter(move |register| !missing.contains(register))
}

#[test]
fn registers_say_what_they_should() {
    let mut bench = Bench::new(CardConfig { clock_hz: 123_456_789, ..SHORT }, 5);
    let addresses: Vec<u32> = registers().map(|r| r.address()).collect();
    let values = bench.ask(&read(1, &addresses)).values();
    for (register, &value) in registers().zip(&values) {
        let expected = match register {
            Register::Id => MAGIC_WORD,
            Register::ProtocolVersion => PROTOCOL_VERSION.into(),
            Register::DesignVersion => CardConfig::design_version(),
            Register::Capabilities => 0b11111,
            Register::MaxItems => 4095 / 17,
            Register::MaxPayload => 0xFFFF_FFFC,
            Register::ClockHz => 123_456_789,
            Register::LinkTimeout => SHORT.link_timeout,
            Register::EngineTimeout => SHORT.engine_timeout,
            Register::CyclesLow | Register::BusyCycles => {
                assert!(value > 0 && u64::from(value) < bench.cycles);
                continue;
            }
            _ => 0,
        };
        assert_eq!(value, expected, "{}", register.name());
    }
    let version = env!("CARGO_PKG_VERSION").split('.').map(|n| n.parse::<u32>().expect("number"));
    assert_eq!(CardConfig::design_version(), version.fold(0, |all, n| all << 8 | n));
}

#[test]
fn writes_take_effect_together_or_not_at_all() {
    let mut bench = Bench::new(SHORT, 6);
    let (scratch, link) = (Register::Scratch.address(), Register::LinkTimeout.address());
    let reply = bench.ask(&write(1, &[(scratch, 1), (link, 999), (scratch, 0xDEAD_BEEF)]));
    assert_eq!(reply.header.opcode, Opcode::WriteRegisters.code() | REPLY_BIT);
    assert_eq!((reply.header.items, reply.header.payload_len), (0, 0));
    assert_eq!(bench.ask(&read(2, &[scratch, link])).values(), [0xDEAD_BEEF, 999]);
    // Unknown address, read-only register, misaligned address, wrong payload CRC.
    for bad in [0x3C, 0x6C, 0x80, 0xFFFF_FF2C, scratch + 1, Register::Id.address()] {
        let reply = bench.ask(&write(3, &[(scratch, 5), (bad, 5)]));
        assert_eq!(reply.reject(), Some((Reject::Register, 3)), "{bad:#x}");
    }
    let mut damaged = write(4, &[(scratch, 5)]);
    damaged[HEADER_LEN + 4] ^= 1;
    assert_eq!(bench.ask(&damaged).reject(), Some((Reject::PayloadCrc, 4)));
    assert_eq!(bench.ask(&read(5, &[scratch])).values(), [0xDEAD_BEEF]);
    for register in registers() {
        let reply = bench.ask(&write(6, &[(register.address(), 0)]));
        let expected = (register.access() == Access::ReadOnly).then_some((Reject::Register, 6));
        assert_eq!(reply.reject(), expected, "{}", register.name());
    }
    for unknown in [0x30, 0x38, 0x3C, 0x6C, 0x7C, 0x80, 0x1000, 2, 0x8000_0000] {
        let reply = bench.ask(&read(7, &[0, unknown]));
        assert_eq!(reply.reject(), Some((Reject::Register, 7)), "{unknown:#x}");
    }
}

#[test]
fn each_bad_frame_has_its_reject_code() {
    let mut bench = Bench::new(SHORT, 7);
    let good = hash(1, HashAlgorithm::Sha256, &[b"0123456789"]);
    let payload = messages(&[b"0123456789"]);
    let hash_code = Opcode::Hash.code();
    let with = |opcode: u8, param: u16, items: u16, payload_len: u32, payload: &[u8]| {
        frame(Header { opcode, tag: 0x1234, param, items, payload_len }, payload)
    };
    let mut header_crc = good.clone();
    header_crc[17] ^= 4;
    let mut version = good.clone();
    version[4] += 1;
    let crc = chaincard_protocol::Crc32::of(&version[..16]);
    version[16..20].copy_from_slice(&crc.to_le_bytes());
    let mut payload_crc = good.clone();
    payload_crc[HEADER_LEN + 6] ^= 0x80;
    // A length that is damaged on its way counts as damage, not as the host's mistake.
    let mut length_damaged = good.clone();
    length_damaged[HEADER_LEN + 2] ^= 0x80;
    let known = Some(0x1234);
    let cases: Vec<(&str, Vec<u8>, Reject, Option<u16>)> = vec![
        ("header CRC", header_crc, Reject::HeaderCrc, None),
        ("version", version, Reject::Version, None),
        ("opcode", with(0x33, 0, 1, 16, &payload), Reject::Opcode, known),
        ("reply opcode", with(hash_code | REPLY_BIT, 0, 1, 16, &payload), Reject::Opcode, known),
        ("error opcode", with(0xFF, 0, 0, 0, &[]), Reject::Opcode, known),
        ("param 5", with(hash_code, 5, 1, 16, &payload), Reject::Param, known),
        ("param 32", with(hash_code, 32, 1, 16, &payload), Reject::Param, known),
        ("param 0x8000", with(hash_code, 0x8000, 1, 16, &payload), Reject::Param, known),
        ("too many items", with(hash_code, 0, 241, 16, &payload), Reject::TooManyItems, known),
        ("item missing", with(hash_code, 0, 2, 16, &payload), Reject::Length, known),
        ("item too many", with(hash_code, 0, 0, 16, &payload), Reject::Length, known),
        ("items, no payload", with(hash_code, 0, 1, 0, &[]), Reject::Length, known),
        (
            "message beyond the payload",
            with(hash_code, 0, 1, 16, &[&13_u32.to_le_bytes()[..], &[0; 12]].concat()),
            Reject::Length,
            known,
        ),
        (
            "message of 4 GiB",
            with(hash_code, 0, 1, 16, &[&u32::MAX.to_le_bytes()[..], &[0; 12]].concat()),
            Reject::Length,
            known,
        ),
        (
            "second item too long",
            with(hash_code, 0, 2, 16, &[1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]),
            Reject::Length,
            known,
        ),
        ("words behind the items", with(hash_code, 0, 1, 16, &[0; 16]), Reject::Length, known),
        ("registers missing", with(0x01, 0, 2, 4, &[0; 4]), Reject::Length, known),
        ("half a write", with(0x02, 0, 1, 4, &[0x2C, 0, 0, 0]), Reject::Length, known),
        ("payload CRC", payload_crc, Reject::PayloadCrc, Some(1)),
        ("damaged length", length_damaged, Reject::PayloadCrc, Some(1)),
    ];
    for round in 0..2 {
        for (name, bytes, reject, tag) in &cases {
            println!("{round} {name}");
            let reply = bench.ask(bytes);
            assert_eq!(reply.reject(), Some((*reject, tag.unwrap_or(TAG_UNKNOWN))), "{name}");
            bench.ask(&good).check_hash(1, HashAlgorithm::Sha256, &[b"0123456789"]);
            assert!(bench.replies.is_empty());
        }
    }
    // A length that is no multiple of 4: on a word link the host pads what it sends.
    for (len, bytes) in [(13_u32, 16), (14, 16), (15, 12)] {
        let header = Header { opcode: hash_code, tag: 5, param: 0, items: 1, payload_len: len };
        let mut odd = header.encode().to_vec();
        odd.extend(vec![0; bytes + 4]);
        assert_eq!(bench.ask(&odd).reject(), Some((Reject::Length, 5)));
        bench.ask(&good).check_hash(1, HashAlgorithm::Sha256, &[b"0123456789"]);
    }
    let rejects = 2 * cases.len() as u32 + 3;
    let goods = rejects;
    assert_eq!(register(&mut bench, Register::Frames), goods);
    assert_eq!(register(&mut bench, Register::Items), goods);
    assert_eq!(register(&mut bench, Register::Rejects), rejects);
    assert_eq!(register(&mut bench, Register::HeaderCrcErrors), 2);
    assert_eq!(register(&mut bench, Register::PayloadCrcErrors), 4);
    assert_eq!(register(&mut bench, Register::LinkTimeouts), 0);
    assert_eq!(register(&mut bench, Register::EngineTimeouts), 0);
}

#[test]
fn a_good_frame_behind_garbage_is_answered() {
    let mut bench = Bench::new(SHORT, 8);
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let items = [b"after the storm".to_vec()];
    let good = hash(2, HashAlgorithm::Keccak256, &items);
    // A false magic at each distance before the frame, so that its header is eaten at first.
    for words in 0..6 {
        let mut garbage = MAGIC_WORD.to_le_bytes().to_vec();
        garbage.extend(vec![0x55; 4 * words]);
        bench.send(&garbage);
        let reply = bench.ask(&good);
        assert_eq!(reply.reject(), Some((Reject::HeaderCrc, TAG_UNKNOWN)));
        bench.reply().check_hash(2, HashAlgorithm::Keccak256, &items);
    }
    let skipped = register(&mut bench, Register::Skipped);
    assert_eq!(skipped, 6 + (0..6).sum::<u32>());
    for _ in 0..30 {
        let words = rng.random_range(0..40);
        let garbage: Vec<u8> = (0..4 * words)
            .map(|_| {
                if rng.random_range(0..3) > 0 {
                    *b"CCRD".choose(&mut rng).unwrap()
                } else {
                    rng.random()
                }
            })
            .collect();
        bench.send(&garbage);
        bench.send(&good);
        loop {
            let reply = bench.reply();
            if reply.reject().is_none() {
                reply.check_hash(2, HashAlgorithm::Keccak256, &items);
                break;
            }
        }
    }
}

#[test]
fn a_link_that_falls_silent_costs_one_frame() {
    let mut bench = Bench::new(SHORT, 9);
    let items = [b"first".to_vec(), vec![7; 21]];
    let good = hash(6, HashAlgorithm::Sha256, &items);
    let whole = good.len() / 4;
    for words in 1..whole {
        bench.send(&good[..4 * words]);
        bench.drain();
        let tag = if words < 5 { TAG_UNKNOWN } else { 6 };
        assert_eq!(bench.reply().reject(), Some((Reject::LinkTimeout, tag)), "{words} words");
        bench.ask(&good).check_hash(6, HashAlgorithm::Sha256, &items);
    }
    assert_eq!(register(&mut bench, Register::LinkTimeouts), whole as u32 - 1);
    // A word dropped anywhere: every request after a pause is answered.
    for dropped in 0..whole {
        let mut bytes = good.clone();
        bytes.drain(4 * dropped..4 * dropped + 4);
        bench.send(&bytes);
        bench.drain();
        // Two silences may follow each other: of the frame, and of what is found within it.
        bench.run(3 * u64::from(SHORT.link_timeout));
        while bench.replies.pop_front().is_some_and(|(_, reply)| {
            assert!(reply.reject().is_some());
            true
        }) {}
        bench.ask(&good).check_hash(6, HashAlgorithm::Sha256, &items);
    }
    // Slow is not silent.
    bench.offer = 3;
    bench.ask(&good).check_hash(6, HashAlgorithm::Sha256, &items);
}

#[test]
fn a_timeout_of_zero_does_not_shut_the_host_out() {
    let mut bench = Bench::new(SHORT, 10);
    bench.ask(&write(
        1,
        &[(Register::LinkTimeout.address(), 0), (Register::EngineTimeout.address(), 0)],
    ));
    bench.offer = 30;
    assert_eq!(register(&mut bench, Register::LinkTimeout), 0);
}

#[test]
fn a_reset_of_the_engines_fails_what_is_in_them_and_nothing_else() {
    let mut bench = Bench::new(SHORT, 11);
    let control = Register::Control.address();
    let items = [vec![1; 64], vec![2; 64]];
    bench.ask(&write(1, &[(control, 1)]));
    bench.ask(&hash(2, HashAlgorithm::Sha256, &items)).check_hash(2, HashAlgorithm::Sha256, &items);
    assert_eq!(register(&mut bench, Register::Control), 0);
    // Over the bus, in the middle of a frame.
    let good = hash(3, HashAlgorithm::Sha256, &items);
    bench.send(&good[..good.len() - 8]);
    bench.drain();
    bench.run(4);
    assert_eq!(bench.bus_write(control, 1), 0);
    let reply = bench.ask(&good[good.len() - 8..]);
    assert_eq!(reply.header.items, 2);
    let statuses: Vec<u32> = reply
        .payload
        .chunks(36)
        .map(|item| u32::from_le_bytes(item[..4].try_into().unwrap()))
        .collect();
    assert_eq!(statuses, [ItemStatus::EngineTimeout.code(); 2]);
    assert!(reply.payload.chunks(36).all(|item| item[4..] == [0; 32]));
    bench.ask(&good).check_hash(3, HashAlgorithm::Sha256, &items);
    assert_eq!(register(&mut bench, Register::EngineTimeouts), 2);
}

#[test]
fn the_bus_reads_and_writes_registers() {
    let mut bench = Bench::new(SHORT, 12);
    let scratch = Register::Scratch.address();
    assert_eq!(bench.bus_read(0), (0, MAGIC_WORD));
    assert_eq!(bench.bus_write(scratch, 0x0BAD_CAFE), 0);
    assert_eq!(bench.bus_read(scratch), (0, 0x0BAD_CAFE));
    assert_eq!(register(&mut bench, Register::Scratch), 0x0BAD_CAFE);
    for address in [0x30, 0x6C, 0x80, 0xFFC] {
        assert_eq!(bench.bus_read(address).0, 2, "{address:#x}");
        assert_eq!(bench.bus_write(address, 1), 2, "{address:#x}");
    }
    for register in registers() {
        let read_only = register.access() == Access::ReadOnly;
        assert_eq!(bench.bus_write(register.address(), 0), 2 * u8::from(read_only));
        assert_eq!(bench.bus_read(register.address()).0, 0);
    }
    // The high half of the cycles is the one of the last read of the low half.
    let (_, low) = bench.bus_read(Register::CyclesLow.address());
    let (_, later) = bench.bus_read(Register::CyclesLow.address());
    assert!(later > low && later < low + 50);
    assert_eq!(bench.bus_read(Register::CyclesHigh.address()), (0, 0));
}
