//! An enum: the name of a unit variant, or an array of one.

use serde_core::{
    Deserializer,
    de::{DeserializeSeed, EnumAccess, VariantAccess, Visitor},
};

use super::{element::Element, unfit::Unfit};

pub(super) struct Variant<'p, 'de> {
    variant: Element<'p, 'de>,
    value: Content<'p, 'de>,
}

/// What is in a variant; nothing in a unit one.
pub(super) struct Content<'p, 'de>(Option<Element<'p, 'de>>);

impl<'p, 'de> Variant<'p, 'de> {
    pub(super) fn unit(variant: Element<'p, 'de>) -> Self {
        Self { variant, value: Content(None) }
    }

    pub(super) fn of(variant: Element<'p, 'de>, value: Element<'p, 'de>) -> Self {
        Self { variant, value: Content(Some(value)) }
    }
}

impl<'p, 'de> EnumAccess<'de> for Variant<'p, 'de> {
    type Error = Unfit;
    type Variant = Content<'p, 'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<'p, 'de>), Unfit> {
        Ok((self.variant.read(seed)?, self.value))
    }
}

impl<'de> Content<'_, 'de> {
    fn read<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        self.0
            .ok_or_else(|| Unfit::expected("an array of one, from the variant to what is in it"))?
            .read(seed)
    }
}

/// Asks an element for the array of a tuple variant, or that of a struct variant.
struct Fields<V> {
    visitor: V,
    tuple: Option<usize>,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Fields<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        match self.tuple {
            Some(length) => deserializer.deserialize_tuple(length, self.visitor),
            None => deserializer.deserialize_map(self.visitor),
        }
    }
}

impl<'de> VariantAccess<'de> for Content<'_, 'de> {
    type Error = Unfit;

    fn unit_variant(self) -> Result<(), Unfit> {
        match self.0 {
            None => Ok(()),
            Some(value) => Err(Unfit::expected("the name of the variant alone").at(value.name)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        self.read(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unfit> {
        self.read(Fields { visitor, tuple: Some(length) })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.read(Fields { visitor, tuple: None })
    }
}
