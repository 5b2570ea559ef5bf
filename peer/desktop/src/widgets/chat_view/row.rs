//! Lays out one row: the time and the line of what is new above it, the face, the message itself, and its mark.

use super::around::Around;
use super::board::{Board, Drawing, Part};
use super::bubble::Bubble;
use super::card::Card;
use super::look::{Look, Style};
use super::photo::Photo;
use super::{line, mark};
use crate::model::chat::{Body, Conversation, FileCard, Row, RowAct};
use crate::model::people::Face;
use crate::moment::Clock;
use crate::pictures::{self, Fit, Sight};
use crate::widgets::face::Portrait;
use crate::widgets::line::Cut;
use druid::kurbo::{BezPath, RoundedRect, RoundedRectRadii};
use druid::piet::PietText;
use druid::{Point, Rect, Size};
use hutong_common::harmless;
use hutong_common::text::desktop::chat::ChatText;

/// Everything that a row's look depends on; a row is laid out again when this changes, and only then.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    pub(super) row: Row,
    pub(super) around: Around,
    /// What is known of the picture in it.
    pub(super) sight: Option<Sight>,
    /// Who said it, where it begins what somebody else says in a group.
    pub(super) writer: Option<Face>,
    /// What it says, where that is the program's words.
    pub(super) line: Option<String>,
}

impl Key {
    pub(super) fn of(
        talk: &Conversation,
        index: usize,
        clock: &Clock,
        look: &Look,
    ) -> Option<Self> {
        let row = talk.rows.get(index)?.clone();
        let around = Around::of(talk, index, clock, look.lang);
        let sight = picture_in(&row).map(|key| pictures::with(|pictures| pictures.look(&key)));
        let names_writer = around.begins_group && !row.mine && !row.is_line();
        let writer = talk.face_of(&row.from).filter(|_| names_writer);
        let line = match &row.body {
            Body::Change(change) => Some(line::said(talk, change, look.lang)),
            Body::Text(_) | Body::File(_) | Body::Unknown => None,
        };
        Some(Self {
            row,
            around,
            sight,
            writer,
            line,
        })
    }
}

/// The picture that is shown instead of a card. What may run as a program is none, whatever it is called.
pub(super) fn picture_in(row: &Row) -> Option<pictures::Key> {
    let Body::File(file) = &row.body else {
        return None;
    };
    let path = file
        .lies_at
        .clone()
        .filter(|_| file.is_picture() && !file.executable)?;
    Some(pictures::Key {
        path,
        fit: Fit::Inline,
    })
}

/// What is the same for all rows.
pub(super) struct Ground {
    pub(super) look: Look,
    pub(super) clock: Clock,
    pub(super) width: f64,
    /// One's own, and the other's.
    pub(super) faces: (Portrait, Portrait),
}

/// A row that is ready to be painted.
pub(super) struct Laid {
    pub(super) key: Key,
    pub(super) drawing: Drawing,
    pub(super) height: f64,
    /// The message itself.
    pub(super) bubble: Rect,
}

/// Width and height of a face.
pub(super) const FACE: f64 = 4.5;
/// From the edge to where messages begin: margin, face, gap.
const COLUMN: f64 = 7.75;
/// From the edge to the face.
const MARGIN: f64 = 2.0;

impl Ground {
    /// The most that a message is wide: lines that are too long are hard to read, and the mark has its place beside it.
    pub(super) fn widest(&self) -> f64 {
        let room = self.width - 2.0 * self.look.grid(COLUMN);
        let wanted = (room * 0.8)
            .max(self.look.grid(38.0))
            .min(self.look.grid(66.0));
        wanted
            .max(self.look.grid(12.0))
            .min(room.max(self.look.grid(6.0)))
            .floor()
    }

    pub(super) fn margin(&self) -> f64 {
        self.look.grid(MARGIN)
    }
}

/// The message itself, measured and not yet in its place.
enum Content {
    Bubble(Bubble),
    Card(Box<Card>),
    Photo(Box<Photo>),
}

impl Content {
    fn of(board: &mut Board<'_>, key: &Key, widest: f64) -> Self {
        match (&key.row.body, picture_in(&key.row), key.sight) {
            (Body::File(file), Some(picture), Some(sight @ (Sight::Waits | Sight::Ready(_)))) => {
                Self::Photo(Box::new(Photo::new(
                    board,
                    (file, key.row.mine),
                    (picture, sight),
                    widest,
                )))
            }
            (Body::File(file), _, _) => {
                Self::Card(Box::new(Card::new(board, (file, key.row.mine), widest)))
            }
            (Body::Text(words), _, _) => {
                Self::Bubble(Bubble::new(board, words, key.row.mine, widest))
            }
            (Body::Unknown | Body::Change(_), _, _) => {
                let words = ChatText::NeedsNewer.say(board.look.lang);
                Self::Bubble(Bubble::quiet(board, &words, widest))
            }
        }
    }

    fn size(&self) -> Size {
        match self {
            Self::Bubble(bubble) => bubble.size(),
            Self::Card(card) => card.size(),
            Self::Photo(photo) => photo.size(),
        }
    }

    fn put(self, board: &mut Board<'_>, shape: RoundedRect, mine: bool) {
        match self {
            Self::Bubble(bubble) => bubble.put(board, shape, mine),
            Self::Card(card) => card.put(board, shape),
            Self::Photo(photo) => photo.put(board, shape),
        }
    }
}

/// Lays out a row.
pub(super) fn lay(ground: &Ground, text: &mut PietText, key: Key) -> Laid {
    let look = &ground.look;
    let mut board = Board::new(look, text);
    let mut y = separators(&mut board, ground, &key.around);
    y += look.grid(if key.around.begins_group { 1.5 } else { 0.5 });
    if let Some(words) = &key.line {
        let bubble = line::put(&mut board, ground, (words, y));
        let height = (bubble.y1 + look.grid(if key.around.is_last { 2.5 } else { 0.5 })).ceil();
        return Laid {
            drawing: board.drawing,
            key,
            height,
            bubble,
        };
    }
    let top = y;
    y += put_head(&mut board, ground, &key, y);
    let mine = key.row.mine;
    let content = Content::of(&mut board, &key, ground.widest());
    let size = content.size();
    let column = look.grid(COLUMN);
    let x = if mine {
        ground.width - column - size.width
    } else {
        column
    };
    let bubble = Rect::from_origin_size((x.round(), y.round()), size);
    if key.around.begins_group {
        put_face(&mut board, ground, &key, top.round());
    }
    let shape = shape_of(bubble, look, (mine, key.around.begins_group));
    content.put(&mut board, shape, mine);
    if key.row.names_me || key.row.is_announcement {
        board.put(Part::Frame(shape, look.accent));
    }
    let below = mark::put(&mut board, ground, &key, bubble);
    let end = look.grid(if key.around.is_last { 2.5 } else { 0.25 });
    let face_end = if key.around.begins_group {
        top.round() + look.grid(FACE)
    } else {
        0.0
    };
    let height = ((bubble.y1 + below).max(face_end) + end).ceil();
    Laid {
        key,
        drawing: board.drawing,
        height,
        bubble,
    }
}

/// Round, but for the corner beside the face.
fn shape_of(bubble: Rect, look: &Look, (mine, begins_group): (bool, bool)) -> RoundedRect {
    let round = look.grid(1.5);
    let near = if begins_group { look.grid(0.5) } else { round };
    let (left, right) = if mine { (round, near) } else { (near, round) };
    RoundedRect::from_rect(bubble, RoundedRectRadii::new(left, right, round, round))
}

/// Who says what follows, and that it is an announcement; answers how high that is.
fn put_head(board: &mut Board<'_>, ground: &Ground, key: &Key, y: f64) -> f64 {
    let mut height = 0.0;
    if let Some(writer) = &key.writer {
        height += put_name(board, ground, (&writer.titled(board.look.lang), y));
    }
    if key.row.is_announcement {
        height += put_tag(board, ground, (key.row.mine, y + height));
    }
    height
}

/// That what follows is an announcement, above its bubble.
fn put_tag(board: &mut Board<'_>, ground: &Ground, (mine, y): (bool, f64)) -> f64 {
    let look = board.look;
    let words = ChatText::Announcement.say(look.lang);
    let words = board.words(&words, Style::new(&look.small, &look.accent), ground.width);
    let (size, column) = (words.size(), look.grid(COLUMN));
    let x = if mine {
        ground.width - column - size.width
    } else {
        column
    };
    board.put_words(words, Point::new(x.round(), y.round()));
    size.height + look.grid(0.25)
}

/// Who says what follows, on one line; answers how high it is.
fn put_name(board: &mut Board<'_>, ground: &Ground, (name, y): (&str, f64)) -> f64 {
    let look = board.look;
    let style = Style::new(&look.small, &look.quiet);
    let room = ground.widest();
    let name = harmless::name(name);
    let shown = Cut::End.cut(&name, |part| {
        board.words(part, style, ground.width * 4.0).size().width <= room
    });
    let words = board.words(&shown, style, ground.width);
    let height = words.size().height + look.grid(0.25);
    board.put_words(words, Point::new(look.grid(COLUMN).round(), y.round()));
    height
}

fn put_face(board: &mut Board<'_>, ground: &Ground, key: &Key, top: f64) {
    let row = &key.row;
    let half = board.look.grid(FACE) / 2.0;
    let x = ground.margin() + half;
    let x = if row.mine { ground.width - x } else { x };
    let center = Point::new(x.round(), (top + half).round());
    let portrait = match &key.writer {
        Some(writer) => Portrait::new(board.text, writer, 2.0 * half, &board.look.strong),
        None if row.mine => ground.faces.0.clone(),
        None => ground.faces.1.clone(),
    };
    board.put(Part::Face(portrait, center));
    let area = Rect::from_center_size(center, (2.0 * half, 2.0 * half));
    board.spot(area, RowAct::Person(row.from.clone()));
}

/// The time, and the line below which everything is new. Answers where the message may begin.
fn separators(board: &mut Board<'_>, ground: &Ground, around: &Around) -> f64 {
    let look = board.look;
    let mut y = 0.0;
    if let Some(time) = around.time.as_ref().filter(|time| !time.is_empty()) {
        let words = board.words(time, Style::new(&look.small, &look.quiet), ground.width);
        let size = words.size();
        y = look.grid(2.0);
        board.put_words(
            words,
            Point::new(((ground.width - size.width) / 2.0).round(), y.round()),
        );
        y += size.height;
    }
    if around.is_first_new {
        let words = ChatText::NewBelow.say(look.lang);
        let words = board.words(&words, Style::new(&look.small, &look.accent), ground.width);
        let size = words.size();
        y += look.grid(1.5);
        let at = Point::new(((ground.width - size.width) / 2.0).round(), y.round());
        let middle = (at.y + size.height / 2.0).floor() + 0.5;
        let (edge, gap) = (ground.margin(), look.grid(1.5));
        for (from, to) in [
            (edge, at.x - gap),
            (at.x + size.width + gap, ground.width - edge),
        ] {
            let mut line = BezPath::new();
            line.move_to((from, middle));
            line.line_to((to.max(from), middle));
            board.put(Part::Stroke(line, look.accent.with_alpha(0.4), 1.0));
        }
        board.put_words(words, at);
        y += size.height;
    }
    y
}

/// About how high a row will be, from what is cheap to see.
pub(super) fn estimate(row: &Row, look: &Look, width: f64) -> f64 {
    let line = look.body.size * 1.45;
    match &row.body {
        Body::Text(words) => {
            // A letter of three bytes is twice as wide as one of one byte: bytes are a fair guess.
            let per_line = (width * 0.6 / (look.body.size * 0.5)).max(8.0);
            let lines = (words.len() as f64 * 0.8 / per_line)
                .ceil()
                .clamp(1.0, 400.0);
            (lines * line + look.grid(3.0)).ceil()
        }
        Body::Unknown => (line + look.grid(3.0)).ceil(),
        Body::Change(_) => (line + look.grid(1.0)).ceil(),
        Body::File(file) => estimate_file(file, look),
    }
}

fn estimate_file(file: &FileCard, look: &Look) -> f64 {
    let is_shown =
        file.is_picture() && file.lies_at.as_ref().is_some_and(|path| path.is_absolute());
    look.grid(if is_shown { 24.0 } else { 14.0 }).ceil()
}
