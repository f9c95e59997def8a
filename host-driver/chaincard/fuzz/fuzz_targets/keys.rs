//! The front takes any key under any profile, and a key that it accepts holds exactly the bytes
//! given.
//!
//! Input: profile, then the key.
#![no_main]

use chaincard::verify::{Key, Profile, front};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&profile, bytes)) = input.split_first() else { return };
    let profile = Profile::ALL[usize::from(profile) % Profile::ALL.len()];
    match front::key(profile, bytes) {
        Ok(Key::Compressed { x, odd }) => {
            assert_eq!(bytes, [&[2 + u8::from(odd)][..], &x].concat());
        }
        Ok(Key::Point { x, y }) => {
            assert!(bytes.ends_with(&[x, y].concat()));
            assert!(matches!(bytes.len(), 64 | 65));
        }
        Ok(Key::Edwards(a)) => assert_eq!(bytes, a),
        Ok(Key::Recover(_)) => panic!("no key is given for recovery"),
        Err(verdict) => assert_ne!(verdict, chaincard::Verdict::Valid),
    }
});
