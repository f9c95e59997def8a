//! Command processor: reads request frames and carries them out.

use crate::prim::CrcStep;
use chaincard_protocol::frame::{MAGIC_WORD, Opcode, REPLY_BIT, Reject, TAG_UNKNOWN};
use chaincard_protocol::hash::HashAlgorithm;
use chaincard_protocol::{PROTOCOL_VERSION, crc};
use rust_hdl::prelude::*;

use super::work::Work;

/// Where in a request the processor is.
#[derive(Copy, Clone, Debug, PartialEq, LogicState)]
pub(super) enum ProcessorState {
    /// Looks for a magic.
    Search,
    /// Takes the four header words behind it.
    Header,
    /// Judges the header.
    Verdict,
    /// Takes an item's first word.
    Item,
    /// Compares a message's length with what is left of the payload.
    MessageLength,
    /// Gives the engine the empty word of an empty message.
    EmptyMessage,
    /// Passes a message's words to the engine.
    Message,
    /// The register file decodes an address.
    Decode,
    /// The register file looks the value up.
    LookUp,
    /// Stores a register's value in the reply, or goes on to take the value to write.
    Store,
    /// Takes the value for a register.
    Value,
    /// Skips the rest of a payload.
    Drain,
    /// Takes the payload CRC.
    Trailer,
    /// Judges the payload CRC.
    Judge,
    /// Waits until every item is answered.
    Finish,
    /// Hands the reply to the sender.
    Answer,
}

/// Reads request frames from the link and carries them out, one after the other.
///
/// A request is judged in this order, and the first check that fails decides the answer:
///
/// 1. header CRC → `HeaderCrc`, tag unknown; the words behind the magic are searched again
/// 2. protocol version → `Version`, tag unknown; likewise
/// 3. opcode → `Opcode`
/// 4. `param`: an algorithm that the card has, or rules of a scheme that it has → `Param`
/// 5. payload length a multiple of 4 → `Length`
/// 6. item count at most `MaxItems` → `TooManyItems`
/// 7. register frames: payload length that of the items → `Length`
/// 8. payload CRC → `PayloadCrc`
/// 9. message lengths that use up the payload exactly → `Length`; register addresses → `Register`
///
/// From the third check on the tag is the request's, and the payload that the header announced
/// is skipped, so that the next frame is found behind it. A link that falls silent for
/// `LinkTimeout` cycles ends the frame: `LinkTimeout`, tag unknown inside a header.
///
/// Messages go to the engine while the payload CRC is still being computed; their digests stay
/// in the reply buffer and leave only once it was right. A frame that is given up clears the
/// engine. Register writes take effect only when the whole frame was right.
#[derive(LogicBlock)]
pub(super) struct Processor {
    pub(super) clock: Signal<In, Clock>,
    pub(super) reset: Signal<In, Bit>,
    pub(super) rx_valid: Signal<In, Bit>,
    pub(super) rx_ready: Signal<Out, Bit>,
    pub(super) rx_data: Signal<In, Bits<32>>,
    pub(super) rx_search: Signal<Out, Bit>,
    pub(super) rx_hold: Signal<Out, Bit>,
    pub(super) rx_rewind: Signal<Out, Bit>,
    pub(super) engine_valid: Signal<Out, Bit>,
    pub(super) engine_ready: Signal<In, Bit>,
    pub(super) engine_data: Signal<Out, Bits<32>>,
    pub(super) engine_bytes: Signal<Out, Bits<3>>,
    pub(super) engine_last: Signal<Out, Bit>,
    pub(super) engine_select: Signal<Out, Bits<5>>,
    pub(super) engine_param: Signal<Out, Bits<12>>,
    pub(super) engine_verify: Signal<Out, Bit>,
    pub(super) engine_recover: Signal<Out, Bit>,
    pub(super) engine_clear: Signal<Out, Bit>,
    pub(super) engine_reset: Signal<In, Bit>,
    pub(super) capabilities: Signal<In, Bits<32>>,
    pub(super) verify_capabilities: Signal<In, Bits<9>>,
    pub(super) param_known: Signal<In, Bit>,
    pub(super) collect_begin: Signal<Out, Bit>,
    pub(super) collect_abort: Signal<Out, Bit>,
    pub(super) items: Signal<Out, Bits<16>>,
    pub(super) digest_words: Signal<Out, Bits<5>>,
    pub(super) started: Signal<Out, Bits<16>>,
    pub(super) dead: Signal<In, Bit>,
    pub(super) complete: Signal<In, Bit>,
    pub(super) register_select: Signal<Out, Bit>,
    pub(super) register_address: Signal<Out, Bits<32>>,
    pub(super) register_begin: Signal<Out, Bit>,
    pub(super) register_write: Signal<Out, Bit>,
    pub(super) register_commit: Signal<Out, Bit>,
    pub(super) register_value: Signal<In, Bits<32>>,
    pub(super) register_known: Signal<In, Bit>,
    pub(super) register_writable: Signal<In, Bit>,
    pub(super) link_timeout: Signal<In, Bits<32>>,
    pub(super) reply_write: Signal<Out, Bit>,
    pub(super) reply_data: Signal<Out, Bits<32>>,
    pub(super) reply_full: Signal<In, Bit>,
    pub(super) reply_commit: Signal<Out, Bit>,
    pub(super) reply_abort: Signal<Out, Bit>,
    pub(super) reply_words: Signal<In, Bits<16>>,
    pub(super) send_start: Signal<Out, Bit>,
    pub(super) send_busy: Signal<In, Bit>,
    pub(super) send_opcode: Signal<Out, Bits<8>>,
    pub(super) send_tag: Signal<Out, Bits<16>>,
    pub(super) send_param: Signal<Out, Bits<16>>,
    pub(super) send_items: Signal<Out, Bits<16>>,
    pub(super) send_words: Signal<Out, Bits<16>>,
    pub(super) busy: Signal<Out, Bit>,
    pub(super) hashing: Signal<Out, Bit>,
    pub(super) frame_done: Signal<Out, Bit>,
    pub(super) rejected: Signal<Out, Bit>,
    pub(super) header_crc_error: Signal<Out, Bit>,
    pub(super) payload_crc_error: Signal<Out, Bit>,
    pub(super) link_timed_out: Signal<Out, Bit>,
    state: DFF<ProcessorState>,
    header_words: DFF<Bits<2>>,
    version: DFF<Bits<8>>,
    opcode: DFF<Bits<8>>,
    tag: DFF<Bits<16>>,
    param: DFF<Bits<16>>,
    item_count: DFF<Bits<16>>,
    length: DFF<Bits<32>>,
    crc_state: DFF<Bits<32>>,
    crc_right: DFF<Bit>,
    reject: DFF<Bits<4>>,
    header_reject: DFF<Bit>,
    items_left: DFF<Bits<16>>,
    remaining: DFF<Bits<30>>,
    first: DFF<Bits<32>>,
    message_words: DFF<Bits<30>>,
    message_tail: DFF<Bits<2>>,
    started_items: DFF<Bits<16>>,
    out_valid: DFF<Bit>,
    out_data: DFF<Bits<32>>,
    out_bytes: DFF<Bits<3>>,
    out_last: DFF<Bit>,
    waiting_q: DFF<Bit>,
    timer: DFF<Bits<32>>,
    expired: DFF<Bit>,
    ready: Signal<Local, Bit>,
    take: Signal<Local, Bit>,
    free: Signal<Local, Bit>,
    in_payload: Signal<Local, Bit>,
    waiting: Signal<Local, Bit>,
    timed_out: Signal<Local, Bit>,
    last: Signal<Local, Bit>,
    bad: Signal<Local, Bit>,
    hash: Signal<Local, Bit>,
    verify: Signal<Local, Bit>,
    recover: Signal<Local, Bit>,
    work: Signal<Local, Bit>,
    param_unknown: Signal<Local, Bit>,
    read: Signal<Local, Bit>,
    write: Signal<Local, Bit>,
    words_match: Signal<Local, Bit>,
    too_long: Signal<Local, Bit>,
    crc_step: CrcStep,
    k_initial: Constant<Bits<32>>,
    k_after_magic: Constant<Bits<32>>,
    k_ones: Constant<Bits<32>>,
    k_version: Constant<Bits<8>>,
    k_read: Constant<Bits<8>>,
    k_write: Constant<Bits<8>>,
    k_hash: Constant<Bits<8>>,
    k_verify: Constant<Bits<8>>,
    k_recover: Constant<Bits<8>>,
    k_error: Constant<Bits<8>>,
    k_reply: Constant<Bits<8>>,
    k_tag_unknown: Constant<Bits<16>>,
    k_sha512: Constant<Bits<16>>,
    k_max_items: Constant<Bits<16>>,
    r_header_crc: Constant<Bits<4>>,
    r_version: Constant<Bits<4>>,
    r_opcode: Constant<Bits<4>>,
    r_param: Constant<Bits<4>>,
    r_length: Constant<Bits<4>>,
    r_payload_crc: Constant<Bits<4>>,
    r_too_many_items: Constant<Bits<4>>,
    r_link_timeout: Constant<Bits<4>>,
    r_register: Constant<Bits<4>>,
}

impl Processor {
    /// Processor that takes at most `max_items` items in a frame, for engines that do `work`.
    pub(super) fn new(max_items: u32, work: Work) -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            rx_valid: Default::default(),
            rx_ready: Default::default(),
            rx_data: Default::default(),
            rx_search: Default::default(),
            rx_hold: Default::default(),
            rx_rewind: Default::default(),
            engine_valid: Default::default(),
            engine_ready: Default::default(),
            engine_data: Default::default(),
            engine_bytes: Default::default(),
            engine_last: Default::default(),
            engine_select: Default::default(),
            engine_param: Default::default(),
            engine_verify: Default::default(),
            engine_recover: Default::default(),
            engine_clear: Default::default(),
            engine_reset: Default::default(),
            capabilities: Default::default(),
            verify_capabilities: Default::default(),
            param_known: Default::default(),
            collect_begin: Default::default(),
            collect_abort: Default::default(),
            items: Default::default(),
            digest_words: Default::default(),
            started: Default::default(),
            dead: Default::default(),
            complete: Default::default(),
            register_select: Default::default(),
            register_address: Default::default(),
            register_begin: Default::default(),
            register_write: Default::default(),
            register_commit: Default::default(),
            register_value: Default::default(),
            register_known: Default::default(),
            register_writable: Default::default(),
            link_timeout: Default::default(),
            reply_write: Default::default(),
            reply_data: Default::default(),
            reply_full: Default::default(),
            reply_commit: Default::default(),
            reply_abort: Default::default(),
            reply_words: Default::default(),
            send_start: Default::default(),
            send_busy: Default::default(),
            send_opcode: Default::default(),
            send_tag: Default::default(),
            send_param: Default::default(),
            send_items: Default::default(),
            send_words: Default::default(),
            busy: Default::default(),
            hashing: Default::default(),
            frame_done: Default::default(),
            rejected: Default::default(),
            header_crc_error: Default::default(),
            payload_crc_error: Default::default(),
            link_timed_out: Default::default(),
            state: Default::default(),
            header_words: Default::default(),
            version: Default::default(),
            opcode: Default::default(),
            tag: Default::default(),
            param: Default::default(),
            item_count: Default::default(),
            length: Default::default(),
            crc_state: Default::default(),
            crc_right: Default::default(),
            reject: Default::default(),
            header_reject: Default::default(),
            items_left: Default::default(),
            remaining: Default::default(),
            first: Default::default(),
            message_words: Default::default(),
            message_tail: Default::default(),
            started_items: Default::default(),
            out_valid: Default::default(),
            out_data: Default::default(),
            out_bytes: Default::default(),
            out_last: Default::default(),
            waiting_q: Default::default(),
            timer: Default::default(),
            expired: Default::default(),
            ready: Default::default(),
            take: Default::default(),
            free: Default::default(),
            in_payload: Default::default(),
            waiting: Default::default(),
            timed_out: Default::default(),
            last: Default::default(),
            bad: Default::default(),
            hash: Default::default(),
            verify: Default::default(),
            recover: Default::default(),
            work: Default::default(),
            param_unknown: Default::default(),
            read: Default::default(),
            write: Default::default(),
            words_match: Default::default(),
            too_long: Default::default(),
            crc_step: Default::default(),
            k_initial: Constant::new(crc::INITIAL.to_bits()),
            k_after_magic: Constant::new(crc::step_word(crc::INITIAL, MAGIC_WORD).to_bits()),
            k_ones: Constant::new(0xFFFF_FFFF_u32.to_bits()),
            k_version: Constant::new(PROTOCOL_VERSION.to_bits()),
            k_read: Constant::new(Opcode::ReadRegisters.code().to_bits()),
            k_write: Constant::new(Opcode::WriteRegisters.code().to_bits()),
            k_hash: Constant::new(Opcode::Hash.code().to_bits()),
            k_verify: Constant::new(work.opcode.code().to_bits()),
            k_recover: Constant::new(Opcode::Recover.code().to_bits()),
            k_error: Constant::new(Opcode::Error.code().to_bits()),
            k_reply: Constant::new(REPLY_BIT.to_bits()),
            k_tag_unknown: Constant::new(TAG_UNKNOWN.to_bits()),
            k_sha512: Constant::new(HashAlgorithm::Sha512.code().to_bits()),
            k_max_items: Constant::new(max_items.to_bits()),
            r_header_crc: Constant::new(Reject::HeaderCrc.code().to_bits()),
            r_version: Constant::new(Reject::Version.code().to_bits()),
            r_opcode: Constant::new(Reject::Opcode.code().to_bits()),
            r_param: Constant::new(Reject::Param.code().to_bits()),
            r_length: Constant::new(Reject::Length.code().to_bits()),
            r_payload_crc: Constant::new(Reject::PayloadCrc.code().to_bits()),
            r_too_many_items: Constant::new(Reject::TooManyItems.code().to_bits()),
            r_link_timeout: Constant::new(Reject::LinkTimeout.code().to_bits()),
            r_register: Constant::new(Reject::Register.code().to_bits()),
        }
    }
}

impl Logic for Processor {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            state,
            header_words,
            version,
            opcode,
            tag,
            param,
            item_count,
            length,
            crc_state,
            crc_right,
            reject,
            header_reject,
            items_left,
            remaining,
            first,
            message_words,
            message_tail,
            started_items,
            out_valid,
            out_data,
            out_bytes,
            out_last,
            waiting_q,
            timer,
            expired
        );
        // Defaults.
        self.ready.next = false;
        self.in_payload.next = false;
        self.rx_rewind.next = false;
        self.collect_begin.next = false;
        self.register_select.next = false;
        self.register_write.next = false;
        self.register_commit.next = false;
        self.reply_write.next = false;
        self.reply_data.next = self.register_value.val();
        self.reply_commit.next = false;
        self.send_start.next = false;
        self.frame_done.next = false;
        self.rejected.next = false;
        self.header_crc_error.next = false;
        self.payload_crc_error.next = false;
        self.busy.next = true;

        // What the header says.
        self.bad.next = self.reject.q.val() != 0;
        self.hash.next = self.opcode.q.val() == self.k_hash.val();
        self.verify.next = (self.opcode.q.val() == self.k_verify.val())
            & self.verify_capabilities.val().get_bits::<8>(0).any();
        self.recover.next = (self.opcode.q.val() == self.k_recover.val())
            & self.verify_capabilities.val().get_bit(8);
        self.work.next = self.hash.val() | self.verify.val() | self.recover.val();
        self.param_unknown.next = (self.hash.val()
            & (self.param.q.val().get_bits::<11>(5).any()
                | !self.capabilities.val().get_bit(self.param.q.val().get_bits::<5>(0).index())))
            | ((self.verify.val() | self.recover.val())
                & (self.param.q.val().get_bits::<4>(12).any() | !self.param_known.val()));
        self.read.next = self.opcode.q.val() == self.k_read.val();
        self.write.next = self.opcode.q.val() == self.k_write.val();
        self.words_match.next = self.work.val()
            | (self.read.val()
                & (self.length.q.val().get_bits::<30>(2)
                    == bit_cast::<30, 16>(self.item_count.q.val())))
            | (self.write.val()
                & (self.length.q.val().get_bits::<30>(2)
                    == (bit_cast::<30, 16>(self.item_count.q.val()) << 1)));

        // The register between the link and the engines is free.
        self.free.next = !self.out_valid.q.val() | self.engine_ready.val() | self.dead.val();
        if self.free.val() {
            self.out_valid.d.next = false;
        }
        self.last.next = (self.message_words.q.val() == 0)
            | ((self.message_words.q.val() == 1) & (self.message_tail.q.val() == 0));
        self.too_long.next = (self.message_words.q.val() > self.remaining.q.val())
            | ((self.message_words.q.val() == self.remaining.q.val())
                & (self.message_tail.q.val() != 0));

        match self.state.q.val() {
            ProcessorState::Search => {
                self.busy.next = false;
                self.ready.next = true;
                self.crc_state.d.next = self.k_after_magic.val();
                self.header_words.d.next = 0.into();
                self.reject.d.next = 0.into();
                self.header_reject.d.next = false;
                if self.rx_valid.val() {
                    self.state.d.next = ProcessorState::Header;
                }
            }
            ProcessorState::Header => {
                self.busy.next = false;
                self.ready.next = true;
                if self.rx_valid.val() {
                    self.header_words.d.next = self.header_words.q.val() + 1;
                    if self.header_words.q.val() == 0 {
                        self.version.d.next = self.rx_data.val().get_bits::<8>(0);
                        self.opcode.d.next = self.rx_data.val().get_bits::<8>(8);
                        self.tag.d.next = self.rx_data.val().get_bits::<16>(16);
                    }
                    if self.header_words.q.val() == 1 {
                        self.param.d.next = self.rx_data.val().get_bits::<16>(0);
                        self.item_count.d.next = self.rx_data.val().get_bits::<16>(16);
                    }
                    if self.header_words.q.val() == 2 {
                        self.length.d.next = self.rx_data.val();
                    }
                    if self.header_words.q.val() == 3 {
                        self.state.d.next = ProcessorState::Verdict;
                    }
                }
            }
            ProcessorState::Verdict => {
                self.busy.next = false;
                self.remaining.d.next = self.length.q.val().get_bits::<30>(2);
                self.items_left.d.next = self.item_count.q.val();
                self.started_items.d.next = 0.into();
                self.header_reject.d.next = true;
                self.state.d.next = ProcessorState::Drain;
                if !self.crc_right.q.val() {
                    self.reject.d.next = self.r_header_crc.val();
                    self.tag.d.next = self.k_tag_unknown.val();
                    self.header_crc_error.next = true;
                    self.rx_rewind.next = true;
                    self.state.d.next = ProcessorState::Answer;
                } else if self.version.q.val() != self.k_version.val() {
                    self.reject.d.next = self.r_version.val();
                    self.tag.d.next = self.k_tag_unknown.val();
                    self.state.d.next = ProcessorState::Answer;
                } else if !(self.work.val() | self.read.val() | self.write.val()) {
                    self.reject.d.next = self.r_opcode.val();
                } else if self.param_unknown.val() {
                    self.reject.d.next = self.r_param.val();
                } else if self.length.q.val().get_bits::<2>(0).any() {
                    self.reject.d.next = self.r_length.val();
                } else if self.item_count.q.val() > self.k_max_items.val() {
                    self.reject.d.next = self.r_too_many_items.val();
                } else if !self.words_match.val() {
                    self.reject.d.next = self.r_length.val();
                } else {
                    self.header_reject.d.next = false;
                    self.collect_begin.next = self.work.val();
                    self.state.d.next = ProcessorState::Item;
                }
            }
            ProcessorState::Item => {
                self.in_payload.next = true;
                if self.remaining.q.val() == 0 {
                    if self.items_left.q.val() != 0 {
                        self.reject.d.next = self.r_length.val();
                    }
                    self.state.d.next = ProcessorState::Trailer;
                } else if self.items_left.q.val() == 0 {
                    self.reject.d.next = self.r_length.val();
                    self.state.d.next = ProcessorState::Drain;
                } else {
                    self.ready.next = true;
                    self.first.d.next = self.rx_data.val();
                    self.message_words.d.next = self.rx_data.val().get_bits::<30>(2);
                    self.message_tail.d.next = self.rx_data.val().get_bits::<2>(0);
                    if self.rx_valid.val() {
                        if self.work.val() {
                            self.state.d.next = ProcessorState::MessageLength;
                            self.items_left.d.next = self.items_left.q.val() - 1;
                        } else {
                            self.state.d.next = ProcessorState::Decode;
                        }
                    }
                }
            }
            ProcessorState::MessageLength => {
                if self.too_long.val() {
                    self.reject.d.next = self.r_length.val();
                    self.state.d.next = ProcessorState::Drain;
                } else if (self.message_words.q.val() == 0) & (self.message_tail.q.val() == 0) {
                    self.state.d.next = ProcessorState::EmptyMessage;
                } else {
                    self.state.d.next = ProcessorState::Message;
                }
            }
            ProcessorState::EmptyMessage => {
                if self.free.val() {
                    self.out_valid.d.next = true;
                    self.out_bytes.d.next = 0.into();
                    self.out_last.d.next = true;
                    self.started_items.d.next = self.started_items.q.val() + 1;
                    self.state.d.next = ProcessorState::Item;
                }
            }
            ProcessorState::Message => {
                self.in_payload.next = true;
                self.ready.next = self.free.val();
                if self.free.val() {
                    self.out_data.d.next = self.rx_data.val();
                    self.out_bytes.d.next = 4.into();
                    self.out_last.d.next = false;
                    if self.last.val() {
                        self.out_last.d.next = true;
                        if self.message_tail.q.val() != 0 {
                            self.out_bytes.d.next = bit_cast::<3, 2>(self.message_tail.q.val());
                        }
                    }
                    if self.rx_valid.val() {
                        self.out_valid.d.next = true;
                        self.message_words.d.next = self.message_words.q.val() - 1;
                        if self.last.val() {
                            self.started_items.d.next = self.started_items.q.val() + 1;
                            self.state.d.next = ProcessorState::Item;
                        }
                    }
                }
            }
            ProcessorState::Decode => {
                self.register_select.next = true;
                self.state.d.next = ProcessorState::LookUp;
            }
            ProcessorState::LookUp => {
                self.state.d.next = ProcessorState::Store;
            }
            ProcessorState::Store => {
                if !self.register_known.val() | (self.write.val() & !self.register_writable.val()) {
                    self.reject.d.next = self.r_register.val();
                    self.state.d.next = ProcessorState::Drain;
                } else if self.write.val() {
                    self.state.d.next = ProcessorState::Value;
                } else if self.reply_full.val() {
                    self.state.d.next = ProcessorState::Decode;
                } else {
                    self.reply_write.next = true;
                    self.items_left.d.next = self.items_left.q.val() - 1;
                    self.state.d.next = ProcessorState::Item;
                }
            }
            ProcessorState::Value => {
                self.in_payload.next = true;
                self.ready.next = true;
                if self.rx_valid.val() {
                    self.register_write.next = true;
                    self.items_left.d.next = self.items_left.q.val() - 1;
                    self.state.d.next = ProcessorState::Item;
                }
            }
            ProcessorState::Drain => {
                self.in_payload.next = true;
                self.ready.next = self.remaining.q.val() != 0;
                if self.remaining.q.val() == 0 {
                    self.state.d.next = ProcessorState::Trailer;
                }
            }
            ProcessorState::Trailer => {
                self.ready.next = true;
                if self.rx_valid.val() {
                    self.state.d.next = ProcessorState::Judge;
                }
            }
            ProcessorState::Judge => {
                self.state.d.next = ProcessorState::Finish;
                if !self.crc_right.q.val() & !self.header_reject.q.val() {
                    self.reject.d.next = self.r_payload_crc.val();
                    self.payload_crc_error.next = true;
                    self.state.d.next = ProcessorState::Answer;
                }
            }
            ProcessorState::Finish => {
                if self.bad.val() | !self.work.val() | self.complete.val() {
                    self.state.d.next = ProcessorState::Answer;
                }
            }
            ProcessorState::Answer => {
                self.busy.next = false;
                if !self.send_busy.val() {
                    self.send_start.next = true;
                    self.reply_commit.next = !self.bad.val();
                    self.register_commit.next = !self.bad.val();
                    self.frame_done.next = !self.bad.val();
                    self.rejected.next = self.bad.val();
                    self.state.d.next = ProcessorState::Search;
                }
            }
            _ => {
                self.state.d.next = ProcessorState::Search;
            }
        }

        // Link: every word taken goes through the CRC; a long wait ends the frame.
        self.rx_ready.next = self.ready.val();
        self.take.next = self.ready.val() & self.rx_valid.val();
        self.rx_search.next = self.state.q.val() == ProcessorState::Search;
        self.rx_hold.next = (self.state.q.val() == ProcessorState::Header)
            | (self.state.q.val() == ProcessorState::Verdict);
        self.crc_step.state.next = self.crc_state.q.val();
        self.crc_step.word.next = self.rx_data.val();
        if self.take.val() & (self.state.q.val() != ProcessorState::Search) {
            self.crc_state.d.next = self.crc_step.next_state.val();
        }
        if self.state.q.val() == ProcessorState::Verdict {
            self.crc_state.d.next = self.k_initial.val();
        }
        if self.take.val() {
            self.crc_right.d.next =
                (self.crc_state.q.val() ^ self.k_ones.val()) == self.rx_data.val();
        }
        if self.take.val() & self.in_payload.val() {
            self.remaining.d.next = self.remaining.q.val() - 1;
        }
        self.waiting.next = self.ready.val()
            & !self.rx_valid.val()
            & (self.state.q.val() != ProcessorState::Search);
        self.waiting_q.d.next = self.waiting.val();
        self.timer.d.next = self.timer.q.val() + 1;
        if !self.waiting_q.q.val() {
            self.timer.d.next = 0.into();
        }
        self.expired.d.next = self.waiting.val()
            & self.waiting_q.q.val()
            & (self.timer.q.val() >= self.link_timeout.val());
        self.timed_out.next = self.waiting.val() & self.expired.q.val();
        self.link_timed_out.next = self.timed_out.val();
        if self.timed_out.val() {
            self.reject.d.next = self.r_link_timeout.val();
            if self.state.q.val() == ProcessorState::Header {
                self.tag.d.next = self.k_tag_unknown.val();
                self.rx_rewind.next = true;
            }
            self.state.d.next = ProcessorState::Answer;
        }

        // A rejected frame leaves nothing behind.
        self.collect_abort.next = self.bad.val() & (self.state.q.val() == ProcessorState::Answer);
        self.reply_abort.next = self.bad.val() & (self.state.q.val() == ProcessorState::Answer);
        self.engine_clear.next = self.reset.val()
            | self.dead.val()
            | self.engine_reset.val()
            | (self.bad.val() & (self.state.q.val() == ProcessorState::Answer));
        if self.engine_clear.val() {
            self.out_valid.d.next = false;
        }
        if self.reset.val() {
            self.state.d.next = ProcessorState::Search;
        }

        self.engine_valid.next = self.out_valid.q.val();
        self.engine_data.next = self.out_data.q.val();
        self.engine_bytes.next = self.out_bytes.q.val();
        self.engine_last.next = self.out_last.q.val();
        self.engine_select.next = self.param.q.val().get_bits::<5>(0);
        self.engine_param.next = self.param.q.val().get_bits::<12>(0);
        self.engine_verify.next = self.verify.val() | self.recover.val();
        self.engine_recover.next = self.recover.val();
        self.items.next = self.item_count.q.val();
        self.digest_words.next = 8.into();
        if self.param.q.val() == self.k_sha512.val() {
            self.digest_words.next = 16.into();
        }
        if self.verify.val() {
            self.digest_words.next = 1.into();
        }
        if self.recover.val() {
            self.digest_words.next = 17.into();
        }
        self.hashing.next = self.work.val();
        self.started.next = self.started_items.q.val();
        self.register_address.next = self.first.q.val();
        self.register_begin.next = self.state.q.val() == ProcessorState::Verdict;
        self.send_tag.next = self.tag.q.val();
        if self.bad.val() {
            self.send_opcode.next = self.k_error.val();
            self.send_param.next = bit_cast::<16, 4>(self.reject.q.val());
            self.send_items.next = 0.into();
            self.send_words.next = 0.into();
        } else {
            self.send_opcode.next = self.opcode.q.val() | self.k_reply.val();
            self.send_param.next = self.param.q.val();
            self.send_items.next = self.item_count.q.val();
            self.send_words.next = self.reply_words.val();
            if self.write.val() {
                self.send_items.next = 0.into();
            }
        }
    }
}
