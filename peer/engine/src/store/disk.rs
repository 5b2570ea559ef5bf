//! A disk in memory, for tests and simulations: it knows which bytes a power failure would take back.
//!
//! The real program never uses it; it is here because the world opens the same store as the program does.

use redb::StorageBackend;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
struct Bytes {
    live: Vec<u8>,
    /// What was overwritten since the last sync, oldest first.
    undo: Vec<Undo>,
    fails: bool,
}

#[derive(Debug)]
enum Undo {
    Write { at: usize, before: Vec<u8> },
    Resize { before: Vec<u8>, len: usize },
}

/// Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Mutex<Bytes>>);

impl Disk {
    fn bytes(&self) -> MutexGuard<'_, Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on nothing can be written.
    pub fn fail(&self) {
        self.bytes().fails = true;
    }

    /// Whether these bytes lie anywhere on it.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        self.bytes()
            .live
            .windows(bytes.len())
            .any(|window| window == bytes)
    }

    fn writable(&self) -> Result<MutexGuard<'_, Bytes>, io::Error> {
        let bytes = self.bytes();
        if bytes.fails {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(bytes)
    }

    /// Another disk with exactly what was synced: this one after a power failure.
    pub fn after_power_failure(&self) -> Self {
        let bytes = self.bytes();
        let mut live = bytes.live.clone();
        for undo in bytes.undo.iter().rev() {
            match undo {
                Undo::Write { at, before } => live[*at..at + before.len()].copy_from_slice(before),
                Undo::Resize { before, len } => {
                    live.truncate(*len);
                    live.extend_from_slice(before);
                }
            }
        }
        Self(Arc::new(Mutex::new(Bytes {
            live,
            undo: Vec::new(),
            fails: false,
        })))
    }
}

fn place(offset: u64, len: usize, end: usize) -> Result<std::ops::Range<usize>, io::Error> {
    let start = usize::try_from(offset).map_err(io::Error::other)?;
    match start.checked_add(len) {
        Some(stop) if stop <= end => Ok(start..stop),
        Some(_) | None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, io::Error> {
        Ok(self.bytes().live.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        let bytes = self.bytes();
        let range = place(offset, out.len(), bytes.live.len())?;
        out.copy_from_slice(&bytes.live[range]);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        let mut bytes = self.writable()?;
        let len = usize::try_from(len).map_err(io::Error::other)?;
        let before = bytes.live.get(len..).unwrap_or_default().to_vec();
        let kept = bytes.live.len().min(len);
        bytes.undo.push(Undo::Resize { before, len: kept });
        bytes.live.resize(len, 0);
        Ok(())
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        self.writable()?.undo.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        let mut bytes = self.writable()?;
        let range = place(offset, data.len(), bytes.live.len())?;
        let (at, before) = (range.start, bytes.live[range.clone()].to_vec());
        bytes.undo.push(Undo::Write { at, before });
        bytes.live[range].copy_from_slice(data);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_failure_takes_back_exactly_what_was_not_synced() {
        let disk = Disk::default();
        disk.set_len(4).unwrap();
        disk.write(0, b"abcd").unwrap();
        disk.sync_data().unwrap();
        disk.write(1, b"XY").unwrap();
        disk.set_len(2).unwrap();
        disk.set_len(6).unwrap();
        disk.write(0, b"zzzzzz").unwrap();
        assert_eq!(disk.bytes().live, b"zzzzzz");
        assert_eq!(disk.after_power_failure().bytes().live, b"abcd");
        assert!(disk.write(5, b"xx").is_err());
    }
}
