//! A card host at work for a while: memory stays flat, and threads and handles end with it.
//!
//! ```console
//! $ CHAINCARD_SOAK_SECONDS=600 cargo test -p chaincard-service --test soak -- --nocapture
//! ```

use chaincard::verify::{Hashing, Plan, Profile, SignatureEncoding, Verdict};
use chaincard::{Accelerator, HashAlgorithm, Messages, VerifyBatch};
use chaincard_puppet::soak::{Held, Soak};
use chaincard_reference::sha256::sha256;
use chaincard_service::Host;
use k256::ecdsa::SigningKey;
use k256::ecdsa::signature::hazmat::PrehashSigner;

#[path = "all/common.rs"]
#[expect(dead_code, reason = "nothing here has to be waited for")]
mod common;

const CLIENTS: u64 = 4;
/// Signatures in a call.
const SIGNATURES: usize = 64;
/// Rounds between two looks at the metrics.
const METRICS: u64 = 16;

struct Work {
    digests: Vec<[u8; 32]>,
    keys: Vec<Vec<u8>>,
    signatures: Vec<[u8; 64]>,
}

impl Work {
    /// Every fifth signature is wrong.
    fn new(client: u8) -> Self {
        let signed = (0..SIGNATURES).map(|item| {
            let key = SigningKey::from_slice(&[client + 1 + item as u8; 32]).expect("below n");
            let digest = [item as u8 ^ 0xA5; 32];
            let signature: k256::ecdsa::Signature = key.sign_prehash(&digest).expect("a nonce");
            let mut signature: [u8; 64] = signature.to_bytes().into();
            signature[63] ^= u8::from(item % 5 == 4);
            (digest, key.verifying_key().to_sec1_point(false).as_bytes()[1..].to_vec(), signature)
        });
        let mut work = Self { digests: Vec::new(), keys: Vec::new(), signatures: Vec::new() };
        for (digest, key, signature) in signed {
            work.digests.push(digest);
            work.keys.push(key);
            work.signatures.push(signature);
        }
        work
    }

    fn ask(&self, card: &Accelerator) {
        let digests: Vec<&[u8]> = self.digests.iter().map(|digest| &digest[..]).collect();
        let keys: Vec<&[u8]> = self.keys.iter().map(|key| &key[..]).collect();
        let signatures: Vec<&[u8]> = self.signatures.iter().map(|bytes| &bytes[..]).collect();
        let verdicts = card.verify_many(&VerifyBatch {
            plan: Plan::new(Profile::Bitcoin, Hashing::Digest),
            encoding: SignatureEncoding::Compact,
            messages: Messages::Slices(&digests),
            public_keys: Messages::Slices(&keys),
            signatures: Messages::Slices(&signatures),
        });
        for (item, verdict) in verdicts.expect("a card").iter().enumerate() {
            assert_eq!(*verdict == Verdict::Valid, item % 5 != 4, "item {item}");
        }
        let hashed = card.hash_many(HashAlgorithm::Sha256, &Messages::Slices(&digests));
        assert_eq!(hashed.expect("a card").as_bytes()[..32], sha256(digests[0]));
    }
}

#[test]
fn a_host_holds_no_more_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let address = common::unix(&folder.path().join("card"));
    // Tokio keeps a pair of sockets for the signals of the process from the first time on.
    drop(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
    let before = Held::at_rest().unwrap();
    let host = Host::start(common::accelerator(&["cpu:2"]), &common::listen(&address)).unwrap();
    let metrics = format!("http://{}/metrics", host.http().expect("an address"));
    let cards: Vec<_> = (0..CLIENTS).map(|_| Accelerator::open(&address).unwrap()).collect();
    let work: Vec<_> = (0..CLIENTS).map(|client| Work::new(client as u8)).collect();
    let (soak, rounds) = Soak::work(CLIENTS, |client, round| {
        work[client as usize].ask(&cards[client as usize]);
        if round % METRICS == 0 {
            let text = ureq::get(&metrics).call().unwrap().body_mut().read_to_string().unwrap();
            assert!(text.ends_with("# EOF\n"), "{text}");
        }
    })
    .unwrap();
    for card in &cards {
        assert_eq!(card.metrics().devices[0].outages, 0);
    }
    drop(cards);
    host.stop();
    let after = before.settled().unwrap();
    let items = 2 * SIGNATURES as u64 * rounds;
    println!("{soak}; {items} items; {before:?} before, {after:?} after");
    assert!(after.is_within(&before), "threads or handles are left");
    soak.assert_flat();
}
