//! The key of an element: text, a character, an integer, a unit variant, or a newtype of
//! one of these.

use alloc::string::ToString;

use serde_core::{Serialize, Serializer, ser::Impossible};

use super::{Writer, refused::Refused, serializer::integer};

/// Enters the element with the key that is given to it.
pub(super) struct KeyOf<'w>(pub(super) &'w mut Writer);

impl KeyOf<'_> {
    fn text(self, key: &str) -> Result<(), Refused> {
        self.0.enter(self.0.place, key.as_bytes());
        Ok(())
    }

    fn integer(self, key: impl TryInto<i64>) -> Result<(), Refused> {
        let key = integer(key)?;
        self.text(&key.to_string())
    }
}

type NoArray = Impossible<(), Refused>;

fn no_key<T>() -> Result<T, Refused> {
    Err(Refused("a key in it is neither text, a character, an integer nor a unit variant"))
}

impl Serializer for KeyOf<'_> {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = NoArray;
    type SerializeTuple = NoArray;
    type SerializeTupleStruct = NoArray;
    type SerializeTupleVariant = NoArray;
    type SerializeMap = NoArray;
    type SerializeStruct = NoArray;
    type SerializeStructVariant = NoArray;

    fn serialize_bool(self, _: bool) -> Result<(), Refused> {
        no_key()
    }

    fn serialize_i8(self, key: i8) -> Result<(), Refused> {
        self.integer(key)
    }

    fn serialize_i16(self, key: i16) -> Result<(), Refused> {
        self.integer(key)
    }

    fn serialize_i32(self, key: i32) -> Result<(), Refused> {
        self.integer(key)
    }

    fn serialize_i64(self, key: i64) -> Result<(), Refused> {
        self.integer(key)
    }

    fn serialize_i128(self, key: i128) -> Result<(), Refused> {
        self.integer(key)
    }

    fn serialize_u8(self, key: u8) -> Result<(), Refused> {
        self.integer(key)
    }

    fn serialize_u16(self, key: u16) -> Result<(), Refused> {
        self.integer(key)
    }

    fn serialize_u32(self, key: u32) -> Result<(), Refused> {
        self.integer(key)
    }

    fn serialize_u64(self, key: u64) -> Result<(), Refused> {
        self.integer(key)
    }

    fn serialize_u128(self, key: u128) -> Result<(), Refused> {
        self.integer(key)
    }

    fn serialize_f32(self, _: f32) -> Result<(), Refused> {
        no_key()
    }

    fn serialize_f64(self, _: f64) -> Result<(), Refused> {
        no_key()
    }

    fn serialize_char(self, key: char) -> Result<(), Refused> {
        self.text(key.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, key: &str) -> Result<(), Refused> {
        self.text(key)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Refused> {
        no_key()
    }

    fn serialize_none(self) -> Result<(), Refused> {
        no_key()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Refused> {
        no_key()
    }

    fn serialize_unit(self) -> Result<(), Refused> {
        no_key()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Refused> {
        no_key()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Refused> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        key: &T,
    ) -> Result<(), Refused> {
        key.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Refused> {
        no_key()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<NoArray, Refused> {
        no_key()
    }

    fn serialize_tuple(self, _: usize) -> Result<NoArray, Refused> {
        no_key()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<NoArray, Refused> {
        no_key()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<NoArray, Refused> {
        no_key()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<NoArray, Refused> {
        no_key()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<NoArray, Refused> {
        no_key()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<NoArray, Refused> {
        no_key()
    }
}
