//! A provider on a device that fails and lies, and the program that prints what is right.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use chaincard::Policy;
use chaincard_evm::Provider;
use chaincard_puppet::Puppet;

pub(crate) fn provider(puppet: &Arc<Puppet>, policy: Policy) -> Provider {
    Provider::new(Arc::new(puppet.accelerator(policy)))
}

/// What the example `senders` prints, which must be satisfied with it.
pub(crate) fn senders(arguments: &[&str]) -> String {
    let output = Command::new(senders_path()).args(arguments).output().expect("it is built");
    let text = String::from_utf8(output.stdout).expect("text");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}{text}");
    text
}

/// Cargo puts examples beside the folder of the tests, and builds them before.
fn senders_path() -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    let target = test.parent().and_then(|deps| deps.parent()).expect("target/PROFILE/deps");
    target.join("examples").join("senders").with_extension(std::env::consts::EXE_EXTENSION)
}
