//! What signature jobs are made of: rules, items that passed the strict front, verdicts.
//!
//! Bytes from users become items in [`front`]; devices judge items.

pub mod batch;
pub mod der;
pub mod front;
mod usual;

pub use batch::{BatchError, RecoverBatch, VerifyBatch};
pub use chaincard_protocol::verify::{Hashing, Profile, Scheme, Status, Verdict};
pub use front::SignatureEncoding;
pub use usual::{usual_hashing, usual_profile};

/// User id that SM2 takes where none is agreed on (GM/T 0009).
pub const DEFAULT_USER_ID: &[u8] = b"1234567812345678";

/// What ZA of SM2 is the SM3 digest of (GB/T 32918.2, section 5.5): ENTL ‖ ID ‖ a ‖ b ‖ xG ‖ yG ‖
/// xA ‖ yA. `None` for a user id of more than 8,191 bytes. The key is not looked at: x and y are
/// big-endian.
///
/// ```
/// use chaincard::verify::{DEFAULT_USER_ID, sm2_za_message};
///
/// let message = sm2_za_message(DEFAULT_USER_ID, &[1; 32], &[2; 32]);
/// assert_eq!(message.map(|bytes| bytes.len()), Some(2 + 16 + 6 * 32));
/// assert_eq!(sm2_za_message(&[0; 8192], &[1; 32], &[2; 32]), None);
/// ```
pub fn sm2_za_message(user_id: &[u8], x: &[u8; 32], y: &[u8; 32]) -> Option<Vec<u8>> {
    let mut bytes = crate::cpu::sm2_identity(user_id)?;
    bytes.extend_from_slice(x);
    bytes.extend_from_slice(y);
    Some(bytes)
}

/// What is verified, and by which rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Plan<'a> {
    /// Scheme and rules.
    pub profile: Profile,
    /// How the signed number e comes about; must fit the scheme.
    pub hashing: Hashing,
    /// User id of SM2 with [`Hashing::Sm3`]; otherwise not looked at.
    pub user_id: &'a [u8],
}

impl Plan<'static> {
    /// With [`DEFAULT_USER_ID`].
    pub const fn new(profile: Profile, hashing: Hashing) -> Self {
        Self { profile, hashing, user_id: DEFAULT_USER_ID }
    }
}

/// A public key of right shape: nothing is known yet of its coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// x and y, big-endian.
    Point {
        /// x.
        x: [u8; 32],
        /// y.
        y: [u8; 32],
    },
    /// x, big-endian, and whether y is odd.
    Compressed {
        /// x.
        x: [u8; 32],
        /// Parity of y.
        odd: bool,
    },
    /// Ed25519: A as encoded.
    Edwards([u8; 32]),
    /// None: the key is to be recovered with this id, 0 ... 3 (bit 0: y of R is odd, bit 1: x of R
    /// is r + n).
    Recover(u8),
}

/// A signature of right shape, with the key and message that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Item<'a> {
    /// r, big-endian; Ed25519: R as encoded.
    pub r: [u8; 32],
    /// s, big-endian; Ed25519: S as encoded.
    pub s: [u8; 32],
    /// Public key, or how to recover it.
    pub key: Key,
    /// Message, or the digest of 32 bytes when the plan says [`Hashing::Digest`].
    pub message: &'a [u8],
}

/// A recovered public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Recovered {
    /// [`Verdict::Valid`], or why there is no key.
    pub verdict: Verdict,
    /// x and y, big-endian; zeros unless the verdict is `Valid`.
    pub key: [u8; 64],
}

/// Bytes of an item in a request to a card, without the word with its length: what counts against
/// [`Capabilities::max_message`](crate::Capabilities::max_message).
pub(crate) fn wire_len(plan: &Plan<'_>, item: &Item<'_>) -> usize {
    let user_id = if plan.hashing == Hashing::Sm3 { plan.user_id.len() } else { 0 };
    chaincard_protocol::verify::ITEM_HEAD + user_id.next_multiple_of(4) + item.message.len()
}
