//! Reads a query in canonical form as a value.
//!
//! This crate has its own reader, since the published ones that read PHP's arrays need `std`.
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
use crate::{Error, verified::parameters};

/// Reads the parameters of a query in canonical form, except the one of the given name, which
/// is encoded as in the query.
pub(crate) fn read<'de, T: Deserialize<'de>>(
    canonical: &'de str,
    left_out: Option<&str>,
) -> Result<T, Error> {
    let parameters: Vec<_> = parameters(canonical).filter(|(name, _)| Some(*name) != left_out).collect();
    T::deserialize(Element::whole(Array::whole(&parameters))).map_err(|unfit| unfit.at("").into())
}
