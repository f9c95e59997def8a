//! AXI4-Lite slave in front of the register file.

use rust_hdl::prelude::*;

/// What the slave does.
#[derive(Copy, Clone, Debug, PartialEq, LogicState)]
pub enum AxiLiteState {
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
pub struct AxiLite {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    pub awvalid: Signal<In, Bit>,
    pub awready: Signal<Out, Bit>,
    pub awaddr: Signal<In, Bits<12>>,
    pub wvalid: Signal<In, Bit>,
    pub wready: Signal<Out, Bit>,
    pub wdata: Signal<In, Bits<32>>,
    pub wstrb: Signal<In, Bits<4>>,
    pub bvalid: Signal<Out, Bit>,
    pub bready: Signal<In, Bit>,
    pub bresp: Signal<Out, Bits<2>>,
    pub arvalid: Signal<In, Bit>,
    pub arready: Signal<Out, Bit>,
    pub araddr: Signal<In, Bits<12>>,
    pub rvalid: Signal<Out, Bit>,
    pub rready: Signal<In, Bit>,
    pub rdata: Signal<Out, Bits<32>>,
    pub rresp: Signal<Out, Bits<2>>,
    pub select: Signal<Out, Bit>,
    pub grant: Signal<In, Bit>,
    pub address: Signal<Out, Bits<12>>,
    pub write: Signal<Out, Bit>,
    pub data: Signal<Out, Bits<32>>,
    pub value: Signal<In, Bits<32>>,
    pub known: Signal<In, Bit>,
    pub writable: Signal<In, Bit>,
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
