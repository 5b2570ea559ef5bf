//! Pictures of the disk as they are painted: decoded on a thread of their own within bounds, made small, kept within a
//! bound in bytes, the one longest unseen let go first.
//!
//! There is one store for the window's thread, as painted pictures belong to it. A widget asks with [`Pictures::look`] for
//! what it is about to show, and follows a [`Watch`] to hear when something was decoded.

mod decoding;

use decoding::Decoded;
use druid::piet::{ImageFormat, PietImage};
use druid::{ImageBuf, PaintCtx, Size, TimerToken};
use hutong_common::limits::{
    PAINTED_BYTES_MAX, PICTURE_LOOK_MS, PICTURES_KNOWN_MAX, PICTURES_WAITING_MAX,
};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// For which place a picture is made small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// A circle beside a name.
    Face,
    /// Within a conversation.
    Inline,
    /// Most of a screen.
    Large,
}

impl Fit {
    /// Most pixels across and down: twice what is shown, for fine screens.
    const fn bounds_px(self) -> (u32, u32) {
        match self {
            Self::Face => (160, 160),
            Self::Inline => (560, 440),
            Self::Large => (2_560, 1_600),
        }
    }
}

/// Which picture, and how small.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Where it lies.
    pub path: Arc<PathBuf>,
    /// For which place.
    pub fit: Fit,
}

/// What is known of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sight {
    /// It is being decoded.
    Waits,
    /// Its own width and height, before it was made small.
    Ready(Size),
    /// It is no picture, or too large.
    Broken,
}

enum Pixels {
    None,
    Decoded(ImageBuf),
    Painted(PietImage, usize),
}

impl Pixels {
    fn bytes(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Decoded(buffer) => buffer.raw_pixels().len(),
            Self::Painted(_, bytes) => *bytes,
        }
    }
}

struct Entry {
    sight: Sight,
    pixels: Pixels,
    waits: bool,
    used: u64,
}

/// All pictures that the window knows.
pub struct Pictures {
    entries: BTreeMap<Key, Entry>,
    wanted: SyncSender<Key>,
    decoded: Receiver<(Key, Option<Decoded>)>,
    bytes: usize,
    bytes_max: usize,
    waiting: usize,
    uses: u64,
    changes: u64,
}

impl std::fmt::Debug for Pictures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (known, bytes) = (self.entries.len(), self.bytes);
        write!(f, "Pictures({known} known, {bytes} bytes)")
    }
}

thread_local! {
    static PICTURES: RefCell<Pictures> = RefCell::new(Pictures::new(PAINTED_BYTES_MAX));
}

/// Uses this thread's store; `use_them` must not come here again.
pub fn with<R>(use_them: impl FnOnce(&mut Pictures) -> R) -> R {
    PICTURES.with_borrow_mut(use_them)
}

impl Pictures {
    fn new(bytes_max: usize) -> Self {
        let (wanted, orders) = sync_channel(PICTURES_WAITING_MAX);
        let (results, decoded) = sync_channel(PICTURES_WAITING_MAX);
        // Without that thread pictures stay placeholders; nothing else is lost.
        let _ = std::thread::Builder::new()
            .name("pictures".to_owned())
            .spawn(move || decoding::serve(&orders, &results));
        Self {
            entries: BTreeMap::new(),
            wanted,
            decoded,
            bytes: 0,
            bytes_max,
            waiting: 0,
            uses: 0,
            changes: 0,
        }
    }

    /// What is known of a picture that is about to be shown; asks for its pixels if they are not here.
    pub fn look(&mut self, key: &Key) -> Sight {
        self.uses += 1;
        let used = self.uses;
        let entry = self.entries.entry(key.clone()).or_insert(Entry {
            sight: Sight::Waits,
            pixels: Pixels::None,
            waits: false,
            used,
        });
        entry.used = used;
        let is_wanted =
            matches!(entry.pixels, Pixels::None) && entry.sight != Sight::Broken && !entry.waits;
        // A full queue is no harm: the next look asks again.
        if is_wanted && self.wanted.try_send(key.clone()).is_ok() {
            entry.waits = true;
            self.waiting += 1;
        }
        let sight = entry.sight;
        self.forget_oldest();
        sight
    }

    /// The picture to be painted, if it is here.
    pub fn image(&mut self, key: &Key, ctx: &mut PaintCtx<'_, '_, '_>) -> Option<PietImage> {
        self.uses += 1;
        let entry = self.entries.get_mut(key)?;
        entry.used = self.uses;
        if let Pixels::Decoded(buffer) = &entry.pixels {
            let bytes = buffer.raw_pixels().len();
            entry.pixels = Pixels::Painted(buffer.to_image(ctx.render_ctx), bytes);
        }
        match &entry.pixels {
            Pixels::Painted(image, _) => Some(image.clone()),
            Pixels::None | Pixels::Decoded(_) => None,
        }
    }

    /// Takes what was decoded meanwhile.
    fn collect(&mut self) {
        while let Ok((key, decoded)) = self.decoded.try_recv() {
            self.take(&key, decoded);
        }
        self.let_go();
    }

    fn take(&mut self, key: &Key, decoded: Option<Decoded>) {
        self.waiting = self.waiting.saturating_sub(1);
        self.changes += 1;
        let Some(entry) = self.entries.get_mut(key) else {
            return;
        };
        entry.waits = false;
        match decoded {
            Some(decoded) => {
                entry.sight = Sight::Ready(decoded.natural);
                let (width, height) = decoded.size;
                let buffer =
                    ImageBuf::from_raw(decoded.rgba, ImageFormat::RgbaSeparate, width, height);
                self.bytes += buffer.raw_pixels().len();
                entry.pixels = Pixels::Decoded(buffer);
            }
            None => entry.sight = Sight::Broken,
        }
    }

    /// Lets pixels go, the longest unseen first, until the rest fits.
    fn let_go(&mut self) {
        while self.bytes > self.bytes_max {
            let with_pixels = self
                .entries
                .values_mut()
                .filter(|entry| entry.pixels.bytes() > 0);
            let Some(oldest) = with_pixels.min_by_key(|entry| entry.used) else {
                return;
            };
            self.bytes -= oldest.pixels.bytes();
            oldest.pixels = Pixels::None;
        }
    }

    fn forget_oldest(&mut self) {
        if self.entries.len() <= PICTURES_KNOWN_MAX {
            return;
        }
        let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used);
        let Some(key) = oldest.map(|(key, _)| key.clone()) else {
            return;
        };
        if let Some(entry) = self.entries.remove(&key) {
            self.bytes -= entry.pixels.bytes();
        }
    }

    /// Whether something is being decoded.
    pub fn are_waiting(&self) -> bool {
        self.waiting > 0
    }

    /// Waits until all that was asked for is here: for programs that paint once, as tests do.
    pub fn settle(&mut self) {
        while self.waiting > 0 {
            match self.decoded.recv_timeout(Duration::from_secs(10)) {
                Ok((key, decoded)) => self.take(&key, decoded),
                Err(_) => return,
            }
        }
        self.let_go();
    }
}

/// How a widget hears of decoded pictures: by a timer that runs only while some are under way.
#[derive(Debug, Default)]
pub struct Watch {
    timer: Option<TimerToken>,
    seen: u64,
}

impl Watch {
    /// Call it after looking at pictures; `request` starts a timer.
    pub fn follow(&mut self, request: impl FnOnce(Duration) -> TimerToken) {
        if self.timer.is_none() && with(|pictures| pictures.are_waiting()) {
            self.timer = Some(request(Duration::from_millis(PICTURE_LOOK_MS)));
        }
    }

    /// Whether this timer was ours and a picture arrived. Call [`Watch::follow`] afterwards.
    pub fn rang(&mut self, token: TimerToken) -> bool {
        if self.timer != Some(token) {
            return false;
        }
        self.timer = None;
        self.has_changed()
    }

    /// Whether a picture arrived since this was asked last.
    pub fn has_changed(&mut self) -> bool {
        let changes = with(|pictures| {
            pictures.collect();
            pictures.changes
        });
        std::mem::replace(&mut self.seen, changes) != changes
    }
}

#[cfg(test)]
mod tests;
