//! Hash cores: byte messages of any length in, digests out, padding in hardware.
//!
//! Every core has the same ports (`WORD` is 32 bits wide, or 64 as two halves):
//!
//! | port | direction | width | meaning |
//! | --- | --- | --- | --- |
//! | `clock` | in | 1 | everything happens at its rising edge |
//! | `clear` | in | 1 | synchronous; drops every message in the core |
//! | `in_valid`, `in_ready` | in, out | 1 | a word moves when both are high; `in_valid` never waits for `in_ready` |
//! | `in_data` | in | 32 | bytes of the message, the first one in bits 7 … 0 |
//! | `in_data_high` | in | 32 | cores with 64-bit words only: bytes 4 … 7 |
//! | `in_bytes` | in | 3 or 4 | valid bytes in the word: all of them but in the last word, where 0 … all are allowed |
//! | `in_last` | in | 1 | the word ends its message; an empty message is one word with `in_bytes` = 0 |
//! | `in_suffix` | in | 8 | Keccak core only: domain byte, `0x01` (Keccak-256) or `0x06` (SHA3-256), with the last word |
//! | `out_valid`, `out_ready` | out, in | 1 | as for the input |
//! | `out_data` | out | 32 | digest, the first byte in bits 7 … 0 of the first word |
//! | `out_last` | out | 1 | the last word of a digest |
//!
//! Digests leave in the order in which the messages came.

pub mod keccak;
pub mod lanes;
pub mod sha2;
pub mod sha256;
pub mod sha512;
pub mod sm3;

pub use keccak::Keccak;
pub use sha256::Sha256;
pub use sha512::Sha512;
pub use sm3::Sm3;

use rust_hdl::prelude::Block;

/// One word of a message as a core takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageWord {
    /// Little-endian bytes; cores with 32-bit words take the low half.
    pub data: u64,
    /// Valid bytes.
    pub bytes: u8,
    /// The word ends its message.
    pub last: bool,
    /// Domain byte of the Keccak core; other cores ignore it.
    pub suffix: u8,
}

/// One word of a digest as a core gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigestWord {
    /// Little-endian bytes.
    pub data: u32,
    /// The word ends its digest.
    pub last: bool,
}

/// The ports of a hash core seen from a test bench that steps it natively.
///
/// A bench sets the inputs, settles the combinational logic, reads the outputs, then raises
/// and lowers the clock.
pub trait HashCore: Block + Default {
    /// Bytes in an input word: 4 or 8.
    const WORD_BYTES: usize;

    /// Drives `clock`.
    fn set_clock(&mut self, level: bool);
    /// Drives `clear`.
    fn set_clear(&mut self, level: bool);
    /// Drives the input word; `None` lowers `in_valid`.
    fn set_input(&mut self, word: Option<MessageWord>);
    /// `in_ready`.
    fn input_ready(&self) -> bool;
    /// Drives `out_ready`.
    fn set_output_ready(&mut self, ready: bool);
    /// The output word, `None` while `out_valid` is low.
    fn output(&self) -> Option<DigestWord>;
    /// Cycles from the last word of a one-block message entering an idle core to the first
    /// word of its digest.
    fn latency(&self) -> u32;
    /// Cycles between two blocks in steady state, with the input never the bottleneck.
    fn cycles_per_block(&self) -> f64;
}

/// Implements the port methods of [`HashCore`] for a core with the ports of the module
/// documentation; the last two methods are the caller's.
#[macro_export]
macro_rules! hash_core_ports {
    (word32) => {
        $crate::hash_core_ports!(@common);
        const WORD_BYTES: usize = 4;
        fn set_input(&mut self, word: Option<$crate::hash::MessageWord>) {
            self.in_valid.next = word.is_some();
            if let Some(word) = word {
                self.in_data.next = (word.data & 0xFFFF_FFFF).to_bits();
                self.in_bytes.next = u64::from(word.bytes).to_bits();
                self.in_last.next = word.last;
            }
        }
    };
    (word64) => {
        $crate::hash_core_ports!(@common);
        const WORD_BYTES: usize = 8;
        fn set_input(&mut self, word: Option<$crate::hash::MessageWord>) {
            self.in_valid.next = word.is_some();
            if let Some(word) = word {
                self.in_data.next = (word.data & 0xFFFF_FFFF).to_bits();
                self.in_data_high.next = (word.data >> 32).to_bits();
                self.in_bytes.next = u64::from(word.bytes).to_bits();
                self.in_last.next = word.last;
                self.in_suffix.next = u64::from(word.suffix).to_bits();
            }
        }
    };
    (@common) => {
        fn set_clock(&mut self, level: bool) {
            self.clock.next = if level { Clock { clk: true } } else { Clock { clk: false } };
        }
        fn set_clear(&mut self, level: bool) {
            self.clear.next = level;
        }
        fn input_ready(&self) -> bool {
            self.in_ready.val()
        }
        fn set_output_ready(&mut self, ready: bool) {
            self.out_ready.next = ready;
        }
        fn output(&self) -> Option<$crate::hash::DigestWord> {
            self.out_valid.val().then(|| $crate::hash::DigestWord {
                data: self.out_data.val().to_u64() as u32,
                last: self.out_last.val(),
            })
        }
    };
}
