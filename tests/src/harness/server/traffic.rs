//! What goes over the wires of a rendezvous, counted by kind.

use hutong_common::codec;
use hutong_common::rpc::{Request, ServerFrame};
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// Frames of one kind, and their bytes before TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub frames: u64,
    /// How many bytes.
    pub bytes: u64,
}

impl Sum {
    fn add(&mut self, len: usize) {
        self.frames += 1;
        self.bytes += len as u64;
    }
}

/// All that was asked and said.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    /// By the name of the request.
    pub requests: BTreeMap<String, Sum>,
    /// Answers.
    pub replies: Sum,
    /// Pushes by their number.
    pub pushes: BTreeMap<u16, Sum>,
}

/// The name of a variant, without what is in it.
struct Name(String);

impl Write for Name {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let name = text.split(|c: char| !c.is_alphanumeric()).next();
        self.0.push_str(name.unwrap_or_default());
        Err(fmt::Error)
    }
}

impl Traffic {
    pub(super) fn asks(&mut self, request: &Request, len: usize) {
        let mut name = Name(String::new());
        // It ends at the first word.
        let _ = write!(name, "{request:?}");
        self.requests.entry(name.0).or_default().add(len);
    }

    pub(in super::super) fn says(&mut self, frame: &[u8]) {
        // The first byte tells an answer from a push; an answer is not read, which would take longer than all else.
        if frame.first() == Some(&0) {
            self.replies.add(frame.len());
        } else if let Ok(ServerFrame::Push(push)) = codec::decode(frame) {
            self.pushes.entry(push.kind()).or_default().add(frame.len());
        }
    }
}
