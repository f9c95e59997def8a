//! Top for small boards: frames as a byte stream over a UART.

use super::bank::HashBank;
use super::byte_link::{ByteReceiver, ByteSender};
use super::msm_bank::{BN254, MsmBank};
use super::verify_bank::{EVERY_SCHEME, SECP256K1, VerifyBank, VerifyBankSha256};
use super::{CardConfig, CardCore, MultiplyCore};
use crate::prim::{UartRx, UartTx};
use rust_hdl::prelude::*;

/// Declares a top with the ports below around a bank of engines.
macro_rules! uart_top {
    ($(#[$doc:meta])* $Top:ident, $Core:ident, $Bank:ty, $config:expr) => {
        $(#[$doc])*
        ///
        /// UART: 8 data bits, no parity, one stop bit, no flow control. The host keeps at most `Register::ReceiveBuffer` bytes of requests outstanding
        /// beyond the first request.
        ///
        /// `leds`: 0 heartbeat, 1 request in work, 2 reply on its way, 3 last request rejected,
        /// 4 engine given up, 5 line from the host low, 6 line to the host low, 7 lit.
        #[derive(LogicBlock)]
        pub struct $Top {
            /// Clock of everything.
            pub clock: Signal<In, Clock>,
            /// From the host; asynchronous, high when idle.
            pub rx: Signal<In, Bit>,
            /// To the host; high when idle.
            pub tx: Signal<Out, Bit>,
            /// Status.
            pub leds: Signal<Out, Bits<8>>,
            receiver: UartRx,
            transmitter: UartTx,
            bytes_in: ByteReceiver,
            bytes_out: ByteSender,
            card: $Core,
            bank: $Bank,
            beat: DFF<Bits<26>>,
            status: DFF<Bits<8>>,
            lit: Signal<Local, Bits<8>>,
        }

        impl $Top {
            /// A card of these sizes.
            pub fn new(config: CardConfig) -> Self {
                config.check();
                Self {
                    clock: Default::default(),
                    rx: Default::default(),
                    tx: Default::default(),
                    leds: Default::default(),
                    receiver: UartRx::new(config.baud_divisor),
                    transmitter: UartTx::new(config.baud_divisor),
                    bytes_in: ByteReceiver::new(&config),
                    bytes_out: Default::default(),
                    card: $Core::new(&config, <$Bank>::digest_words(), config.receive_bytes),
                    bank: Default::default(),
                    beat: Default::default(),
                    status: Default::default(),
                    lit: Default::default(),
                }
            }
        }

        impl Default for $Top {
            fn default() -> Self {
                Self::new($config)
            }
        }

        impl Logic for $Top {
            #[hdl_gen]
            fn update(&mut self) {
                dff_setup!(self, clock, beat, status);
                clock!(self, clock, receiver, transmitter, bytes_in, bytes_out, card, bank);
                self.card.reset.next = false;
                // Line to words.
                self.receiver.rx.next = self.rx.val();
                self.bytes_in.in_valid.next = self.receiver.valid.val();
                self.bytes_in.in_data.next = self.receiver.data.val();
                self.card.rx_valid.next = self.bytes_in.out_valid.val();
                self.card.rx_data.next = self.bytes_in.out_data.val();
                self.card.rx_skipped.next = self.bytes_in.skipped.val();
                self.bytes_in.out_ready.next = self.card.rx_ready.val();
                self.bytes_in.search.next = self.card.rx_search.val();
                self.bytes_in.hold.next = self.card.rx_hold.val();
                self.bytes_in.rewind.next = self.card.rx_rewind.val();
                // Words to line.
                self.bytes_out.in_valid.next = self.card.tx_valid.val();
                self.bytes_out.in_data.next = self.card.tx_data.val();
                self.card.tx_ready.next = self.bytes_out.in_ready.val();
                self.transmitter.valid.next = self.bytes_out.out_valid.val();
                self.transmitter.data.next = self.bytes_out.out_data.val();
                self.bytes_out.out_ready.next = self.transmitter.ready.val();
                self.tx.next = self.transmitter.tx.val();
                // Engines.
                self.bank.clear.next = self.card.engine_clear.val();
                self.bank.select.next = self.card.engine_select.val();
                self.bank.param.next = self.card.engine_param.val();
                self.bank.verify.next = self.card.engine_verify.val();
                self.bank.recover.next = self.card.engine_recover.val();
                self.bank.in_valid.next = self.card.engine_in_valid.val();
                self.bank.in_data.next = self.card.engine_in_data.val();
                self.bank.in_bytes.next = self.card.engine_in_bytes.val();
                self.bank.in_last.next = self.card.engine_in_last.val();
                self.card.engine_in_ready.next = self.bank.in_ready.val();
                self.card.engine_out_valid.next = self.bank.out_valid.val();
                self.card.engine_out_data.next = self.bank.out_data.val();
                self.bank.out_ready.next = self.card.engine_out_ready.val();
                self.card.capabilities.next = self.bank.capabilities.val();
                self.card.verify_capabilities.next = self.bank.verify_capabilities.val();
                self.card.param_known.next = self.bank.param_known.val();
                // No bus.
                self.card.bus_select.next = false;
                self.card.bus_address.next = 0.into();
                self.card.bus_write.next = false;
                self.card.bus_data.next = 0.into();
                // Status.
                self.beat.d.next = self.beat.q.val() + 1;
                self.lit.next = 128.into();
                if self.beat.q.val().get_bit(25) {
                    self.lit.next = self.lit.val() | 1;
                }
                if self.card.busy.val() {
                    self.lit.next = self.lit.val() | 2;
                }
                if self.card.answering.val() {
                    self.lit.next = self.lit.val() | 4;
                }
                if self.card.failed.val() {
                    self.lit.next = self.lit.val() | 8;
                }
                if self.card.dead.val() {
                    self.lit.next = self.lit.val() | 16;
                }
                if !self.rx.val() {
                    self.lit.next = self.lit.val() | 32;
                }
                if !self.transmitter.tx.val() {
                    self.lit.next = self.lit.val() | 64;
                }
                self.status.d.next = self.lit.val();
                self.leds.next = self.status.q.val();
            }
        }
    };
}

uart_top! {
    /// A card with every hash core behind a UART.
    UartTop, CardCore, HashBank, CardConfig::SIMULATION
}

uart_top! {
    /// A card with one verification engine and every hash core behind a UART.
    UartTopVerify, CardCore, VerifyBank<1, EVERY_SCHEME>, CardConfig::SIMULATION_VERIFY
}

uart_top! {
    /// A card with one verification engine for secp256k1 and SHA-256 behind a UART.
    UartTopSecp256k1, CardCore, VerifyBankSha256<1, SECP256K1>, CardConfig::SIMULATION_VERIFY
}

uart_top! {
    /// A card with eight verification engines for secp256k1 and SHA-256 behind a UART.
    UartTopSecp256k1x8, CardCore, VerifyBankSha256<8, SECP256K1>, CardConfig::SIMULATION_VERIFY
}

uart_top! {
    /// A card with one engine of multi-scalar multiplication on BN254 behind a UART.
    UartTopMsmBn254, MultiplyCore, MsmBank<BN254>, CardConfig::SIMULATION_MSM
}
