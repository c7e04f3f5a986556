//! A small hash that is the same on every machine and in every version.
//!
//! A fingerprint, not a defence: whoever wants to can make two texts hash alike. Invariant: the hash of some bytes never
//! changes, for it is written into files.

/// FNV-1a over 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>).
#[derive(Clone, Copy, Debug)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Of nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes in.
    pub fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// The hash of all bytes so far.
    #[must_use]
    pub fn value(self) -> u64 {
        self.0
    }

    /// The same in hexadecimal, 16 digits.
    #[must_use]
    pub fn hex(self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_hold() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let mut hash = Fnv::new();
            hash.add(text.as_bytes());
            assert_eq!(
                (hash.hex(), hash.value()),
                (expected.to_owned(), u64::from_str_radix(expected, 16).unwrap())
            );
        }
        // From the page of its authors.
        check("", "cbf29ce484222325");
        check("a", "af63dc4c8601ec8c");
        check("foobar", "85944171f73967e8");
    }
}
