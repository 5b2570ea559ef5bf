//! Announcements on the command line.

use clap::Subcommand;

/// What everybody shall know.
#[derive(Debug, Subcommand)]
pub(crate) enum AnnouncementCommand {
    Announce {
        #[arg(
            id = "announcement",
            value_name = "TEXT",
            allow_hyphen_values = true,
            required_unless_present = "again"
        )]
        text: Option<String>,
        #[arg(id = "audience", long = "to", value_name = "GROUP", conflicts_with = "again", value_parser = conversation)]
        to: Option<String>,
        #[arg(long, conflicts_with_all = ["audience", "again"])]
        lan: bool,
        #[arg(long, conflicts_with = "again")]
        large: bool,
        #[arg(long, conflicts_with = "again")]
        confirm: bool,
        #[arg(long, value_name = "MESSAGE", conflicts_with = "announcement")]
        again: Option<String>,
    },
    Proof {
        #[arg(value_name = "MESSAGE")]
        message: String,
    },
    Confirm {
        #[arg(value_name = "MESSAGE")]
        message: String,
    },
    Announcements,
}

/// The conversation with a group, also by its number alone.
fn conversation(typed: &str) -> Result<String, std::num::ParseIntError> {
    super::groups::number(typed).map(|group| format!("g:{group}"))
}
