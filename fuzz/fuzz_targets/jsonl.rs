#![no_main]
//! Runs [`selfless_fuzz::jsonl`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| selfless_fuzz::jsonl(data));
