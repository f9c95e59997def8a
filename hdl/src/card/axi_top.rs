//! Top for parts with an AXI interconnect: AXI4-Lite for registers, AXI4-Stream for frames.

use super::CardConfig;
use rust_hdl::prelude::*;

/// AXI4-Lite slave for the registers, AXI4-Stream slave and master (32 bits) for frames.
#[derive(LogicBlock)]
pub struct AxiTop {
    /// Clock of every port.
    pub aclk: Signal<In, Clock>,
    /// Synchronous reset, active low.
    pub aresetn: Signal<In, Bit>,
    /// Requests.
    pub s_axis_tvalid: Signal<In, Bit>,
    /// Requests.
    pub s_axis_tready: Signal<Out, Bit>,
    /// Requests, the first byte in bits 7 … 0.
    pub s_axis_tdata: Signal<In, Bits<32>>,
    /// A word without all of its bytes is dropped.
    pub s_axis_tkeep: Signal<In, Bits<4>>,
    /// Not looked at: a header says how long its frame is.
    pub s_axis_tlast: Signal<In, Bit>,
    /// Replies.
    pub m_axis_tvalid: Signal<Out, Bit>,
    /// Replies.
    pub m_axis_tready: Signal<In, Bit>,
    /// Replies, the first byte in bits 7 … 0.
    pub m_axis_tdata: Signal<Out, Bits<32>>,
    /// All ones.
    pub m_axis_tkeep: Signal<Out, Bits<4>>,
    /// The last word of a frame.
    pub m_axis_tlast: Signal<Out, Bit>,
    /// Write address.
    pub s_axil_awaddr: Signal<In, Bits<12>>,
    /// Not looked at.
    pub s_axil_awprot: Signal<In, Bits<3>>,
    /// Write address.
    pub s_axil_awvalid: Signal<In, Bit>,
    /// Write address.
    pub s_axil_awready: Signal<Out, Bit>,
    /// Write data.
    pub s_axil_wdata: Signal<In, Bits<32>>,
    /// Anything but all ones is answered with SLVERR.
    pub s_axil_wstrb: Signal<In, Bits<4>>,
    /// Write data.
    pub s_axil_wvalid: Signal<In, Bit>,
    /// Write data.
    pub s_axil_wready: Signal<Out, Bit>,
    /// OKAY (0) or SLVERR (2).
    pub s_axil_bresp: Signal<Out, Bits<2>>,
    /// Write response.
    pub s_axil_bvalid: Signal<Out, Bit>,
    /// Write response.
    pub s_axil_bready: Signal<In, Bit>,
    /// Read address.
    pub s_axil_araddr: Signal<In, Bits<12>>,
    /// Not looked at.
    pub s_axil_arprot: Signal<In, Bits<3>>,
    /// Read address.
    pub s_axil_arvalid: Signal<In, Bit>,
    /// Read address.
    pub s_axil_arready: Signal<Out, Bit>,
    /// Read data.
    pub s_axil_rdata: Signal<Out, Bits<32>>,
    /// OKAY (0) or SLVERR (2).
    pub s_axil_rresp: Signal<Out, Bits<2>>,
    /// Read data.
    pub s_axil_rvalid: Signal<Out, Bit>,
    /// Read data.
    pub s_axil_rready: Signal<In, Bit>,
}

impl AxiTop {
    /// A card of these sizes.
    pub fn new(config: CardConfig) -> Self {
        config.check();
        Self {
            aclk: Default::default(),
            aresetn: Default::default(),
            s_axis_tvalid: Default::default(),
            s_axis_tready: Default::default(),
            s_axis_tdata: Default::default(),
            s_axis_tkeep: Default::default(),
            s_axis_tlast: Default::default(),
            m_axis_tvalid: Default::default(),
            m_axis_tready: Default::default(),
            m_axis_tdata: Default::default(),
            m_axis_tkeep: Default::default(),
            m_axis_tlast: Default::default(),
            s_axil_awaddr: Default::default(),
            s_axil_awprot: Default::default(),
            s_axil_awvalid: Default::default(),
            s_axil_awready: Default::default(),
            s_axil_wdata: Default::default(),
            s_axil_wstrb: Default::default(),
            s_axil_wvalid: Default::default(),
            s_axil_wready: Default::default(),
            s_axil_bresp: Default::default(),
            s_axil_bvalid: Default::default(),
            s_axil_bready: Default::default(),
            s_axil_araddr: Default::default(),
            s_axil_arprot: Default::default(),
            s_axil_arvalid: Default::default(),
            s_axil_arready: Default::default(),
            s_axil_rdata: Default::default(),
            s_axil_rresp: Default::default(),
            s_axil_rvalid: Default::default(),
            s_axil_rready: Default::default(),
        }
    }
}

impl Default for AxiTop {
    fn default() -> Self {
        Self::new(CardConfig::default())
    }
}

impl Logic for AxiTop {
    #[hdl_gen]
    fn update(&mut self) {
        self.s_axis_tready.next = false;
        self.m_axis_tvalid.next = false;
        self.m_axis_tdata.next = 0.into();
        self.m_axis_tkeep.next = 15.into();
        self.m_axis_tlast.next = false;
        self.s_axil_awready.next = false;
        self.s_axil_wready.next = false;
        self.s_axil_bresp.next = 0.into();
        self.s_axil_bvalid.next = false;
        self.s_axil_arready.next = false;
        self.s_axil_rdata.next = 0.into();
        self.s_axil_rresp.next = 0.into();
        self.s_axil_rvalid.next = false;
    }
}
