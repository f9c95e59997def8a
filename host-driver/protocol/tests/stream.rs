//! Properties of the stream parser.

use chaincard_protocol::{Event, FrameError, FrameReader, Header, encode};
use proptest::collection::vec;
use proptest::prelude::*;

/// Longest payload in these tests.
const CAPACITY: usize = 96;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Sent {
    header: Header,
    payload: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    Frame(Sent),
    Broken(FrameError),
}

/// Everything that a reader says of `wire`, cut into chunks of the lengths in `cuts`, over and over.
fn read(reader: &mut FrameReader<Vec<u8>>, wire: &[u8], cuts: &[usize]) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut rest = wire;
    for &cut in cuts.iter().cycle() {
        let (mut chunk, behind) = rest.split_at(cut.min(rest.len()));
        while !chunk.is_empty() {
            let (used, event) = reader.feed(chunk);
            assert!(used > 0, "no progress");
            chunk = &chunk[used..];
            match event {
                Some(Event::Frame(frame)) => seen.push(Seen::Frame(Sent {
                    header: frame.header,
                    payload: frame.payload.to_vec(),
                })),
                Some(Event::Broken(error)) => seen.push(Seen::Broken(error)),
                None => {}
            }
        }
        rest = behind;
        if rest.is_empty() {
            break;
        }
    }
    seen
}

fn read_all(wire: &[u8]) -> Vec<Seen> {
    read(&mut FrameReader::new(vec![0; CAPACITY]), wire, &[usize::MAX])
}

fn frames(seen: Vec<Seen>) -> Vec<Sent> {
    let frame = |seen| match seen {
        Seen::Frame(frame) => Some(frame),
        Seen::Broken(_) => None,
    };
    seen.into_iter().filter_map(frame).collect()
}

fn sent() -> impl Strategy<Value = Sent> {
    let words = vec(any::<[u8; 4]>(), 0..=CAPACITY / 4);
    (any::<u8>(), any::<u16>(), any::<u16>(), any::<u16>(), words).prop_map(
        |(opcode, tag, param, items, words)| {
            let payload = words.concat();
            let payload_len = payload.len() as u32;
            Sent { header: Header { opcode, tag, param, items, payload_len }, payload }
        },
    )
}

/// Bytes that are often a part of a magic, and sometimes a whole one.
fn garbage() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => Just(vec![b'C']), 2 => Just(vec![b'R']), 2 => Just(vec![b'D']),
        1 => Just(b"CCRD".to_vec()), 3 => any::<u8>().prop_map(|byte| vec![byte])
    ];
    vec(byte, 0..24).prop_map(|bytes| bytes.concat())
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    vec(1..50usize, 1..8)
}

fn wire_of(frames: &[Sent]) -> Vec<u8> {
    let mut wire = Vec::new();
    for sent in frames {
        encode::frame(&mut wire, sent.header, &sent.payload);
    }
    wire
}

/// Whether `found` is `all` with some left out.
fn is_subsequence(found: &[Sent], all: &[Sent]) -> bool {
    let mut rest = all.iter();
    found.iter().all(|frame| rest.any(|sent| sent == frame))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn every_frame_arrives_through_garbage_and_any_chunks(
        parts in vec((garbage(), sent()), 0..6), tail in garbage(), cuts in cuts(),
    ) {
        let mut wire = Vec::new();
        let mut all = Vec::new();
        for (garbage, sent) in parts {
            wire.extend_from_slice(&garbage);
            encode::frame(&mut wire, sent.header, &sent.payload);
            all.push(sent);
        }
        // So that a half header in the tail does not stay open.
        wire.extend_from_slice(&tail);
        let mut reader = FrameReader::new(vec![0; CAPACITY]);
        prop_assert_eq!(frames(read(&mut reader, &wire, &cuts)), all);
    }

    #[test]
    fn frames_without_garbage_skip_nothing(all in vec(sent(), 0..6), cuts in cuts()) {
        let mut reader = FrameReader::new(vec![0; CAPACITY]);
        let seen = read(&mut reader, &wire_of(&all), &cuts);
        prop_assert_eq!(seen, all.into_iter().map(Seen::Frame).collect::<Vec<_>>());
        prop_assert_eq!(reader.skipped(), 0);
        prop_assert!(!reader.in_frame());
    }

    #[test]
    fn chunks_do_not_matter(
        all in vec(sent(), 1..4), cuts in cuts(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut wire = wire_of(&all);
        for (at, byte) in changes {
            let at = at.index(wire.len());
            wire[at] = byte;
        }
        let mut reader = FrameReader::new(vec![0; CAPACITY]);
        prop_assert_eq!(read(&mut reader, &wire, &cuts), read_all(&wire));
    }

    /// CRC-32 finds every change of up to three bits in fewer than 91,607 bits.
    #[test]
    fn flipped_bits_never_make_a_new_frame(
        all in vec(sent(), 1..5), flips in vec(any::<prop::sample::Index>(), 1..=3),
    ) {
        let mut wire = wire_of(&all);
        for flip in flips {
            let bit = flip.index(wire.len() * 8);
            wire[bit / 8] ^= 1 << (bit % 8);
        }
        let found = frames(read_all(&wire));
        prop_assert!(is_subsequence(&found, &all), "{found:?}");
    }

    #[test]
    fn lost_and_doubled_bytes_never_make_a_new_frame(
        all in vec(sent(), 1..5), at in any::<prop::sample::Index>(),
        length in 1..40usize, doubled in any::<bool>(),
    ) {
        let mut wire = wire_of(&all);
        let start = at.index(wire.len());
        let range = start..(start + length).min(wire.len());
        if doubled {
            let copy = wire[range.clone()].to_vec();
            wire.splice(range.end..range.end, copy);
        } else {
            wire.drain(range);
        }
        // A frame that is doubled as a whole is two.
        let mut twice = Vec::new();
        for sent in &all {
            twice.extend([sent.clone(), sent.clone()]);
        }
        let found = frames(read_all(&wire));
        prop_assert!(is_subsequence(&found, &twice), "{found:?}");
    }

    /// A broken frame costs at most itself and the frame that its length reaches into.
    #[test]
    fn one_changed_byte_costs_one_frame(
        all in vec(sent(), 1..6), at in any::<prop::sample::Index>(), change in 1..=255u8,
    ) {
        let mut wire = wire_of(&all);
        let at = at.index(wire.len());
        wire[at] ^= change;
        prop_assert_eq!(frames(read_all(&wire)).len(), all.len() - 1);
    }

    #[test]
    fn any_bytes_are_taken_without_growth(wire in vec(any::<u8>(), 0..400), cuts in cuts()) {
        let mut reader = FrameReader::new(vec![0; CAPACITY]);
        read(&mut reader, &wire, &cuts);
        prop_assert_eq!(reader.capacity(), CAPACITY);
        prop_assert!(reader.skipped() <= wire.len() as u64);
        reader.reset();
        prop_assert!(!reader.in_frame());
        let sent = Sent {
            header: Header { opcode: 1, tag: 2, param: 3, items: 4, payload_len: 4 },
            payload: vec![5; 4],
        };
        let seen = read(&mut reader, &wire_of(std::slice::from_ref(&sent)), &cuts);
        prop_assert_eq!(seen, [Seen::Frame(sent)]);
    }

    #[test]
    fn a_header_is_what_was_encoded(sent in sent()) {
        prop_assert_eq!(Header::decode(&sent.header.encode()), Ok(sent.header));
        let mut bytes = [0; 256];
        let length = encode::frame_in(&mut bytes, sent.header, &sent.payload);
        prop_assert_eq!(&bytes[..length.unwrap_or(0)], wire_of(std::slice::from_ref(&sent)));
        let short = encode::frame_len(sent.payload.len()) - 1;
        prop_assert_eq!(encode::frame_in(&mut bytes[..short], sent.header, &sent.payload), None);
    }
}

#[test]
fn a_payload_beyond_the_buffer_is_an_error_and_the_next_frame_arrives() {
    let header = Header { opcode: 1, tag: 9, param: 0, items: 0, payload_len: 100 };
    let mut wire = header.encode().to_vec();
    let next = Sent { header: Header { payload_len: 0, ..header }, payload: Vec::new() };
    wire.extend(wire_of(std::slice::from_ref(&next)));
    let too_long = FrameError::TooLong { header, capacity: CAPACITY };
    assert_eq!(read_all(&wire), [Seen::Broken(too_long), Seen::Frame(next)]);
}

#[test]
fn a_payload_of_half_words_is_an_error() {
    let header = Header { opcode: 1, tag: 9, param: 0, items: 0, payload_len: 6 };
    let unaligned = FrameError::Unaligned { header };
    assert_eq!(read_all(&header.encode()), [Seen::Broken(unaligned)]);
}

#[test]
fn another_version_is_told() {
    let mut bytes = Header { opcode: 1, tag: 9, param: 0, items: 0, payload_len: 0 }.encode();
    bytes[4] = 7;
    let crc = chaincard_protocol::Crc32::of(&bytes[..16]);
    bytes[16..].copy_from_slice(&crc.to_le_bytes());
    let seen = read_all(&bytes);
    let version = chaincard_protocol::HeaderError::Version { found: 7 };
    assert_eq!(seen, [Seen::Broken(FrameError::Header(version))]);
}

#[test]
fn a_frame_inside_a_broken_payload_is_not_believed() {
    let header = Header { opcode: 1, tag: 9, param: 0, items: 0, payload_len: 0 };
    let inner = Sent { header, payload: Vec::new() };
    let payload = wire_of(&[inner]);
    let payload_len = payload.len() as u32;
    let mut wire = wire_of(&[Sent { header: Header { payload_len, ..header }, payload }]);
    let last = wire.len() - 1;
    wire[last] ^= 1;
    let broken = FrameError::PayloadCrc { header: Header { payload_len, ..header } };
    assert_eq!(read_all(&wire), [Seen::Broken(broken)]);
}
