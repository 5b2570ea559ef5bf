//! A disk in memory that outlives the store on it, for the tests of a restart, and of a disk that takes no more.

use redb::StorageBackend;
use redb::backends::InMemoryBackend;
use std::io;
use std::sync::{Arc, Mutex};

/// Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk(Arc<Platter>);

#[derive(Debug)]
struct Platter {
    bytes: InMemoryBackend,
    state: Mutex<State>,
}

/// What a disk still does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Healthy,
    /// Nothing grows; what there is can be written over.
    Full,
    /// Nothing is written.
    Broken,
    /// Whoever writes panics, as a mistake in the database would.
    Mad,
}

impl Default for Platter {
    fn default() -> Self {
        Self {
            bytes: InMemoryBackend::new(),
            state: Mutex::new(State::Healthy),
        }
    }
}

impl Disk {
    pub(crate) fn turn(&self, state: State) {
        *self.0.state.lock().unwrap() = state;
    }

    fn stay_calm(&self) {
        // The lock is free again before anybody panics.
        let state = *self.0.state.lock().unwrap();
        assert!(state != State::Mad, "as a mistake in the database would");
    }

    fn check(&self, faulty: &[State], fault: io::ErrorKind) -> io::Result<()> {
        if faulty.contains(&self.0.state.lock().unwrap()) {
            Err(fault.into())
        } else {
            Ok(())
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, io::Error> {
        self.0.bytes.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        self.0.bytes.read(offset, out)
    }
    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        if len > self.len()? {
            self.check(&[State::Full], io::ErrorKind::StorageFull)?;
        }
        self.check(&[State::Broken], io::ErrorKind::Other)?;
        self.0.bytes.set_len(len)
    }
    fn sync_data(&self) -> Result<(), io::Error> {
        self.check(&[State::Broken], io::ErrorKind::Other)?;
        self.0.bytes.sync_data()
    }
    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        self.stay_calm();
        self.check(&[State::Broken], io::ErrorKind::Other)?;
        self.0.bytes.write(offset, data)
    }
}
