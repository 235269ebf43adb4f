//! Each kind of value, by PHP's rules.

use alloc::string::ToString;

use serde_core::{Serialize, Serializer};

use super::{Writer, elements::Elements, float, refused::Refused};

impl Writer {
    fn integer(&mut self, value: impl TryInto<i64>) -> Result<(), Refused> {
        let value = integer(value)?;
        self.write(value.to_string().as_bytes())
    }

    fn float(&mut self, value: f64) -> Result<(), Refused> {
        let text = float::written(value).ok_or(Refused("it is NaN or infinite"))?;
        self.write(text.as_bytes())
    }

    /// The elements of the array at this place.
    fn elements(&mut self) -> Elements<'_> {
        Elements::new(self)
    }

    /// The elements of the array in a variant, which is an array of one.
    fn variant(&mut self, name: &str) -> Elements<'_> {
        self.enter(self.place, name.as_bytes());
        self.elements()
    }
}

/// An integer, if it is one to PHP.
pub(super) fn integer(value: impl TryInto<i64>) -> Result<i64, Refused> {
    value.try_into().map_err(|_| Refused("an integer above 2^63 - 1 or below -2^63 is a float to PHP"))
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Elements<'w>;
    type SerializeTuple = Elements<'w>;
    type SerializeTupleStruct = Elements<'w>;
    type SerializeTupleVariant = Elements<'w>;
    type SerializeMap = Elements<'w>;
    type SerializeStruct = Elements<'w>;
    type SerializeStructVariant = Elements<'w>;

    fn serialize_bool(self, value: bool) -> Result<(), Refused> {
        self.write(if value { b"1" } else { b"0" })
    }

    fn serialize_i8(self, value: i8) -> Result<(), Refused> {
        self.integer(value)
    }

    fn serialize_i16(self, value: i16) -> Result<(), Refused> {
        self.integer(value)
    }

    fn serialize_i32(self, value: i32) -> Result<(), Refused> {
        self.integer(value)
    }

    fn serialize_i64(self, value: i64) -> Result<(), Refused> {
        self.integer(value)
    }

    fn serialize_i128(self, value: i128) -> Result<(), Refused> {
        self.integer(value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), Refused> {
        self.integer(value)
    }

    fn serialize_u16(self, value: u16) -> Result<(), Refused> {
        self.integer(value)
    }

    fn serialize_u32(self, value: u32) -> Result<(), Refused> {
        self.integer(value)
    }

    fn serialize_u64(self, value: u64) -> Result<(), Refused> {
        self.integer(value)
    }

    fn serialize_u128(self, value: u128) -> Result<(), Refused> {
        self.integer(value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), Refused> {
        self.float(float::by_shortest_decimal(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Refused> {
        self.float(value)
    }

    fn serialize_char(self, value: char) -> Result<(), Refused> {
        self.write(value.encode_utf8(&mut [0; 4]).as_bytes())
    }

    fn serialize_str(self, value: &str) -> Result<(), Refused> {
        self.write(value.as_bytes())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Refused> {
        self.write(value)
    }

    fn serialize_none(self) -> Result<(), Refused> {
        self.write_nothing()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Refused> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Refused> {
        self.write_nothing()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Refused> {
        self.write_nothing()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Refused> {
        self.write(variant.as_bytes())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        self.elements().write(variant.as_bytes(), value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements<'w>, Refused> {
        Ok(self.elements())
    }

    fn serialize_tuple(self, _: usize) -> Result<Elements<'w>, Refused> {
        Ok(self.elements())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Elements<'w>, Refused> {
        Ok(self.elements())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Elements<'w>, Refused> {
        Ok(self.variant(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Elements<'w>, Refused> {
        Ok(self.elements())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Elements<'w>, Refused> {
        Ok(self.elements())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Elements<'w>, Refused> {
        Ok(self.variant(variant))
    }
}
