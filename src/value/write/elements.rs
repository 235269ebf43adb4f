//! The elements of an array, in order.

use alloc::string::ToString;

use serde_core::{
    Serialize,
    ser::{
        SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
        SerializeTupleStruct, SerializeTupleVariant,
    },
};

use super::{Place, Writer, key::KeyOf, refused::Refused};

pub(super) struct Elements<'w> {
    writer: &'w mut Writer,
    array: Place,
    /// The index of the next element of a sequence, elements that write nothing included.
    index: usize,
}

impl<'w> Elements<'w> {
    pub(super) fn new(writer: &'w mut Writer) -> Self {
        Self { array: writer.place, writer, index: 0 }
    }

    pub(super) fn write<T: Serialize + ?Sized>(&mut self, key: &[u8], value: &T) -> Result<(), Refused> {
        self.writer.enter(self.array, key);
        self.write_here(value)
    }

    fn write_next<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        let index = self.index.to_string();
        self.index += 1;
        self.write(index.as_bytes(), value)
    }

    /// Writes the element that was entered.
    fn write_here<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        value.serialize(&mut *self.writer)?;
        self.writer.leave_to(self.array);
        Ok(())
    }
}

impl SerializeMap for Elements<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Refused> {
        self.writer.leave_to(self.array);
        key.serialize(KeyOf(self.writer))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        match self.writer.place == self.array {
            true => Err(Refused("its `Serialize` gives a value without a key")),
            false => self.write_here(value),
        }
    }

    fn end(self) -> Result<(), Refused> {
        Ok(())
    }
}

/// Those without keys of their own.
macro_rules! sequence {
    ($($of:ident::$method:ident),*) => {$(
        impl $of for Elements<'_> {
            type Ok = ();
            type Error = Refused;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
                self.write_next(value)
            }

            fn end(self) -> Result<(), Refused> {
                Ok(())
            }
        }
    )*};
}

sequence!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

macro_rules! fields {
    ($($of:ident),*) => {$(
        impl $of for Elements<'_> {
            type Ok = ();
            type Error = Refused;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Refused> {
                self.write(name.as_bytes(), value)
            }

            fn end(self) -> Result<(), Refused> {
                Ok(())
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);
