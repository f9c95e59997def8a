//! Boards: a card with the pins and the clock of a certain board.

mod ulx3s;

pub use ulx3s::{
    Ulx3s85f, Ulx3s85fMsmBn254, Ulx3s85fSecp256k1, Ulx3s85fSecp256k1x8, Ulx3s85fVerify,
};
