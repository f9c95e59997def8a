//! A running service, and transactions signed by the reference.

use std::path::Path;

use ark_ec::{AffineRepr, CurveGroup};
use chaincard_cita::Server;
use chaincard_cita::config::Config;
use chaincard_cita::proto::blockchain::raw_transaction::Tx;
use chaincard_cita::proto::blockchain::{
    RawTransaction, Transaction, UnverifiedTransaction, Witness,
};
use chaincard_cita::proto::crypto::crypto_service_client::CryptoServiceClient;
use chaincard_reference::curve::{Point, Scalar, Sm2, bytes, combination, reduced};
use chaincard_reference::sm2;
use chaincard_reference::sm3::sm3;
use prost::Message;
use tonic::transport::Channel;

pub(crate) const USER_ID: &[u8] = b"1234567812345678";

/// The service's private key.
pub(crate) const KEY: [u8; 32] = [0x3B; 32];

/// A configuration for `devices`, with its key, in `folder`.
pub(crate) fn config(folder: &Path, devices: &str, more: &str) -> Config {
    let digits: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(folder.join("private_key"), digits).expect("written");
    let file = folder.join("cita.toml");
    let text = format!(
        "devices = [{devices}]\n[service]\nprivate_key = \"private_key\"\n{more}\n\
         [listen]\ngrpc = \"127.0.0.1:0\"\nhttp = \"127.0.0.1:0\"\n\
         [policy]\ncpu_threads = 2\nbackoff_ms = 5\nmax_backoff_ms = 20\n"
    );
    std::fs::write(&file, text).expect("written");
    Config::load(&file).expect("a configuration")
}

pub(crate) type Client = CryptoServiceClient<Channel>;

pub(crate) async fn client(server: &Server) -> Client {
    let address = format!("http://{}", server.grpc());
    CryptoServiceClient::connect(address).await.expect("connected")
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Signs as the reference does.
pub(crate) struct Signer {
    d: Scalar<Sm2>,
    q: Point<Sm2>,
}

impl Signer {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let d = reduced(key);
        Self { d, q: generated(d) }
    }

    pub(crate) fn public_key(&self) -> Vec<u8> {
        let (x, y) = self.q.xy().expect("keys are finite");
        [bytes(x), bytes(y)].concat()
    }

    pub(crate) fn address(&self) -> Vec<u8> {
        sm3(&self.public_key())[12..].to_vec()
    }

    /// r ‖ s ‖ x ‖ y.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let digest = sm2::digest(USER_ID, &self.q, message);
        let nonce = reduced(&sm3(&[b"nonce", &digest[..]].concat()));
        let signature = sm2::sign(self.d, nonce, sm2::e(&digest)).expect("a usual nonce");
        [&bytes(signature.r)[..], &bytes(signature.s), &self.public_key()].concat()
    }

    /// A signed transaction.
    pub(crate) fn transaction(&self, number: u64) -> UnverifiedTransaction {
        let transaction = Transaction {
            version: 0,
            to: vec![7; 20],
            nonce: number.to_string(),
            quota: 1_073_741_824,
            valid_until_block: number + 95,
            data: vec![number as u8; (number % 64) as usize],
            value: vec![0; 32],
            chain_id: vec![1; 32],
        };
        let hash = sm3(&transaction.encode_to_vec());
        let witness = Witness { signature: self.sign(&hash), sender: self.address() };
        UnverifiedTransaction {
            transaction: Some(transaction),
            transaction_hash: hash.to_vec(),
            witness: Some(witness),
        }
    }
}

fn generated(d: Scalar<Sm2>) -> Point<Sm2> {
    combination::<Sm2>(d, Scalar::<Sm2>::from(0u64), &Point::<Sm2>::identity()).into_affine()
}

pub(crate) fn raw(transaction: UnverifiedTransaction) -> RawTransaction {
    RawTransaction { tx: Some(Tx::NormalTx(transaction)) }
}
