//! Verification engines and hash cores of a card behind one stream.
//!
//! The ports are those of every bank (see [`super::bank`]). A hash request goes straight to the
//! hash cores; a verification request goes to the front, which uses the same cores.

use super::bank::{HashBank, Sha256Bank};
use crate::verify::engine::{Config, Firmware};
use crate::verify::{Engine, Front, Rules};
use chaincard_protocol::verify::Scheme;
use rust_hdl::prelude::*;

/// Parameter `S` of a bank: every scheme.
pub(super) const EVERY_SCHEME: usize = 0xF;

/// Parameter `S` of a bank: secp256k1 alone.
pub(super) const SECP256K1: usize = 1 << Scheme::Secp256k1 as usize;

/// RustHDL has no generic blocks within blocks: the hash cores differ, the rest does not.
macro_rules! verify_bank {
    ($(#[$doc:meta])* $Name:ident, $HashBank:ident) => {
        $(#[$doc])*
        #[derive(LogicBlock)]
        pub(super) struct $Name<const E: usize, const S: usize> {
            pub(super) clock: Signal<In, Clock>,
            pub(super) clear: Signal<In, Bit>,
            pub(super) select: Signal<In, Bits<5>>,
            pub(super) param: Signal<In, Bits<12>>,
            pub(super) verify: Signal<In, Bit>,
            pub(super) recover: Signal<In, Bit>,
            pub(super) in_valid: Signal<In, Bit>,
            pub(super) in_ready: Signal<Out, Bit>,
            pub(super) in_data: Signal<In, Bits<32>>,
            pub(super) in_bytes: Signal<In, Bits<3>>,
            pub(super) in_last: Signal<In, Bit>,
            pub(super) out_valid: Signal<Out, Bit>,
            pub(super) out_ready: Signal<In, Bit>,
            pub(super) out_data: Signal<Out, Bits<32>>,
            pub(super) capabilities: Signal<Out, Bits<32>>,
            pub(super) verify_capabilities: Signal<Out, Bits<9>>,
            pub(super) param_known: Signal<Out, Bit>,
            hash: $HashBank,
            front: Front,
            rules: Rules,
            engines: [Engine; E],
            load_round: Signal<Local, Bits<6>>,
            answer_round: Signal<Local, Bits<6>>,
            load_thread: Signal<Local, Bits<3>>,
            load_engine: Signal<Local, Bits<3>>,
            answer_thread: Signal<Local, Bits<3>>,
            answer_engine: Signal<Local, Bits<3>>,
            answer_done: Signal<Local, Bit>,
            answer_verdict: Signal<Local, Bits<8>>,
            answer_data: Signal<Local, Bits<16>>,
            done: DFF<Bit>,
            verdict: DFF<Bits<8>>,
            data: DFF<Bits<16>>,
            present: Constant<Bits<9>>,
            ids: [Constant<Bits<3>>; E],
            engine_mask: Constant<Bits<3>>,
            engine_bits: Constant<Bits<6>>,
        }

        impl<const E: usize, const S: usize> $Name<E, S> {
            /// Words of the longest digest: a verdict and a public key.
            pub(super) const fn digest_words() -> u32 {
                17
            }
        }

        impl<const E: usize, const S: usize> Default for $Name<E, S> {
            fn default() -> Self {
                let has = |scheme: &Scheme| S >> scheme.code() & 1 == 1;
                let schemes: Vec<Scheme> = Scheme::ALL.into_iter().filter(has).collect();
                let recovers = u64::from(schemes.contains(&Scheme::Secp256k1));
                let engines = E as u64;
                let firmware = Firmware::of(&schemes);
                Self {
                    clock: Default::default(),
                    clear: Default::default(),
                    select: Default::default(),
                    param: Default::default(),
                    verify: Default::default(),
                    recover: Default::default(),
                    in_valid: Default::default(),
                    in_ready: Default::default(),
                    in_data: Default::default(),
                    in_bytes: Default::default(),
                    in_last: Default::default(),
                    out_valid: Default::default(),
                    out_ready: Default::default(),
                    out_data: Default::default(),
                    capabilities: Default::default(),
                    verify_capabilities: Default::default(),
                    param_known: Default::default(),
                    hash: Default::default(),
                    front: Front::new(engines),
                    rules: Rules::new(&schemes, &<$HashBank>::ALGORITHMS),
                    engines: std::array::from_fn(|_| Engine::new(&firmware, Config::ecp5())),
                    load_round: Default::default(),
                    answer_round: Default::default(),
                    load_thread: Default::default(),
                    load_engine: Default::default(),
                    answer_thread: Default::default(),
                    answer_engine: Default::default(),
                    answer_done: Default::default(),
                    answer_verdict: Default::default(),
                    answer_data: Default::default(),
                    done: Default::default(),
                    verdict: Default::default(),
                    data: Default::default(),
                    present: Constant::new((S as u64 | recovers << 8).to_bits()),
                    ids: std::array::from_fn(|id| Constant::new((id as u64).to_bits())),
                    engine_mask: Constant::new((engines - 1).to_bits()),
                    engine_bits: Constant::new(u64::from(engines.trailing_zeros()).to_bits()),
                }
            }
        }

        impl<const E: usize, const S: usize> Logic for $Name<E, S> {
            #[hdl_gen]
            fn update(&mut self) {
                dff_setup!(self, clock, done, verdict, data);
                clock!(self, clock, hash, front);
                self.capabilities.next = self.hash.capabilities.val();
                self.verify_capabilities.next = self.present.val();
                self.rules.param.next = self.param.val();
                self.rules.recover.next = self.recover.val();
                self.param_known.next = self.rules.known.val();

                // Hash cores: for requests, or for the front.
                self.hash.param.next = 0.into();
                self.hash.verify.next = false;
                self.hash.recover.next = false;
                self.front.clear.next = self.clear.val();
                self.front.param.next = self.param.val();
                self.front.recover.next = self.recover.val();
                self.front.in_valid.next = self.in_valid.val() & self.verify.val();
                self.front.in_data.next = self.in_data.val();
                self.front.in_bytes.next = self.in_bytes.val();
                self.front.in_last.next = self.in_last.val();
                self.front.out_ready.next = self.out_ready.val() & self.verify.val();
                self.front.hash_in_ready.next = self.hash.in_ready.val();
                self.front.hash_out_valid.next = self.hash.out_valid.val() & self.verify.val();
                self.front.hash_out_data.next = self.hash.out_data.val();
                if self.verify.val() {
                    self.hash.clear.next = self.front.hash_clear.val();
                    self.hash.select.next = self.front.hash_select.val();
                    self.hash.in_valid.next = self.front.hash_in_valid.val();
                    self.hash.in_data.next = self.front.hash_in_data.val();
                    self.hash.in_bytes.next = self.front.hash_in_bytes.val();
                    self.hash.in_last.next = self.front.hash_in_last.val();
                    self.hash.out_ready.next = self.front.hash_out_ready.val();
                    self.in_ready.next = self.front.in_ready.val();
                    self.out_valid.next = self.front.out_valid.val();
                    self.out_data.next = self.front.out_data.val();
                } else {
                    self.hash.clear.next = self.clear.val();
                    self.hash.select.next = self.select.val();
                    self.hash.in_valid.next = self.in_valid.val();
                    self.hash.in_data.next = self.in_data.val();
                    self.hash.in_bytes.next = self.in_bytes.val();
                    self.hash.in_last.next = self.in_last.val();
                    self.hash.out_ready.next = self.out_ready.val();
                    self.in_ready.next = self.hash.in_ready.val();
                    self.out_valid.next = self.hash.out_valid.val();
                    self.out_data.next = self.hash.out_data.val();
                }

                // Turns: the engine in the low bits, its thread above them.
                self.load_round.next = self.front.load_turn.val() >> self.engine_bits.val();
                self.answer_round.next = self.front.answer_turn.val() >> self.engine_bits.val();
                self.load_engine.next =
                    self.front.load_turn.val().get_bits::<3>(0) & self.engine_mask.val();
                self.load_thread.next = self.load_round.val().get_bits::<3>(0);
                self.answer_engine.next =
                    self.front.answer_turn.val().get_bits::<3>(0) & self.engine_mask.val();
                self.answer_thread.next = self.answer_round.val().get_bits::<3>(0);
                self.answer_done.next = false;
                self.answer_verdict.next = 0.into();
                self.answer_data.next = 0.into();
                for i in 0..E {
                    self.engines[i].clock.next = self.clock.val();
                    self.engines[i].clear.next = self.clear.val();
                    self.engines[i].load.next =
                        self.front.load.val() & (self.load_engine.val() == self.ids[i].val());
                    self.engines[i].load_thread.next = self.load_thread.val();
                    self.engines[i].load_field.next = self.front.load_field.val();
                    self.engines[i].load_digit.next = self.front.load_digit.val();
                    self.engines[i].load_data.next = self.front.load_data.val();
                    self.engines[i].start.next =
                        self.front.start.val() & (self.load_engine.val() == self.ids[i].val());
                    self.engines[i].start_program.next = self.front.start_program.val();
                    self.engines[i].start_flags.next = self.front.start_flags.val();
                    self.engines[i].answer_thread.next = self.answer_thread.val();
                    self.engines[i].answer_field.next = self.front.answer_field.val();
                    self.engines[i].answer_digit.next = self.front.answer_digit.val();
                    if self.answer_engine.val() == self.ids[i].val() {
                        self.answer_done.next = self.engines[i].answer_done.val();
                        self.answer_verdict.next = self.engines[i].answer_verdict.val();
                        self.answer_data.next = self.engines[i].answer_data.val();
                    }
                }
                self.done.d.next = self.answer_done.val();
                self.verdict.d.next = self.answer_verdict.val();
                self.data.d.next = self.answer_data.val();
                self.front.answer_done.next = self.done.q.val();
                self.front.answer_verdict.next = self.verdict.q.val();
                self.front.answer_data.next = self.data.q.val();
            }
        }
    };
}

verify_bank! {
    /// `E` engines (1, 2, 4 or 8) for the schemes `S` (bit n: the one with code n), and every hash
    /// core.
    VerifyBank, HashBank
}

verify_bank! {
    /// The same with SHA-256 alone: requests with another hashing have no sense.
    VerifyBankSha256, Sha256Bank
}
