//! Cards served to other processes, driven by the transports of the host library.

use chaincard::{Device, HashAlgorithm, Messages, Registry};
use chaincard_sim::card::{ModelCard, SimulatedCard};
use chaincard_sim::{Server, SimError};
use std::sync::Arc;

fn hash_abc(device: &Arc<dyn Device>) {
    let mut digests = [0; 64];
    let messages: [&[u8]; 2] = [b"abc", &[0x61; 1000]];
    device.hash(HashAlgorithm::Sha256, &Messages::Slices(&messages), &mut digests).unwrap();
    let wanted = messages.map(chaincard_reference::sha256::sha256).concat();
    assert_eq!(digests[..], wanted);
}

/// Serves a card on `address` and opens it twice, one connection after the other.
fn serve(address: &str, card: Box<dyn chaincard::Transport>) {
    let server = Server::start(card, address).unwrap();
    println!("{}", server.device());
    for _ in 0..2 {
        let device = Registry::new().open(server.device()).unwrap();
        hash_abc(&device);
    }
    let device = server.device().to_owned();
    server.stop().unwrap();
    if !device.starts_with("serial:") {
        assert!(Registry::new().open(&device).is_err(), "{device} is still served");
    }
}

#[test]
fn tcp() {
    serve("tcp:127.0.0.1:0", Box::new(ModelCard::default()));
}

#[test]
fn unix_socket() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("card.sock");
    // A socket that a killed server left behind is no obstacle.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    serve(&format!("unix:{}", path.display()), Box::new(ModelCard::default()));
    assert!(!path.exists());
}

#[test]
fn pseudo_terminal() {
    serve("pty", Box::new(ModelCard::default()));
}

#[test]
fn uart_top_behind_a_pseudo_terminal() {
    serve("pty", Box::new(SimulatedCard::open("hash-uart").unwrap()));
}

#[test]
fn axi_top_over_tcp_and_a_unix_socket() {
    serve("tcp:127.0.0.1:0", Box::new(SimulatedCard::open("").unwrap()));
    let dir = tempfile::tempdir().unwrap();
    let address = format!("unix:{}", dir.path().join("card").display());
    serve(&address, Box::new(SimulatedCard::open("").unwrap()));
}

#[test]
fn a_second_client_waits_for_the_first() {
    let server = Server::start(Box::new(ModelCard::default()), "tcp:127.0.0.1:0").unwrap();
    let first = Registry::new().open(server.device()).unwrap();
    let name = server.device().to_owned();
    let second = std::thread::spawn(move || hash_abc(&Registry::new().open(&name).unwrap()));
    hash_abc(&first);
    drop(first);
    second.join().unwrap();
    server.stop().unwrap();
}

#[test]
fn wrong_addresses_are_refused() {
    for address in ["", "tcp", "tcp:", "tcp:nowhere", "unix:", "unix:/no/such/dir/card", "udp:1"] {
        let error = Server::start(Box::new(ModelCard::default()), address).unwrap_err();
        assert!(matches!(error, SimError::Serve { .. }), "{address}: {error}");
    }
}
