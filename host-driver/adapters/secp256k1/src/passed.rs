//! Functions that are passed to the real library: secret keys, and what is not ECDSA.
//!
//! # Safety
//! Pointers are what the header says, which the real library judges.

#![allow(clippy::missing_safety_doc, clippy::too_many_arguments)]

use std::ffi::{c_int, c_void};

use crate::symbol::call;

/// A pointer to anything: those to functions are passed like those to objects.
type P = *mut c_void;

/// Defines functions that call those of the same name, and fail without them.
macro_rules! pass {
    ($(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {$(
        #[doc = concat!("`", stringify!($name), "`")]
        #[unsafe(no_mangle)]
        pub unsafe extern "C-unwind" fn $name($($argument: $type),*) $(-> $result)? {
            pass!(@call $name($($argument: $type),*) $($result)?)
        }
    )*};
    (@call $name:ident($($argument:ident: $type:ty),*)) => {
        call!($name($($argument: $type),*) -> ())
    };
    (@call $name:ident($($argument:ident: $type:ty),*) $result:ty) => {
        call!($name($($argument: $type),*) -> $result)
    };
}

pass! {
    // `secp256k1.h`.
    fn secp256k1_context_set_sha256_compression(ctx: P, fn_compression: P);
    fn secp256k1_ec_pubkey_sort(ctx: P, pubkeys: P, n_pubkeys: usize) -> c_int;
    fn secp256k1_ecdsa_sign(ctx: P, sig: P, msghash32: P, seckey: P, noncefp: P, ndata: P) -> c_int;
    fn secp256k1_ec_seckey_verify(ctx: P, seckey: P) -> c_int;
    fn secp256k1_ec_pubkey_create(ctx: P, pubkey: P, seckey: P) -> c_int;
    fn secp256k1_ec_seckey_negate(ctx: P, seckey: P) -> c_int;
    fn secp256k1_ec_pubkey_negate(ctx: P, pubkey: P) -> c_int;
    fn secp256k1_ec_seckey_tweak_add(ctx: P, seckey: P, tweak32: P) -> c_int;
    fn secp256k1_ec_pubkey_tweak_add(ctx: P, pubkey: P, tweak32: P) -> c_int;
    fn secp256k1_ec_seckey_tweak_mul(ctx: P, seckey: P, tweak32: P) -> c_int;
    fn secp256k1_ec_pubkey_tweak_mul(ctx: P, pubkey: P, tweak32: P) -> c_int;
    fn secp256k1_ec_pubkey_combine(ctx: P, out: P, ins: P, n: usize) -> c_int;
    fn secp256k1_tagged_sha256(
        ctx: P, hash32: P, tag: P, taglen: usize, msg: P, msglen: usize
    ) -> c_int;
    // `secp256k1_recovery.h`.
    fn secp256k1_ecdsa_sign_recoverable(
        ctx: P, sig: P, msghash32: P, seckey: P, noncefp: P, ndata: P
    ) -> c_int;
    // `secp256k1_ecdh.h`.
    fn secp256k1_ecdh(ctx: P, output: P, pubkey: P, seckey: P, hashfp: P, data: P) -> c_int;
    // `secp256k1_extrakeys.h`.
    fn secp256k1_xonly_pubkey_parse(ctx: P, pubkey: P, input32: P) -> c_int;
    fn secp256k1_xonly_pubkey_serialize(ctx: P, output32: P, pubkey: P) -> c_int;
    fn secp256k1_xonly_pubkey_cmp(ctx: P, pk1: P, pk2: P) -> c_int;
    fn secp256k1_xonly_pubkey_from_pubkey(
        ctx: P, xonly_pubkey: P, pk_parity: P, pubkey: P
    ) -> c_int;
    fn secp256k1_xonly_pubkey_tweak_add(
        ctx: P, output_pubkey: P, internal_pubkey: P, tweak32: P
    ) -> c_int;
    fn secp256k1_xonly_pubkey_tweak_add_check(
        ctx: P, tweaked_pubkey32: P, tweaked_pk_parity: c_int, internal_pubkey: P,
        tweak32: P
    ) -> c_int;
    fn secp256k1_keypair_create(ctx: P, keypair: P, seckey: P) -> c_int;
    fn secp256k1_keypair_sec(ctx: P, seckey: P, keypair: P) -> c_int;
    fn secp256k1_keypair_pub(ctx: P, pubkey: P, keypair: P) -> c_int;
    fn secp256k1_keypair_xonly_pub(ctx: P, pubkey: P, pk_parity: P, keypair: P) -> c_int;
    fn secp256k1_keypair_xonly_tweak_add(ctx: P, keypair: P, tweak32: P) -> c_int;
    // `secp256k1_schnorrsig.h`.
    fn secp256k1_schnorrsig_sign32(ctx: P, sig64: P, msg32: P, keypair: P, aux_rand32: P) -> c_int;
    fn secp256k1_schnorrsig_sign_custom(
        ctx: P, sig64: P, msg: P, msglen: usize, keypair: P, extraparams: P
    ) -> c_int;
    fn secp256k1_schnorrsig_verify(ctx: P, sig64: P, msg: P, msglen: usize, pubkey: P) -> c_int;
    // `secp256k1_ellswift.h`.
    fn secp256k1_ellswift_encode(ctx: P, ell64: P, pubkey: P, rnd32: P) -> c_int;
    fn secp256k1_ellswift_decode(ctx: P, pubkey: P, ell64: P) -> c_int;
    fn secp256k1_ellswift_create(ctx: P, ell64: P, seckey32: P, auxrnd32: P) -> c_int;
    fn secp256k1_ellswift_xdh(
        ctx: P, output: P, ell_a64: P, ell_b64: P, seckey32: P, party: c_int, hashfp: P,
        data: P
    ) -> c_int;
    // `secp256k1_musig.h`.
    fn secp256k1_musig_pubnonce_parse(ctx: P, nonce: P, in66: P) -> c_int;
    fn secp256k1_musig_pubnonce_serialize(ctx: P, out66: P, nonce: P) -> c_int;
    fn secp256k1_musig_aggnonce_parse(ctx: P, nonce: P, in66: P) -> c_int;
    fn secp256k1_musig_aggnonce_serialize(ctx: P, out66: P, nonce: P) -> c_int;
    fn secp256k1_musig_partial_sig_parse(ctx: P, sig: P, in32: P) -> c_int;
    fn secp256k1_musig_partial_sig_serialize(ctx: P, out32: P, sig: P) -> c_int;
    fn secp256k1_musig_pubkey_agg(
        ctx: P, agg_pk: P, keyagg_cache: P, pubkeys: P, n_pubkeys: usize
    ) -> c_int;
    fn secp256k1_musig_pubkey_get(ctx: P, agg_pk: P, keyagg_cache: P) -> c_int;
    fn secp256k1_musig_pubkey_ec_tweak_add(
        ctx: P, output_pubkey: P, keyagg_cache: P, tweak32: P
    ) -> c_int;
    fn secp256k1_musig_pubkey_xonly_tweak_add(
        ctx: P, output_pubkey: P, keyagg_cache: P, tweak32: P
    ) -> c_int;
    fn secp256k1_musig_nonce_gen(
        ctx: P, secnonce: P, pubnonce: P, session_secrand32: P, seckey: P, pubkey: P,
        msg32: P, keyagg_cache: P, extra_input32: P
    ) -> c_int;
    fn secp256k1_musig_nonce_gen_counter(
        ctx: P, secnonce: P, pubnonce: P, nonrepeating_cnt: u64, keypair: P, msg32: P,
        keyagg_cache: P, extra_input32: P
    ) -> c_int;
    fn secp256k1_musig_nonce_agg(ctx: P, aggnonce: P, pubnonces: P, n_pubnonces: usize) -> c_int;
    fn secp256k1_musig_nonce_process(
        ctx: P, session: P, aggnonce: P, msg32: P, keyagg_cache: P
    ) -> c_int;
    fn secp256k1_musig_partial_sign(
        ctx: P, partial_sig: P, secnonce: P, keypair: P, keyagg_cache: P, session: P
    ) -> c_int;
    fn secp256k1_musig_partial_sig_verify(
        ctx: P, partial_sig: P, pubnonce: P, pubkey: P, keyagg_cache: P, session: P
    ) -> c_int;
    fn secp256k1_musig_partial_sig_agg(
        ctx: P, sig64: P, session: P, partial_sigs: P, n_sigs: usize
    ) -> c_int;
    // `secp256k1_silentpayments.h`.
    fn secp256k1_silentpayments_sender_create_outputs(
        ctx: P, generated_outputs: P, recipients: P, n_recipients: usize,
        outpoint_smallest36: P, keypairs: P, n_keypairs: usize, seckeys: P, n_seckeys:
        usize
    ) -> c_int;
    fn secp256k1_silentpayments_recipient_label_parse(ctx: P, label: P, in33: P) -> c_int;
    fn secp256k1_silentpayments_recipient_label_serialize(ctx: P, out33: P, label: P) -> c_int;
    fn secp256k1_silentpayments_recipient_label_create(
        ctx: P, label: P, label_tweak32: P, scan_key32: P, m: u32
    ) -> c_int;
    fn secp256k1_silentpayments_recipient_create_labeled_spend_pubkey(
        ctx: P, labeled_spend_pubkey: P, unlabeled_spend_pubkey: P, label: P
    ) -> c_int;
    fn secp256k1_silentpayments_recipient_prevouts_summary_create(
        ctx: P, prevouts_summary: P, outpoint_smallest36: P, xonly_pubkeys: P,
        n_xonly_pubkeys: usize, pubkeys: P, n_pubkeys: usize
    ) -> c_int;
    fn secp256k1_silentpayments_recipient_scan_outputs(
        ctx: P, found_outputs: P, n_found_outputs: P, tx_outputs: P, n_tx_outputs: usize,
        scan_key32: P, prevouts_summary: P, unlabeled_spend_pubkey: P, label_lookup: P,
        label_context: P
    ) -> c_int;
    // `secp256k1.h` of versions before 0.8.
    fn secp256k1_scratch_space_create(ctx: P, size: usize) -> P;
    fn secp256k1_scratch_space_destroy(ctx: P, scratch: P);
    fn secp256k1_ec_privkey_negate(ctx: P, seckey: P) -> c_int;
    fn secp256k1_ec_privkey_tweak_add(ctx: P, seckey: P, tweak32: P) -> c_int;
    fn secp256k1_ec_privkey_tweak_mul(ctx: P, seckey: P, tweak32: P) -> c_int;
    // `secp256k1_schnorrsig.h` of versions before 0.8.
    fn secp256k1_schnorrsig_sign(ctx: P, sig64: P, msg32: P, keypair: P, aux_rand32: P) -> c_int;
}
