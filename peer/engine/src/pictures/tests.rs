//! Pictures of every format, and bombs of every kind.

use super::*;
use image::{Rgba, RgbaImage};

fn pattern(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let noise = u8::try_from((x * 7919 + y * 104_729) % 251).unwrap();
        let left = if x < width / 2 { 255 } else { 0 };
        Rgba([left, noise, 128, 255])
    })
}

fn file(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let picture = DynamicImage::ImageRgba8(pattern(width, height));
    let picture = if format == ImageFormat::Jpeg {
        DynamicImage::ImageRgb8(picture.to_rgb8())
    } else {
        picture
    };
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

const FORMATS: [ImageFormat; 4] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::Gif,
    ImageFormat::WebP,
];

#[test]
fn any_picture_becomes_a_small_square_that_is_taken_again() {
    for format in FORMATS {
        for (width, height) in [(700, 400), (40, 90), (256, 256), (1, 1)] {
            let avatar = crop_avatar(&file(format, width, height)).unwrap();
            assert!(avatar.len() <= AVATAR_BYTES_MAX, "{format:?}");
            let seen = image::load_from_memory(&avatar).unwrap();
            assert_eq!(seen.dimensions(), (AVATAR_SIDE_PX, AVATAR_SIDE_PX));
            assert!(clean_avatar(&avatar).is_ok(), "{format:?}");
        }
    }
}

#[test]
fn the_middle_is_kept_and_what_is_transparent_is_white() {
    let mut wide = RgbaImage::from_pixel(900, 300, Rgba([255, 0, 0, 255]));
    for (_, _, pixel) in wide
        .enumerate_pixels_mut()
        .filter(|(x, _, _)| (300..600).contains(x))
    {
        *pixel = Rgba([0, 0, 255, 0]);
    }
    let mut bytes = Cursor::new(Vec::new());
    wide.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let avatar = crop_avatar(&bytes.into_inner()).unwrap();
    let seen = image::load_from_memory(&avatar).unwrap();
    for at in [0, 128, 255] {
        let Rgba([red, green, blue, _]) = seen.get_pixel(at, 128);
        assert!(red > 250 && green > 250 && blue > 250, "{at}");
    }
}

#[test]
fn nothing_but_pixels_is_kept() {
    let jpeg = file(ImageFormat::Jpeg, 300, 300);
    let exif = b"Exif\0\0MM\0*\0\0\0\x08 39.9042N 116.4074E canary";
    let mut marked = jpeg[..2].to_vec();
    marked.extend([0xff, 0xe1]);
    marked.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    marked.extend(exif);
    marked.extend(&jpeg[2..]);
    assert!(marked.windows(6).any(|window| window == b"canary"));
    let avatar = crop_avatar(&marked).unwrap();
    assert!(!avatar.windows(6).any(|window| window == b"canary"));
}

/// A PNG with this header and these compressed bytes.
fn png(width: u32, height: u32, (depth, colour): (u8, u8), data: &[u8]) -> Vec<u8> {
    fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], body: &[u8]) {
        out.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        let from = out.len();
        out.extend(kind);
        out.extend(body);
        let sum = crc(&out[from..]);
        out.extend(sum.to_be_bytes());
    }
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
            })
        })
    }
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([depth, colour, 0, 0, 0]);
    chunk(&mut out, b"IHDR", &head);
    chunk(&mut out, b"IDAT", data);
    chunk(&mut out, b"IEND", &[]);
    out
}

/// Overwrites the size in the header of a JPEG or a GIF.
fn resized(format: ImageFormat, mut bytes: Vec<u8>, side: u16) -> Vec<u8> {
    if format == ImageFormat::Jpeg {
        let at = bytes
            .windows(2)
            .position(|two| two == [0xff, 0xc0])
            .unwrap();
        bytes[at + 5..at + 7].copy_from_slice(&side.to_be_bytes());
        bytes[at + 7..at + 9].copy_from_slice(&side.to_be_bytes());
    } else {
        bytes[6..8].copy_from_slice(&side.to_le_bytes());
        bytes[8..10].copy_from_slice(&side.to_le_bytes());
    }
    bytes
}

fn bombs() -> Vec<Vec<u8>> {
    let mut bombs = Vec::new();
    // Headers that promise more than any bound, with nothing behind them.
    for (width, height) in [
        (8_193, 1),
        (1, 8_193),
        (8_192, 8_192),
        (65_535, 65_535),
        (u32::MAX >> 1, 2),
        (0, 7),
        (7, 0),
        (0, 0),
    ] {
        for pixels in [(8, 6), (16, 6), (1, 0)] {
            bombs.push(png(
                width,
                height,
                pixels,
                &[0x78, 0x9c, 0x03, 0, 0, 0, 0, 1],
            ));
        }
    }
    for side in [0, 9_000, 30_000, 65_535] {
        bombs.push(resized(
            ImageFormat::Jpeg,
            file(ImageFormat::Jpeg, 16, 16),
            side,
        ));
        bombs.push(resized(
            ImageFormat::Gif,
            file(ImageFormat::Gif, 16, 16),
            side,
        ));
    }
    // Cut anywhere, or with the wrong bytes inside.
    for format in FORMATS {
        let whole = file(format, 64, 64);
        for part in [12, 30, whole.len() / 3] {
            bombs.push(whole[..part.min(whole.len())].to_vec());
        }
        let mut spoilt = whole.clone();
        let middle = spoilt.len() / 8;
        spoilt[middle..].fill(0xaa);
        bombs.push(spoilt);
    }
    // Something else altogether.
    bombs.extend([
        Vec::new(),
        b"BM6\0\0\0".to_vec(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        b"%PDF-1.7".to_vec(),
        b"II*\0\x08\0\0\0".to_vec(),
        b"\x89PNG\r\n\x1a\n".to_vec(),
        b"GIF89a".to_vec(),
        b"RIFF\xff\xff\xff\xffWEBPVP8L".to_vec(),
        b"\xff\xd8\xff\xe0".to_vec(),
        vec![0; PICTURE_BYTES_MAX + 1],
        vec![0xff; 4_096],
        b"PK\x03\x04".to_vec(),
    ]);
    bombs
}

/// The compressed bytes of a PNG.
fn compressed(png: &[u8]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut rest = &png[8..];
    while let Some((head, tail)) = rest.split_at_checked(8) {
        let size = u32::from_be_bytes(head[..4].try_into().unwrap()) as usize;
        if &head[4..] == b"IDAT" {
            data.extend(&tail[..size]);
        }
        rest = &tail[size + 4..];
    }
    data
}

/// A few kilobytes that inflate to forty megabytes cost what their header says, and a header that says so costs no more
/// than the bound.
#[test]
fn what_inflates_without_end_is_read_as_far_as_its_header_goes() {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_luma8(8_000, 5_000)
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    let bytes = bytes.into_inner();
    assert!(bytes.len() < 1024 * 1024);
    assert!(crop_avatar(&bytes).is_ok(), "forty megapixels are allowed");
    let data = compressed(&bytes);
    let bomb = png(16, 16, (8, 0), &data);
    assert!(crop_avatar(&bomb).is_ok_and(|avatar| avatar.len() <= AVATAR_BYTES_MAX));
    // Two bytes a colour would be 320 megabytes.
    let deep = png(8_000, 5_000, (16, 6), &data);
    assert_eq!(crop_avatar(&deep), Err(PictureFault::TooLarge));
}

#[test]
fn sixty_bombs_are_refused() {
    let bombs = bombs();
    assert!(bombs.len() >= 60, "{}", bombs.len());
    for (number, bomb) in bombs.iter().enumerate() {
        let head = &bomb[..bomb.len().min(24)];
        if let Ok(avatar) = crop_avatar(bomb) {
            // Formats that tolerate a torn end still give a small picture.
            assert!(avatar.len() <= AVATAR_BYTES_MAX, "{number}: {head:?}");
            assert!(bomb.len() < 64 * 1024, "{number}: {head:?}");
        }
    }
    let wide = png(8_193, 1, (8, 6), &[]);
    assert_eq!(crop_avatar(&wide), Err(PictureFault::TooLarge));
    let many = png(8_192, 8_192, (8, 6), &[]);
    assert_eq!(crop_avatar(&many), Err(PictureFault::TooLarge));
    assert_eq!(crop_avatar(b"text"), Err(PictureFault::Unreadable));
    let large = vec![0; PICTURE_BYTES_MAX + 1];
    assert_eq!(crop_avatar(&large), Err(PictureFault::TooLarge));
}

#[test]
fn what_comes_from_outside_must_be_small_already() {
    let picture = file(ImageFormat::Png, AVATAR_SIDE_PX + 1, 9);
    assert_eq!(clean_avatar(&picture), Err(PictureFault::TooLarge));
    assert!(crop_avatar(&picture).is_ok());
}
