//! `chaincard serve` and `chaincard devices --watch`.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::program::{Run, chaincard};

/// A running `chaincard serve`.
struct Served {
    child: Child,
    http: String,
    card: String,
}

impl Served {
    fn start(folder: &Path) -> Self {
        let card = format!("unix:{}", folder.join("card").display());
        let config = folder.join("card.toml");
        let text = format!(
            "devices = [\"cpu:1\"]\n[listen]\nhttp = \"127.0.0.1:0\"\ncards = [{card:?}]\n\
             [log]\nformat = \"json\"\n"
        );
        std::fs::write(&config, text).expect("written");
        let mut child = Command::new(env!("CARGO_BIN_EXE_chaincard"))
            .args(["serve", "--config"])
            .arg(&config)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let mut lines = lines.map(|line| line.expect("text"));
        let metrics = lines.next().expect("the metrics' address");
        let http = metrics.trim_start_matches("http://").trim_end_matches("/metrics").to_owned();
        assert_eq!(lines.next().as_deref(), Some(card.as_str()));
        Self { child, http, card }
    }

    /// Sends a signal and gives exit code and log.
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().expect("kill runs");
        assert!(sent.success());
        let mut log = String::new();
        self.child.stderr.take().expect("a pipe").read_to_string(&mut log).expect("text");
        (self.child.wait().expect("it ends").code(), log)
    }
}

#[test]
fn a_card_host_works_and_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    for signal in ["-TERM", "-INT"] {
        let served = Served::start(folder.path());
        let file = folder.path().join("abc");
        std::fs::write(&file, "abc").expect("written");
        let arguments = ["--device", &served.card, "--no-fallback", "hash", "--algorithm", "sm3"];
        let run = chaincard(&[&arguments[..], &[file.to_str().expect("text")]].concat()).expect(0);
        // GB/T 32905, example 1.
        let digest = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert!(run.stdout.contains(digest), "{}", run.stdout);

        let watch = ["devices", "--watch", "--interval", "0.01", "--count", "3", "--from"];
        let Run { stdout, .. } = chaincard(&[&watch[..], &[&served.http]].concat()).expect(0);
        assert_eq!(stdout.matches("in service").count(), 3, "{stdout}");
        assert!(stdout.contains("hash-sm3") && stdout.contains("/s"), "{stdout}");
        let json = chaincard(&[&watch[..], &[&served.http, "--json"]].concat()).expect(0).stdout;
        for line in json.lines() {
            let status: serde_json::Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(status["devices"][0]["self_test"], "passed", "{line}");
        }
        assert_eq!(json.lines().count(), 3);

        let (http, card) = (served.http.clone(), folder.path().join("card"));
        let (code, log) = served.end(signal);
        assert_eq!(code, Some(0), "{log}");
        for line in log.lines() {
            serde_json::from_str::<serde_json::Value>(line).expect("JSON");
        }
        assert!(log.contains("stopped"), "{log}");
        assert!(!card.exists());
        let run = chaincard(&[&watch[..], &[&http]].concat()).expect(3);
        assert!(run.stderr.contains("see that `chaincard serve` runs"), "{}", run.stderr);
    }
}

#[test]
fn a_device_is_watched_without_a_host() {
    let run = chaincard(&["-d", "cpu:1", "devices", "--watch", "--count", "1"]).expect(0);
    assert!(run.stdout.contains("cpu:1") && run.stdout.contains("in service"), "{}", run.stdout);
    chaincard(&["devices", "--from", "127.0.0.1:1"]).expect(2);
    chaincard(&["devices", "--watch", "--interval", "0"]).expect(2);
}

#[test]
fn bad_configurations_are_one_clear_message() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");

    let port = taken.local_addr().expect("an address").port();
    let file = folder.path().join("card.toml");
    for (content, code, parts) in [
        ("devices = [\"gpu\"]", 2, &["card.toml: devices: ", "valid names"][..]),
        ("devices = [\"unix:/no/such/card\"]", 3, &["devices: ", "plugged in"]),
        ("devices = [\"cpu\"]\n[polcy]", 2, &["card.toml:2", "polcy", "expected"]),
        (
            &format!("devices = [\"cpu:1\"]\n[listen]\nhttp = \"127.0.0.1:{port}\""),
            2,
            &["listen.http", "choose another address"],
        ),
        ("devices = [\"cpu:1\"]\n[listen]\ncards = [\"x\"]", 2, &["listen.cards", "unix:PATH"]),
    ] {
        std::fs::write(&file, content).expect("written");
        let run = chaincard(&["serve", "--config", file.to_str().expect("text")]).expect(code);
        for part in parts {
            assert!(run.stderr.contains(part), "{content}: {}", run.stderr);
        }
        assert_eq!(run.stderr.lines().filter(|line| line.starts_with("chaincard: ")).count(), 1);
    }
    let run = chaincard(&["serve", "--config", "/no/such/file"]).expect(2);
    assert!(run.stderr.contains("/no/such/file: cannot read"), "{}", run.stderr);
    chaincard(&["serve"]).expect(2);
}
