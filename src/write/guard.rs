//! One run at a time in a folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// While it lives, no other run writes into the folder. A folder that it made, and that nothing was
/// written into, goes with it.
#[derive(Debug)]
pub struct Guard {
    made: Vec<PathBuf>,
    /// The folder itself, locked. `None` where the system can't lock folders.
    _lock: Option<File>,
}

impl Guard {
    /// Waits until no other run writes into `folder`, which it makes first.
    ///
    /// # Errors
    /// When the folder can't be made.
    pub fn to_write(folder: &Path) -> Result<Self> {
        let made: Vec<PathBuf> = folder
            .ancestors()
            .take_while(|path| !path.as_os_str().is_empty() && !path.exists() && !path.is_symlink())
            .map(Path::to_owned)
            .collect();
        // A link that leads nowhere is refused with what else the folder remembers.
        if !folder.exists() && !folder.is_symlink() {
            fs::create_dir_all(folder).map_err(|error| Error::Io {
                action: "create",
                path: folder.to_owned(),
                error,
            })?;
        }
        let lock = open(folder).filter(|file| file.lock().is_ok());
        Ok(Self { made, _lock: lock })
    }

    /// Waits until no run writes into `folder`; several may read at once.
    #[must_use]
    pub fn to_read(folder: &Path) -> Self {
        let lock = open(folder).filter(|file| file.lock_shared().is_ok());
        Self {
            made: Vec::new(),
            _lock: lock,
        }
    }
}

/// Opening anything but a folder may wait for ever, as at a named pipe; that it is none is said later.
fn open(folder: &Path) -> Option<File> {
    folder.is_dir().then(|| File::open(folder).ok()).flatten()
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Deepest first; a folder with something in it stays, and so do those above.
        for folder in &self.made {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}
