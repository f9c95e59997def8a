//! Writes the Verilog (and constraints) of the named designs, or of all, into a folder:
//! `cargo run -p chaincard-hdl --example designs -- FOLDER [NAME…]`.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

fn write(folder: &Path, names: &[String]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for design in chaincard_hdl::designs() {
        if names.is_empty() || names.iter().any(|name| name == design.name) {
            fs::write(folder.join(format!("{}.v", design.top)), (design.verilog)())?;
            if let Some(constraints) = design.constraints {
                fs::write(folder.join(format!("{}.lpf", design.top)), constraints())?;
            }
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let Some((folder, names)) = arguments.split_first() else {
        eprintln!("usage: designs FOLDER [NAME…]");
        return ExitCode::FAILURE;
    };
    if let Some(name) = names.iter().find(|name| chaincard_hdl::design(name).is_none()) {
        eprintln!("no design named {name}");
        return ExitCode::FAILURE;
    }
    match write(Path::new(folder), names) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::FAILURE
        }
    }
}
