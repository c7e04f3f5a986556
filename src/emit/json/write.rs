//! Shapes as compact JSON, in which [`unprintable`] characters and `##[`, which CI runners obey, are escaped, so that it may be
//! looked at in a terminal and printed into a log.
//!
//! Knows only what shapes are made of: an enum with data is none. Invariant: but for those escapes, and for [`Verbatim`], it
//! writes what `serde_json` does.

use std::fmt;
use std::io::{self, Write};

use serde::ser::{
    Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};
use serde_json::value::RawValue;

use crate::emit::clean::unprintable;
use crate::emit::points::{Digits, digits};

/// JSON that is written as it stands.
#[derive(Debug)]
pub(crate) struct Verbatim(String);

impl Verbatim {
    /// None of what is no JSON.
    pub(crate) fn of(json: &str) -> Option<Self> {
        serde_json::from_str::<&RawValue>(json).is_ok().then(|| Self(json.to_owned()))
    }
}

impl Serialize for Verbatim {
    /// As bytes, which no other shape has.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0.as_bytes())
    }
}

/// Takes shapes, and hands what it writes on in large pieces where there is somewhere to, so that small ones cost little and a
/// long list is never whole in memory.
pub(super) struct Writer<'w> {
    bytes: &'w mut Vec<u8>,
    out: Option<&'w mut dyn Write>,
}

/// How many bytes are handed on together.
const PIECE: usize = 1 << 15;

/// Why a shape is not written.
#[derive(Debug)]
pub(super) struct Unwritten(io::Error);

impl<'w> Writer<'w> {
    pub(super) fn new(bytes: &'w mut Vec<u8>, out: Option<&'w mut dyn Write>) -> Self {
        Self { bytes, out }
    }

    /// Writes a shape, and hands on all of it.
    pub(super) fn write(mut self, shape: &impl Serialize) -> io::Result<()> {
        shape.serialize(&mut self).map_err(|Unwritten(error)| error)?;
        self.hand_on(0)
    }

    /// Hands on what is written, if it is so much.
    fn hand_on(&mut self, least: usize) -> io::Result<()> {
        let Some(out) = self.out.as_mut().filter(|_| self.bytes.len() >= least) else { return Ok(()) };
        let written = out.write_all(self.bytes);
        self.bytes.clear();
        written
    }

    fn string(&mut self, text: &str) {
        self.bytes.push(b'"');
        if is_simple(text) {
            self.bytes.extend_from_slice(text.as_bytes());
        } else {
            self.escaped(text);
        }
        self.bytes.push(b'"');
    }

    fn escaped(&mut self, text: &str) {
        let mut from = 0;
        for (at, next) in text.char_indices() {
            let short = match next {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\u{8}' => "\\b",
                '\u{c}' => "\\f",
                '#' if text[at..].starts_with("##[") => "",
                _ if unprintable(next) => "",
                _ => continue,
            };
            self.bytes.extend_from_slice(&text.as_bytes()[from..at]);
            self.bytes.extend_from_slice(short.as_bytes());
            if short.is_empty() {
                // Writing to a vector does not fail.
                let _ = write!(self.bytes, "\\u{:04x}", u32::from(next));
            }
            from = at + next.len_utf8();
        }
        self.bytes.extend_from_slice(&text.as_bytes()[from..]);
    }

    fn whole(&mut self, number: u64) {
        self.bytes.extend_from_slice(digits(number, &mut Digits::default()));
    }

    fn float(&mut self, number: f64) -> Result<(), Unwritten> {
        // Scores and points have one decimal.
        let tenths = (number * 10.0).round();
        if number.is_sign_positive() && tenths < 1e9 && tenths / 10.0 == number {
            // The cast is of a whole number below that.
            let tenths = tenths as u64;
            self.whole(tenths / 10);
            self.bytes.push(b'.');
            self.whole(tenths % 10);
            return Ok(());
        }
        self.any(&number)
    }

    fn any(&mut self, shape: &impl Serialize) -> Result<(), Unwritten> {
        serde_json::to_writer(&mut *self.bytes, shape).map_err(Unwritten::custom)
    }

    fn open(&mut self, mark: u8) -> Members<'_, 'w> {
        self.bytes.push(mark);
        Members { writer: self, first: true }
    }
}

/// Whether a string is written as it is. Without an early end this is told for many bytes at once.
fn is_simple(text: &str) -> bool {
    text.bytes()
        .fold(true, |simple, byte| simple & matches!(byte, b' '..=b'~') & !matches!(byte, b'"' | b'\\' | b'#'))
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Unwritten {}

impl serde::ser::Error for Unwritten {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(io::Error::other(message.to_string()))
    }
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

/// Members of a list or an object that is open.
pub(super) struct Members<'m, 'w> {
    writer: &'m mut Writer<'w>,
    first: bool,
}

type Written = Result<(), Unwritten>;

impl Members<'_, '_> {
    fn next(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.writer.bytes.push(b',');
        }
    }

    fn value<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.next();
        value.serialize(&mut *self.writer)?;
        Ok(self.writer.hand_on(PIECE)?)
    }

    fn close(self, mark: u8) -> Written {
        self.writer.bytes.push(mark);
        Ok(())
    }
}

impl SerializeSeq for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.value(value)
    }

    fn end(self) -> Written {
        self.close(b']')
    }
}

impl SerializeTuple for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.value(value)
    }

    fn end(self) -> Written {
        self.close(b']')
    }
}

impl SerializeStruct for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritten;

    #[inline]
    fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Written {
        self.next();
        // The keys of shapes are simple.
        self.writer.bytes.push(b'"');
        self.writer.bytes.extend_from_slice(key.as_bytes());
        self.writer.bytes.extend_from_slice(b"\":");
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close(b'}')
    }
}

impl SerializeMap for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Written {
        self.next();
        let start = self.writer.bytes.len();
        key.serialize(&mut *self.writer)?;
        let is_string = self.writer.bytes.get(start) == Some(&b'"');
        if is_string { Ok(()) } else { Err(Unwritten::custom("a key is no string")) }
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.writer.bytes.push(b':');
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close(b'}')
    }
}

/// What no shape has.
fn none<T>() -> Result<T, Unwritten> {
    Err(Unwritten::custom("no shape is an enum with data"))
}

macro_rules! numbers {
    ($($name:ident: $type:ty),*) => {$(
        fn $name(self, number: $type) -> Written {
            self.whole(u64::from(number));
            Ok(())
        }
    )*};
}

macro_rules! signed_numbers {
    ($($name:ident: $type:ty),*) => {$(
        fn $name(self, number: $type) -> Written {
            if number < 0 {
                self.bytes.push(b'-');
            }
            self.whole(u64::from(number.unsigned_abs()));
            Ok(())
        }
    )*};
}

impl<'m, 'w> Serializer for &'m mut Writer<'w> {
    type Ok = ();
    type Error = Unwritten;
    type SerializeSeq = Members<'m, 'w>;
    type SerializeTuple = Members<'m, 'w>;
    type SerializeTupleStruct = Impossible<(), Unwritten>;
    type SerializeTupleVariant = Impossible<(), Unwritten>;
    type SerializeMap = Members<'m, 'w>;
    type SerializeStruct = Members<'m, 'w>;
    type SerializeStructVariant = Impossible<(), Unwritten>;

    numbers!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);
    signed_numbers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64);

    fn serialize_bool(self, is: bool) -> Written {
        self.bytes.extend_from_slice(if is { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Written {
        self.any(&number)
    }

    fn serialize_f64(self, number: f64) -> Written {
        self.float(number)
    }

    fn serialize_char(self, next: char) -> Written {
        self.string(next.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Written {
        self.string(text);
        Ok(())
    }

    fn serialize_bytes(self, json: &[u8]) -> Written {
        self.bytes.extend_from_slice(json);
        Ok(())
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.bytes.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Written {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written {
        none()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'m, 'w>, Unwritten> {
        Ok(self.open(b'['))
    }

    fn serialize_tuple(self, _: usize) -> Result<Members<'m, 'w>, Unwritten> {
        Ok(self.open(b'['))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unwritten> {
        none()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritten> {
        none()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'m, 'w>, Unwritten> {
        Ok(self.open(b'{'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'m, 'w>, Unwritten> {
        Ok(self.open(b'{'))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritten> {
        none()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn written(shape: &impl Serialize) -> String {
        let mut bytes = Vec::new();
        Writer::new(&mut bytes, None).write(shape).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[track_caller]
    fn check(shape: &impl Serialize, expected: &str) {
        assert_eq!(written(shape), expected);
    }

    #[test]
    fn what_steers_terminals_and_runners_is_escaped() {
        check(&"a\"b\\c\n\t\r\u{8}\u{c}", r#""a\"b\\c\n\t\r\b\f""#);
        check(&"\u{1b}[31m \u{7f}\u{202e}\u{feff} é𝗯", "\"\\u001b[31m \\u007f\\u202e\\ufeff é𝗯\"");
        check(&"###[error] ## [x] ##", r##""#\u0023#[error] ## [x] ##""##);
        check(&Verbatim::of("1.50"), "1.50");
        check(&Verbatim::of("1 2"), "null");
    }

    #[test]
    fn keys_are_strings() {
        check(&BTreeMap::from([("a#\n", 1)]), r##"{"a#\n":1}"##);
        assert!(Writer::new(&mut Vec::new(), None).write(&BTreeMap::from([(1, 1)])).is_err());
    }

    #[test]
    fn a_long_list_is_handed_on_in_pieces() {
        #[derive(Default)]
        struct Pieces(Vec<usize>, Vec<u8>);
        impl Write for Pieces {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.push(bytes.len());
                self.1.extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (list, mut pieces, mut buffer) = (vec!["x".repeat(1000); 100], Pieces::default(), Vec::new());
        Writer::new(&mut buffer, Some(&mut pieces)).write(&list).unwrap();
        assert!(buffer.is_empty() && pieces.0.iter().all(|&length| length < PIECE + 2_000), "{:?}", pieces.0);
        assert_eq!(String::from_utf8(pieces.1).unwrap(), serde_json::to_string(&list).unwrap());
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            (0_u32..2_000_000).prop_map(|tenths| Value::from(f64::from(tenths) / 10.0)),
            "[ -~]{0,12}|\\PC{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 30, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[ -~]{0,6}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_the_json_of_serde_json(value in values()) {
            let theirs = serde_json::to_string(&value).unwrap();
            prop_assume!(!theirs.contains("##[") && !theirs.contains(unprintable));
            prop_assert_eq!(written(&value), theirs);
        }

        #[test]
        fn any_text_comes_back(text in any::<String>()) {
            let json = written(&text);
            prop_assert!(!json.contains(unprintable));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
