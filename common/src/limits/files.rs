//! Bounds: files on their way and on the disk. See [`super`] for what all bounds obey.

/// A file's name, in characters.
pub const FILE_NAME_CHARS_MAX: usize = 120;
/// A file's name, in bytes.
pub const FILE_NAME_BYTES_MAX: usize = 200;
/// Largest file that is offered: 1 TiB.
pub const FILE_BYTES_MAX: u64 = 1 << 40;
/// Bytes handed to the disk at a time.
pub const FILE_WRITE_BYTES: usize = 1024 * 1024;
/// BLAKE3 chunk group of a verified stream, as a power of two of 1 KiB: 16 KiB.
pub const BAO_GROUP_LOG: u8 = 4;
/// Progress of a transfer is reported at most this often.
pub const PROGRESS_INTERVAL_MS: u64 = 100;
/// Received data is synced and noted at least every so many bytes.
pub const FILE_CHECKPOINT_BYTES: u64 = 64 * 1024 * 1024;
/// Received data is synced and noted at least this often.
pub const FILE_CHECKPOINT_MS: u64 = 2_000;
/// Parts asked for in one file request.
pub const FILE_RANGES_MAX: usize = 256;
/// Downloads running at once on one client.
pub const DOWNLOADS_MAX: usize = 4;
/// A provider that sends nothing for this long is given up for now.
pub const FILE_STALL_TIMEOUT_MS: u64 = 10_000;
/// A transfer's rate is measured over at least this time.
pub const FILE_RATE_INTERVAL_MS: u64 = 500;
/// A download that lacks room on the disk looks for it again this often.
pub const FILE_ROOM_RETRY_MS: u64 = 30_000;
/// Who asks for a file that is paused asks again after this time, unless it hears that it goes on.
pub const FILE_HELD_RETRY_MS: u64 = 60_000;
/// Bytes of a verified stream that go between disk and network at a time.
pub const FILE_BATCH_BYTES: usize = 256 * 1024;
/// Such batches waiting between the thread of the disk and that of the network.
pub const FILE_BATCHES_MAX: usize = 4;
/// A download's note on what is verified: the worst case is every other group of a few thousand.
pub const FILE_NOTE_BYTES_MAX: u64 = 1024 * 1024;
/// Other names tried when a file's name is taken.
pub const FILE_NAMES_TRIED_MAX: u32 = 1_000;
/// What still counts as a file's extension when its name is cut short, in characters.
pub const FILE_EXTENSION_CHARS_MAX: usize = 16;
