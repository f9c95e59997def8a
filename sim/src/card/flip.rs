//! A bit that goes bad inside a simulated card.

use crate::SimError;

/// A bit of the verification engine's register file, in the copy that the multiplier reads, that
/// is stored inverted from some cycle on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterFault {
    /// Thread, 0 … 7.
    pub thread: u16,
    /// Register, 0 … 63.
    pub register: u16,
    /// Bit of the register, 0 … 255.
    pub bit: u16,
    /// Clock cycles before.
    pub after: u32,
}

/// What stands in the module of every block RAM.
const WRITE: &str = "if (write) words[write_address[11:0]] <= {write_flags, write_data};";

impl RegisterFault {
    /// The Verilog of a card with one engine, with the fault.
    ///
    /// # Errors
    /// [`SimError::Ports`] when there is no such register file in it.
    pub(super) fn put_into(self, verilog: &str) -> Result<String, SimError> {
        let Self { thread, register, bit, after } = self;
        let missing = || SimError::Ports {
            module: "mul_registers".to_owned(),
            reason: "it is not as expected".to_owned(),
        };
        let module = verilog
            .match_indices("module ")
            .find(|(at, _)| {
                let name = verilog[at + 7..].split('(').next().unwrap_or_default();
                name.ends_with("mul_registers")
            })
            .ok_or_else(missing)?
            .0;
        let write = module + verilog[module..].find(WRITE).ok_or_else(missing)?;
        let address = ((register >> 4) << 10) | (thread << 7) | ((register & 15) << 3) | (bit / 32);
        let wrong = format!(
            "age <= age + (age != {after});
       if (write) words[write_address[11:0]] <= {{write_flags, write_data}}
          ^ ((age == {after} && write_address[11:0] == {address}) << {});",
            bit % 32
        );
        let (before, behind) = verilog.split_at(write);
        let behind = &behind[WRITE.len()..];
        let (head, body) = before.split_at(module);
        let body = body.replacen("integer index;", "integer index;\n    reg [31:0] age = 0;", 1);
        Ok(format!("{head}{body}{wrong}{behind}"))
    }
}
