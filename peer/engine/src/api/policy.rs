//! The rules of a class, as its members read them and its admins change them.

use hutong_common::group::{ClassMode, ClassPolicy, PrivateChat, QuietHours};
use hutong_common::id::GroupId;
use hutong_common::limits::{FILE_BYTES_MAX, RECALL_WINDOW_MS};
use serde::{Deserialize, Serialize};

/// Minutes of an hour, and of a day.
const HOUR: u16 = 60;
const DAY: u16 = 24 * HOUR;

/// With whom members of a class may talk in private, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivateChatName {
    /// With everybody.
    On,
    /// With its admins.
    Admins,
    /// With nobody of the class.
    Off,
}

/// What a class is doing, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModeName {
    /// Nothing.
    Free,
    /// A lesson.
    Lesson,
    /// An exam.
    Exam,
}

/// The rules of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyShown {
    /// What the class is doing.
    pub mode: ModeName,
    /// With whom members may talk in private.
    pub private_chat: PrivateChatName,
    /// Whether members may create groups.
    pub create_groups: bool,
    /// Whether members may send files.
    pub send_files: bool,
    /// The largest file that members may send, in bytes.
    pub file_bytes_max: u64,
    /// How long a message can be taken back, in milliseconds.
    pub recall_ms: u64,
    /// When nobody is disturbed, as `22:00-06:30` on every member's own clock.
    pub quiet: Option<String>,
}

/// Other rules for a class; what is left out stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PolicyEdit {
    /// Which class.
    pub group: GroupId,
    /// What it is doing.
    #[serde(default)]
    pub mode: Option<ModeName>,
    /// With whom members may talk in private.
    #[serde(default)]
    pub private_chat: Option<PrivateChatName>,
    /// Whether members may create groups.
    #[serde(default)]
    pub create_groups: Option<bool>,
    /// Whether members may send files.
    #[serde(default)]
    pub send_files: Option<bool>,
    /// The largest file that members may send, in bytes.
    #[serde(default)]
    pub file_bytes_max: Option<u64>,
    /// How long a message can be taken back, in milliseconds.
    #[serde(default)]
    pub recall_ms: Option<u64>,
    /// When nobody is disturbed, as `22:00-06:30`; `off` for never.
    #[serde(default)]
    pub quiet: Option<String>,
}

impl From<ClassPolicy> for PolicyShown {
    fn from(policy: ClassPolicy) -> Self {
        Self {
            mode: match policy.mode {
                ClassMode::Free => ModeName::Free,
                ClassMode::Lesson => ModeName::Lesson,
                ClassMode::Exam => ModeName::Exam,
            },
            private_chat: match policy.private_chat {
                PrivateChat::On => PrivateChatName::On,
                PrivateChat::AdminsOnly => PrivateChatName::Admins,
                PrivateChat::Off => PrivateChatName::Off,
            },
            create_groups: policy.create_groups,
            send_files: policy.send_files,
            file_bytes_max: policy.file_bytes_max,
            recall_ms: policy.recall_ms,
            quiet: policy.quiet.map(shown),
        }
    }
}

impl PolicyShown {
    /// Whether nobody is disturbed at this minute after midnight, on one's own clock.
    pub fn is_quiet(&self, minute: u16) -> bool {
        let quiet = self.quiet.as_deref().and_then(hours).flatten();
        quiet.is_some_and(|quiet| quiet.contains(minute))
    }
}

impl PolicyEdit {
    /// One that changes nothing of a class.
    pub const fn of(group: GroupId) -> Self {
        Self {
            group,
            mode: None,
            private_chat: None,
            create_groups: None,
            send_files: None,
            file_bytes_max: None,
            recall_ms: None,
            quiet: None,
        }
    }

    /// What becomes of these rules; an error names what cannot be read.
    pub(crate) fn apply(&self, mut policy: ClassPolicy) -> Result<ClassPolicy, &'static str> {
        if let Some(mode) = self.mode {
            policy.mode = match mode {
                ModeName::Free => ClassMode::Free,
                ModeName::Lesson => ClassMode::Lesson,
                ModeName::Exam => ClassMode::Exam,
            };
        }
        if let Some(with) = self.private_chat {
            policy.private_chat = match with {
                PrivateChatName::On => PrivateChat::On,
                PrivateChatName::Admins => PrivateChat::AdminsOnly,
                PrivateChatName::Off => PrivateChat::Off,
            };
        }
        if let Some(quiet) = &self.quiet {
            policy.quiet = hours(quiet).ok_or("quiet is 22:00-06:30 or off")?;
        }
        let bounded = |asked: Option<u64>, most: u64| asked.map(|asked| asked.min(most));
        let (create, send) = (self.create_groups, self.send_files);
        policy.create_groups = create.unwrap_or(policy.create_groups);
        policy.send_files = send.unwrap_or(policy.send_files);
        let bytes = bounded(self.file_bytes_max, FILE_BYTES_MAX);
        policy.file_bytes_max = bytes.unwrap_or(policy.file_bytes_max);
        let recall = bounded(self.recall_ms, RECALL_WINDOW_MS);
        policy.recall_ms = recall.unwrap_or(policy.recall_ms);
        Ok(policy)
    }
}

fn shown(quiet: QuietHours) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / HOUR, minute % HOUR);
    format!("{}-{}", time(quiet.from_min), time(quiet.to_min))
}

/// The hours as they are typed; none in it for `off`.
fn hours(typed: &str) -> Option<Option<QuietHours>> {
    let typed = typed.trim();
    if typed.is_empty() || typed.eq_ignore_ascii_case("off") {
        return Some(None);
    }
    let (from, to) = typed.split_once(['-', '–', '—', '~'])?;
    let (from_min, to_min) = (minute(from)?, minute(to)?);
    Some(Some(QuietHours { from_min, to_min }))
}

fn minute(typed: &str) -> Option<u16> {
    let (hour, minute) = typed.trim().split_once([':', '：'])?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let of_day = hour.checked_mul(HOUR)?.checked_add(minute)?;
    (minute < HOUR && of_day < DAY).then_some(of_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_stays_and_what_is_too_much_is_bounded() {
        let policy = ClassPolicy::default();
        let edit = PolicyEdit::of(GroupId(1));
        assert_eq!(edit.apply(policy), Ok(policy));
        let edit = PolicyEdit {
            mode: Some(ModeName::Exam),
            recall_ms: Some(u64::MAX),
            send_files: Some(false),
            quiet: Some("22:00-06:30".to_owned()),
            ..edit
        };
        let changed = edit.apply(policy).expect("it can be read");
        assert_eq!(
            (changed.mode, changed.recall_ms, changed.send_files),
            (ClassMode::Exam, RECALL_WINDOW_MS, false)
        );
        let shown = PolicyShown::from(changed);
        assert_eq!(shown.quiet.as_deref(), Some("22:00-06:30"));
        let off = PolicyEdit {
            quiet: Some("off".to_owned()),
            ..PolicyEdit::of(GroupId(1))
        };
        assert_eq!(off.apply(changed).map(|policy| policy.quiet), Ok(None));
    }

    #[test]
    fn quiet_hours_may_pass_midnight_and_none_are_never() {
        let quiet = |hours: Option<&str>, minute| {
            let mut shown = PolicyShown::from(ClassPolicy::default());
            shown.quiet = hours.map(str::to_owned);
            shown.is_quiet(minute)
        };
        for (minute, is_quiet) in [
            (1319, false),
            (1320, true),
            (0, true),
            (389, true),
            (390, false),
        ] {
            assert_eq!(quiet(Some("22:00-06:30"), minute), is_quiet, "{minute}");
        }
        assert!(quiet(Some("12:00-14:00"), 720) && !quiet(Some("12:00-14:00"), 840));
        assert!(!quiet(Some("12:00-12:00"), 720) && !quiet(None, 720) && !quiet(Some("night"), 0));
    }

    #[test]
    fn hours_are_read_as_people_type_them_and_nonsense_is_not() {
        for typed in ["22:00-06:30", " 22:00 – 6:30 ", "22：00~6：30"] {
            let read = hours(typed).flatten().map(shown);
            assert_eq!(read.as_deref(), Some("22:00-06:30"), "{typed}");
        }
        for typed in ["25:00-01:00", "1-2", "22:60-23:00", "99999:0-1:0", "night"] {
            assert_eq!(hours(typed), None, "{typed}");
        }
    }
}
