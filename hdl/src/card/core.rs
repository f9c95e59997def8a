//! The card without link and engines: command processor, collector, registers, reply path.

use super::CardConfig;
use super::collector::Collector;
use super::processor::Processor;
use super::registers::Registers;
use super::reply::ReplyBuffer;
use super::sender::Sender;
use super::work::Work;
use crate::prim::Skid;
use rust_hdl::prelude::*;

/// Declares a card that does `$work`, and whose answers have as many words as `self.$words` says,
/// counted in `$bits` bits.
macro_rules! card_core {
    (
        $(#[$doc:meta])* $Core:ident, $work:path, $bits:literal, $($words:ident).+
        $(, $field:ident: $type:ty = $make:path)?
    ) => {
        $(#[$doc])*
        #[derive(LogicBlock)]
        pub struct $Core {
            /// Clock.
            pub clock: Signal<In, Clock>,
            /// Synchronous reset.
            pub reset: Signal<In, Bit>,
            /// A word of a request is offered; while `rx_search` is high only a magic.
            pub rx_valid: Signal<In, Bit>,
            /// It is taken.
            pub rx_ready: Signal<Out, Bit>,
            /// The word, its first byte in bits 7 … 0.
            pub rx_data: Signal<In, Bits<32>>,
            /// The card looks for a magic: the link drops everything else.
            pub rx_search: Signal<Out, Bit>,
            /// The link keeps what is taken, for `rx_rewind`.
            pub rx_hold: Signal<Out, Bit>,
            /// The link starts again behind the last magic.
            pub rx_rewind: Signal<Out, Bit>,
            /// The link dropped a word or byte.
            pub rx_skipped: Signal<In, Bit>,
            /// A word of a reply is offered.
            pub tx_valid: Signal<Out, Bit>,
            /// It is taken.
            pub tx_ready: Signal<In, Bit>,
            /// The word, its first byte in bits 7 … 0.
            pub tx_data: Signal<Out, Bits<32>>,
            /// The last word of a frame.
            pub tx_last: Signal<Out, Bit>,
            /// Drops every message in the engines; from a register.
            pub engine_clear: Signal<Out, Bit>,
            /// Algorithm; changes only while the engines are empty.
            pub engine_select: Signal<Out, Bits<5>>,
            /// Parameter of the request, for verification; changes only while the engines are empty.
            pub engine_param: Signal<Out, Bits<12>>,
            /// Items are signatures.
            pub engine_verify: Signal<Out, Bit>,
            /// Public keys are recovered from them.
            pub engine_recover: Signal<Out, Bit>,
            /// A word of a message is offered.
            pub engine_in_valid: Signal<Out, Bit>,
            /// It is taken.
            pub engine_in_ready: Signal<In, Bit>,
            /// The word.
            pub engine_in_data: Signal<Out, Bits<32>>,
            /// Valid bytes in it.
            pub engine_in_bytes: Signal<Out, Bits<3>>,
            /// It ends its message.
            pub engine_in_last: Signal<Out, Bit>,
            /// A word of a digest is offered.
            pub engine_out_valid: Signal<In, Bit>,
            /// It is taken.
            pub engine_out_ready: Signal<Out, Bit>,
            /// The word.
            pub engine_out_data: Signal<In, Bits<32>>,
            /// Value of the register of that name.
            pub capabilities: Signal<In, Bits<32>>,
            /// Value of the register of that name.
            pub verify_capabilities: Signal<In, Bits<9>>,
            /// The engines verify by the rules of `engine_param`.
            pub param_known: Signal<In, Bit>,
            /// The bus wants a register.
            pub bus_select: Signal<In, Bit>,
            /// It has it: `bus_value` and the others are right two cycles later.
            pub bus_grant: Signal<Out, Bit>,
            /// Byte address; bits 1 … 0 are not looked at.
            pub bus_address: Signal<In, Bits<12>>,
            /// It writes.
            pub bus_write: Signal<In, Bit>,
            /// What it writes, held for one cycle after `bus_grant`.
            pub bus_data: Signal<In, Bits<32>>,
            /// Value.
            pub bus_value: Signal<Out, Bits<32>>,
            /// There is such a register.
            pub bus_known: Signal<Out, Bit>,
            /// It can be written.
            pub bus_writable: Signal<Out, Bit>,
            /// A request is being carried out.
            pub busy: Signal<Out, Bit>,
            /// A reply is being sent.
            pub answering: Signal<Out, Bit>,
            /// An engine was given up in the last hash frame.
            pub dead: Signal<Out, Bit>,
            /// The last request was rejected.
            pub failed: Signal<Out, Bit>,
            processor: Processor,
            collector: Collector<$bits>,
            $($field: $type,)?
            registers: Registers,
            reply: ReplyBuffer,
            sender: Sender,
            /// Cuts the path from the engines' readiness to the link's. Data 32, bytes 3, last 1.
            slice: Skid<36>,
            /// The engines are cleared a cycle after the slice before them: the order goes through
            /// the whole card.
            clear: DFF<Bit>,
            last_failed: DFF<Bit>,
        }

        impl $Core {
            /// A card of these sizes, whose engines' digests take at most `digest_words` words, behind
            /// a link with `receive_buffer` bytes (0: the link has flow control).
            pub fn new(config: &CardConfig, digest_words: u32, receive_buffer: u32) -> Self {
                config.check();
                let max_items = config.max_items(digest_words + 1);
                Self {
                    clock: Default::default(),
                    reset: Default::default(),
                    rx_valid: Default::default(),
                    rx_ready: Default::default(),
                    rx_data: Default::default(),
                    rx_search: Default::default(),
                    rx_hold: Default::default(),
                    rx_rewind: Default::default(),
                    rx_skipped: Default::default(),
                    tx_valid: Default::default(),
                    tx_ready: Default::default(),
                    tx_data: Default::default(),
                    tx_last: Default::default(),
                    engine_clear: Default::default(),
                    engine_select: Default::default(),
                    engine_param: Default::default(),
                    engine_verify: Default::default(),
                    engine_recover: Default::default(),
                    engine_in_valid: Default::default(),
                    engine_in_ready: Default::default(),
                    engine_in_data: Default::default(),
                    engine_in_bytes: Default::default(),
                    engine_in_last: Default::default(),
                    engine_out_valid: Default::default(),
                    engine_out_ready: Default::default(),
                    engine_out_data: Default::default(),
                    capabilities: Default::default(),
                    verify_capabilities: Default::default(),
                    param_known: Default::default(),
                    bus_select: Default::default(),
                    bus_grant: Default::default(),
                    bus_address: Default::default(),
                    bus_write: Default::default(),
                    bus_data: Default::default(),
                    bus_value: Default::default(),
                    bus_known: Default::default(),
                    bus_writable: Default::default(),
                    busy: Default::default(),
                    answering: Default::default(),
                    dead: Default::default(),
                    failed: Default::default(),
                    processor: Processor::new(max_items, $work),
                    collector: Collector::default(),
                    $($field: $make(digest_words),)?
                    registers: Registers::new(config, max_items, receive_buffer, $work),
                    reply: ReplyBuffer::new(config),
                    sender: Sender::default(),
                    slice: Default::default(),
                    clear: Default::default(),
                    last_failed: Default::default(),
                }
            }
        }

        impl Logic for $Core {
            #[hdl_gen]
            fn update(&mut self) {
                dff_setup!(self, clock, clear, last_failed);
                clock!(self, clock, processor, collector, registers, reply, sender, slice);
                self.processor.reset.next = self.reset.val();
                self.collector.reset.next = self.reset.val();
                self.registers.reset.next = self.reset.val();
                self.reply.reset.next = self.reset.val();
                self.sender.reset.next = self.reset.val();
                // Link in.
                self.processor.rx_valid.next = self.rx_valid.val();
                self.processor.rx_data.next = self.rx_data.val();
                self.rx_ready.next = self.processor.rx_ready.val();
                self.rx_search.next = self.processor.rx_search.val();
                self.rx_hold.next = self.processor.rx_hold.val();
                self.rx_rewind.next = self.processor.rx_rewind.val();
                // Engines.
                self.clear.d.next = self.processor.engine_clear.val();
                self.engine_clear.next = self.clear.q.val();
                self.engine_select.next = self.processor.engine_select.val();
                self.engine_param.next = self.processor.engine_param.val();
                self.engine_verify.next = self.processor.engine_verify.val();
                self.engine_recover.next = self.processor.engine_recover.val();
                self.slice.reset.next = self.processor.engine_clear.val();
                self.slice.in_valid.next = self.processor.engine_valid.val();
                self.slice.in_data.next = (bit_cast::<36, 32>(self.processor.engine_data.val()) << 4)
                    | (bit_cast::<36, 3>(self.processor.engine_bytes.val()) << 1);
                if self.processor.engine_last.val() {
                    self.slice.in_data.next = (bit_cast::<36, 32>(self.processor.engine_data.val()) << 4)
                        | (bit_cast::<36, 3>(self.processor.engine_bytes.val()) << 1)
                        | 1;
                }
                self.processor.engine_ready.next = self.slice.in_ready.val();
                self.engine_in_valid.next = self.slice.out_valid.val();
                self.engine_in_data.next = self.slice.out_data.val().get_bits::<32>(4);
                self.engine_in_bytes.next = self.slice.out_data.val().get_bits::<3>(1);
                self.engine_in_last.next = self.slice.out_data.val().get_bit(0);
                self.slice.out_ready.next = self.engine_in_ready.val();
                self.processor.engine_reset.next = self.registers.engine_reset.val();
                self.processor.capabilities.next = self.capabilities.val();
                self.processor.verify_capabilities.next = self.verify_capabilities.val();
                self.processor.param_known.next = self.param_known.val();
                // Digests.
                self.collector.start.next = self.processor.collect_begin.val();
                self.collector.abort.next = self.processor.collect_abort.val();
                self.collector.fail.next = self.registers.engine_reset.val();
                self.collector.items.next = self.processor.items.val();
                self.collector.digest_words.next = self.$($words).+.val();
                self.collector.started.next = self.processor.started.val();
                self.collector.timeout.next = self.registers.engine_timeout.val();
                self.collector.engine_in_valid.next = self.slice.out_valid.val();
                self.collector.engine_in_ready.next = self.engine_in_ready.val();
                self.collector.engine_valid.next = self.engine_out_valid.val();
                self.collector.engine_data.next = self.engine_out_data.val();
                self.engine_out_ready.next = self.collector.engine_ready.val();
                self.collector.full.next = self.reply.full.val();
                self.processor.dead.next = self.collector.dead.val();
                self.processor.complete.next = self.collector.complete.val();
                // Registers.
                self.registers.frame_select.next = self.processor.register_select.val();
                self.registers.frame_address.next = self.processor.register_address.val();
                self.registers.frame_data.next = self.rx_data.val();
                self.registers.frame_begin.next = self.processor.register_begin.val();
                self.registers.frame_write.next = self.processor.register_write.val();
                self.registers.frame_commit.next = self.processor.register_commit.val();
                self.processor.register_value.next = self.registers.data.val();
                self.processor.register_known.next = self.registers.known.val();
                self.processor.register_writable.next = self.registers.writable.val();
                self.processor.link_timeout.next = self.registers.link_timeout.val();
                self.registers.capabilities.next = self.capabilities.val();
                self.registers.verify_capabilities.next = self.verify_capabilities.val();
                self.registers.bus_select.next = self.bus_select.val();
                self.registers.bus_address.next = self.bus_address.val();
                self.registers.bus_write.next = self.bus_write.val();
                self.registers.bus_data.next = self.bus_data.val();
                self.bus_grant.next = self.registers.bus_grant.val();
                self.bus_value.next = self.registers.data.val();
                self.bus_known.next = self.registers.known.val();
                self.bus_writable.next = self.registers.writable.val();
                // Counters.
                self.registers.busy.next = self.processor.busy.val();
                self.registers.frame_done.next = self.processor.frame_done.val();
                self.registers.items_done.next =
                    self.processor.frame_done.val() & self.processor.hashing.val();
                self.registers.done_items.next = self.collector.done.val();
                self.registers.lost_items.next = self.collector.timed_out.val();
                self.registers.rejected.next = self.processor.rejected.val();
                self.registers.header_crc_error.next = self.processor.header_crc_error.val();
                self.registers.payload_crc_error.next = self.processor.payload_crc_error.val();
                self.registers.link_timed_out.next = self.processor.link_timed_out.val();
                self.registers.skipped.next = self.rx_skipped.val();
                // Reply: digests or register values.
                self.reply.write.next = self.collector.write.val() | self.processor.reply_write.val();
                self.reply.data.next = self.collector.data.val();
                if self.processor.reply_write.val() {
                    self.reply.data.next = self.processor.reply_data.val();
                }
                self.reply.mark_item.next = self.collector.mark_item.val();
                self.reply.drop_item.next = self.collector.drop_item.val();
                self.reply.commit.next = self.processor.reply_commit.val();
                self.reply.abort.next = self.processor.reply_abort.val();
                self.processor.reply_full.next = self.reply.full.val();
                self.processor.reply_words.next = self.reply.words.val();
                self.sender.start.next = self.processor.send_start.val();
                self.sender.opcode.next = self.processor.send_opcode.val();
                self.sender.tag.next = self.processor.send_tag.val();
                self.sender.param.next = self.processor.send_param.val();
                self.sender.items.next = self.processor.send_items.val();
                self.sender.words.next = self.processor.send_words.val();
                self.processor.send_busy.next = self.sender.busy.val();
                self.sender.payload_valid.next = self.reply.out_valid.val();
                self.sender.payload.next = self.reply.out_data.val();
                self.reply.out_ready.next = self.sender.payload_ready.val();
                // Link out.
                self.tx_valid.next = self.sender.out_valid.val();
                self.tx_data.next = self.sender.out_data.val();
                self.tx_last.next = self.sender.out_last.val();
                self.sender.out_ready.next = self.tx_ready.val();
                // Status.
                self.busy.next = self.processor.busy.val();
                self.answering.next = self.sender.busy.val();
                self.dead.next = self.collector.dead.val();
                if self.processor.rejected.val() {
                    self.last_failed.d.next = true;
                }
                if self.processor.frame_done.val() | self.reset.val() {
                    self.last_failed.d.next = false;
                }
                self.failed.next = self.last_failed.q.val();
            }
        }
    };
}

card_core! {
    /// Everything between a word link and an engine bank.
    ///
    /// ```text
    /// rx words ─► Processor ─► engine bank ─► Collector ─► ReplyBuffer ─► Sender ─► tx words
    ///                 │  ▲                                     ▲
    ///                 ▼  │  ReadRegisters ────────────────────►┘
    ///               Registers ◄─ bus (AXI4-Lite)
    /// ```
    CardCore, Work::SIGNATURES, 5, processor.digest_words
}

card_core! {
    /// The same around engines of multi-scalar multiplication, whose answers all have `digest_words`
    /// words. The wires with `verify` in their names carry what multiplies.
    MultiplyCore, Work::MULTIPLICATIONS, 11, answer_words,
    answer_words: Constant<Bits<11>> = answer_words
}

/// The length of an answer.
fn answer_words(words: u32) -> Constant<Bits<11>> {
    assert!(words < 1 << 11, "answers of {words} words");
    Constant::new(words.to_bits())
}
