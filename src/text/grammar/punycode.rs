//! How long a label of a domain name is on the wire.
//!
//! Does not write the encoded label, which nobody needs here. Invariant: the result is the length that RFC 3492
//! (with its parameters for domain names) gives, prefix `xn--` included.

/// Bytes of `label` in its ASCII form. The ideographic full stops of IDNA 2003 separate pieces that are encoded
/// each by itself.
#[must_use]
pub(super) fn encoded_len(label: &str) -> usize {
    if label.is_ascii() {
        return label.len();
    }
    let mut length = 0;
    for (number, piece) in label.split(['\u{3002}', '\u{FF0E}', '\u{FF61}']).enumerate() {
        length += usize::from(number > 0);
        length += if piece.is_ascii() { piece.len() } else { "xn--".len() + body_len(piece) };
    }
    length
}

fn body_len(piece: &str) -> usize {
    let basic = piece.chars().filter(char::is_ascii).count();
    let mut length = basic + usize::from(basic > 0);
    let mut points: Vec<u32> = piece.chars().filter(|c| !c.is_ascii()).map(u32::from).collect();
    points.sort_unstable();
    points.dedup();
    let (mut code, mut delta, mut bias, mut handled) = (128_u32, 0_u64, 72_u64, basic as u64);
    let total_basic = basic as u64;
    for point in points {
        delta += u64::from(point - code) * (handled + 1);
        code = point;
        for c in piece.chars().map(u32::from) {
            if c < code {
                delta += 1;
            } else if c == code {
                length += digits(delta, bias);
                bias = adapt(delta, handled + 1, handled == total_basic);
                delta = 0;
                handled += 1;
            }
        }
        delta += 1;
        code += 1;
    }
    length
}

fn digits(mut delta: u64, bias: u64) -> usize {
    let mut count = 1;
    let mut k = 36;
    loop {
        let threshold = k.clamp(bias + 1, bias + 26) - bias;
        if delta < threshold {
            return count;
        }
        delta = (delta - threshold) / (36 - threshold);
        count += 1;
        k += 36;
    }
}

fn adapt(delta: u64, points: u64, first: bool) -> u64 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(label: &str, expected: &str) {
        assert_eq!(encoded_len(label), expected.len(), "{label}");
    }

    #[test]
    fn lengths_are_those_of_the_encoded_labels() {
        check("example", "example");
        check("bücher", "xn--bcher-kva");
        check("münchen", "xn--mnchen-3ya");
        check("みんな", "xn--q9jyb4c");
        check("пример", "xn--e1afmkfd");
        check("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye");
        check("a。b", "a.b");
    }
}
