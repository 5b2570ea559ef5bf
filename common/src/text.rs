//! What programs say to people, in English and Chinese: the one table for every face.
//!
//! Each child declares one closed enum of sentences with `texts!`; both languages stand side by side and must use the
//! same fields, which the compiler checks. Faces choose the sentence and the language, never the words. What programs
//! read (codes, JSON) is not here.

pub mod accounts;
pub mod announcements;
pub mod audit;
pub mod class;
pub mod client;
pub mod command_line;
pub mod desktop;
pub mod doctor;
pub mod failure;
pub mod friends;
pub mod groups;
pub mod help;
pub mod limits;
pub mod refusal;
pub mod rendezvous;
pub mod rendezvous_help;
pub mod table;
pub mod time;

use std::ffi::OsString;
use std::fmt::Write;

/// A language that people can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Chinese, simplified.
    Zh,
}

impl Lang {
    /// The language of a POSIX locale environment: the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set and not
    /// empty decides; whatever is not Chinese is English.
    pub fn from_locale<'a>(variables: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let locale = variables
            .into_iter()
            .flatten()
            .find(|value| !value.is_empty())
            .unwrap_or_default();
        if locale.to_ascii_lowercase().starts_with("zh") {
            Self::Zh
        } else {
            Self::En
        }
    }

    /// The language by its short name, `en` or `zh`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "en" => Some(Self::En),
            "zh" => Some(Self::Zh),
            _ => None,
        }
    }

    /// The language that a command line asks for with `--lang`: its help is shown while the rest is still read.
    pub fn asked_for(arguments: &[OsString]) -> Option<Self> {
        let texts: Vec<&str> = arguments.iter().filter_map(|text| text.to_str()).collect();
        let apart = texts
            .iter()
            .zip(texts.iter().skip(1))
            .find(|(flag, _)| **flag == "--lang");
        let joined = texts.iter().find_map(|text| text.strip_prefix("--lang="));
        Self::from_name(joined.or(apart.map(|(_, value)| *value))?)
    }

    /// The short name: `en` or `zh`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}

/// Declares a closed set of sentences: `Name { fields }: "English", "中文";`. A field that one language leaves out does
/// not compile. `TABLE` lists every sentence as `(name, English, Chinese)` with its holes, for tests and translators.
macro_rules! texts {
    ($(#[$doc:meta])* pub enum $set:ident { $($(#[$entry_doc:meta])* $name:ident $({ $($field:ident),+ })? : $en:literal, $zh:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        #[expect(missing_docs, reason = "each sentence says itself what it means")]
        pub enum $set<'a> {
            $($(#[$entry_doc])* $name $({ $($field: &'a dyn std::fmt::Display),+ })?,)+
            #[doc(hidden)]
            Never(std::convert::Infallible, std::marker::PhantomData<&'a ()>),
        }

        impl $set<'_> {
            /// Every sentence: its name, in English, in Chinese.
            pub const TABLE: &'static [(&'static str, &'static str, &'static str)] =
                &[$((stringify!($name), $en, $zh),)+];

            /// The sentence in a language, its fields filled in.
            pub fn say(self, lang: crate::text::Lang) -> String {
                match (self, lang) {
                    $(
                        (Self::$name $({ $($field),+ })?, crate::text::Lang::En) => format!($en $(, $($field = $field),+)?),
                        (Self::$name $({ $($field),+ })?, crate::text::Lang::Zh) => format!($zh $(, $($field = $field),+)?),
                    )+
                    (Self::Never(never, _), _) => match never {},
                }
            }
        }

        impl std::fmt::Debug for $set<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.say(crate::text::Lang::En))
            }
        }
    };
}
pub(crate) use texts;

/// A table of sentences: name, English, Chinese.
type Table = [(&'static str, &'static str, &'static str)];

/// The sentence of this name without its holes filled.
fn by_name(table: &Table, name: &str, lang: Lang) -> Option<&'static str> {
    let (_, en, zh) = table.iter().find(|(known, _, _)| *known == name)?;
    Some(match lang {
        Lang::En => en,
        Lang::Zh => zh,
    })
}

/// The end of a sentence's name: `can-add` and `can_add` become `CanAdd`.
pub fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    for word in name.split(['-', '_']) {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.extend(letters);
    }
    camel
}

/// A length of time in words, rounded up to the unit that a person would use.
pub fn duration(ms: u64, lang: Lang) -> String {
    use crate::limits::{DAY_MS, HOUR_MS, MINUTE_MS};
    const SECOND: u64 = 1_000;
    let (unit, en, zh) = match ms {
        ms if ms <= MINUTE_MS => (SECOND, "s", "秒"),
        ms if ms <= HOUR_MS => (MINUTE_MS, "min", "分钟"),
        ms if ms <= 2 * DAY_MS => (HOUR_MS, "h", "小时"),
        _ => (DAY_MS, "days", "天"),
    };
    let count = ms.div_ceil(unit).max(1);
    match lang {
        Lang::En => format!("{count} {en}"),
        Lang::Zh => format!("{count} {zh}"),
    }
}

/// A number of bytes in the unit that a person would use, powers of 1024, one decimal.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if count < 1024 {
        return format!("{count} B");
    }
    let mut tenths = u128::from(count) * 10 / 1024;
    let mut text = String::new();
    for (step, unit) in UNITS.iter().enumerate() {
        if tenths < 10_240 || step + 1 == UNITS.len() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{}.{} {unit}", tenths / 10, tenths % 10);
            break;
        }
        tenths /= 1024;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holes(template: &str) -> std::collections::BTreeSet<&str> {
        template
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
            .collect()
    }

    fn is_chinese(c: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&c)
    }

    #[test]
    fn every_sentence_exists_in_both_languages_with_the_same_fields() {
        let tables = [
            accounts::Accounts::TABLE,
            audit::Audit::TABLE,
            class::ClassFailure::TABLE,
            announcements::AnnouncementText::TABLE,
            groups::GroupText::TABLE,
            client::Client::TABLE,
            command_line::CommandLine::TABLE,
            desktop::chat::ChatText::TABLE,
            desktop::class::ClassText::TABLE,
            desktop::compose::ComposeText::TABLE,
            desktop::entry::EntryText::TABLE,
            desktop::failure::FailureText::TABLE,
            desktop::failure::WarningText::TABLE,
            desktop::files::FilesText::TABLE,
            desktop::help::DesktopHelp::TABLE,
            desktop::home::HomeText::TABLE,
            desktop::past::PastText::TABLE,
            desktop::people::PeopleText::TABLE,
            desktop::settings::SettingsText::TABLE,
            doctor::DoctorText::TABLE,
            failure::Failure::TABLE,
            friends::WhyNot::TABLE,
            help::Help::TABLE,
            limits::Limits::TABLE,
            refusal::Explained::TABLE,
            rendezvous::Rendezvous::TABLE,
            rendezvous_help::RendezvousHelp::TABLE,
        ];
        for (name, en, zh) in tables.into_iter().flatten() {
            assert!(!en.trim().is_empty() && !zh.trim().is_empty(), "{name}");
            // Doubled braces are braces.
            let [en_plain, zh_plain] =
                [en, zh].map(|text| text.replace("{{", "").replace("}}", ""));
            assert_eq!(holes(&en_plain), holes(&zh_plain), "{name}");
            assert!(!en.chars().any(is_chinese), "{name}: {en}");
            let only_fields = zh.split(['{', '}']).step_by(2).collect::<String>();
            let has_words = en
                .split(['{', '}'])
                .step_by(2)
                .any(|words| words.chars().any(char::is_alphabetic));
            assert!(
                !has_words || only_fields.chars().any(is_chinese),
                "{name}: {zh}"
            );
            assert_eq!(en.trim(), *en, "{name}");
            assert_eq!(zh.trim(), *zh, "{name}");
        }
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        for (variables, lang) in [
            ([None, None, None], Lang::En),
            ([None, None, Some("zh_CN.UTF-8")], Lang::Zh),
            ([Some("C"), None, Some("zh_CN.UTF-8")], Lang::En),
            ([Some(""), Some("ZH_TW"), Some("en_US")], Lang::Zh),
        ] {
            assert_eq!(Lang::from_locale(variables), lang, "{variables:?}");
        }
    }

    #[test]
    fn durations_and_sizes_are_read_as_people_say_them() {
        for (ms, en, zh) in [
            (0, "1 s", "1 秒"),
            (1_500, "2 s", "2 秒"),
            (61_000, "2 min", "2 分钟"),
            (24 * 3_600_000, "24 h", "24 小时"),
            (30 * 24 * 3_600_000, "30 days", "30 天"),
        ] {
            assert_eq!(duration(ms, Lang::En), en);
            assert_eq!(duration(ms, Lang::Zh), zh);
        }
        for (count, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (48 * 1024 * 1024, "48.0 MiB"),
            (u64::MAX, "16777215.9 TiB"),
        ] {
            assert_eq!(bytes(count), text);
        }
    }
}
