//! Signature items of a request, judged by the reference models.

use chaincard_protocol::Verdict;
use chaincard_protocol::verify::{
    Hashing, KEY_COMPRESSED, KEY_ODD, MAX_USER_ID, Profile, RECOVERY_ABOVE_N, RECOVERY_ODD, Scheme,
    VerifyItem, VerifyParam,
};
use chaincard_reference::verify as model;

/// The verdict on an item.
pub(super) fn verify(param: VerifyParam, item: &VerifyItem<'_>) -> Verdict {
    if item.user_id.len() > MAX_USER_ID {
        return Verdict::UserIdLength;
    }
    let has = |flag: u32| u32::from(item.flags) & flag != 0;
    let key = match param.profile.scheme() {
        Scheme::Ed25519 => model::Key::Edwards(item.x),
        _ if has(KEY_COMPRESSED) => model::Key::Compressed { x: item.x, odd: has(KEY_ODD) },
        _ => model::Key::Point { x: item.x, y: item.y },
    };
    verdict(model::verify(&case(param, item, key)))
}

/// The verdict on an item, and the key recovered from it.
pub(super) fn recover(param: VerifyParam, item: &VerifyItem<'_>) -> (Verdict, [u8; 64]) {
    let bit = |flag: u32| u8::from(u32::from(item.flags) & flag != 0);
    let id = bit(RECOVERY_ODD) | bit(RECOVERY_ABOVE_N) << 1;
    let found = model::recover(&case(param, item, model::Key::Recover(id)));
    (verdict(found.verdict), found.key)
}

fn case(param: VerifyParam, item: &VerifyItem<'_>, key: model::Key) -> model::Case {
    model::Case {
        profile: profile(param.profile),
        hashing: hashing(param.hashing),
        user_id: item.user_id.to_vec(),
        r: item.r,
        s: item.s,
        key,
        message: item.message.to_vec(),
    }
}

fn verdict(verdict: model::Verdict) -> Verdict {
    Verdict::from_code(verdict as u8).expect("the models have the verdicts of the wire")
}

const fn profile(profile: Profile) -> model::Profile {
    match profile {
        Profile::Bitcoin => model::Profile::Bitcoin,
        Profile::BitcoinLowS => model::Profile::BitcoinLowS,
        Profile::Ethereum => model::Profile::Ethereum,
        Profile::EthereumTransaction => model::Profile::EthereumTransaction,
        Profile::Gm => model::Profile::Gm,
        Profile::Rfc8032 => model::Profile::Rfc8032,
        Profile::Zip215 => model::Profile::Zip215,
        Profile::Strict => model::Profile::Strict,
        Profile::Rip7212 => model::Profile::Rip7212,
        Profile::Fips186 => model::Profile::Fips186,
    }
}

const fn hashing(hashing: Hashing) -> model::Hashing {
    match hashing {
        Hashing::Digest => model::Hashing::Digest,
        Hashing::Sha256 => model::Hashing::Sha256,
        Hashing::DoubleSha256 => model::Hashing::DoubleSha256,
        Hashing::Keccak256 => model::Hashing::Keccak256,
        Hashing::Sm3 => model::Hashing::Sm3,
        Hashing::Message => model::Hashing::Message,
    }
}
