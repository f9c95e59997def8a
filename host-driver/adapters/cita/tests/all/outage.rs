//! 10,000 transactions while the card disappears and comes back.

use std::sync::Arc;

use chaincard_cita::Server;
use chaincard_cita::proto::blockchain::{RawTransaction, RawTransactions};
use chaincard_sim::card::ModelCard;
use tokio::sync::Semaphore;

use crate::common::{Signer, client, config, raw, runtime};

const TRANSACTIONS: usize = 10_000;
const IN_A_CALL: usize = 100;

/// The transactions, made by two threads.
fn signed() -> Vec<RawTransaction> {
    let make = |half: usize| {
        let signer = Signer::new(&[11 + half as u8; 32]);
        let numbers = (0..TRANSACTIONS / 2).map(|number| (2 * number + half) as u64);
        numbers.map(|number| raw(signer.transaction(number))).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| make(1));
        [make(0), other.join().unwrap()].concat()
    })
}

#[test]
fn a_card_disappears_and_no_status_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = format!("unix:{}", folder.path().join("card").display());
    let plug =
        || chaincard_sim::Server::start(Box::new(ModelCard::with_signatures(None)), &path).unwrap();
    let mut card = Some(plug());
    let server = Server::start(&config(folder.path(), &format!("{path:?}"), "")).unwrap();
    let mut transactions = signed();
    // Every seventh call has one wrong transaction, somewhere.
    let is_wrong = |call: usize| call % 7 == 3;
    for call in (0..TRANSACTIONS / IN_A_CALL).filter(|&call| is_wrong(call)) {
        let wrong = &mut transactions[call * IN_A_CALL + call];
        let Some(chaincard_cita::proto::blockchain::raw_transaction::Tx::NormalTx(it)) =
            &mut wrong.tx
        else {
            panic!("all are usual ones")
        };
        it.witness.as_mut().unwrap().signature[40] ^= 1;
    }
    let (mut outages, mut checked) = (0, 0);
    runtime().block_on(async {
        let client = client(&server).await;
        let places = Arc::new(Semaphore::new(4));
        let mut calls = tokio::task::JoinSet::new();
        for (call, body) in transactions.chunks(IN_A_CALL).enumerate() {
            // The card is gone for two fifths of the calls, and is pulled out while it works.
            match call {
                20 | 60 => drop(card.take()),
                40 | 80 => card = Some(plug()),
                _ => {}
            }
            let place = Arc::clone(&places).acquire_owned().await.unwrap();
            let (mut client, body) = (client.clone(), body.to_vec());
            calls.spawn(async move {
                let answer = client.check_transactions(RawTransactions { body }).await.unwrap();
                drop(place);
                (call, answer.into_inner().code)
            });
        }
        while let Some(answer) = calls.join_next().await {
            let (call, code) = answer.unwrap();
            assert_eq!(code, if is_wrong(call) { 138 } else { 0 }, "call {call}");
            checked += IN_A_CALL;
        }
    });
    let metrics = server.host().accelerator().metrics();
    outages += metrics.devices[0].outages;
    let verify = chaincard::Operation::Verify(chaincard::Scheme::Sm2).index();
    let items: Vec<u64> =
        metrics.devices.iter().map(|device| device.operations[verify].1.items).collect();
    assert_eq!(checked, TRANSACTIONS);
    assert!(outages >= 2, "{metrics:?}");
    assert!(items.iter().all(|&items| items > 1000), "{items:?}");
    assert_eq!((metrics.failed_jobs, metrics.devices[0].disagreements), (0, 0));
    server.stop();
}
