#![no_main]

use perimeter365_fuzz::{memory, readers};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| memory::held(bytes, readers::article));
