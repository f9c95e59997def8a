//! Every call, and the status of everything that can be wrong.

use chaincard_cita::Server;
use chaincard_cita::proto::blockchain::raw_transaction::Tx;
use chaincard_cita::proto::blockchain::{
    RawTransaction, RawTransactions, UnverifiedTransaction, UnverifiedUtxoTransaction,
    UtxoTransaction, Witness,
};
use chaincard_cita::proto::common::Empty;
use chaincard_cita::proto::crypto::{
    HashDataRequest, RecoverSignatureRequest, SignMessageRequest, VerifyDataHashRequest,
};
use chaincard_reference::sm3::sm3;
use chaincard_reference::verify as model;
use prost::Message;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::common::{Client, KEY, Signer, USER_ID, client, config, raw, runtime};

fn served(test: impl AsyncFnOnce(&Server, Client)) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&config(folder.path(), "\"cpu:1\"", "")).unwrap();
    runtime().block_on(async { test(&server, client(&server).await).await });
    server.stop();
}

#[test]
fn information_and_hashes() {
    served(async |_, mut client| {
        let info = client.get_crypto_info(Empty {}).await.unwrap().into_inner();
        assert_eq!((info.name.as_str(), info.status.unwrap().code), ("sm", 0));
        assert_eq!((info.hash_len, info.signature_len, info.address_len), (32, 128, 20));
        for len in [0, 1, 55, 56, 64, 5000] {
            let data = vec![0xA5; len];
            let answer = client.hash_data(HashDataRequest { data: data.clone() }).await.unwrap();
            assert_eq!(answer.into_inner().hash.unwrap().hash, sm3(&data));
            let mut hash = sm3(&data).to_vec();
            for (change, code) in [(0, 0), (1, 135)] {
                hash[31] ^= change;
                let request = VerifyDataHashRequest { data: data.clone(), hash: hash.clone() };
                assert_eq!(client.verify_data_hash(request).await.unwrap().into_inner().code, code);
            }
            let request = VerifyDataHashRequest { data, hash: hash[1..].to_vec() };
            assert_eq!(client.verify_data_hash(request).await.unwrap().into_inner().code, 136);
        }
    });
}

#[test]
fn signatures_are_made_and_recovered() {
    served(async |_, mut client| {
        let signer = Signer::new(&KEY);
        let msg = b"a proposal".to_vec();
        let signed = client.sign_message(SignMessageRequest { msg: msg.clone() }).await.unwrap();
        let signature = signed.into_inner().signature;
        let part = |at: usize| signature[32 * at..][..32].try_into().unwrap();
        let case = model::Case {
            profile: model::Profile::Gm,
            hashing: model::Hashing::Sm3,
            user_id: USER_ID.to_vec(),
            r: part(0),
            s: part(1),
            key: model::Key::Point { x: part(2), y: part(3) },
            message: msg.clone(),
        };
        assert_eq!(model::verify(&case), model::Verdict::Valid);
        assert_eq!(signature[64..], signer.public_key());

        let good = signer.sign(&msg);
        let change = |at: usize, bytes: &[u8]| {
            let mut signature = good.clone();
            signature[at..at + bytes.len()].copy_from_slice(bytes);
            signature
        };
        for (signature, code) in [
            (good.clone(), 0),
            (good[1..].to_vec(), 137),
            ([&good[..], &[0]].concat(), 137),
            (Vec::new(), 137),
            (change(0, &[0; 32]), 302),
            (change(0, &[0xFF; 32]), 302),
            (change(32, &[0; 32]), 302),
            (change(63, &[good[63] ^ 1]), 138),
            (change(127, &[good[127] ^ 1]), 138),
            (change(64, &[0xFF; 64]), 138),
            (Signer::new(&[5; 32]).sign(b"something else"), 138),
        ] {
            let request = RecoverSignatureRequest { msg: msg.clone(), signature };
            let answer = client.recover_signature(request).await.unwrap().into_inner();
            let address = if code == 0 { signer.address() } else { vec![0; 20] };
            assert_eq!((answer.status.unwrap().code, answer.address), (code, address));
        }
    });
}

#[test]
fn the_first_wrong_transaction_decides() {
    let signer = Signer::new(&[9; 32]);
    let good = |number| raw(signer.transaction(number));
    let wrong = |change: fn(&mut UnverifiedTransaction)| {
        let mut transaction = signer.transaction(77);
        change(&mut transaction);
        raw(transaction)
    };
    let utxo = |witnesses: usize, change: fn(&mut UnverifiedUtxoTransaction)| {
        let body = UtxoTransaction {
            version: 0,
            pre_tx_hash: vec![3; 32],
            output: vec![1],
            lock_id: 1004,
        };
        let hash = sm3(&body.encode_to_vec());
        let witness = Witness { signature: signer.sign(&hash), sender: signer.address() };
        let mut transaction = UnverifiedUtxoTransaction {
            transaction: Some(body),
            transaction_hash: hash.to_vec(),
            witnesses: vec![witness; witnesses],
        };
        change(&mut transaction);
        RawTransaction { tx: Some(Tx::UtxoTx(transaction)) }
    };
    let wrongs = [
        (RawTransaction { tx: None }, 119),
        (wrong(|it| it.witness = None), 116),
        (wrong(|it| it.transaction = None), 117),
        (wrong(|it| it.transaction_hash.truncate(31)), 136),
        (wrong(|it| it.transaction_hash[0] ^= 1), 135),
        (wrong(|it| it.transaction.as_mut().unwrap().quota += 1), 135),
        (wrong(|it| it.witness.as_mut().unwrap().signature.truncate(127)), 137),
        (wrong(|it| it.witness.as_mut().unwrap().signature[..32].fill(0xFF)), 302),
        (wrong(|it| it.witness.as_mut().unwrap().signature[63] ^= 1), 138),
        (wrong(|it| it.witness.as_mut().unwrap().sender[0] ^= 1), 138),
        (utxo(0, |_| ()), 148),
        (utxo(2, |_| ()), 148),
        (utxo(1, |it| it.transaction = None), 118),
        (utxo(1, |it| it.witnesses[0].sender.clear()), 138),
        (utxo(1, |it| it.transaction_hash[5] ^= 1), 135),
    ];
    served(async |_, mut client| {
        let mut check = async |body: Vec<RawTransaction>| {
            client.check_transactions(RawTransactions { body }).await.unwrap().into_inner().code
        };
        assert_eq!(check(Vec::new()).await, 0);
        let all_good: Vec<_> = (0..20).map(good).chain([utxo(1, |_| ())]).collect();
        assert_eq!(check(all_good.clone()).await, 0);
        for (wrong, code) in &wrongs {
            assert_eq!(check(vec![wrong.clone()]).await, *code);
            for place in [0, 10, 21] {
                let mut body = all_good.clone();
                body.insert(place, wrong.clone());
                // What comes later changes nothing.
                body.push(RawTransaction { tx: None });
                assert_eq!(check(body).await, *code, "{place} {wrong:?}");
            }
        }
    });
}

#[test]
fn health_and_metrics() {
    served(async |server, mut client| {
        let address = format!("http://{}", server.grpc());
        let channel = tonic::transport::Endpoint::from_shared(address).unwrap();
        let mut health = HealthClient::new(channel.connect().await.unwrap());
        for service in ["", "crypto.CryptoService"] {
            let request = HealthCheckRequest { service: service.to_owned() };
            assert_eq!(health.check(request).await.unwrap().into_inner().status, 1);
        }
        client.hash_data(HashDataRequest { data: vec![1] }).await.unwrap();
        let url = format!("http://{}/metrics", server.host().http().unwrap());
        let get = move || ureq::get(&url).call().unwrap().body_mut().read_to_string().unwrap();
        let text = tokio::task::spawn_blocking(get).await.unwrap();
        let line = "chaincard_cita_calls_total{method=\"HashData\",result=\"answered\"} 1";
        assert!(text.lines().any(|it| it == line), "{text}");
    });
}
