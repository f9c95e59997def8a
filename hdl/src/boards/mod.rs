//! Boards: pins, clocks and the card tops they carry.
