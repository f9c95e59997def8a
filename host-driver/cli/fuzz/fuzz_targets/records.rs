//! Lines of JSON for `chaincard verify` and `chaincard recover`: any bytes are lines, each line is
//! a record or a typed error, and a record has no more bytes than its line.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/lines.rs"]
mod lines;
#[expect(dead_code, reason = "errors of the command line are made elsewhere")]
#[path = "../../src/commands/verify/record.rs"]
mod record;

use lines::{Line, MAX_LINE};
use record::{Purpose, Record, Signed, parse};

fn check(record: &Record, purpose: Purpose, line: &[u8]) {
    let (Signed::Message(signed) | Signed::Digest(signed)) = &record.signed;
    let user_id = record.user_id.as_deref().unwrap_or_default();
    let bytes = signed.len() + record.public_key.len() + record.signature.len() + user_id.len();
    assert!(2 * bytes < line.len());
    assert!(purpose == Purpose::Verify || record.public_key.is_empty() && user_id.is_empty());
}

fuzz_target!(|input: &[u8]| {
    let mut rest = input;
    while let Some(line) = lines::next(&mut rest).expect("memory is readable") {
        let Line::Bytes(line) = line else { continue };
        assert!(line.len() <= MAX_LINE && !line.contains(&b'\n'));
        for purpose in [Purpose::Verify, Purpose::Recover] {
            match parse(purpose, &line) {
                Ok(record) => check(&record, purpose, &line),
                Err(error) => assert!(!error.kind().is_empty() && !error.to_string().is_empty()),
            }
        }
    }
});
