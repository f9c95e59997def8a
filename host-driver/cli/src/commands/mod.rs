//! The commands, one file each.

#[cfg(feature = "bench")]
mod bench;
mod block;
#[cfg(feature = "sim")]
mod card;
mod devices;
mod hash;
mod image;
mod msm;
mod sdf;
mod selftest;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "sim")]
mod sim;
#[cfg(feature = "sim")]
mod trace;
mod verify;

use chaincard::HashAlgorithm;
use clap::Subcommand;

use crate::device::Choice;
use crate::error::{CliError, Verdict};
use crate::output::Output;

/// What the program does.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Check a Bitcoin block: proof of work, txids, wtxids, merkle root, witness commitment, signatures
    Block(block::Arguments),
    /// Print or check digests of files
    Hash(hash::Arguments),
    /// Verify signatures: one in each line of JSON
    Verify(verify::VerifyArguments),
    /// Recover public keys from signatures: one in each line of JSON
    Recover(verify::RecoverArguments),
    /// Multiply points of a pairing curve by scalars, and add up the products
    Msm(msm::Arguments),
    /// Print the KZG commitment of a blob (EIP-4844)
    BlobCommit(msm::BlobArguments),
    /// List the devices that are here, or watch some at work
    Devices(devices::Arguments),
    /// Open a device and compare it with known answers and with the CPU
    Selftest(selftest::Arguments),
    /// Run a card host: devices behind one queue, metrics, health, a card for other processes
    #[cfg(feature = "serve")]
    Serve(serve::Arguments),
    /// Run a hash core in simulation: digests, cycles, waveforms
    #[cfg(feature = "sim")]
    Sim(sim::Arguments),
    /// Print what a simulated verification engine issues, cycle by cycle
    #[cfg(feature = "sim")]
    Trace(trace::Arguments),
    /// Simulated cards for other processes
    #[cfg(feature = "sim")]
    Card(card::Arguments),
    /// Make and show key stores of the GM/T 0018 library
    Sdf(sdf::Arguments),
    /// List, check and flash bitstream images
    Image(image::Arguments),
    /// Measure devices beside the libraries that nodes use
    #[cfg(feature = "bench")]
    Bench(bench::Arguments),
}

impl Command {
    pub(crate) fn run(self, choice: &Choice, output: &Output) -> Result<Verdict, CliError> {
        match self {
            Self::Block(arguments) => block::run(&arguments, choice, output),
            Self::Hash(arguments) => hash::run(&arguments, choice, output),
            Self::Verify(arguments) => verify::verify(&arguments, choice, output),
            Self::Recover(arguments) => verify::recover(&arguments, choice, output),
            Self::Msm(arguments) => msm::run(&arguments, choice, output),
            Self::BlobCommit(arguments) => msm::blob_commit(&arguments, choice, output),
            Self::Devices(arguments) => devices::run(&arguments, choice, output),
            Self::Selftest(arguments) => selftest::run(&arguments, choice, output),
            #[cfg(feature = "serve")]
            Self::Serve(arguments) => serve::run(&arguments, output),
            #[cfg(feature = "sim")]
            Self::Sim(arguments) => sim::run(&arguments, output),
            #[cfg(feature = "sim")]
            Self::Trace(arguments) => trace::run(&arguments, output),
            #[cfg(feature = "sim")]
            Self::Card(arguments) => card::run(&arguments, output),
            Self::Sdf(arguments) => sdf::run(&arguments, output),
            Self::Image(arguments) => image::run(&arguments, output),
            #[cfg(feature = "bench")]
            Self::Bench(arguments) => bench::run(&arguments, choice, output),
        }
    }
}

/// For clap: an algorithm by its name.
fn parse_algorithm(name: &str) -> Result<HashAlgorithm, String> {
    let known = HashAlgorithm::ALL.iter().find(|algorithm| algorithm.name() == name);
    known.copied().ok_or_else(|| {
        let names: Vec<&str> = HashAlgorithm::ALL.iter().map(|known| known.name()).collect();
        format!("there are: {}", names.join(", "))
    })
}
