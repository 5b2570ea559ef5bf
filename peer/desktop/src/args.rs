//! The few things that a command line can say to the window; parsing only.
//!
//! People read the help in their language, from the common table of texts; a test finds what has no sentence there.

use clap::{ArgAction, CommandFactory, FromArgMatches, Parser};
use hutong_common::command_line::{self, Speaker};
use hutong_common::text::Lang;
use hutong_common::text::desktop::help::DesktopHelp;
use hutong_common::text::help::Help;
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// A person's window.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "hutong-desktop",
    disable_help_flag = true,
    disable_version_flag = true
)]
pub struct Args {
    /// Folder of this client; another one is for another person
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Language
    #[arg(long, value_name = "zh|en", value_parser = language)]
    pub lang: Option<Lang>,
    /// Do not announce or listen on the local network
    #[arg(long)]
    pub no_mdns: bool,
    /// The only address to be used
    #[arg(long, value_name = "IP")]
    pub bind: Option<IpAddr>,
    /// An address at which any contact may be tried
    #[arg(long, value_name = "ADDR")]
    pub static_peer: Vec<SocketAddr>,
    /// Limit of file transfers, in bytes a second
    #[arg(long, value_name = "BYTES/S", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_rate: Option<u64>,
    /// Tell on standard output how long each frame of the window took, as lines of JSON
    #[arg(long)]
    pub frames: bool,
    /// Log more
    #[arg(long, short, action = ArgAction::Count)]
    pub verbose: u8,
}

/// What to show instead of a window.
#[derive(Debug)]
pub struct Shown {
    /// The words.
    pub text: String,
    /// Help or version, for standard output.
    pub is_help: bool,
}

impl Args {
    /// Reads the command line; else what to show in its place, in the language that it asks for. `home` is the folder of who
    /// names none, for the help.
    ///
    /// # Errors
    /// [`Shown`]: help that was asked for, or what is wrong.
    pub fn read(
        arguments: Vec<OsString>,
        locale: Lang,
        home: Option<&Path>,
    ) -> Result<Self, Shown> {
        let lang = command_line::language_of(&arguments, locale);
        let mut command = dressed(lang, home);
        let parsed = command
            .try_get_matches_from_mut(arguments)
            .and_then(|matches| Self::from_arg_matches(&matches));
        parsed.map_err(|error| Shown {
            text: speaker(lang).mistake(&error, &command),
            is_help: error.exit_code() == 0,
        })
    }
}

const fn speaker(lang: Lang) -> Speaker {
    Speaker {
        lang,
        sentences: sentence,
    }
}

fn dressed(lang: Lang, home: Option<&Path>) -> clap::Command {
    let command = Args::command().version(env!("CARGO_PKG_VERSION"));
    let command = speaker(lang).dress(command, &[]);
    let Some(home) = home else {
        return command;
    };
    let home = DesktopHelp::HomeIs {
        folder: &home.display(),
    };
    let examples = DesktopHelp::Examples.say(lang);
    command.after_help(format!("{examples}\n\n{}", home.say(lang)))
}

fn sentence(name: &str, lang: Lang) -> Option<&'static str> {
    DesktopHelp::by_name(name, lang)
        .or_else(|| Help::by_name(name, lang).filter(|_| name.starts_with("Arg")))
}

fn language(name: &str) -> Result<Lang, &'static str> {
    Lang::from_name(name).ok_or("zh or en")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, locale: Lang) -> Result<Args, Shown> {
        let words = line.split(' ').map(OsString::from).collect();
        Args::read(words, locale, Some(Path::new("/of/alice")))
    }

    #[test]
    fn every_option_is_explained_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let command = dressed(lang, None);
            command.clone().debug_assert();
            assert_eq!(command_line::unexplained(&command), Vec::<String>::new());
        }
    }

    /// The help was two words of English: "A person's window".
    #[test]
    fn the_help_says_what_the_program_is_and_where_the_home_lies_in_the_language_asked_for() {
        let help = |line: &str, locale| {
            let shown = read(line, locale).unwrap_err();
            assert!(shown.is_help, "{line}");
            shown.text
        };
        let chinese = help("hutong-desktop --help --lang zh", Lang::En);
        let english = help("hutong-desktop -h", Lang::En);
        for (text, words) in [
            (chinese, ["用法", "选项", "示例", "您的主目录是：/of/alice"]),
            (
                english,
                ["Usage", "Options", "Examples", "is given: /of/alice"],
            ),
        ] {
            assert!(words.iter().all(|word| text.contains(word)), "{text}");
            assert!(text.contains("--static-peer") && text.contains("hutong.toml"));
        }
        assert!(help("hutong-desktop --version", Lang::Zh).contains(env!("CARGO_PKG_VERSION")));
    }

    #[test]
    fn a_language_that_is_none_and_a_rate_of_nothing_are_mistakes() {
        for line in [
            "hutong-desktop --lang fr",
            "hutong-desktop --max-rate 0",
            "hutong-desktop --hom x",
        ] {
            let shown = read(line, Lang::Zh).unwrap_err();
            assert!(
                !shown.is_help && shown.text.contains("详见"),
                "{}",
                shown.text
            );
        }
    }
}
