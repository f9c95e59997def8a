//! Simulated chaincard cards: native stepping, Verilator, virtual transports, waveforms, faults
