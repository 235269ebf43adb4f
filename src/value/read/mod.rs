//! Reads a query in canonical form as a value.
//!
//! This is a reader of our own, since the published ones that read PHP's arrays need `std`.
//! It is small, because in canonical form each name appears once and is spelled in one way,
//! and the elements of an array follow one another: an array is a slice of the parameters.

mod array;
mod deserializer;
mod element;
mod unfit;
mod variant;

use alloc::vec::Vec;

use serde_core::Deserialize;

use self::{array::Array, element::Element};
use crate::{Error, canonical::escape::decoded};

/// Reads the parameters of a query in canonical form but for one, which is left out. Its
/// encoded name may be escaped in another way than in the query.
pub(crate) fn read<'de, T: Deserialize<'de>>(
    canonical: &'de str,
    left_out: Option<&str>,
) -> Result<T, Error> {
    let parameters = canonical.split('&').filter_map(|parameter| parameter.split_once('='));
    let is_left_out = |name: &str| {
        left_out.is_some_and(|left_out| decoded(name.as_bytes()).eq(decoded(left_out.as_bytes())))
    };
    let parameters: Vec<_> = parameters.filter(|(name, _)| !is_left_out(name)).collect();
    T::deserialize(Element::whole(Array::whole(&parameters))).map_err(|unfit| unfit.at("").into())
}
