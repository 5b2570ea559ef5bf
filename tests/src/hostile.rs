//! Every reader of bytes that somebody else wrote, as a plain function with what must hold for any bytes.
//!
//! The suite gives each of them seeded noise and mutated real bytes; `cargo fuzz` (`./justw fuzz`) drives the same
//! functions from `tests/fuzz`. A broken promise is a panic, which both take for a finding. Beyond "no panic": what is
//! read comes back as it was, trailing bytes are refused, what costs a signature is believed only with it, and nothing
//! takes more memory than the bytes that came.

mod checks;
mod files;
mod home;
mod keys;
mod names;
mod relay;
mod seeds;
mod wire;

pub use seeds::{Inputs, mutated};

/// One reader.
#[derive(Clone, Copy)]
pub struct Target {
    /// What it is called, here and on the command line.
    pub name: &'static str,
    /// Reads the bytes, and panics if something does not hold.
    pub run: fn(&[u8]),
    /// Real bytes to begin from.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const fn target(name: &'static str, run: fn(&[u8]), seeds: fn() -> Vec<Vec<u8>>) -> Target {
    Target { name, run, seeds }
}

/// All of them.
pub const TARGETS: &[Target] = &[
    target("client_frame", wire::client_frame, seeds::client_frames),
    target("server_frame", wire::server_frame, seeds::server_frames),
    target("direct_frame", wire::direct_frame, seeds::direct_frames),
    target("file_request", wire::file_request, seeds::file_heads),
    target("signed_object", wire::signed_object, seeds::signed_objects),
    target("message", wire::message, seeds::messages),
    target("envelope", wire::envelope, seeds::envelopes),
    target("any_type", wire::any_type, seeds::everything),
    target("mail_key", keys::mail_key, seeds::envelopes),
    target("mail_body", keys::mail_body, seeds::mail_bodies),
    target("vault", keys::vault, seeds::vaults),
    target("opaque", keys::opaque, seeds::opaque_messages),
    target("relay_join", wire::relay_join, seeds::relay_joins),
    target("relay_proof", relay::proof, seeds::relay_proofs),
    target("relay_frames", relay::frames, seeds::relay_frames),
    target("check_packet", checks::packet, checks::honest),
    target("file_name", names::file_name, seeds::texts),
    target("person_name", names::person_name, seeds::texts),
    target("invite_link", names::invite_link, seeds::invites),
    target("settings", names::settings, seeds::settings),
    target("agent_command", names::agent_command, seeds::commands),
    target("file_stream", files::file_stream, seeds::file_streams),
    target("part_note", files::part_note, seeds::part_notes),
    target("stranger", home::stranger, seeds::direct_frames),
    target("false_friend", home::false_friend, seeds::direct_frames),
    target(
        "false_rendezvous",
        home::false_rendezvous,
        seeds::server_frames,
    ),
    target("false_client", home::false_client, seeds::client_frames),
];

/// The target of that name.
pub fn named(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
