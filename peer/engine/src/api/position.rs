//! A place in a conversation, as programs and people write it.

use hutong_common::id::{BadId, MsgId};
use serde::{Deserialize, Deserializer};
use std::str::FromStr;

/// A place in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// A message.
    Message(MsgId),
    /// A time, Unix milliseconds.
    Time(u64),
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Time(u64),
            Text(String),
        }
        match Either::deserialize(deserializer)? {
            Either::Time(ms) => Ok(Self::Time(ms)),
            Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
        }
    }
}

impl FromStr for Position {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<u64>()
            .map(Self::Time)
            .or_else(|_| text.parse().map(Self::Message))
    }
}
