//! Top for parts with an AXI interconnect: AXI4-Lite for registers, AXI4-Stream for frames.

use super::axi_lite::AxiLite;
use super::bank::{HashBank, Sha256Bank};
use super::msm_bank::{BLS12_381, BN254, MsmBank};
use super::verify_bank::{EVERY_SCHEME, SECP256K1, VerifyBank, VerifyBankSha256};
use super::word_link::WordLink;
use super::{CardConfig, CardCore, MultiplyCore};
use rust_hdl::prelude::*;

/// Declares a top with the ports below around a bank of engines.
macro_rules! axi_top {
    ($(#[$doc:meta])* $Top:ident, $Core:ident, $Bank:ty, $config:expr) => {
        $(#[$doc])*
        ///
        /// AXI4-Lite slave for the registers, AXI4-Stream slave and master (32 bits) for frames;
        /// the names of the ports are those that bus tools look for. `tlast` of a request is not
        /// looked at, a word without all of its bytes is dropped, `tlast` of a reply ends its
        /// frame.
        #[derive(LogicBlock)]
        pub struct $Top {
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
            reset: Signal<Local, Bit>,
            link: WordLink,
            registers: AxiLite,
            card: $Core,
            bank: $Bank,
        }

        impl $Top {
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
                    reset: Default::default(),
                    link: Default::default(),
                    registers: Default::default(),
                    card: $Core::new(&config, <$Bank>::digest_words(), 0),
                    bank: Default::default(),
                }
            }
        }

        impl Default for $Top {
            fn default() -> Self {
                Self::new($config)
            }
        }

        impl Logic for $Top {
            #[hdl_gen]
            fn update(&mut self) {
                self.link.clock.next = self.aclk.val();
                self.registers.clock.next = self.aclk.val();
                self.card.clock.next = self.aclk.val();
                self.bank.clock.next = self.aclk.val();
                self.reset.next = !self.aresetn.val();
                self.link.reset.next = self.reset.val();
                self.registers.reset.next = self.reset.val();
                self.card.reset.next = self.reset.val();
                // Frames in.
                self.link.in_valid.next = self.s_axis_tvalid.val() & self.s_axis_tkeep.val().all();
                self.link.in_data.next = self.s_axis_tdata.val();
                self.s_axis_tready.next = self.link.in_ready.val();
                self.card.rx_valid.next = self.link.out_valid.val();
                self.card.rx_data.next = self.link.out_data.val();
                self.card.rx_skipped.next = self.link.skipped.val();
                self.link.out_ready.next = self.card.rx_ready.val();
                self.link.search.next = self.card.rx_search.val();
                self.link.hold.next = self.card.rx_hold.val();
                self.link.rewind.next = self.card.rx_rewind.val();
                // Frames out.
                self.m_axis_tvalid.next = self.card.tx_valid.val();
                self.m_axis_tdata.next = self.card.tx_data.val();
                self.m_axis_tkeep.next = 15.into();
                self.m_axis_tlast.next = self.card.tx_last.val();
                self.card.tx_ready.next = self.m_axis_tready.val();
                // Engines.
                self.bank.clear.next = self.card.engine_clear.val();
                self.bank.select.next = self.card.engine_select.val();
                self.bank.param.next = self.card.engine_param.val();
                self.bank.verify.next = self.card.engine_verify.val();
                self.bank.recover.next = self.card.engine_recover.val();
                self.bank.in_valid.next = self.card.engine_in_valid.val();
                self.bank.in_data.next = self.card.engine_in_data.val();
                self.bank.in_bytes.next = self.card.engine_in_bytes.val();
                self.bank.in_last.next = self.card.engine_in_last.val();
                self.card.engine_in_ready.next = self.bank.in_ready.val();
                self.card.engine_out_valid.next = self.bank.out_valid.val();
                self.card.engine_out_data.next = self.bank.out_data.val();
                self.bank.out_ready.next = self.card.engine_out_ready.val();
                self.card.capabilities.next = self.bank.capabilities.val();
                self.card.verify_capabilities.next = self.bank.verify_capabilities.val();
                self.card.param_known.next = self.bank.param_known.val();
                // Registers.
                self.registers.awvalid.next = self.s_axil_awvalid.val();
                self.registers.awaddr.next = self.s_axil_awaddr.val();
                self.s_axil_awready.next = self.registers.awready.val();
                self.registers.wvalid.next = self.s_axil_wvalid.val();
                self.registers.wdata.next = self.s_axil_wdata.val();
                self.registers.wstrb.next = self.s_axil_wstrb.val();
                self.s_axil_wready.next = self.registers.wready.val();
                self.s_axil_bvalid.next = self.registers.bvalid.val();
                self.s_axil_bresp.next = self.registers.bresp.val();
                self.registers.bready.next = self.s_axil_bready.val();
                self.registers.arvalid.next = self.s_axil_arvalid.val();
                self.registers.araddr.next = self.s_axil_araddr.val();
                self.s_axil_arready.next = self.registers.arready.val();
                self.s_axil_rvalid.next = self.registers.rvalid.val();
                self.s_axil_rdata.next = self.registers.rdata.val();
                self.s_axil_rresp.next = self.registers.rresp.val();
                self.registers.rready.next = self.s_axil_rready.val();
                self.card.bus_select.next = self.registers.select.val();
                self.card.bus_address.next = self.registers.address.val();
                self.card.bus_write.next = self.registers.write.val();
                self.card.bus_data.next = self.registers.data.val();
                self.registers.grant.next = self.card.bus_grant.val();
                self.registers.value.next = self.card.bus_value.val();
                self.registers.known.next = self.card.bus_known.val();
                self.registers.writable.next = self.card.bus_writable.val();
            }
        }
    };
}

axi_top! {
    /// Card with every hash core.
    AxiTop, CardCore, HashBank, CardConfig::SIMULATION
}

axi_top! {
    /// Card with SHA-256 alone.
    AxiTopSha256, CardCore, Sha256Bank, CardConfig::SIMULATION
}

axi_top! {
    /// Card with one verification engine and every hash core.
    AxiTopVerify, CardCore, VerifyBank<1, EVERY_SCHEME>, CardConfig::SIMULATION_VERIFY
}

axi_top! {
    /// Card with one verification engine for secp256k1, and SHA-256.
    AxiTopSecp256k1, CardCore, VerifyBankSha256<1, SECP256K1>, CardConfig::SIMULATION_VERIFY
}

axi_top! {
    /// Card with eight verification engines for secp256k1, and SHA-256.
    AxiTopSecp256k1x8, CardCore, VerifyBankSha256<8, SECP256K1>, CardConfig::SIMULATION_VERIFY
}

axi_top! {
    /// Card with one engine of multi-scalar multiplication on BN254.
    AxiTopMsmBn254, MultiplyCore, MsmBank<BN254>, CardConfig::SIMULATION_MSM
}

axi_top! {
    /// Card with one engine of multi-scalar multiplication on BLS12-381.
    AxiTopMsmBls12_381, MultiplyCore, MsmBank<BLS12_381>, CardConfig::SIMULATION_MSM
}
