//! Register map, reached by [`Opcode::ReadRegisters`](crate::Opcode::ReadRegisters) and
//! [`Opcode::WriteRegisters`](crate::Opcode::WriteRegisters) frames and over AXI4-Lite.
//! Addresses are in bytes; every register has 32 bits.

/// Who may change a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Host reads.
    ReadOnly,
    /// Host reads and writes.
    ReadWrite,
}

macro_rules! registers {
    ($($(#[doc = $doc:literal])+ $name:ident = $address:literal, $access:ident;)+) => {
        /// A register; the value is its byte address.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u32)]
        pub enum Register {
            $($(#[doc = $doc])+ $name = $address,)+
        }

        impl Register {
            /// Every register, in ascending order of address.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Name as declared, in `CamelCase`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            /// Who may change it.
            pub const fn access(self) -> Access {
                match self { $(Self::$name => Access::$access,)+ }
            }

            /// What it holds, as in its documentation.
            pub const fn description(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
}

registers! {
    /// Identifies a chaincard card: the magic word of the frames.
    Id = 0x00, ReadOnly;
    /// Protocol version of the card.
    ProtocolVersion = 0x04, ReadOnly;
    /// Version of the design: major << 16 | minor << 8 | patch.
    DesignVersion = 0x08, ReadOnly;
    /// Bit n: the card has the hash algorithm with wire code n.
    Capabilities = 0x0C, ReadOnly;
    /// Most items in one frame.
    MaxItems = 0x10, ReadOnly;
    /// Most payload bytes in one frame.
    MaxPayload = 0x14, ReadOnly;
    /// Bytes of requests that may be outstanding beyond the first; 0: the link has flow control.
    ReceiveBuffer = 0x18, ReadOnly;
    /// Clock in Hz; 0 when only simulated.
    ClockHz = 0x1C, ReadOnly;
    /// Bit 0, cleared by itself: resets the engines.
    Control = 0x20, ReadWrite;
    /// Cycles of silence inside a frame after which it is given up.
    LinkTimeout = 0x24, ReadWrite;
    /// Cycles without progress after which an item is answered with the status EngineTimeout.
    EngineTimeout = 0x28, ReadWrite;
    /// Holds what was written, for tests of the link.
    Scratch = 0x2C, ReadWrite;
    /// Bit n: the card verifies the scheme with wire code n; bit 8: it recovers public keys. Cards that do neither need not have it.
    VerifyCapabilities = 0x34, ReadOnly;
    /// Bit n: the card multiplies on the curve with wire code n; bits 7 … 4: bits of a window. Cards that do not need not have it.
    MultiplyCapabilities = 0x38, ReadOnly;
    /// Cycles since configuration, low half; reading it latches the high half.
    CyclesLow = 0x40, ReadOnly;
    /// Cycles since configuration, high half as of the last read of the low half.
    CyclesHigh = 0x44, ReadOnly;
    /// Cycles in which a request was being carried out, modulo 2^32.
    BusyCycles = 0x48, ReadOnly;
    /// Requests carried out, modulo 2^32.
    Frames = 0x4C, ReadOnly;
    /// Items answered with the status Done, modulo 2^32.
    Items = 0x50, ReadOnly;
    /// Error frames sent, modulo 2^32.
    Rejects = 0x54, ReadOnly;
    /// Headers with a wrong CRC, modulo 2^32.
    HeaderCrcErrors = 0x58, ReadOnly;
    /// Payloads with a wrong CRC, modulo 2^32.
    PayloadCrcErrors = 0x5C, ReadOnly;
    /// Frames given up because the link fell silent, modulo 2^32.
    LinkTimeouts = 0x60, ReadOnly;
    /// Items answered with the status EngineTimeout, modulo 2^32.
    EngineTimeouts = 0x64, ReadOnly;
    /// Words (AXI4-Stream) or bytes (UART) skipped while looking for a magic, modulo 2^32.
    Skipped = 0x68, ReadOnly;
}

impl Register {
    /// Byte address.
    pub const fn address(self) -> u32 {
        self as u32
    }

    /// The register at a byte address.
    pub fn from_address(address: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|register| register.address() == address)
    }
}
