//! Golden models: the oracle. Nothing here is fast; everything reads like its standard.

pub mod params;
