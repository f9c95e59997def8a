//! Hosts, and messages with the digests that the reference has for them.

use std::path::Path;
use std::time::{Duration, Instant};

use chaincard::{Accelerator, Policy, Registry};
use chaincard_service::config::Listen;

/// Addresses for a test: metrics on any port, a card on `card`.
pub(crate) fn listen(card: &str) -> Listen {
    let cards = if card.is_empty() { Vec::new() } else { vec![card.to_owned()] };
    Listen { http: "127.0.0.1:0".to_owned(), cards, ..Listen::default() }
}

/// The device name of a socket.
pub(crate) fn unix(path: &Path) -> String {
    format!("unix:{}", path.display())
}

/// These devices, tested again soon after a failure.
pub(crate) fn accelerator(names: &[&str]) -> Accelerator {
    let policy = Policy {
        cpu_threads: 1,
        backoff: Duration::from_millis(5),
        max_backoff: Duration::from_millis(20),
        ..Policy::default()
    };
    let builder = Accelerator::builder().registry(Registry::new()).policy(policy);
    names.iter().fold(builder, |builder, name| builder.name(name)).build().expect("devices")
}

/// Waits for something that comes sooner or later.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what} does not come");
        std::thread::sleep(Duration::from_millis(2));
    }
}
