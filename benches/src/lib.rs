//! Benches: every device beside the libraries that nodes use
