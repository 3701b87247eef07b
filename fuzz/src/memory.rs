//! How much memory a reader may take.

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// At most so many bytes for each of the input. Lists of nothing come near it: an item of two bytes becomes a value of
/// some fifty, in a list that has grown to twice its length; documents of facts are limited in length for that.
const FACTOR: usize = 160;

/// What reading takes at most, however little is read: the facts that are part of the program are copied, and schemas
/// are made. Unit: bytes.
const EMBEDDED: usize = 4 << 20;

/// Reads `bytes`, and holds what that takes at its height against what it may take.
pub fn held(bytes: &[u8], read: impl Fn(&[u8])) {
    crate::readers::prepare();
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    read(bytes);
    let taken = MEMORY.peak_usage().saturating_sub(before);
    let most = EMBEDDED + FACTOR * bytes.len();
    assert!(
        taken <= most,
        "{taken} bytes were taken to read {}, and {most} are the most",
        bytes.len()
    );
}
