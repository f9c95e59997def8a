//! Items of a verification request: fields to the engines, messages to the hash cores, verdicts
//! in order.
//!
//! The word stream is that of a hash core (see [`crate::hash`]); each message on it is one item
//! of [`chaincard_protocol::verify`], without its length. Answers leave in the order of the
//! items: a verdict word, for recovery followed by the 16 words of the public key.
//!
//! Stages of an item:
//! 1. Head: flags, then r, s, x, y, a word every two cycles, as digits to the input fields of
//!    the next thread, and as words to a buffer for hashing.
//! 2. e: the digest as it stands, or hashed: SHA-256, SHA-256 twice, Keccak-256 of the message;
//!    SHA-512 of R, A and the message; SM3 of ZA and the message, ZA = SM3 of ENTL, the user id,
//!    a, b, G and the key.
//! 3. The thread starts. An item whose length does not fit is answered without a thread.
//!
//! Threads are used in turn, engine by engine, and the answers are collected in the same turn.
//! Signals of threads are numbered by turn: engine = turn mod engines, thread = turn / engines.
//!
//! An item without hashing takes 84 cycles; hashing adds that of its cores.

use chaincard_protocol::HashAlgorithm;
use chaincard_protocol::verify::{Hashing, Profile, Scheme, Verdict};
use chaincard_reference::params::sm2;
use rust_hdl::prelude::*;

use super::Packer;
use crate::prim::{LutRam, Rom, RomStyle};

/// What the front does with an item.
#[derive(Copy, Clone, PartialEq, Debug, LogicState)]
enum FrontState {
    Flags,
    Head,
    Choose,
    Digest,
    UserIdLength,
    UserId,
    Curve,
    Memory,
    Message,
    EmptyMessage,
    Collect,
    Start,
    Drain,
    Refuse,
}

/// Where a verdict goes out.
#[derive(Copy, Clone, PartialEq, Debug, LogicState)]
enum AnswerState {
    Idle,
    Look,
    Verdict,
    First,
    FirstWait,
    Second,
    SecondWait,
    Word,
    Done,
}

/// The front.
#[derive(LogicBlock)]
pub struct Front {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops every item.
    pub clear: Signal<In, Bit>,
    /// Parameter of the request, [`chaincard_protocol::verify::VerifyParam`].
    pub param: Signal<In, Bits<12>>,
    /// Public keys are recovered.
    pub recover: Signal<In, Bit>,
    /// A word of an item is there.
    pub in_valid: Signal<In, Bit>,
    /// It is taken.
    pub in_ready: Signal<Out, Bit>,
    /// The word.
    pub in_data: Signal<In, Bits<32>>,
    /// Valid bytes in it.
    pub in_bytes: Signal<In, Bits<3>>,
    /// It ends its item.
    pub in_last: Signal<In, Bit>,
    /// A word of an answer is there.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken.
    pub out_ready: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<Out, Bits<32>>,

    /// Hash algorithm that the cores are to use.
    pub hash_select: Signal<Out, Bits<5>>,
    /// A word to hash is there.
    pub hash_in_valid: Signal<Out, Bit>,
    /// It is taken.
    pub hash_in_ready: Signal<In, Bit>,
    /// The word.
    pub hash_in_data: Signal<Out, Bits<32>>,
    /// Valid bytes in it.
    pub hash_in_bytes: Signal<Out, Bits<3>>,
    /// It ends its message.
    pub hash_in_last: Signal<Out, Bit>,
    /// Drops what is being hashed.
    pub hash_clear: Signal<Out, Bit>,
    /// A word of a digest is there.
    pub hash_out_valid: Signal<In, Bit>,
    /// It is taken.
    pub hash_out_ready: Signal<Out, Bit>,
    /// The word.
    pub hash_out_data: Signal<In, Bits<32>>,

    /// Writes a digit of an input field.
    pub load: Signal<Out, Bit>,
    /// Turn of the thread that is loaded and started.
    pub load_turn: Signal<Out, Bits<6>>,
    /// Field: 0 r, 1 s, 2 x, 3 y, 4 e, 5 upper half of e.
    pub load_field: Signal<Out, Bits<3>>,
    /// Digit of the field, 0 the lowest.
    pub load_digit: Signal<Out, Bits<4>>,
    /// The digit.
    pub load_data: Signal<Out, Bits<16>>,
    /// The thread begins.
    pub start: Signal<Out, Bit>,
    /// Its program: the scheme, or 4 for recovery.
    pub start_program: Signal<Out, Bits<3>>,
    /// Its job flags.
    pub start_flags: Signal<Out, Bits<8>>,

    /// Turn of the thread whose answer is next.
    pub answer_turn: Signal<Out, Bits<6>>,
    /// It has one: right from 4 cycles after `answer_turn` changed.
    pub answer_done: Signal<In, Bit>,
    /// Its verdict, as `answer_done`.
    pub answer_verdict: Signal<In, Bits<8>>,
    /// Output field to read: 0 x, 1 y.
    pub answer_field: Signal<Out, Bit>,
    /// Digit of it.
    pub answer_digit: Signal<Out, Bits<4>>,
    /// The digit, at most 4 cycles later.
    pub answer_data: Signal<In, Bits<16>>,

    packer: Packer,
    /// Words 0 … 7 r, 8 … 15 ZA or the first digest (s before), 16 … 31 x and y.
    memory: LutRam<32, 5>,
    curve: Rom<32, 5>,
    refusals: LutRam<9, 6>,
    state: DFF<FrontState>,
    index: DFF<Bits<6>>,
    last_index: DFF<Bits<6>>,
    flags: DFF<Bits<4>>,
    id_left: DFF<Bits<16>>,
    ended: DFF<Bit>,
    /// Second hash of SM3 or of double SHA-256.
    second: DFF<Bit>,
    reason: DFF<Bits<8>>,
    turn: DFF<Bits<7>>,
    word: DFF<Bits<32>>,
    halves: DFF<Bits<2>>,
    word_field: DFF<Bits<3>>,
    word_place: DFF<Bits<3>>,
    curve_valid: DFF<Bits<2>>,

    answer: DFF<AnswerState>,
    answered: DFF<Bits<7>>,
    pause: DFF<Bits<3>>,
    key_word: DFF<Bits<5>>,
    half: DFF<Bits<16>>,
    verdict: DFF<Bits<8>>,
    out: DFF<Bits<32>>,

    scheme: Signal<Local, Bits<4>>,
    profile: Signal<Local, Bits<4>>,
    hashing: Signal<Local, Bits<4>>,
    little: Signal<Local, Bit>,
    free: Signal<Local, Bit>,
    refuse: Signal<Local, Bit>,
    ready: Signal<Local, Bit>,
    store: Signal<Local, Bit>,
    store_data: Signal<Local, Bits<32>>,
    store_field: Signal<Local, Bits<3>>,
    store_place: Signal<Local, Bits<3>>,
    room: Signal<Local, Bit>,
    piece: Signal<Local, Bit>,
    piece_data: Signal<Local, Bits<32>>,
    piece_bytes: Signal<Local, Bits<3>>,
    piece_last: Signal<Local, Bit>,
    on_sm3: Signal<Local, Bit>,
    on_message: Signal<Local, Bit>,
    double: Signal<Local, Bit>,
    used: Signal<Local, Bits<7>>,
    all_turns: Constant<Bits<7>>,
    turn_mask: Constant<Bits<7>>,
    k_ed25519: Constant<Bits<4>>,
    k_digest: Constant<Bits<4>>,
    k_double: Constant<Bits<4>>,
    k_keccak: Constant<Bits<4>>,
    k_sm3: Constant<Bits<4>>,
    k_message: Constant<Bits<4>>,
    k_low_s: Constant<Bits<4>>,
    k_transaction: Constant<Bits<4>>,
    k_strict: Constant<Bits<4>>,
    k_zip215: Constant<Bits<4>>,
    k_rfc8032: Constant<Bits<4>>,
    h_sha256: Constant<Bits<5>>,
    h_sha512: Constant<Bits<5>>,
    h_keccak: Constant<Bits<5>>,
    h_sm3: Constant<Bits<5>>,
    v_length: Constant<Bits<8>>,
    v_digest: Constant<Bits<8>>,
    v_user_id: Constant<Bits<8>>,
}

impl Front {
    /// For this many engines of eight threads: 1, 2, 4 or 8.
    ///
    /// # Panics
    /// For another number: it is a programming error.
    pub fn new(engines: u64) -> Self {
        assert!(engines.is_power_of_two() && engines <= 8, "{engines} engines");
        let code = |hashing: Hashing| Constant::new(hashing.code().to_bits());
        let rule = |profile: Profile| Constant::new(profile.code().to_bits());
        let hash = |algorithm: HashAlgorithm| Constant::new(algorithm.code().to_bits());
        let verdict = |verdict: Verdict| Constant::new(verdict.code().to_bits());
        Self {
            clock: Default::default(),
            clear: Default::default(),
            param: Default::default(),
            recover: Default::default(),
            in_valid: Default::default(),
            in_ready: Default::default(),
            in_data: Default::default(),
            in_bytes: Default::default(),
            in_last: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            hash_select: Default::default(),
            hash_in_valid: Default::default(),
            hash_in_ready: Default::default(),
            hash_in_data: Default::default(),
            hash_in_bytes: Default::default(),
            hash_in_last: Default::default(),
            hash_clear: Default::default(),
            hash_out_valid: Default::default(),
            hash_out_ready: Default::default(),
            hash_out_data: Default::default(),
            load: Default::default(),
            load_turn: Default::default(),
            load_field: Default::default(),
            load_digit: Default::default(),
            load_data: Default::default(),
            start: Default::default(),
            start_program: Default::default(),
            start_flags: Default::default(),
            answer_turn: Default::default(),
            answer_done: Default::default(),
            answer_verdict: Default::default(),
            answer_field: Default::default(),
            answer_digit: Default::default(),
            answer_data: Default::default(),
            packer: Default::default(),
            memory: Default::default(),
            curve: Rom::new(RomStyle::Block, &curve_words()),
            refusals: Default::default(),
            state: Default::default(),
            index: Default::default(),
            last_index: Default::default(),
            flags: Default::default(),
            id_left: Default::default(),
            ended: Default::default(),
            second: Default::default(),
            reason: Default::default(),
            turn: Default::default(),
            word: Default::default(),
            halves: Default::default(),
            word_field: Default::default(),
            word_place: Default::default(),
            curve_valid: Default::default(),
            answer: Default::default(),
            answered: Default::default(),
            pause: Default::default(),
            key_word: Default::default(),
            half: Default::default(),
            verdict: Default::default(),
            out: Default::default(),
            scheme: Default::default(),
            profile: Default::default(),
            hashing: Default::default(),
            little: Default::default(),
            free: Default::default(),
            refuse: Default::default(),
            ready: Default::default(),
            store: Default::default(),
            store_data: Default::default(),
            store_field: Default::default(),
            store_place: Default::default(),
            room: Default::default(),
            piece: Default::default(),
            piece_data: Default::default(),
            piece_bytes: Default::default(),
            piece_last: Default::default(),
            on_sm3: Default::default(),
            on_message: Default::default(),
            double: Default::default(),
            used: Default::default(),
            all_turns: Constant::new((8 * engines).to_bits()),
            turn_mask: Constant::new((16 * engines - 1).to_bits()),
            k_ed25519: Constant::new(Scheme::Ed25519.code().to_bits()),
            k_digest: code(Hashing::Digest),
            k_double: code(Hashing::DoubleSha256),
            k_keccak: code(Hashing::Keccak256),
            k_sm3: code(Hashing::Sm3),
            k_message: code(Hashing::Message),
            k_low_s: rule(Profile::BitcoinLowS),
            k_transaction: rule(Profile::EthereumTransaction),
            k_strict: rule(Profile::Strict),
            k_zip215: rule(Profile::Zip215),
            k_rfc8032: rule(Profile::Rfc8032),
            h_sha256: hash(HashAlgorithm::Sha256),
            h_sha512: hash(HashAlgorithm::Sha512),
            h_keccak: hash(HashAlgorithm::Keccak256),
            h_sm3: hash(HashAlgorithm::Sm3),
            v_length: verdict(Verdict::SignatureLength),
            v_digest: verdict(Verdict::DigestLength),
            v_user_id: verdict(Verdict::UserIdLength),
        }
    }
}

/// a, b and G of SM2 as they go into ZA (GB/T 32918.2 section 5.5), in words of a byte stream.
fn curve_words() -> Vec<u64> {
    [sm2::A, sm2::B, sm2::GX, sm2::GY]
        .iter()
        .flat_map(|number| number.iter().rev().flat_map(|limb| limb.to_be_bytes()))
        .collect::<Vec<u8>>()
        .chunks_exact(4)
        .map(|bytes| u64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])))
        .collect()
}

impl Logic for Front {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            state,
            index,
            last_index,
            flags,
            id_left,
            ended,
            second,
            reason,
            turn,
            word,
            halves,
            word_field,
            word_place,
            curve_valid,
            answer,
            answered,
            pause,
            key_word,
            half,
            verdict,
            out
        );
        clock!(self, clock, packer, memory, curve, refusals);
        self.scheme.next = self.param.val().get_bits::<4>(0);
        self.profile.next = self.param.val().get_bits::<4>(4);
        self.hashing.next = self.param.val().get_bits::<4>(8);
        self.little.next = self.scheme.val() == self.k_ed25519.val();
        self.on_sm3.next = self.hashing.val() == self.k_sm3.val();
        self.on_message.next = self.hashing.val() == self.k_message.val();
        self.double.next = self.hashing.val() == self.k_double.val();
        self.hash_select.next = self.h_sha256.val();
        if self.on_sm3.val() {
            self.hash_select.next = self.h_sm3.val();
        }
        if self.on_message.val() {
            self.hash_select.next = self.h_sha512.val();
        }
        if self.hashing.val() == self.k_keccak.val() {
            self.hash_select.next = self.h_keccak.val();
        }
        self.used.next = (self.turn.q.val() - self.answered.q.val()) & self.turn_mask.val();
        self.free.next = self.used.val() != self.all_turns.val();

        // Digits of the last word stored, one per cycle.
        self.room.next = !self.halves.q.val().get_bit(1);
        self.load.next = self.halves.q.val() != 0;
        self.load_turn.next = self.turn.q.val().get_bits::<6>(0);
        self.load_field.next = self.word_field.q.val();
        if self.halves.q.val() != 0 {
            self.halves.d.next = self.halves.q.val() - 1;
        }
        if self.little.val() {
            self.load_digit.next = bit_cast::<4, 3>(self.word_place.q.val()) << 1;
            self.load_data.next = self.word.q.val().get_bits::<16>(0);
            if !self.halves.q.val().get_bit(1) {
                self.load_digit.next = (bit_cast::<4, 3>(self.word_place.q.val()) << 1) | 1;
                self.load_data.next = self.word.q.val().get_bits::<16>(16);
            }
        } else {
            self.load_digit.next = (bit_cast::<4, 3>(self.word_place.q.val()) << 1) ^ 0xF;
            self.load_data.next = (bit_cast::<16, 8>(self.word.q.val().get_bits::<8>(0)) << 8)
                | bit_cast::<16, 8>(self.word.q.val().get_bits::<8>(8));
            if !self.halves.q.val().get_bit(1) {
                self.load_digit.next = (bit_cast::<4, 3>(self.word_place.q.val()) << 1) ^ 0xE;
                self.load_data.next = (bit_cast::<16, 8>(self.word.q.val().get_bits::<8>(16)) << 8)
                    | bit_cast::<16, 8>(self.word.q.val().get_bits::<8>(24));
            }
        }

        self.ready.next = false;
        self.store.next = false;
        self.store_data.next = self.in_data.val();
        self.store_field.next = 4.into();
        self.store_place.next = self.index.q.val().get_bits::<3>(0);
        self.piece.next = false;
        self.piece_data.next = self.in_data.val();
        self.piece_bytes.next = 4.into();
        self.piece_last.next = false;
        self.hash_out_ready.next = false;
        self.start.next = false;
        self.memory.write_enable.next = false;
        self.memory.write_address.next = self.index.q.val().get_bits::<5>(0);
        self.memory.write_data.next = self.in_data.val();
        self.memory.read_address.next = self.index.q.val().get_bits::<5>(0);
        self.curve.address.next = self.index.q.val().get_bits::<5>(0);
        self.curve.clear.next = false;
        self.refusals.write_enable.next = false;
        self.refusals.write_address.next = self.turn.q.val().get_bits::<6>(0);
        self.refusals.write_data.next = 0.into();
        self.packer.clear.next = self.clear.val();
        self.refuse.next = false;

        match self.state.q.val() {
            FrontState::Flags => {
                self.ready.next = self.free.val();
                self.index.d.next = 0.into();
                self.second.d.next = false;
                self.reason.d.next = self.v_length.val();
                if self.in_valid.val() & self.free.val() {
                    self.flags.d.next = self.in_data.val().get_bits::<4>(0);
                    self.id_left.d.next = self.in_data.val().get_bits::<16>(16);
                    self.state.d.next = FrontState::Head;
                    if self.in_last.val() {
                        self.state.d.next = FrontState::Refuse;
                    }
                }
            }
            FrontState::Head => {
                self.ready.next = self.room.val();
                self.store_field.next = self.index.q.val().get_bits::<3>(3);
                self.ended.d.next = self.in_last.val();
                if self.in_valid.val() & self.room.val() {
                    self.store.next = true;
                    self.memory.write_enable.next = true;
                    self.index.d.next = self.index.q.val() + 1;
                    if self.index.q.val() == 31 {
                        self.state.d.next = FrontState::Choose;
                        if self.in_last.val() & (self.in_bytes.val() != 4) {
                            self.state.d.next = FrontState::Refuse;
                        }
                    } else if self.in_last.val() {
                        self.state.d.next = FrontState::Refuse;
                    }
                }
            }
            FrontState::Choose => {
                self.index.d.next = 0.into();
                self.last_index.d.next = 7.into();
                self.reason.d.next = self.v_digest.val();
                if self.hashing.val() == self.k_digest.val() {
                    self.state.d.next = FrontState::Digest;
                    if self.ended.q.val() {
                        self.state.d.next = FrontState::Refuse;
                    }
                } else if self.on_sm3.val() {
                    self.reason.d.next = self.v_user_id.val();
                    self.state.d.next = FrontState::UserIdLength;
                    if self.id_left.q.val().get_bits::<3>(13).any() {
                        self.state.d.next = FrontState::Drain;
                        if self.ended.q.val() {
                            self.state.d.next = FrontState::Refuse;
                        }
                    } else if self.ended.q.val() & self.id_left.q.val().any() {
                        self.state.d.next = FrontState::Refuse;
                    }
                } else if self.on_message.val() {
                    self.state.d.next = FrontState::Memory;
                } else {
                    self.state.d.next = FrontState::Message;
                    if self.ended.q.val() {
                        self.state.d.next = FrontState::EmptyMessage;
                    }
                }
            }
            FrontState::Digest => {
                self.ready.next = self.room.val();
                if self.in_valid.val() & self.room.val() {
                    self.store.next = true;
                    self.index.d.next = self.index.q.val() + 1;
                    if self.in_last.val() {
                        self.state.d.next = FrontState::Refuse;
                        if (self.index.q.val() == 7) & (self.in_bytes.val() == 4) {
                            self.state.d.next = FrontState::Start;
                        }
                    } else if self.index.q.val() == 7 {
                        self.state.d.next = FrontState::Drain;
                    }
                }
            }
            FrontState::UserIdLength => {
                // The length in bits, big-endian.
                self.piece.next = true;
                self.piece_bytes.next = 2.into();
                self.piece_data.next = bit_cast::<32, 8>(self.id_left.q.val().get_bits::<8>(5))
                    | (bit_cast::<32, 5>(self.id_left.q.val().get_bits::<5>(0)) << 11);
                if self.packer.in_ready.val() {
                    self.state.d.next = FrontState::UserId;
                    if !self.id_left.q.val().any() {
                        self.state.d.next = FrontState::Curve;
                    }
                }
            }
            FrontState::UserId => {
                self.ready.next = self.packer.in_ready.val();
                self.piece.next = self.in_valid.val();
                if self.id_left.q.val() < 4 {
                    self.piece_bytes.next = self.id_left.q.val().get_bits::<3>(0);
                }
                if self.in_valid.val() & self.packer.in_ready.val() {
                    self.id_left.d.next = self.id_left.q.val() - 4;
                    self.ended.d.next = self.in_last.val();
                    if self.id_left.q.val() <= 4 {
                        self.state.d.next = FrontState::Curve;
                        if self.in_last.val() & (self.in_bytes.val() != 4) {
                            self.state.d.next = FrontState::Refuse;
                        }
                    } else if self.in_last.val() {
                        self.state.d.next = FrontState::Refuse;
                    }
                }
            }
            FrontState::Curve => {
                // Two edges from address to word.
                self.piece.next = self.curve_valid.q.val() == 2;
                self.piece_data.next = self.curve.q.val();
                if self.curve_valid.q.val() != 2 {
                    self.curve_valid.d.next = self.curve_valid.q.val() + 1;
                } else if self.packer.in_ready.val() {
                    self.curve_valid.d.next = 0.into();
                    self.index.d.next = self.index.q.val() + 1;
                    if self.index.q.val() == 31 {
                        self.index.d.next = 16.into();
                        self.last_index.d.next = 31.into();
                        self.state.d.next = FrontState::Memory;
                    }
                }
            }
            FrontState::Memory => {
                self.piece.next = true;
                self.piece_data.next = self.memory.read_data.val();
                self.piece_last.next = (self.index.q.val() == self.last_index.q.val())
                    & (self.double.val() | (self.on_sm3.val() & !self.second.q.val()));
                if self.packer.in_ready.val() {
                    self.index.d.next = self.index.q.val() + 1;
                    if self.index.q.val() == self.last_index.q.val() {
                        if self.on_message.val() & (self.index.q.val() == 7) {
                            self.index.d.next = 16.into();
                            self.last_index.d.next = 23.into();
                        } else if self.piece_last.val() {
                            self.index.d.next = 0.into();
                            self.state.d.next = FrontState::Collect;
                        } else {
                            self.state.d.next = FrontState::Message;
                            if self.ended.q.val() {
                                self.state.d.next = FrontState::EmptyMessage;
                            }
                        }
                    }
                }
            }
            FrontState::Message => {
                self.ready.next = self.packer.in_ready.val();
                self.piece.next = self.in_valid.val();
                self.piece_bytes.next = self.in_bytes.val();
                self.piece_last.next = self.in_last.val();
                self.index.d.next = 0.into();
                if self.in_valid.val() & self.packer.in_ready.val() & self.in_last.val() {
                    self.state.d.next = FrontState::Collect;
                }
            }
            FrontState::EmptyMessage => {
                self.piece.next = true;
                self.piece_data.next = 0.into();
                self.piece_bytes.next = 0.into();
                self.piece_last.next = true;
                self.index.d.next = 0.into();
                if self.packer.in_ready.val() {
                    self.state.d.next = FrontState::Collect;
                }
            }
            FrontState::Collect => {
                self.hash_out_ready.next = self.room.val();
                self.store_data.next = self.hash_out_data.val();
                self.memory.write_data.next = self.hash_out_data.val();
                self.memory.write_address.next =
                    bit_cast::<5, 3>(self.index.q.val().get_bits::<3>(0)) | 8;
                if self.index.q.val().get_bit(3) {
                    self.store_field.next = 5.into();
                }
                if self.hash_out_valid.val() & self.room.val() {
                    self.index.d.next = self.index.q.val() + 1;
                    if (self.double.val() | self.on_sm3.val()) & !self.second.q.val() {
                        self.memory.write_enable.next = true;
                        if self.index.q.val() == 7 {
                            self.second.d.next = true;
                            self.index.d.next = 8.into();
                            self.last_index.d.next = 15.into();
                            self.state.d.next = FrontState::Memory;
                        }
                    } else {
                        self.store.next = true;
                        if (self.index.q.val() == 15)
                            | ((self.index.q.val() == 7) & !self.on_message.val())
                        {
                            self.state.d.next = FrontState::Start;
                        }
                    }
                }
            }
            FrontState::Start => {
                if self.halves.q.val() == 0 {
                    self.start.next = true;
                    self.refusals.write_enable.next = true;
                    self.turn.d.next = self.turn.q.val() + 1;
                    self.state.d.next = FrontState::Flags;
                }
            }
            FrontState::Drain => {
                self.ready.next = true;
                if self.in_valid.val() & self.in_last.val() {
                    self.state.d.next = FrontState::Refuse;
                }
            }
            FrontState::Refuse => {
                // Whatever was being hashed is dropped.
                self.packer.clear.next = true;
                self.refuse.next = true;
                if self.halves.q.val() == 0 {
                    self.refusals.write_enable.next = true;
                    self.refusals.write_data.next = bit_cast::<9, 8>(self.reason.q.val()) | 0x100;
                    self.turn.d.next = self.turn.q.val() + 1;
                    self.state.d.next = FrontState::Flags;
                }
            }
            _ => {
                self.state.d.next = FrontState::Flags;
            }
        }
        self.in_ready.next = self.ready.val();
        self.hash_clear.next = self.refuse.val() | self.clear.val();
        if self.store.val() {
            self.halves.d.next = 2.into();
            self.word.d.next = self.store_data.val();
            self.word_field.d.next = self.store_field.val();
            self.word_place.d.next = self.store_place.val();
        }
        self.packer.in_valid.next = self.piece.val();
        self.packer.in_data.next = self.piece_data.val();
        self.packer.in_bytes.next = self.piece_bytes.val();
        self.packer.in_last.next = self.piece_last.val();
        self.hash_in_valid.next = self.packer.out_valid.val();
        self.packer.out_ready.next = self.hash_in_ready.val();
        self.hash_in_data.next = self.packer.out_data.val();
        self.hash_in_bytes.next = self.packer.out_bytes.val();
        self.hash_in_last.next = self.packer.out_last.val();

        self.start_program.next = self.scheme.val().get_bits::<3>(0);
        if self.recover.val() {
            self.start_program.next = 4.into();
        }
        self.start_flags.next = bit_cast::<8, 4>(self.flags.q.val());
        if (self.profile.val() == self.k_low_s.val())
            | (self.profile.val() == self.k_transaction.val())
        {
            self.start_flags.next = bit_cast::<8, 4>(self.flags.q.val()) | 0x10;
        }
        if self.profile.val() == self.k_strict.val() {
            self.start_flags.next = bit_cast::<8, 4>(self.flags.q.val()) | 0x20;
        }
        if self.profile.val() == self.k_zip215.val() {
            self.start_flags.next = bit_cast::<8, 4>(self.flags.q.val()) | 0x40;
        }
        if self.profile.val() == self.k_rfc8032.val() {
            self.start_flags.next = bit_cast::<8, 4>(self.flags.q.val()) | 0x80;
        }

        // Answers.
        self.answer_turn.next = self.answered.q.val().get_bits::<6>(0);
        self.answer_field.next = self.key_word.q.val().get_bit(3);
        self.answer_digit.next =
            (bit_cast::<4, 3>(self.key_word.q.val().get_bits::<3>(0)) << 1) ^ 0xF;
        if (self.answer.q.val() == AnswerState::Second)
            | (self.answer.q.val() == AnswerState::SecondWait)
        {
            self.answer_digit.next =
                (bit_cast::<4, 3>(self.key_word.q.val().get_bits::<3>(0)) << 1) ^ 0xE;
        }
        self.refusals.read_address.next = self.answered.q.val().get_bits::<6>(0);
        self.out_valid.next = (self.answer.q.val() == AnswerState::Verdict)
            | (self.answer.q.val() == AnswerState::Word);
        self.out_data.next = self.out.q.val();
        self.pause.d.next = 5.into();
        match self.answer.q.val() {
            AnswerState::Idle => {
                if self.used.val() != 0 {
                    self.pause.d.next = self.pause.q.val() - 1;
                    if self.pause.q.val() == 0 {
                        self.answer.d.next = AnswerState::Look;
                    }
                }
            }
            AnswerState::Look => {
                if self.refusals.read_data.val().get_bit(8) {
                    self.verdict.d.next = self.refusals.read_data.val().get_bits::<8>(0);
                    self.out.d.next =
                        bit_cast::<32, 8>(self.refusals.read_data.val().get_bits::<8>(0));
                    self.answer.d.next = AnswerState::Verdict;
                } else if self.answer_done.val() {
                    self.verdict.d.next = self.answer_verdict.val();
                    self.out.d.next = bit_cast::<32, 8>(self.answer_verdict.val());
                    self.answer.d.next = AnswerState::Verdict;
                }
                self.key_word.d.next = 0.into();
            }
            AnswerState::Verdict => {
                if self.out_ready.val() {
                    self.answer.d.next = AnswerState::Done;
                    if self.recover.val() {
                        self.answer.d.next = AnswerState::First;
                    }
                }
            }
            AnswerState::First => {
                self.answer.d.next = AnswerState::FirstWait;
            }
            AnswerState::FirstWait => {
                self.pause.d.next = self.pause.q.val() - 1;
                self.half.d.next = self.answer_data.val();
                if self.pause.q.val() == 0 {
                    self.answer.d.next = AnswerState::Second;
                }
            }
            AnswerState::Second => {
                self.answer.d.next = AnswerState::SecondWait;
            }
            AnswerState::SecondWait => {
                self.pause.d.next = self.pause.q.val() - 1;
                self.out.d.next = 0.into();
                if self.verdict.q.val() == 1 {
                    self.out.d.next = bit_cast::<32, 8>(self.half.q.val().get_bits::<8>(8))
                        | (bit_cast::<32, 8>(self.half.q.val().get_bits::<8>(0)) << 8)
                        | (bit_cast::<32, 8>(self.answer_data.val().get_bits::<8>(8)) << 16)
                        | (bit_cast::<32, 8>(self.answer_data.val().get_bits::<8>(0)) << 24);
                }
                if self.pause.q.val() == 0 {
                    self.answer.d.next = AnswerState::Word;
                }
            }
            AnswerState::Word => {
                if self.out_ready.val() {
                    self.key_word.d.next = self.key_word.q.val() + 1;
                    self.answer.d.next = AnswerState::First;
                    if self.key_word.q.val() == 15 {
                        self.answer.d.next = AnswerState::Done;
                    }
                }
            }
            AnswerState::Done => {
                self.answered.d.next = self.answered.q.val() + 1;
                self.answer.d.next = AnswerState::Idle;
            }
            _ => {
                self.answer.d.next = AnswerState::Idle;
            }
        }
        if self.clear.val() {
            self.state.d.next = FrontState::Flags;
            self.answer.d.next = AnswerState::Idle;
            self.turn.d.next = 0.into();
            self.answered.d.next = 0.into();
            self.halves.d.next = 0.into();
            self.curve_valid.d.next = 0.into();
        }
    }
}
