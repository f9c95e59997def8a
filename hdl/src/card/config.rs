//! Sizes and reset values of a card.

use chaincard_protocol::PROTOCOL_VERSION;

/// What a card is built with. The register map tells the host each of these figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardConfig {
    /// Clock in Hz, for `Register::ClockHz`; 0 when only simulated.
    pub clock_hz: u32,
    /// Words of 32 bits in the reply buffer: a power of two, 64 … 32,768.
    pub reply_words: u32,
    /// Bytes in the UART's receive buffer: a power of two, 64 … 32,768.
    pub receive_bytes: u32,
    /// Clock cycles per bit on the UART, at least 4.
    pub baud_divisor: u32,
    /// Value of `Register::LinkTimeout` after reset, in cycles.
    pub link_timeout: u32,
    /// Value of `Register::EngineTimeout` after reset, in cycles.
    pub engine_timeout: u32,
    /// Shortest timeouts that a host can set, in cycles, as a mask 2^n − 1: a shorter value in
    /// a timeout register works as if these bits were ones, so that no value shuts the host out.
    pub timeout_floor: u32,
}

impl CardConfig {
    /// A simulated card behind AXI.
    pub const SIMULATION: Self = Self {
        clock_hz: 0,
        reply_words: 4096,
        receive_bytes: 4096,
        baud_divisor: 4,
        link_timeout: 0xFFFF,
        engine_timeout: 0x3FFF,
        timeout_floor: 0x3FF,
    };

    /// ULX3S: 75 MHz, 3 Mbaud, timeouts of 14 ms and 0.9 ms.
    pub const ULX3S: Self = Self {
        clock_hz: 75_000_000,
        reply_words: 4096,
        receive_bytes: 4096,
        baud_divisor: 25,
        link_timeout: 0xF_FFFF,
        engine_timeout: 0xFFFF,
        timeout_floor: 0x3FFF,
    };

    /// A simulated card with verification engines: a verification takes some 300,000 cycles with
    /// every thread busy, three times as many in the rare exceptional case.
    pub const SIMULATION_VERIFY: Self = Self { engine_timeout: 0x3F_FFFF, ..Self::SIMULATION };

    /// ULX3S with a verification engine.
    pub const ULX3S_VERIFY: Self = Self { engine_timeout: 0x3F_FFFF, ..Self::ULX3S };

    /// ULX3S with as many engines as it holds: 85 MHz, 3.04 Mbaud, and a smaller reply buffer for
    /// the sake of the engines' block RAM.
    pub const ULX3S_VERIFY8: Self =
        Self { clock_hz: 85_000_000, reply_words: 2048, baud_divisor: 28, ..Self::ULX3S_VERIFY };

    /// A simulated card with an engine of multi-scalar multiplication: the sums of its buckets take
    /// two to three million cycles after the last term.
    pub const SIMULATION_MSM: Self = Self { engine_timeout: 0xFF_FFFF, ..Self::SIMULATION };

    /// ULX3S with an engine of multi-scalar multiplication: 85 MHz, 3.04 Mbaud.
    pub const ULX3S_MSM: Self =
        Self { clock_hz: 85_000_000, baud_divisor: 28, engine_timeout: 0xFF_FFFF, ..Self::ULX3S };

    /// Most items whose reply fits into the reply buffer when each takes `item_words` words.
    pub const fn max_items(&self, item_words: u32) -> u32 {
        (self.reply_words - 2) / item_words
    }

    /// Panics unless the figures are within their ranges: a design with others is a
    /// programming error.
    pub fn check(&self) {
        for size in [self.reply_words, self.receive_bytes] {
            assert!(size.is_power_of_two() && (64..=32_768).contains(&size), "{size}");
        }
        assert!((4..=65_535).contains(&self.baud_divisor), "{}", self.baud_divisor);
        assert!(self.timeout_floor.wrapping_add(1).is_power_of_two(), "{}", self.timeout_floor);
        assert!(self.timeout_floor < 1 << 24, "{}", self.timeout_floor);
    }

    /// `Register::DesignVersion`: this crate's version.
    pub fn design_version() -> u32 {
        let part = |text: &str| text.parse::<u32>().unwrap_or(0);
        part(env!("CARGO_PKG_VERSION_MAJOR")) << 16
            | part(env!("CARGO_PKG_VERSION_MINOR")) << 8
            | part(env!("CARGO_PKG_VERSION_PATCH"))
    }

    /// `Register::ProtocolVersion`.
    pub const fn protocol_version() -> u32 {
        PROTOCOL_VERSION as u32
    }
}

impl Default for CardConfig {
    fn default() -> Self {
        Self::SIMULATION
    }
}
