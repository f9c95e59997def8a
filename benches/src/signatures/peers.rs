//! The libraries that nodes use today, each from the bytes of key, signature and message to its
//! answer. OpenSSL is represented by its descendant aws-lc, which needs no system library.

use aws_lc_rs::signature as aws;
use chaincard::verify::{DEFAULT_USER_ID, der};
use chaincard::{Profile, Scheme};
use ed25519_dalek::Signer as _;
use k256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::signature::Verifier as _;

use super::Operation;

/// SM2's usual user id as a string.
const USER_ID: &str = "1234567812345678";

/// A library's implementation of one operation.
#[derive(Clone, Copy, Debug)]
pub struct SignaturePeer {
    /// Name of the crate.
    pub name: &'static str,
    pub(super) judge: Judge,
}

/// `Some` is valid.
type Verify = fn(message: &[u8], key: &[u8], signature: &[u8]) -> Option<()>;
/// x and y of the key.
type Recover = fn(digest: &[u8], signature: &[u8]) -> Option<[u8; 64]>;

#[derive(Clone, Copy, Debug)]
pub(super) enum Judge {
    Verify(Verify),
    Recover(Recover),
}

impl SignaturePeer {
    /// Every library that has `operation`.
    pub fn of(operation: Operation) -> Vec<Self> {
        let verify = |name, verify: Verify| Self { name, judge: Judge::Verify(verify) };
        let recover = |name, recover: Recover| Self { name, judge: Judge::Recover(recover) };
        let Operation::Verify(profile) = operation else {
            return vec![recover("secp256k1", libsecp256k1_recover), recover("k256", k256_recover)];
        };
        match (profile.scheme(), profile) {
            (Scheme::Secp256k1, _) => {
                vec![verify("secp256k1", libsecp256k1), verify("k256", k256_verify)]
            }
            (Scheme::Sm2, _) => vec![
                verify("sm2", sm2_verify),
                verify("libsm", libsm_verify),
                verify("gm-sm2", gm_sm2_verify),
                verify("sm-crypto", sm_crypto_verify),
            ],
            (_, Profile::Strict) => vec![verify("ed25519-dalek", dalek_strict)],
            (_, Profile::Zip215) => vec![verify("ed25519-zebra", zebra)],
            (Scheme::Ed25519, _) => {
                vec![verify("ed25519-dalek", dalek), verify("aws-lc-rs", aws_ed25519)]
            }
            (Scheme::P256, _) => vec![verify("aws-lc-rs", aws_p256), verify("p256", p256_verify)],
        }
    }
}

fn libsecp256k1(digest: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    use secp256k1::{Message, PublicKey, ecdsa};
    let key = PublicKey::from_slice(key).ok()?;
    let mut signature = ecdsa::Signature::from_compact(signature).ok()?;
    signature.normalize_s();
    let message = Message::from_digest(digest.try_into().ok()?);
    ecdsa::verify(&signature, message, &key).ok()
}

fn libsecp256k1_recover(digest: &[u8], signature: &[u8]) -> Option<[u8; 64]> {
    use secp256k1::Message;
    use secp256k1::ecdsa::{RecoverableSignature, RecoveryId};
    let (&id, numbers) = signature.split_last()?;
    let id = RecoveryId::try_from(i32::from(id)).ok()?;
    let signature = RecoverableSignature::from_compact(numbers, id).ok()?;
    let key = signature.recover_ecdsa(Message::from_digest(digest.try_into().ok()?)).ok()?;
    key.serialize_uncompressed()[1..].try_into().ok()
}

fn k256_verify(digest: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    use k256::ecdsa::{Signature, VerifyingKey};
    let key = VerifyingKey::from_sec1_bytes(key).ok()?;
    let signature = Signature::from_slice(signature).ok()?;
    key.verify_prehash(digest, &signature.normalize_s()).ok()
}

fn k256_recover(digest: &[u8], signature: &[u8]) -> Option<[u8; 64]> {
    use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};
    let (&id, numbers) = signature.split_last()?;
    let signature = Signature::from_slice(numbers).ok()?;
    let id = RecoveryId::from_byte(id)?;
    let key = VerifyingKey::recover_from_prehash(digest, &signature, id).ok()?;
    key.to_sec1_point(false).as_bytes()[1..].try_into().ok()
}

fn sm2_verify(message: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    use sm2::dsa::signature::Verifier as _;
    use sm2::dsa::{Signature, VerifyingKey};
    let key = VerifyingKey::from_sec1_bytes(USER_ID, key).ok()?;
    key.verify(message, &Signature::from_slice(signature).ok()?).ok()
}

fn libsm_verify(message: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    use libsm::sm2::signature::{SigCtx, Signature};
    let context = SigCtx::new();
    let key = context.load_pubkey(key).ok()?;
    let (r, s) = signature.split_at(32);
    context.verify(message, &key, &Signature::new(r, s)).ok()?.then_some(())
}

fn gm_sm2_verify(message: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    gm_sm2::key::Sm2PublicKey::new(key).ok()?.verify(None, message, signature).ok()
}

fn sm_crypto_verify(message: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    let (r, s) = signature.split_at(32);
    let signature = der::encode(r.try_into().ok()?, s.try_into().ok()?);
    // It takes x and y in hexadecimal.
    let key: String = key.iter().skip(1).map(|byte| format!("{byte:02x}")).collect();
    let verifier = sm_crypto::sm2::Verify::new_with_id(DEFAULT_USER_ID, &key);
    verifier.verify_der(message, &signature, true).then_some(())
}

fn dalek_parse(
    key: &[u8],
    signature: &[u8],
) -> Option<(ed25519_dalek::VerifyingKey, ed25519_dalek::Signature)> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
    Some((key, ed25519_dalek::Signature::from_slice(signature).ok()?))
}

fn dalek(message: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    use ed25519_dalek::Verifier as _;
    let (key, signature) = dalek_parse(key, signature)?;
    key.verify(message, &signature).ok()
}

fn dalek_strict(message: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    let (key, signature) = dalek_parse(key, signature)?;
    key.verify_strict(message, &signature).ok()
}

fn zebra(message: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    let key = ed25519_zebra::VerificationKey::try_from(key).ok()?;
    key.verify(&ed25519_zebra::Signature::try_from(signature).ok()?, message).ok()
}

fn aws_ed25519(message: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    aws::UnparsedPublicKey::new(&aws::ED25519, key).verify(message, signature).ok()
}

fn aws_p256(message: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    let algorithm = &aws::ECDSA_P256_SHA256_FIXED;
    aws::UnparsedPublicKey::new(algorithm, key).verify(message, signature).ok()
}

fn p256_verify(message: &[u8], key: &[u8], signature: &[u8]) -> Option<()> {
    use p256::ecdsa::{Signature, VerifyingKey};
    let key = VerifyingKey::from_sec1_bytes(key).ok()?;
    key.verify(message, &Signature::from_slice(signature).ok()?).ok()
}

/// Public key and signature of `message` by a secret; `None` when it is no secret key. Keys are
/// compressed for secp256k1, as in transactions, and not for SM2 and P-256.
pub(super) fn sign(
    operation: Operation,
    secret: &[u8; 32],
    message: &[u8; 32],
) -> Option<(Vec<u8>, Vec<u8>)> {
    let scheme = match operation {
        Operation::Recover => Scheme::Secp256k1,
        Operation::Verify(profile) => profile.scheme(),
    };
    match scheme {
        Scheme::Secp256k1 => {
            use secp256k1::ecdsa::RecoverableSignature;
            use secp256k1::{Message, PublicKey, SecretKey};
            let secret = SecretKey::from_secret_bytes(*secret).ok()?;
            let digest = Message::from_digest(*message);
            let signature = RecoverableSignature::sign_ecdsa_recoverable(digest, &secret);
            let (id, numbers) = signature.serialize_compact();
            let mut signature = numbers.to_vec();
            if operation == Operation::Recover {
                signature.push(id.to_u8());
            }
            Some((PublicKey::from_secret_key(&secret).serialize().to_vec(), signature))
        }
        Scheme::Sm2 => {
            use sm2::dsa::signature::Signer as _;
            let secret = sm2::dsa::SigningKey::from_slice(USER_ID, secret).ok()?;
            let signature: sm2::dsa::Signature = secret.sign(message);
            Some((secret.verifying_key().to_sec1_bytes().to_vec(), signature.to_bytes().to_vec()))
        }
        Scheme::Ed25519 => {
            let secret = ed25519_dalek::SigningKey::from_bytes(secret);
            let key = secret.verifying_key().to_bytes().to_vec();
            Some((key, secret.sign(message).to_vec()))
        }
        Scheme::P256 => {
            let secret = p256::ecdsa::SigningKey::from_slice(secret).ok()?;
            let signature: p256::ecdsa::Signature = secret.sign(message);
            let key = secret.verifying_key().to_sec1_point(false).as_bytes().to_vec();
            Some((key, signature.to_bytes().to_vec()))
        }
    }
}
