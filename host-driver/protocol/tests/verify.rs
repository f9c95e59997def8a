//! Properties of requests to verify and to recover, and of their replies.

use chaincard_protocol::encode::{EncodeError, Limits};
use chaincard_protocol::frame::{HEADER_LEN, TAG_UNKNOWN};
use chaincard_protocol::hash::ItemStatus;
use chaincard_protocol::reply::{self, ReplyError};
use chaincard_protocol::request::{Request, VerifyRequest};
use chaincard_protocol::verify::{
    ITEM_FIELDS, ITEM_HEAD, MAX_USER_ID, RECOVER_ANSWER_LEN, VERIFY_ANSWER_LEN, VerifyItem,
    VerifyParam, verify_item_len,
};
use chaincard_protocol::{
    Event, Frame, FrameReader, Hashing, Header, Opcode, Profile, Reject, Scheme, Verdict,
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

/// Every parameter that there is.
fn params() -> Vec<VerifyParam> {
    (0..=u16::MAX).filter_map(VerifyParam::from_code).collect()
}

fn param() -> impl Strategy<Value = VerifyParam> {
    prop::sample::select(params())
}

type Parts = (u8, [[u8; 32]; 4], Vec<u8>, Vec<u8>);

fn parts() -> impl Strategy<Value = Parts> {
    (any::<u8>(), any::<[[u8; 32]; 4]>(), vec(any::<u8>(), 0..40), vec(any::<u8>(), 32..200))
}

fn item(parts: &Parts, param: VerifyParam) -> VerifyItem<'_> {
    let (flags, [r, s, x, y], user_id, message) = parts;
    let len = if param.hashing == Hashing::Digest { 32 } else { message.len() };
    VerifyItem { flags: *flags, r: *r, s: *s, x: *x, y: *y, user_id, message: &message[..len] }
}

fn answer() -> impl Strategy<Value = Result<Verdict, ItemStatus>> {
    let verdicts = prop::sample::select(Verdict::ALL.to_vec());
    prop_oneof![9 => verdicts.prop_map(Ok), 1 => Just(Err(ItemStatus::EngineTimeout))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn requests(tag in 0..TAG_UNKNOWN, param in param(), all in vec(parts(), 0..12), recover: bool) {
        let recover = recover && param.profile.scheme() == Scheme::Secp256k1;
        let items: Vec<_> = all.iter().map(|parts| item(parts, param)).collect();
        let mut wire = vec![9];
        let begin = if recover { VerifyRequest::recover } else { VerifyRequest::verify };
        let mut request = begin(&mut wire, tag, param, Limits::FORMAT).unwrap();
        items.iter().for_each(|item| request.push(item).unwrap());
        let header = request.finish();
        let mut payload = Vec::new();
        items.iter().for_each(|item| item.write(&mut payload));
        let lengths = items.iter().map(|item| verify_item_len(item.user_id.len(), item.message.len()).unwrap());
        prop_assert_eq!(header.payload_len, lengths.sum::<u32>());
        with_frame(&wire[1..], |frame| {
            assert_eq!((frame.header, frame.payload), (header, &payload[..]));
            match Request::of(frame) {
                Ok(Request::Verify(found, read)) if !recover => {
                    assert_eq!((found, read.collect::<Vec<_>>()), (param, items));
                }
                Ok(Request::Recover(found, read)) if recover => {
                    assert_eq!((found, read.collect::<Vec<_>>()), (param, items));
                }
                other => panic!("{other:?}"),
            }
        });
    }

    #[test]
    fn verify_replies(tag in 0..TAG_UNKNOWN, param in param(), answers in vec(answer(), 0..20)) {
        let mut wire = Vec::new();
        reply::write_verify(&mut wire, tag, param, answers.iter().copied()).unwrap();
        let count = answers.len() as u16;
        with_frame(&wire, |frame| {
            assert_eq!(frame.header.payload_len, u32::from(count) * VERIFY_ANSWER_LEN);
            assert_eq!(reply::verify(frame, param, count).unwrap().collect::<Vec<_>>(), answers);
            assert_eq!(
                reply::verify(frame, param, count + 1).unwrap_err(),
                ReplyError::Items { expected: count + 1, found: count }
            );
            assert!(reply::recover(frame, param, count).is_err());
        });
    }

    #[test]
    fn recover_replies(
        tag in 0..TAG_UNKNOWN, param in param(),
        answers in vec((answer(), any::<[[u8; 32]; 2]>()), 0..20),
    ) {
        let answers: Vec<_> = answers.iter().map(|(answer, key)| {
            answer.map(|verdict| (verdict, *key.as_flattened().first_chunk::<64>().unwrap()))
        }).collect();
        let mut wire = Vec::new();
        reply::write_recover(&mut wire, tag, param, answers.iter().copied()).unwrap();
        let count = answers.len() as u16;
        with_frame(&wire, |frame| {
            assert_eq!(frame.header.payload_len, u32::from(count) * RECOVER_ANSWER_LEN);
            let found = reply::recover(frame, param, count).unwrap();
            let found: Vec<_> = found.map(|answer| answer.map(|(verdict, key)| (verdict, *key))).collect();
            assert_eq!(found, answers);
            assert!(reply::verify(frame, param, count).is_err());
        });
    }

    /// Every length in a payload is checked; nothing panics.
    #[test]
    fn any_frame_is_a_request_a_reply_or_an_error(
        opcode in prop::sample::select(vec![0x11, 0x12, 0x91, 0x92]), any_code in any::<u16>(),
        param in param(), items in 0..4u16, expected in 0..4u16,
        words in vec(prop_oneof![0..20u32, 132..180u32, any::<u32>()], 0..150),
    ) {
        let payload: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        for code in [param.code(), any_code] {
            let header = Header { opcode, tag: 0, param: code, items, payload_len: payload.len() as u32 };
            let frame = Frame { header, payload: &payload };
            match Request::of(frame) {
                Ok(Request::Verify(_, read) | Request::Recover(_, read)) => {
                    prop_assert_eq!(read.count(), usize::from(items));
                }
                Ok(_) => prop_assert!(false),
                Err(reject) => prop_assert!(reject == Reject::Param || reject == Reject::Length || opcode > 0x80),
            }
            if let Ok(answers) = reply::verify(frame, param, expected) {
                prop_assert_eq!((answers.count(), opcode), (usize::from(items), 0x91));
            }
            if let Ok(answers) = reply::recover(frame, param, expected) {
                prop_assert_eq!((answers.count(), opcode), (usize::from(items), 0x92));
            }
        }
    }
}

#[test]
fn parameters_are_their_codes() {
    let all = params();
    for param in &all {
        assert!(param.profile.scheme().takes(param.hashing));
        assert_eq!(VerifyParam::from_code(param.code()), Some(*param));
    }
    let fitting = Profile::ALL.iter().flat_map(|profile| {
        Hashing::ALL.iter().filter(|&&hashing| profile.scheme().takes(hashing))
    });
    assert_eq!(all.len(), fitting.count());
}

#[test]
fn fields_lie_where_they_are_written() {
    let item = VerifyItem {
        flags: 0xA5,
        r: [1; 32],
        s: [2; 32],
        x: [3; 32],
        y: [4; 32],
        user_id: &[5; 6],
        message: &[6; 3],
    };
    let mut bytes = Vec::new();
    item.write(&mut bytes);
    assert_eq!(bytes[..4], (132 + 8 + 3_u32).to_le_bytes());
    let found: Vec<&[u8]> = ITEM_FIELDS.iter().map(|f| &bytes[4 + f.offset..][..f.size]).collect();
    let expected: [&[u8]; 7] = [&[0xA5], &[0], &[6, 0], &item.r, &item.s, &item.x, &item.y];
    assert_eq!(found, expected);
    assert_eq!(bytes[4 + ITEM_HEAD..], [5, 5, 5, 5, 5, 5, 0, 0, 6, 6, 6, 0]);
}

fn frame_of(opcode: Opcode, param: u16, payload: &[u8]) -> Frame<'_> {
    let payload_len = payload.len() as u32;
    let opcode = opcode.code();
    Frame { header: Header { opcode, tag: 0, param, items: 1, payload_len }, payload }
}

#[test]
fn what_no_request_may_have_is_refused() {
    let digest = VerifyParam { profile: Profile::Gm, hashing: Hashing::Digest };
    let long = [0; MAX_USER_ID + 1];
    let zero = [0; 32];
    let item = VerifyItem {
        flags: 0,
        r: zero,
        s: zero,
        x: zero,
        y: zero,
        user_id: &long[1..],
        message: &zero,
    };
    let mut wire = Vec::new();
    let mut request = VerifyRequest::verify(&mut wire, 0, digest, Limits::FORMAT).unwrap();
    assert_eq!(request.push(&VerifyItem { user_id: &long, ..item }), Err(EncodeError::Item));
    assert_eq!(request.push(&VerifyItem { message: &zero[1..], ..item }), Err(EncodeError::Item));
    assert_eq!((request.payload_len(), request.push(&item)), (0, Ok(())));
    request.finish();
    // Codes that do not fit together, and recovery without a scheme for it.
    let payload = &wire[HEADER_LEN..wire.len() - 4];
    let of = |opcode, param| Request::of(frame_of(opcode, param, payload)).err();
    assert_eq!(of(Opcode::Verify, digest.code()), None);
    assert_eq!(of(Opcode::Recover, digest.code()), Some(Reject::Param));
    assert_eq!(of(Opcode::Verify, digest.code() ^ 1), Some(Reject::Param));
    // A digest of 36 bytes, an item that ends within its fields, a user id beyond its item.
    for (at, byte) in [(0, payload[0] - 4), (0, 131), (7, 0xFF)] {
        let mut damaged = payload.to_vec();
        damaged[at] = byte;
        if at == 0 {
            damaged[1] = 0;
        }
        let found = Request::of(frame_of(Opcode::Verify, digest.code(), &damaged));
        assert_eq!(found.err(), Some(Reject::Length), "{at} {byte}");
    }
}

#[test]
fn unknown_codes_are_errors() {
    let param = VerifyParam { profile: Profile::Rip7212, hashing: Hashing::Sha256 };
    for (at, byte, expected) in [
        (0, 2, ReplyError::Status { item: 0, code: 2 }),
        (4, 4, ReplyError::Verdict { item: 0, code: 4 }),
        (5, 1, ReplyError::Verdict { item: 0, code: 256 }),
    ] {
        let mut payload = [0; 8];
        payload[at] = byte;
        let mut frame = frame_of(Opcode::Verify, param.code(), &payload);
        frame.header.opcode |= 0x80;
        assert_eq!(reply::verify(frame, param, 1).unwrap_err(), expected);
    }
}

#[test]
fn every_wire_code_is_its_value() {
    assert!(Scheme::ALL.iter().all(|c| Scheme::from_code(c.code()) == Some(*c)));
    assert!(Profile::ALL.iter().all(|c| Profile::from_code(c.code()) == Some(*c)));
    assert!(Hashing::ALL.iter().all(|c| Hashing::from_code(c.code()) == Some(*c)));
    assert!(Verdict::ALL.iter().all(|c| Verdict::from_code(c.code()) == Some(*c)));
}
