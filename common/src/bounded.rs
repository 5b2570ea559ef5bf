//! Lists, texts and byte strings with a largest size that is checked while they are decoded.
//!
//! Every variable-length field of a wire type is one of these, so no decoder can be made to hold more than its bound.
//! They are plain values: a value above its bound cannot be constructed.

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

/// A value is larger than its field allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{len} exceeds the bound of {max}")]
pub struct TooLarge {
    /// Length that was offered.
    pub len: usize,
    /// Largest length allowed.
    pub max: usize,
}

fn within(len: usize, max: usize) -> Result<(), TooLarge> {
    if len > max {
        Err(TooLarge { len, max })
    } else {
        Ok(())
    }
}

/// At most `MAX` elements.
#[derive(Clone, PartialEq, Eq)]
pub struct List<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> List<T, MAX> {
    /// Takes the elements, or refuses when there are more than `MAX`.
    pub fn new(items: Vec<T>) -> Result<Self, TooLarge> {
        within(items.len(), MAX).map(|()| Self(items))
    }

    /// The first `MAX` elements; for lists of hints, where leaving some out is harmless.
    pub fn truncated(items: impl IntoIterator<Item = T>) -> Self {
        Self(items.into_iter().take(MAX).collect())
    }

    /// The elements as a plain vector.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize> Deref for List<T, MAX> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: fmt::Debug, const MAX: usize> fmt::Debug for List<T, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Serialize, const MAX: usize> Serialize for List<T, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for List<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<T, const MAX: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for Elements<T, MAX> {
            type Value = Vec<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "at most {MAX} elements")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                let hint = seq.size_hint().unwrap_or(0);
                within(hint, MAX).map_err(de::Error::custom)?;
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    within(items.len() + 1, MAX).map_err(de::Error::custom)?;
                    items.push(item);
                }
                Ok(items)
            }
        }
        deserializer
            .deserialize_seq(Elements::<T, MAX>(PhantomData))
            .map(Self)
    }
}

/// At most `MAX` bytes.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes<const MAX: usize>(Vec<u8>);

impl<const MAX: usize> Bytes<MAX> {
    /// Takes the bytes, or refuses when there are more than `MAX`.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, TooLarge> {
        let bytes = bytes.into();
        within(bytes.len(), MAX).map(|()| Self(bytes))
    }

    /// The bytes as a plain vector.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl<const MAX: usize> Deref for Bytes<MAX> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for Bytes<MAX> {
    /// Only the length: byte strings of the wire are keys, ciphertexts and pictures.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes>", self.0.len())
    }
}

impl<const MAX: usize> Serialize for Bytes<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Bytes<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Raw<const MAX: usize>;
        impl<const MAX: usize> Visitor<'_> for Raw<MAX> {
            type Value = Bytes<MAX>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "at most {MAX} bytes")
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                within(bytes.len(), MAX).map_err(E::custom)?;
                Ok(Bytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(Raw::<MAX>)
    }
}

/// UTF-8 of at most `MAX` bytes.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// Takes the text, or refuses when it has more than `MAX` bytes.
    pub fn new(text: impl Into<String>) -> Result<Self, TooLarge> {
        let text = text.into();
        within(text.len(), MAX).map(|()| Self(text))
    }

    /// The text as a plain string.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: usize> Serialize for Text<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Utf8<const MAX: usize>;
        impl<const MAX: usize> Visitor<'_> for Utf8<MAX> {
            type Value = Text<MAX>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "at most {MAX} bytes of UTF-8")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                within(text.len(), MAX).map_err(E::custom)?;
                Ok(Text(text.to_owned()))
            }
        }
        deserializer.deserialize_str(Utf8::<MAX>)
    }
}

/// Serde for a 64-byte array, which serde itself does not implement: use as `#[serde(with = "bounded::array64")]`.
pub mod array64 {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Two halves of 32 bytes: the encoding is the 64 bytes, without a length.
    pub fn serialize<S: Serializer>(bytes: &[u8; 64], serializer: S) -> Result<S::Ok, S::Error> {
        let (head, tail) = bytes.split_at(32);
        let mut halves = [[0u8; 32]; 2];
        halves[0].copy_from_slice(head);
        halves[1].copy_from_slice(tail);
        halves.serialize(serializer)
    }

    /// Reads the two halves back.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 64], D::Error> {
        let halves = <[[u8; 32]; 2]>::deserialize(deserializer)?;
        let mut bytes = [0u8; 64];
        bytes[..32].copy_from_slice(&halves[0]);
        bytes[32..].copy_from_slice(&halves[1]);
        Ok(bytes)
    }
}
