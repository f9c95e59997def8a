//! Verification of signatures and recovery of public keys.

use chaincard::verify::{RecoverBatch, Verdict, VerifyBatch};

use crate::hash::{ChaincardAccelerator, answer_status};
use crate::items::{ChaincardItems, Items};
use crate::plan::ChaincardPlan;
use crate::status::{ChaincardStatus, Failure, guard};
use crate::{bytes, bytes_mut};

/// Bytes of a recovered key.
const KEY_LEN: usize = 64;

/// Verifies `count` signatures and writes a `ChaincardVerdict` for each to `verdicts`, in order;
/// `verdicts_len` is exactly `count`. Malformed signatures, keys and messages have a verdict too:
/// the call is an error only when the arrays make no sense, or no device could answer.
///
/// Public keys: Ed25519, 32 bytes; otherwise 33 bytes (compressed), 65 bytes, or 64 bytes (x and
/// y). Signatures: see `ChaincardEncoding`.
///
/// # Safety
/// `accelerator` is NULL or from `chaincard_open` and not closed; `plan` is NULL or points to a
/// plan whose user id is NULL or points to as many bytes as it says; `messages`, `public_keys` and
/// `signatures` are NULL or point to items whose pointers are NULL or point to as many bytes and
/// `count` lengths as they say; `verdicts` is NULL or points to space for `verdicts_len` bytes,
/// apart from the rest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_verify_many(
    accelerator: *const ChaincardAccelerator,
    plan: *const ChaincardPlan,
    messages: *const ChaincardItems,
    public_keys: *const ChaincardItems,
    signatures: *const ChaincardItems,
    count: usize,
    verdicts: *mut u8,
    verdicts_len: usize,
) -> ChaincardStatus {
    guard(|| {
        // Before anything of `count` elements is read: a wrong count is noticed here.
        check_len("verdicts", verdicts_len, count, 1)?;
        // SAFETY: the caller vouches for the pointers.
        let (accelerator, plan, verdicts) = unsafe {
            (
                accelerator.as_ref().ok_or_else(|| Failure::null("accelerator"))?,
                plan.as_ref().ok_or_else(|| Failure::null("plan"))?,
                bytes_mut(verdicts, verdicts_len, "verdicts")?,
            )
        };
        // SAFETY: as above.
        let (rules, messages, public_keys, signatures) = unsafe {
            (
                plan.plan()?,
                Items::of(messages, count, "messages")?,
                Items::of(public_keys, count, "public_keys")?,
                Items::of(signatures, count, "signatures")?,
            )
        };
        let batch = VerifyBatch {
            plan: rules,
            encoding: plan.encoding()?,
            messages: messages.messages(),
            public_keys: public_keys.messages(),
            signatures: signatures.messages(),
        };
        let found = accelerator.inner.verify_many(&batch);
        let found = found.map_err(|error| Failure::of(answer_status(&error), &error))?;
        for (place, verdict) in verdicts.iter_mut().zip(found) {
            *place = verdict.code();
        }
        Ok(())
    })
}

/// Recovers the public keys of `count` signatures over secp256k1. Writes a `ChaincardVerdict` for
/// each to `verdicts` and the key, x and y, to `keys`, 64 bytes each, zeros unless the verdict is
/// valid; `verdicts_len` is exactly `count`, `keys_len` exactly `64 * count`.
///
/// Signatures have 65 bytes: r, s and the recovery id, 0 ... 3 or 27 and 28; without it when `ids`,
/// which is NULL or points to `count` bytes, has them.
///
/// # Safety
/// As `chaincard_verify_many`; `ids` is NULL or points to `count` bytes; `keys` is NULL or points
/// to space for `keys_len` bytes, apart from the rest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chaincard_recover_many(
    accelerator: *const ChaincardAccelerator,
    plan: *const ChaincardPlan,
    messages: *const ChaincardItems,
    signatures: *const ChaincardItems,
    ids: *const u8,
    count: usize,
    verdicts: *mut u8,
    verdicts_len: usize,
    keys: *mut u8,
    keys_len: usize,
) -> ChaincardStatus {
    guard(|| {
        check_len("verdicts", verdicts_len, count, 1)?;
        check_len("keys", keys_len, count, KEY_LEN)?;
        // SAFETY: the caller vouches for the pointers.
        let (accelerator, plan, verdicts, keys) = unsafe {
            (
                accelerator.as_ref().ok_or_else(|| Failure::null("accelerator"))?,
                plan.as_ref().ok_or_else(|| Failure::null("plan"))?,
                bytes_mut(verdicts, verdicts_len, "verdicts")?,
                bytes_mut(keys, keys_len, "keys")?,
            )
        };
        // SAFETY: as above.
        let (plan, messages, signatures, ids) = unsafe {
            (
                plan.plan()?,
                Items::of(messages, count, "messages")?,
                Items::of(signatures, count, "signatures")?,
                if ids.is_null() { None } else { Some(bytes(ids, count, "ids")?) },
            )
        };
        let (messages, signatures) = (messages.messages(), signatures.messages());
        let batch = RecoverBatch { plan, messages, signatures, ids };
        let found = accelerator.inner.recover_many(&batch);
        let found = found.map_err(|error| Failure::of(answer_status(&error), &error))?;
        let places = verdicts.iter_mut().zip(keys.chunks_exact_mut(KEY_LEN));
        for ((verdict, key), found) in places.zip(found) {
            *verdict = found.verdict.code();
            let is_valid = found.verdict == Verdict::Valid;
            key.copy_from_slice(if is_valid { &found.key } else { &[0; KEY_LEN] });
        }
        Ok(())
    })
}

fn check_len(what: &str, found: usize, count: usize, each: usize) -> Result<(), Failure> {
    if count.checked_mul(each) == Some(found) {
        return Ok(());
    }
    let message = format!("{what} has {found} bytes, {count} signatures need {each} each");
    Err(Failure::new(ChaincardStatus::Length, message))
}
