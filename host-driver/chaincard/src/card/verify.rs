//! A batch of signatures as frames.

use chaincard_protocol::hash::ItemStatus;
use chaincard_protocol::verify::{
    KEY_COMPRESSED, KEY_ODD, RECOVERY_ABOVE_N, RECOVERY_ODD, VerifyItem, VerifyParam,
    verify_item_len,
};
use chaincard_protocol::{Frame, Opcode, reply};

use super::link::Requests;
use super::share::{Share, cut};
use super::{CardInfo, ProtocolError};
use crate::cpu;
use crate::verify::{Hashing, Item, Key, Plan, Recovered, Verdict};

/// What a card answers with.
pub(super) trait Answer: Sized {
    const OPCODE: Opcode;

    /// Takes the results in a reply for exactly these places.
    fn accept(
        frame: Frame<'_>,
        param: VerifyParam,
        places: &mut [Self],
    ) -> Result<(), ProtocolError>;
}

impl Answer for Verdict {
    const OPCODE: Opcode = Opcode::Verify;

    fn accept(
        frame: Frame<'_>,
        param: VerifyParam,
        places: &mut [Self],
    ) -> Result<(), ProtocolError> {
        let answers = reply::verify(frame, param, places.len() as u16)?;
        for (answer, place) in answers.zip(places) {
            *place = answer.map_err(failed)?;
        }
        Ok(())
    }
}

impl Answer for Recovered {
    const OPCODE: Opcode = Opcode::Recover;

    fn accept(
        frame: Frame<'_>,
        param: VerifyParam,
        places: &mut [Self],
    ) -> Result<(), ProtocolError> {
        let answers = reply::recover(frame, param, places.len() as u16)?;
        for (answer, place) in answers.zip(places) {
            let (verdict, key) = answer.map_err(failed)?;
            let key = if verdict == Verdict::Valid { *key } else { [0; 64] };
            *place = Self { verdict, key };
        }
        Ok(())
    }
}

fn failed(status: ItemStatus) -> ProtocolError {
    match status {
        ItemStatus::EngineTimeout => ProtocolError::EngineTimeout,
        ItemStatus::Done => ProtocolError::Damaged,
    }
}

/// A batch cut into frames that the card takes; the results go straight to their places.
pub(super) struct Batch<'a, R> {
    param: VerifyParam,
    items: Vec<VerifyItem<'a>>,
    results: &'a mut [R],
    shares: Vec<Share>,
}

impl<'a, R: Answer> Batch<'a, R> {
    /// Cuts `items`, whose user id is not too long and none of which is longer than
    /// `info.max_payload`, into frames.
    pub(super) fn new(
        plan: &Plan<'a>,
        items: &[Item<'a>],
        results: &'a mut [R],
        info: &CardInfo,
    ) -> Self {
        let items: Vec<VerifyItem<'a>> = items.iter().map(|item| on_wire(plan, item)).collect();
        let len = |item: &VerifyItem<'_>| verify_item_len(item.user_id.len(), item.message.len());
        let shares = cut(items.iter().map(|item| len(item).unwrap_or(u32::MAX)), info);
        let param = VerifyParam { profile: plan.profile, hashing: plan.hashing };
        Self { param, items, results, shares }
    }
}

fn on_wire<'a>(plan: &Plan<'a>, item: &Item<'a>) -> VerifyItem<'a> {
    let Item { r, s, key, message } = *item;
    let with_za = plan.hashing == Hashing::Sm3;
    // The card makes ZA before it could find y.
    let key = if with_za { cpu::uncompressed_sm2(&key) } else { key };
    let flag = |set: bool, flag: u32| if set { flag as u8 } else { 0 };
    let (flags, x, y) = match key {
        Key::Point { x, y } => (0, x, y),
        Key::Compressed { x, odd } => (KEY_COMPRESSED as u8 | flag(odd, KEY_ODD), x, [0; 32]),
        Key::Edwards(a) => (0, a, [0; 32]),
        Key::Recover(id) => {
            let flags = flag(id & 1 != 0, RECOVERY_ODD) | flag(id & 2 != 0, RECOVERY_ABOVE_N);
            (flags, [0; 32], [0; 32])
        }
    };
    let user_id = if with_za { plan.user_id } else { &[] };
    VerifyItem { flags, r, s, x, y, user_id, message }
}

impl<R: Answer> Requests for Batch<'_, R> {
    fn len(&self) -> usize {
        self.shares.len()
    }

    fn operation(&self) -> (Opcode, u16) {
        (R::OPCODE, self.param.code())
    }

    fn items(&self, index: usize) -> u16 {
        self.shares[index].count
    }

    fn payload_len(&self, index: usize) -> u32 {
        self.shares[index].payload_len
    }

    fn write(&self, index: usize, bytes: &mut Vec<u8>) {
        for item in &self.items[self.shares[index].range()] {
            item.write(bytes);
        }
    }

    fn accept(&mut self, index: usize, frame: Frame<'_>) -> Result<(), ProtocolError> {
        R::accept(frame, self.param, &mut self.results[self.shares[index].range()])
    }
}
