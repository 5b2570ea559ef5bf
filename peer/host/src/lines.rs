//! Lines of bounded length from any stream. A longer line is told once and skipped to its end.
//!
//! [`Lines::next`] may be dropped while it waits and asked again: nothing that was read is lost.

use std::io;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, BufReader};

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// A line without its end.
    Line(Vec<u8>),
    /// A line above the bound.
    TooLong,
}

/// A stream that is read line by line.
#[derive(Debug)]
pub struct Lines<R> {
    source: BufReader<R>,
    bytes_max: usize,
    line: Vec<u8>,
    too_long: bool,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Reads lines of at most so many bytes.
    pub fn new(source: R, bytes_max: usize) -> Self {
        Self {
            source: BufReader::new(source),
            bytes_max,
            line: Vec::new(),
            too_long: false,
        }
    }

    /// The next line; `None` at the end. A last line without an end counts.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub async fn next(&mut self) -> io::Result<Option<Heard>> {
        loop {
            let bytes = self.source.fill_buf().await?;
            if bytes.is_empty() {
                let is_rest = self.too_long || !self.line.is_empty();
                return Ok(is_rest.then(|| self.take()));
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
            if self.line.len() + part.len() > self.bytes_max {
                self.too_long = true;
                self.line = Vec::new();
            } else if !self.too_long {
                self.line.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            AsyncBufRead::consume(std::pin::Pin::new(&mut self.source), used);
            if end.is_some() {
                return Ok(Some(self.take()));
            }
        }
    }

    fn take(&mut self) -> Heard {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.too_long) {
            return Heard::TooLong;
        }
        Heard::Line(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_bounded_and_a_long_one_does_not_spoil_the_next() -> io::Result<()> {
        let text = format!("ab\n\n{}\nlast\r", "x".repeat(20_000));
        let mut lines = Lines::new(text.as_bytes(), 8);
        for expected in [
            Heard::Line(b"ab".to_vec()),
            Heard::Line(Vec::new()),
            Heard::TooLong,
            Heard::Line(b"last\r".to_vec()),
        ] {
            assert_eq!(lines.next().await?, Some(expected));
        }
        assert_eq!(lines.next().await?, None);
        Ok(())
    }
}
