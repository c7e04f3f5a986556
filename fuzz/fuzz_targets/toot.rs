#![no_main]
//! Runs [`selfless_fuzz::toot`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::toot(data));
