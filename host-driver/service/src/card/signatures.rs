//! Signatures of a request as jobs.

use chaincard::verify::{BatchError, Plan, RecoverBatch, Scheme, SignatureEncoding, VerifyBatch};
use chaincard::{Messages, RecoverJob, VerifyJob};
use chaincard_protocol::verify::{
    KEY_COMPRESSED, KEY_ODD, RECOVERY_ABOVE_N, RECOVERY_ODD, VerifyItem, VerifyParam,
};

/// Items to verify, in jobs whose items follow each other and have one user id.
pub(super) fn verify_jobs<'p>(
    param: VerifyParam,
    items: impl Iterator<Item = VerifyItem<'p>>,
) -> Result<Vec<VerifyJob>, BatchError> {
    let items: Vec<VerifyItem<'p>> = items.collect();
    let runs = items.chunk_by(|a, b| a.user_id == b.user_id);
    runs.map(|run| {
        let messages: Vec<&[u8]> = run.iter().map(|item| item.message).collect();
        let keys: Vec<Vec<u8>> = run.iter().map(|item| key(param, item)).collect();
        let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
        let signatures: Vec<[u8; 64]> = run.iter().map(compact).collect();
        let signatures: Vec<&[u8]> = signatures.iter().map(<[u8; 64]>::as_slice).collect();
        VerifyJob::of(&VerifyBatch {
            plan: plan(param, run),
            encoding: SignatureEncoding::Compact,
            messages: Messages::Slices(&messages),
            public_keys: Messages::Slices(&keys),
            signatures: Messages::Slices(&signatures),
        })
    })
    .collect()
}

/// Items to recover keys from, as one job.
pub(super) fn recover_job<'p>(
    param: VerifyParam,
    items: impl Iterator<Item = VerifyItem<'p>>,
) -> Result<RecoverJob, BatchError> {
    let items: Vec<VerifyItem<'p>> = items.collect();
    let messages: Vec<&[u8]> = items.iter().map(|item| item.message).collect();
    let signatures: Vec<[u8; 64]> = items.iter().map(compact).collect();
    let signatures: Vec<&[u8]> = signatures.iter().map(<[u8; 64]>::as_slice).collect();
    let ids: Vec<u8> = items
        .iter()
        .map(|item| u8::from(has(item, RECOVERY_ODD)) | u8::from(has(item, RECOVERY_ABOVE_N)) << 1)
        .collect();
    RecoverJob::of(&RecoverBatch {
        plan: Plan { user_id: &[], ..plan(param, &items) },
        messages: Messages::Slices(&messages),
        signatures: Messages::Slices(&signatures),
        ids: Some(&ids),
    })
}

fn plan<'p>(param: VerifyParam, run: &[VerifyItem<'p>]) -> Plan<'p> {
    let user_id = run.first().map_or(&[][..], |item| item.user_id);
    Plan { profile: param.profile, hashing: param.hashing, user_id }
}

fn has(item: &VerifyItem<'_>, flag: u32) -> bool {
    u32::from(item.flags) & flag != 0
}

fn compact(item: &VerifyItem<'_>) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&item.r);
    bytes[32..].copy_from_slice(&item.s);
    bytes
}

/// The key as [`chaincard::verify::front::key`] reads it.
fn key(param: VerifyParam, item: &VerifyItem<'_>) -> Vec<u8> {
    match param.profile.scheme() {
        Scheme::Ed25519 => item.x.to_vec(),
        _ if has(item, KEY_COMPRESSED) => {
            [&[2 | u8::from(has(item, KEY_ODD))], &item.x[..]].concat()
        }
        _ => [&[4], &item.x[..], &item.y[..]].concat(),
    }
}
