//! Two cards behind one queue, one of which is unplugged and plugged in again while work runs.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};

use chaincard::{Accelerator, HashAlgorithm, Messages};
use chaincard_service::Host;
use chaincard_sim::Server;
use chaincard_sim::card::ModelCard;

use crate::common::{accelerator, listen, unix, wait_until};
use crate::http::{get, samples};

#[test]
fn a_card_is_unplugged_and_plugged_in_again_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| unix(&folder.path().join(name));
    let plug = |name| Server::start(Box::new(ModelCard::default()), &path(name)).unwrap();
    let first = plug("first");
    let mut second = Some(plug("second"));
    let cards = accelerator(&[&path("first"), &path("second")]);
    let host = Host::start(cards, &listen(&path("host"))).unwrap();

    let (done, answered) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for client in 0..4u64 {
            let (done, answered, address) = (&done, &answered, path("host"));
            scope.spawn(move || {
                // Clients come through the host's card: its answers are all that they know.
                let policy = chaincard::Policy::without_fallback();
                let remote = Accelerator::builder().policy(policy).name(&address);
                let remote = remote.build().unwrap();
                for round in 0u64.. {
                    if done.load(SeqCst) {
                        return;
                    }
                    let messages: Vec<[u8; 16]> = (0..8u64)
                        .map(|i| {
                            (u128::from(client) << 96 | u128::from(round * 8 + i)).to_be_bytes()
                        })
                        .collect();
                    let slices: Vec<&[u8]> = messages.iter().map(<[u8; 16]>::as_slice).collect();
                    let batch = Messages::Slices(&slices);
                    let digests = remote.hash_many(HashAlgorithm::Sm3, &batch).unwrap();
                    for (message, digest) in messages.iter().zip(digests.iter()) {
                        assert_eq!(digest, chaincard_reference::sm3::sm3(message));
                    }
                    answered.fetch_add(8, SeqCst);
                }
            });
        }
        // Whatever fails here, the clients come to their end.
        let _end = End(&done);
        let device = |name| {
            let metrics = host.accelerator().metrics();
            metrics.devices.into_iter().find(|device| device.name == path(name)).unwrap()
        };
        let progress = |what: &str| {
            let before = answered.load(SeqCst);
            wait_until(what, || answered.load(SeqCst) > before + 400);
        };
        let metric = |name: &str| {
            let text = get(&host, "/metrics").1;
            samples(&text)[format!("chaincard_{name}{{device=\"{}\"}}", path("second")).as_str()]
        };
        let sm3 = chaincard::Operation::Hash(HashAlgorithm::Sm3).index();
        wait_until("both cards work", || {
            ["first", "second"].iter().all(|name| device(name).operations[sm3].1.items > 0)
        });
        for outage in 1..=2 {
            drop(second.take());
            wait_until("the outage is seen", || metric("in_service") == 0.0);
            progress("work goes on without the card");
            assert!(metric("outages_total") >= f64::from(outage));
            assert!(metric("link_errors_total") >= f64::from(outage));
            assert_eq!(get(&host, "/healthz"), (200, "degraded\n".to_owned()));
            second = Some(plug("second"));
            wait_until("the return is seen", || metric("in_service") == 1.0);
            assert_eq!(metric("self_test_passed"), 1.0);
            let before = device("second").operations[sm3].1.items;
            wait_until("it works again", || device("second").operations[sm3].1.items > before);
        }
        assert_eq!(get(&host, "/healthz"), (200, "ok\n".to_owned()));
    });
    let metrics = host.accelerator().metrics();
    assert_eq!((metrics.failed_jobs, metrics.devices[0].outages), (0, 0));
    assert_eq!(metrics.devices[1].disagreements, 0);
    host.stop();
    drop((first, second));
}

/// Lets the clients end.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

#[test]
fn what_nobody_can_answer_is_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| unix(&folder.path().join(name));
    let model = ModelCard::with_signatures(None);
    let card = Server::start(Box::new(model), &path("only")).unwrap();
    let policy = chaincard::Policy::without_fallback();
    let alone = Accelerator::builder().policy(policy).name(&path("only")).build().unwrap();
    let host = Host::start(alone, &listen(&path("host"))).unwrap();
    let remote = chaincard::Registry::new().open(&path("host")).unwrap();
    drop(card);
    let hashed = remote.hash(HashAlgorithm::Sm3, &Messages::Slices(&[b"abc"]), &mut [0; 32]);
    let item = chaincard::Item {
        r: [1; 32],
        s: [1; 32],
        key: chaincard::Key::Edwards([1; 32]),
        message: b"vote",
    };
    let plan = chaincard::Plan::new(chaincard::Profile::Zip215, chaincard::Hashing::Message);
    let verified = remote.verify(&plan, &[item], &mut [chaincard::Verdict::Invalid]);
    for answer in [hashed, verified] {
        let error = answer.unwrap_err();
        assert!(
            matches!(
                error,
                chaincard::DeviceError::Protocol {
                    source: chaincard::ProtocolError::EngineTimeout,
                    ..
                }
            ),
            "{error:?}"
        );
    }
    assert!(host.accelerator().metrics().failed_jobs >= 2);
}
