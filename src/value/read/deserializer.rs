//! An element as each kind of value that serde asks for.

use alloc::{borrow::Cow, string::String};

use serde_core::{Deserializer, de::Visitor};

use super::{
    array::{Array, Entries, Sequence, Tuple},
    element::{Element, Kind},
    unfit::Unfit,
    variant::Variant,
};

macro_rules! numbers {
    ($($method:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            let number = self.number(&visitor)?;
            visitor.$visit(number)
        }
    )*};
}

macro_rules! alike {
    (as $other:ident: $($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            self.$other(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Element<'_, 'de> {
    type Error = Unfit;

    numbers! {
        deserialize_i8 visit_i8
        deserialize_i16 visit_i16
        deserialize_i32 visit_i32
        deserialize_i64 visit_i64
        deserialize_i128 visit_i128
        deserialize_u8 visit_u8
        deserialize_u16 visit_u16
        deserialize_u32 visit_u32
        deserialize_u64 visit_u64
        deserialize_u128 visit_u128
    }

    alike! { as deserialize_str: deserialize_string deserialize_char }
    // A name that is not UTF-8 is an unknown name, which most structs ignore, and not an error.
    alike! { as deserialize_any: deserialize_identifier }
    alike! { as deserialize_bytes: deserialize_byte_buf }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.kind {
            Kind::Array(array) if array.is_list() => read_sequence(array, visitor),
            Kind::Array(array) => read_map(array, visitor),
            Kind::Text(_) | Kind::Key(_) | Kind::Missing => match self.bytes(&visitor)? {
                Cow::Borrowed(bytes) => match str::from_utf8(bytes) {
                    Ok(text) => visitor.visit_borrowed_str(text),
                    Err(_) => visitor.visit_borrowed_bytes(bytes),
                },
                Cow::Owned(bytes) => match String::from_utf8(bytes) {
                    Ok(text) => visitor.visit_string(text),
                    Err(error) => visitor.visit_byte_buf(error.into_bytes()),
                },
            },
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match *self.bytes(&visitor)? {
            [b'1'] => visitor.visit_bool(true),
            [b'0'] => visitor.visit_bool(false),
            _ => Err(Unfit::expected("`1` or `0`")),
        }
    }

    // Two keys can be the same float, so no float is read from a key.
    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match (self.kind, self.number(&visitor)?) {
            (Kind::Text(_), number) if f32::is_finite(number) => visitor.visit_f32(number),
            _ => Err(self.unfit(&visitor)),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match (self.kind, self.number(&visitor)?) {
            (Kind::Text(_), number) if f64::is_finite(number) => visitor.visit_f64(number),
            _ => Err(self.unfit(&visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let not_text = || Unfit::expected("text in UTF-8");
        match self.bytes(&visitor)? {
            Cow::Borrowed(bytes) => {
                visitor.visit_borrowed_str(str::from_utf8(bytes).map_err(|_| not_text())?)
            }
            Cow::Owned(bytes) => visitor.visit_string(String::from_utf8(bytes).map_err(|_| not_text())?),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.bytes(&visitor)? {
            Cow::Borrowed(bytes) => visitor.visit_borrowed_bytes(bytes),
            Cow::Owned(bytes) => visitor.visit_byte_buf(bytes),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.kind {
            Kind::Missing => visitor.visit_none(),
            Kind::Text(_) | Kind::Key(_) | Kind::Array(_) => visitor.visit_some(self),
        }
    }

    /// A unit writes nothing, so no element can be read as one.
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        Err(self.unfit(&visitor))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &str, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &str, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        read_sequence(self.as_array(&visitor)?, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unfit> {
        let mut tuple = Tuple::new(self.name, self.as_array(&visitor)?, length);
        let value = visitor.visit_seq(&mut tuple)?;
        tuple.end()?;
        Ok(value)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        read_map(self.as_array(&visitor)?, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &str, _: &[&str], visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &str, _: &[&str], visitor: V) -> Result<V::Value, Unfit> {
        let variant = match self.kind {
            Kind::Text(_) | Kind::Key(_) => Variant::unit(self),
            Kind::Array(mut array) => {
                let Some((key, value)) = array.next() else { return Err(self.unfit(&visitor)) };
                array.end()?;
                Variant::of(Element::key(self.name, key), value)
            }
            Kind::Missing => return Err(Unfit::missing()),
        };
        visitor.visit_enum(variant)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }
}

fn read_map<'de, V: Visitor<'de>>(array: Array<'_, 'de>, visitor: V) -> Result<V::Value, Unfit> {
    let mut entries = Entries::new(array);
    let value = visitor.visit_map(&mut entries)?;
    entries.rest.end()?;
    Ok(value)
}

fn read_sequence<'de, V: Visitor<'de>>(array: Array<'_, 'de>, visitor: V) -> Result<V::Value, Unfit> {
    let mut sequence = Sequence { rest: array };
    let value = visitor.visit_seq(&mut sequence)?;
    sequence.rest.end()?;
    Ok(value)
}
