//! Good blocks pass; whatever is changed is refused by the check that covers it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bitcoin::absolute::LockTime;
use bitcoin::block::{Header, Version};
use bitcoin::consensus::encode::serialize;
use bitcoin::constants::genesis_block;
use bitcoin::hashes::Hash;
use bitcoin::{
    Amount, Block, BlockHash, CompactTarget, Network, OutPoint, ScriptBuf, Sequence, Transaction,
    TxIn, TxMerkleNode, TxOut, Txid, Witness, transaction,
};
use chaincard::{
    Accelerator, Capabilities, Cpu, Device, DeviceError, DeviceKind, HashAlgorithm, Messages,
    Policy, Report as DeviceReport,
};
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Finding, Hasher, Report, check, parse};

const SEED: u64 = 0xB10C;

/// A target that takes 65,536 tries: easy to mine, and no flipped bit of a header meets it.
const BITS: u32 = 0x1f00_ffff;

fn run(block: &Block, network: Network, accelerator: &Accelerator) -> Report {
    check(block, network, &mut Hasher::new(accelerator, &|_| {})).expect("digests")
}

fn on_cpu(block: &Block, network: Network) -> Report {
    run(block, network, &Accelerator::open("cpu:1").expect("the CPU"))
}

fn failed(report: &Report) -> Vec<&'static str> {
    let bad = report.checks.all().into_iter().filter(|(_, finding)| !finding.is_good());
    bad.map(|(name, _)| name).collect()
}

fn transaction(number: u8, witness: bool) -> Transaction {
    let mut stack = Witness::new();
    if witness {
        stack.push(vec![number; 71]);
        stack.push(vec![number ^ 0xFF; 33]);
    }
    Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::new(Txid::from_byte_array([number + 1; 32]), 1),
            script_sig: ScriptBuf::from(vec![number; if witness { 0 } else { 40 }]),
            sequence: Sequence::MAX,
            witness: stack,
        }],
        output: vec![TxOut {
            value: Amount::from_sat(1000 + u64::from(number)),
            script_pubkey: ScriptBuf::from(vec![number; 22]),
        }],
    }
}

/// A mined block of a coinbase and `transactions`, with a commitment.
fn mined(transactions: Vec<Transaction>) -> Block {
    let mut coinbase = transaction(0, false);
    coinbase.input[0].previous_output = OutPoint::null();
    coinbase.input[0].witness.push([7; 32]);
    let header = Header {
        version: Version::TWO,
        prev_blockhash: BlockHash::from_byte_array([9; 32]),
        merkle_root: TxMerkleNode::all_zeros(),
        time: 1_700_000_000,
        bits: CompactTarget::from_consensus(BITS),
        nonce: 0,
    };
    coinbase.output.push(TxOut { value: Amount::ZERO, script_pubkey: ScriptBuf::new() });
    let txdata = [vec![coinbase], transactions].concat();
    let mut block = Block { header, txdata };
    let root = block.witness_root().expect("transactions");
    let commitment = Block::compute_witness_commitment(&root, &[7; 32]);
    let script = [&[0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed], commitment.as_byte_array().as_slice()];
    block.txdata[0].output[1].script_pubkey = ScriptBuf::from(script.concat());
    mine(block)
}

/// The block with its merkle root and a nonce that fits.
fn mine(mut block: Block) -> Block {
    block.header.merkle_root = block.compute_merkle_root().expect("transactions");
    while block.header.validate_pow(block.header.target()).is_err() {
        block.header.nonce += 1;
    }
    block
}

fn small() -> Block {
    mined(vec![transaction(1, true), transaction(2, false)])
}

#[test]
fn the_real_block_passes() {
    let block = parse(bitcoin_test_data::blocks::mainnet_702861()).expect("a block");
    let report = on_cpu(&block, Network::Bitcoin);
    assert_eq!(failed(&report), [""; 0]);
    assert_eq!((report.transactions, report.inputs), (2500, 6518));
    assert_eq!(
        report.block_hash.to_string(),
        "000000000000000000000c835b2adcaedc20fdf6ee440009c249452c726dafae"
    );
}

#[test]
fn flipped_bytes_of_the_real_block_are_refused() {
    let good = bitcoin_test_data::blocks::mainnet_702861();
    let accelerator = Accelerator::open("cpu").expect("the CPU");
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let random = (0..60).map(|_| rng.random_range(80..good.len()));
    for position in (0..80).step_by(3).chain(random.collect::<Vec<_>>()) {
        let mut bad = good.to_vec();
        bad[position] ^= 1 << (position % 8);
        let Ok(block) = parse(&bad) else { continue };
        let failed = failed(&run(&block, Network::Bitcoin, &accelerator));
        let named = if position < 80 { "proof_of_work" } else { failed.first().unwrap_or(&"none") };
        assert!(failed.contains(&named), "byte {position}, seed {SEED:#x}: {failed:?}");
    }
}

#[test]
fn every_flipped_bit_of_a_small_block_is_refused() {
    let good = serialize(&small());
    let accelerator = Accelerator::open("cpu:1").expect("the CPU");
    let report = run(&parse(&good).expect("a block"), Network::Regtest, &accelerator);
    assert_eq!(failed(&report), [""; 0]);
    let (mut merkle, mut commitment) = (0, 0);
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let Ok(block) = parse(&bad) else { continue };
        let failed = failed(&run(&block, Network::Regtest, &accelerator));
        let expected = match bit / 8 {
            0..80 => "proof_of_work",
            _ if failed.contains(&"merkle_root") => "merkle_root",
            _ => "witness_commitment",
        };
        assert!(failed.contains(&expected), "bit {bit}: {failed:?}");
        merkle += usize::from(expected == "merkle_root");
        commitment += usize::from(expected == "witness_commitment");
    }
    assert!(merkle > 1000 && commitment > 1000, "{merkle} {commitment}");
}

#[test]
fn every_truncation_of_a_small_block_is_no_block() {
    let good = serialize(&small());
    for len in 0..good.len() {
        assert!(parse(&good[..len]).is_err(), "{len}");
    }
}

#[test]
fn whatever_parses_is_checked_without_a_panic() {
    let good = serialize(&small());
    let accelerator = Accelerator::open("cpu:1").expect("the CPU");
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    for round in 0..20_000 {
        let mut bytes = if round % 4 == 0 {
            let mut bytes = vec![0; rng.random_range(0..400)];
            rng.fill_bytes(&mut bytes);
            bytes
        } else {
            good.clone()
        };
        for _ in 0..rng.random_range(1..4) {
            match (rng.random_range(0..4), bytes.len()) {
                (_, 0) => bytes.push(rng.random()),
                (0, len) => bytes.truncate(rng.random_range(0..len)),
                (1, len) => bytes.insert(rng.random_range(0..len), rng.random()),
                (2, len) => drop(bytes.remove(rng.random_range(0..len))),
                (_, len) => bytes[rng.random_range(0..len)] = rng.random(),
            }
        }
        if let Ok(block) = parse(&bytes) {
            let report = run(&block, Network::Regtest, &accelerator);
            assert!(bytes == good || !failed(&report).is_empty(), "{}", hex::encode(bytes));
        }
    }
}

#[test]
fn repeated_transactions_are_refused() {
    let honest = small();
    let mut forged = honest.clone();
    forged.txdata.push(forged.txdata[2].clone());
    assert_eq!(forged.compute_merkle_root(), honest.compute_merkle_root());
    let report = on_cpu(&forged, Network::Regtest);
    assert_eq!(failed(&report), ["merkle_root"]);
    let Finding::Failed(reason) = report.checks.merkle_root else { panic!("a reason") };
    assert!(reason.contains("CVE-2012-2459"), "{reason}");
}

#[test]
fn blocks_without_witnesses_have_nothing_to_commit_to() {
    let report = on_cpu(&genesis_block(Network::Bitcoin), Network::Bitcoin);
    assert_eq!(failed(&report), [""; 0]);
    assert!(matches!(report.checks.witness_commitment, Finding::NotApplicable(_)));
    assert_eq!((report.transactions, report.inputs), (1, 1));
}

#[test]
fn missing_witnesses_and_missing_commitments_are_refused() {
    let mut stripped = small();
    for input in stripped.txdata.iter_mut().flat_map(|transaction| &mut transaction.input) {
        input.witness.clear();
    }
    assert_eq!(failed(&on_cpu(&stripped, Network::Regtest)), ["witness_commitment"]);

    let mut silent = small();
    silent.txdata[0].output.pop();
    assert_eq!(failed(&on_cpu(&mine(silent), Network::Regtest)), ["witness_commitment"]);

    // The last output that looks like a commitment counts.
    let mut twice = small();
    let mut output = twice.txdata[0].output[1].clone();
    twice.txdata[0].output.push(output.clone());
    assert_eq!(failed(&on_cpu(&mine(twice.clone()), Network::Regtest)), [""; 0]);
    output.script_pubkey = ScriptBuf::from([output.script_pubkey.as_bytes(), &[0]].concat());
    twice.txdata[0].output[2] = output.clone();
    assert_eq!(failed(&on_cpu(&mine(twice.clone()), Network::Regtest)), [""; 0]);
    let mut bytes = output.script_pubkey.to_bytes();
    bytes[20] ^= 1;
    twice.txdata[0].output[2].script_pubkey = ScriptBuf::from(bytes);
    assert_eq!(failed(&on_cpu(&mine(twice), Network::Regtest)), ["witness_commitment"]);
}

#[test]
fn coinbases_are_first_and_alone() {
    let mut headless = small();
    headless.txdata.remove(0);
    let headless = mine(headless);
    assert_eq!(failed(&on_cpu(&headless, Network::Regtest)), ["merkle_root", "witness_commitment"]);

    let mut second = small().txdata[0].clone();
    second.lock_time = LockTime::from_consensus(1);
    assert_eq!(failed(&on_cpu(&mined(vec![second]), Network::Regtest)), ["merkle_root"]);

    let empty = Block { header: headless.header, txdata: Vec::new() };
    let empty = parse(&serialize(&empty)).expect("a block");
    assert_eq!(failed(&on_cpu(&empty, Network::Regtest)), ["merkle_root", "witness_commitment"]);
}

#[test]
fn targets_are_those_of_the_network() {
    let block = small();
    assert_eq!(failed(&on_cpu(&block, Network::Regtest)), [""; 0]);
    // Far too easy for mainnet, though the hash is below it.
    assert_eq!(failed(&on_cpu(&block, Network::Bitcoin)), ["proof_of_work"]);
    // Negative, zero, overflowing, not in shortest form.
    for bits in [0x1f80_ffff, 0x1f00_0000, 0xff00_ffff, 0x2300_ffff, 0x2000_00ff, 0, 0x0100_3456] {
        let mut block = block.clone();
        block.header.bits = CompactTarget::from_consensus(bits);
        assert_eq!(failed(&on_cpu(&block, Network::Regtest)), ["proof_of_work"], "{bits:#010x}");
    }
}

/// The CPU, but from some call on the last digest of each batch is wrong.
struct Liar {
    cpu: Cpu,
    capabilities: Capabilities,
    calls: AtomicUsize,
    honest_calls: usize,
}

impl Device for Liar {
    fn name(&self) -> &str {
        "liar"
    }
    fn kind(&self) -> DeviceKind {
        DeviceKind::Cpu
    }
    fn description(&self) -> String {
        "a device for tests".to_owned()
    }
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }
    fn hash(
        &self,
        algorithm: HashAlgorithm,
        messages: &Messages<'_>,
        digests: &mut [u8],
    ) -> Result<DeviceReport, DeviceError> {
        let report = self.cpu.hash(algorithm, messages, digests)?;
        if self.calls.fetch_add(1, Ordering::Relaxed) >= self.honest_calls {
            digests[0] ^= 1;
            *digests.last_mut().expect("a digest") ^= 1;
        }
        Ok(report)
    }
}

#[test]
fn a_device_that_lies_is_found_out() {
    let liar = |honest_calls| {
        let cpu = Cpu::with_threads(1);
        let hashes = cpu.capabilities().hashes.clone();
        let capabilities = Capabilities { hashes, ..Capabilities::default() };
        Arc::new(Liar { cpu, capabilities, calls: AtomicUsize::new(0), honest_calls })
    };
    // How many calls the known-answer tests take.
    let probe = liar(usize::MAX);
    let build = |device: Arc<Liar>| {
        let policy = Policy::without_fallback();
        Accelerator::builder().policy(policy).device(device).build().expect("opened")
    };
    drop(build(probe.clone()));
    let tests = probe.calls.load(Ordering::Relaxed);

    let report = run(&small(), Network::Regtest, &build(liar(tests)));
    assert!(failed(&report).contains(&"proof_of_work"), "{report:?}");
    assert!(failed(&report).contains(&"wtxids"), "{report:?}");
    // The trees are hashed after the ids: here only they are wrong.
    let report = run(&small(), Network::Regtest, &build(liar(tests + 2)));
    assert_eq!(failed(&report), ["merkle_root", "witness_commitment"]);
}
