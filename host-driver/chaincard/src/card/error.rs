//! What a card can do wrong.

use chaincard_protocol::reply::ReplyError;
use chaincard_protocol::{PROTOCOL_VERSION, Register, Reject};

/// Why what came over the link is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// other side is no chaincard card
    #[error("identification register holds {found:#010x}, which is no chaincard card")]
    NotACard {
        /// What the register held.
        found: u32,
    },
    /// other side speaks another version
    #[error(
        "card speaks protocol version {found}, this library version {PROTOCOL_VERSION}: \
         load an image of the same version or use another release of the library"
    )]
    Version {
        /// Version of the card.
        found: u32,
    },
    /// register holds what no card can have
    #[error("register {} holds {value}, which is impossible", .register.name())]
    RegisterValue {
        /// Which one.
        register: Register,
        /// What it held.
        value: u32,
    },
    /// card refused a request
    #[error("card rejected the request: {reason}")]
    Rejected {
        /// Its reason.
        reason: Reject,
    },
    /// card refused a request for a reason of another version
    #[error("card rejected the request with the unknown code {code}")]
    RejectedUnknown {
        /// Wire code.
        code: u16,
    },
    /// reply came with a wrong payload CRC
    #[error("reply was damaged on the link")]
    Damaged,
    /// reply does not fit its request
    #[error("reply does not fit its request")]
    Reply(#[from] ReplyError),
    /// card answered a later request first
    #[error("request was skipped by the card")]
    Skipped,
    /// engine of the card gave no digest in time
    #[error("an engine of the card gave no digest in time")]
    EngineTimeout,
    /// card has other abilities than when it was opened
    #[error("card has changed since it was opened: another image was loaded, open it again")]
    Changed,
    /// card keeps sending what nobody asked for
    #[error("card does not stop sending")]
    Babble,
}
