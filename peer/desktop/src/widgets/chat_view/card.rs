//! A file as a card: what it is, how far it is, and what can be done about it.

mod name;

use super::board::{Board, Part, When};
use super::icons;
use super::look::{Look, Style, Words};
use crate::model::chat::{FileCard, RowAct};
use crate::theme;
use crate::widgets::deeds::{self, Deed};
use druid::kurbo::RoundedRect;
use druid::{Color, Point, Rect, Size};
use hutong_common::harmless;
use hutong_common::text::desktop::chat::{ChatText, reason};

/// Measures in steps of the grid.
const WIDTH: f64 = 38.0;
const PADDING: f64 = 1.5;
const ICON: (f64, f64) = (5.0, 6.0);
const BUTTON_HEIGHT: f64 = 3.75;
const BUTTON_GAP: f64 = 1.0;

/// A card that is measured and not yet in its place.
pub(super) struct Card {
    width: f64,
    height: f64,
    icon: Icon,
    name: Words,
    /// The whole name where only its ends are shown.
    whole_name: Option<String>,
    state: Words,
    /// From 0 to 1 while bytes flow.
    progress: Option<f64>,
    remarks: Vec<Words>,
    buttons: Vec<(Deed, Words)>,
    file: FileCard,
}

struct Icon {
    ground: Color,
    extension: Words,
}

impl Card {
    pub(super) fn new(board: &mut Board<'_>, (file, mine): (&FileCard, bool), widest: f64) -> Self {
        let look = board.look;
        let width = look.grid(WIDTH).min(widest);
        let inner = width - 2.0 * look.grid(PADDING);
        let beside = inner - look.grid(ICON.0 + PADDING);
        let whole = harmless::name(&file.name);
        let (name, is_whole) = name::in_two_lines(board, &whole, beside.max(look.grid(4.0)));
        let color = if deeds::is_failure(file) {
            &look.alarm
        } else {
            &look.quiet
        };
        let state = deeds::state_words(file, mine, look.lang);
        let state = board.words(
            &state,
            Style::new(&look.small, color),
            beside.max(look.grid(4.0)),
        );
        let mut card = Self {
            width,
            height: 0.0,
            icon: Icon::new(board, &whole),
            name,
            whole_name: (!is_whole).then(|| whole.into_owned()),
            state,
            progress: deeds::progress(file),
            remarks: remarks(board, (file, mine), inner),
            buttons: buttons(board, (file, mine), inner),
            file: file.clone(),
        };
        card.height = card.measure(look);
        card
    }

    fn head_height(&self, look: &Look) -> f64 {
        let words = self.name.size().height + look.grid(0.25) + self.state.size().height;
        words.max(look.grid(ICON.1))
    }

    fn measure(&self, look: &Look) -> f64 {
        let mut height = 2.0 * look.grid(PADDING) + self.head_height(look);
        if self.progress.is_some() {
            height += look.grid(1.5);
        }
        for remark in &self.remarks {
            height += look.grid(0.75) + remark.size().height;
        }
        if !self.buttons.is_empty() {
            let lines = 1 + self.breaks(look).count() as u32;
            let gaps = f64::from(lines - 1) * look.grid(BUTTON_GAP);
            height += look.grid(1.25) + f64::from(lines) * look.grid(BUTTON_HEIGHT) + gaps;
        }
        height.ceil()
    }

    /// Before which buttons a new line begins, for want of room.
    fn breaks(&self, look: &Look) -> impl Iterator<Item = usize> {
        let inner = self.width - 2.0 * look.grid(PADDING);
        let mut taken = 0.0;
        let widths = self
            .buttons
            .iter()
            .map(|(_, words)| button_width(words, look));
        let breaks = widths.enumerate().filter_map(|(index, width)| {
            let is_full = taken > 0.0 && taken + look.grid(BUTTON_GAP) + width > inner;
            let before = if is_full || taken == 0.0 {
                0.0
            } else {
                taken + look.grid(BUTTON_GAP)
            };
            taken = before + width;
            is_full.then_some(index)
        });
        breaks.collect::<Vec<_>>().into_iter()
    }

    pub(super) fn size(&self) -> Size {
        Size::new(self.width.ceil(), self.height)
    }

    pub(super) fn put(self, board: &mut Board<'_>, shape: RoundedRect) {
        let look = board.look;
        board.put(Part::Block(shape, look.theirs));
        let inner = shape.rect().inset(-look.grid(PADDING));
        let act = deeds::body_act(&self.file);
        let spot = act.map(|act| board.spot(shape.rect(), act));
        if let Some(spot) = spot {
            board.only(When::OverSpot(spot), |board| {
                board.put(Part::Block(shape, board.look.hover))
            });
        }
        board.put(Part::Frame(shape, look.line));
        let icon = Rect::from_origin_size(inner.origin(), (look.grid(ICON.0), look.grid(ICON.1)));
        let head = self.head_height(look);
        let breaks: Vec<usize> = self.breaks(look).collect();
        self.icon.put(board, icon);
        let (name, state) = (self.name.size(), self.state.size());
        let at = Point::new(icon.x1 + look.grid(PADDING), inner.y0 - look.grid(0.25));
        if let Some(whole) = self.whole_name {
            board.tip(Rect::from_origin_size(at, name), whole);
        }
        board.put_words(self.name, at);
        board.put_words(
            self.state,
            Point::new(at.x, (at.y + name.height + look.grid(0.25)).round()),
        );
        let mut y = inner.y0 + head.max(name.height + state.height);
        if let Some(progress) = self.progress {
            put_bar(
                board,
                Rect::new(inner.x0, y + look.grid(1.0), inner.x1, y + look.grid(1.5)),
                progress,
            );
            y += look.grid(1.5);
        }
        for remark in self.remarks {
            let height = remark.size().height;
            y += look.grid(0.75);
            board.put_words(remark, Point::new(inner.x0, y.round()));
            y += height;
        }
        let corner = Point::new(inner.x1, y + look.grid(1.25));
        put_buttons(board, (self.buttons, &breaks), &self.file, corner);
    }
}

impl Icon {
    fn new(board: &mut Board<'_>, name: &str) -> Self {
        let (kind, extension) = kind_of(name);
        let look = board.look;
        let mut font = look.strong.clone();
        font.size = look.small.size * if extension.len() > 3 { 0.78 } else { 0.9 };
        let extension = board.words(
            &extension,
            Style::new(&font, &theme::ON_FACE),
            look.grid(ICON.0),
        );
        Self {
            ground: theme::FACES[kind % theme::FACES.len()],
            extension,
        }
    }

    fn put(self, board: &mut Board<'_>, rect: Rect) {
        let (paper, corner) = icons::sheet(rect);
        board.put(Part::Shape(paper, self.ground));
        board.put(Part::Shape(corner, theme::ON_FACE.with_alpha(0.35)));
        let size = self.extension.size();
        let at = Point::new(
            (rect.center().x - size.width / 2.0).round(),
            (rect.y1 - size.height - rect.height() * 0.16).round(),
        );
        board.put_words(self.extension, at);
    }
}

/// The colour of a kind of file, and the word on its sheet.
fn kind_of(name: &str) -> (usize, String) {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())
        .unwrap_or_default();
    let kind = match extension.as_str() {
        "xls" | "xlsx" | "ods" | "csv" => 0,
        "ppt" | "pptx" | "odp" | "key" => 1,
        "doc" | "docx" | "odt" | "rtf" | "md" => 2,
        "mp3" | "wav" | "flac" | "ogg" | "m4a" | "mp4" | "mkv" | "avi" | "mov" | "webm" => 3,
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "svg" | "bmp" => 4,
        "pdf" => 5,
        "zip" | "rar" | "7z" | "gz" | "xz" | "tar" | "zst" => 6,
        _ => 7,
    };
    let fits = (1..=4).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (
        kind,
        if fits {
            extension.to_ascii_uppercase()
        } else {
            String::new()
        },
    )
}

/// Why it failed, and what to beware of.
fn remarks(board: &mut Board<'_>, (file, mine): (&FileCard, bool), width: f64) -> Vec<Words> {
    let look = board.look;
    let why = file.code.as_ref().map(|code| reason(code, look.lang));
    let beware = (file.executable && !mine).then(|| ChatText::MayRun.say(look.lang));
    let words = [why, beware].into_iter().flatten();
    words
        .map(|words| board.words(&words, Style::new(&look.small, &look.alarm), width))
        .collect()
}

/// Those that there is room for.
fn buttons(
    board: &mut Board<'_>,
    (file, mine): (&FileCard, bool),
    width: f64,
) -> Vec<(Deed, Words)> {
    let look = board.look;
    let deeds = deeds::deeds(file, mine);
    let words = deeds.into_iter().map(|deed| {
        let color = if deed.is_first() {
            &look.on_accent
        } else {
            &look.text
        };
        (
            deed,
            board.words(&deed.word(look.lang), Style::new(&look.small, color), width),
        )
    });
    words.collect()
}

fn put_bar(board: &mut Board<'_>, rect: Rect, progress: f64) {
    let round = rect.height() / 2.0;
    board.put(Part::Block(
        RoundedRect::from_rect(rect, round),
        board.look.line,
    ));
    let mut done = rect;
    done.x1 = rect.x0 + (rect.width() * progress).max(rect.height());
    board.put(Part::Block(
        RoundedRect::from_rect(done, round),
        board.look.accent,
    ));
}

fn button_width(words: &Words, look: &Look) -> f64 {
    words.size().width + look.grid(3.0)
}

/// From the right: what is asked for most often is nearest to the corner.
fn put_buttons(
    board: &mut Board<'_>,
    (buttons, breaks): (Vec<(Deed, Words)>, &[usize]),
    file: &FileCard,
    corner: Point,
) {
    let look = board.look;
    let (mut x, mut y) = (corner.x, corner.y);
    for (index, (deed, words)) in buttons.into_iter().enumerate() {
        let Some(act) = deed.act(file) else { continue };
        if breaks.contains(&index) {
            (x, y) = (corner.x, y + look.grid(BUTTON_HEIGHT + BUTTON_GAP));
        }
        let width = button_width(&words, look);
        let rect = Rect::new(x - width, y, x, y + look.grid(BUTTON_HEIGHT)).round();
        put_button(board, rect, act, (words, deed.is_first()));
        x = rect.x0 - look.grid(BUTTON_GAP);
    }
}

fn put_button(board: &mut Board<'_>, rect: Rect, act: RowAct, (words, is_first): (Words, bool)) {
    let look = board.look;
    let shape = RoundedRect::from_rect(rect, look.grid(0.75));
    let spot = board.spot(rect, act);
    let (ground, over) = if is_first {
        (look.accent, look.on_accent.with_alpha(0.15))
    } else {
        (look.theirs, look.hover)
    };
    board.put(Part::Block(shape, ground));
    board.only(When::OverSpot(spot), |board| {
        board.put(Part::Block(shape, over))
    });
    if !is_first {
        board.put(Part::Frame(shape, look.line));
    }
    let at = rect.center() - words.size().to_vec2() / 2.0;
    board.put_words(words, at.round());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_says_what_kind_of_file_it_is() {
        for (name, kind, word) in [
            ("a.PDF", 5, "PDF"),
            ("b.tar.gz", 6, "GZ"),
            ("实验报告.docx", 2, "DOCX"),
            ("README", 7, ""),
            ("c.verylongextension", 7, ""),
            ("d.照片", 7, ""),
            (".", 7, ""),
        ] {
            assert_eq!(kind_of(name), (kind, word.to_owned()), "{name}");
        }
    }
}
