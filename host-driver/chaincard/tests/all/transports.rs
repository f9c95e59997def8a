//! Every transport against the card in memory, served over the real thing: TCP, Unix sockets,
//! a pseudo-terminal, and FIFOs in the place of XDMA devices.
#![cfg(unix)]

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

use crate::common::{Fake, FakeCard, messages, oracle};
use chaincard::transport::{SerialTransport, SocketTransport, XdmaTransport};
use chaincard::{
    Accelerator, Card, CardConfig, Device, DeviceError, DeviceKind, HashAlgorithm, Messages,
    OpenError, Registry, Transport, TransportError,
};
use serialport::SerialPort;

/// The card is another thread's, which may have to wait for a processor.
fn patient() -> CardConfig {
    CardConfig::for_socket()
}

/// Serves `card` until the other side is gone.
fn serve(card: &mut FakeCard, mut from: impl Read, mut to: impl Write) {
    let mut buffer = [0; 4096];
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::TimedOut => continue,
            Err(_) => return,
        };
        if card.send(&buffer[..count], deadline).is_err() {
            return;
        }
        while let Ok(count) = card.receive_all(&mut buffer) {
            if to.write_all(&buffer[..count]).is_err() {
                return;
            }
        }
    }
}

fn check(device: &dyn Device) -> Result<(), DeviceError> {
    for algorithm in HashAlgorithm::ALL {
        let batch = messages(31, 200, 400);
        let slices: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
        let mut digests = vec![0; slices.len() * algorithm.digest_len()];
        device.hash(algorithm, &Messages::Slices(&slices), &mut digests)?;
        for (message, digest) in batch.iter().zip(digests.chunks(algorithm.digest_len())) {
            assert_eq!(digest, oracle(algorithm, message));
        }
    }
    Ok(())
}

fn card(receive_buffer: u32) -> FakeCard {
    FakeCard::new(Fake { receive_buffer, max_items: 64, ..Fake::default() }).0
}

#[test]
fn tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            serve(&mut card(0), &stream, &stream);
        }
    });
    let device = Registry::new().open(&format!("tcp:{address}")).unwrap();
    check(&*device).unwrap();
    assert!(device.description().contains(&address));
}

#[test]
fn a_server_that_dies_is_an_error_and_its_return_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card");
    let alive = Arc::new(AtomicBool::new(true));
    let listener = UnixListener::bind(&path).unwrap();
    let server_alive = Arc::clone(&alive);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if server_alive.load(SeqCst) {
                let (mut fake, control) = FakeCard::new(Fake::default());
                // Dies in the middle of a batch, once.
                let die = server_alive.clone();
                std::thread::spawn(move || {
                    while die.load(SeqCst) {
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    control.closed.store(true, SeqCst);
                });
                serve(&mut fake, &stream, &stream);
            }
        }
    });
    let device = Registry::new().open(&format!("unix:{}", path.display())).unwrap();
    check(&*device).unwrap();
    alive.store(false, SeqCst);
    std::thread::sleep(Duration::from_millis(20));
    let error = check(&*device).unwrap_err();
    assert!(
        matches!(error, DeviceError::Transport { source: TransportError::Closed, .. }),
        "{error:?}"
    );
    alive.store(true, SeqCst);
    check(&*device).unwrap();
}

/// The other side writes all the time and reads only when its writing is done: sending must
/// read meanwhile, or both wait for ever.
#[test]
fn sending_does_not_wait_for_a_peer_that_sends() {
    const MUCH: usize = 8 << 20;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card");
    let listener = UnixListener::bind(&path).unwrap();
    let peer = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(&vec![1; MUCH]).unwrap();
        let mut got = vec![0; MUCH];
        stream.read_exact(&mut got).unwrap();
        got
    });
    let mut transport = SocketTransport::unix(&path).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    transport.send(&vec![2; MUCH], deadline).unwrap();
    let (mut received, mut buffer) = (0, vec![0; 1 << 16]);
    while received < MUCH {
        received += transport.receive(&mut buffer, deadline).unwrap();
    }
    assert_eq!(peer.join().unwrap(), vec![2; MUCH]);
}

#[test]
fn deadlines_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card");
    let _listener = UnixListener::bind(&path).unwrap();
    let mut transport = SocketTransport::unix(&path).unwrap();
    let soon = || Instant::now() + Duration::from_millis(20);
    let mut buffer = [0; 10];
    assert!(matches!(transport.receive(&mut buffer, soon()), Err(TransportError::Timeout)));
    let past = Instant::now();
    assert!(matches!(transport.receive(&mut buffer, past), Err(TransportError::Timeout)));
    // Nobody reads: the buffers of the system fill up.
    assert!(matches!(transport.send(&vec![0; 8 << 20], soon()), Err(TransportError::Timeout)));
}

#[test]
fn serial_over_a_pseudo_terminal() {
    let (mut master, slave) = serialport::TTYPort::pair().unwrap();
    let path = slave.name().unwrap();
    master.set_timeout(Duration::from_millis(50)).unwrap();
    let mut reader = master.try_clone_native().unwrap();
    reader.set_timeout(Duration::from_millis(50)).unwrap();
    std::thread::spawn(move || serve(&mut card(2048), reader, master));
    drop(slave);
    let transport = SerialTransport::open(&path, 3_000_000).unwrap();
    assert!(transport.description().contains("3000000 baud"));
    let device = Card::open("pty", DeviceKind::Card, Box::new(transport), patient()).unwrap();
    check(&device).unwrap();
}

fn fifos(prefix: &Path) {
    for suffix in ["_h2c_0", "_c2h_0"] {
        let path = format!("{}{suffix}", prefix.display());
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }
}

fn fifo(prefix: &Path, suffix: &str, options: &OpenOptions) -> File {
    options.open(PathBuf::from(format!("{}{suffix}", prefix.display()))).unwrap()
}

#[test]
fn xdma_over_fifos() {
    let folder = tempfile::tempdir().unwrap();
    let prefix = folder.path().join("xdma0");
    fifos(&prefix);
    let served = prefix.clone();
    let server = std::thread::spawn(move || {
        let from = fifo(&served, "_h2c_0", OpenOptions::new().read(true));
        let to = fifo(&served, "_c2h_0", OpenOptions::new().write(true));
        serve(&mut card(0), from, to);
    });
    let transport = XdmaTransport::with_prefix(&prefix).unwrap();
    let device = Card::open("xdma", DeviceKind::Card, Box::new(transport), patient()).unwrap();
    check(&device).unwrap();
    drop(device);
    server.join().unwrap();
}

#[test]
fn xdma_notices_that_the_device_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let prefix = folder.path().join("xdma0");
    fifos(&prefix);
    let served = prefix.clone();
    let server = std::thread::spawn(move || {
        let _from = fifo(&served, "_h2c_0", OpenOptions::new().read(true));
        let _to = fifo(&served, "_c2h_0", OpenOptions::new().write(true));
    });
    let mut transport = XdmaTransport::with_prefix(&prefix).unwrap();
    server.join().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let outcome = transport.receive(&mut [0; 10], deadline);
    assert!(matches!(outcome, Err(TransportError::Closed)), "{outcome:?}");
}

#[test]
fn bad_names_say_what_is_valid() {
    let registry = Registry::new().with_scheme(
        "sim",
        "sim[:IMAGE]",
        "card in simulation",
        DeviceKind::Simulated,
        |image| match image {
            "" => Ok(Box::new(card(0))),
            _ => Err("no such image".into()),
        },
    );
    for name in [
        "",
        ":",
        "gpu",
        "cpu:",
        "cpu:0",
        "cpu:x",
        "serial",
        "serial:",
        "serial:/dev/x@fast",
        "serial:@9600",
        "serial:/dev/x@0",
        "tcp:",
        "tcp:host",
        "tcp:host:port",
        "tcp:host:99999",
        "unix",
        "unix:",
        "xdma",
        "xdma:",
        "xdma:one",
        "xdma:-1",
        "CPU",
    ] {
        let error = registry.open(name).err().unwrap_or_else(|| panic!("{name:?} opened"));
        assert!(matches!(error, OpenError::Name { .. }), "{name:?}: {error}");
        let text = error.to_string();
        for valid in ["auto", "cpu[:THREADS]", "sim[:IMAGE]", "serial:PATH[@BAUD]", "xdma:N"] {
            assert!(text.contains(valid), "{text}");
        }
    }
    for name in ["unix:/no/such/socket", "serial:/no/such/port", "tcp:127.0.0.1:1", "xdma:4000"] {
        let error = registry.open(name).err().unwrap();
        assert!(matches!(error, OpenError::Transport { .. }), "{name:?}: {error}");
    }
    assert!(matches!(registry.open("sim:other"), Err(OpenError::Scheme { .. })));
    let device = registry.open("sim").unwrap();
    assert_eq!((device.name(), device.kind()), ("sim", DeviceKind::Simulated));
    check(&*device).unwrap();
    assert!(registry.list().iter().any(|listed| listed.name == "sim"));
    assert_eq!(registry.list()[0].name, "cpu");
    let accelerator = Accelerator::builder().registry(registry).name("sim").build().unwrap();
    assert_eq!(accelerator.devices().len(), 2);
}

#[test]
fn auto_is_always_there() {
    let device = Registry::new().open_auto_of("nonsense, unix:/no/such/socket,, cpu:3 ,cpu:2");
    assert_eq!(device.name(), "cpu:3");
}
