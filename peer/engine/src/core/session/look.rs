//! Looking around for a rendezvous that nobody named: whoever announces itself is given a moment to be heard.
//!
//! A program that has just started knows nobody yet, and of two nodes one is heard first: answered at once, a command
//! would find none, or take the only one known so far. Later answers come at once.

use super::Core;
use crate::api::Command;
use crate::api::command::{Login, Register};
use crate::core::Context;
use crate::core::io::CommandId;
use crate::core::timers::Timer;
use crate::store::StoreError;
use hutong_common::limits::{AGENT_COMMANDS_MAX, SERVERS_LOOK_MS};

/// The first moment of a program, and what waits for its end.
#[derive(Debug)]
pub(super) struct Look {
    until_ms: u64,
    waiting: Vec<(CommandId, Command)>,
}

impl Look {
    pub(super) const fn from(mono_ms: u64) -> Self {
        Self {
            until_ms: mono_ms + SERVERS_LOOK_MS,
            waiting: Vec::new(),
        }
    }

    pub(super) const fn until_ms(&self) -> u64 {
        self.until_ms
    }
}

impl Core {
    /// Keeps a command that depends on who is there until everybody could be heard; gives back any other.
    pub(in crate::core) fn after_looking(
        &mut self,
        id: CommandId,
        command: Command,
        cx: &Context<'_>,
    ) -> Option<Command> {
        let names_none = matches!(
            &command,
            Command::Register(Register { server: None, .. })
                | Command::Login(Login { server: None, .. })
        );
        let is_check = matches!(&command, Command::Doctor { .. });
        let depends =
            matches!(&command, Command::Servers) || (names_none || is_check) && !self.knows_where();
        let look = &mut self.session.look;
        let is_over = !self.config.mdns || cx.now.mono_ms >= look.until_ms;
        if !depends || is_over || look.waiting.len() >= AGENT_COMMANDS_MAX {
            return Some(command);
        }
        look.waiting.push((id, command));
        self.timers.set(Timer::Look, look.until_ms);
        None
    }

    fn knows_where(&self) -> bool {
        self.session.server.is_some() || self.config.preset.is_some()
    }

    pub(in crate::core) fn looked_around(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        for (id, command) in std::mem::take(&mut self.session.look.waiting) {
            self.on_command(id, command, cx)?;
        }
        Ok(())
    }
}
