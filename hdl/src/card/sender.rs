//! Sender: makes a reply frame of a header and the words in the reply buffer.

use crate::prim::CrcStep;
use chaincard_protocol::frame::MAGIC_WORD;
use chaincard_protocol::{PROTOCOL_VERSION, crc};
use rust_hdl::prelude::*;

/// What the sender puts into its output register next.
#[derive(Copy, Clone, Debug, PartialEq, LogicState)]
pub(super) enum SenderState {
    Idle,
    Magic,
    OpcodeTag,
    ParamItems,
    Length,
    HeaderCrc,
    Payload,
    PayloadCrc,
}

/// Sends one frame: magic, three header words, header CRC, payload, payload CRC.
///
/// `start` is taken while `busy` is low, together with the header fields and the number of
/// payload words, which must then be in the reply buffer. One word per cycle; the first is
/// offered two cycles after `start`.
#[derive(LogicBlock)]
pub(super) struct Sender {
    pub(super) clock: Signal<In, Clock>,
    pub(super) reset: Signal<In, Bit>,
    pub(super) start: Signal<In, Bit>,
    pub(super) busy: Signal<Out, Bit>,
    pub(super) opcode: Signal<In, Bits<8>>,
    pub(super) tag: Signal<In, Bits<16>>,
    pub(super) param: Signal<In, Bits<16>>,
    pub(super) items: Signal<In, Bits<16>>,
    pub(super) words: Signal<In, Bits<16>>,
    pub(super) payload_valid: Signal<In, Bit>,
    pub(super) payload_ready: Signal<Out, Bit>,
    pub(super) payload: Signal<In, Bits<32>>,
    pub(super) out_valid: Signal<Out, Bit>,
    pub(super) out_ready: Signal<In, Bit>,
    pub(super) out_data: Signal<Out, Bits<32>>,
    pub(super) out_last: Signal<Out, Bit>,
    state: DFF<SenderState>,
    opcode_tag: DFF<Bits<32>>,
    param_items: DFF<Bits<32>>,
    words_left: DFF<Bits<16>>,
    crc_state: DFF<Bits<32>>,
    valid: DFF<Bit>,
    data: DFF<Bits<32>>,
    last: DFF<Bit>,
    crc_step: CrcStep,
    free: Signal<Local, Bit>,
    put: Signal<Local, Bit>,
    word: Signal<Local, Bits<32>>,
    magic: Constant<Bits<32>>,
    version: Constant<Bits<32>>,
    crc_initial: Constant<Bits<32>>,
    ones: Constant<Bits<32>>,
}

impl Default for Sender {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            start: Default::default(),
            busy: Default::default(),
            opcode: Default::default(),
            tag: Default::default(),
            param: Default::default(),
            items: Default::default(),
            words: Default::default(),
            payload_valid: Default::default(),
            payload_ready: Default::default(),
            payload: Default::default(),
            out_valid: Default::default(),
            out_ready: Default::default(),
            out_data: Default::default(),
            out_last: Default::default(),
            state: Default::default(),
            opcode_tag: Default::default(),
            param_items: Default::default(),
            words_left: Default::default(),
            crc_state: Default::default(),
            valid: Default::default(),
            data: Default::default(),
            last: Default::default(),
            crc_step: Default::default(),
            free: Default::default(),
            put: Default::default(),
            word: Default::default(),
            magic: Constant::new(MAGIC_WORD.to_bits()),
            version: Constant::new(PROTOCOL_VERSION.to_bits()),
            crc_initial: Constant::new(crc::INITIAL.to_bits()),
            ones: Constant::new(0xFFFF_FFFF_u32.to_bits()),
        }
    }
}

impl Logic for Sender {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            state,
            opcode_tag,
            param_items,
            words_left,
            crc_state,
            valid,
            data,
            last
        );
        self.busy.next = self.state.q.val() != SenderState::Idle;
        self.free.next = !self.valid.q.val() | self.out_ready.val();
        self.payload_ready.next = false;
        self.put.next = false;
        self.word.next = self.payload.val();
        if self.free.val() {
            self.valid.d.next = false;
            self.last.d.next = false;
        }
        match self.state.q.val() {
            SenderState::Idle => {
                self.opcode_tag.d.next = self.version.val()
                    | (bit_cast::<32, 8>(self.opcode.val()) << 8)
                    | (bit_cast::<32, 16>(self.tag.val()) << 16);
                self.param_items.d.next = bit_cast::<32, 16>(self.param.val())
                    | (bit_cast::<32, 16>(self.items.val()) << 16);
                self.words_left.d.next = self.words.val();
                self.crc_state.d.next = self.crc_initial.val();
                if self.start.val() {
                    self.state.d.next = SenderState::Magic;
                }
            }
            SenderState::Magic => {
                self.word.next = self.magic.val();
                self.put.next = self.free.val();
                if self.free.val() {
                    self.state.d.next = SenderState::OpcodeTag;
                }
            }
            SenderState::OpcodeTag => {
                self.word.next = self.opcode_tag.q.val();
                self.put.next = self.free.val();
                if self.free.val() {
                    self.state.d.next = SenderState::ParamItems;
                }
            }
            SenderState::ParamItems => {
                self.word.next = self.param_items.q.val();
                self.put.next = self.free.val();
                if self.free.val() {
                    self.state.d.next = SenderState::Length;
                }
            }
            SenderState::Length => {
                self.word.next = bit_cast::<32, 16>(self.words_left.q.val()) << 2;
                self.put.next = self.free.val();
                if self.free.val() {
                    self.state.d.next = SenderState::HeaderCrc;
                }
            }
            SenderState::HeaderCrc => {
                self.word.next = self.crc_state.q.val() ^ self.ones.val();
                self.put.next = self.free.val();
                if self.free.val() {
                    self.state.d.next = SenderState::Payload;
                }
            }
            SenderState::Payload => {
                if self.words_left.q.val() == 0 {
                    self.state.d.next = SenderState::PayloadCrc;
                } else {
                    self.payload_ready.next = self.free.val();
                    self.put.next = self.free.val() & self.payload_valid.val();
                    if self.free.val() & self.payload_valid.val() {
                        self.words_left.d.next = self.words_left.q.val() - 1;
                        if self.words_left.q.val() == 1 {
                            self.state.d.next = SenderState::PayloadCrc;
                        }
                    }
                }
            }
            SenderState::PayloadCrc => {
                self.word.next = self.crc_state.q.val() ^ self.ones.val();
                self.put.next = self.free.val();
                if self.free.val() {
                    self.last.d.next = true;
                    self.state.d.next = SenderState::Idle;
                }
            }
            _ => {
                self.state.d.next = SenderState::Idle;
            }
        }
        self.crc_step.state.next = self.crc_state.q.val();
        self.crc_step.word.next = self.word.val();
        if self.put.val() {
            self.valid.d.next = true;
            self.data.d.next = self.word.val();
            if self.state.q.val() == SenderState::HeaderCrc {
                self.crc_state.d.next = self.crc_initial.val();
            } else {
                self.crc_state.d.next = self.crc_step.next_state.val();
            }
        }
        if self.reset.val() {
            self.state.d.next = SenderState::Idle;
            self.valid.d.next = false;
        }
        self.out_valid.next = self.valid.q.val();
        self.out_data.next = self.data.q.val();
        self.out_last.next = self.last.q.val();
    }
}
