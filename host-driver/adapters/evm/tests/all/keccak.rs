use chaincard_evm::keccak::{keccak256, native_keccak256};
use sha3::Digest;

#[test]
fn digests_are_those_of_sha3() {
    let message: Vec<u8> = (0..1000u32).map(|index| (index * index) as u8).collect();
    for len in (0..300).chain([1000]) {
        let expected: [u8; 32] = sha3::Keccak256::digest(&message[..len]).into();
        assert_eq!(keccak256(&message[..len]), expected, "{len} bytes");
        let mut output = [0; 33];
        // SAFETY: there are `len` bytes to read, and 32 to write after the first.
        unsafe { native_keccak256(message.as_ptr(), len, output[1..].as_mut_ptr()) };
        assert_eq!(output[1..], expected);
    }
}

#[test]
fn no_bytes_may_be_anywhere() {
    let mut output = [0; 32];
    // SAFETY: there is nothing to read, and there are 32 bytes to write.
    unsafe { native_keccak256(std::ptr::null(), 0, output.as_mut_ptr()) };
    assert_eq!(output, <[u8; 32]>::from(sha3::Keccak256::digest([])));
}
