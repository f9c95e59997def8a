//! Register file: the map of `chaincard_protocol::Register`, with the counters behind it.

use super::CardConfig;
use super::work::Work;
use chaincard_protocol::Register;
use chaincard_protocol::frame::MAGIC_WORD;
use rust_hdl::prelude::*;

/// Payload bytes in one frame: messages are cut through, so only the length field bounds it.
pub(super) const MAX_PAYLOAD: u32 = 0xFFFF_FFFC;

/// Registers with two users: register frames and AXI4-Lite.
///
/// A read or a check takes three cycles: the address is sampled while `frame_select` or
/// (without it) `bus_select` is high, and `data`, `known` and `writable` are right two cycles
/// later. A frame's writes (`frame_write`) are kept aside and take effect together with
/// `frame_commit`; `frame_begin` forgets them. A bus write takes effect at once when
/// `bus_grant` is high.
#[derive(LogicBlock)]
pub(super) struct Registers {
    pub(super) clock: Signal<In, Clock>,
    pub(super) reset: Signal<In, Bit>,
    pub(super) frame_select: Signal<In, Bit>,
    pub(super) frame_address: Signal<In, Bits<32>>,
    pub(super) frame_data: Signal<In, Bits<32>>,
    pub(super) frame_begin: Signal<In, Bit>,
    pub(super) frame_write: Signal<In, Bit>,
    pub(super) frame_commit: Signal<In, Bit>,
    pub(super) bus_select: Signal<In, Bit>,
    pub(super) bus_grant: Signal<Out, Bit>,
    pub(super) bus_address: Signal<In, Bits<12>>,
    pub(super) bus_write: Signal<In, Bit>,
    pub(super) bus_data: Signal<In, Bits<32>>,
    pub(super) data: Signal<Out, Bits<32>>,
    pub(super) known: Signal<Out, Bit>,
    pub(super) writable: Signal<Out, Bit>,
    pub(super) capabilities: Signal<In, Bits<32>>,
    pub(super) verify_capabilities: Signal<In, Bits<9>>,
    pub(super) link_timeout: Signal<Out, Bits<32>>,
    pub(super) engine_timeout: Signal<Out, Bits<32>>,
    pub(super) engine_reset: Signal<Out, Bit>,
    pub(super) busy: Signal<In, Bit>,
    pub(super) frame_done: Signal<In, Bit>,
    pub(super) items_done: Signal<In, Bit>,
    pub(super) done_items: Signal<In, Bits<16>>,
    pub(super) lost_items: Signal<In, Bits<16>>,
    pub(super) rejected: Signal<In, Bit>,
    pub(super) header_crc_error: Signal<In, Bit>,
    pub(super) payload_crc_error: Signal<In, Bit>,
    pub(super) link_timed_out: Signal<In, Bit>,
    pub(super) skipped: Signal<In, Bit>,
    index: DFF<Bits<5>>,
    in_map: DFF<Bit>,
    reading: DFF<Bit>,
    value: DFF<Bits<32>>,
    is_known: DFF<Bit>,
    is_writable: DFF<Bit>,
    link_timeout_q: DFF<Bits<32>>,
    engine_timeout_q: DFF<Bits<32>>,
    scratch: DFF<Bits<32>>,
    reset_q: DFF<Bit>,
    next_link: DFF<Bits<32>>,
    next_engine: DFF<Bits<32>>,
    next_scratch: DFF<Bits<32>>,
    link_set: DFF<Bit>,
    engine_set: DFF<Bit>,
    scratch_set: DFF<Bit>,
    reset_set: DFF<Bit>,
    selected: DFF<Bit>,
    frame_link: DFF<Bit>,
    frame_engine: DFF<Bit>,
    frame_scratch: DFF<Bit>,
    frame_reset: DFF<Bit>,
    bus_writes: DFF<Bit>,
    at_link: Signal<Local, Bit>,
    at_engine: Signal<Local, Bit>,
    at_scratch: Signal<Local, Bit>,
    at_reset: Signal<Local, Bit>,
    cycles_low: DFF<Bits<32>>,
    cycles_high: DFF<Bits<32>>,
    carry: DFF<Bit>,
    latched_high: DFF<Bits<32>>,
    busy_cycles: DFF<Bits<32>>,
    frames: DFF<Bits<32>>,
    items: DFF<Bits<32>>,
    rejects: DFF<Bits<32>>,
    header_crc_errors: DFF<Bits<32>>,
    payload_crc_errors: DFF<Bits<32>>,
    link_timeouts: DFF<Bits<32>>,
    engine_timeouts: DFF<Bits<32>>,
    skipped_units: DFF<Bits<32>>,
    zero: Constant<Bits<32>>,
    id: Constant<Bits<32>>,
    protocol_version: Constant<Bits<32>>,
    design_version: Constant<Bits<32>>,
    max_items: Constant<Bits<32>>,
    max_payload: Constant<Bits<32>>,
    receive_buffer: Constant<Bits<32>>,
    clock_hz: Constant<Bits<32>>,
    link_reset: Constant<Bits<32>>,
    engine_reset_value: Constant<Bits<32>>,
    last_low: Constant<Bits<32>>,
    floor: Constant<Bits<32>>,
    at_id: Constant<Bits<5>>,
    at_protocol_version: Constant<Bits<5>>,
    at_design_version: Constant<Bits<5>>,
    at_capabilities: Constant<Bits<5>>,
    at_verify_capabilities: Constant<Bits<5>>,
    at_max_items: Constant<Bits<5>>,
    at_max_payload: Constant<Bits<5>>,
    at_receive_buffer: Constant<Bits<5>>,
    at_clock_hz: Constant<Bits<5>>,
    at_control: Constant<Bits<5>>,
    at_link_timeout: Constant<Bits<5>>,
    at_engine_timeout: Constant<Bits<5>>,
    at_scratch_register: Constant<Bits<5>>,
    at_cycles_low: Constant<Bits<5>>,
    at_cycles_high: Constant<Bits<5>>,
    at_busy_cycles: Constant<Bits<5>>,
    at_frames: Constant<Bits<5>>,
    at_items: Constant<Bits<5>>,
    at_rejects: Constant<Bits<5>>,
    at_header_crc_errors: Constant<Bits<5>>,
    at_payload_crc_errors: Constant<Bits<5>>,
    at_link_timeouts: Constant<Bits<5>>,
    at_engine_timeouts: Constant<Bits<5>>,
    at_skipped: Constant<Bits<5>>,
}

/// Position of a register in the decoder.
fn at(register: Register) -> Constant<Bits<5>> {
    Constant::new((register.address() >> 2).to_bits())
}

impl Registers {
    /// Registers of a card with this many items in a frame, whose engines do `work`;
    /// `receive_buffer` is the register of that name.
    pub(super) fn new(
        config: &CardConfig,
        max_items: u32,
        receive_buffer: u32,
        work: Work,
    ) -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            frame_select: Default::default(),
            frame_address: Default::default(),
            frame_data: Default::default(),
            frame_begin: Default::default(),
            frame_write: Default::default(),
            frame_commit: Default::default(),
            bus_select: Default::default(),
            bus_grant: Default::default(),
            bus_address: Default::default(),
            bus_write: Default::default(),
            bus_data: Default::default(),
            data: Default::default(),
            known: Default::default(),
            writable: Default::default(),
            capabilities: Default::default(),
            verify_capabilities: Default::default(),
            link_timeout: Default::default(),
            engine_timeout: Default::default(),
            engine_reset: Default::default(),
            busy: Default::default(),
            frame_done: Default::default(),
            items_done: Default::default(),
            done_items: Default::default(),
            lost_items: Default::default(),
            rejected: Default::default(),
            header_crc_error: Default::default(),
            payload_crc_error: Default::default(),
            link_timed_out: Default::default(),
            skipped: Default::default(),
            index: Default::default(),
            in_map: Default::default(),
            reading: Default::default(),
            value: Default::default(),
            is_known: Default::default(),
            is_writable: Default::default(),
            link_timeout_q: Default::default(),
            engine_timeout_q: Default::default(),
            scratch: Default::default(),
            reset_q: Default::default(),
            next_link: Default::default(),
            next_engine: Default::default(),
            next_scratch: Default::default(),
            link_set: Default::default(),
            engine_set: Default::default(),
            scratch_set: Default::default(),
            reset_set: Default::default(),
            selected: Default::default(),
            frame_link: Default::default(),
            frame_engine: Default::default(),
            frame_scratch: Default::default(),
            frame_reset: Default::default(),
            bus_writes: Default::default(),
            at_link: Default::default(),
            at_engine: Default::default(),
            at_scratch: Default::default(),
            at_reset: Default::default(),
            cycles_low: Default::default(),
            cycles_high: Default::default(),
            carry: Default::default(),
            latched_high: Default::default(),
            busy_cycles: Default::default(),
            frames: Default::default(),
            items: Default::default(),
            rejects: Default::default(),
            header_crc_errors: Default::default(),
            payload_crc_errors: Default::default(),
            link_timeouts: Default::default(),
            engine_timeouts: Default::default(),
            skipped_units: Default::default(),
            zero: Constant::new(0_u32.to_bits()),
            id: Constant::new(MAGIC_WORD.to_bits()),
            protocol_version: Constant::new(CardConfig::protocol_version().to_bits()),
            design_version: Constant::new(CardConfig::design_version().to_bits()),
            max_items: Constant::new(max_items.to_bits()),
            max_payload: Constant::new(MAX_PAYLOAD.to_bits()),
            receive_buffer: Constant::new(receive_buffer.to_bits()),
            clock_hz: Constant::new(config.clock_hz.to_bits()),
            link_reset: Constant::new(config.link_timeout.to_bits()),
            engine_reset_value: Constant::new(config.engine_timeout.to_bits()),
            last_low: Constant::new(0xFFFF_FFFE_u32.to_bits()),
            floor: Constant::new(config.timeout_floor.to_bits()),
            at_id: at(Register::Id),
            at_protocol_version: at(Register::ProtocolVersion),
            at_design_version: at(Register::DesignVersion),
            at_capabilities: at(Register::Capabilities),
            at_verify_capabilities: at(work.register),
            at_max_items: at(Register::MaxItems),
            at_max_payload: at(Register::MaxPayload),
            at_receive_buffer: at(Register::ReceiveBuffer),
            at_clock_hz: at(Register::ClockHz),
            at_control: at(Register::Control),
            at_link_timeout: at(Register::LinkTimeout),
            at_engine_timeout: at(Register::EngineTimeout),
            at_scratch_register: at(Register::Scratch),
            at_cycles_low: at(Register::CyclesLow),
            at_cycles_high: at(Register::CyclesHigh),
            at_busy_cycles: at(Register::BusyCycles),
            at_frames: at(Register::Frames),
            at_items: at(Register::Items),
            at_rejects: at(Register::Rejects),
            at_header_crc_errors: at(Register::HeaderCrcErrors),
            at_payload_crc_errors: at(Register::PayloadCrcErrors),
            at_link_timeouts: at(Register::LinkTimeouts),
            at_engine_timeouts: at(Register::EngineTimeouts),
            at_skipped: at(Register::Skipped),
        }
    }
}

impl Logic for Registers {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            index,
            in_map,
            reading,
            value,
            is_known,
            is_writable,
            link_timeout_q,
            engine_timeout_q,
            scratch,
            reset_q,
            next_link,
            next_engine,
            next_scratch,
            link_set,
            engine_set,
            scratch_set,
            selected,
            frame_link,
            frame_engine,
            frame_scratch,
            frame_reset,
            reset_set,
            bus_writes,
            cycles_low,
            cycles_high,
            carry,
            latched_high,
            busy_cycles,
            frames,
            items,
            rejects,
            header_crc_errors,
            payload_crc_errors,
            link_timeouts,
            engine_timeouts,
            skipped_units
        );
        // Address: frames first.
        self.bus_grant.next = self.bus_select.val() & !self.frame_select.val();
        if self.frame_select.val() {
            self.index.d.next = self.frame_address.val().get_bits::<5>(2);
            self.in_map.d.next = !self.frame_address.val().get_bits::<25>(7).any()
                & !self.frame_address.val().get_bits::<2>(0).any();
        } else {
            self.index.d.next = self.bus_address.val().get_bits::<5>(2);
            self.in_map.d.next = !self.bus_address.val().get_bits::<5>(7).any();
        }
        self.reading.d.next =
            self.frame_select.val() | (self.bus_select.val() & !self.bus_write.val());
        // Value.
        self.is_known.d.next = self.in_map.q.val();
        self.is_writable.d.next = false;
        self.value.d.next = self.zero.val();
        self.latched_high.d.next = self.latched_high.q.val();
        if self.index.q.val() == self.at_id.val() {
            self.value.d.next = self.id.val();
        } else if self.index.q.val() == self.at_protocol_version.val() {
            self.value.d.next = self.protocol_version.val();
        } else if self.index.q.val() == self.at_design_version.val() {
            self.value.d.next = self.design_version.val();
        } else if self.index.q.val() == self.at_capabilities.val() {
            self.value.d.next = self.capabilities.val();
        } else if self.index.q.val() == self.at_verify_capabilities.val() {
            self.value.d.next = bit_cast::<32, 9>(self.verify_capabilities.val());
        } else if self.index.q.val() == self.at_max_items.val() {
            self.value.d.next = self.max_items.val();
        } else if self.index.q.val() == self.at_max_payload.val() {
            self.value.d.next = self.max_payload.val();
        } else if self.index.q.val() == self.at_receive_buffer.val() {
            self.value.d.next = self.receive_buffer.val();
        } else if self.index.q.val() == self.at_clock_hz.val() {
            self.value.d.next = self.clock_hz.val();
        } else if self.index.q.val() == self.at_control.val() {
            self.is_writable.d.next = self.in_map.q.val();
        } else if self.index.q.val() == self.at_link_timeout.val() {
            self.value.d.next = self.link_timeout_q.q.val() ^ self.link_reset.val();
            self.is_writable.d.next = self.in_map.q.val();
        } else if self.index.q.val() == self.at_engine_timeout.val() {
            self.value.d.next = self.engine_timeout_q.q.val() ^ self.engine_reset_value.val();
            self.is_writable.d.next = self.in_map.q.val();
        } else if self.index.q.val() == self.at_scratch_register.val() {
            self.value.d.next = self.scratch.q.val();
            self.is_writable.d.next = self.in_map.q.val();
        } else if self.index.q.val() == self.at_cycles_low.val() {
            self.value.d.next = self.cycles_low.q.val();
            if self.reading.q.val() & self.in_map.q.val() {
                self.latched_high.d.next = self.cycles_high.q.val();
            }
        } else if self.index.q.val() == self.at_cycles_high.val() {
            self.value.d.next = self.latched_high.q.val();
        } else if self.index.q.val() == self.at_busy_cycles.val() {
            self.value.d.next = self.busy_cycles.q.val();
        } else if self.index.q.val() == self.at_frames.val() {
            self.value.d.next = self.frames.q.val();
        } else if self.index.q.val() == self.at_items.val() {
            self.value.d.next = self.items.q.val();
        } else if self.index.q.val() == self.at_rejects.val() {
            self.value.d.next = self.rejects.q.val();
        } else if self.index.q.val() == self.at_header_crc_errors.val() {
            self.value.d.next = self.header_crc_errors.q.val();
        } else if self.index.q.val() == self.at_payload_crc_errors.val() {
            self.value.d.next = self.payload_crc_errors.q.val();
        } else if self.index.q.val() == self.at_link_timeouts.val() {
            self.value.d.next = self.link_timeouts.q.val();
        } else if self.index.q.val() == self.at_engine_timeouts.val() {
            self.value.d.next = self.engine_timeouts.q.val();
        } else if self.index.q.val() == self.at_skipped.val() {
            self.value.d.next = self.skipped_units.q.val();
        } else {
            self.is_known.d.next = false;
        }
        self.data.next = self.value.q.val();
        self.known.next = self.is_known.q.val();
        self.writable.next = self.is_writable.q.val();

        // Writes: the address is in `index` by now; a frame's value may come much later.
        self.at_link.next =
            self.in_map.q.val() & (self.index.q.val() == self.at_link_timeout.val());
        self.at_engine.next =
            self.in_map.q.val() & (self.index.q.val() == self.at_engine_timeout.val());
        self.at_scratch.next =
            self.in_map.q.val() & (self.index.q.val() == self.at_scratch_register.val());
        self.at_reset.next = self.in_map.q.val() & (self.index.q.val() == self.at_control.val());
        self.bus_writes.d.next =
            self.bus_select.val() & !self.frame_select.val() & self.bus_write.val();
        self.selected.d.next = self.frame_select.val();
        if self.selected.q.val() {
            self.frame_link.d.next = self.at_link.val();
            self.frame_engine.d.next = self.at_engine.val();
            self.frame_scratch.d.next = self.at_scratch.val();
            self.frame_reset.d.next = self.at_reset.val();
        }
        self.reset_q.d.next = false;
        if self.frame_commit.val() {
            if self.link_set.q.val() {
                self.link_timeout_q.d.next = self.next_link.q.val();
            }
            if self.engine_set.q.val() {
                self.engine_timeout_q.d.next = self.next_engine.q.val();
            }
            if self.scratch_set.q.val() {
                self.scratch.d.next = self.next_scratch.q.val();
            }
            self.reset_q.d.next = self.reset_set.q.val();
        }
        if self.frame_write.val() {
            if self.frame_link.q.val() {
                self.next_link.d.next = self.frame_data.val() ^ self.link_reset.val();
                self.link_set.d.next = true;
            }
            if self.frame_engine.q.val() {
                self.next_engine.d.next = self.frame_data.val() ^ self.engine_reset_value.val();
                self.engine_set.d.next = true;
            }
            if self.frame_scratch.q.val() {
                self.next_scratch.d.next = self.frame_data.val();
                self.scratch_set.d.next = true;
            }
            if self.frame_reset.q.val() {
                self.reset_set.d.next = self.frame_data.val().get_bit(0);
            }
        }
        if self.bus_writes.q.val() {
            if self.at_link.val() {
                self.link_timeout_q.d.next = self.bus_data.val() ^ self.link_reset.val();
            }
            if self.at_engine.val() {
                self.engine_timeout_q.d.next = self.bus_data.val() ^ self.engine_reset_value.val();
            }
            if self.at_scratch.val() {
                self.scratch.d.next = self.bus_data.val();
            }
            if self.at_reset.val() {
                self.reset_q.d.next = self.bus_data.val().get_bit(0);
            }
        }
        if self.frame_begin.val() | self.reset.val() {
            self.link_set.d.next = false;
            self.engine_set.d.next = false;
            self.scratch_set.d.next = false;
            self.reset_set.d.next = false;
        }
        // Timeouts are stored as the difference to their reset values, because flip-flops
        // start at 0.
        self.link_timeout.next =
            (self.link_timeout_q.q.val() ^ self.link_reset.val()) | self.floor.val();
        self.engine_timeout.next =
            (self.engine_timeout_q.q.val() ^ self.engine_reset_value.val()) | self.floor.val();
        self.engine_reset.next = self.reset_q.q.val();
        // Counters; the carry is made two cycles ahead, so that both halves step together.
        self.cycles_low.d.next = self.cycles_low.q.val() + 1;
        self.carry.d.next = self.cycles_low.q.val() == self.last_low.val();
        if self.carry.q.val() {
            self.cycles_high.d.next = self.cycles_high.q.val() + 1;
        }
        if self.busy.val() {
            self.busy_cycles.d.next = self.busy_cycles.q.val() + 1;
        }
        if self.frame_done.val() {
            self.frames.d.next = self.frames.q.val() + 1;
        }
        if self.items_done.val() {
            self.items.d.next = self.items.q.val() + bit_cast::<32, 16>(self.done_items.val());
            self.engine_timeouts.d.next =
                self.engine_timeouts.q.val() + bit_cast::<32, 16>(self.lost_items.val());
        }
        if self.rejected.val() {
            self.rejects.d.next = self.rejects.q.val() + 1;
        }
        if self.header_crc_error.val() {
            self.header_crc_errors.d.next = self.header_crc_errors.q.val() + 1;
        }
        if self.payload_crc_error.val() {
            self.payload_crc_errors.d.next = self.payload_crc_errors.q.val() + 1;
        }
        if self.link_timed_out.val() {
            self.link_timeouts.d.next = self.link_timeouts.q.val() + 1;
        }
        if self.skipped.val() {
            self.skipped_units.d.next = self.skipped_units.q.val() + 1;
        }
        if self.reset.val() {
            self.link_timeout_q.d.next = self.zero.val();
            self.engine_timeout_q.d.next = self.zero.val();
            self.scratch.d.next = self.zero.val();
            self.reset_q.d.next = false;
            self.bus_writes.d.next = false;
            self.cycles_low.d.next = self.zero.val();
            self.cycles_high.d.next = self.zero.val();
            self.carry.d.next = false;
            self.busy_cycles.d.next = self.zero.val();
            self.frames.d.next = self.zero.val();
            self.items.d.next = self.zero.val();
            self.rejects.d.next = self.zero.val();
            self.header_crc_errors.d.next = self.zero.val();
            self.payload_crc_errors.d.next = self.zero.val();
            self.link_timeouts.d.next = self.zero.val();
            self.engine_timeouts.d.next = self.zero.val();
            self.skipped_units.d.next = self.zero.val();
        }
    }
}
