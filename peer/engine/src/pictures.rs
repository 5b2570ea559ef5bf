//! Pictures of people made small and harmless: decoded within bounds, cropped to a square, encoded anew.
//!
//! Pure: bytes in, bytes out; called by the shell on a blocking thread, for what a person chose and for what came from the
//! rendezvous. What is encoded anew holds pixels and nothing else: no place, no camera, no second meaning of the bytes.

use hutong_common::id::AccountId;
use hutong_common::limits::{
    AVATAR_BYTES_MAX, AVATAR_SIDE_PX, PICTURE_BYTES_MAX, PICTURE_DECODED_BYTES_MAX,
    PICTURE_PIXELS_MAX, PICTURE_SIDE_PX_MAX,
};
use image::codecs::{gif::GifDecoder, jpeg, png::PngDecoder, webp::WebPDecoder};
use image::imageops::{self, FilterType};
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageFormat, Limits, Rgb, RgbImage};
use std::io::Cursor;

/// Why a picture is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFault {
    /// It is no PNG, JPEG, GIF or WebP, or it is damaged.
    Unreadable,
    /// The file or the picture is larger than any avatar needs to be.
    TooLarge,
}

/// Under which name somebody's picture lies in the home; `hash` is the one that the rendezvous tells.
pub fn file_name(account: AccountId, hash: &[u8; 32]) -> String {
    format!("{account}-{}.jpg", blake3::Hash::from_bytes(*hash).to_hex())
}

/// JPEG qualities tried in turn until the picture is small enough.
const QUALITIES: [u8; 4] = [88, 75, 55, 30];

/// The bounds of one decoding.
#[derive(Clone, Copy)]
struct Bounds {
    side_px: u32,
    pixels: u64,
}

/// Makes an avatar of a file's bytes: the middle of the picture, 256 pixels a side, as JPEG.
///
/// # Errors
/// [`PictureFault`], before anything large is taken into memory.
pub fn crop_avatar(bytes: &[u8]) -> Result<Vec<u8>, PictureFault> {
    let bounds = Bounds {
        side_px: PICTURE_SIDE_PX_MAX,
        pixels: PICTURE_PIXELS_MAX,
    };
    avatar_of(bytes, bounds)
}

/// Makes an avatar that came from outside harmless: it must be small already.
///
/// # Errors
/// [`PictureFault`].
pub fn clean_avatar(bytes: &[u8]) -> Result<Vec<u8>, PictureFault> {
    let bounds = Bounds {
        side_px: AVATAR_SIDE_PX,
        pixels: u64::from(AVATAR_SIDE_PX) * u64::from(AVATAR_SIDE_PX),
    };
    avatar_of(bytes, bounds)
}

fn avatar_of(bytes: &[u8], bounds: Bounds) -> Result<Vec<u8>, PictureFault> {
    if bytes.len() > PICTURE_BYTES_MAX {
        return Err(PictureFault::TooLarge);
    }
    let square = match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => {
            let limits = limits(bounds);
            let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits).map_err(fault)?;
            square_of(decoder, bounds)
        }
        Ok(ImageFormat::Jpeg) => {
            let decoder = jpeg::JpegDecoder::new(Cursor::new(bytes)).map_err(fault)?;
            square_of(decoder, bounds)
        }
        Ok(ImageFormat::Gif) => {
            let decoder = GifDecoder::new(Cursor::new(bytes)).map_err(fault)?;
            square_of(decoder, bounds)
        }
        Ok(ImageFormat::WebP) => {
            let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(fault)?;
            square_of(decoder, bounds)
        }
        Ok(_) | Err(_) => Err(PictureFault::Unreadable),
    }?;
    encoded(&square)
}

fn limits(bounds: Bounds) -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(bounds.side_px);
    limits.max_image_height = Some(bounds.side_px);
    limits.max_alloc = Some(PICTURE_DECODED_BYTES_MAX);
    limits
}

/// Decodes what the header promises to be within bounds, the first picture of several; upright, on white.
fn square_of(mut decoder: impl ImageDecoder, bounds: Bounds) -> Result<RgbImage, PictureFault> {
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(PictureFault::Unreadable);
    }
    let is_large = width > bounds.side_px
        || height > bounds.side_px
        || u64::from(width) * u64::from(height) > bounds.pixels
        || decoder.total_bytes() > PICTURE_DECODED_BYTES_MAX;
    if is_large {
        return Err(PictureFault::TooLarge);
    }
    decoder.set_limits(limits(bounds)).map_err(fault)?;
    // A picture without a readable orientation is upright.
    let orientation = decoder.orientation().ok();
    let picture = DynamicImage::from_decoder(decoder).map_err(fault)?;
    let side = width.min(height);
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    let square = imageops::crop_imm(&picture, left, top, side, side);
    let (out, filter) = (AVATAR_SIDE_PX, FilterType::Triangle);
    let small = if side > out {
        imageops::thumbnail(&*square, out, out)
    } else {
        imageops::resize(&*square, out, out, filter)
    };
    let mut small = DynamicImage::ImageRgba8(small);
    if let Some(orientation) = orientation {
        small.apply_orientation(orientation);
    }
    Ok(on_white(&small))
}

fn on_white(picture: &DynamicImage) -> RgbImage {
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        let mix = |colour: u32| {
            let mixed = (colour * alpha + 255 * (255 - alpha)) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Rgb([mix(red), mix(green), mix(blue)])
    })
}

fn encoded(picture: &RgbImage) -> Result<Vec<u8>, PictureFault> {
    for quality in QUALITIES {
        let mut bytes = Vec::new();
        jpeg::JpegEncoder::new_with_quality(&mut bytes, quality)
            .encode_image(picture)
            .map_err(fault)?;
        if bytes.len() <= AVATAR_BYTES_MAX {
            return Ok(bytes);
        }
    }
    Err(PictureFault::TooLarge)
}

fn fault(error: image::ImageError) -> PictureFault {
    match error {
        image::ImageError::Limits(_) => PictureFault::TooLarge,
        image::ImageError::Unsupported(_)
        | image::ImageError::Decoding(_)
        | image::ImageError::Encoding(_)
        | image::ImageError::Parameter(_)
        | image::ImageError::IoError(_) => PictureFault::Unreadable,
    }
}

#[cfg(test)]
mod tests;
