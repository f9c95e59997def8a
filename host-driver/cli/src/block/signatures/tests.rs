//! Signatures of every kind of input; what is changed makes just the inputs invalid that it
//! belongs to. The verdicts are libsecp256k1's.

use std::convert::Infallible;

use bitcoin::absolute::LockTime;
use bitcoin::block::{Header, Version};
use bitcoin::consensus::encode::{deserialize, serialize};
use bitcoin::hashes::Hash;
use bitcoin::opcodes::all as op;
use bitcoin::script::PushBytesBuf;
use bitcoin::secp256k1::{self, All, Message, Secp256k1, SecretKey, ecdsa};
use bitcoin::sighash::SighashCache;
use bitcoin::{
    Amount, Block, BlockHash, CompactTarget, CompressedPublicKey, Network, OutPoint, PublicKey,
    Script, ScriptBuf, Sequence, Transaction, TxIn, TxMerkleNode, TxOut, Txid, Witness,
    transaction,
};
use chaincard::Verdict;
use chaincard::verify::VerifyBatch;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Found, Limit, Prevouts, Reason, Signatures, verify};

const SEED: u64 = 0x516;

/// The verdicts of libsecp256k1; what the strict front refuses is refused here too.
fn judge(batch: &VerifyBatch<'_>) -> Result<Vec<Verdict>, Infallible> {
    let secp = Secp256k1::verification_only();
    let shapes = batch.parse().expect("a batch");
    let parts = batch.messages.iter().zip(batch.public_keys.iter().zip(batch.signatures.iter()));
    let verdicts = parts.zip(shapes).map(|((digest, (key, signature)), shape)| {
        if let Err(verdict) = shape {
            return verdict;
        }
        let Ok(key) = secp256k1::PublicKey::from_slice(key) else { return Verdict::KeyNotOnCurve };
        let Ok(mut signature) = ecdsa::Signature::from_der(signature) else {
            return Verdict::RangeR;
        };
        // libsecp256k1 verifies low s only, consensus takes both.
        signature.normalize_s();
        let message = Message::from_digest(digest.try_into().expect("32 bytes"));
        let valid = secp.verify_ecdsa(&message, &signature, &key).is_ok();
        if valid { Verdict::Valid } else { Verdict::Invalid }
    });
    Ok(verdicts.collect())
}

fn limit(inputs: usize) -> Limit {
    Limit { inputs, reason: Reason::Limit }
}

fn run(block: &Block, prevouts: &Prevouts) -> Signatures {
    let Ok(found) = verify(block, Network::Bitcoin, prevouts, limit(usize::MAX), judge);
    found
}

/// Numbers of the invalid inputs, counted through the block.
fn invalid(found: &Signatures) -> Vec<usize> {
    let inputs = found.inputs.iter().enumerate();
    inputs.filter(|(_, (_, found))| matches!(found, Found::Invalid(_))).map(|(i, _)| i).collect()
}

fn real() -> Block {
    deserialize(bitcoin_test_data::blocks::mainnet_702861()).expect("a block")
}

#[test]
fn no_signature_of_the_real_block_is_invalid() {
    let found = run(&real(), &Prevouts::new());
    assert_eq!(found.invalid().collect::<Vec<_>>(), []);
    assert_eq!((found.inputs.len(), found.valid(), found.pairs), (6518, 2366, 3578));
    let unchecked: Vec<_> = found.unchecked().into_iter().collect();
    assert_eq!(
        unchecked,
        [
            (Reason::Coinbase, 1),
            (Reason::AmountUnknown, 4144),
            (Reason::ScriptUnknown, 1),
            (Reason::ScriptUnsupported, 6),
        ]
    );
}

#[test]
fn a_limit_stops_at_so_many_inputs() {
    for inputs in [0, 1, 20] {
        let Ok(found) = verify(&real(), Network::Bitcoin, &Prevouts::new(), limit(inputs), judge);
        assert_eq!(found.valid(), inputs);
        assert_eq!(found.unchecked().get(&Reason::Limit), Some(&(2366 - inputs)));
    }
}

/// An output and what unlocks it.
struct Lock {
    output: ScriptBuf,
    /// What is signed: script and whether it is a witness that signs the amount.
    code: ScriptBuf,
    witness: bool,
    /// Elements in front of the signatures, and behind them.
    front: Vec<Vec<u8>>,
    back: Vec<Vec<u8>>,
    signers: Vec<SecretKey>,
    hash_type: u8,
    /// For a witness: what stands in the scriptSig.
    nested: Option<ScriptBuf>,
}

fn secret(number: u8) -> SecretKey {
    SecretKey::from_slice(&[number; 32]).expect("a number below the order")
}

fn public(secp: &Secp256k1<All>, number: u8) -> PublicKey {
    PublicKey::new(secret(number).public_key(secp))
}

/// One of each kind, with different hash types. There are three outputs, so that the inputs
/// from 3 on that sign a single one sign the number one, or with a witness zeros.
fn locks(secp: &Secp256k1<All>) -> Vec<Lock> {
    let key = |number| public(secp, number);
    let hybrid = |number: u8| {
        let mut bytes = secret(number).public_key(secp).serialize_uncompressed();
        bytes[0] = 6 | bytes[64] & 1;
        bytes.to_vec()
    };
    let multisig = |required: i64, numbers: &[u8]| {
        let mut script = ScriptBuf::builder().push_int(required);
        for number in numbers {
            script = script.push_key(&key(*number));
        }
        script.push_int(numbers.len() as i64).push_opcode(op::OP_CHECKMULTISIG).into_script()
    };
    let base = |code: ScriptBuf, back: Vec<Vec<u8>>, signers: &[u8], hash_type| Lock {
        output: code.clone(),
        code,
        witness: false,
        front: if signers.len() > 1 { vec![vec![]] } else { vec![] },
        back,
        signers: signers.iter().copied().map(secret).collect(),
        hash_type,
        nested: None,
    };
    let key_hash = |key: Vec<u8>, signer, hash_type| {
        let code = ScriptBuf::new_p2pkh(&bitcoin::PubkeyHash::hash(&key));
        base(code, vec![key], &[signer], hash_type)
    };
    let script_hash = |mut lock: Lock| {
        lock.output = lock.code.to_p2sh();
        lock.back.push(lock.code.to_bytes());
        lock
    };
    let witness = |mut lock: Lock| {
        lock.witness = true;
        match lock.code.is_p2pkh() {
            true => {
                let key = CompressedPublicKey::from_slice(&lock.back[0]).expect("compressed");
                lock.output = ScriptBuf::new_p2wpkh(&key.wpubkey_hash());
            }
            false => {
                lock.output = lock.code.to_p2wsh();
                lock.back.push(lock.code.to_bytes());
            }
        }
        lock
    };
    let nested = |mut lock: Lock| {
        let program = PushBytesBuf::try_from(lock.output.to_bytes()).expect("short");
        lock.output = lock.output.to_p2sh();
        lock.nested = Some(ScriptBuf::builder().push_slice(program).into_script());
        lock
    };
    let mut uncompressed = key(3);
    uncompressed.compressed = false;
    let of_key = |key: &PublicKey| ScriptBuf::new_p2pk(key);
    vec![
        base(of_key(&key(1)), vec![], &[1], 0x01),
        key_hash(key(2).to_bytes(), 2, 0x01),
        key_hash(uncompressed.to_bytes(), 3, 0x02),
        base(multisig(2, &[4, 5, 6]), vec![], &[4, 5], 0x01),
        script_hash(base(multisig(2, &[4, 5, 6]), vec![], &[4, 6], 0x81)),
        script_hash(base(of_key(&uncompressed), vec![], &[3], 0x01)),
        script_hash(key_hash(key(7).to_bytes(), 7, 0x82)),
        witness(key_hash(key(8).to_bytes(), 8, 0x01)),
        nested(witness(key_hash(key(9).to_bytes(), 9, 0x83))),
        witness(base(multisig(2, &[10, 11, 12, 13]), vec![], &[11, 13], 0x01)),
        nested(witness(base(of_key(&key(14)), vec![], &[14], 0x02))),
        key_hash(key(15).to_bytes(), 15, 0x03),
        witness(key_hash(key(16).to_bytes(), 16, 0x03)),
        key_hash(hybrid(17), 17, 0x83),
        key_hash(key(18).to_bytes(), 18, 0x41),
        witness(key_hash(key(19).to_bytes(), 19, 0x00)),
        script_hash(base(multisig(3, &[20, 21, 22]), vec![], &[20, 21, 22], 0x01)),
    ]
}

/// The digest of BIP 143, step by step.
fn bip143(transaction: &Transaction, vin: usize, code: &Script, value: u64, kind: u8) -> [u8; 32] {
    let double = |bytes: &[u8]| bitcoin::hashes::sha256d::Hash::hash(bytes).to_byte_array();
    let inputs = &transaction.input;
    let list =
        |part: fn(&TxIn) -> Vec<u8>| double(&inputs.iter().flat_map(part).collect::<Vec<_>>());
    let (one, none, single) = (kind & 0x80 != 0, kind & 0x1f == 2, kind & 0x1f == 3);
    let outputs = match transaction.output.get(vin) {
        _ if !none && !single => {
            double(&transaction.output.iter().flat_map(serialize).collect::<Vec<_>>())
        }
        Some(output) if single => double(&serialize(output)),
        _ => [0; 32],
    };
    let sequences = list(|input| serialize(&input.sequence));
    let data = [
        serialize(&transaction.version),
        if one { vec![0; 32] } else { list(|input| serialize(&input.previous_output)).to_vec() },
        if one || none || single { vec![0; 32] } else { sequences.to_vec() },
        serialize(&inputs[vin].previous_output),
        serialize(code),
        value.to_le_bytes().to_vec(),
        serialize(&inputs[vin].sequence),
        outputs.to_vec(),
        serialize(&transaction.lock_time),
        u32::from(kind).to_le_bytes().to_vec(),
    ];
    double(&data.concat())
}

fn push_all(elements: &[Vec<u8>]) -> ScriptBuf {
    let push = |element: &Vec<u8>| PushBytesBuf::try_from(element.clone()).expect("short");
    let builder =
        elements.iter().fold(ScriptBuf::builder(), |b, element| b.push_slice(push(element)));
    builder.into_script()
}

/// A block of height 702,861 that spends one of each kind, and the outputs that it spends.
fn every_kind() -> (Block, Prevouts) {
    let secp = Secp256k1::new();
    let locks = locks(&secp);
    let place = |number: usize| OutPoint::new(Txid::from_byte_array([number as u8 + 1; 32]), 3);
    let value = |number: usize| 1_000_000 + 7 * number as u64;
    let input = |number| TxIn {
        previous_output: place(number),
        sequence: Sequence(number as u32),
        ..TxIn::default()
    };
    let output = |number: u64| TxOut {
        value: Amount::from_sat(number),
        script_pubkey: ScriptBuf::from(vec![0x51]),
    };
    let mut transaction = Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: (0..locks.len()).map(input).collect(),
        output: (5..8).map(output).collect(),
    };
    let unsigned = transaction.clone();
    let mut prevouts = Prevouts::new();
    for (vin, lock) in locks.into_iter().enumerate() {
        let kind = u32::from(lock.hash_type);
        let digest = match lock.witness {
            true => bip143(&unsigned, vin, &lock.code, value(vin), lock.hash_type),
            false => SighashCache::new(&unsigned)
                .legacy_signature_hash(vin, &lock.code, kind)
                .expect("an input")
                .to_byte_array(),
        };
        let message = Message::from_digest(digest);
        let signatures = lock.signers.iter().map(|signer| {
            let signature = secp.sign_ecdsa(&message, signer).serialize_der();
            [&signature[..], &[lock.hash_type]].concat()
        });
        let elements: Vec<_> = lock.front.into_iter().chain(signatures).chain(lock.back).collect();
        let input = &mut transaction.input[vin];
        match lock.witness {
            true => input.witness = Witness::from_slice(&elements),
            false => input.script_sig = push_all(&elements),
        }
        if let Some(script) = lock.nested {
            input.script_sig = script;
        }
        let output = TxOut { value: Amount::from_sat(value(vin)), script_pubkey: lock.output };
        prevouts.insert(place(vin), output);
    }
    let height = ScriptBuf::builder().push_int(702_861).into_script();
    let coinbase = Transaction {
        input: vec![TxIn { script_sig: height, ..TxIn::default() }],
        output: vec![output(50)],
        ..unsigned
    };
    let header = Header {
        version: Version::TWO,
        prev_blockhash: BlockHash::all_zeros(),
        merkle_root: TxMerkleNode::all_zeros(),
        time: 0,
        bits: CompactTarget::from_consensus(0),
        nonce: 0,
    };
    (Block { header, txdata: vec![coinbase, transaction] }, prevouts)
}

/// Elements of an input, of its witness or else of its scriptSig.
fn elements(input: &TxIn) -> Vec<Vec<u8>> {
    match input.witness.is_empty() {
        true => {
            let pushes = super::script::pushes(&input.script_sig).expect("pushes");
            pushes.into_iter().map(<[u8]>::to_vec).collect()
        }
        false => input.witness.to_vec(),
    }
}

fn set_elements(input: &mut TxIn, elements: &[Vec<u8>]) {
    match input.witness.is_empty() {
        true => input.script_sig = push_all(elements),
        false => input.witness = Witness::from_slice(elements),
    }
}

#[test]
fn every_kind_of_input_is_valid() {
    let (block, prevouts) = every_kind();
    let found = run(&block, &prevouts);
    assert_eq!(found.invalid().collect::<Vec<_>>(), []);
    assert_eq!(found.unchecked().into_iter().collect::<Vec<_>>(), [(Reason::Coinbase, 1)]);

    let found = run(&block, &Prevouts::new());
    assert_eq!(invalid(&found), [0; 0]);
    let unchecked: Vec<_> = found.unchecked().into_iter().collect();
    let expected = [(Reason::Coinbase, 1), (Reason::AmountUnknown, 6), (Reason::ScriptUnknown, 2)];
    assert_eq!(unchecked, expected);
}

#[test]
fn a_flipped_byte_makes_just_its_input_invalid() {
    let (block, prevouts) = every_kind();
    let mut flips = 0;
    for vin in 0..block.txdata[1].input.len() {
        let original = elements(&block.txdata[1].input[vin]);
        for (number, element) in original.iter().enumerate() {
            for position in 0..element.len() {
                let mut bad = block.clone();
                let mut changed = original.clone();
                // The lowest bit, because others of a hash type may mean nothing.
                changed[number][position] ^= 1;
                set_elements(&mut bad.txdata[1].input[vin], &changed);
                // Input 0 of the block is the coinbase's.
                let found = invalid(&run(&bad, &prevouts));
                assert_eq!(found, [vin + 1], "input {vin}, element {number}, byte {position}");
                flips += 1;
            }
        }
    }
    assert!(flips > 1500, "{flips}");
}

#[test]
fn a_wrong_amount_makes_just_the_witness_that_signs_it_invalid() {
    let (block, prevouts) = every_kind();
    for (vin, input) in block.txdata[1].input.iter().enumerate() {
        for bit in [0, 13, 40] {
            let mut changed = prevouts.clone();
            let output = changed.get_mut(&input.previous_output).expect("given");
            output.value = Amount::from_sat(output.value.to_sat() ^ 1 << bit);
            let expected = if input.witness.is_empty() { vec![] } else { vec![vin + 1] };
            assert_eq!(invalid(&run(&block, &changed)), expected, "input {vin}, bit {bit}");
        }
    }
}

#[test]
fn flipped_bytes_of_the_real_block_are_found_by_input() {
    let block = real();
    let good = run(&block, &Prevouts::new());
    let places: Vec<(usize, usize)> = (0..block.txdata.len())
        .flat_map(|t| (0..block.txdata[t].input.len()).map(move |vin| (t, vin)))
        .collect();
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut flips = 0;
    while flips < 12 {
        let index = rng.random_range(0..places.len());
        let (t, vin) = places[index];
        let input = &block.txdata[t].input[vin];
        let signed = super::spend::spend(input, None);
        let (super::spend::Spend::Claim(pairing, _), true) = (signed, input.witness.is_empty())
        else {
            continue;
        };
        let parts = [&pairing.signatures[..], &pairing.keys].concat();
        let part = parts[rng.random_range(0..parts.len())];
        let start = input.script_sig.as_bytes().windows(part.len()).position(|bytes| bytes == part);
        let position = start.expect("within") + rng.random_range(0..part.len());
        let mut script = input.script_sig.to_bytes();
        script[position] ^= 1;
        let mut bad = block.clone();
        bad.txdata[t].input[vin].script_sig = ScriptBuf::from(script);
        let found = run(&bad, &Prevouts::new());
        assert_eq!(good.inputs[index].1, Found::Valid);
        assert_eq!(invalid(&found), [index], "byte {position}, seed {SEED:#x}");
        flips += 1;
    }
}

#[test]
fn outputs_of_the_block_are_known() {
    let (mut block, prevouts) = every_kind();
    // The same outputs, by a transaction of the block: nothing has to be given.
    let spent = block.txdata[1].input.iter().map(|input| prevouts[&input.previous_output].clone());
    let funding = Transaction { output: spent.collect(), ..block.txdata[0].clone() };
    let txid = funding.compute_txid();
    let inputs = block.txdata[1].input.iter_mut().zip(0..);
    inputs.for_each(|(input, vout)| input.previous_output = OutPoint { txid, vout });
    block.txdata.insert(1, funding);
    let found = run(&block, &Prevouts::new());
    assert_eq!(found.unchecked().into_iter().collect::<Vec<_>>(), [(Reason::Coinbase, 2)]);
    // They were signed for other previous outputs, but one signs the number one.
    assert_eq!(found.valid(), 2);
}

#[test]
fn lax_signatures_are_judged_by_the_height() {
    let (mut block, prevouts) = every_kind();
    let mut changed = elements(&block.txdata[1].input[1]);
    // A zero in front of r that is not needed.
    let signature = &mut changed[0];
    signature.insert(4, 0);
    signature[1] += 1;
    signature[3] += 1;
    set_elements(&mut block.txdata[1].input[1], &changed);
    assert_eq!(invalid(&run(&block, &prevouts)), [2]);
    let height = ScriptBuf::builder().push_int(300_000).into_script();
    block.txdata[0].input[0].script_sig = height;
    let found = run(&block, &prevouts);
    assert_eq!(invalid(&found), [0; 0]);
    assert_eq!(found.unchecked().get(&Reason::LaxEncoding), Some(&1));
}

#[test]
fn whatever_parses_is_judged_without_a_panic() {
    let (block, prevouts) = every_kind();
    let good = serialize(&block);
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut parsed = 0;
    for _ in 0..3000 {
        let mut bytes = good.clone();
        for _ in 0..rng.random_range(1..4) {
            let position = rng.random_range(80..bytes.len());
            match rng.random_range(0..3) {
                0 => bytes[position] = rng.random(),
                1 => bytes[position] ^= 1 << rng.random_range(0..8),
                _ => {
                    let end = bytes.len().min(position + 8);
                    rng.fill_bytes(&mut bytes[position..end]);
                }
            }
        }
        let Ok(block) = deserialize::<Block>(&bytes) else { continue };
        parsed += 1;
        let inputs: usize = block.txdata.iter().map(|transaction| transaction.input.len()).sum();
        for prevouts in [&prevouts, &Prevouts::new()] {
            let found = run(&block, prevouts);
            let unchecked: usize = found.unchecked().values().sum();
            assert_eq!(found.inputs.len(), inputs);
            assert_eq!(found.valid() + found.invalid().count() + unchecked, inputs);
        }
    }
    assert!(parsed > 1000, "{parsed}");
}
