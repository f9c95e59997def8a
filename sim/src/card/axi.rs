//! The tops behind AXI4-Stream, on either engine.

use super::gates::{RESET, WordEngine};
use crate::SimError;
use crate::native::Native;
use crate::stream::{Limits, Pacer, PortNames, Ports, StreamRun};
use crate::verilator::{Model, StreamPorts};
use chaincard_hdl::card::{
    AxiTop, AxiTopMsmBls12_381, AxiTopMsmBn254, AxiTopSecp256k1, AxiTopSecp256k1x8, AxiTopSha256,
    AxiTopVerify, CardConfig,
};
use chaincard_hdl::emit;
use rust_hdl::prelude::{Bits, Block, Clock, ToBits};

/// A top with the ports of [`AxiTop`].
pub(super) trait AxiDesign: Block + Send + Sized + 'static {
    /// Name of its module.
    const MODULE: &str;
    /// A card of these sizes.
    fn with(config: CardConfig) -> Self;
    /// Drives the clock.
    fn set_clock(&mut self, clk: bool);
    /// Drives the reset, active low, and what never changes.
    fn set_reset(&mut self, aresetn: bool);
    /// Drives the input stream and readiness for the output stream.
    fn drive(&mut self, word: Option<u32>, ready: bool);
    /// Whether it takes the word.
    fn input_ready(&self) -> bool;
    /// The word that it gives.
    fn output(&self) -> Option<u64>;
}

/// RustHDL has no generic tops: the types differ, the ports do not.
macro_rules! axi_design {
    ($Top:ident, $module:literal) => {
        impl AxiDesign for $Top {
            const MODULE: &str = $module;

            fn with(config: CardConfig) -> Self {
                Self::new(config)
            }

            fn set_clock(&mut self, clk: bool) {
                self.aclk.next = Clock { clk };
            }

            fn set_reset(&mut self, aresetn: bool) {
                self.s_axis_tkeep.next = Bits::from(15);
                self.aresetn.next = aresetn;
            }

            fn drive(&mut self, word: Option<u32>, ready: bool) {
                self.s_axis_tvalid.next = word.is_some();
                if let Some(word) = word {
                    self.s_axis_tdata.next = word.to_bits();
                }
                self.m_axis_tready.next = ready;
            }

            fn input_ready(&self) -> bool {
                self.s_axis_tready.val()
            }

            fn output(&self) -> Option<u64> {
                self.m_axis_tvalid.val().then(|| self.m_axis_tdata.val().to_u64())
            }
        }
    };
}

axi_design!(AxiTop, "card_axi");
axi_design!(AxiTopSha256, "card_axi_sha256");
axi_design!(AxiTopVerify, "card_axi_verify");
axi_design!(AxiTopSecp256k1, "card_axi_secp256k1");
axi_design!(AxiTopSecp256k1x8, "card_axi_secp256k1x8");
axi_design!(AxiTopMsmBn254, "card_axi_msm_bn254");
axi_design!(AxiTopMsmBls12_381, "card_axi_msm_bls12_381");

/// A top natively simulated.
pub(super) struct NativeAxi<D: AxiDesign>(Native<D>);

/// Streams of an [`AxiDesign`].
struct AxiPorts;

impl<D: AxiDesign> NativeAxi<D> {
    pub(super) fn new(config: CardConfig) -> Result<Self, SimError> {
        let mut native = Native::new(D::with(config), D::set_clock)?;
        native.design().set_reset(false);
        native.run(RESET)?;
        native.design().set_reset(true);
        Ok(Self(native))
    }
}

impl<D: AxiDesign> Ports<D> for AxiPorts {
    const IN_FIELDS: usize = 1;

    fn drive(&self, top: &mut D, word: Option<&[u64]>, ready: bool) {
        top.drive(word.map(|word| word[0] as u32), ready);
    }

    fn input_ready(&self, top: &D) -> bool {
        top.input_ready()
    }

    fn output(&self, top: &D, words: &mut Vec<u64>) -> bool {
        let word = top.output();
        words.extend(word);
        word.is_some()
    }
}

impl<D: AxiDesign> WordEngine for NativeAxi<D> {
    fn stream(
        &mut self,
        input: &[u64],
        pacer: &mut Pacer,
        limits: &Limits,
    ) -> Result<StreamRun, SimError> {
        self.0.stream(&AxiPorts, input, pacer, limits)
    }

    fn cycles(&self) -> u64 {
        self.0.cycle()
    }
}

/// A top's emitted Verilog under Verilator.
pub(super) struct VerilatedAxi {
    model: Model,
    ports: StreamPorts,
}

impl VerilatedAxi {
    pub(super) fn new<D: AxiDesign>(config: CardConfig) -> Result<Self, SimError> {
        Self::of(&emit::verilog(&mut D::with(config), D::MODULE), D::MODULE)
    }

    /// The module of this Verilog.
    pub(super) fn of(verilog: &str, module: &str) -> Result<Self, SimError> {
        let names = PortNames {
            clock: "aclk",
            input: ("s_axis_tvalid", "s_axis_tready"),
            in_fields: &["s_axis_tdata"],
            output: ("m_axis_tvalid", "m_axis_tready"),
            out_fields: &["m_axis_tdata"],
        };
        let mut model = Model::new(verilog, module)?;
        let ports = model.stream_ports(&names)?;
        let (clock, reset) = (model.port("aclk")?, model.port("aresetn")?);
        model.set(model.port("s_axis_tkeep")?, 15);
        model.set(reset, 0);
        model.run(clock, RESET);
        model.set(reset, 1);
        Ok(Self { model, ports })
    }
}

impl WordEngine for VerilatedAxi {
    fn stream(
        &mut self,
        input: &[u64],
        pacer: &mut Pacer,
        limits: &Limits,
    ) -> Result<StreamRun, SimError> {
        Ok(self.model.stream(&self.ports, input, pacer, limits))
    }

    fn cycles(&self) -> u64 {
        self.model.cycle()
    }
}
