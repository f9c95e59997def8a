//! Metrics, health and status over HTTP.

use std::collections::HashMap;
use std::sync::Arc;

use chaincard::{HashAlgorithm, Messages};
use chaincard_service::{Host, ServiceError, watch};
use chaincard_sim::Server;
use chaincard_sim::card::ModelCard;

use crate::common::{accelerator, listen, unix, wait_until};

/// Status code and body.
pub(crate) fn get(host: &Host, path: &str) -> (u16, String) {
    let url = format!("http://{}{path}", host.http().expect("an address"));
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    let mut response = ureq::Agent::from(config).get(&url).call().expect("an answer");
    (response.status().as_u16(), response.body_mut().read_to_string().expect("text"))
}

/// Samples of the text format: `name{labels}` and value.
pub(crate) fn samples(text: &str) -> HashMap<&str, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').expect("a sample");
            (name, value.parse().expect("a number"))
        })
        .collect()
}

#[test]
fn metrics_say_what_was_done() {
    let host = Host::start(accelerator(&["cpu:1"]), &listen("")).unwrap();
    let (first, second) = ([7; 5000], [8; 3000]);
    for _ in 0..3 {
        let batch = Messages::Slices(&[&first, &second]);
        host.accelerator().hash_many(HashAlgorithm::Sm3, &batch).unwrap();
    }
    let (code, text) = get(&host, "/metrics");
    assert_eq!(code, 200);
    assert!(text.ends_with("# EOF\n"), "{text}");
    let samples = samples(&text);
    let labels = "device=\"cpu:1\",operation=\"hash-sm3\"";
    for (name, value) in [
        ("jobs_total", 3.0),
        ("items_total", 6.0),
        ("bytes_total", 24_000.0),
        ("device_call_errors_total", 0.0),
        ("fallbacks_total", 0.0),
        ("batch_items_count", 3.0),
        ("batch_items_sum", 6.0),
        ("call_seconds_count", 3.0),
    ] {
        assert_eq!(samples[format!("chaincard_{name}{{{labels}}}").as_str()], value, "{name}");
    }
    let bucket = |bound| format!("chaincard_batch_items_bucket{{le=\"{bound}\",{labels}}}");
    assert_eq!(samples[bucket("1.0").as_str()], 0.0);
    assert_eq!(samples[bucket("4.0").as_str()], 3.0);
    assert_eq!(samples[bucket("+Inf").as_str()], 3.0);
    assert!(samples[format!("chaincard_call_seconds_sum{{{labels}}}").as_str()] > 0.0);
    for (name, value) in [("in_service", 1.0), ("self_test_passed", 1.0), ("outages_total", 0.0)] {
        assert_eq!(samples[format!("chaincard_{name}{{device=\"cpu:1\"}}").as_str()], value);
    }
    assert_eq!(samples["chaincard_queue_jobs{operation=\"verify-sm2\"}"], 0.0);
    assert!(!text.contains("operation=\"msm-bn254\",device"), "{text}");
    assert_eq!(get(&host, "/healthz"), (200, "ok\n".to_owned()));
    assert_eq!(get(&host, "/nothing").0, 404);
}

#[test]
fn health_knows_degraded_and_out_of_service() {
    let folder = tempfile::tempdir().unwrap();
    let path = unix(&folder.path().join("card"));
    let card = Server::start(Box::new(ModelCard::default()), &path).unwrap();
    let behind_cpu = Host::start(accelerator(&[&path]), &listen("")).unwrap();
    drop(card);
    let ask = |host: &Host| {
        let batch = Messages::Slices(&[b"abc"]);
        host.accelerator().hash_many(HashAlgorithm::Sha256, &batch).map(|_| ())
    };
    ask(&behind_cpu).unwrap();
    assert_eq!(get(&behind_cpu, "/healthz"), (200, "degraded\n".to_owned()));
    let status = watch::ask(&behind_cpu.http().unwrap().to_string()).unwrap();
    assert!(!status.devices[0].in_service && status.devices[1].in_service, "{status:?}");
    assert!(status.table(None).contains("OUT OF SERVICE"));
    drop(behind_cpu);

    let card = Server::start(Box::new(ModelCard::default()), &path).unwrap();
    let policy = chaincard::Policy::without_fallback();
    let alone = chaincard::Accelerator::builder().policy(policy).name(&path).build().unwrap();
    let alone = Host::start(alone, &listen("")).unwrap();
    drop(card);
    ask(&alone).unwrap_err();
    assert_eq!(get(&alone, "/healthz").0, 503);
}

#[test]
fn a_port_in_use_is_one_clear_message() {
    let first = Host::start(accelerator(&["cpu:1"]), &listen("")).unwrap();
    let mut taken = listen("");
    taken.http = first.http().unwrap().to_string();
    let error = Host::start(accelerator(&["cpu:1"]), &taken).unwrap_err();
    assert!(matches!(error, ServiceError::Listen { key: "listen.http", .. }));
    let text = error.to_string();
    assert!(text.contains(&taken.http) && text.contains("choose another address"), "{text}");
    taken.http = "9464".to_owned();
    let error = Host::start(accelerator(&["cpu:1"]), &taken).unwrap_err();
    assert!(error.to_string().contains("HOST:PORT"), "{error}");
}

#[test]
fn nothing_is_left_after_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card");
    let host = Host::start(accelerator(&["cpu:1"]), &listen(&unix(&path))).unwrap();
    let client = chaincard::Registry::new().open(&unix(&path)).unwrap();
    let (accelerator, address) = (Arc::clone(host.accelerator()), host.http().unwrap());
    host.stop();
    assert!(Arc::into_inner(accelerator).is_some(), "somebody still has the accelerator");
    assert!(!path.exists());
    assert!(std::net::TcpStream::connect(address).is_err());
    wait_until("the client notices", || {
        client.hash(HashAlgorithm::Sm3, &Messages::Slices(&[b"abc"]), &mut [0; 32]).is_err()
    });
    let error = watch::ask(&address.to_string()).unwrap_err();
    assert!(error.to_string().contains("see that `chaincard serve` runs"), "{error}");
}
