//! The provider gives what the implementations of alloy and revm give.

mod alloy;
#[path = "../common/mod.rs"]
mod common;
mod keccak;
mod revm;

/// In processes of their own, as a provider cannot be taken out again.
#[test]
fn nodes_with_and_without_the_provider_print_the_same() {
    let without = common::senders(&["--without"]);
    assert!(without.lines().count() > 500);
    for device in ["cpu", "cpu:1"] {
        assert!(common::senders(&["--device", device]) == without, "{device}");
    }
}
