//! Cycles of the hash cores, measured under Verilator.

use crate::SimError;
use crate::bench::{Message, VerilatedCore};
use crate::stream::Stalls;
use chaincard_hdl::hash::keccak::Keccak;
use chaincard_hdl::hash::sm3::Sm3;
use chaincard_hdl::hash::{HashCore, Sha256, Sha512};
use chaincard_protocol::HashAlgorithm;

/// Blocks of each message of the steady stream, padding included.
const BLOCKS: usize = 4;

/// Messages before, in and behind the measured part of the stream.
const MESSAGES: [usize; 3] = [40, 200, 40];

/// What was measured of one core.
#[derive(Clone, Debug, PartialEq)]
pub struct CoreCycles {
    /// `sha256`, `sha512`, `keccak` or `sm3`.
    pub core: &'static str,
    /// Cycles per block (padding counts as blocks) of messages of four blocks, back to back.
    pub cycles_per_block: f64,
    /// Cycles per block of one long message alone: more where messages are interleaved.
    pub cycles_per_block_alone: f64,
    /// Cycles from the last word of a one-block message entering an idle core to the first
    /// word of its digest.
    pub latency: u64,
    /// Bytes in a block.
    pub block_bytes: usize,
    /// What the core itself says: cycles per block.
    pub stated_cycles_per_block: f64,
    /// What the core itself says: latency.
    pub stated_latency: u32,
}

/// Measures every core as `Default` makes it.
///
/// # Errors
/// [`SimError::VerilatorNotFound`] and whatever building or running says.
pub fn measure() -> Result<Vec<CoreCycles>, SimError> {
    Ok(vec![
        measure_core(Sha256::default, "sha256", HashAlgorithm::Sha256)?,
        measure_core(Sha512::default, "sha512", HashAlgorithm::Sha512)?,
        measure_core(Keccak::default, "keccak", HashAlgorithm::Keccak256)?,
        measure_core(Sm3::default, "sm3", HashAlgorithm::Sm3)?,
    ])
}

/// Measures one core, the preset of its `Default`.
///
/// # Errors
/// As [`measure`].
pub fn measure_core<C: HashCore>(
    make: fn() -> C,
    core: &'static str,
    algorithm: HashAlgorithm,
) -> Result<CoreCycles, SimError> {
    let block_bytes = algorithm.block_len();
    let digest_len = algorithm.digest_len();
    let mut bench = VerilatedCore::with(make(), core)?;
    let mut hash = |bytes: &[u8], count: usize| {
        let messages = vec![Message { bytes, suffix: 1 }; count];
        bench.hash(&messages, digest_len, Stalls::default())
    };

    let alone = hash(&[], 1)?.spans[0];
    let latency = alone.first_out - alone.last_in;

    // One byte less than the last block has leaves room for the shortest padding but no
    // standard's length field; 20 bytes less leave room for each.
    let [before, measured, behind] = MESSAGES;
    let bytes = vec![0xA5; BLOCKS * block_bytes - 20];
    let spans = hash(&bytes, before + measured + behind)?.spans;
    let cycles = spans[before + measured].last_out - spans[before].last_out;
    let cycles_per_block = cycles as f64 / (measured * BLOCKS) as f64;

    let long = hash(&vec![0xA5; 200 * block_bytes - 20], 1)?.spans[0];
    let short = hash(&vec![0xA5; 100 * block_bytes - 20], 1)?.spans[0];
    let difference = (long.first_out - long.first_in) - (short.first_out - short.first_in);

    let stated = make();
    Ok(CoreCycles {
        core,
        cycles_per_block,
        cycles_per_block_alone: difference as f64 / 100.0,
        latency,
        block_bytes,
        stated_cycles_per_block: stated.cycles_per_block(),
        stated_latency: stated.latency(),
    })
}
