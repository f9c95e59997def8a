//! The program: configuration file, signals, exit codes.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use chaincard_cita::proto::crypto::HashDataRequest;
use chaincard_cita::proto::crypto::crypto_service_client::CryptoServiceClient;
use chaincard_reference::sm3::sm3;

use crate::common::{config, runtime};

const PROGRAM: &str = env!("CARGO_BIN_EXE_chaincard-cita");

#[test]
fn it_serves_until_it_is_told_to_end() {
    let folder = tempfile::tempdir().unwrap();
    config(folder.path(), "\"cpu:1\"", "");
    let mut child = Command::new(PROGRAM)
        .arg("--config")
        .arg(folder.path().join("cita.toml"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().replace("grpc://", "http://");
    runtime().block_on(async {
        let mut client = CryptoServiceClient::connect(address).await.unwrap();
        let answer = client.hash_data(HashDataRequest { data: vec![1, 2] }).await.unwrap();
        assert_eq!(answer.into_inner().hash.unwrap().hash, sm3(&[1, 2]));
        // A client that stays connected does not keep it from ending.
        let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        assert!(killed.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(0));
    });
}

#[test]
fn what_is_wrong_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cita.toml");
    std::fs::write(&file, "devices = [\"cpu\"]\n[service]\nkey = 1\n").unwrap();
    let output = Command::new(PROGRAM).arg("--config").arg(&file).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), text.lines().count()), (Some(2), 1), "{text}");
    assert!(text.contains("cita.toml:3: key: unknown field"), "{text}");
}
