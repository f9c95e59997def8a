//! Status codes: those of `protos/status_code.proto` of cita_cloud_proto that this service gives.

use crate::proto::common::StatusCode;

/// A status of CITA-Cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Status {
    /// All is well.
    Success = 0,
    /// Transaction without a witness.
    NoneWitness = 116,
    /// Witness without a transaction.
    NoneTransaction = 117,
    /// Witness without a UTXO transaction.
    NoneUtxo = 118,
    /// Neither a transaction nor a UTXO transaction.
    NoneRawTx = 119,
    /// Hash is not that of the data.
    HashCheckError = 135,
    /// Hash is not 32 bytes long.
    HashLenError = 136,
    /// Signature is not 128 bytes long.
    SigLenError = 137,
    /// Signature is not valid, or not the sender's.
    SigCheckError = 138,
    /// UTXO transaction has not exactly one witness.
    InvalidWitness = 148,
    /// r or s of a signature is out of its range.
    ConstructSigError = 302,
    /// Signing failed.
    SignError = 304,
}

impl From<Status> for StatusCode {
    fn from(status: Status) -> Self {
        Self { code: status as u32 }
    }
}
