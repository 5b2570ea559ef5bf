//! Files that lie nowhere: generated content with its real BLAKE3, on computers that have no file system.
//!
//! The simulation answers the core's wishes about files from here. A copy that arrived is the same content under the
//! receiver's path, so two files are equal exactly when their roots are.

use super::dice::Dice;
use hutong_common::id::Root;
use hutong_engine::core::io::Hashed;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One file's bytes, known by their hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// Bytes.
    pub size: u64,
    /// BLAKE3 of them.
    pub root: Root,
    /// When it was last written, Unix milliseconds.
    pub modified_ms: u64,
}

impl Content {
    /// `size` bytes that belong to `seed`.
    pub fn generate(seed: u64, size: u64, modified_ms: u64) -> Self {
        let mut dice = Dice::new(seed, "content");
        let mut hasher = blake3::Hasher::new();
        let mut left = size;
        while left > 0 {
            let block = [dice.within(0..256) as u8; 4096];
            let take = left.min(block.len() as u64);
            hasher.update(&block[..take as usize]);
            left -= take;
        }
        Self {
            size,
            root: Root(hasher.finalize().into()),
            modified_ms,
        }
    }
}

/// Every file of every computer.
#[derive(Debug, Default)]
pub struct Files(BTreeMap<(usize, PathBuf), Content>);

impl Files {
    /// What lies at a path.
    pub fn at(&self, computer: usize, path: &Path) -> Option<Content> {
        self.0.get(&(computer, path.to_path_buf())).copied()
    }

    /// Puts a file there, over what was there.
    pub fn put(&mut self, computer: usize, path: PathBuf, content: Content) {
        self.0.insert((computer, path), content);
    }

    /// Puts a finished download under its name, or ` (2)` and so on; never over another file.
    pub fn place(
        &mut self,
        computer: usize,
        (folder, name): (&Path, &str),
        content: Content,
    ) -> PathBuf {
        let free = (1..).map(|n| folder.join(numbered(name, n)));
        let mut taken = free.skip_while(|path| self.at(computer, path).is_some());
        let path = taken.next().expect("there is always another number");
        self.put(computer, path.clone(), content);
        path
    }

    /// Removes all that lies below a folder.
    pub fn remove_below(&mut self, computer: usize, folder: &Path) {
        self.0
            .retain(|(at, path), _| *at != computer || !path.starts_with(folder));
    }

    /// What the engine finds when it reads a file to offer it.
    pub fn hashed(&self, computer: usize, path: &Path) -> Option<Hashed> {
        let content = self.at(computer, path)?;
        Some(Hashed {
            path: path.to_path_buf(),
            name: path.file_name()?.to_string_lossy().into_owned(),
            size: content.size,
            root: content.root,
            modified_ms: content.modified_ms,
        })
    }
}

fn numbered(name: &str, n: usize) -> String {
    match (n, name.rsplit_once('.')) {
        (1, _) => name.to_owned(),
        (n, Some((stem, extension))) => format!("{stem} ({n}).{extension}"),
        (n, None) => format!("{name} ({n})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_file_never_replaces_another() {
        let (folder, content) = (Path::new("/d"), Content::generate(1, 9000, 0));
        let mut files = Files::default();
        let first = files.place(0, (folder, "a.txt"), content);
        let second = files.place(0, (folder, "a.txt"), content);
        assert_eq!(
            (first.as_path(), second.as_path()),
            (Path::new("/d/a.txt"), Path::new("/d/a (2).txt"))
        );
        assert_eq!(files.at(0, &second), Some(content));
        assert_ne!(content.root, Content::generate(2, 9000, 0).root);
    }
}
