//! What the tests share.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The shared library: cargo puts it beside this test.
pub(crate) fn library() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().join("libchaincard_secp256k1.so")
}

/// The C compiler.
pub(crate) fn compiler() -> String {
    std::env::var("CC").unwrap_or_else(|_| "cc".to_owned())
}

/// The real library, as the linker finds it.
pub(crate) fn real() -> PathBuf {
    let found = run(Command::new(compiler()).arg("-print-file-name=libsecp256k1.so"));
    let path = Path::new(found.trim());
    assert!(path.is_absolute(), "no libsecp256k1: apt-get install libsecp256k1-dev");
    path.canonicalize().unwrap()
}

/// What a command writes; it must succeed.
pub(crate) fn run(command: &mut Command) -> String {
    succeeded(&command.output().unwrap_or_else(|error| panic!("{command:?}: {error}")))
}

/// Fails with what the program wrote unless it ended well.
pub(crate) fn succeeded(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{}\n{stdout}\n{stderr}", output.status);
    stdout
}

/// The numbers of the last line that a process wrote to the log: valid, invalid, recovered, not
/// recovered.
pub(crate) fn logged(log: &Path) -> Vec<u64> {
    let text = std::fs::read_to_string(log).unwrap();
    let (_, last) = text.rsplit_once("at exit: ").unwrap_or_else(|| panic!("{text}"));
    last.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}
