//! Properties of requests and replies: what one side writes the other side reads.

use chaincard_protocol::encode::{EncodeError, Limits};
use chaincard_protocol::frame::TAG_UNKNOWN;
use chaincard_protocol::hash::{ItemStatus, reply_item_len, request_item_len};
use chaincard_protocol::multiply::Curve;
use chaincard_protocol::reply::{self, ReplyError};
use chaincard_protocol::request::{self, HashRequest, MultiplyRequest, Request};
use chaincard_protocol::{
    Event, Frame, FrameReader, HashAlgorithm, Header, Opcode, Register, Reject,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// Applies `check` to the one frame on the wire.
fn with_frame<T>(wire: &[u8], check: impl FnOnce(Frame<'_>) -> T) -> T {
    let mut reader = FrameReader::new(vec![0; 1 << 16]);
    match reader.feed(wire) {
        (used, Some(Event::Frame(frame))) if used == wire.len() => check(frame),
        other => panic!("not one frame: {other:?}"),
    }
}

fn algorithm() -> impl Strategy<Value = HashAlgorithm> {
    prop::sample::select(HashAlgorithm::ALL.to_vec())
}

fn curve() -> impl Strategy<Value = Curve> {
    prop::sample::select(Curve::ALL.to_vec())
}

fn tag() -> impl Strategy<Value = u16> {
    0..TAG_UNKNOWN
}

fn registers() -> impl Strategy<Value = Vec<Register>> {
    vec(prop::sample::select(Register::ALL.to_vec()), 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn hash_requests(tag in tag(), algorithm in algorithm(), messages in vec(vec(any::<u8>(), 0..200), 0..20)) {
        let mut wire = vec![1, 2, 3];
        let mut request = HashRequest::begin(&mut wire, tag, algorithm, Limits::FORMAT).unwrap();
        for message in &messages {
            request.push(message).unwrap();
        }
        let header = request.finish();
        let lengths = messages.iter().map(|message| request_item_len(message.len()).unwrap());
        prop_assert_eq!(header.payload_len, lengths.sum::<u32>());
        with_frame(&wire[3..], |frame| {
            assert_eq!(frame.header, header);
            match Request::of(frame) {
                Ok(Request::Hash(found, items)) => {
                    assert_eq!(found, algorithm);
                    assert_eq!(items.collect::<Vec<_>>(), messages);
                }
                other => panic!("{other:?}"),
            }
        });
    }

    #[test]
    fn a_full_request_stays_as_it_was(
        items in 0..6u16, payload in 0..200u32, messages in vec(vec(any::<u8>(), 0..60), 0..12),
    ) {
        let limits = Limits { items, payload };
        let mut wire = Vec::new();
        let mut request = HashRequest::begin(&mut wire, 0, HashAlgorithm::Sha256, limits).unwrap();
        let mut taken = Vec::new();
        for message in messages {
            let needed = request.payload_len() + request_item_len(message.len()).unwrap();
            match request.push(&message) {
                Ok(()) => taken.push(message),
                Err(EncodeError::Items { limit }) => assert_eq!((limit, taken.len()), (items, usize::from(items))),
                Err(error) => {
                    assert!(needed > payload);
                    assert_eq!(error, EncodeError::Payload { needed: needed.into(), limit: payload });
                }
            }
        }
        let header = request.finish();
        prop_assert!(header.items <= items && header.payload_len <= payload);
        with_frame(&wire, |frame| match Request::of(frame) {
            Ok(Request::Hash(_, found)) => assert_eq!(found.collect::<Vec<_>>(), taken),
            other => panic!("{other:?}"),
        });
    }

    #[test]
    fn a_dropped_request_leaves_nothing(messages in vec(vec(any::<u8>(), 0..60), 0..4)) {
        let mut wire = vec![7; 5];
        let mut request = HashRequest::begin(&mut wire, 0, HashAlgorithm::Sha256, Limits::FORMAT).unwrap();
        for message in &messages {
            request.push(message).unwrap();
        }
        drop(request);
        prop_assert_eq!(wire, [7; 5]);
    }

    #[test]
    fn hash_replies(
        tag in tag(), algorithm in algorithm(),
        answers in vec((any::<bool>(), any::<[[u8; 32]; 2]>()), 0..20),
    ) {
        let digests: Vec<_> = answers.iter().map(|(done, bytes)| {
            if *done { Ok(&bytes.as_flattened()[..algorithm.digest_len()]) } else { Err(ItemStatus::EngineTimeout) }
        }).collect();
        let mut wire = Vec::new();
        reply::write_hash(&mut wire, tag, algorithm, digests.iter().copied()).unwrap();
        let count = digests.len() as u16;
        with_frame(&wire, |frame| {
            assert_eq!(frame.header.tag, tag);
            assert_eq!(frame.header.payload_len, u32::from(count) * reply_item_len(algorithm));
            assert_eq!(reply::hash(frame, algorithm, count).unwrap().collect::<Vec<_>>(), digests);
            assert_eq!(
                reply::hash(frame, algorithm, count + 1).unwrap_err(),
                ReplyError::Items { expected: count + 1, found: count }
            );
            assert!(reply::write_registers(frame).is_err());
        });
    }

    #[test]
    fn multiply_requests(
        tag in tag(), curve in curve(), items in vec(vec(any::<u8>(), 0..300), 0..6),
    ) {
        let mut wire = Vec::new();
        let mut request = MultiplyRequest::begin(&mut wire, tag, curve, Limits::FORMAT).unwrap();
        for item in &items {
            request.push(item).unwrap();
        }
        let header = request.finish();
        with_frame(&wire, |frame| {
            assert_eq!(frame.header, header);
            match Request::of(frame) {
                Ok(Request::Multiply(found, terms)) => {
                    assert_eq!(found, curve);
                    assert_eq!(terms.collect::<Vec<_>>(), items);
                }
                other => panic!("{other:?}"),
            }
        });
    }

    #[test]
    fn multiply_replies(
        tag in tag(), curve in curve(), windows in 1..4usize,
        answers in vec((any::<bool>(), any::<u8>()), 0..5),
    ) {
        let sums: Vec<_> =
            answers.iter().map(|(_, byte)| vec![*byte; curve.sums_len(windows)]).collect();
        let answers: Vec<_> = answers.iter().zip(&sums).map(|((done, _), sums)| {
            if *done { Ok(sums.as_slice()) } else { Err(ItemStatus::EngineTimeout) }
        }).collect();
        let mut wire = Vec::new();
        reply::write_multiply(&mut wire, tag, curve, windows, answers.iter().copied()).unwrap();
        let count = answers.len() as u16;
        with_frame(&wire, |frame| {
            let found = reply::multiply(frame, curve, count, windows).unwrap();
            assert_eq!(found.collect::<Vec<_>>(), answers);
            assert!(reply::multiply(frame, curve, count + 1, windows).is_err());
            if count > 0 {
                let other = reply::multiply(frame, curve, count, windows + 1).unwrap_err();
                assert!(matches!(other, ReplyError::Length { .. }), "{other:?}");
            }
        });
    }

    #[test]
    fn register_requests_and_replies(
        tag in tag(), registers in registers(), values in vec(any::<u32>(), 20),
    ) {
        let mut wire = Vec::new();
        request::read_registers(&mut wire, tag, &registers).unwrap();
        with_frame(&wire, |frame| {
            let addresses: Vec<_> = registers.iter().map(|r| r.address().to_le_bytes()).collect();
            assert_eq!(Request::of(frame), Ok(Request::ReadRegisters(&addresses)));
        });
        let values = &values[..registers.len()];
        wire.clear();
        reply::write_register_values(&mut wire, tag, values).unwrap();
        with_frame(&wire, |frame| {
            let found = reply::read_registers(frame, values.len() as u16).unwrap();
            assert!(found.iter().map(|bytes| u32::from_le_bytes(*bytes)).eq(values.iter().copied()));
        });
        wire.clear();
        let pairs: Vec<_> = registers.iter().copied().zip(values.iter().copied()).collect();
        request::write_registers(&mut wire, tag, &pairs).unwrap();
        with_frame(&wire, |frame| match Request::of(frame) {
            Ok(Request::WriteRegisters(found)) => {
                let pair = |bytes: &[u8; 8]| {
                    let number = u64::from_le_bytes(*bytes);
                    (Register::from_address(number as u32).unwrap(), (number >> 32) as u32)
                };
                assert_eq!(found.iter().map(pair).collect::<Vec<_>>(), pairs);
            }
            other => panic!("{other:?}"),
        });
        wire.clear();
        reply::write_registers_done(&mut wire, tag);
        with_frame(&wire, |frame| assert_eq!(reply::write_registers(frame), Ok(())));
    }

    #[test]
    fn error_frames(tag in any::<u16>(), reject in prop::sample::select(Reject::ALL.to_vec())) {
        let mut wire = Vec::new();
        reply::write_error(&mut wire, tag, reject);
        with_frame(&wire, |frame| {
            assert_eq!(frame.header.tag, tag);
            let expected = ReplyError::Rejected(reject);
            assert_eq!(reply::hash(frame, HashAlgorithm::Sm3, 1).unwrap_err(), expected);
            assert_eq!(reply::read_registers(frame, 1), Err(expected));
            assert_eq!(reply::write_registers(frame), Err(expected));
            assert_eq!(Request::of(frame), Err(Reject::Opcode));
        });
    }

    /// Every length in a payload is checked; nothing panics.
    #[test]
    fn any_frame_is_a_request_a_reply_or_an_error(
        opcode in prop_oneof![Just(0x01), Just(0x02), Just(0x10), Just(0x13), Just(0x81), Just(0x82), Just(0x90), Just(0x93), any::<u8>()],
        param in 0..7u16, items in 0..6u16,
        words in vec(prop_oneof![0..20u32, any::<u32>()], 0..20), expected in 0..6u16,
        algorithm in algorithm(),
    ) {
        let payload: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let payload_len = payload.len() as u32;
        let header = Header { opcode, tag: 0, param, items, payload_len };
        let frame = Frame { header, payload: &payload };
        if let Ok(Request::Hash(_, messages)) = Request::of(frame) {
            let taken: u32 = messages.map(|message| request_item_len(message.len()).unwrap()).sum();
            prop_assert_eq!(taken, payload_len);
        }
        if let Ok(answers) = reply::hash(frame, algorithm, expected) {
            prop_assert_eq!((answers.count(), expected, opcode), (usize::from(items), items, 0x90));
        }
        if let Ok(Request::Multiply(_, items)) = Request::of(frame) {
            let taken: u32 = items.map(|item| request_item_len(item.len()).unwrap()).sum();
            prop_assert_eq!(taken, payload_len);
        }
        for curve in Curve::ALL {
            if let Ok(answers) = reply::multiply(frame, curve, expected, 0) {
                prop_assert_eq!((answers.count(), opcode), (usize::from(items), 0x93));
            }
        }
        if let Ok(values) = reply::read_registers(frame, expected) {
            prop_assert_eq!(values.len(), usize::from(items));
        }
        let _ = reply::write_registers(frame);
    }
}

#[test]
fn unknown_codes_are_errors() {
    let header = Header { opcode: 0xFF, tag: 0, param: 99, items: 0, payload_len: 0 };
    let frame = Frame { header, payload: &[] };
    assert_eq!(reply::write_registers(frame), Err(ReplyError::RejectedUnknown { code: 99 }));

    let header = Header { opcode: 0x90, tag: 0, param: 0, items: 1, payload_len: 36 };
    let mut payload = [0; 36];
    payload[0] = 9;
    let found = reply::hash(Frame { header, payload: &payload }, HashAlgorithm::Sha256, 1);
    assert_eq!(found.unwrap_err(), ReplyError::Status { item: 0, code: 9 });

    let other = reply::hash(Frame { header, payload: &[0; 36] }, HashAlgorithm::Sm3, 1);
    assert_eq!(other.unwrap_err(), ReplyError::Param { expected: 4, found: 0 });
}

#[test]
fn what_no_request_may_have_is_refused() {
    let mut wire = Vec::new();
    let tag = request::read_registers(&mut wire, TAG_UNKNOWN, &[Register::Id]);
    assert_eq!(tag, Err(EncodeError::Tag));
    let digest = reply::write_hash(&mut wire, 0, HashAlgorithm::Sha512, [Ok(&[0; 32][..])]);
    assert_eq!(digest, Err(EncodeError::Digest { expected: 64, found: 32 }));
    let sums = reply::write_multiply(&mut wire, 0, Curve::Bn254, 2, [Ok(&[0; 96][..])]);
    assert_eq!(sums, Err(EncodeError::Digest { expected: 192, found: 96 }));
    let many = request::read_registers(&mut wire, 0, &vec![Register::Id; 65_536]);
    assert_eq!(many, Err(EncodeError::Items { limit: 65_535 }));
    assert!(wire.is_empty());
}

#[test]
fn every_wire_code_is_its_value() {
    for opcode in Opcode::ALL {
        assert_eq!(Opcode::from_code(opcode.code()), Some(opcode));
    }
    for reject in Reject::ALL {
        assert_eq!(Reject::from_code(reject.code()), Some(reject));
    }
    for algorithm in HashAlgorithm::ALL {
        assert_eq!(HashAlgorithm::from_code(algorithm.code()), Some(algorithm));
    }
    for status in ItemStatus::ALL {
        assert_eq!(ItemStatus::from_code(status.code()), Some(status));
    }
    for &register in Register::ALL {
        assert_eq!(Register::from_address(register.address()), Some(register));
        assert_eq!(register.address() % 4, 0);
    }
    assert!(Register::ALL.is_sorted());
    assert_eq!(Reject::from_code(0), None);
    assert_eq!(Reject::from_code(Reject::ALL.len() as u16 + 1), None);
}
