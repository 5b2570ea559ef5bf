//! What the rendezvous and its clients share: ids, names, wire types, bounds, the codec, keys and sealed mail.
//!
//! Nothing here performs IO, reads a clock or draws randomness of its own; [`tls`] only builds configurations.
//! Both sides depend on this package and never on each other.

pub mod bounded;
pub mod check;
pub mod codec;
#[cfg(feature = "command-line")]
pub mod command_line;
pub mod direct;
pub mod entropy;
pub mod group;
pub mod harmless;
pub mod id;
pub mod identity;
pub mod invite;
pub mod join_code;
pub mod kinds;
pub mod labels;
pub mod limits;
pub mod md5;
pub mod mdns;
pub mod message;
pub mod name;
pub mod opaque;
pub mod password;
pub mod push;
pub mod refusal;
pub mod relay_join;
pub mod role_words;
pub mod rpc;
pub mod safety;
pub mod seal;
pub mod signed;
pub mod text;
pub mod tls;
pub mod vault;
pub mod verdict;
pub mod wrap;
