//! A card that fails or lies under open handles: verdicts and digests stay what they are.

use std::ffi::{c_int, c_void};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use chaincard::verify::{Item, Plan, Verdict};
use chaincard::{
    Accelerator, Capabilities, Cpu, Device, DeviceError, DeviceKind, HashAlgorithm, Messages,
    Policy, Report, Scheme, TransportError,
};
use chaincard_reference::sm3::sm3;
use gmt0018::calls::*;
use gmt0018::code::*;
use gmt0018::types::{ECCSignature, ECCrefPublicKey};
use gmt0018::{Engine, open};

use crate::common::{hex, store};

/// How long anything may take before a test is given up.
const LIMIT: Duration = Duration::from_secs(60);

/// A card that does as a test wants.
struct Puppet {
    capabilities: Capabilities,
    cpu: Cpu,
    fails: AtomicBool,
    lies: AtomicBool,
    calls: AtomicUsize,
    largest: AtomicUsize,
}

impl Puppet {
    fn new() -> Arc<Self> {
        let capabilities = Capabilities {
            hashes: vec![HashAlgorithm::Sm3],
            verifies: vec![Scheme::Sm2],
            ..Capabilities::default()
        };
        Arc::new(Self {
            capabilities,
            cpu: Cpu::with_threads(1),
            fails: AtomicBool::new(false),
            lies: AtomicBool::new(false),
            calls: AtomicUsize::new(0),
            largest: AtomicUsize::new(0),
        })
    }

    fn enter(&self, items: usize) -> Result<(), DeviceError> {
        self.calls.fetch_add(1, SeqCst);
        self.largest.fetch_max(items, SeqCst);
        if self.fails.load(SeqCst) {
            let source = TransportError::Closed;
            return Err(DeviceError::Transport { device: "puppet".to_owned(), source });
        }
        Ok(())
    }
}

impl Device for Puppet {
    fn name(&self) -> &str {
        "puppet"
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::Card
    }

    fn description(&self) -> String {
        "puppet".to_owned()
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn hash(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<Report, DeviceError> {
        self.enter(messages.len())?;
        self.cpu.hash(algorithm, messages, digests)
    }

    fn verify(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        verdicts: &mut [Verdict],
    ) -> Result<Report, DeviceError> {
        self.enter(items.len())?;
        self.cpu.verify(plan, items, verdicts)?;
        if self.lies.load(SeqCst) {
            verdicts.fill(Verdict::Invalid);
        }
        Ok(Report::default())
    }
}

/// A session on a puppet, with the processor behind it or not.
struct Host {
    puppet: Arc<Puppet>,
    device: *mut c_void,
    session: *mut c_void,
}

impl Host {
    fn new(policy: Policy) -> Self {
        let puppet = Puppet::new();
        let card = Arc::clone(&puppet) as Arc<dyn Device>;
        let accelerator = Accelerator::builder().device(card).policy(policy).build().unwrap();
        let device = open(Engine::new(accelerator, store()));
        let mut session = null_mut();
        // SAFETY: `session` has space for a handle.
        assert_eq!(unsafe { SDF_OpenSession(device, &mut session) }, SDR_OK);
        Self { puppet, device, session }
    }

    /// The verdict on the standard's example, right or with another digest.
    fn verify(&self, right: bool) -> c_int {
        verify(self.session, right)
    }

    fn digest(&self, message: &[u8]) -> Result<[u8; 32], c_int> {
        let (mut digest, mut len) = ([0; 32], 0);
        let data = message.as_ptr().cast_mut();
        // SAFETY: the pointers are to the message, and to space for digest and length.
        let steps = unsafe {
            [
                SDF_HashInit(self.session, SGD_SM3, null_mut(), null_mut(), 0),
                SDF_HashUpdate(self.session, data, message.len() as u32),
                SDF_HashFinal(self.session, digest.as_mut_ptr(), &mut len),
            ]
        };
        steps.into_iter().find(|&step| step != SDR_OK).map_or(Ok(digest), Err)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        assert_eq!(SDF_CloseDevice(self.device), SDR_OK);
    }
}

/// Structures whose first halves hold anything.
fn example() -> (ECCrefPublicKey, ECCSignature, [u8; 32]) {
    let field = |text| {
        let mut field = [0xA5; 64];
        field[32..].copy_from_slice(&hex::<32>(text));
        field
    };
    let key = ECCrefPublicKey {
        bits: 256,
        x: field("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"),
        y: field("CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"),
    };
    let signature = ECCSignature {
        r: field("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"),
        s: field("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"),
    };
    (key, signature, hex("F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640"))
}

fn verify(session: *mut c_void, right: bool) -> c_int {
    let (mut key, mut signature, mut e) = example();
    e[0] ^= u8::from(!right);
    // SAFETY: the pointers are to structures and a digest of 32 bytes.
    unsafe {
        SDF_ExternalVerify_ECC(session, SGD_SM2_1, &mut key, e.as_mut_ptr(), 32, &mut signature)
    }
}

fn policy() -> Policy {
    Policy { cpu_threads: 1, backoff: Duration::from_secs(600), ..Policy::default() }
}

#[test]
fn a_card_that_fails_is_no_verdict() {
    let host = Host::new(policy());
    let before = host.puppet.calls.load(SeqCst);
    assert_eq!((host.verify(true), host.verify(false)), (SDR_OK, SDR_VERIFYERR));
    assert_eq!(host.digest(b"abc"), Ok(sm3(b"abc")));
    assert!(host.puppet.calls.load(SeqCst) >= before + 3, "the card answers");

    host.puppet.fails.store(true, SeqCst);
    for _ in 0..3 {
        assert_eq!((host.verify(true), host.verify(false)), (SDR_OK, SDR_VERIFYERR));
        assert_eq!(host.digest(b"abc"), Ok(sm3(b"abc")));
    }
}

#[test]
fn a_card_that_comes_back_is_used_under_the_same_handles() {
    let policy = Policy {
        backoff: Duration::from_millis(1),
        max_backoff: Duration::from_millis(1),
        ..policy()
    };
    let host = Host::new(policy);
    host.puppet.fails.store(true, SeqCst);
    assert_eq!((host.verify(true), host.verify(false)), (SDR_OK, SDR_VERIFYERR));
    host.puppet.fails.store(false, SeqCst);
    let largest = &host.puppet.largest;
    let start = Instant::now();
    loop {
        // The self-test has more items than one.
        largest.store(0, SeqCst);
        assert_eq!((host.verify(true), host.verify(false)), (SDR_OK, SDR_VERIFYERR));
        if largest.load(SeqCst) == 1 {
            break;
        }
        assert!(start.elapsed() < LIMIT, "the card is not used again");
        std::thread::yield_now();
    }
}

#[test]
fn a_card_that_lies_is_no_verdict() {
    let host = Host::new(policy());
    host.puppet.lies.store(true, SeqCst);
    assert_eq!((host.verify(true), host.verify(false)), (SDR_OK, SDR_VERIFYERR));
}

#[test]
fn nobody_to_answer_is_no_verdict() {
    let host = Host::new(Policy { fallback_to_cpu: false, ..policy() });
    assert_eq!((host.verify(true), host.verify(false)), (SDR_OK, SDR_VERIFYERR));
    host.puppet.fails.store(true, SeqCst);
    assert_eq!((host.verify(true), host.verify(false)), (SDR_HARDFAIL, SDR_HARDFAIL));
    assert_eq!(host.digest(b"abc"), Err(SDR_HARDFAIL));
}

#[test]
fn calls_of_many_threads_become_one_batch() {
    let host = Host::new(Policy { coalesce_wait: Duration::from_millis(20), ..policy() });
    host.puppet.largest.store(0, SeqCst);
    let session = host.session.addr();
    let start = Instant::now();
    while host.puppet.largest.load(SeqCst) < 4 {
        assert!(start.elapsed() < LIMIT, "calls do not meet");
        let together = Barrier::new(8);
        std::thread::scope(|scope| {
            for i in 0..8 {
                let (together, right) = (&together, i % 2 == 0);
                scope.spawn(move || {
                    together.wait();
                    let found = verify(std::ptr::without_provenance_mut(session), right);
                    assert_eq!(found, if right { SDR_OK } else { SDR_VERIFYERR });
                });
            }
        });
    }
}
