//! A C program that does what a FISCO BCOS node does; what it made is judged by other libraries.

use std::collections::HashMap;

use crate::common::{
    CODE, PASSWORD, STANDARD_KEY, SYMMETRIC, Setup, compile, hex, library, succeeded,
};
use chaincard_reference::curve::{Point, Sm2, combination, number, reduced};
use chaincard_reference::{sm2, sm3};

/// What the program printed: names and bytes.
struct Made<'a>(HashMap<&'a str, Vec<u8>>);

impl<'a> Made<'a> {
    fn of(text: &'a str) -> Self {
        let pairs = text.lines().filter_map(|line| line.split_once(' '));
        Self(pairs.map(|(name, bytes)| (name, hex::decode(bytes).unwrap())).collect())
    }

    fn get<const N: usize>(&self, name: &str) -> [u8; N] {
        self.0[name].as_slice().try_into().unwrap()
    }

    /// The public key NAME_x, NAME_y.
    fn key(&self, name: &str) -> Point<Sm2> {
        let coordinate = |part| number(&self.get(&format!("{name}_{part}"))).unwrap();
        let key = Point::<Sm2>::new_unchecked(coordinate("x"), coordinate("y"));
        assert!(key.is_on_curve());
        key
    }

    /// Whether the signature NAME_r, NAME_s is one of the message.
    fn is_signed(&self, name: &str, key: &Point<Sm2>, message: &[u8]) -> bool {
        let part = |part| number(&self.get(&format!("{name}_{part}"))).unwrap();
        let signature = sm2::Signature { r: part("r"), s: part("s") };
        let digest = sm2::digest(b"1234567812345678", key, message);
        sm2::verify(&signature, key, sm2::e(&digest))
    }
}

/// [d]G.
fn public(d: &[u8; 32]) -> Point<Sm2> {
    combination::<Sm2>(reduced(d), reduced(&[0; 32]), &Point::identity()).into()
}

#[test]
fn a_node_gets_what_the_standards_say() {
    let setup = Setup::new();
    let program = setup.folder.path().join("node");
    compile(&["tests/c/node.c"], &[], &program);
    let output = succeeded(&setup.run(&[], &program, &[CODE]));
    assert!(output.ends_with("done\n"), "{output}");
    let made = Made::of(&output);

    let known = public(&hex(STANDARD_KEY));
    assert!(made.is_signed("external", &known, b"message digest"));
    assert!(made.is_signed("internal", &made.key("internal"), b"a block"));
    assert!(made.is_signed("new", &made.key("new"), b"a transaction"));
    assert!(!made.is_signed("new", &made.key("new"), b"another transaction"));
    assert_eq!(made.key("new"), public(&made.get("new_d")));

    assert_eq!(made.get("sm3_abc"), sm3::sm3(b"abc"));
    let long: Vec<u8> = (0..200_000_u32).map(|i| (i * 7) as u8).collect();
    assert_eq!(made.get("sm3_long"), sm3::sm3(&long));

    let key: [u8; 16] = hex(SYMMETRIC);
    let iv: [u8; 16] = std::array::from_fn(|i| i as u8);
    let padded = sm_crypto::sm4::CryptSM4CBC::new(&key, &iv).encrypt_cbc(&[b'x'; 37]);
    assert_eq!(made.0["sm4_cbc"], padded);
    // GB/T 32907-2016, annex A.1.
    assert_eq!(made.get("sm4_ecb"), hex::<16>("681EDF34D206965E86B3E94F536E4246"));

    let log = setup.log();
    assert!(log.contains("opened") && log.contains("SDF_InternalSign_ECC"), "{log}");
    let d = hex::encode(made.get::<32>("new_d"));
    let secrets = [CODE, &CODE[1..], PASSWORD, STANDARD_KEY, SYMMETRIC, &d, "a transaction"];
    for secret in secrets {
        assert!(!log.to_lowercase().contains(&secret.to_lowercase()), "{secret}");
    }
}

/// The README's example, which is linked with the library.
#[test]
fn the_first_program_of_a_user_works() {
    let setup = Setup::new();
    let program = setup.folder.path().join("first");
    let folder = library().parent().unwrap().display().to_string();
    let link = [&format!("-L{folder}"), "-lgmt0018", &format!("-Wl,-rpath,{folder}")];
    compile(&["examples/first.c"], &link, &program);
    setup.create(|store| store.generate_pair(1, None).unwrap());
    let output = succeeded(&setup.run(&[], &program, &[]));
    assert_eq!(output, "signature of key 1: valid\nfor another message: not valid\n");
}
