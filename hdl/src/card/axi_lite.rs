//! AXI4-Lite slave in front of the register file.

use rust_hdl::prelude::*;

/// What the slave does.
#[derive(Copy, Clone, Debug, PartialEq, LogicState)]
pub(super) enum AxiLiteState {
    Idle,
    Write,
    WriteWait,
    WriteJudge,
    WriteAnswer,
    Read,
    ReadWait,
    ReadJudge,
    ReadAnswer,
}

/// One transfer at a time, writes before reads.
///
/// SLVERR answers an address without a register, a write to a read-only register and a write
/// that does not strobe all four bytes; none of them changes anything. Bits 1 … 0 of an
/// address and `prot` are not looked at.
#[derive(LogicBlock, Default)]
pub(super) struct AxiLite {
    pub(super) clock: Signal<In, Clock>,
    pub(super) reset: Signal<In, Bit>,
    pub(super) awvalid: Signal<In, Bit>,
    pub(super) awready: Signal<Out, Bit>,
    pub(super) awaddr: Signal<In, Bits<12>>,
    pub(super) wvalid: Signal<In, Bit>,
    pub(super) wready: Signal<Out, Bit>,
    pub(super) wdata: Signal<In, Bits<32>>,
    pub(super) wstrb: Signal<In, Bits<4>>,
    pub(super) bvalid: Signal<Out, Bit>,
    pub(super) bready: Signal<In, Bit>,
    pub(super) bresp: Signal<Out, Bits<2>>,
    pub(super) arvalid: Signal<In, Bit>,
    pub(super) arready: Signal<Out, Bit>,
    pub(super) araddr: Signal<In, Bits<12>>,
    pub(super) rvalid: Signal<Out, Bit>,
    pub(super) rready: Signal<In, Bit>,
    pub(super) rdata: Signal<Out, Bits<32>>,
    pub(super) rresp: Signal<Out, Bits<2>>,
    pub(super) select: Signal<Out, Bit>,
    pub(super) grant: Signal<In, Bit>,
    pub(super) address: Signal<Out, Bits<12>>,
    pub(super) write: Signal<Out, Bit>,
    pub(super) data: Signal<Out, Bits<32>>,
    pub(super) value: Signal<In, Bits<32>>,
    pub(super) known: Signal<In, Bit>,
    pub(super) writable: Signal<In, Bit>,
    state: DFF<AxiLiteState>,
    address_q: DFF<Bits<12>>,
    data_q: DFF<Bits<32>>,
    whole: DFF<Bit>,
    failed: DFF<Bit>,
}

impl Logic for AxiLite {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state, address_q, data_q, whole, failed);
        self.awready.next = false;
        self.wready.next = false;
        self.arready.next = false;
        self.bvalid.next = false;
        self.rvalid.next = false;
        self.select.next = false;
        self.write.next = false;
        match self.state.q.val() {
            AxiLiteState::Idle => {
                if self.awvalid.val() & self.wvalid.val() {
                    self.awready.next = true;
                    self.wready.next = true;
                    self.address_q.d.next = self.awaddr.val();
                    self.data_q.d.next = self.wdata.val();
                    self.whole.d.next = self.wstrb.val().all();
                    self.state.d.next = AxiLiteState::Write;
                } else if self.arvalid.val() {
                    self.arready.next = true;
                    self.address_q.d.next = self.araddr.val();
                    self.state.d.next = AxiLiteState::Read;
                }
            }
            AxiLiteState::Write => {
                self.select.next = true;
                self.write.next = self.whole.q.val();
                if self.grant.val() {
                    self.state.d.next = AxiLiteState::WriteWait;
                }
            }
            AxiLiteState::WriteWait => {
                self.state.d.next = AxiLiteState::WriteJudge;
            }
            AxiLiteState::WriteJudge => {
                self.failed.d.next = !(self.writable.val() & self.whole.q.val());
                self.state.d.next = AxiLiteState::WriteAnswer;
            }
            AxiLiteState::WriteAnswer => {
                self.bvalid.next = true;
                if self.bready.val() {
                    self.state.d.next = AxiLiteState::Idle;
                }
            }
            AxiLiteState::Read => {
                self.select.next = true;
                if self.grant.val() {
                    self.state.d.next = AxiLiteState::ReadWait;
                }
            }
            AxiLiteState::ReadWait => {
                self.state.d.next = AxiLiteState::ReadJudge;
            }
            AxiLiteState::ReadJudge => {
                self.failed.d.next = !self.known.val();
                self.data_q.d.next = self.value.val();
                if !self.known.val() {
                    self.data_q.d.next = 0.into();
                }
                self.state.d.next = AxiLiteState::ReadAnswer;
            }
            AxiLiteState::ReadAnswer => {
                self.rvalid.next = true;
                if self.rready.val() {
                    self.state.d.next = AxiLiteState::Idle;
                }
            }
            _ => {
                self.state.d.next = AxiLiteState::Idle;
            }
        }
        if self.reset.val() {
            self.awready.next = false;
            self.wready.next = false;
            self.arready.next = false;
            self.state.d.next = AxiLiteState::Idle;
        }
        self.address.next = self.address_q.q.val();
        self.data.next = self.data_q.q.val();
        self.rdata.next = self.data_q.q.val();
        self.bresp.next = 0.into();
        self.rresp.next = 0.into();
        if self.failed.q.val() {
            self.bresp.next = 2.into();
            self.rresp.next = 2.into();
        }
    }
}
