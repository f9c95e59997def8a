//! Top for small boards: frames as a byte stream over a UART.

use super::CardConfig;
use rust_hdl::prelude::*;

/// A card behind a UART: 8 data bits, no parity, one stop bit.
#[derive(LogicBlock)]
pub struct UartTop {
    /// Clock of everything.
    pub clock: Signal<In, Clock>,
    /// From the host; high when idle.
    pub rx: Signal<In, Bit>,
    /// To the host; high when idle.
    pub tx: Signal<Out, Bit>,
    /// Status.
    pub leds: Signal<Out, Bits<8>>,
}

impl UartTop {
    /// A card of these sizes.
    pub fn new(config: CardConfig) -> Self {
        config.check();
        Self {
            clock: Default::default(),
            rx: Default::default(),
            tx: Default::default(),
            leds: Default::default(),
        }
    }
}

impl Default for UartTop {
    fn default() -> Self {
        Self::new(CardConfig::default())
    }
}

impl Logic for UartTop {
    #[hdl_gen]
    fn update(&mut self) {
        self.tx.next = true;
        self.leds.next = 0.into();
    }
}
