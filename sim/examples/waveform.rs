//! Draws the waveform of the documentation:
//! `cargo run --release -p chaincard-sim --example waveform -- docs/waveform-sha256.svg`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: waveform FILE.svg");
        return ExitCode::FAILURE;
    };
    let drawn = chaincard_sim::wave::sha256_picture().map_err(|error| error.to_string());
    match drawn.and_then(|svg| std::fs::write(path, svg).map_err(|error| error.to_string())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
