//! Files that users name or a folder keeps, read as a whole: the one place through which they come in.
//!
//! What has no end, such as a device, would fill the memory; a pipe in a folder, to which nobody writes, would hold up a
//! run for ever. A pipe on the command line is what `<(…)` comes to.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::error::{Error, Result};

/// Many times the length of any edition of the article, answer of the web service or overlay. What is made of a hostile one
/// may take 160 times as much. Unit: MiB.
const DOCUMENT: u64 = 4;

/// Longer than any plan or catalogue, and than what is generated. Unit: MiB.
const ANYTHING: u64 = 256;

/// The bytes of a file of a folder.
///
/// # Errors
/// When it can't be read, is no regular file, or is longer than 256 MiB.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Opening a pipe already waits for whoever writes to it.
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(folder());
    }
    if !metadata.is_file() {
        return Err(io::Error::other(
            "it is a pipe or a device, and a file belongs there",
        ));
    }
    whole(File::open(path)?, metadata.len(), ANYTHING)
}

/// The bytes of what the command line names, which may be a pipe.
///
/// # Errors
/// When it can't be read, is a folder, or is longer than 256 MiB.
pub fn given(path: &Path) -> io::Result<Vec<u8>> {
    named(path, ANYTHING)
}

/// The bytes of an edition of the article or an answer of the web service that the command line names, which may be a pipe.
///
/// # Errors
/// When it can't be read, is a folder, or is longer than 4 MiB.
pub fn document(path: &Path) -> io::Result<Vec<u8>> {
    named(path, DOCUMENT)
}

/// Says whether `bytes` are as few as those of an edition, an answer or an overlay.
///
/// # Errors
/// When they are more than 4 MiB.
pub fn is_document(bytes: &[u8]) -> io::Result<()> {
    if bytes.len() as u64 > DOCUMENT << 20 {
        return Err(too_long(DOCUMENT));
    }
    Ok(())
}

/// The text of the file `path`.
///
/// # Errors
/// As of [`read`], and when it is not in UTF-8.
pub fn text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?)
        .map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is no text in UTF-8"))
}

/// The text of the file `path`. `None`: there is none.
///
/// # Errors
/// As of [`text`].
pub fn text_if_there(path: &Path) -> Result<Option<String>> {
    match text(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unread(path, error).into()),
    }
}

/// The document of facts that comes from standard input.
///
/// # Errors
/// When it can't be read, or is longer than 4 MiB.
pub fn input() -> io::Result<Vec<u8>> {
    whole(io::stdin().lock(), 0, DOCUMENT)
}

/// Says that `path` can't be read.
pub fn unread(path: &Path, error: io::Error) -> Error {
    Error::Io {
        action: "read",
        path: path.to_owned(),
        error,
    }
}

fn named(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if path.is_dir() {
        return Err(folder());
    }
    let file = File::open(path)?;
    // A pipe says nothing of its length.
    let expected = file.metadata()?.len();
    whole(file, expected, most)
}

fn folder() -> io::Error {
    io::Error::other("it is a folder; name a file")
}

/// All that comes, which may be `expected` bytes, unless it is longer than `most` MiB.
fn whole(from: impl Read, expected: u64, most: u64) -> io::Result<Vec<u8>> {
    let limit = most << 20;
    let room = usize::try_from(expected.min(limit) + 1).unwrap_or_default();
    let mut bytes = Vec::with_capacity(room);
    from.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_long(most));
    }
    Ok(bytes)
}

fn too_long(most: u64) -> io::Error {
    io::Error::other(format!(
        "it is longer than {most} MiB, and no file that is meant here is; name another one"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        let refused = |path: &Path| read(path).unwrap_err().to_string();
        assert!(refused(folder.path()).contains("it is a folder"));
        #[cfg(unix)]
        assert!(refused(Path::new("/dev/zero")).contains("a pipe or a device"));
        #[cfg(unix)]
        assert!(
            document(Path::new("/dev/zero"))
                .unwrap_err()
                .to_string()
                .contains("longer than 4 MiB")
        );
        File::create(&file)
            .unwrap()
            .set_len((DOCUMENT << 20) + 1)
            .unwrap();
        assert!(read(&file).is_ok());
        let said = document(&file).unwrap_err().to_string();
        assert!(said.contains("longer than 4 MiB"), "{said}");
        assert!(is_document(&read(&file).unwrap()).is_err());
        fs::write(&file, b"\xff").unwrap();
        assert!(text(&file).unwrap_err().to_string().contains("UTF-8"));
        fs::remove_file(&file).unwrap();
        assert!(text_if_there(&file).unwrap().is_none());
    }

    #[test]
    fn what_comes_without_end_is_not_read_to_its_end() {
        assert!(whole(io::repeat(0), 0, 1).is_err());
    }
}
