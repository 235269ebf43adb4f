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

impl<'p, 'de> Content<'p, 'de> {
    fn element(self) -> Result<Element<'p, 'de>, Unfit> {
        self.0.ok_or_else(|| {
            Unfit::expected("an array with one element, from the variant's name to its contents")
        })
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
        self.element()?.read(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unfit> {
        let element = self.element()?;
        element.deserialize_tuple(length, visitor).map_err(|unfit| unfit.at(element.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        let element = self.element()?;
        element.deserialize_map(visitor).map_err(|unfit| unfit.at(element.name))
    }
}
