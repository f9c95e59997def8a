//! Lines of bounded length.

use std::io::{self, BufRead, Read};

/// Longest line that is read, in bytes.
pub(crate) const MAX_LINE: usize = 1 << 20;

/// A line of input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Its bytes, without the line end.
    Bytes(Vec<u8>),
    /// Longer than [`MAX_LINE`]; passed over.
    TooLong,
}

/// Reads the next line; `None` at the end. No more than [`MAX_LINE`] bytes are held.
///
/// # Errors
/// Those of `input`.
pub(crate) fn next(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    let read = input.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', &mut bytes)?;
    if read == 0 {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    } else if bytes.len() > MAX_LINE {
        skip_line(input)?;
        return Ok(Some(Line::TooLong));
    }
    Ok(Some(Line::Bytes(bytes)))
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = match input.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let (len, end) = match buffer.iter().position(|&byte| byte == b'\n') {
            Some(position) => (position + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(len);
        if end {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(input: &[u8]) -> Vec<Line> {
        // A small buffer, so that lines are longer than it.
        let mut input = io::BufReader::with_capacity(7, input);
        std::iter::from_fn(|| next(&mut input).expect("memory is readable")).collect()
    }

    #[test]
    fn lines_with_either_end_and_none() {
        let bytes = |text: &str| Line::Bytes(text.as_bytes().to_vec());
        assert_eq!(
            all(b"a\r\n\nlonger than a buffer\nb"),
            [bytes("a"), bytes(""), bytes("longer than a buffer"), bytes("b")]
        );
        assert_eq!(all(b""), []);
    }

    #[test]
    fn long_lines_are_passed_over() {
        for (len, fits) in [(MAX_LINE, true), (MAX_LINE + 1, false), (3 * MAX_LINE, false)] {
            for end in ["", "\n", "\nnext\n"] {
                let mut text = vec![b'x'; len];
                text.extend(end.as_bytes());
                let lines = all(&text);
                assert_eq!(matches!(lines[0], Line::Bytes(_)), fits, "{len} {end:?}");
                assert_eq!(lines.len(), if end.len() > 1 { 2 } else { 1 });
            }
        }
    }
}
