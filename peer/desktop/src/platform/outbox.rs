//! Pictures that exist nowhere as a file become one in a private folder, so that they can be sent like any other.
//!
//! Work is done in a thread of its own: a large picture takes longer than a frame. The name is made from the content, so the
//! same picture twice is one file.

use crate::selectors::DROPPED;
use druid::im::Vector;
use druid::{ExtEventSink, Target, WindowId};
use hutong_common::limits::PASTED_PIXELS_MAX;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

static OUTBOX: OnceLock<PathBuf> = OnceLock::new();

/// Says once where pictures are to be kept: a folder inside the home. It need not exist yet.
pub fn set_outbox(folder: PathBuf) {
    // A second home cannot be opened by one process, so the first word stands.
    let _ = OUTBOX.set(folder);
}

/// Whether these came from the clipboard or as pixels: one picture that lies nowhere else.
pub fn is_pasted(paths: &Vector<PathBuf>) -> bool {
    let folder = OUTBOX.get().map(PathBuf::as_path);
    paths.len() == 1
        && paths
            .iter()
            .all(|path| folder.is_some() && path.parent() == folder)
}

/// Uncompressed picture with 8 bits a channel: as it comes from a toolkit, which may leave room behind each row.
#[derive(Debug)]
pub(super) struct Pixels<B> {
    pub(super) bytes: B,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) row_bytes: usize,
    pub(super) has_alpha: bool,
}

impl<B: AsRef<[u8]>> Pixels<B> {
    /// Nothing for a picture that contradicts itself or is too large.
    fn to_png(&self) -> Option<Vec<u8>> {
        let channels = if self.has_alpha { 4 } else { 3 };
        let row = usize::try_from(self.width).ok()?.checked_mul(channels)?;
        if u64::from(self.width) * u64::from(self.height) > PASTED_PIXELS_MAX
            || row == 0
            || self.row_bytes < row
        {
            return None;
        }
        let mut packed = Vec::new();
        for number in 0..usize::try_from(self.height).ok()? {
            let start = number.checked_mul(self.row_bytes)?;
            packed.extend_from_slice(self.bytes.as_ref().get(start..start + row)?);
        }
        let color = if self.has_alpha {
            image::ExtendedColorType::Rgba8
        } else {
            image::ExtendedColorType::Rgb8
        };
        let mut png = io::Cursor::new(Vec::new());
        image::write_buffer_with_format(
            &mut png,
            &packed,
            self.width,
            self.height,
            color,
            image::ImageFormat::Png,
        )
        .inspect_err(|error| tracing::warn!(%error, "a picture cannot be written as PNG"))
        .ok()?;
        Some(png.into_inner())
    }
}

/// Keeps the picture and hands over where, in the thread that did it.
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "other systems give a PNG")
)]
pub(super) fn keep<B>(pixels: Pixels<B>, then: impl FnOnce(PathBuf) + Send + 'static)
where
    B: AsRef<[u8]> + Send + 'static,
{
    in_background(move || {
        if let Some(path) = pixels.to_png().and_then(|png| stored(&png)) {
            then(path);
        }
    });
}

/// As [`keep`], for a picture that is a PNG already.
#[cfg_attr(target_os = "linux", expect(dead_code, reason = "GTK gives pixels"))]
pub(super) fn keep_png(png: Vec<u8>, then: impl FnOnce(PathBuf) + Send + 'static) {
    in_background(move || {
        if let Some(path) = stored(&png) {
            then(path);
        }
    });
}

/// To be called in the window's thread only: from another one the wake-up may get lost.
pub(super) fn tell(sink: &ExtEventSink, window: WindowId, paths: Vector<PathBuf>) {
    if paths.is_empty() {
        return;
    }
    if let Err(error) = sink.submit_command(DROPPED, paths, Target::Window(window)) {
        tracing::warn!(%error, "dropped files cannot be told");
    }
}

fn in_background(work: impl FnOnce() + Send + 'static) {
    let started = std::thread::Builder::new()
        .name("outbox".to_owned())
        .spawn(work);
    if let Err(error) = started {
        tracing::warn!(%error, "no thread for a picture");
    }
}

fn stored(png: &[u8]) -> Option<PathBuf> {
    let folder = OUTBOX.get()?;
    store(folder, png)
        .inspect_err(|error| tracing::warn!(%error, "a picture cannot be kept"))
        .ok()
}

fn store(folder: &Path, png: &[u8]) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let mut hasher = DefaultHasher::new();
    hasher.write(png);
    let path = folder.join(format!("picture-{:016x}.png", hasher.finish()));
    let part = path.with_extension("part");
    std::fs::write(&part, png)?;
    std::fs::rename(&part, &path)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two pixels, red and half-transparent green, with two bytes of room behind the row.
    fn two_pixels() -> Pixels<Vec<u8>> {
        Pixels {
            bytes: vec![255, 0, 0, 255, 0, 255, 0, 128, 9, 9],
            width: 2,
            height: 1,
            row_bytes: 10,
            has_alpha: true,
        }
    }

    #[test]
    fn a_picture_becomes_a_png_that_reads_the_same() -> anyhow::Result<()> {
        let png = two_pixels().to_png().unwrap_or_default();
        let read = image::load_from_memory(&png)?.to_rgba8();
        assert_eq!(read.into_raw(), [255, 0, 0, 255, 0, 255, 0, 128]);
        Ok(())
    }

    #[test]
    fn a_picture_that_contradicts_itself_is_none() {
        let longer = Pixels {
            height: 2,
            ..two_pixels()
        };
        assert_eq!(longer.to_png(), None);
        let narrower = Pixels {
            row_bytes: 4,
            ..two_pixels()
        };
        assert_eq!(narrower.to_png(), None);
        let huge = Pixels {
            width: u32::MAX,
            height: u32::MAX,
            row_bytes: usize::MAX,
            ..two_pixels()
        };
        assert_eq!(huge.to_png(), None);
    }

    #[test]
    fn the_same_picture_twice_is_one_file_and_nothing_half_written_is_left() -> anyhow::Result<()> {
        let home = tempfile::tempdir()?;
        let folder = home.path().join("outbox");
        let first = store(&folder, b"png")?;
        assert_eq!(store(&folder, b"png")?, first);
        assert_ne!(store(&folder, b"another")?, first);
        assert_eq!(std::fs::read_dir(&folder)?.count(), 2);
        assert_eq!(std::fs::read(first)?, b"png");
        Ok(())
    }
}
