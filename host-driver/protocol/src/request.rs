//! Requests: what a host writes and what a card (or a model of one) reads.

use alloc::vec::Vec;

use crate::encode::{EncodeError, FrameWriter, Limits};
use crate::frame::TAG_UNKNOWN;
use crate::multiply::Curve;
use crate::verify::item::padding;
use crate::verify::{VerifyItem, VerifyItems, VerifyParam};
use crate::{Frame, HashAlgorithm, Hashing, Header, Opcode, Register, Reject, Scheme};

fn begin(
    out: &mut Vec<u8>,
    opcode: Opcode,
    tag: u16,
    param: u16,
    limits: Limits,
) -> Result<FrameWriter<'_>, EncodeError> {
    if tag == TAG_UNKNOWN {
        return Err(EncodeError::Tag);
    }
    let header = Header { opcode: opcode.code(), tag, param, items: 0, payload_len: 0 };
    Ok(FrameWriter::begin(out, header, limits))
}

/// A hash request that grows at the end of a `Vec`. Dropped before [`finish`](Self::finish),
/// it takes its bytes away again.
///
/// ```
/// use chaincard_protocol::{HashAlgorithm, encode::Limits, request::HashRequest};
///
/// let mut wire = Vec::new();
/// let mut request =
///     HashRequest::begin(&mut wire, 1, HashAlgorithm::Sm3, Limits { items: 2, payload: 4096 })?;
/// request.push(b"abc")?;
/// request.push(b"")?;
/// assert!(request.push(b"one too many").is_err());
/// assert_eq!(request.finish().items, 2);
/// assert_eq!(wire.len(), 20 + (4 + 4) + 4 + 4);
/// # Ok::<(), chaincard_protocol::encode::EncodeError>(())
/// ```
#[derive(Debug)]
pub struct HashRequest<'o>(FrameWriter<'o>);

impl<'o> HashRequest<'o> {
    /// Begins a request behind what `out` holds.
    ///
    /// # Errors
    /// [`EncodeError::Tag`].
    pub fn begin(
        out: &'o mut Vec<u8>,
        tag: u16,
        algorithm: HashAlgorithm,
        limits: Limits,
    ) -> Result<Self, EncodeError> {
        begin(out, Opcode::Hash, tag, algorithm.code(), limits).map(Self)
    }

    /// Appends a message.
    ///
    /// # Errors
    /// [`EncodeError::Items`] and [`EncodeError::Payload`]; the request is as it was before.
    pub fn push(&mut self, message: &[u8]) -> Result<(), EncodeError> {
        // A message that does not fit in 32 bits does not fit in the payload either.
        let length = message.len() as u32;
        self.0.push([&length.to_le_bytes(), message])
    }

    /// Messages so far.
    pub fn items(&self) -> u16 {
        self.0.items()
    }

    /// Payload bytes so far.
    pub fn payload_len(&self) -> u32 {
        self.0.payload_len()
    }

    /// Ends the request and returns its header.
    pub fn finish(self) -> Header {
        self.0.finish()
    }
}

/// A request to multiply that grows at the end of a `Vec`. Dropped before
/// [`finish`](Self::finish), it takes its bytes away again.
#[derive(Debug)]
pub struct MultiplyRequest<'o>(FrameWriter<'o>);

impl<'o> MultiplyRequest<'o> {
    /// Begins a request behind what `out` holds.
    ///
    /// # Errors
    /// [`EncodeError::Tag`].
    pub fn begin(
        out: &'o mut Vec<u8>,
        tag: u16,
        curve: Curve,
        limits: Limits,
    ) -> Result<Self, EncodeError> {
        begin(out, Opcode::Multiply, tag, curve.code(), limits).map(Self)
    }

    /// Appends the terms of a multiplication, back to back.
    ///
    /// # Errors
    /// [`EncodeError::Items`] and [`EncodeError::Payload`]; the request is as it was before.
    pub fn push(&mut self, terms: &[u8]) -> Result<(), EncodeError> {
        // Terms that do not fit in 32 bits do not fit in the payload either.
        self.0.push([&(terms.len() as u32).to_le_bytes(), terms])
    }

    /// Ends the request and returns its header.
    pub fn finish(self) -> Header {
        self.0.finish()
    }
}

/// A request to verify signatures, or to recover public keys, that grows at the end of a `Vec`.
/// Dropped before [`finish`](Self::finish), it takes its bytes away again.
#[derive(Debug)]
pub struct VerifyRequest<'o> {
    frame: FrameWriter<'o>,
    hashing: Hashing,
}

impl<'o> VerifyRequest<'o> {
    /// Begins a request to verify behind what `out` holds.
    ///
    /// # Errors
    /// [`EncodeError::Tag`].
    pub fn verify(
        out: &'o mut Vec<u8>,
        tag: u16,
        param: VerifyParam,
        limits: Limits,
    ) -> Result<Self, EncodeError> {
        let frame = begin(out, Opcode::Verify, tag, param.code(), limits)?;
        Ok(Self { frame, hashing: param.hashing })
    }

    /// Begins a request to recover, whose profile is one of secp256k1.
    ///
    /// # Errors
    /// [`EncodeError::Tag`].
    pub fn recover(
        out: &'o mut Vec<u8>,
        tag: u16,
        param: VerifyParam,
        limits: Limits,
    ) -> Result<Self, EncodeError> {
        let frame = begin(out, Opcode::Recover, tag, param.code(), limits)?;
        Ok(Self { frame, hashing: param.hashing })
    }

    /// Appends a signature.
    ///
    /// # Errors
    /// [`EncodeError::Item`], [`EncodeError::Items`] and [`EncodeError::Payload`]; the request is
    /// as it was before.
    pub fn push(&mut self, item: &VerifyItem<'_>) -> Result<(), EncodeError> {
        if self.hashing == Hashing::Digest && item.message.len() != 32 {
            return Err(EncodeError::Item);
        }
        let head = item.head().ok_or(EncodeError::Item)?;
        self.frame.push([&head, item.user_id, padding(item.user_id), item.message])
    }

    /// Payload bytes so far.
    pub fn payload_len(&self) -> u32 {
        self.frame.payload_len()
    }

    /// Ends the request and returns its header.
    pub fn finish(self) -> Header {
        self.frame.finish()
    }
}

/// Appends a request for the values of `registers` to `out`.
///
/// # Errors
/// [`EncodeError::Tag`] and [`EncodeError::Items`]; `out` is as it was before.
pub fn read_registers(
    out: &mut Vec<u8>,
    tag: u16,
    registers: &[Register],
) -> Result<Header, EncodeError> {
    let mut frame = begin(out, Opcode::ReadRegisters, tag, 0, Limits::FORMAT)?;
    for register in registers {
        frame.push([&register.address().to_le_bytes(), &[]])?;
    }
    Ok(frame.finish())
}

/// Appends a request that writes `values` in order to `out`.
///
/// # Errors
/// [`EncodeError::Tag`] and [`EncodeError::Items`]; `out` is as it was before.
pub fn write_registers(
    out: &mut Vec<u8>,
    tag: u16,
    values: &[(Register, u32)],
) -> Result<Header, EncodeError> {
    let mut frame = begin(out, Opcode::WriteRegisters, tag, 0, Limits::FORMAT)?;
    for (register, value) in values {
        frame.push([&register.address().to_le_bytes(), &value.to_le_bytes()])?;
    }
    Ok(frame.finish())
}

/// A request as a card reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'p> {
    /// Addresses, each four little-endian bytes.
    ReadRegisters(&'p [[u8; 4]]),
    /// Addresses and values, each pair eight little-endian bytes.
    WriteRegisters(&'p [[u8; 8]]),
    /// Messages.
    Hash(HashAlgorithm, HashItems<'p>),
    /// Signatures with their keys.
    Verify(VerifyParam, VerifyItems<'p>),
    /// Signatures whose keys are to be recovered.
    Recover(VerifyParam, VerifyItems<'p>),
    /// Terms of multiplications, each of which may be of any length.
    Multiply(Curve, HashItems<'p>),
}

impl<'p> Request<'p> {
    /// Reads a frame whose CRCs are right; every length in it is checked here.
    ///
    /// # Errors
    /// The [`Reject`] that a card with every algorithm and without limits answers.
    pub fn of(frame: Frame<'p>) -> Result<Self, Reject> {
        let Frame { header, payload } = frame;
        match Opcode::from_code(header.opcode) {
            Some(Opcode::ReadRegisters) => whole_items(header, payload).map(Self::ReadRegisters),
            Some(Opcode::WriteRegisters) => whole_items(header, payload).map(Self::WriteRegisters),
            Some(Opcode::Hash) => {
                let algorithm = HashAlgorithm::from_code(header.param).ok_or(Reject::Param)?;
                let items = HashItems::of(payload, header.items).ok_or(Reject::Length)?;
                Ok(Self::Hash(algorithm, items))
            }
            Some(Opcode::Verify) => {
                let param = VerifyParam::from_code(header.param).ok_or(Reject::Param)?;
                let items = VerifyItems::of(payload, header.items, param.hashing);
                Ok(Self::Verify(param, items.ok_or(Reject::Length)?))
            }
            Some(Opcode::Recover) => {
                let param = VerifyParam::from_code(header.param)
                    .filter(|param| param.profile.scheme() == Scheme::Secp256k1)
                    .ok_or(Reject::Param)?;
                let items = VerifyItems::of(payload, header.items, param.hashing);
                Ok(Self::Recover(param, items.ok_or(Reject::Length)?))
            }
            Some(Opcode::Multiply) => {
                let curve = Curve::from_code(header.param).ok_or(Reject::Param)?;
                let items = HashItems::of(payload, header.items).ok_or(Reject::Length)?;
                Ok(Self::Multiply(curve, items))
            }
            Some(Opcode::Error) | None => Err(Reject::Opcode),
        }
    }
}

fn whole_items<const N: usize>(header: Header, payload: &[u8]) -> Result<&[[u8; N]], Reject> {
    let (items, rest) = payload.as_chunks();
    if rest.is_empty() && items.len() == usize::from(header.items) {
        Ok(items)
    } else {
        Err(Reject::Length)
    }
}

/// Messages of a hash request, or items of a request to multiply, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashItems<'p> {
    rest: &'p [u8],
    items: u16,
}

impl<'p> HashItems<'p> {
    /// The items in `payload`, if it holds exactly so many.
    pub(crate) fn of(payload: &'p [u8], items: u16) -> Option<Self> {
        let all = Self { rest: payload, items };
        let mut check = all;
        (check.by_ref().count() == usize::from(items) && check.rest.is_empty()).then_some(all)
    }
}

impl<'p> Iterator for HashItems<'p> {
    type Item = &'p [u8];

    fn next(&mut self) -> Option<&'p [u8]> {
        self.items = self.items.checked_sub(1)?;
        let (length, behind) = self.rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let padded = behind.get(..length.checked_next_multiple_of(4)?)?;
        self.rest = &behind[padded.len()..];
        Some(&padded[..length])
    }
}
