//! Natively stepped cards on a word link, with real or with test engines.

use crate::frames::Reply;
use chaincard_hdl::card::{AxiTop, CardConfig};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_hdl::prelude::*;
use std::collections::VecDeque;

/// An AXI card and the words on its way.
pub(crate) struct Bench {
    pub(crate) top: AxiTop,
    pub(crate) cycles: u64,
    input: VecDeque<u32>,
    frame: Vec<u8>,
    /// Frames that came, with the cycle of their last word.
    pub(crate) replies: VecDeque<(u64, Reply)>,
    /// Chance in 256 that a word is offered or taken in a cycle.
    pub(crate) offer: u32,
    pub(crate) take: u32,
    rng: ChaCha8Rng,
}

impl Bench {
    pub(crate) fn new(config: CardConfig, seed: u64) -> Self {
        println!("seed {seed}");
        let mut top = AxiTop::new(config);
        top.connect_all();
        top.s_axis_tkeep.next = 15.into();
        let mut bench = Self {
            top,
            cycles: 0,
            input: VecDeque::new(),
            frame: Vec::new(),
            replies: VecDeque::new(),
            offer: 256,
            take: 256,
            rng: ChaCha8Rng::seed_from_u64(seed),
        };
        for _ in 0..4 {
            bench.step();
        }
        bench.top.aresetn.next = true;
        bench
    }

    /// One clock cycle.
    pub(crate) fn step(&mut self) {
        let offer = !self.input.is_empty() && self.rng.random_range(0..256) < self.offer;
        let take = self.rng.random_range(0..256) < self.take;
        self.top.s_axis_tvalid.next = offer;
        self.top.s_axis_tdata.next = self.input.front().copied().unwrap_or(0).to_bits();
        self.top.m_axis_tready.next = take;
        assert!(simulate(&mut self.top, 200), "settles");
        if offer && self.top.s_axis_tready.val() {
            self.input.pop_front();
        }
        if take && self.top.m_axis_tvalid.val() {
            self.frame.extend(self.top.m_axis_tdata.val().to_u32().to_le_bytes());
            if self.top.m_axis_tlast.val() {
                let bytes = std::mem::take(&mut self.frame);
                self.replies.push_back((self.cycles, Reply::parse(&bytes)));
            }
        }
        self.top.aclk.next = Clock { clk: true };
        assert!(simulate(&mut self.top, 200), "settles");
        self.top.aclk.next = Clock { clk: false };
        assert!(simulate(&mut self.top, 200), "settles");
        self.cycles += 1;
    }

    /// Queues bytes, a multiple of 4.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        assert_eq!(bytes.len() % 4, 0);
        self.input.extend(bytes.chunks(4).map(|w| u32::from_le_bytes(w.try_into().unwrap())));
    }

    /// Steps until everything queued was taken.
    pub(crate) fn drain(&mut self) {
        for _ in 0..1_000_000 {
            if self.input.is_empty() {
                return;
            }
            self.step();
        }
        panic!("the card does not take its input");
    }

    /// Steps until a frame has come.
    pub(crate) fn reply(&mut self) -> Reply {
        for _ in 0..2_000_000 {
            if let Some((_, reply)) = self.replies.pop_front() {
                return reply;
            }
            self.step();
        }
        panic!("no reply");
    }

    /// Steps `cycles` times.
    pub(crate) fn run(&mut self, cycles: u64) {
        for _ in 0..cycles {
            self.step();
        }
    }

    /// Reads over AXI4-Lite: response and data.
    pub(crate) fn bus_read(&mut self, address: u32) -> (u8, u32) {
        self.top.s_axil_araddr.next = address.to_bits();
        self.top.s_axil_arvalid.next = true;
        self.wait(|top| top.s_axil_arready.val());
        self.top.s_axil_arvalid.next = false;
        self.wait(|top| top.s_axil_rvalid.val());
        let answer = (self.top.s_axil_rresp.val().to_u8(), self.top.s_axil_rdata.val().to_u32());
        self.top.s_axil_rready.next = true;
        self.step();
        self.top.s_axil_rready.next = false;
        answer
    }

    /// Writes over AXI4-Lite: the response.
    pub(crate) fn bus_write(&mut self, address: u32, value: u32) -> u8 {
        self.top.s_axil_awaddr.next = address.to_bits();
        self.top.s_axil_wdata.next = value.to_bits();
        self.top.s_axil_wstrb.next = 15.into();
        self.top.s_axil_awvalid.next = true;
        self.top.s_axil_wvalid.next = true;
        self.wait(|top| top.s_axil_awready.val() && top.s_axil_wready.val());
        self.top.s_axil_awvalid.next = false;
        self.top.s_axil_wvalid.next = false;
        self.wait(|top| top.s_axil_bvalid.val());
        let answer = self.top.s_axil_bresp.val().to_u8();
        self.top.s_axil_bready.next = true;
        self.step();
        self.top.s_axil_bready.next = false;
        answer
    }

    /// Steps up to and with the cycle in which `event` is seen.
    fn wait(&mut self, event: impl Fn(&AxiTop) -> bool) {
        for _ in 0..100_000 {
            assert!(simulate(&mut self.top, 200), "settles");
            let seen = event(&self.top);
            self.step();
            if seen {
                return;
            }
        }
        panic!("the bus does not answer");
    }

    /// Sends and waits for the answer.
    pub(crate) fn ask(&mut self, bytes: &[u8]) -> Reply {
        self.send(bytes);
        self.reply()
    }
}

/// Keeps the oracle honest.
#[test]
fn the_oracle_knows_abc() {
    use crate::frames::digest;
    use chaincard_protocol::HashAlgorithm;
    let hex = |bytes: Vec<u8>| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    assert!(hex(digest(HashAlgorithm::Sha256, b"abc")).starts_with("ba7816bf8f01cfea"));
    assert!(hex(digest(HashAlgorithm::Sm3, b"abc")).starts_with("66c7f0f462eeedd9"));
    assert!(hex(digest(HashAlgorithm::Keccak256, b"")).starts_with("c5d2460186f7233c"));
}
