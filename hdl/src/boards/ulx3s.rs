//! Radiona ULX3S with an ECP5 LFE5U-85F.

use crate::card::{
    CardConfig, UartTop, UartTopMsmBn254, UartTopSecp256k1, UartTopSecp256k1x8, UartTopVerify,
};
use rust_hdl::prelude::*;

/// Makes the card's clock of the board's 25 MHz, with an EHXPLLL of the ECP5. In simulation
/// (without `SYNTHESIS`) the output is the input.
#[derive(LogicBlock)]
struct Pll {
    clock_in: Signal<In, Clock>,
    clock_out: Signal<Out, Clock>,
    _mhz: u32,
    _input: u32,
    _feedback: u32,
    _output: u32,
}

impl Pll {
    /// For a card with this clock; the VCO has 400 to 800 MHz, the phase detector at
    /// least 3.125 MHz.
    ///
    /// # Panics
    /// For a clock that has no entry here.
    fn new(clock_hz: u32) -> Self {
        // Input divider, feedback divider, output divider.
        let (input, feedback, output) = match clock_hz {
            75_000_000 => (1, 3, 8),
            85_000_000 => (5, 17, 7),
            other => panic!("no dividers for {other} Hz"),
        };
        Self {
            clock_in: Default::default(),
            clock_out: Default::default(),
            _mhz: clock_hz / 1_000_000,
            _input: input,
            _feedback: feedback,
            _output: output,
        }
    }
}

impl Logic for Pll {
    fn update(&mut self) {
        self.clock_out.next = self.clock_in.val();
    }
    fn connect(&mut self) {
        self.clock_out.connect();
    }
    fn hdl(&self) -> Verilog {
        let Self { _mhz: mhz, _input: input, _feedback: feedback, _output: output, .. } = self;
        Verilog::Custom(format!(
            "\
`ifdef SYNTHESIS
wire pll_clock;
(* FREQUENCY_PIN_CLKI = \"25\", FREQUENCY_PIN_CLKOP = \"{mhz}\",
   ICP_CURRENT = \"12\", LPF_RESISTOR = \"8\", MFG_ENABLE_FILTEROPAMP = \"1\",
   MFG_GMCREF_SEL = \"2\" *)
EHXPLLL #(
    .PLLRST_ENA(\"DISABLED\"), .INTFB_WAKE(\"DISABLED\"), .STDBY_ENABLE(\"DISABLED\"),
    .DPHASE_SOURCE(\"DISABLED\"), .OUTDIVIDER_MUXA(\"DIVA\"), .OUTDIVIDER_MUXB(\"DIVB\"),
    .OUTDIVIDER_MUXC(\"DIVC\"), .OUTDIVIDER_MUXD(\"DIVD\"),
    .CLKI_DIV({input}), .CLKOP_ENABLE(\"ENABLED\"), .CLKOP_DIV({output}), .CLKOP_CPHASE({phase}),
    .CLKOP_FPHASE(0), .FEEDBK_PATH(\"CLKOP\"), .CLKFB_DIV({feedback})
) pll (
    .RST(1'b0), .STDBY(1'b0), .CLKI(clock_in), .CLKOP(pll_clock), .CLKFB(pll_clock),
    .CLKINTFB(), .PHASESEL0(1'b0), .PHASESEL1(1'b0), .PHASEDIR(1'b1), .PHASESTEP(1'b1),
    .PHASELOADREG(1'b1), .PLLWAKESYNC(1'b0), .ENCLKOP(1'b0)
);
always @(*) clock_out = pll_clock;
`else
always @(*) clock_out = clock_in;
`endif
",
            phase = (output - 1) / 2,
        ))
    }
}

/// Pins and clock in the form of the Lattice preference file.
fn constraints() -> String {
    let mut text = String::from(
        "BLOCK RESETPATHS;\nBLOCK ASYNCPATHS;\nFREQUENCY PORT \"clk_25mhz\" 25 MHZ;\n",
    );
    let mut pin = |port: &str, site: &str, options: &str| {
        text += &format!("LOCATE COMP \"{port}\" SITE \"{site}\";\n");
        text += &format!("IOBUF PORT \"{port}\" {options} IO_TYPE=LVCMOS33;\n");
    };
    pin("clk_25mhz", "G2", "PULLMODE=NONE");
    pin("ftdi_rxd", "L4", "PULLMODE=UP DRIVE=4");
    pin("ftdi_txd", "M1", "PULLMODE=UP");
    for (bit, site) in ["B2", "C2", "C1", "D2", "D1", "E2", "E1", "H3"].iter().enumerate() {
        pin(&format!("led[{bit}]"), site, "PULLMODE=NONE DRIVE=4");
    }
    text
}

/// Declares the board's top around a card.
macro_rules! ulx3s_85f {
    ($(#[$doc:meta])* $Board:ident, $Card:ty, $config:expr) => {
        $(#[$doc])*
        ///
        /// UART at 3 Mbaud, or next to it, over the board's USB.
        ///
        /// Signals are named as in the board's schematic, from the FTDI chip's side: it receives on
        /// `ftdi_rxd` and sends on `ftdi_txd`.
        #[derive(LogicBlock)]
        pub struct $Board {
            /// Oscillator, 25 MHz.
            pub clk_25mhz: Signal<In, Clock>,
            /// To the host.
            pub ftdi_rxd: Signal<Out, Bit>,
            /// From the host.
            pub ftdi_txd: Signal<In, Bit>,
            /// Status; see [`UartTop`](crate::card::UartTop).
            pub led: Signal<Out, Bits<8>>,
            pll: Pll,
            card: $Card,
        }

        impl $Board {
            /// Pins and clock in the form of the Lattice preference file.
            pub fn constraints() -> String {
                constraints()
            }
        }

        impl Default for $Board {
            fn default() -> Self {
                Self {
                    clk_25mhz: Default::default(),
                    ftdi_rxd: Default::default(),
                    ftdi_txd: Default::default(),
                    led: Default::default(),
                    pll: Pll::new($config.clock_hz),
                    card: <$Card>::new($config),
                }
            }
        }

        impl Logic for $Board {
            #[hdl_gen]
            fn update(&mut self) {
                self.pll.clock_in.next = self.clk_25mhz.val();
                self.card.clock.next = self.pll.clock_out.val();
                self.card.rx.next = self.ftdi_txd.val();
                self.ftdi_rxd.next = self.card.tx.val();
                self.led.next = self.card.leds.val();
            }
        }
    };
}

ulx3s_85f! {
    /// Card with every hash core on the ULX3S-85F.
    Ulx3s85f, UartTop, CardConfig::ULX3S
}

ulx3s_85f! {
    /// Card with one verification engine and every hash core on the ULX3S-85F.
    Ulx3s85fVerify, UartTopVerify, CardConfig::ULX3S_VERIFY
}

ulx3s_85f! {
    /// Card with one verification engine for secp256k1 and SHA-256 on the ULX3S-85F.
    Ulx3s85fSecp256k1, UartTopSecp256k1, CardConfig::ULX3S_VERIFY
}

ulx3s_85f! {
    /// Card with eight verification engines for secp256k1 and SHA-256 on the ULX3S-85F.
    Ulx3s85fSecp256k1x8, UartTopSecp256k1x8, CardConfig::ULX3S_VERIFY8
}

ulx3s_85f! {
    /// Card with one engine of multi-scalar multiplication on BN254 on the ULX3S-85F.
    Ulx3s85fMsmBn254, UartTopMsmBn254, CardConfig::ULX3S_MSM
}
