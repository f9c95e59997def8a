//! Senders of mainnet transactions of each type, and every precompile called by contracts, with
//! chaincard or without it. Both print the same.
//!
//! ```console
//! $ cargo run -p chaincard-evm --example senders
//! $ cargo run -p chaincard-evm --example senders -- --without
//! $ cargo run -p chaincard-evm --example senders -- --device cpu:1
//! ```

mod contracts;
mod made;
mod precompiles;
mod transactions;

use std::error::Error;
use std::process::ExitCode;

use chaincard_evm::Provider;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => Provider::open("auto")?.install()?,
        ["--device", name] => Provider::open(name)?.install()?,
        ["--without"] => {}
        _ => return Err("usage: senders [--without | --device NAME]".into()),
    }
    let mut all_right = true;
    let mut say = |line: String, is_right: bool| {
        println!("{line}{}", if is_right { "" } else { "  WRONG" });
        all_right &= is_right;
    };
    transactions::recover(&mut say)?;
    precompiles::call(&mut say)?;
    Ok(if all_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
