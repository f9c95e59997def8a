//! A device that fails, lies or panics never makes a valid signature invalid, nor a forked process
//! wait.

use std::time::Duration;

use chaincard::{Accelerator, Policy};
use chaincard_puppet::{Mood, Puppet};
use chaincard_secp256k1::types::{Context, PublicKey, RecoverableSignature, Signature};
use chaincard_secp256k1::{keys, signatures, verify};
use k256::ecdsa::SigningKey;

/// A signature with its digest and key, made by another library.
struct Signed {
    digest: [u8; 32],
    signature: Signature,
    recoverable: RecoverableSignature,
    key: PublicKey,
}

const CONTEXT: *const Context = std::ptr::null();

impl Signed {
    fn new(number: u8) -> Self {
        let secret = SigningKey::from_slice(&[number + 1; 32]).unwrap();
        let digest = [number; 32];
        let (made, id) = secret.sign_prehash_recoverable(&digest);
        let compact = made.to_bytes();
        let public = secret.verifying_key().to_sec1_point(true);
        let mut signed = Self {
            digest,
            signature: Signature([0; 64]),
            recoverable: RecoverableSignature([0; 65]),
            key: PublicKey([0; 64]),
        };
        // SAFETY: pointers to what is asked for.
        let parsed = unsafe {
            [
                signatures::secp256k1_ecdsa_signature_parse_compact(
                    CONTEXT,
                    &mut signed.signature,
                    compact.as_ptr(),
                ),
                signatures::secp256k1_ecdsa_recoverable_signature_parse_compact(
                    CONTEXT,
                    &mut signed.recoverable,
                    compact.as_ptr(),
                    id.to_byte().into(),
                ),
                keys::secp256k1_ec_pubkey_parse(
                    CONTEXT,
                    &mut signed.key,
                    public.as_bytes().as_ptr(),
                    public.len(),
                ),
            ]
        };
        assert_eq!(parsed, [1; 3]);
        signed
    }

    /// Whether all verdicts are right.
    fn is_right(&self) -> bool {
        let mut wrong = self.digest;
        wrong[5] ^= 1;
        let mut key = PublicKey([0; 64]);
        // SAFETY: pointers to what is asked for.
        let verdicts = unsafe {
            [
                verify::secp256k1_ecdsa_verify(
                    CONTEXT,
                    &self.signature,
                    self.digest.as_ptr(),
                    &self.key,
                ),
                verify::secp256k1_ecdsa_verify(CONTEXT, &self.signature, wrong.as_ptr(), &self.key),
                verify::secp256k1_ecdsa_recover(
                    CONTEXT,
                    &mut key,
                    &self.recoverable,
                    self.digest.as_ptr(),
                ),
            ]
        };
        verdicts == [1, 0, 1] && key == self.key
    }
}

/// Runs `body` in a forked process, which is ended if it waits; gives whether it said so.
fn forked(body: impl FnOnce() -> bool) -> bool {
    // SAFETY: the child calls what may be called there but for memory, which glibc provides for; it
    // ends without running anything of the parent's.
    unsafe {
        let child = libc::fork();
        assert!(child >= 0);
        if child == 0 {
            libc::alarm(60);
            libc::_exit(if body() { 0 } else { 1 });
        }
        let mut status = -1;
        assert_eq!(libc::waitpid(child, &mut status, 0), child);
        libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0
    }
}

/// One test, as a process has one accelerator.
#[test]
fn verdicts_stay_right_while_the_device_fails_and_lies() {
    let puppet = Puppet::new();
    // Nothing but this library itself answers what the puppet does not.
    let accelerator = puppet.accelerator(Policy::without_fallback());
    chaincard_secp256k1::install(accelerator).expect("nothing was verified before");
    let other = Accelerator::open("cpu").unwrap();
    assert!(chaincard_secp256k1::install(other).is_err());

    let signed: Vec<Signed> = (0..8).map(Signed::new).collect();
    std::thread::scope(|scope| {
        let signed = &signed;
        for _ in 0..4 {
            scope.spawn(move || {
                for round in 0..200 {
                    assert!(signed[round % signed.len()].is_right());
                }
            });
        }
        for round in 0..200 {
            puppet.set(Mood::ALL[round % Mood::ALL.len()]);
            std::thread::sleep(Duration::from_millis(1));
        }
        puppet.set(Mood::Works);
    });
    for mood in Mood::ALL {
        // Whatever the threads met, each mood is met now.
        wait_for(&puppet, &signed[0]);
        puppet.set(mood);
        assert!(signed.iter().all(Signed::is_right), "{mood:?}");
        assert!(puppet.calls(mood) > 0, "{mood:?}");
    }

    // In service, so that what is asked would go into the queue.
    wait_for(&puppet, &signed[0]);
    let right = || signed.iter().all(Signed::is_right);
    assert!(forked(|| right() && forked(right)));
}

/// Lets the puppet work, and waits until it is asked.
fn wait_for(puppet: &Puppet, signed: &Signed) {
    puppet.set(Mood::Works);
    let calls = || puppet.calls(Mood::Works);
    loop {
        let before = calls();
        assert!(signed.is_right());
        if calls() > before {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
