//! The designs that Verilog is written of, by name.

use crate::boards::{
    Ulx3s85f, Ulx3s85fMsmBn254, Ulx3s85fSecp256k1, Ulx3s85fSecp256k1x8, Ulx3s85fVerify,
};
use crate::card::{
    AxiTop, AxiTopMsmBls12_381, AxiTopMsmBn254, AxiTopSecp256k1, AxiTopSecp256k1x8, AxiTopSha256,
    AxiTopVerify, UartTop,
};
use crate::emit;
use crate::hash::keccak::Keccak;
use crate::hash::sm3::Sm3;
use crate::hash::{Sha256, Sha512};

/// What a design is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One engine with the ports of [`crate::hash`].
    Core,
    /// A card behind AXI: the ports of [`AxiTop`].
    AxiCard,
    /// A card behind a UART: the ports of [`UartTop`].
    UartCard,
    /// The top of a board, with its pins.
    Board,
}

/// A named design.
#[derive(Clone, Copy, Debug)]
pub struct Design {
    /// Name on the command line.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Name of the top module in the Verilog.
    pub top: &'static str,
    /// Writes the Verilog.
    pub verilog: fn() -> String,
    /// Writes the constraints (a Lattice preference file), when it has pins.
    pub constraints: Option<fn() -> String>,
}

/// A design without pins, in its default preset.
macro_rules! design {
    ($name:literal, $top:literal, $kind:ident, $Type:ty) => {
        Design {
            name: $name,
            kind: Kind::$kind,
            top: $top,
            verilog: || emit::verilog_of::<$Type>($top),
            constraints: None,
        }
    };
}

/// Every design.
pub fn designs() -> &'static [Design] {
    &[
        design!("sha256", "sha256", Core, Sha256),
        design!("sha512", "sha512", Core, Sha512),
        design!("sm3", "sm3", Core, Sm3),
        design!("keccak", "keccak", Core, Keccak),
        design!("card-axi", "card_axi", AxiCard, AxiTop),
        design!("card-axi-sha256", "card_axi_sha256", AxiCard, AxiTopSha256),
        design!("card-axi-verify", "card_axi_verify", AxiCard, AxiTopVerify),
        design!("card-axi-secp256k1", "card_axi_secp256k1", AxiCard, AxiTopSecp256k1),
        design!("card-axi-secp256k1x8", "card_axi_secp256k1x8", AxiCard, AxiTopSecp256k1x8),
        design!("card-axi-msm-bn254", "card_axi_msm_bn254", AxiCard, AxiTopMsmBn254),
        design!("card-axi-msm-bls12-381", "card_axi_msm_bls12_381", AxiCard, AxiTopMsmBls12_381),
        design!("card-uart", "card_uart", UartCard, UartTop),
        Design {
            name: "board-ulx3s-85f",
            kind: Kind::Board,
            top: "ulx3s_85f",
            verilog: || emit::verilog_of::<Ulx3s85f>("ulx3s_85f"),
            constraints: Some(Ulx3s85f::constraints),
        },
        Design {
            name: "board-verify-ulx3s-85f",
            kind: Kind::Board,
            top: "ulx3s_85f_verify",
            verilog: || emit::verilog_of::<Ulx3s85fVerify>("ulx3s_85f_verify"),
            constraints: Some(Ulx3s85fVerify::constraints),
        },
        Design {
            name: "board-secp256k1-ulx3s-85f",
            kind: Kind::Board,
            top: "ulx3s_85f_secp256k1",
            verilog: || emit::verilog_of::<Ulx3s85fSecp256k1>("ulx3s_85f_secp256k1"),
            constraints: Some(Ulx3s85fSecp256k1::constraints),
        },
        Design {
            name: "board-secp256k1x8-ulx3s-85f",
            kind: Kind::Board,
            top: "ulx3s_85f_secp256k1x8",
            verilog: || emit::verilog_of::<Ulx3s85fSecp256k1x8>("ulx3s_85f_secp256k1x8"),
            constraints: Some(Ulx3s85fSecp256k1x8::constraints),
        },
        Design {
            name: "board-msm-bn254-ulx3s-85f",
            kind: Kind::Board,
            top: "ulx3s_85f_msm_bn254",
            verilog: || emit::verilog_of::<Ulx3s85fMsmBn254>("ulx3s_85f_msm_bn254"),
            constraints: Some(Ulx3s85fMsmBn254::constraints),
        },
    ]
}

/// The design of that name.
pub fn design(name: &str) -> Option<Design> {
    designs().iter().copied().find(|design| design.name == name)
}
