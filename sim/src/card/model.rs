//! A card without gates: the protocol in software and the reference models as its engines.
//! It stands in where tests need more jobs than a simulation of gates can answer.

use super::broken::{Lie, ModelFault};
use super::{signatures, sums, take};
use chaincard::{Transport, TransportError};
use chaincard_protocol::frame::{MAGIC_WORD, TAG_UNKNOWN};
use chaincard_protocol::hash::ItemStatus;
use chaincard_protocol::multiply::{self, CAPABILITY_WINDOW, Curve};
use chaincard_protocol::register::Access;
use chaincard_protocol::request::Request;
use chaincard_protocol::verify::{CAPABILITY_RECOVER, Scheme, Verdict, VerifyItem, VerifyParam};
use chaincard_protocol::{
    Event, Frame, FrameError, FrameReader, HashAlgorithm, HeaderError, PROTOCOL_VERSION, Register,
    Reject, reply,
};
use chaincard_reference as reference;
use std::collections::VecDeque;
use std::time::Instant;

/// Most items in a frame.
const MAX_ITEMS: u32 = 240;

/// Most payload bytes in a frame.
const MAX_PAYLOAD: u32 = 1 << 20;

/// Register values after reset, in cycles.
const LINK_TIMEOUT: u32 = 0xFFFF;
const ENGINE_TIMEOUT: u32 = 0x3FFF;

/// Cycles that a signature takes.
const SIGNATURE_CYCLES: u64 = 40_000;

/// Bits of a window of its multiplications.
const WINDOW: u32 = 7;

/// Cycles that a word of a multiplication takes.
const TERM_WORD_CYCLES: u64 = 500;

/// A behavioural card.
pub struct ModelCard {
    reader: FrameReader<Vec<u8>>,
    from_card: VecDeque<u8>,
    registers: Vec<(Register, u32)>,
    fault: Option<ModelFault>,
    items: u64,
    cycles: u64,
    closed: bool,
}

impl Default for ModelCard {
    fn default() -> Self {
        Self::new(None)
    }
}

impl ModelCard {
    /// A card that hashes, with something broken inside when `fault` says so.
    pub fn new(fault: Option<ModelFault>) -> Self {
        let mut card = Self {
            reader: FrameReader::new(vec![0; MAX_PAYLOAD as usize]),
            from_card: VecDeque::new(),
            registers: Register::ALL.iter().map(|&register| (register, 0)).collect(),
            fault,
            items: 0,
            cycles: 0,
            closed: false,
        };
        let capabilities = HashAlgorithm::ALL.iter().map(|a| 1 << a.code()).sum();
        for (register, value) in [
            (Register::Id, MAGIC_WORD),
            (Register::ProtocolVersion, PROTOCOL_VERSION.into()),
            (Register::DesignVersion, 0x100),
            (Register::Capabilities, capabilities),
            (Register::MaxItems, MAX_ITEMS),
            (Register::MaxPayload, MAX_PAYLOAD),
            (Register::LinkTimeout, LINK_TIMEOUT),
            (Register::EngineTimeout, ENGINE_TIMEOUT),
        ] {
            *card.register(register) = value;
        }
        card
    }

    /// A card that verifies and recovers as well.
    pub fn with_signatures(fault: Option<ModelFault>) -> Self {
        let mut card = Self::new(fault);
        let schemes: u32 = Scheme::ALL.iter().map(|scheme| 1 << scheme.code()).sum();
        *card.register(Register::VerifyCapabilities) = schemes | CAPABILITY_RECOVER;
        card
    }

    /// A card that multiplies on every curve as well.
    pub fn with_multiplications(fault: Option<ModelFault>) -> Self {
        let mut card = Self::new(fault);
        *card.register(Register::MultiplyCapabilities) =
            multiply::capabilities(&Curve::ALL, WINDOW);
        card
    }

    /// Items answered so far.
    pub fn items(&self) -> u64 {
        self.items
    }

    fn register(&mut self, register: Register) -> &mut u32 {
        let found = self.registers.iter_mut().find(|(known, _)| *known == register);
        &mut found.expect("a model has every register").1
    }

    fn count(&mut self, register: Register) {
        let value = self.register(register);
        *value = value.wrapping_add(1);
    }

    /// Takes what the reader has understood.
    fn event(&mut self, event: Owned, out: &mut Vec<u8>) {
        match event {
            Owned::Frame(header, payload) => {
                let frame = Frame { header, payload: &payload };
                match self.answer(frame, out) {
                    Ok(()) => self.count(Register::Frames),
                    Err(reject) => self.reject(header.tag, reject, out),
                }
            }
            Owned::Broken(error) => {
                let (tag, reject) = match error {
                    FrameError::Header(HeaderError::Version { .. }) => {
                        (TAG_UNKNOWN, Reject::Version)
                    }
                    FrameError::Header(_) => (TAG_UNKNOWN, Reject::HeaderCrc),
                    FrameError::TooLong { header, .. } | FrameError::Unaligned { header } => {
                        (header.tag, Reject::Length)
                    }
                    FrameError::PayloadCrc { header } => (header.tag, Reject::PayloadCrc),
                };
                match reject {
                    Reject::HeaderCrc => self.count(Register::HeaderCrcErrors),
                    Reject::PayloadCrc => self.count(Register::PayloadCrcErrors),
                    _ => {}
                }
                self.reject(tag, reject, out);
            }
        }
    }

    fn reject(&mut self, tag: u16, reject: Reject, out: &mut Vec<u8>) {
        self.count(Register::Rejects);
        reply::write_error(out, tag, reject);
    }

    fn answer(&mut self, frame: Frame<'_>, out: &mut Vec<u8>) -> Result<(), Reject> {
        let tag = frame.header.tag;
        if u32::from(frame.header.items) > MAX_ITEMS {
            return Err(Reject::TooManyItems);
        }
        let start = out.len();
        match Request::of(frame)? {
            Request::ReadRegisters(addresses) => {
                let mut values = Vec::with_capacity(addresses.len());
                for address in addresses {
                    let register = Register::from_address(u32::from_le_bytes(*address));
                    let register = register.ok_or(Reject::Register)?;
                    if register == Register::CyclesLow {
                        *self.register(Register::CyclesHigh) = (self.cycles >> 32) as u32;
                        *self.register(Register::CyclesLow) = self.cycles as u32;
                    }
                    values.push(*self.register(register));
                }
                reply::write_register_values(out, tag, &values)
                    .expect("no more values than a frame had addresses");
            }
            Request::WriteRegisters(pairs) => {
                let mut writes = Vec::with_capacity(pairs.len());
                for pair in pairs {
                    let (address, value) = pair.split_at(4);
                    let word =
                        |bytes: &[u8]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                    let register = Register::from_address(word(address))
                        .filter(|register| register.access() == Access::ReadWrite)
                        .ok_or(Reject::Register)?;
                    writes.push((register, word(value)));
                }
                for (register, value) in writes {
                    self.write(register, value);
                }
                reply::write_registers_done(out, tag);
            }
            Request::Verify(..) | Request::Recover(..)
                if *self.register(Register::VerifyCapabilities) == 0 =>
            {
                return Err(Reject::Opcode);
            }
            Request::Verify(param, items) => {
                let answers: Vec<_> = items.map(|item| self.verdict(param, &item)).collect();
                reply::write_verify(out, tag, param, answers)
                    .expect("no more answers than a frame had items");
            }
            Request::Recover(param, items) => {
                let answers: Vec<_> = items.map(|item| self.key(param, &item)).collect();
                reply::write_recover(out, tag, param, answers)
                    .expect("no more answers than a frame had items");
            }
            Request::Multiply(..) if *self.register(Register::MultiplyCapabilities) == 0 => {
                return Err(Reject::Opcode);
            }
            Request::Multiply(curve, items) => {
                let width = *self.register(Register::MultiplyCapabilities) >> CAPABILITY_WINDOW;
                let answers: Vec<_> = items.map(|item| self.sums(curve, width, item)).collect();
                let answers = answers.iter().map(|answer| answer.as_deref().map_err(|&e| e));
                reply::write_multiply(out, tag, curve, sums::windows(curve, width), answers)
                    .expect("no more answers than a frame had items");
            }
            Request::Hash(algorithm, messages) => {
                let answers: Vec<_> =
                    messages.map(|message| self.digest(algorithm, message)).collect();
                let answers = answers.iter().map(|answer| answer.as_deref().map_err(|&e| e));
                reply::write_hash(out, tag, algorithm, answers)
                    .expect("no more answers than a frame had messages");
            }
        }
        if self.closed {
            out.truncate(start + (out.len() - start) / 2);
        }
        if self.is_silent() {
            out.truncate(start);
        }
        Ok(())
    }

    fn write(&mut self, register: Register, value: u32) {
        // The only bit of the control register clears itself.
        if register != Register::Control {
            *self.register(register) = value;
        }
    }

    /// Begins to answer an item that takes so many cycles.
    fn begin(&mut self, cycles: u64) -> Result<(), ItemStatus> {
        match self.fault {
            Some(ModelFault::DeadEngine { after }) if self.items >= after => {
                self.cycles += u64::from(*self.register(Register::EngineTimeout));
                self.count(Register::EngineTimeouts);
                return Err(ItemStatus::EngineTimeout);
            }
            Some(ModelFault::Killed { after }) if self.items >= after => self.closed = true,
            _ => {}
        }
        self.items += 1;
        self.count(Register::Items);
        self.cycles += cycles;
        Ok(())
    }

    fn digest(&mut self, algorithm: HashAlgorithm, message: &[u8]) -> Result<Vec<u8>, ItemStatus> {
        self.begin(message.len() as u64 / 4 + 1)?;
        Ok(reference::hash(algorithm_of(algorithm), message))
    }

    fn verdict(
        &mut self,
        param: VerifyParam,
        item: &VerifyItem<'_>,
    ) -> Result<Verdict, ItemStatus> {
        self.begin(SIGNATURE_CYCLES)?;
        let verdict = signatures::verify(param, item);
        Ok(match self.lie() {
            Some(Lie::RefusesValid) if verdict == Verdict::Valid => Verdict::Invalid,
            Some(Lie::AcceptsInvalid) => Verdict::Valid,
            _ => verdict,
        })
    }

    fn key(
        &mut self,
        param: VerifyParam,
        item: &VerifyItem<'_>,
    ) -> Result<(Verdict, [u8; 64]), ItemStatus> {
        self.begin(SIGNATURE_CYCLES)?;
        let (verdict, mut key) = signatures::recover(param, item);
        Ok(match self.lie() {
            Some(Lie::RefusesValid) => (Verdict::Invalid, [0; 64]),
            Some(Lie::AcceptsInvalid) if verdict != Verdict::Valid => (Verdict::Valid, [1; 64]),
            Some(Lie::WrongKeys) if verdict == Verdict::Valid => {
                key[40] ^= 4;
                (verdict, key)
            }
            _ => (verdict, key),
        })
    }

    fn sums(&mut self, curve: Curve, width: u32, item: &[u8]) -> Result<Vec<u8>, ItemStatus> {
        self.begin(item.len() as u64 / 4 * TERM_WORD_CYCLES)?;
        let mut sums = sums::sums(curve, width, item);
        if let Some(Lie::WrongSums) = self.lie() {
            // The sum of window 1 instead of that of window 0: a point all the same.
            let length = curve.coordinate_len();
            let (one, other) = sums.split_at_mut(3 * length);
            one.copy_from_slice(&other[..3 * length]);
        }
        Ok(sums)
    }

    /// How the card lies now.
    fn lie(&self) -> Option<Lie> {
        match self.fault {
            Some(ModelFault::Lies { after, lie }) if self.items > after => Some(lie),
            _ => None,
        }
    }

    fn is_silent(&self) -> bool {
        matches!(self.fault, Some(ModelFault::Silent { after }) if self.items > after)
    }
}

/// An [`Event`] that does not borrow the reader.
enum Owned {
    Frame(chaincard_protocol::Header, Vec<u8>),
    Broken(FrameError),
}

const fn algorithm_of(algorithm: HashAlgorithm) -> reference::Algorithm {
    match algorithm {
        HashAlgorithm::Sha256 => reference::Algorithm::Sha256,
        HashAlgorithm::Sha512 => reference::Algorithm::Sha512,
        HashAlgorithm::Keccak256 => reference::Algorithm::Keccak256,
        HashAlgorithm::Sha3_256 => reference::Algorithm::Sha3_256,
        HashAlgorithm::Sm3 => reference::Algorithm::Sm3,
    }
}

impl Transport for ModelCard {
    fn send(&mut self, bytes: &[u8], _deadline: Instant) -> Result<(), TransportError> {
        if self.closed {
            return Err(TransportError::Closed);
        }
        self.cycles += bytes.len() as u64 / 4;
        let mut rest = bytes;
        let mut out = Vec::new();
        while !rest.is_empty() && !self.closed {
            let (used, event) = self.reader.feed(rest);
            rest = &rest[used..];
            let event = match event {
                None => continue,
                Some(Event::Frame(frame)) => Owned::Frame(frame.header, frame.payload.to_vec()),
                Some(Event::Broken(error)) => Owned::Broken(error),
            };
            self.event(event, &mut out);
        }
        self.from_card.extend(out);
        Ok(())
    }

    /// When nothing is there and nothing will come by itself, the time until the deadline
    /// counts as passed.
    fn receive(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError> {
        if self.from_card.is_empty() && self.closed {
            return Err(TransportError::Closed);
        }
        if self.from_card.is_empty() && Instant::now() < deadline {
            self.cycles += 2 * u64::from(*self.register(Register::LinkTimeout));
            if self.reader.in_frame() {
                self.reader.reset();
                self.count(Register::LinkTimeouts);
                let mut out = Vec::new();
                self.reject(TAG_UNKNOWN, Reject::LinkTimeout, &mut out);
                self.from_card.extend(out);
            }
        }
        if self.from_card.is_empty() {
            return Err(TransportError::Timeout);
        }
        Ok(take(&mut self.from_card, buffer))
    }

    fn reset(&mut self) -> Result<(), TransportError> {
        if self.closed {
            return Err(TransportError::Closed);
        }
        self.from_card.clear();
        Ok(())
    }

    fn description(&self) -> String {
        "card modelled in software".into()
    }

    fn simulated_cycles(&self) -> Option<u64> {
        Some(self.cycles)
    }
}
