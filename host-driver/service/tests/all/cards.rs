//! Served cards: answers, several clients, what is no request.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use chaincard::verify::{Hashing, Profile};
use chaincard::{Accelerator, HashAlgorithm, Messages, Registry, Scheme, Verdict};
use chaincard_protocol::encode::{self, Limits};
use chaincard_protocol::request::VerifyRequest;
use chaincard_protocol::verify::{
    KEY_COMPRESSED, KEY_ODD, MAX_USER_ID, RECOVERY_ODD, VerifyItem, VerifyParam,
};
use chaincard_protocol::{Event, FrameReader, Header, Register, Reject, frame, reply, request};
use chaincard_reference::cases;
use chaincard_reference::verify as model;
use chaincard_service::{Host, ServiceError};

use crate::common::{accelerator, listen, unix};

/// Most items in a frame.
const MAX_ITEMS: usize = 2048;

fn messages() -> Vec<Vec<u8>> {
    (0..300usize).map(|len| (0..len).map(|i| (i * 7 + len) as u8).collect()).collect()
}

#[test]
fn digests_over_tcp_and_a_unix_socket() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["tcp:127.0.0.1:0".to_owned(), unix(&folder.path().join("card"))] {
        let host = Host::start(accelerator(&["cpu:1"]), &listen(&address)).unwrap();
        // Opening it runs the known-answer tests, signatures included.
        let device = Registry::new().open(&host.cards()[0]).unwrap();
        assert_eq!(device.capabilities().verifies.len(), Scheme::ALL.len());
        assert!(device.capabilities().recovers);
        let messages = messages();
        let slices: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
        let mut digests = vec![0; 32 * slices.len()];
        device.hash(HashAlgorithm::Sm3, &Messages::Slices(&slices), &mut digests).unwrap();
        for (message, digest) in messages.iter().zip(digests.chunks(32)) {
            assert_eq!(digest, chaincard_reference::sm3::sm3(message));
        }
        host.stop();
        assert!(Registry::new().open(device.name()).is_err());
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn many_clients_share_the_queue() {
    let folder = tempfile::tempdir().unwrap();
    let address = unix(&folder.path().join("card"));
    let host = Host::start(accelerator(&["cpu:1"]), &listen(&address)).unwrap();
    std::thread::scope(|scope| {
        for client in 0..8u8 {
            let address = &address;
            scope.spawn(move || {
                let device = Accelerator::open(address).unwrap();
                for round in 0..40u8 {
                    let message = [client, round];
                    let batch = Messages::Slices(&[&message]);
                    let answer = device.answer(HashAlgorithm::Sha256, &batch).unwrap();
                    assert_eq!(&*answer.outcome.device, address);
                    let right = chaincard_reference::sha256::sha256(&message);
                    assert_eq!(answer.digests.as_bytes(), right);
                }
            });
        }
    });
    let jobs = host.accelerator().metrics().devices[0].operations[0].1.jobs;
    assert!(jobs >= 8 * 40, "{jobs}");
}

/// A client at the level of frames.
struct Wire(UnixStream, FrameReader<Vec<u8>>);

impl Wire {
    fn open(address: &str) -> Self {
        let stream = UnixStream::connect(address.trim_start_matches("unix:")).unwrap();
        Self(stream, FrameReader::new(vec![0; 1 << 20]))
    }

    /// Sends bytes and takes the next frame.
    fn ask<T>(&mut self, bytes: &[u8], take: impl FnOnce(chaincard_protocol::Frame<'_>) -> T) -> T {
        self.0.write_all(bytes).unwrap();
        let mut byte = [0];
        loop {
            self.0.read_exact(&mut byte).unwrap();
            match self.1.feed(&byte).1 {
                None => {}
                Some(Event::Frame(frame)) => return take(frame),
                Some(Event::Broken(error)) => panic!("{error}"),
            }
        }
    }
}

/// A case as it stands in a request; `None` for a user id that has no place there.
fn on_wire(case: &model::Case) -> Option<VerifyItem<'_>> {
    let (flags, x, y) = match case.key {
        model::Key::Point { x, y } => (0, x, y),
        model::Key::Compressed { x, odd } => {
            (KEY_COMPRESSED | if odd { KEY_ODD } else { 0 }, x, [0; 32])
        }
        model::Key::Edwards(a) => (0, a, [0; 32]),
        model::Key::Recover(id) => (u32::from(id) * RECOVERY_ODD, [0; 32], [0; 32]),
    };
    let (r, s, user_id, message) = (case.r, case.s, &case.user_id[..], &case.message[..]);
    let item = VerifyItem { flags: flags as u8, r, s, x, y, user_id, message };
    (user_id.len() <= MAX_USER_ID).then_some(item)
}

/// Corners and random signatures of every profile, at the level of frames: user ids and forms of
/// keys differ within a frame.
#[test]
fn verdicts_of_every_profile_are_those_of_the_models() {
    let folder = tempfile::tempdir().unwrap();
    let address = unix(&folder.path().join("card"));
    let _host = Host::start(accelerator(&["cpu:1"]), &listen(&address)).unwrap();
    let mut wire = Wire::open(&address);
    let mut checked = 0;
    for profile in Profile::ALL {
        let of = model::Profile::ALL[usize::from(profile.code())];
        let mut all = cases::corners(of);
        all.extend(cases::random(of, 0xCA2D, 40));
        for hashing in Hashing::ALL {
            let group = all.iter().filter(|expected| {
                expected.case.hashing as u16 == hashing.code()
                    && !matches!(expected.case.key, model::Key::Recover(_))
            });
            let group: Vec<_> =
                group.filter_map(|it| Some((on_wire(&it.case)?, it.verdict))).collect();
            let param = VerifyParam { profile, hashing };
            for group in group.chunks(MAX_ITEMS) {
                let mut bytes = Vec::new();
                let mut writer =
                    VerifyRequest::verify(&mut bytes, 9, param, Limits::FORMAT).unwrap();
                group.iter().for_each(|(item, _)| writer.push(item).unwrap());
                writer.finish();
                let verdicts: Vec<_> = wire.ask(&bytes, |frame| {
                    reply::verify(frame, param, group.len() as u16).unwrap().collect()
                });
                for (verdict, (item, right)) in verdicts.into_iter().zip(group) {
                    let right = Ok(Verdict::from_code(*right as u8).unwrap());
                    assert_eq!(verdict, right, "{profile:?} {hashing:?} {item:?}");
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 1000, "{checked}");
}

#[test]
fn recovered_keys_are_those_of_the_models() {
    let folder = tempfile::tempdir().unwrap();
    let address = unix(&folder.path().join("card"));
    let _host = Host::start(accelerator(&["cpu:1"]), &listen(&address)).unwrap();
    let mut wire = Wire::open(&address);
    let mut all = cases::recovery_corners(model::Profile::Ethereum);
    all.extend(cases::random_recovery(model::Profile::Ethereum, 0xCA2D, 40));
    for hashing in Hashing::ALL {
        let group: Vec<_> =
            all.iter().filter(|it| it.case.hashing as u16 == hashing.code()).collect();
        if group.is_empty() {
            continue;
        }
        let param = VerifyParam { profile: Profile::Ethereum, hashing };
        let mut bytes = Vec::new();
        let mut writer = VerifyRequest::recover(&mut bytes, 9, param, Limits::FORMAT).unwrap();
        group.iter().for_each(|it| writer.push(&on_wire(&it.case).unwrap()).unwrap());
        writer.finish();
        let keys: Vec<_> = wire.ask(&bytes, |frame| {
            let answers = reply::recover(frame, param, group.len() as u16).unwrap();
            answers.map(|answer| answer.map(|(verdict, key)| (verdict, *key))).collect()
        });
        for (found, it) in keys.into_iter().zip(group) {
            let right = model::recover(&it.case);
            let verdict = Verdict::from_code(right.verdict as u8).unwrap();
            assert_eq!(found, Ok((verdict, right.key)), "{:?}", it.case);
        }
    }
}

#[test]
fn what_is_no_request_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let address = unix(&folder.path().join("card"));
    let host = Host::start(accelerator(&["cpu:1"]), &listen(&address)).unwrap();
    let mut wire = Wire::open(&address);
    let refused = |frame: chaincard_protocol::Frame<'_>| {
        assert_eq!(frame.header.opcode, frame::Opcode::Error.code());
        Reject::from_code(frame.header.param)
    };
    let header = |opcode: u8, param, items, payload_len| Header {
        opcode,
        tag: 5,
        param,
        items,
        payload_len,
    };
    let hash = frame::Opcode::Hash.code();
    for (header, payload, reject) in [
        (header(0x77, 0, 0, 0), &[][..], Reject::Opcode),
        (header(hash, 99, 0, 0), &[], Reject::Param),
        (header(hash, 0, 2, 4), &[0; 4], Reject::Length),
        (header(hash, 0, u16::MAX, 0), &[], Reject::TooManyItems),
    ] {
        let mut bytes = Vec::new();
        encode::frame(&mut bytes, header, payload);
        assert_eq!(wire.ask(&bytes, refused), Some(reject), "{header:?}");
    }
    // A payload that was damaged on the way, and one that is longer than the card takes.
    let mut bytes = Vec::new();
    encode::frame(&mut bytes, header(hash, 0, 1, 4), &[0; 4]);
    *bytes.last_mut().unwrap() ^= 1;
    assert_eq!(wire.ask(&bytes, refused), Some(Reject::PayloadCrc));
    let long = header(hash, 0, 1, 1 << 24).encode();
    assert_eq!(wire.ask(&long, refused), Some(Reject::Length));
    // The connection is as good as before, and has counted.
    let mut bytes = Vec::new();
    let registers = [Register::Rejects, Register::PayloadCrcErrors, Register::Scratch];
    request::write_registers(&mut bytes, 1, &[(Register::Scratch, 7)]).unwrap();
    wire.ask(&bytes, |frame| reply::write_registers(frame).unwrap());
    bytes.clear();
    request::read_registers(&mut bytes, 2, &registers).unwrap();
    let values = wire.ask(&bytes, |frame| reply::read_registers(frame, 3).unwrap().to_vec());
    assert_eq!(values, [6u32, 1, 7].map(u32::to_le_bytes));
    // A client in the middle of a frame does not keep the host from ending.
    wire.0.write_all(&header(hash, 0, 1, 64).encode()).unwrap();
    host.stop();
}

#[test]
fn addresses_that_cannot_be_had() {
    let folder = tempfile::tempdir().unwrap();
    let address = unix(&folder.path().join("card"));
    let _host = Host::start(accelerator(&["cpu:1"]), &listen(&address)).unwrap();
    let start = |address: &str| Host::start(accelerator(&["cpu:1"]), &listen(address));
    let taken = start(&address).unwrap_err();
    assert!(taken.to_string().contains("another program listens there"), "{taken}");
    for address in ["", "udp:1", "unix:", "tcp:", "tcp:host"] {
        let error = start(address).map(Host::stop);
        match address {
            "" => error.unwrap(),
            _ => assert!(matches!(error, Err(ServiceError::Address { .. })), "{address}"),
        }
    }
    let nowhere = start("unix:/no/such/folder/card").unwrap_err();
    assert!(nowhere.to_string().contains("create the folder"), "{nowhere}");
    // What a killed host left behind is no obstacle; what is no socket is not touched.
    let stale = folder.path().join("stale");
    drop(std::os::unix::net::UnixListener::bind(&stale).unwrap());
    start(&unix(&stale)).unwrap().stop();
    let file = folder.path().join("file");
    std::fs::write(&file, "precious").unwrap();
    assert!(matches!(start(&unix(&file)).unwrap_err(), ServiceError::Listen { .. }));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
}
