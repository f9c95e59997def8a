//! The UART top, driven by the bits on its lines.

use crate::frames::*;
use chaincard_hdl::boards::Ulx3s85f;
use chaincard_hdl::card::{CardConfig, UartTop};
use chaincard_protocol::frame::{HEADER_LEN, TAG_UNKNOWN};
use chaincard_protocol::{HashAlgorithm, Register, Reject};
use rust_hdl::prelude::*;
use std::collections::VecDeque;

struct Line {
    top: UartTop,
    divisor: usize,
    levels: VecDeque<bool>,
    /// Levels of the byte that comes, sampled in the middle of each bit.
    sample: Option<(usize, u16)>,
    bytes: Vec<u8>,
}

impl Line {
    fn new(config: CardConfig) -> Self {
        let mut top = UartTop::new(config);
        top.connect_all();
        top.rx.next = true;
        let divisor = config.baud_divisor as usize;
        let mut line =
            Self { top, divisor, levels: VecDeque::new(), sample: None, bytes: Vec::new() };
        line.run(20);
        line
    }

    fn send(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let frame = (u16::from(byte) << 1) | 0x200;
            for bit in 0..10 {
                self.levels.extend(std::iter::repeat_n(frame >> bit & 1 == 1, self.divisor));
            }
        }
    }

    fn run(&mut self, cycles: usize) {
        for _ in 0..cycles {
            self.top.rx.next = self.levels.pop_front().unwrap_or(true);
            assert!(simulate(&mut self.top, 200), "settles");
            self.receive();
            for clk in [true, false] {
                self.top.clock.next = Clock { clk };
                assert!(simulate(&mut self.top, 200), "settles");
            }
        }
    }

    fn receive(&mut self) {
        let level = self.top.tx.val();
        match &mut self.sample {
            None if !level => self.sample = Some((1, 0)),
            None => {}
            Some((cycle, levels)) => {
                if *cycle % self.divisor == self.divisor / 2 {
                    *levels |= u16::from(level) << (*cycle / self.divisor);
                }
                *cycle += 1;
                if *cycle == 10 * self.divisor {
                    assert_eq!(*levels & 0x201, 0x200, "start and stop bit");
                    self.bytes.push((*levels >> 1) as u8);
                    self.sample = None;
                }
            }
        }
    }

    fn reply(&mut self) -> Reply {
        for _ in 0..500_000 {
            if self.bytes.len() >= HEADER_LEN {
                let len = Reply::frame_len(&self.bytes);
                if self.bytes.len() >= len {
                    let bytes: Vec<u8> = self.bytes.drain(..len).collect();
                    return Reply::parse(&bytes);
                }
            }
            self.run(1);
        }
        panic!("no reply");
    }

    fn ask(&mut self, bytes: &[u8]) -> Reply {
        self.send(bytes);
        self.reply()
    }
}

const CONFIG: CardConfig =
    CardConfig { link_timeout: 1000, timeout_floor: 511, ..CardConfig::SIMULATION };

#[test]
fn frames_cross_the_line() {
    for divisor in [4, 5] {
        let mut line = Line::new(CardConfig { baud_divisor: divisor, ..CONFIG });
        let items = [b"abc".to_vec(), vec![], vec![0x80; 65]];
        let request = hash(0x0102, HashAlgorithm::Sha256, &items);
        line.ask(&request).check_hash(0x0102, HashAlgorithm::Sha256, &items);
        let facts = [Register::ReceiveBuffer.address(), Register::Skipped.address()];
        assert_eq!(line.ask(&read(2, &facts)).values(), [CONFIG.receive_bytes, 0]);
    }
}

#[test]
fn alignment_is_found_again_after_lost_and_added_bytes() {
    let mut line = Line::new(CONFIG);
    let items = [b"aligned?".to_vec()];
    let good = hash(9, HashAlgorithm::Sm3, &items);
    for garbage in [&b"x"[..], b"CC", b"CCR", b"CCRCCR", b"\0\0\0\0\0", b"CCRDCCRDxyz"] {
        line.send(garbage);
        line.send(&good);
        loop {
            let reply = line.reply();
            match reply.reject() {
                Some(reject) => assert_eq!(reject, (Reject::HeaderCrc, TAG_UNKNOWN)),
                None => break reply.check_hash(9, HashAlgorithm::Sm3, &items),
            }
        }
    }
    for lost in (0..good.len()).step_by(3) {
        let mut bytes = good.clone();
        bytes.remove(lost);
        line.send(&bytes);
        line.run(bytes.len() * 40 + 2500);
        line.run(2500);
        line.bytes.clear();
        assert!(line.sample.is_none());
        line.ask(&good).check_hash(9, HashAlgorithm::Sm3, &items);
    }
}

#[test]
fn constraints_name_the_pins_of_the_board() {
    let text = Ulx3s85f::constraints();
    assert!(text.contains("LOCATE COMP \"ftdi_rxd\" SITE \"L4\""));
    assert_eq!(text.matches("LOCATE COMP \"led[").count(), 8);
}
