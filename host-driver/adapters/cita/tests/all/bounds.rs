//! Back-pressure, the end, and what cannot be started.

use std::sync::{Arc, Condvar, Mutex};

use chaincard::{
    Accelerator, Capabilities, Cpu, Device, DeviceError, DeviceKind, HashAlgorithm, Messages,
    Policy, Report,
};
use chaincard_cita::Server;
use chaincard_cita::config::Config;
use chaincard_cita::proto::crypto::HashDataRequest;
use chaincard_reference::sm3::sm3;
use tonic::Code;

use crate::common::{client, config, runtime};

/// A device that answers only while its gate is open.
struct Gated {
    cpu: Cpu,
    capabilities: Capabilities,
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gated {
    fn set_open(&self, open: bool) {
        *self.is_open.lock().unwrap() = open;
        self.opened.notify_all();
    }
}

impl Device for Gated {
    fn name(&self) -> &str {
        "gated"
    }

    fn kind(&self) -> DeviceKind {
        DeviceKind::Card
    }

    fn description(&self) -> String {
        "gated".to_owned()
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn hash(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<Report, DeviceError> {
        let guard = self.is_open.lock().unwrap();
        drop(self.opened.wait_while(guard, |open| !*open).unwrap());
        self.cpu.hash(algorithm, messages, digests)
    }
}

/// A service on a gated device, for `calls` at once.
fn gated(folder: &std::path::Path, calls: usize) -> (Server, Arc<Gated>) {
    let device = Arc::new(Gated {
        cpu: Cpu::with_threads(1),
        capabilities: Capabilities { hashes: vec![HashAlgorithm::Sm3], ..Capabilities::default() },
        is_open: Mutex::new(true),
        opened: Condvar::new(),
    });
    let config = config(folder, "\"cpu:1\"", &format!("calls = {calls}"));
    let opened = Arc::clone(&device) as Arc<dyn Device>;
    let policy = Policy { cpu_threads: 1, ..Policy::default() };
    let server = Server::with_accelerator(&config, || {
        Ok(Accelerator::builder().device(opened).policy(policy).build().expect("it works"))
    });
    (server.unwrap(), device)
}

#[test]
fn calls_beyond_the_bound_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (server, device) = gated(folder.path(), 2);
    device.set_open(false);
    runtime().block_on(async {
        let client = client(&server).await;
        let ask = |byte: u8| {
            let mut client = client.clone();
            async move { client.hash_data(HashDataRequest { data: vec![byte] }).await }
        };
        let waiting = [tokio::spawn(ask(1)), tokio::spawn(ask(2))];
        // Sooner or later both are in; until then a third may be one of the two.
        let mut others = Vec::new();
        let refused = loop {
            let mut third = tokio::spawn(ask(3));
            tokio::select! {
                answer = &mut third => match answer.unwrap() {
                    Err(status) => break status,
                    Ok(_) => panic!("the gate is closed"),
                },
                () = tokio::time::sleep(std::time::Duration::from_millis(50)) => others.push(third),
            }
        };
        assert_eq!(refused.code(), Code::ResourceExhausted, "{refused:?}");
        device.set_open(true);
        let mut answered = 0;
        for (byte, call) in (1..).zip(waiting) {
            match call.await.unwrap() {
                Ok(answer) => {
                    assert_eq!(answer.into_inner().hash.unwrap().hash, sm3(&[byte]));
                    answered += 1;
                }
                Err(status) => assert_eq!(status.code(), Code::ResourceExhausted),
            }
        }
        for call in others {
            answered += usize::from(call.await.unwrap().is_ok());
        }
        assert_eq!(answered, 2);
        let again = ask(4).await.unwrap().into_inner();
        assert_eq!(again.hash.unwrap().hash, sm3(&[4]));
    });
    server.stop();
}

#[test]
fn the_end_answers_what_was_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (server, device) = gated(folder.path(), 8);
    device.set_open(false);
    let address = server.grpc();
    runtime().block_on(async {
        let client = client(&server).await;
        let mut asking = client.clone();
        let call =
            tokio::spawn(async move { asking.hash_data(HashDataRequest { data: vec![6] }).await });
        let accelerator = Arc::clone(server.host().accelerator());
        while accelerator.metrics().running == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        drop(accelerator);
        let stopping = tokio::task::spawn_blocking(move || server.stop());
        // New connections are refused as soon as the end has begun.
        while tokio::net::TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        device.set_open(true);
        let answer = call.await.unwrap().unwrap().into_inner();
        assert_eq!(answer.hash.unwrap().hash, sm3(&[6]));
        stopping.await.unwrap();
    });
}

#[test]
fn what_cannot_be_started_is_one_clear_message() {
    let folder = tempfile::tempdir().unwrap();
    let mut good = config(folder.path(), "\"cpu:1\"", "");
    let first = Server::start(&good).unwrap();
    good.listen.grpc = first.grpc().to_string();
    let text = Server::start(&good).unwrap_err().to_string();
    assert!(text.contains("listen.grpc") && text.contains("another program"), "{text}");
    good.listen.grpc = "127.0.0.1:0".to_owned();

    std::fs::write(folder.path().join("private_key"), "not a key at all").unwrap();
    let text = Server::start(&good).unwrap_err().to_string();
    assert!(text.contains("service.private_key") && !text.contains("at all"), "{text}");
    std::fs::remove_file(folder.path().join("private_key")).unwrap();
    let text = Server::start(&good).unwrap_err().to_string();
    assert!(text.contains("check path and permissions"), "{text}");

    let file = folder.path().join("bad.toml");
    for (content, part) in [
        ("devices = []", "missing field `service`"),
        ("devices = []\n[service]\nprivate_key = \"k\"\ncalls = 0", "service.calls"),
        ("devices = []\n[service]\nprivate_key = 1", "bad.toml:3: private_key"),
    ] {
        std::fs::write(&file, content).unwrap();
        let text = Config::load(&file).unwrap_err().to_string();
        assert!(text.contains(part), "{text}");
    }
}
