//! What a thread of the engine starts with.

use chaincard_reference::params::{Limbs, from_be_bytes};
use chaincard_reference::verify::{Case, Hashing, Key, Profile, Scheme, hash};
use chaincard_reference::{curve, sha512, sm2};

/// A job of the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Entry point.
    pub program: u16,
    /// Job flags, bit i as [`FLAGS`](super::isa::FLAGS) names it.
    pub flags: u8,
    /// Input fields, as [`INPUTS`](super::isa::INPUTS) names them.
    pub inputs: [Limbs; 6],
}

/// A little-endian number of 32 bytes.
fn little(bytes: &[u8]) -> Limbs {
    let mut number = [0; 32];
    for (to, from) in number.iter_mut().zip(bytes.iter().rev()) {
        *to = *from;
    }
    from_be_bytes(&number)
}

impl Job {
    /// The job that a card's front makes of a case, for simulation. Keys of SM2 with a message must
    /// not be compressed: a card's host gives both coordinates, because the digest takes them.
    pub fn new(case: &Case) -> Self {
        let (mut flags, mut x, mut y) = (0, [0; 32], [0; 32]);
        let mut program = case.profile.scheme() as u16;
        match case.key {
            Key::Point { x: key_x, y: key_y } => (x, y) = (key_x, key_y),
            Key::Compressed { x: key_x, odd } => (x, flags) = (key_x, 1 | u8::from(odd) << 1),
            Key::Edwards(a) => x = a,
            Key::Recover(id) => (program, flags) = (4, id << 2),
        }
        flags |= match case.profile {
            Profile::BitcoinLowS | Profile::EthereumTransaction => 1 << 4,
            Profile::Strict => 1 << 5,
            Profile::Zip215 => 1 << 6,
            Profile::Rfc8032 => 1 << 7,
            _ => 0,
        };
        if case.profile.scheme() == Scheme::Ed25519 {
            let digest = sha512::sha512(&[&case.r[..], &x, &case.message].concat());
            let inputs = [&case.r[..], &case.s, &x, &y, &digest[..32], &digest[32..]].map(little);
            return Self { program, flags, inputs };
        }
        let e = match (case.hashing, case.key) {
            (Hashing::Sm3, Key::Point { x, y }) => sm3(&case.user_id, &x, &y, &case.message),
            (hashing, _) => hash(hashing, &case.message),
        };
        Self { program, flags, inputs: [&case.r, &case.s, &x, &y, &e, &[0; 32]].map(from_be_bytes) }
    }
}

/// The digest that SM2 signs; of a key that is no number modulo p any, because it is not looked at.
fn sm3(user_id: &[u8], x: &[u8; 32], y: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let (Some(x), Some(y)) = (curve::number(x), curve::number(y)) else { return [0; 32] };
    sm2::digest(user_id, &curve::Point::<curve::Sm2>::new_unchecked(x, y), message)
}
