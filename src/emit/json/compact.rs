//! JSON as [`encode`](fn@super::encode) writes it, for a good deal less: what may have to be escaped is looked for in strings alone.
//!
//! Knows no shape. Invariant: the bytes are those of serde_json, made printable. It writes what shapes are made of, and no raw JSON.

use serde::ser::{Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use serde_json::Error;

use super::encode::write_printable;

/// Adds a value to what is written.
pub(super) struct Compact<'a>(pub(super) &'a mut Vec<u8>);

/// Adds the members of a list or an object.
pub(super) struct Members<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
    close: u8,
}

impl<'a> Members<'a> {
    fn open(out: &'a mut Vec<u8>, [open, close]: [u8; 2]) -> Self {
        out.push(open);
        Self { out, first: true, close }
    }

    /// What stands before a member.
    #[inline]
    fn part(&mut self) {
        if !std::mem::replace(&mut self.first, false) {
            self.out.push(b',');
        }
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(Compact(self.out))
    }

    fn close(self) {
        self.out.push(self.close);
    }
}

impl SerializeSeq for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.part();
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeMap for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.part();
        self.value(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.out.push(b':');
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.part();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

/// What serde_json writes for us.
macro_rules! plain {
    ($($method:ident $type:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<(), Error> {
            serde_json::to_writer(self.0, &value)
        })*
    };
}

impl<'a> Serializer for Compact<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Members<'a>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    plain! {
        serialize_bool bool,
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
        serialize_f32 f32, serialize_f64 f64, serialize_bytes &[u8],
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        // Without an early end this is told for many bytes at once.
        let plain = |byte: u8| matches!(byte, b' '..=b'~' if !matches!(byte, b'#' | b'"' | b'\\'));
        if !text.bytes().fold(true, |all, byte| all & plain(byte)) {
            let json = serde_json::to_vec(text)?;
            return write_printable(&json, self.0).map_err(Error::custom);
        }
        self.0.push(b'"');
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(b'"');
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        Err(no_shape())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
        Ok(Members::open(self.0, *b"[]"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        Ok(Members::open(self.0, *b"{}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        Ok(Members::open(self.0, *b"{}"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        Err(no_shape())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        Err(no_shape())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(no_shape())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(no_shape())
    }
}

/// No shape has tuples, or variants with fields.
fn no_shape() -> Error {
    Error::custom("no shape is made of this")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::Serialize;

    use super::*;
    use crate::emit::json::encode;

    #[derive(Debug, Serialize)]
    struct Shape {
        text: String,
        #[serde(rename = "self")]
        renamed: char,
        maybe: Option<f64>,
        numbers: Vec<u64>,
        list: Vec<Newtype>,
        map: BTreeMap<String, f64>,
        flag: bool,
        within: Option<Box<Self>>,
    }

    #[derive(Debug, Serialize)]
    struct Newtype(i64);

    fn shapes() -> impl Strategy<Value = Shape> {
        let number = || prop_oneof![any::<f64>(), (0..1000_u32).prop_map(|tenths| f64::from(tenths) / 10.0)];
        let text = || prop_oneof![any::<String>(), "[a#\\[\"\\\\é\u{202E}\n]{0,9}"];
        let map = prop::collection::btree_map(text(), number(), 0..3);
        let list = prop::collection::vec(any::<i64>().prop_map(Newtype), 0..3);
        let rest = (any::<char>(), any::<(u32, u64, bool)>());
        let shape = (text(), prop::option::of(number()), list, map, rest).prop_map(
            |(text, maybe, list, map, (renamed, (small, large, flag)))| Shape {
                text,
                renamed,
                maybe,
                numbers: vec![small.into(), large],
                list,
                map,
                flag,
                within: None,
            },
        );
        (shape, any::<bool>()).prop_map(|(shape, nested)| match nested {
            true => Shape { within: Some(Box::new(shape)), text: "a".to_owned(), ..empty() },
            false => shape,
        })
    }

    fn empty() -> Shape {
        let (list, map) = (Vec::new(), BTreeMap::new());
        Shape {
            text: String::new(),
            renamed: '"',
            maybe: None,
            numbers: Vec::new(),
            list,
            map,
            flag: false,
            within: None,
        }
    }

    proptest! {
        #[test]
        fn the_bytes_are_those_of_all_json(shape in shapes()) {
            let mut written = b"before".to_vec();
            shape.serialize(Compact(&mut written)).unwrap();
            let expected = [b"before", &*encode(&shape).unwrap()].concat();
            prop_assert_eq!(String::from_utf8(written), String::from_utf8(expected));
        }
    }

    #[test]
    fn what_no_shape_has_is_refused() {
        assert!((1, 2).serialize(Compact(&mut Vec::new())).is_err());
    }
}
