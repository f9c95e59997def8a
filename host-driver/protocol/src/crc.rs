//! CRC-32 (IEEE 802.3, reflected, as in zlib and Ethernet).

/// Generator polynomial in reflected form.
pub const POLYNOMIAL: u32 = 0xEDB8_8320;

/// State after no input, before the final complement.
pub const INITIAL: u32 = 0xFFFF_FFFF;

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = step_bits(i as u32, 8);
        i += 1;
    }
    table
};

/// Advances the (uncomplemented) state by `bits` zero bits of input.
const fn step_bits(mut state: u32, bits: u32) -> u32 {
    let mut i = 0;
    while i < bits {
        state = if state & 1 == 1 { (state >> 1) ^ POLYNOMIAL } else { state >> 1 };
        i += 1;
    }
    state
}

/// Advances the (uncomplemented) `state` by one little-endian 32-bit word: the function
/// that the card computes in one cycle. It is linear over GF(2) in `state ^ word`.
pub const fn step_word(state: u32, word: u32) -> u32 {
    step_bits(state ^ word, 32)
}

/// Running CRC-32.
#[derive(Clone, Copy, Debug)]
pub struct Crc32(u32);

impl Default for Crc32 {
    fn default() -> Self {
        Self(INITIAL)
    }
}

impl Crc32 {
    /// CRC of `bytes`.
    pub fn of(bytes: &[u8]) -> u32 {
        let mut crc = Self::default();
        crc.update(bytes);
        crc.value()
    }

    /// Appends `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 >> 8) ^ TABLE[usize::from(self.0 as u8 ^ byte)];
        }
    }

    /// CRC of all bytes so far.
    pub fn value(&self) -> u32 {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_value_of_the_standard() {
        assert_eq!(Crc32::of(b"123456789"), 0xCBF4_3926);
        assert_eq!(Crc32::of(b""), 0);
    }

    #[test]
    fn a_word_step_is_four_byte_steps() {
        let words = [0x0000_0000, 0x0123_4567, 0xFFFF_FFFF, 0x8000_0001u32];
        let mut state = INITIAL;
        let mut bytes = Crc32::default();
        for word in words {
            state = step_word(state, word);
            bytes.update(&word.to_le_bytes());
            assert_eq!(!state, bytes.value());
        }
    }
}
