//! Bytes from files and streams, under a limit.
//!
//! Does not choose what is read. Invariant: no more than the limit is ever held, and what cannot be read is a
//! diagnostic.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::Arc;

use memchr::memchr;

use super::packed::packed;
use crate::diagnostic::{Diagnostic, nearest};
use crate::document::{Format, size_words};
use crate::text::{DecodeError, NotText, Source, Span};

/// How the bytes of a file become a source.
type Decoder = fn(&str, Vec<u8>) -> Result<Source, Box<NotText>>;

/// Reads a file.
///
/// # Errors
/// When it cannot be read, is larger than `limit` bytes, or is no text.
pub(super) fn read_file(path: &Path, name: &str, limit: u64) -> Result<Source, Box<Diagnostic>> {
    open(path, name, limit, |name, bytes| Source::decode(name, bytes))
}

/// Reads a file, or standard input without a path, that holds posts in a format, if that is known.
///
/// # Errors
/// As [`read_file`].
pub(super) fn read_posts(
    path: Option<&Path>,
    name: &str,
    limit: u64,
    format: Option<Format>,
) -> Result<Source, Box<Diagnostic>> {
    let decoder = decoder(format);
    match path {
        Some(path) => open(path, name, limit, decoder),
        None => decode(io::stdin().lock(), Vec::new(), name, limit, decoder),
    }
}

/// Reads a stream to its end.
///
/// # Errors
/// As [`read_file`].
pub(super) fn read_stream(stream: impl Read, name: &str, limit: u64) -> Result<Source, Box<Diagnostic>> {
    decode(stream, Vec::new(), name, limit, |name, bytes| Source::decode(name, bytes))
}

/// Reads posts that are bytes already.
///
/// # Errors
/// As [`read_file`].
pub(super) fn posts_of(
    bytes: &[u8],
    name: &str,
    limit: u64,
    format: Option<Format>,
) -> Result<Source, Box<Diagnostic>> {
    decode(bytes, Vec::with_capacity(bytes.len()), name, limit, decoder(format))
}

fn decoder(format: Option<Format>) -> Decoder {
    if format.is_some_and(Format::is_table) {
        |name, bytes| Source::decode_table(name, bytes)
    } else {
        |name, bytes| Source::decode(name, bytes)
    }
}

fn open(path: &Path, name: &str, limit: u64, decoder: Decoder) -> Result<Source, Box<Diagnostic>> {
    let (file, length) = open_file(path, name)?;
    if length > limit {
        return Err(too_large(name, limit));
    }
    decode(file, Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1)), name, limit, decoder)
}

/// Opens a file, and tells how many bytes it has. What is no file is not even opened: a pipe would keep one waiting.
///
/// # Errors
/// When it cannot be read, or is no file.
pub(super) fn open_file(path: &Path, name: &str) -> Result<(File, u64), Box<Diagnostic>> {
    let metadata = fs::metadata(path).map_err(|error| {
        let missing = error.kind() == io::ErrorKind::NotFound;
        let near = if missing { near_file(path, name) } else { None };
        Box::new(unreadable(name, &error).meant(near))
    })?;
    if !metadata.is_file() && !is_handed_over(path) {
        return Err(not_a_file(name));
    }
    let file = File::open(path).map_err(|error| unreadable(name, &error))?;
    Ok((file, metadata.len()))
}

/// Whether a path is what a shell writes in place of `<(command)`.
pub(super) fn is_handed_over(path: &Path) -> bool {
    path.starts_with("/dev/fd")
}

/// That something is there, and no file.
pub(super) fn not_a_file(name: &str) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error("input/not-a-file", "not a file, so it is not read").about(name);
    Box::new(diagnostic.help("`-` reads standard input"))
}

/// Reads into `bytes`, which is empty; room for what is expected spares reading piece by piece.
fn decode(
    stream: impl Read,
    mut bytes: Vec<u8>,
    name: &str,
    limit: u64,
    decoder: Decoder,
) -> Result<Source, Box<Diagnostic>> {
    stream.take(limit + 1).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(name, limit));
    }
    if let Some(diagnostic) = packed(name, &bytes) {
        return Err(diagnostic);
    }
    decoder(name, bytes).map_err(|error| not_text(name, &error))
}

/// What is nearly called so and stands in the same folder as a path, which was written as `name`, written like it: one half of
/// a name and its ending is the same.
pub(super) fn near_file(path: &Path, name: &str) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut names: Vec<String> = fs::read_dir(folder.unwrap_or(Path::new(".")))
        .ok()?
        .take(10_000)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    let near = near_half(path, &names, Path::extension, Path::file_stem)
        .or_else(|| near_half(path, &names, Path::file_stem, Path::extension))?;
    Some(Path::new(name).with_file_name(near).display().to_string())
}

/// One half of the name of a file.
type Half = fn(&Path) -> Option<&OsStr>;

/// The name that shares one half and nearly the other: compared whole, every ending of some letters would vouch for the rest.
fn near_half<'n>(path: &Path, names: &'n [String], same: Half, other: Half) -> Option<&'n str> {
    let alike = names.iter().filter(|name| same(Path::new(name)) == same(path));
    let halves: Vec<(&str, &str)> =
        alike.filter_map(|name| Some((other(Path::new(name))?.to_str()?, name.as_str()))).collect();
    let near = nearest(other(path)?.to_str()?, halves.iter().map(|(half, _)| *half))?;
    halves.into_iter().find(|(half, _)| *half == near).map(|(_, name)| name)
}

/// What is said of a file that another program holds, as a spreadsheet does on Windows; none for other mistakes.
/// The numbers are Windows' own (`ERROR_SHARING_VIOLATION`, `ERROR_LOCK_VIOLATION`); elsewhere they mean something else.
pub(super) fn locked(error: &io::Error, on_windows: bool) -> Option<(&'static str, &'static str)> {
    let held = on_windows && matches!(error.raw_os_error(), Some(32 | 33));
    held.then_some(("another program has it open, perhaps a spreadsheet", "close it there, and try again"))
}

/// That a file cannot be written.
pub(super) fn unwritable_file(name: &str, what: &str, error: &io::Error) -> Diagnostic {
    let why =
        |why: &str| Diagnostic::error("output/unwritable", format!("{what}cannot be written: {why}")).about(name);
    match locked(error, cfg!(windows)) {
        Some((message, help)) => why(message).help(help),
        None => why(&error.to_string()),
    }
}

/// That a file cannot be read.
pub(super) fn unreadable(name: &str, error: &io::Error) -> Box<Diagnostic> {
    if let Some((message, help)) = locked(error, cfg!(windows)) {
        let diagnostic = Diagnostic::error("input/locked", format!("cannot be read: {message}"));
        return Box::new(diagnostic.about(name).help(help));
    }
    // The system's own words without the number that Rust adds to them.
    let words = error.to_string();
    let words = words.split(" (os error").next().unwrap_or(&words).to_lowercase();
    Box::new(Diagnostic::error("input/unreadable", format!("cannot be read: {words}")).about(name))
}

/// That a file is over the limit.
pub(super) fn too_large(name: &str, limit: u64) -> Box<Diagnostic> {
    Box::new(over(limit).about(name))
}

/// That a record of a stream is over the limit; `start` is as much of it as was kept.
pub(super) fn record_too_large(start: Source, limit: u64) -> Box<Diagnostic> {
    Box::new(over(limit).label(&Arc::new(start), Span::new(0, 0), "starts here"))
}

fn over(limit: u64) -> Diagnostic {
    let diagnostic = Diagnostic::error("input/too-large", format!("larger than {}", size_words(limit)));
    diagnostic.help("`--max-file-size`, or `file-size` in `[limits]` of selfless.toml, raises the limit")
}

/// That bytes are no text, at the first bad one.
pub(super) fn not_text(name: &str, bad: &NotText) -> Box<Diagnostic> {
    let code = match bad.error {
        DecodeError::Utf8 { .. } => "input/not-utf8",
        DecodeError::Binary { .. } => "input/binary",
        DecodeError::TooLong => "input/too-large",
    };
    let diagnostic = Diagnostic::error(code, bad.error.to_string());
    let diagnostic = match &bad.place {
        Some((source, at)) => diagnostic.label(source, Span::new(*at, *at), ""),
        None => diagnostic.about(name),
    };
    Box::new(match bad.error {
        DecodeError::Utf8 { .. } => diagnostic.help("save the file as UTF-8"),
        _ => diagnostic,
    })
}

/// So many bytes are kept of a line that is too long.
const KEPT: usize = 60;

/// A line of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Its bytes, without the line end.
    Bytes(Vec<u8>),
    /// Longer than the limit; only its first bytes are kept.
    TooLong(Vec<u8>),
}

/// The next line of a stream and how many bytes it took, its end included; none at the end. Returns as soon as the
/// line has ended, without waiting for the next.
///
/// # Errors
/// When the stream cannot be read.
pub(super) fn next_line(stream: &mut impl BufRead, limit: u64) -> io::Result<Option<(Line, u64)>> {
    let mut line = Vec::new();
    let mut kept = true;
    let mut taken: u64 = 0;
    loop {
        let available = match stream.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() && taken == 0 {
            return Ok(None);
        }
        let newline = memchr(b'\n', available);
        let piece = available.get(..newline.unwrap_or(available.len())).unwrap_or_default();
        let fits = kept && (line.len() + piece.len()) as u64 <= limit;
        if fits {
            line.extend_from_slice(piece);
        } else if kept {
            line.extend(piece.iter().take(KEPT));
            line = line.get(..KEPT).unwrap_or(&line).to_vec();
        }
        kept = fits;
        let used = piece.len() + usize::from(newline.is_some());
        let ended = newline.is_some() || used == 0;
        stream.consume(used);
        taken += used as u64;
        if ended {
            line.pop_if(|last| *last == b'\r');
            let line = if kept { Line::Bytes(line) } else { Line::TooLong(line) };
            return Ok(Some((line, taken)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], limit: u64, expected: &Result<&str, &str>) {
        let found = decode(bytes, Vec::new(), "a", limit, |name, bytes| Source::decode(name, bytes));
        let found = found.as_ref().map(Source::text).map_err(|problem| &*problem.message);
        assert_eq!(found, *expected);
    }

    #[test]
    fn what_is_no_text_or_too_large_is_told() {
        check(b"hi", 2, &Ok("hi"));
        check(b"", 2, &Ok(""));
        check(b"hi!", 2, &Err("larger than 2 bytes"));
        check(&[b'a'; 1025], 1024, &Err("larger than 1 KiB"));
        check(b"h\xFF", 9, &Err("invalid UTF-8 at byte 1"));
        check(b"h\0", 9, &Err("not a text file (NUL at byte 1)"));
    }

    #[test]
    fn a_file_that_a_spreadsheet_holds_is_told_as_that() {
        #[track_caller]
        fn check(number: i32, on_windows: bool, expected: bool) {
            assert_eq!(locked(&io::Error::from_raw_os_error(number), on_windows).is_some(), expected, "{number}");
        }
        check(32, true, true);
        check(33, true, true);
        check(5, true, false);
        // A broken pipe, on Linux.
        check(32, false, false);
        assert!(locked(&io::ErrorKind::NotFound.into(), true).is_none());
    }

    #[test]
    fn lines_are_cut_whatever_the_buffer() {
        for capacity in 1..9 {
            let mut stream = BufReader::with_capacity(capacity, &b"ab\r\n\nabcdef\nlast"[..]);
            let mut lines = Vec::new();
            while let Some(line) = next_line(&mut stream, 4).unwrap() {
                lines.push(line);
            }
            let text = |text: &str| Line::Bytes(text.as_bytes().to_vec());
            let start = match lines.get(2) {
                Some((Line::TooLong(start), 7)) => start.clone(),
                other => panic!("{other:?}"),
            };
            assert!(!start.is_empty() && b"abcdef".starts_with(&start), "{start:?}");
            let expected = [(text("ab"), 4), (text(""), 1), (Line::TooLong(start), 7), (text("last"), 4)];
            assert_eq!(lines, expected);
        }
    }
}
