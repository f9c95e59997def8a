//! Register accesses as requests.

use chaincard_protocol::{Frame, Opcode, Register, reply};

use super::ProtocolError;
use super::link::Requests;

/// Reads registers, one request each: `MaxItems` is not known before it is read.
pub(super) struct Read<'a> {
    registers: &'a [Register],
    /// Their values, once read.
    pub(super) values: Vec<u32>,
}

impl<'a> Read<'a> {
    pub(super) fn new(registers: &'a [Register]) -> Self {
        Self { registers, values: vec![0; registers.len()] }
    }
}

impl Requests for Read<'_> {
    fn len(&self) -> usize {
        self.registers.len()
    }

    fn operation(&self) -> (Opcode, u16) {
        (Opcode::ReadRegisters, 0)
    }

    fn items(&self, _index: usize) -> u16 {
        1
    }

    fn payload_len(&self, _index: usize) -> u32 {
        4
    }

    fn write(&self, index: usize, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.registers[index].address().to_le_bytes());
    }

    fn accept(&mut self, index: usize, frame: Frame<'_>) -> Result<(), ProtocolError> {
        for bytes in reply::read_registers(frame, 1)? {
            self.values[index] = u32::from_le_bytes(*bytes);
        }
        Ok(())
    }
}

/// Writes one register.
pub(super) struct Write {
    pub(super) register: Register,
    pub(super) value: u32,
}

impl Requests for Write {
    fn len(&self) -> usize {
        1
    }

    fn operation(&self) -> (Opcode, u16) {
        (Opcode::WriteRegisters, 0)
    }

    fn items(&self, _index: usize) -> u16 {
        1
    }

    fn payload_len(&self, _index: usize) -> u32 {
        8
    }

    fn write(&self, _index: usize, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.register.address().to_le_bytes());
        bytes.extend_from_slice(&self.value.to_le_bytes());
    }

    fn accept(&mut self, _index: usize, frame: Frame<'_>) -> Result<(), ProtocolError> {
        Ok(reply::write_registers(frame)?)
    }
}
