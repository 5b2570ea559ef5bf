//! Decodes a picture file within bounds and makes it small. Runs on a thread of its own.

use super::{Fit, Key};
use druid::Size;
use hutong_common::limits::{
    PICTURE_BYTES_MAX, PICTURE_DECODED_BYTES_MAX, PICTURE_PIXELS_MAX, PICTURE_SIDE_PX_MAX,
};
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender};

/// A picture made small.
pub(super) struct Decoded {
    /// Its width and height on the disk, upright.
    pub(super) natural: Size,
    /// Width and height of what follows.
    pub(super) size: (usize, usize),
    /// Red, green, blue, alpha.
    pub(super) rgba: Vec<u8>,
}

/// Decodes until nobody asks any more.
pub(super) fn serve(orders: &Receiver<Key>, results: &SyncSender<(Key, Option<Decoded>)>) {
    while let Ok(key) = orders.recv() {
        let decoded = decode(&key.path, key.fit);
        if results.send((key, decoded)).is_err() {
            return;
        }
    }
}

/// The picture in a file; none if it is no picture, or larger than any needs to be.
pub(super) fn decode(path: &Path, fit: Fit) -> Option<Decoded> {
    let bytes = read(path)?;
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(PICTURE_SIDE_PX_MAX);
    limits.max_image_height = Some(PICTURE_SIDE_PX_MAX);
    limits.max_alloc = Some(PICTURE_DECODED_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let is_bearable = width > 0
        && height > 0
        && u64::from(width) * u64::from(height) <= PICTURE_PIXELS_MAX
        && decoder.total_bytes() <= PICTURE_DECODED_BYTES_MAX;
    if !is_bearable {
        return None;
    }
    // A picture without a readable orientation is upright.
    let orientation = decoder.orientation().ok();
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    let mut small = smaller(picture, fit.bounds_px());
    let mut natural = Size::new(f64::from(width), f64::from(height));
    if let Some(orientation) = orientation {
        let was_wide = small.width() > small.height();
        small.apply_orientation(orientation);
        if was_wide != (small.width() > small.height()) {
            natural = Size::new(natural.height, natural.width);
        }
    }
    let rgba = small.into_rgba8();
    let size = (rgba.width() as usize, rgba.height() as usize);
    Some(Decoded {
        natural,
        size,
        rgba: rgba.into_raw(),
    })
}

fn read(path: &Path) -> Option<Vec<u8>> {
    // Asked before it is opened: to open a pipe would wait for somebody to write.
    let about = std::fs::metadata(path).ok()?;
    let most = PICTURE_BYTES_MAX as u64;
    if !about.is_file() || about.len() > most {
        return None;
    }
    let mut bytes = Vec::new();
    let read = File::open(path).ok()?.take(most).read_to_end(&mut bytes);
    read.ok().map(|_| bytes)
}

fn smaller(picture: DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    if picture.width() <= width && picture.height() <= height {
        return picture;
    }
    picture.thumbnail(width, height)
}
