//! What the command lines of all programs have in common: help, mistakes and completions in the reader's language.
//!
//! A program describes its commands with clap and names a table of sentences; here each command, argument and option
//! finds its own sentence by its name (`CmdSend`, `ArgLogin`, `MoreSend`), and clap's own English is replaced. Nothing
//! here reads the environment or prints.

use crate::text::command_line::CommandLine;
use crate::text::{Lang, camel_case};
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use clap_complete::Shell;
use std::ffi::OsString;
use std::fmt::Write;

/// The options of all commands stand below those of one.
const GLOBAL_FROM: usize = 100;

/// The sentence of a name, if there is one.
pub type Sentences = fn(&str, Lang) -> Option<&'static str>;

/// A command line in one language.
#[derive(Clone, Copy, Debug)]
pub struct Speaker {
    /// The language.
    pub lang: Lang,
    /// The program's own sentences.
    pub sentences: Sentences,
}

/// Commands that belong together in the help: the name of their heading's sentence, and they.
pub type Group = (&'static str, Vec<String>);

impl Speaker {
    /// Gives every command and option its sentence, and shows the commands in groups; without groups, in one list.
    pub fn dress(self, top: Command, groups: &[Group]) -> Command {
        let help = Arg::new("help")
            .short('h')
            .long("help")
            .global(true)
            .action(ArgAction::Help);
        let version = Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version);
        let top = top
            .arg(help)
            .arg(version)
            .about(self.sentence("About"))
            .after_help(self.sentence("Examples"));
        let top = self.explain(top, "");
        if groups.is_empty() {
            return top;
        }
        let template = format!(
            "{{about-with-newline}}\n{}: {{usage}}\n{}\n{}:\n{{options}}{{after-help}}",
            CommandLine::Usage.say(self.lang),
            self.list(&top, groups),
            CommandLine::Options.say(self.lang),
        );
        top.help_template(template)
    }

    fn explain(self, command: Command, prefix: &str) -> Command {
        let template = format!(
            "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
            CommandLine::Usage.say(self.lang)
        );
        let mut order = if command.has_subcommands() {
            GLOBAL_FROM
        } else {
            0
        };
        let command = command
            .help_template(template)
            .subcommand_help_heading(CommandLine::Commands.say(self.lang))
            .mut_args(|arg| {
                order += 1;
                self.explain_arg(arg, order)
            });
        command.mut_subcommands(|below| {
            let name = format!("{prefix}{}", camel_case(below.get_name()));
            let more = (self.sentences)(&format!("More{name}"), self.lang);
            let below = below.about(self.sentence(&format!("Cmd{name}")));
            let below = match more {
                // Braces are doubled in the table, where most of them hold a field.
                Some(more) => below.after_help(more.replace("{{", "{").replace("}}", "}")),
                None => below,
            };
            self.explain(below, &name)
        })
    }

    fn explain_arg(self, arg: Arg, order: usize) -> Arg {
        let heading = if arg.is_positional() {
            CommandLine::Arguments
        } else {
            CommandLine::Options
        };
        let name = format!("Arg{}", camel_case(arg.get_id().as_str()));
        let takes_value = arg.get_action().takes_values();
        let arg = arg
            .help_heading(heading.say(self.lang))
            .help(self.sentence(&name))
            .display_order(order);
        // The sentences name the values already, in the reader's language.
        if takes_value {
            arg.hide_possible_values(true)
        } else {
            arg
        }
    }

    /// Empty for a name without a sentence, which [`unexplained`] finds.
    fn sentence(self, name: &str) -> &'static str {
        (self.sentences)(name, self.lang).unwrap_or_default()
    }

    fn list(self, top: &Command, groups: &[Group]) -> String {
        let commands = || top.get_subcommands();
        let width = commands().map(|command| command.get_name().len()).max();
        let width = width.unwrap_or_default();
        let mut list = String::new();
        for (heading, names) in groups {
            // Writing to a string cannot fail.
            let _ = writeln!(list, "\n{}:", self.sentence(heading));
            for name in names {
                let about = commands()
                    .find(|command| command.get_name() == name)
                    .and_then(Command::get_about)
                    .map(StyledStr::to_string);
                let about = about.unwrap_or_default();
                let _ = writeln!(list, "  {name:width$}  {about}");
            }
        }
        list
    }

    /// What is wrong with a command line, in words of the language. Help and version, which clap hands over in the same
    /// way, come back as they are.
    pub fn mistake(self, error: &clap::Error, dressed: &Command) -> String {
        let get = |kind| error.get(kind).map(words);
        let arg = get(ContextKind::InvalidArg).unwrap_or_default();
        let value = get(ContextKind::InvalidValue).unwrap_or_default();
        let sentence = match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                return error.render().to_string();
            }
            ErrorKind::InvalidSubcommand => CommandLine::UnknownCommand {
                word: &get(ContextKind::InvalidSubcommand).unwrap_or_default(),
            }
            .say(self.lang),
            ErrorKind::UnknownArgument => CommandLine::UnknownOption { word: &arg }.say(self.lang),
            ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
                CommandLine::NoValue { option: &arg }.say(self.lang)
            }
            ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::NoEquals => {
                let mut built = dressed.clone();
                built.build();
                let meaning = meaning(&built, &arg).unwrap_or_default();
                CommandLine::BadValue {
                    value: &value,
                    option: &arg,
                    meaning: &meaning,
                }
                .say(self.lang)
            }
            ErrorKind::MissingSubcommand => CommandLine::NoCommand.say(self.lang),
            ErrorKind::MissingRequiredArgument => {
                CommandLine::Missing { names: &arg }.say(self.lang)
            }
            ErrorKind::ArgumentConflict => {
                let other = get(ContextKind::PriorArg).unwrap_or_default();
                let (one, other) = (&arg, &other);
                CommandLine::Conflict { one, other }.say(self.lang)
            }
            ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
                CommandLine::WrongCount { option: &arg }.say(self.lang)
            }
            ErrorKind::InvalidUtf8 => CommandLine::NotUnicode.say(self.lang),
            // The set of clap's kinds is open; what is left are faults of input and output.
            ErrorKind::Io | ErrorKind::Format | _ => return error.render().to_string(),
        };
        self.with_hints(sentence, error, dressed)
    }

    fn with_hints(self, mut text: String, error: &clap::Error, dressed: &Command) -> String {
        let suggested = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg]
            .into_iter()
            .find_map(|kind| error.get(kind))
            .map(words);
        // Writing to a string cannot fail.
        if let Some(words) = suggested {
            let _ = write!(
                text,
                "\n{}",
                CommandLine::DidYouMean { words: &words }.say(self.lang)
            );
        }
        let shown = error.get(ContextKind::Usage).map(words);
        let usage = shown
            .as_deref()
            .and_then(|usage| usage.split_once(':'))
            .map(|(_, usage)| usage.trim().to_owned());
        if let Some(usage) = usage {
            let heading = CommandLine::Usage.say(self.lang);
            let _ = write!(text, "\n{heading}: {usage}");
        }
        let program = dressed.get_name();
        let more = CommandLine::MoreHelp { program: &program };
        let _ = write!(text, "\n{}", more.say(self.lang));
        text
    }
}

/// A shell's script that completes the words of a command line.
pub fn completions(mut command: Command, shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut script);
    script
}

/// Commands and options without a sentence, by their full names: none in a sound program.
pub fn unexplained(command: &Command) -> Vec<String> {
    let is_empty = |text: Option<&StyledStr>| text.is_none_or(|text| text.to_string().is_empty());
    let mut found = Vec::new();
    if is_empty(command.get_about()) {
        found.push(command.get_name().to_owned());
    }
    for arg in command.get_arguments() {
        if is_empty(arg.get_help()) {
            found.push(format!("{} {}", command.get_name(), arg.get_id()));
        }
    }
    for below in command.get_subcommands() {
        found.extend(unexplained(below));
    }
    found
}

/// The language of the help: it is shown while parsing, so it has to be known before.
pub fn language_of(arguments: &[OsString], locale: Lang) -> Lang {
    Lang::asked_for(arguments).unwrap_or(locale)
}

/// What an argument of a built command line means, by the way in which clap writes it.
fn meaning(command: &Command, shown: &str) -> Option<String> {
    let own = command
        .get_arguments()
        .find(|arg| arg.to_string() == shown)
        .and_then(|arg| arg.get_help().map(StyledStr::to_string));
    own.or_else(|| {
        command
            .get_subcommands()
            .find_map(|below| meaning(below, shown))
    })
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => {
            let texts: Vec<String> = texts.iter().map(StyledStr::to_string).collect();
            texts.join(", ")
        }
        ContextValue::Bool(value) => value.to_string(),
        ContextValue::Number(value) => value.to_string(),
        // The set is open; no other kind is asked for here.
        ContextValue::None | _ => String::new(),
    }
}
