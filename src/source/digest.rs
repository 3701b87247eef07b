//! Content digests, which tell editions apart where dates don't.

use std::fmt::Write;
use std::io::BufWriter;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// `sha256:` and 64 hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    text(Sha256::digest(bytes))
}

/// The same over the JSON of `value`, of which no text is made.
#[must_use]
pub fn of_json<T: Serialize>(value: &T) -> String {
    let mut hasher = BufWriter::new(Sha256::new());
    serde_json::to_writer(&mut hasher, value).expect("documents are words and lists, always JSON");
    text(
        hasher
            .into_inner()
            .expect("a digest takes all that is written")
            .finalize(),
    )
}

fn text(digest: impl IntoIterator<Item = u8>) -> String {
    let mut text = String::from("sha256:");
    for byte in digest {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
    }
    text
}

/// Whether `text` has the form of a digest.
#[must_use]
pub fn is_sha256(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|digits| {
        digits.len() == 64
            && digits
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}
