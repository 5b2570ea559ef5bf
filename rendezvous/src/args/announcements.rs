//! The commands about what the rendezvous announces; parsing only.

use clap::Args as Group;
use hutong_common::bounded::Text;
use hutong_common::id::GroupId;
use hutong_common::limits::ANNOUNCEMENT_BYTES_MAX;
use hutong_common::message::Announced;

/// `announce`.
#[derive(Debug, Group)]
pub struct Announce {
    /// The words
    #[arg(id = "announcement", value_name = "TEXT", value_parser = words, required_unless_present = "again")]
    pub text: Option<Text<ANNOUNCEMENT_BYTES_MAX>>,
    /// Only to this group or class
    #[arg(long, value_name = "NUMBER", value_parser = group, conflicts_with = "again")]
    pub group: Option<GroupId>,
    /// In large letters
    #[arg(long, conflicts_with = "again")]
    pub large: bool,
    /// Ask everybody to confirm it
    #[arg(long, conflicts_with = "again")]
    pub confirm: bool,
    /// Once more to those who have not read it
    #[arg(long, value_name = "NUMBER", conflicts_with = "announcement")]
    pub again: Option<u64>,
    /// Print data as JSON
    #[arg(long)]
    pub json: bool,
}

impl Announce {
    /// What is announced; none when something is announced again.
    pub fn announced(&self) -> Option<Announced> {
        self.text.clone().map(|text| Announced {
            text,
            large: self.large,
            confirm: self.confirm,
        })
    }
}

/// `announcements`.
#[derive(Debug, Group)]
pub struct Announcements {
    /// Who has read this one
    #[arg(value_name = "NUMBER")]
    pub number: Option<u64>,
    /// Print data as JSON
    #[arg(long)]
    pub json: bool,
}

fn words(typed: &str) -> Result<Text<ANNOUNCEMENT_BYTES_MAX>, String> {
    if typed.trim().is_empty() {
        return Err("nothing to announce".to_owned());
    }
    Text::new(typed).map_err(|fault| fault.to_string())
}

fn group(typed: &str) -> Result<GroupId, std::num::ParseIntError> {
    typed
        .strip_prefix("g:")
        .unwrap_or(typed)
        .parse()
        .map(GroupId)
}

#[cfg(test)]
mod tests {
    use crate::args::{Args, Command};
    use clap::Parser;
    use hutong_common::id::GroupId;

    fn parse(words: &[&str]) -> Result<Command, clap::Error> {
        let words = ["rendezvous"].iter().chain(words);
        Args::try_parse_from(words).map(|args| args.command)
    }

    #[test]
    fn an_announcement_has_words_or_is_one_that_was_made() {
        for wrong in [
            &["announce"][..],
            &["announce", " "],
            &["announce", "hi", "--again", "1"],
            &["announce", "--again", "1", "--large"],
            &["announce", "hi", "--group", "class"],
            &["announcements", "first"],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
        let long = "长".repeat(2_000);
        assert!(parse(&["announce", &long]).is_err());
        let Ok(Command::Announce(wanted)) = parse(&["announce", "停课", "--group", "g:900001"])
        else {
            panic!("an announcement");
        };
        assert_eq!(wanted.group, Some(GroupId(900_001)));
        assert_eq!(&*wanted.announced().unwrap().text, "停课");
    }
}
