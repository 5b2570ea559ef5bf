//! What a person likes: language, shade, text size and the like, kept in `desktop.toml` of the home.
//!
//! Unknown or broken entries never keep the window from opening: each falls back to its default by itself.

use druid::im::OrdSet;
use druid::{Data, Lens};
use hutong_common::limits::MUTED_CONVERSATIONS_MAX;
use hutong_common::text::Lang;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The file in the home.
pub const FILE: &str = "desktop.toml";
/// Smallest and largest text, in percent of the usual.
pub const TEXT_PERCENT: (u32, u32) = (80, 200);

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Data, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shade {
    /// Dark words on light ground.
    #[default]
    Light,
    /// The other way round.
    Dark,
}

/// Where the window was, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Data, Serialize, Deserialize)]
pub struct Frame {
    /// From the left of the screen.
    pub x: f64,
    /// From its top.
    pub y: f64,
    /// Of the content.
    pub width: f64,
    /// Of the content.
    pub height: f64,
}

/// What a person likes.
#[derive(Clone, Debug, PartialEq, Data, Lens)]
pub struct Prefs {
    /// Of all texts.
    #[data(same_fn = "PartialEq::eq")]
    pub lang: Lang,
    /// Of all colours.
    pub shade: Shade,
    /// Of all texts, in percent.
    pub text_percent: u32,
    /// Whether the desktop tells of new messages.
    pub notify: bool,
    /// Whether pictures from friends are fetched and shown by themselves.
    pub show_pictures: bool,
    /// Where the window was last.
    pub frame: Option<Frame>,
    /// Emoji used lately, the latest first, apart by spaces.
    pub emoji: druid::ArcStr,
    /// Whether nothing private is shown. It is kept: a window that is opened again before the same projector must not show
    /// what was hidden a moment ago.
    pub is_presenting: bool,
    /// Conversations of which the desktop tells nothing unless one is named in them.
    #[data(same_fn = "PartialEq::eq")]
    pub muted: OrdSet<druid::ArcStr>,
}

impl Prefs {
    /// Those of somebody who has not chosen, with the system's language.
    pub fn new(lang: Lang) -> Self {
        Self {
            lang,
            shade: Shade::default(),
            text_percent: 100,
            notify: true,
            show_pictures: true,
            frame: None,
            emoji: "".into(),
            is_presenting: false,
            muted: OrdSet::new(),
        }
    }

    /// Mutes a conversation, or no longer.
    pub fn mute(&mut self, with: &druid::ArcStr, is_muted: bool) {
        if !is_muted {
            self.muted.remove(with);
        } else if self.muted.len() < MUTED_CONVERSATIONS_MAX {
            self.muted.insert(with.clone());
        }
    }

    /// Text sizes in relation to the usual ones.
    pub fn scale(&self) -> f64 {
        f64::from(self.text_percent) / 100.0
    }

    /// Those kept in the home.
    pub fn load(home: &Path, lang: Lang) -> Self {
        let text = std::fs::read_to_string(home.join(FILE)).unwrap_or_default();
        Self::read(&text, lang)
    }

    fn read(text: &str, lang: Lang) -> Self {
        let table: toml::Table = text.parse().unwrap_or_default();
        fn entry<'a, T: Deserialize<'a>>(table: &toml::Table, name: &str) -> Option<T> {
            table
                .get(name)
                .cloned()
                .and_then(|value| value.try_into().ok())
        }
        let default = Self::new(lang);
        let lang_name: Option<String> = entry(&table, "lang");
        let (least, most) = TEXT_PERCENT;
        Self {
            lang: lang_name
                .and_then(|name| Lang::from_name(&name))
                .unwrap_or(lang),
            shade: entry(&table, "shade").unwrap_or(default.shade),
            text_percent: entry(&table, "text_percent")
                .unwrap_or(default.text_percent)
                .clamp(least, most),
            notify: entry(&table, "notify").unwrap_or(default.notify),
            show_pictures: entry(&table, "show_pictures").unwrap_or(default.show_pictures),
            frame: entry(&table, "frame"),
            is_presenting: entry(&table, "presenting").unwrap_or(default.is_presenting),
            emoji: entry::<String>(&table, "emoji").unwrap_or_default().into(),
            muted: entry::<Vec<String>>(&table, "muted")
                .unwrap_or_default()
                .into_iter()
                .take(MUTED_CONVERSATIONS_MAX)
                .map(druid::ArcStr::from)
                .collect(),
        }
    }

    /// As they lie in the file.
    pub fn to_toml(&self) -> String {
        #[derive(Serialize)]
        struct File<'a> {
            lang: &'a str,
            shade: Shade,
            text_percent: u32,
            notify: bool,
            show_pictures: bool,
            emoji: &'a str,
            presenting: bool,
            muted: Vec<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            frame: Option<Frame>,
        }
        let file = File {
            lang: self.lang.name(),
            shade: self.shade,
            text_percent: self.text_percent,
            notify: self.notify,
            show_pictures: self.show_pictures,
            emoji: &self.emoji,
            presenting: self.is_presenting,
            muted: self.muted.iter().map(|with| &**with).collect(),
            frame: self.frame,
        };
        toml::to_string(&file).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_come_back_as_they_were() {
        let prefs = Prefs {
            shade: Shade::Dark,
            text_percent: 150,
            notify: false,
            show_pictures: false,
            frame: Some(Frame {
                x: 10.0,
                y: 20.0,
                width: 900.0,
                height: 600.0,
            }),
            emoji: "😀 👍".into(),
            is_presenting: true,
            muted: ["bob", "g:100001"]
                .into_iter()
                .map(druid::ArcStr::from)
                .collect(),
            ..Prefs::new(Lang::Zh)
        };
        assert_eq!(Prefs::read(&prefs.to_toml(), Lang::En), prefs);
    }

    #[test]
    fn a_broken_entry_costs_only_itself() {
        let read = |text: &str| Prefs::read(text, Lang::Zh);
        assert_eq!(read("[["), Prefs::new(Lang::Zh));
        let prefs = read(
            "lang = \"xx\"\nshade = 7\ntext_percent = 9000\nnotify = false\nframe = \"no\"\nmuted = 1\n",
        );
        let expected = Prefs {
            text_percent: 200,
            notify: false,
            ..Prefs::new(Lang::Zh)
        };
        assert_eq!(prefs, expected);
    }
}
