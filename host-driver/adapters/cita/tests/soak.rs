//! The service under load for a while: memory stays flat, and threads and handles end with it.
//!
//! ```console
//! $ CHAINCARD_SOAK_SECONDS=600 cargo test -p chaincard-cita --test soak -- --nocapture
//! ```

use chaincard_cita::Server;
use chaincard_cita::proto::blockchain::RawTransactions;
use chaincard_cita::proto::blockchain::raw_transaction::Tx;
use chaincard_cita::proto::crypto::HashDataRequest;
use chaincard_puppet::soak::{Held, Soak};
use chaincard_reference::sm3::sm3;

#[path = "all/common.rs"]
mod common;

use common::{KEY, Signer, client, config, raw, runtime};

const CLIENTS: u64 = 4;
const TRANSACTIONS: u64 = 50;

#[test]
fn a_service_holds_no_more_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    // Tokio keeps a pair of sockets for the signals of the process from the first time on.
    drop(runtime());
    let before = Held::at_rest().unwrap();
    let server = Server::start(&config(folder.path(), "\"cpu:2\"", "")).unwrap();
    let signer = Signer::new(&KEY);
    let right: Vec<_> = (0..TRANSACTIONS).map(|number| raw(signer.transaction(number))).collect();
    let mut wrong = right.clone();
    if let Some(Tx::NormalTx(last)) = &mut wrong.last_mut().unwrap().tx {
        last.witness.as_mut().unwrap().signature[40] ^= 1;
    }
    // A connection for each round.
    let (soak, rounds) = Soak::work(CLIENTS, |_, round| {
        runtime().block_on(async {
            let mut client = client(&server).await;
            for (body, code) in [(&right, 0), (&wrong, 138), (&right, 0)] {
                let transactions = RawTransactions { body: body.clone() };
                let answer = client.check_transactions(transactions).await.unwrap();
                assert_eq!(answer.into_inner().code, code);
            }
            let data = vec![round as u8; 200];
            let answer = client.hash_data(HashDataRequest { data: data.clone() }).await.unwrap();
            assert_eq!(answer.into_inner().hash.unwrap().hash, sm3(&data));
        });
    })
    .unwrap();
    server.stop();
    let after = before.settled().unwrap();
    let transactions = 3 * TRANSACTIONS * rounds;
    println!("{soak}; {transactions} transactions; {before:?} before, {after:?} after");
    assert!(after.is_within(&before), "threads or handles are left");
    soak.assert_flat();
}
