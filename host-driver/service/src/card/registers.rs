//! Registers of a served card.

use std::sync::Arc;

use chaincard::{Device, HashAlgorithm, Scheme};
use chaincard_protocol::frame::MAGIC_WORD;
use chaincard_protocol::register::Access;
use chaincard_protocol::verify::CAPABILITY_RECOVER;
use chaincard_protocol::{PROTOCOL_VERSION, Register, Reject};

/// Most items in a frame.
pub(super) const MAX_ITEMS: u32 = 2048;

/// Most payload bytes in a frame.
pub(super) const MAX_PAYLOAD: u32 = 1 << 20;

/// `major << 16 | minor << 8 | patch` of what answers here.
const DESIGN_VERSION: u32 = 0x00_0100;

/// What the devices behind the card have together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    hashes: u32,
    verifies: u32,
}

impl Facts {
    pub(super) fn of(devices: &[Arc<dyn Device>]) -> Self {
        let some = |has: &dyn Fn(&dyn Device) -> bool| devices.iter().any(|device| has(&**device));
        let hashes = HashAlgorithm::ALL
            .into_iter()
            .filter(|&algorithm| some(&|device| device.capabilities().has(algorithm)))
            .map(|algorithm| 1 << algorithm.code())
            .sum();
        let schemes: u32 = Scheme::ALL
            .into_iter()
            .filter(|scheme| some(&|device| device.capabilities().verifies.contains(scheme)))
            .map(|scheme| 1 << scheme.code())
            .sum();
        let recovers = some(&|device| device.capabilities().recovers);
        Self { hashes, verifies: schemes | if recovers { CAPABILITY_RECOVER } else { 0 } }
    }

    pub(super) fn hashes(&self, algorithm: HashAlgorithm) -> bool {
        self.hashes >> algorithm.code() & 1 == 1
    }

    pub(super) fn verifies(&self, scheme: Scheme) -> bool {
        self.verifies >> scheme.code() & 1 == 1
    }

    pub(super) fn recovers(&self) -> bool {
        self.verifies & CAPABILITY_RECOVER != 0
    }
}

/// Registers of one connection. There is no clock here: registers in cycles hold what was
/// written to them and do nothing.
#[derive(Debug)]
pub(super) struct Registers {
    facts: Facts,
    link_timeout: u32,
    engine_timeout: u32,
    scratch: u32,
    /// Requests carried out.
    pub(super) frames: u32,
    /// Items answered.
    pub(super) items: u32,
    /// Error frames sent.
    pub(super) rejects: u32,
    /// Headers with a wrong CRC.
    pub(super) header_crc_errors: u32,
    /// Payloads with a wrong CRC.
    pub(super) payload_crc_errors: u32,
}

impl Registers {
    pub(super) fn new(facts: Facts) -> Self {
        Self {
            facts,
            link_timeout: 0xFFFF,
            engine_timeout: 0xFFFF,
            scratch: 0,
            frames: 0,
            items: 0,
            rejects: 0,
            header_crc_errors: 0,
            payload_crc_errors: 0,
        }
    }

    /// Values of registers at byte addresses; `skipped` is the reader's count.
    pub(super) fn read(&self, addresses: &[[u8; 4]], skipped: u64) -> Result<Vec<u32>, Reject> {
        let read = |address: &[u8; 4]| {
            let register = Register::from_address(u32::from_le_bytes(*address));
            register.map(|register| self.value(register, skipped)).ok_or(Reject::Register)
        };
        addresses.iter().map(read).collect()
    }

    fn value(&self, register: Register, skipped: u64) -> u32 {
        match register {
            Register::Id => MAGIC_WORD,
            Register::ProtocolVersion => PROTOCOL_VERSION.into(),
            Register::DesignVersion => DESIGN_VERSION,
            Register::Capabilities => self.facts.hashes,
            Register::VerifyCapabilities => self.facts.verifies,
            Register::MaxItems => MAX_ITEMS,
            Register::MaxPayload => MAX_PAYLOAD,
            Register::LinkTimeout => self.link_timeout,
            Register::EngineTimeout => self.engine_timeout,
            Register::Scratch => self.scratch,
            Register::Frames => self.frames,
            Register::Items => self.items,
            Register::Rejects => self.rejects,
            Register::HeaderCrcErrors => self.header_crc_errors,
            Register::PayloadCrcErrors => self.payload_crc_errors,
            Register::Skipped => skipped as u32,
            // The link has flow control, there is no clock, and multiplications are not served.
            Register::ReceiveBuffer
            | Register::MultiplyCapabilities
            | Register::ClockHz
            | Register::Control
            | Register::CyclesLow
            | Register::CyclesHigh
            | Register::BusyCycles
            | Register::LinkTimeouts
            | Register::EngineTimeouts => 0,
        }
    }

    /// Writes addresses and values, all or none.
    pub(super) fn write(&mut self, pairs: &[[u8; 8]]) -> Result<(), Reject> {
        let writes = pairs.iter().map(|&[a, b, c, d, value @ ..]| {
            let register = Register::from_address(u32::from_le_bytes([a, b, c, d]))
                .filter(|register| register.access() == Access::ReadWrite)
                .ok_or(Reject::Register)?;
            Ok((register, u32::from_le_bytes(value)))
        });
        for (register, value) in writes.collect::<Result<Vec<_>, Reject>>()? {
            match register {
                Register::LinkTimeout => self.link_timeout = value,
                Register::EngineTimeout => self.engine_timeout = value,
                Register::Scratch => self.scratch = value,
                _ => {}
            }
        }
        Ok(())
    }
}
