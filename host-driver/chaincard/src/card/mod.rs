//! A card behind a [`Transport`]: frames out, frames in, nothing believed unchecked.
//!
//! A digest, verdict or sum leaves this module only when it came in a frame with right CRCs, whose tag is that
//! of a request still unanswered, with the opcode, item count and length that this request
//! asks for and the status `Done` for every item. Requests that were not answered so are sent
//! again under a new tag, a bounded number of times; an answer to an old tag is ignored.

mod error;
mod hash;
mod link;
mod msm;
mod reader;
mod registers;
mod share;
mod verify;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chaincard_protocol::hash::reply_item_len;
use chaincard_protocol::verify::{CAPABILITY_RECOVER, MAX_USER_ID, RECOVER_ANSWER_LEN};
use chaincard_protocol::{PROTOCOL_VERSION, Register, Reject, frame};

pub use error::ProtocolError;

use crate::cpu;
use crate::device::{
    Capabilities, Device, DeviceError, DeviceKind, Report, check_call, check_multiply,
    check_recover, check_verify,
};
use crate::hash::{HashAlgorithm, Messages};
use crate::msm::{Terms, combine_windows};
use crate::transport::Transport;
use crate::verify::{Hashing, Item, Plan, Recovered, Scheme, Verdict, wire_len};
use link::{Link, LinkError, LinkFacts, Requests};

/// How long a host waits for a card and how often it asks again.
#[derive(Clone, Debug)]
pub struct CardConfig {
    /// An answer has failed when nothing moved on the link for this long.
    pub reply_timeout: Duration,
    /// Times that a request is sent again before the call fails.
    pub retries: u32,
    /// Silence after which a card has given up half a frame, where its own registers do not
    /// say a longer one.
    pub quiet: Duration,
    /// Most frames on their way at once; at least 1.
    pub frames_in_flight: usize,
    /// Whether the known-answer test runs when the card is opened.
    pub self_test: bool,
}

impl CardConfig {
    /// What suits a kind of device: a simulated card is slower than any real one.
    pub fn for_kind(kind: DeviceKind) -> Self {
        let reply_timeout = match kind {
            // Long multiplications; a simulated card that stands still is noticed sooner.
            DeviceKind::Simulated => Duration::from_secs(600),
            _ => Duration::from_secs(2),
        };
        Self {
            reply_timeout,
            retries: 3,
            quiet: Duration::from_millis(20),
            frames_in_flight: 4,
            self_test: true,
        }
    }
}

impl CardConfig {
    /// What suits a card served over a socket: it may be a simulated one, and a server that is
    /// gone is noticed at once all the same.
    pub fn for_socket() -> Self {
        Self { reply_timeout: Duration::from_secs(20), ..Self::for_kind(DeviceKind::Card) }
    }
}

/// What the registers of a card say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CardInfo {
    /// `major << 16 | minor << 8 | patch` of the design.
    pub design_version: u32,
    /// Bit n: the card has the hash algorithm with wire code n.
    pub capabilities: u32,
    /// Bit n: the card verifies the scheme with wire code n; bit 8: it recovers public keys.
    pub verify_capabilities: u32,
    /// Bit n: the card multiplies on the curve with wire code n; bits 7 … 4: bits of a window.
    pub multiply_capabilities: u32,
    /// Most items in one frame.
    pub max_items: u32,
    /// Most payload bytes in one frame.
    pub max_payload: u32,
    /// Request bytes that may be outstanding beyond the first frame; 0: no limit.
    pub receive_buffer: u32,
    /// Clock in Hz; 0 when simulated.
    pub clock_hz: u32,
}

impl CardInfo {
    fn hashes(&self, algorithm: HashAlgorithm) -> bool {
        self.capabilities >> algorithm.code() & 1 == 1
    }
}

/// A card as a device. One call at a time has the link; others wait.
pub struct Card {
    name: String,
    kind: DeviceKind,
    info: CardInfo,
    link_description: String,
    capabilities: Capabilities,
    state: Mutex<State>,
}

struct State {
    link: Link,
    /// The last call failed: what the card is doing is not known.
    broken: bool,
}

impl Card {
    /// Opens the card on the fresh link `transport`: asks it for a sign of life, and resets the
    /// link when there is none; reads the registers, refuses another protocol version, and runs
    /// the known-answer test unless `config` says otherwise.
    ///
    /// # Errors
    /// [`DeviceError::Transport`], [`DeviceError::Protocol`] or [`DeviceError::SelfTest`].
    pub fn open(
        name: &str,
        kind: DeviceKind,
        transport: Box<dyn Transport>,
        mut config: CardConfig,
    ) -> Result<Self, DeviceError> {
        config.frames_in_flight = config.frames_in_flight.max(1);
        let self_test = config.self_test;
        let link_description = transport.description();
        let mut link = Link::new(transport, config);
        let info = handshake(&mut link).map_err(|error| device_error(name, error))?;
        let hashes: Vec<_> =
            HashAlgorithm::ALL.into_iter().filter(|&algorithm| info.hashes(algorithm)).collect();
        let verifies = Scheme::ALL
            .into_iter()
            .filter(|scheme| info.verify_capabilities >> scheme.code() & 1 == 1)
            // What the scheme itself hashes has to be hashed on the card.
            .filter(|scheme| match scheme {
                Scheme::Sm2 => info.hashes(HashAlgorithm::Sm3),
                Scheme::Ed25519 => info.hashes(HashAlgorithm::Sha512),
                Scheme::Secp256k1 | Scheme::P256 => true,
            })
            .collect();
        let abilities =
            msm::Abilities::of(&info).map_err(|error| device_error(name, error.into()))?;
        let capabilities = Capabilities {
            hashes,
            verifies,
            multiplies: abilities.curves,
            max_terms: abilities.max_terms,
            recovers: info.verify_capabilities & CAPABILITY_RECOVER != 0,
            max_message: Some(info.max_payload as usize - 4),
            protocol_version: Some(PROTOCOL_VERSION),
            ..Capabilities::default()
        };
        let card = Self {
            name: name.to_owned(),
            kind,
            info,
            link_description,
            capabilities,
            state: Mutex::new(State { link, broken: false }),
        };
        if self_test {
            crate::selftest::self_test(&card)?;
        }
        Ok(card)
    }

    /// What its registers said when it was opened.
    pub fn info(&self) -> CardInfo {
        self.info
    }

    /// Reads registers.
    ///
    /// # Errors
    /// [`DeviceError::Transport`] or [`DeviceError::Protocol`].
    pub fn read_registers(&self, registers: &[Register]) -> Result<Vec<u32>, DeviceError> {
        self.with_link(|link| {
            let mut read = registers::Read::new(registers);
            link.run(&mut read)?;
            Ok(read.values)
        })
    }

    /// Writes one register.
    ///
    /// # Errors
    /// [`DeviceError::Transport`] or [`DeviceError::Protocol`]; a read-only register is
    /// [`ProtocolError::Rejected`] by the card.
    pub fn write_register(&self, register: Register, value: u32) -> Result<(), DeviceError> {
        self.with_link(|link| link.run(&mut registers::Write { register, value }))
    }

    /// Has a batch answered, and tells how long that took.
    fn answer(&self, batch: &mut dyn Requests) -> Result<Report, DeviceError> {
        self.with_link(|link| {
            let before = link.transport.simulated_cycles();
            link.take_retries();
            link.run(batch)?;
            let after = link.transport.simulated_cycles();
            let cycles = before.zip(after).map(|(before, after)| after.saturating_sub(before));
            Ok(Report { cycles, retries: link.take_retries() })
        })
    }

    /// Whether every item fits into a frame.
    fn check_items(&self, plan: &Plan<'_>, items: &[Item<'_>]) -> Result<(), DeviceError> {
        let max = self.info.max_payload as usize - 4;
        let lengths = items.iter().map(|item| wire_len(plan, item));
        match lengths.enumerate().find(|&(_, len)| len > max) {
            None => Ok(()),
            Some((index, len)) => {
                let device = self.name.clone();
                Err(DeviceError::MessageTooLong { device, index, len, max })
            }
        }
    }

    /// Calls with the items as they are, or, where the card lacks the hash function for messages of
    /// ECDSA, with digests made here.
    fn with_digests<T>(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        call: impl FnOnce(&Plan<'_>, &[Item<'_>]) -> T,
    ) -> T {
        if plan.hashing.algorithm().is_none_or(|algorithm| self.info.hashes(algorithm)) {
            return call(plan, items);
        }
        // Every length is right for these hashings.
        let digest = |item: &Item<'_>| cpu::digest(plan.hashing, item.message).unwrap_or_default();
        let digests: Vec<[u8; 32]> = items.iter().map(digest).collect();
        let hashed = items.iter().zip(&digests).map(|(item, message)| Item { message, ..*item });
        let items: Vec<Item<'_>> = hashed.collect();
        call(&Plan { hashing: Hashing::Digest, ..*plan }, &items)
    }

    fn with_link<T>(
        &self,
        call: impl FnOnce(&mut Link) -> Result<T, LinkError>,
    ) -> Result<T, DeviceError> {
        // A panic in a transport leaves the link like any other failure: to be synchronised.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *state;
        let again = std::mem::replace(&mut state.broken, true);
        let answer = (|| {
            if again {
                state.link.resynchronise()?;
                // Another image may have been loaded meanwhile.
                if handshake(&mut state.link)? != self.info {
                    return Err(ProtocolError::Changed.into());
                }
            }
            call(&mut state.link)
        })();
        state.broken = answer.is_err();
        answer.map_err(|error| device_error(&self.name, error))
    }
}

/// Asks who is there and what it can do.
fn handshake(link: &mut Link) -> Result<CardInfo, LinkError> {
    match link.ping() {
        Ok(()) => {}
        Err(LinkError::Protocol(error @ ProtocolError::Version { .. })) => {
            return Err(error.into());
        }
        Err(_) => link.resynchronise()?,
    }
    let mut first = registers::Read::new(&[Register::Id, Register::ProtocolVersion]);
    link.run(&mut first)?;
    if first.values[0] != frame::MAGIC_WORD {
        return Err(ProtocolError::NotACard { found: first.values[0] }.into());
    }
    if first.values[1] != u32::from(PROTOCOL_VERSION) {
        return Err(ProtocolError::Version { found: first.values[1] }.into());
    }
    let mut rest = registers::Read::new(&[
        Register::DesignVersion,
        Register::Capabilities,
        Register::MaxItems,
        Register::MaxPayload,
        Register::ReceiveBuffer,
        Register::ClockHz,
        Register::LinkTimeout,
    ]);
    link.run(&mut rest)?;
    let mut values = rest.values.into_iter();
    let mut value = || values.next().unwrap_or(0);
    let info = CardInfo {
        verify_capabilities: optional(link, Register::VerifyCapabilities)?,
        multiply_capabilities: optional(link, Register::MultiplyCapabilities)?,
        design_version: value(),
        capabilities: value(),
        max_items: value(),
        max_payload: value(),
        receive_buffer: value(),
        clock_hz: value(),
    };
    let timeout_cycles = value();
    for (register, value, least) in
        [(Register::MaxItems, info.max_items, 1), (Register::MaxPayload, info.max_payload, 8)]
    {
        if value < least {
            return Err(ProtocolError::RegisterValue { register, value }.into());
        }
    }
    let facts = LinkFacts {
        receive_buffer: info.receive_buffer,
        max_payload: info.max_payload,
        timeout_cycles,
        clock_hz: info.clock_hz,
    };
    let max_items = info.max_items.min(u32::from(u16::MAX)) as usize;
    let most = RECOVER_ANSWER_LEN.max(reply_item_len(HashAlgorithm::Sha512));
    let answer = (most as usize).max(msm::Abilities::of(&info)?.answer_len(&info));
    link.set_facts(facts, max_items * answer);
    Ok(info)
}

/// What a register of abilities says. Cards that know nothing of them refuse it.
fn optional(link: &mut Link, register: Register) -> Result<u32, LinkError> {
    let registers = [register];
    let mut read = registers::Read::new(&registers);
    match link.run(&mut read) {
        Ok(()) => Ok(read.values[0]),
        Err(LinkError::Protocol(ProtocolError::Rejected { reason: Reject::Register })) => Ok(0),
        Err(error) => Err(error),
    }
}

fn device_error(name: &str, error: LinkError) -> DeviceError {
    let device = name.to_owned();
    match error {
        LinkError::Transport(source) => DeviceError::Transport { device, source },
        LinkError::Protocol(source) => DeviceError::Protocol { device, source },
    }
}

impl Device for Card {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> DeviceKind {
        self.kind
    }

    fn description(&self) -> String {
        let version = self.info.design_version;
        let (major, minor, patch) = (version >> 16, version >> 8 & 0xFF, version & 0xFF);
        let clock = match self.info.clock_hz {
            0 => String::new(),
            hz => format!(", {} MHz", f64::from(hz) / 1e6),
        };
        format!(
            "design {major}.{minor}.{patch}, protocol {PROTOCOL_VERSION}{clock}, on {}",
            self.link_description
        )
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
        check_call(self, algorithm, messages, digests)?;
        let max = self.info.max_payload as usize - 4;
        if let Some((index, len)) =
            messages.iter().map(<[u8]>::len).enumerate().find(|&(_, len)| len > max)
        {
            return Err(DeviceError::MessageTooLong { device: self.name.clone(), index, len, max });
        }
        if messages.is_empty() {
            return Ok(Report::default());
        }
        self.answer(&mut hash::Batch::new(algorithm, messages, digests, &self.info))
    }

    fn verify(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        verdicts: &mut [Verdict],
    ) -> Result<Report, DeviceError> {
        check_verify(self, plan, items, verdicts)?;
        if plan.hashing == Hashing::Sm3 && plan.user_id.len() > MAX_USER_ID {
            verdicts.fill(Verdict::UserIdLength);
            return Ok(Report::default());
        }
        if items.is_empty() {
            return Ok(Report::default());
        }
        self.with_digests(plan, items, |plan, items| {
            self.check_items(plan, items)?;
            self.answer(&mut verify::Batch::new(plan, items, verdicts, &self.info))
        })
    }

    fn recover(
        &self,
        plan: &Plan<'_>,
        items: &[Item<'_>],
        keys: &mut [Recovered],
    ) -> Result<Report, DeviceError> {
        check_recover(self, plan, items, keys)?;
        if items.is_empty() {
            return Ok(Report::default());
        }
        self.with_digests(plan, items, |plan, items| {
            self.check_items(plan, items)?;
            self.answer(&mut verify::Batch::new(plan, items, keys, &self.info))
        })
    }

    fn multiply(&self, terms: &Terms<'_>, point: &mut [u8]) -> Result<Report, DeviceError> {
        check_multiply(self, terms, point)?;
        if terms.is_empty() {
            point.fill(0);
            return Ok(Report::default());
        }
        let mut request = msm::Multiplication::new(terms, &self.info)?;
        let report = self.answer(&mut request)?;
        let sum = combine_windows(terms.curve(), self.info.window(), &request.sums)
            .map_err(|source| DeviceError::Windows { device: self.name.clone(), source })?;
        point.copy_from_slice(&sum);
        Ok(report)
    }
}
