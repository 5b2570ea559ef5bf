//! Values of arguments that are one of a few words, and how they are read. Used by the command line alone.

use clap::ValueEnum;
use hutong_common::id::BadId;
use hutong_common::text::Lang;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Udp {
    Off,
    Port(u16),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SexLetter {
    M,
    F,
    X,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

/// How long `send` stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wait {
    Left,
    Delivered,
}

/// How long `send-file` stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WaitFile {
    Left,
    Delivered,
    Fetched,
}

pub(super) fn language(text: &str) -> Result<Lang, String> {
    Lang::from_name(text).ok_or_else(|| "zh | en".to_owned())
}

/// An id in the way in which it is shown; the request repeats it as it was typed.
pub(super) fn id<T: FromStr<Err = BadId>>(text: &str) -> Result<String, String> {
    text.parse::<T>()
        .map(|_| text.to_owned())
        .map_err(|error| error.to_string())
}

pub(super) fn udp(text: &str) -> Result<Udp, String> {
    if text == "off" {
        return Ok(Udp::Off);
    }
    text.parse()
        .map(Udp::Port)
        .map_err(|_| "off | 0-65535".to_owned())
}
