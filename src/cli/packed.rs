//! Files that hold posts in a way that is not text: spreadsheets and packed archives.
//!
//! Unpacks nothing. Invariant: what is told says how to come to a file that can be read.

use crate::diagnostic::Diagnostic;

/// The first bytes of a zip archive, which newer spreadsheets are.
const ZIP: &[u8] = b"PK\x03\x04";

/// The first bytes of an old Office file.
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// The first bytes of what gzip packed.
const GZIP: &[u8] = b"\x1F\x8B";

/// What a file is that starts with `bytes`, if it is packed, and what to do about it.
pub(super) fn packed(name: &str, bytes: &[u8]) -> Option<Box<Diagnostic>> {
    let zip = bytes.starts_with(ZIP);
    if !zip && !bytes.starts_with(OLE) && !bytes.starts_with(GZIP) {
        return None;
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let sheet = match extension.as_str() {
        "xlsx" | "xlsm" | "xltx" | "xls" => Some(EXCEL),
        "ods" | "ots" => Some(LIBREOFFICE),
        "numbers" => Some(NUMBERS),
        _ => None,
    };
    Some(Box::new(match sheet {
        Some(help) => Diagnostic::error("input/spreadsheet", "a spreadsheet, which is not text")
            .about(name)
            .help(help)
            .note("a table is read as CSV, a row a post"),
        None => Diagnostic::error("input/packed", "a packed file, which is not text").about(name).help(
            "unpack it, and name the file in it that holds the posts, such as data/tweets.js or outbox.json",
        ),
    }))
}

const EXCEL: &str = "in Excel: File > Save As > CSV UTF-8 (Comma delimited); in Google Sheets: File > Download > \
     Comma Separated Values";

const LIBREOFFICE: &str = "in LibreOffice: File > Save As > Text CSV, character set Unicode (UTF-8); in Google \
     Sheets: File > Download > Comma Separated Values";

const NUMBERS: &str = "in Numbers: File > Export To > CSV, text encoding Unicode (UTF-8)";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, bytes: &[u8], expected: Option<(&str, &str)>) {
        let found = packed(name, bytes);
        let help = |one: &Diagnostic| one.help.as_deref().unwrap_or_default().to_owned();
        assert_eq!(found.as_ref().map(|one| &*one.code), expected.map(|(code, _)| code), "{name}");
        let helps = found.as_deref().map(help).unwrap_or_default();
        assert!(helps.contains(expected.map_or("", |(_, help)| help)), "{helps}");
    }

    #[test]
    fn spreadsheets_and_archives_are_told_by_their_first_bytes() {
        check("a.xlsx", b"PK\x03\x04\x14\0", Some(("input/spreadsheet", "CSV UTF-8")));
        check("A.ODS", b"PK\x03\x04\x14\0", Some(("input/spreadsheet", "LibreOffice")));
        check("a.xls", OLE, Some(("input/spreadsheet", "CSV UTF-8")));
        check("archive.zip", b"PK\x03\x04\x14\0", Some(("input/packed", "data/tweets.js")));
        check("a.csv", b"PK\x03\x04\x14\0", Some(("input/packed", "unpack")));
        check("a.tar.gz", b"\x1F\x8B\x08", Some(("input/packed", "unpack")));
        check("a.xlsx", b"Text,Date\n", None);
        check("a.txt", b"", None);
    }
}
