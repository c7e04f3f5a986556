#![no_main]
//! Runs [`selfless_fuzz::tsv`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::tsv(data));
