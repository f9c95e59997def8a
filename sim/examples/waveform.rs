//! Draws the waveform of the documentation:
//! `cargo run -p chaincard-sim --example waveform -- docs/waveform-sha256.svg`.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: waveform FILE.svg");
        return ExitCode::FAILURE;
    };
    match chaincard_sim::wave::sha256_picture(Path::new(&path)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
