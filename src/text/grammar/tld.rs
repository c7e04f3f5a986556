//! Top-level domains: which labels end a domain name.
//!
//! Does not know the domains that a registry sells under a suffix (`co.uk`). Invariant: `tlds.txt` holds one
//! lowercase label a line, sorted by bytes, so that a label is found by bisection without building an index.

/// The labels delegated by IANA, retired ones that X still links included.
const LABELS: &str = include_str!("tlds.txt");

/// The most characters that a label which is not ASCII has.
const LONGEST: usize = 17;

/// The most letters that a label in ASCII has.
const LONGEST_ASCII: usize = 24;

/// Where the labels begin of each letter, of none, and where all end, so that few are looked at.
const STARTS: [usize; 28] = {
    let labels = LABELS.as_bytes();
    let (mut starts, mut letter, mut at) = ([labels.len(); 28], 0, 0);
    while at < labels.len() {
        while letter < 26 && labels[at] as usize >= b'a' as usize + letter {
            starts[letter] = at;
            letter += 1;
        }
        if labels[at] > b'z' && starts[26] > at {
            starts[26] = at;
        }
        while labels[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    starts
};

/// Whether `label` (lowercase) is a top-level domain.
#[must_use]
pub fn is_tld(label: &str) -> bool {
    // Labels that begin with no letter of ASCII stand behind those that do.
    let letter = label.bytes().next().map_or(26, |byte| usize::from(byte.wrapping_sub(b'a').min(26)));
    let (mut low, mut high) = (STARTS[letter], STARTS[letter + 1]);
    while low < high {
        let middle = low.midpoint(high);
        let start = LABELS.as_bytes()[..middle].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let line = LABELS.get(start..).unwrap_or_default();
        let line = &line[..line.find('\n').unwrap_or(line.len())];
        match line.cmp(label) {
            std::cmp::Ordering::Equal => return !label.is_empty(),
            std::cmp::Ordering::Less => low = start + line.len() + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

/// Bytes of the top-level domain that `text` begins with, if one does and nothing follows that would make it
/// another word: a letter or digit of ASCII, `@`, `+` or `-`. An encoded label (`xn--…`) is taken by its form.
#[must_use]
pub fn at_start(text: &str) -> Option<usize> {
    let run = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if run > LONGEST_ASCII {
        return None;
    }
    if run > 0 {
        let label = text[..run].to_ascii_lowercase();
        if label == "xn" && text[run..].starts_with("--") {
            let tail = text[4..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
            return (tail > 0).then_some(4 + tail);
        }
        return (ends(&text[run..]) && is_tld(&label)).then_some(run);
    }
    let mut stops: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(1).take(LONGEST).collect();
    if stops.len() < LONGEST {
        stops.push(text.len());
    }
    stops.into_iter().rev().find(|&end| ends(&text[end..]) && is_tld(&text[..end]))
}

fn ends(rest: &str) -> bool {
    !rest.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'@' | b'+' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(at_start(text).map(|end| &text[..end]), expected, "{text:?}");
    }

    #[test]
    fn the_list_is_sorted_and_lowercase() {
        let lines: Vec<&str> = LABELS.lines().collect();
        assert!(lines.is_sorted());
        assert!(lines.len() > 1500);
        for line in lines {
            assert!(is_tld(line), "{line}");
            assert_eq!(line.to_lowercase(), line);
            assert!(line.chars().count() <= if line.is_ascii() { LONGEST_ASCII } else { LONGEST }, "{line}");
        }
        assert!(!is_tld(""));
        assert!(!is_tld("zzz"));
        assert!(!is_tld("0"));
    }

    #[test]
    fn a_label_ends_where_its_script_does() {
        check("com", Some("com"));
        check("COM/path", Some("COM"));
        check("comm", None);
        check("com-x", None);
        check("comだよね", Some("com"));
        check("みんなです", Some("みんな"));
        check("中国/", Some("中国"));
        check("中国", Some("中国"));
        check("xn--p1ai", Some("xn--p1ai"));
        check("xn--", None);
        check("", None);
    }
}
