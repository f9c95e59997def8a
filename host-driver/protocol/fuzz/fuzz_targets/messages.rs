//! Requests and replies read from any frame: every length is checked, nothing panics, and a
//! request that is read is written again as it was, but for what stands in the padding.
#![no_main]

use chaincard_protocol::encode::Limits;
use chaincard_protocol::multiply::Curve;
use chaincard_protocol::request::{HashRequest, MultiplyRequest, Request, VerifyRequest};
use chaincard_protocol::verify::{MAX_USER_ID, VerifyItems, VerifyParam};
use chaincard_protocol::{Frame, HashAlgorithm, Header, reply};
use libfuzzer_sys::fuzz_target;

/// Writes `items` again and compares.
fn again(mut request: VerifyRequest<'_>, items: VerifyItems<'_>, header: Header) {
    for item in items {
        if item.user_id.len() > MAX_USER_ID {
            return;
        }
        request.push(&item).expect("an item that stood in a frame");
    }
    assert_eq!(request.finish(), header);
}

fuzz_target!(|input: (u8, u16, u16, u16, Vec<u8>)| {
    let (opcode, param, items, expected, mut payload) = input;
    payload.truncate(payload.len() & !3);
    let payload_len = payload.len() as u32;
    let header = Header { opcode, tag: 1, param, items, payload_len };
    let frame = Frame { header, payload: &payload };
    let mut wire = Vec::new();
    match Request::of(frame) {
        Ok(Request::Hash(algorithm, messages)) => {
            let mut request = HashRequest::begin(&mut wire, 1, algorithm, Limits::FORMAT)
                .expect("a tag of a request");
            for message in messages {
                request.push(message).expect("a message that stood in a frame");
            }
            assert_eq!(request.finish(), header);
        }
        Ok(Request::Verify(param, items)) => {
            let request = VerifyRequest::verify(&mut wire, 1, param, Limits::FORMAT);
            again(request.expect("a tag of a request"), items, header);
        }
        Ok(Request::Recover(param, items)) => {
            let request = VerifyRequest::recover(&mut wire, 1, param, Limits::FORMAT);
            again(request.expect("a tag of a request"), items, header);
        }
        Ok(Request::Multiply(curve, items)) => {
            let mut request = MultiplyRequest::begin(&mut wire, 1, curve, Limits::FORMAT)
                .expect("a tag of a request");
            for item in items {
                request.push(item).expect("an item that stood in a frame");
            }
            assert_eq!(request.finish(), header);
        }
        Ok(_) | Err(_) => {}
    }
    for algorithm in HashAlgorithm::ALL {
        if let Ok(answers) = reply::hash(frame, algorithm, expected) {
            assert_eq!(answers.count(), usize::from(items));
        }
    }
    for curve in Curve::ALL {
        if let Ok(answers) = reply::multiply(frame, curve, expected, 37) {
            assert_eq!(answers.count(), usize::from(items));
        }
    }
    if let Some(param) = VerifyParam::from_code(param) {
        if let Ok(answers) = reply::verify(frame, param, expected) {
            assert_eq!(answers.count(), usize::from(items));
        }
        if let Ok(answers) = reply::recover(frame, param, expected) {
            assert_eq!(answers.count(), usize::from(items));
        }
    }
    if let Ok(values) = reply::read_registers(frame, expected) {
        assert_eq!(values.len(), usize::from(items));
    }
    let _ = reply::write_registers(frame);
});
