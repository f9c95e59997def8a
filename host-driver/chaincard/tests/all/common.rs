//! A card in memory, and hash functions that are independent of the library under test.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use chaincard::{
    Accelerator, CardConfig, Device, HashAlgorithm, Policy, Transport, TransportError,
};
use chaincard_protocol::hash::ItemStatus;
use chaincard_protocol::request::Request;
use chaincard_protocol::{Event, FrameError, FrameReader, Header, HeaderError, PROTOCOL_VERSION};
use chaincard_protocol::{Register, Reject, frame, reply};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The digest by RustCrypto crates (SM3 by sm-crypto).
pub(crate) fn oracle(algorithm: HashAlgorithm, message: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    match algorithm {
        HashAlgorithm::Sha256 => sha2::Sha256::digest(message).to_vec(),
        HashAlgorithm::Sha512 => sha2::Sha512::digest(message).to_vec(),
        HashAlgorithm::Keccak256 => sha3::Keccak256::digest(message).to_vec(),
        HashAlgorithm::Sha3_256 => sha3::Sha3_256::digest(message).to_vec(),
        HashAlgorithm::Sm3 => sm_crypto::sm3::sm3_hash_raw(message),
    }
}

/// Messages of random lengths up to `longest`.
pub(crate) fn messages(seed: u64, count: usize, longest: usize) -> Vec<Vec<u8>> {
    println!("seed {seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..count)
        .map(|_| {
            let len = rng.random_range(0..=longest);
            (0..len).map(|_| rng.random()).collect()
        })
        .collect()
}

/// What goes wrong on the way; probabilities per byte or per reply.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    pub(crate) flip: f64,
    pub(crate) drop: f64,
    pub(crate) duplicate: f64,
    /// Replies that never come.
    pub(crate) lose_reply: f64,
    /// Replies that come twice.
    pub(crate) repeat_reply: f64,
    /// Items that the engine does not answer.
    pub(crate) engine_timeout: f64,
}

/// Registers and behaviour of a [`FakeCard`].
#[derive(Clone, Debug)]
pub(crate) struct Fake {
    pub(crate) max_items: u32,
    pub(crate) max_payload: u32,
    pub(crate) receive_buffer: u32,
    pub(crate) capabilities: u32,
    pub(crate) id: u32,
    pub(crate) version: u32,
    pub(crate) to_card: Faults,
    pub(crate) from_card: Faults,
    pub(crate) seed: u64,
    /// Answers this digest byte wrongly: an engine that computes nonsense.
    pub(crate) wrong_digests: bool,
    /// Garbage in front of every reply.
    pub(crate) garbage: usize,
}

impl Default for Fake {
    fn default() -> Self {
        Self {
            max_items: 7,
            max_payload: 2000,
            receive_buffer: 0,
            capabilities: 0b11111,
            id: frame::MAGIC_WORD,
            version: PROTOCOL_VERSION.into(),
            to_card: Faults::default(),
            from_card: Faults::default(),
            seed: 1,
            wrong_digests: false,
            garbage: 0,
        }
    }
}

/// What a test can see and change while a card is in use.
#[derive(Debug, Default)]
pub(crate) struct Control {
    /// The card says nothing any more.
    pub(crate) dead: AtomicBool,
    /// The link is closed.
    pub(crate) closed: AtomicBool,
    /// Hash requests answered.
    pub(crate) hash_requests: AtomicUsize,
    /// Link resets.
    pub(crate) resets: AtomicUsize,
    /// The most request bytes beyond the first frame that were outstanding.
    pub(crate) most_beyond_first: AtomicUsize,
    /// Faults begin when this is set.
    pub(crate) faulty: AtomicBool,
}

/// A card in memory. It computes with the oracle.
pub(crate) struct FakeCard {
    fake: Fake,
    control: Arc<Control>,
    rng: ChaCha8Rng,
    reader: FrameReader<Vec<u8>>,
    replies: VecDeque<u8>,
    scratch: u32,
    /// Requests whose replies the host has not read: their bytes, and where their reply ends.
    outstanding: VecDeque<(usize, u64)>,
    replied: u64,
    read: u64,
}

impl FakeCard {
    pub(crate) fn new(fake: Fake) -> (Self, Arc<Control>) {
        let control = Arc::new(Control::default());
        control.faulty.store(true, SeqCst);
        let card = Self {
            rng: ChaCha8Rng::seed_from_u64(fake.seed),
            reader: FrameReader::new(vec![0; fake.max_payload as usize]),
            fake,
            control: Arc::clone(&control),
            replies: VecDeque::new(),
            scratch: 0,
            outstanding: VecDeque::new(),
            replied: 0,
            read: 0,
        };
        (card, control)
    }

    /// Replies that are ready; without the side effects of a real wait.
    pub(crate) fn receive_all(&mut self, buffer: &mut [u8]) -> Result<usize, TransportError> {
        if self.replies.is_empty() {
            return Err(TransportError::Timeout);
        }
        self.receive(buffer, Instant::now())
    }

    fn disturb(&mut self, bytes: &[u8], faults: &Faults) -> Vec<u8> {
        if !self.control.faulty.load(SeqCst) {
            return bytes.to_vec();
        }
        let mut out = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            if self.rng.random_bool(faults.drop) {
                continue;
            }
            let flip = self.rng.random_bool(faults.flip);
            out.push(if flip { byte ^ 1 << self.rng.random_range(0..8) } else { byte });
            if self.rng.random_bool(faults.duplicate) {
                out.push(byte);
            }
        }
        out
    }

    fn say(&mut self, bytes: &[u8]) {
        let faults = self.fake.from_card.clone();
        if self.control.faulty.load(SeqCst) && self.rng.random_bool(faults.lose_reply) {
            return;
        }
        let times = if self.control.faulty.load(SeqCst) && self.rng.random_bool(faults.repeat_reply)
        {
            2
        } else {
            1
        };
        for _ in 0..times {
            for _ in 0..self.fake.garbage {
                self.replies.push_back(0x43);
            }
            let disturbed = self.disturb(bytes, &faults);
            self.replied += (disturbed.len() + self.fake.garbage) as u64;
            self.replies.extend(disturbed);
        }
    }

    fn register(&self, address: u32) -> Option<u32> {
        Some(match Register::from_address(address)? {
            Register::Id => self.fake.id,
            Register::ProtocolVersion => self.fake.version,
            Register::DesignVersion => 0x0001_0203,
            Register::Capabilities => self.fake.capabilities,
            Register::MaxItems => self.fake.max_items,
            Register::MaxPayload => self.fake.max_payload,
            Register::ReceiveBuffer => self.fake.receive_buffer,
            Register::ClockHz => 50_000_000,
            Register::LinkTimeout => 50_000,
            Register::Scratch => self.scratch,
            _ => 0,
        })
    }

    fn answer(&mut self, header: Header, payload: &[u8]) {
        let mut out = Vec::new();
        let tag = header.tag;
        let request = Request::of(chaincard_protocol::Frame { header, payload });
        let refused = match request {
            Ok(Request::ReadRegisters(addresses)) => {
                let values: Option<Vec<u32>> = addresses
                    .iter()
                    .map(|bytes| self.register(u32::from_le_bytes(*bytes)))
                    .collect();
                match values {
                    Some(values) => {
                        reply::write_register_values(&mut out, tag, &values).unwrap();
                        None
                    }
                    None => Some(Reject::Register),
                }
            }
            Ok(Request::WriteRegisters(writes)) => {
                let scratch = Register::Scratch.address().to_le_bytes();
                if writes.iter().all(|write| write[..4] == scratch) {
                    for write in writes {
                        self.scratch = u32::from_le_bytes(write[4..].try_into().unwrap());
                    }
                    reply::write_registers_done(&mut out, tag);
                    None
                } else {
                    Some(Reject::Register)
                }
            }
            Ok(Request::Hash(algorithm, _))
                if self.fake.capabilities >> algorithm.code() & 1 == 0 =>
            {
                Some(Reject::Param)
            }
            Ok(Request::Hash(..)) if u32::from(header.items) > self.fake.max_items => {
                Some(Reject::TooManyItems)
            }
            Ok(Request::Hash(algorithm, items)) => {
                self.control.hash_requests.fetch_add(1, SeqCst);
                let mut digests: Vec<Vec<u8>> =
                    items.map(|message| oracle(algorithm, message)).collect();
                if self.fake.wrong_digests {
                    digests.iter_mut().for_each(|digest| digest[5] ^= 1);
                }
                let faulty = self.control.faulty.load(SeqCst);
                let engine_timeout = if faulty { self.fake.to_card.engine_timeout } else { 0.0 };
                let answers: Vec<Result<&[u8], ItemStatus>> = digests
                    .iter()
                    .map(|digest| match self.rng.random_bool(engine_timeout) {
                        true => Err(ItemStatus::EngineTimeout),
                        false => Ok(digest.as_slice()),
                    })
                    .collect();
                reply::write_hash(&mut out, tag, algorithm, answers).unwrap();
                None
            }
            Ok(Request::Verify(..) | Request::Recover(..) | Request::Multiply(..)) => {
                Some(Reject::Opcode)
            }
            Err(reject) => Some(reject),
        };
        if let Some(reject) = refused {
            reply::write_error(&mut out, tag, reject);
        }
        self.say(&out);
    }
}

impl Transport for FakeCard {
    fn send(&mut self, bytes: &[u8], _deadline: Instant) -> Result<(), TransportError> {
        if self.control.closed.load(SeqCst) {
            return Err(TransportError::Closed);
        }
        if self.control.dead.load(SeqCst) {
            return Ok(());
        }
        while self.outstanding.front().is_some_and(|&(_, end)| end <= self.read) {
            self.outstanding.pop_front();
        }
        let faults = self.fake.to_card.clone();
        let disturbed = self.disturb(bytes, &faults);
        let mut rest = disturbed.as_slice();
        let mut reader = std::mem::replace(&mut self.reader, FrameReader::new(Vec::new()));
        while !rest.is_empty() {
            let (used, event) = reader.feed(rest);
            rest = &rest[used..];
            let mut out = Vec::new();
            match event {
                Some(Event::Frame(frame)) => self.answer(frame.header, frame.payload),
                Some(Event::Broken(FrameError::PayloadCrc { header })) => {
                    reply::write_error(&mut out, header.tag, Reject::PayloadCrc);
                }
                Some(Event::Broken(FrameError::Header(HeaderError::Crc))) => {
                    reply::write_error(&mut out, frame::TAG_UNKNOWN, Reject::HeaderCrc);
                }
                Some(Event::Broken(FrameError::TooLong { header, .. })) => {
                    reply::write_error(&mut out, header.tag, Reject::Length);
                }
                _ => {}
            }
            if !out.is_empty() {
                self.say(&out);
            }
        }
        self.reader = reader;
        self.outstanding.push_back((bytes.len(), self.replied));
        let beyond: usize = self.outstanding.iter().skip(1).map(|&(bytes, _)| bytes).sum();
        self.control.most_beyond_first.fetch_max(beyond, SeqCst);
        Ok(())
    }

    fn receive(&mut self, buffer: &mut [u8], _deadline: Instant) -> Result<usize, TransportError> {
        if self.control.closed.load(SeqCst) {
            return Err(TransportError::Closed);
        }
        if self.replies.is_empty() || self.control.dead.load(SeqCst) {
            // A card that has waited long enough gives up half a frame; no real time passes.
            self.reader.reset();
            return Err(TransportError::Timeout);
        }
        let most = self.rng.random_range(1..=200);
        let count = self.replies.len().min(buffer.len()).min(most);
        for (to, byte) in buffer.iter_mut().zip(self.replies.drain(..count)) {
            *to = byte;
        }
        self.read += count as u64;
        Ok(count)
    }

    fn reset(&mut self) -> Result<(), TransportError> {
        self.control.resets.fetch_add(1, SeqCst);
        if self.control.closed.load(SeqCst) {
            return Err(TransportError::Closed);
        }
        self.read += self.replies.len() as u64;
        self.replies.clear();
        self.outstanding.clear();
        Ok(())
    }

    fn description(&self) -> String {
        "memory".to_owned()
    }
}

/// Short waits: a card in memory answers at once or never.
pub(crate) fn config() -> CardConfig {
    let mut config = CardConfig::for_kind(chaincard::DeviceKind::Card);
    config.reply_timeout = Duration::from_millis(200);
    config.quiet = Duration::from_millis(1);
    config
}

/// What a device that multiplies or judges as a test wants has besides: it is a card, and hashes
/// rightly. It has `capabilities` and a `cpu`.
macro_rules! puppet {
    () => {
        fn name(&self) -> &str {
            "puppet"
        }

        fn kind(&self) -> chaincard::DeviceKind {
            chaincard::DeviceKind::Card
        }

        fn description(&self) -> String {
            "puppet".to_owned()
        }

        fn capabilities(&self) -> &chaincard::Capabilities {
            &self.capabilities
        }

        fn hash(
            &self,
            algorithm: chaincard::HashAlgorithm,
            messages: &chaincard::Messages<'_>,
            digests: &mut [u8],
        ) -> Result<chaincard::Report, chaincard::DeviceError> {
            self.cpu.hash(algorithm, messages, digests)
        }
    };
}
pub(crate) use puppet;

/// Long back-offs: what is taken out of service stays so.
pub(crate) fn policy() -> Policy {
    Policy { backoff: Duration::from_secs(60), cpu_threads: 1, ..Policy::default() }
}

/// The device, and the CPU behind it if `policy` says so.
pub(crate) fn build<D: Device + 'static>(device: &Arc<D>, policy: Policy) -> Accelerator {
    let device = Arc::clone(device) as Arc<dyn Device>;
    Accelerator::builder().device(device).policy(policy).build().unwrap()
}
