//! How everything looks: colours, sizes and fonts, light and dark, in one place.
//!
//! Widgets ask the environment for these keys and name no colour themselves. All text keeps a contrast of 4.5:1 with what
//! it lies on; a test holds that. Distances are multiples of [`GRID`].

use crate::model::prefs::{Prefs, Shade};
use druid::{Color, Env, FontDescriptor, FontFamily, FontWeight, Insets, Key, theme};
use hutong_common::text::Lang;

/// All distances are multiples of it, in pixels at 100 %.
pub const GRID: f64 = 8.0;

/// Whether texts are Chinese. See [`crate::words`].
pub const IS_CHINESE: Key<bool> = Key::new("hutong.is-chinese");
/// Text sizes in relation to the usual ones.
pub const SCALE: Key<f64> = Key::new("hutong.scale");

/// Width of the rail, in pixels.
pub const RAIL_WIDTH: Key<f64> = Key::new("hutong.rail-width");
/// Width of the lists beside it, in pixels.
pub const LISTS_WIDTH: Key<f64> = Key::new("hutong.lists-width");
/// Whether those lists are so narrow for the size of the text that names need all of it.
pub const IS_TIGHT: Key<bool> = Key::new("hutong.is-tight");
/// Width of dialogs and of the first card, in pixels.
pub const CARD_WIDTH: Key<f64> = Key::new("hutong.card-width");
/// Width of dialogs that are read across a room, in pixels.
pub const WIDE_WIDTH: Key<f64> = Key::new("hutong.wide-width");
/// Height of what is typed into, in pixels.
pub const COMPOSER_HEIGHT: Key<f64> = Key::new("hutong.composer-height");

/// What windows and dialogs lie on.
pub const SURFACE: Key<Color> = Key::new("hutong.surface");
/// Lists and bars beside it.
pub const PANEL: Key<Color> = Key::new("hutong.panel");
/// The rail at the left edge.
pub const RAIL: Key<Color> = Key::new("hutong.rail");
/// The place of the rail under the mouse.
pub const RAIL_OVER: Key<Color> = Key::new("hutong.rail-over");
/// The place of the rail where one is.
pub const RAIL_CHOSEN: Key<Color> = Key::new("hutong.rail-chosen");
/// Icons and words on the rail.
pub const ON_RAIL: Key<Color> = Key::new("hutong.on-rail");
/// The row under the mouse.
pub const HOVER: Key<Color> = Key::new("hutong.hover");
/// The chosen row.
pub const CHOSEN: Key<Color> = Key::new("hutong.chosen");
/// Lines between things.
pub const LINE: Key<Color> = Key::new("hutong.line");
/// Words.
pub const TEXT: Key<Color> = Key::new("hutong.text");
/// Words beside other words: times, previews, hints.
pub const QUIET: Key<Color> = Key::new("hutong.quiet");
/// What can be pressed, and links.
pub const ACCENT: Key<Color> = Key::new("hutong.accent");
/// Words on the accent.
pub const ON_ACCENT: Key<Color> = Key::new("hutong.on-accent");
/// Bubbles of one's own messages.
pub const MINE: Key<Color> = Key::new("hutong.mine");
/// Bubbles of others' messages.
pub const THEIRS: Key<Color> = Key::new("hutong.theirs");
/// Behind the messages.
pub const CANVAS: Key<Color> = Key::new("hutong.canvas");
/// What went wrong, and what waits to be read.
pub const ALARM: Key<Color> = Key::new("hutong.alarm");
/// Words on the alarm.
pub const ON_ALARM: Key<Color> = Key::new("hutong.on-alarm");
/// Somebody who is there.
pub const PRESENT: Key<Color> = Key::new("hutong.present");
/// Somebody who is away.
pub const AWAY: Key<Color> = Key::new("hutong.away");
/// Behind a dialog.
pub const VEIL: Key<Color> = Key::new("hutong.veil");

/// Times, hints, badges.
pub const SMALL: Key<FontDescriptor> = Key::new("hutong.small");
/// Everything else.
pub const BODY: Key<FontDescriptor> = Key::new("hutong.body");
/// Names and buttons.
pub const STRONG: Key<FontDescriptor> = Key::new("hutong.strong");
/// Head lines of panes and dialogs.
pub const TITLE: Key<FontDescriptor> = Key::new("hutong.title");
/// What is read across a room.
pub const HUGE: Key<FontDescriptor> = Key::new("hutong.huge");

/// Grounds of faces without a picture, in both shades: each login has one.
pub const FACES: [Color; 8] = [
    Color::rgb8(0x2b, 0x78, 0x70),
    Color::rgb8(0x9a, 0x56, 0x3c),
    Color::rgb8(0x4a, 0x6a, 0x9c),
    Color::rgb8(0x7d, 0x5a, 0x8f),
    Color::rgb8(0x5a, 0x75, 0x3a),
    Color::rgb8(0xa0, 0x4a, 0x5e),
    Color::rgb8(0x86, 0x68, 0x2a),
    Color::rgb8(0x4f, 0x6f, 0x7c),
];
/// Letters on them.
pub const ON_FACE: Color = Color::WHITE;

/// The colours of one shade, as `0xRRGGBB`.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    surface: u32,
    panel: u32,
    rail: u32,
    rail_over: u32,
    rail_chosen: u32,
    on_rail: u32,
    hover: u32,
    chosen: u32,
    line: u32,
    text: u32,
    quiet: u32,
    accent: u32,
    on_accent: u32,
    mine: u32,
    theirs: u32,
    canvas: u32,
    alarm: u32,
    on_alarm: u32,
    present: u32,
    away: u32,
}

/// Grey bricks, green doors.
const LIGHT: Palette = Palette {
    surface: 0xff_ff_ff,
    panel: 0xf6_f5_f2,
    rail: 0x2c_3e_44,
    rail_over: 0x38_4d_54,
    rail_chosen: 0x14_5c_57,
    on_rail: 0xdf_e7_e6,
    hover: 0xec_ea_e5,
    chosen: 0xd9_e9_e5,
    line: 0xe2_df_d8,
    text: 0x22_26_28,
    quiet: 0x5f_66_68,
    accent: 0x14_73_6b,
    on_accent: 0xff_ff_ff,
    mine: 0xcf_ea_e3,
    theirs: 0xff_ff_ff,
    canvas: 0xf0_ee_ea,
    alarm: 0xb8_32_2a,
    on_alarm: 0xff_ff_ff,
    present: 0x2f_9e_5b,
    away: 0xd9_92_1a,
};

/// The same lane at night.
const DARK: Palette = Palette {
    surface: 0x1d_22_24,
    panel: 0x23_29_2b,
    rail: 0x14_18_1a,
    rail_over: 0x20_27_2a,
    rail_chosen: 0x1f_4d_48,
    on_rail: 0xc9_d3_d2,
    hover: 0x2c_34_36,
    chosen: 0x27_45_42,
    line: 0x36_3e_40,
    text: 0xe8_e6_e1,
    quiet: 0xb2_ba_bb,
    accent: 0x5c_c4_b4,
    on_accent: 0x0c_22_1f,
    mine: 0x1f_4d_48,
    theirs: 0x2c_33_36,
    canvas: 0x18_1c_1e,
    alarm: 0xf0_7a_70,
    on_alarm: 0x2b_08_06,
    present: 0x4f_c2_7c,
    away: 0xe8_b0_4a,
};

fn color(rgb: u32) -> Color {
    Color::from_rgba32_u32(rgb << 8 | 0xff)
}

impl Palette {
    /// Those of a shade.
    pub const fn of(shade: Shade) -> &'static Self {
        match shade {
            Shade::Light => &LIGHT,
            Shade::Dark => &DARK,
        }
    }

    fn colors(&self) -> [(&'static Key<Color>, u32); 20] {
        [
            (&SURFACE, self.surface),
            (&PANEL, self.panel),
            (&RAIL, self.rail),
            (&RAIL_OVER, self.rail_over),
            (&RAIL_CHOSEN, self.rail_chosen),
            (&ON_RAIL, self.on_rail),
            (&HOVER, self.hover),
            (&CHOSEN, self.chosen),
            (&LINE, self.line),
            (&TEXT, self.text),
            (&QUIET, self.quiet),
            (&ACCENT, self.accent),
            (&ON_ACCENT, self.on_accent),
            (&MINE, self.mine),
            (&THEIRS, self.theirs),
            (&CANVAS, self.canvas),
            (&ALARM, self.alarm),
            (&ON_ALARM, self.on_alarm),
            (&PRESENT, self.present),
            (&AWAY, self.away),
        ]
    }
}

/// The family that has Latin, Chinese and emoji on this system.
fn family() -> FontFamily {
    FontFamily::new_unchecked(crate::platform::FONT_FAMILY)
}

/// Puts everything in place for these preferences.
pub fn apply(env: &mut Env, prefs: &Prefs) {
    let palette = Palette::of(prefs.shade);
    for (key, rgb) in palette.colors() {
        env.set(key.clone(), color(rgb));
    }
    let veil = match prefs.shade {
        Shade::Light => 0x60,
        Shade::Dark => 0xa0,
    };
    env.set(VEIL, Color::rgba8(0, 0, 0, veil));
    env.set(IS_CHINESE, prefs.lang == Lang::Zh);
    env.set(SCALE, prefs.scale());
    widths(env, prefs.scale());
    fonts(env, prefs.scale());
    parts(env, palette, prefs.scale());
}

/// In a window of this width the list leaves most of it to what lies beside it.
pub fn fit(env: &mut Env, width: f64) {
    let widest = width * 0.3;
    let wanted = env.get(LISTS_WIDTH);
    env.set(LISTS_WIDTH, wanted.min(widest));
    env.set(IS_TIGHT, widest < wanted * 0.75);
}

/// Larger texts need more room, and leave some to what lies beside them.
fn widths(env: &mut Env, scale: f64) {
    let gentle = 1.0 + (scale - 1.0) * 0.5;
    env.set(RAIL_WIDTH, 68.0 * scale.max(1.0));
    env.set(LISTS_WIDTH, 272.0 * gentle);
    env.set(IS_TIGHT, false);
    env.set(CARD_WIDTH, 420.0 * gentle);
    env.set(WIDE_WIDTH, 680.0 * gentle);
    env.set(COMPOSER_HEIGHT, 96.0 * gentle);
}

fn fonts(env: &mut Env, scale: f64) {
    let font = |size: f64| FontDescriptor::new(family()).with_size(size * scale);
    let bold = |size: f64| font(size).with_weight(FontWeight::SEMI_BOLD);
    env.set(SMALL, font(12.0));
    env.set(BODY, font(14.0));
    env.set(STRONG, bold(14.0));
    env.set(TITLE, bold(18.0));
    env.set(HUGE, bold(44.0));
    env.set(theme::UI_FONT, font(14.0));
    env.set(theme::UI_FONT_BOLD, bold(14.0));
    env.set(theme::UI_FONT_ITALIC, font(14.0));
    env.set(theme::TEXT_SIZE_NORMAL, 14.0 * scale);
    env.set(theme::TEXT_SIZE_LARGE, 18.0 * scale);
}

/// What druid's own widgets ask for: all of it, as their defaults are those of a dark program.
fn parts(env: &mut Env, palette: &Palette, scale: f64) {
    for (key, rgb) in [
        (theme::WINDOW_BACKGROUND_COLOR, palette.surface),
        (theme::TEXT_COLOR, palette.text),
        (theme::DISABLED_TEXT_COLOR, palette.quiet),
        (theme::PLACEHOLDER_COLOR, palette.quiet),
        (theme::PRIMARY_LIGHT, palette.accent),
        (theme::PRIMARY_DARK, palette.accent),
        (theme::BACKGROUND_LIGHT, palette.surface),
        (theme::BACKGROUND_DARK, palette.surface),
        (theme::FOREGROUND_LIGHT, palette.text),
        (theme::FOREGROUND_DARK, palette.text),
        (theme::DISABLED_FOREGROUND_LIGHT, palette.quiet),
        (theme::DISABLED_FOREGROUND_DARK, palette.quiet),
        (theme::BUTTON_LIGHT, palette.panel),
        (theme::BUTTON_DARK, palette.panel),
        (theme::DISABLED_BUTTON_LIGHT, palette.panel),
        (theme::DISABLED_BUTTON_DARK, palette.panel),
        (theme::BORDER_LIGHT, palette.line),
        (theme::BORDER_DARK, palette.line),
        (theme::SELECTED_TEXT_BACKGROUND_COLOR, palette.chosen),
        (
            theme::SELECTED_TEXT_INACTIVE_BACKGROUND_COLOR,
            palette.hover,
        ),
        (theme::SELECTION_TEXT_COLOR, palette.text),
        (theme::CURSOR_COLOR, palette.accent),
        (theme::SCROLLBAR_COLOR, palette.quiet),
        (theme::SCROLLBAR_BORDER_COLOR, palette.quiet),
    ] {
        env.set(key, color(rgb));
    }
    env.set(theme::BUTTON_BORDER_RADIUS, 6.0);
    env.set(theme::TEXTBOX_BORDER_RADIUS, 6.0);
    env.set(theme::TEXTBOX_BORDER_WIDTH, 1.0);
    env.set(theme::TEXTBOX_INSETS, Insets::uniform_xy(10.0, 8.0));
    env.set(theme::PROGRESS_BAR_RADIUS, 3.0);
    env.set(theme::BORDERED_WIDGET_HEIGHT, 36.0 * scale);
    env.set(theme::BASIC_WIDGET_HEIGHT, 18.0 * scale);
    env.set(theme::SCROLLBAR_WIDTH, 6.0);
    env.set(theme::SCROLLBAR_PAD, 2.0);
    env.set(theme::SCROLLBAR_RADIUS, 3.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance(rgb: u32) -> f64 {
        let channel = |shift: u32| {
            let value = f64::from(rgb >> shift & 0xff) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    fn contrast(one: u32, other: u32) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn names_need_the_whole_list_where_large_texts_meet_a_small_window() {
        for (percent, width, tight) in [
            (100, 900.0, false),
            (150, 900.0, false),
            (200, 900.0, true),
            (200, 1920.0, false),
        ] {
            let mut env = Env::empty();
            let mut prefs = Prefs::new(Lang::Zh);
            prefs.text_percent = percent;
            apply(&mut env, &prefs);
            fit(&mut env, width);
            assert_eq!(env.get(IS_TIGHT), tight, "{percent} {width}");
        }
    }

    #[test]
    fn letters_can_be_read_on_all_faces() {
        for face in FACES {
            let rgb = face.as_rgba_u32() >> 8;
            let found = contrast(ON_FACE.as_rgba_u32() >> 8, rgb);
            assert!(found >= 4.5, "{rgb:06x}: {found:.2}");
        }
    }

    #[test]
    fn all_words_can_be_read_on_what_they_lie_on_in_both_shades() {
        for (shade, p) in [("light", &LIGHT), ("dark", &DARK)] {
            let lies_on = [
                (
                    p.text,
                    "text",
                    vec![
                        p.surface, p.panel, p.hover, p.chosen, p.mine, p.theirs, p.canvas,
                    ],
                ),
                (
                    p.quiet,
                    "quiet",
                    vec![
                        p.surface, p.panel, p.hover, p.chosen, p.mine, p.theirs, p.canvas,
                    ],
                ),
                (
                    p.accent,
                    "accent",
                    vec![p.surface, p.panel, p.theirs, p.canvas],
                ),
                (
                    p.alarm,
                    "alarm",
                    vec![p.surface, p.panel, p.theirs, p.canvas],
                ),
                (p.on_accent, "on accent", vec![p.accent]),
                (p.on_alarm, "on alarm", vec![p.alarm]),
                (
                    p.on_rail,
                    "on rail",
                    vec![p.rail, p.rail_over, p.rail_chosen],
                ),
            ];
            for (word, name, grounds) in lies_on {
                for ground in grounds {
                    let found = contrast(word, ground);
                    assert!(found >= 4.5, "{shade}: {name} on {ground:06x}: {found:.2}");
                }
            }
        }
    }
}
