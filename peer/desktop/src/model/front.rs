//! What is in front of a class: its rules, raised hands, who is there, and the code that brings people in.

use druid::{ArcStr, Data};
use hutong_common::text::groups::Rules;
use hutong_engine::api::policy::{ModeName, PolicyShown, PrivateChatName};

/// What is shown of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Data)]
pub enum FrontPage {
    /// Its rules, to be changed.
    Rules,
    /// Whose hands are raised, in their order.
    Hands,
    /// Who is there, and since when.
    Attendance,
    /// The code, in large letters.
    Code,
}

/// What one wants there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Front {
    /// The rules as they are chosen.
    Rules,
    /// One's own hand goes up, or down.
    Hand(bool),
    /// Somebody's hand goes down.
    Lower(ArcStr),
    /// Everybody's.
    LowerAll,
    /// Whose hands are raised.
    Hands,
    /// Who is there.
    Attendance,
    /// The code as it is.
    Code,
    /// Another code.
    NewCode,
    /// No code any more.
    NoCode,
}

/// One rule, as somebody chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// What the class is doing.
    Mode(ModeName),
    /// With whom members may talk in private.
    Chat(PrivateChatName),
    /// Whether members may make groups.
    Groups(bool),
    /// Whether members may send files.
    Files(bool),
    /// The largest of them, in bytes.
    Largest(u64),
}

impl Rule {
    /// Chooses it.
    pub fn choose(self, rules: &mut PolicyShown) {
        match self {
            Self::Mode(mode) => rules.mode = mode,
            Self::Chat(with) => rules.private_chat = with,
            Self::Groups(may) => rules.create_groups = may,
            Self::Files(may) => rules.send_files = may,
            Self::Largest(bytes) => rules.file_bytes_max = bytes,
        }
    }

    /// Whether it is the one that is in force.
    pub fn is_of(self, rules: &PolicyShown) -> bool {
        match self {
            Self::Mode(mode) => rules.mode == mode,
            Self::Chat(with) => rules.private_chat == with,
            Self::Groups(may) => rules.create_groups == may,
            Self::Files(may) => rules.send_files == may,
            Self::Largest(bytes) => rules.file_bytes_max == bytes,
        }
    }
}

/// The rules as they are put into words.
pub fn rules(policy: &PolicyShown) -> Rules<'_> {
    Rules {
        mode: match policy.mode {
            ModeName::Free => "free",
            ModeName::Lesson => "lesson",
            ModeName::Exam => "exam",
        },
        private_chat: match policy.private_chat {
            PrivateChatName::On => "on",
            PrivateChatName::Admins => "admins",
            PrivateChatName::Off => "off",
        },
        create_groups: policy.create_groups,
        send_files: policy.send_files,
        file_bytes_max: policy.file_bytes_max,
        recall_ms: policy.recall_ms,
        quiet: policy.quiet.as_deref(),
    }
}
