//! Sizes as people write them: `16 MiB`, `500 kB`, `1048576`.
//!
//! Whole numbers only. Invariant: a size lies from 1 byte to 4 GiB, which is as far as offsets count.

/// The default limit for a file or record, in bytes.
pub const MAX_FILE_SIZE: u64 = 16 << 20;

/// The default limit for the findings of one post that are told.
pub const MOST_FINDINGS: usize = 1_000;

/// The default limit for the posts of a file that are held against a budget: more than anybody plans, and so few that what is kept
/// of each does not add up to many times the file.
pub const MOST_IN_QUEUE: usize = 50_000;

const UNITS: [(&str, u64); 8] = [
    ("", 1),
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];

/// Reads a size in bytes.
///
/// # Errors
/// When it is no whole number with a known unit, or out of range; the message says which.
pub fn parse_size(written: &str) -> Result<u64, String> {
    let written = written.trim();
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = written.split_at(digits);
    let unit = unit.trim();
    let Some((_, factor)) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)) else {
        return Err(format!("`{unit}` is no unit of size (B, kB, KiB, MB, MiB, GB, GiB)"));
    };
    let number: u64 = number.parse().map_err(|_| format!("`{written}` is no size, such as `16 MiB`"))?;
    number
        .checked_mul(*factor)
        .filter(|bytes| (1..=u64::from(u32::MAX)).contains(bytes))
        .ok_or_else(|| "a size must be at least 1 byte and less than 4 GiB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: Result<u64, &str>) {
        assert_eq!(parse_size(written).as_ref().map_err(String::as_str), expected.as_ref().map_err(|m| *m));
    }

    #[test]
    fn sizes_have_units_of_two_kinds() {
        check("16 MiB", Ok(MAX_FILE_SIZE));
        check("16mib", Ok(MAX_FILE_SIZE));
        check(" 500 kB ", Ok(500_000));
        check("42", Ok(42));
        check("MiB", Err("`MiB` is no size, such as `16 MiB`"));
        check("3 apples", Err("`apples` is no unit of size (B, kB, KiB, MB, MiB, GB, GiB)"));
        check("1.5 MiB", Err("`.5 MiB` is no unit of size (B, kB, KiB, MB, MiB, GB, GiB)"));
        check("0", Err("a size must be at least 1 byte and less than 4 GiB"));
        check("99999999 GiB", Err("a size must be at least 1 byte and less than 4 GiB"));
    }
}
