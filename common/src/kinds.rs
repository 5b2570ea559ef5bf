//! Enums that older programs can pass on: every variant is a number and a length-prefixed body.
//!
//! A plain postcard enum has no lengths, so a reader cannot step over a variant it does not know. Here an unknown kind
//! keeps its bytes and can be stored, forwarded and shown as "needs a newer version".

use crate::limits::FRAME_BYTES_MAX;
use serde::{Deserialize, Serialize};

/// How such a value lies on the wire: `kind:u16 ‖ len ‖ body` (postcard integers).
#[derive(Debug, Serialize, Deserialize)]
pub struct Framed {
    /// Number of the variant.
    pub kind: u16,
    /// postcard of that variant's struct.
    pub body: crate::bounded::Bytes<FRAME_BYTES_MAX>,
}

/// Declares an enum of numbered kinds with a variant `Unknown` for those of newer programs.
macro_rules! kinds {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $number:literal => $variant:ident($body:ty),)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "crate::kinds::Framed", into = "crate::kinds::Framed")]
        pub enum $name {
            $($(#[$variant_doc])* $variant($body),)+
            /// A kind of a newer program, with its number and bytes.
            Unknown(u16, Vec<u8>),
        }

        impl $name {
            /// The number of this kind on the wire.
            pub const fn kind(&self) -> u16 {
                match self {
                    $(Self::$variant(_) => $number,)+
                    Self::Unknown(kind, _) => *kind,
                }
            }
        }

        impl TryFrom<crate::kinds::Framed> for $name {
            type Error = crate::codec::CodecError;
            fn try_from(framed: crate::kinds::Framed) -> Result<Self, Self::Error> {
                match framed.kind {
                    $($number => crate::codec::decode(&framed.body).map(Self::$variant),)+
                    unknown => Ok(Self::Unknown(unknown, framed.body.into_vec())),
                }
            }
        }

        impl From<$name> for crate::kinds::Framed {
            fn from(value: $name) -> Self {
                let kind = value.kind();
                let body = match value {
                    $($name::$variant(body) => crate::codec::encode(&body),)+
                    $name::Unknown(_, body) => body,
                };
                // Each body is made of bounded fields, whose sum is below the bound of a frame.
                Self { kind, body: crate::bounded::Bytes::new(body).unwrap_or_default() }
            }
        }
    };
}
pub(crate) use kinds;
