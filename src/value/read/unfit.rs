//! What a parameter was expected to be, and which one it is.

use alloc::{
    format,
    string::{String, ToString},
};
use core::fmt::{self, Debug, Display, Formatter};

use serde_core::de::{self, Expected, Unexpected};

use crate::{Error, canonical::escape::decode};

/// Why a parameter can't be read. serde's own messages are not kept, since they quote values.
#[derive(Debug)]
pub(super) struct Unfit {
    /// The parameter, or its array if there is a `field`. `None` until `at` sets it.
    path: Option<String>,
    /// The field of the array that is missing or given twice.
    field: Option<&'static str>,
    expected: String,
}

impl Unfit {
    pub(super) fn expected(expected: impl Into<String>) -> Self {
        Self { path: None, field: None, expected: expected.into() }
    }

    /// For a value that is missing.
    pub(super) fn missing() -> Self {
        Self::expected("a value, but it is missing")
    }

    /// Sets the parameter, by its encoded name, unless it is set already. The whole value has an
    /// empty name.
    pub(super) fn at(mut self, name: &str) -> Self {
        self.path.get_or_insert_with(|| {
            let path = String::from_utf8_lossy(&decode(name.as_bytes())).into_owned();
            match self.field {
                None => path,
                Some(field) if path.is_empty() => field.to_string(),
                Some(field) => format!("{path}[{field}]"),
            }
        });
        self
    }
}

impl From<Unfit> for Error {
    fn from(Unfit { path, expected, .. }: Unfit) -> Self {
        Self::UnexpectedValue { path: path.filter(|path| !path.is_empty()), expected }
    }
}

impl de::Error for Unfit {
    fn custom<T: Display>(_: T) -> Self {
        Self::expected("what its `Deserialize` takes")
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(expected.to_string())
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(expected.to_string())
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::expected(expected.to_string())
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::expected(one_of(expected))
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        Self::expected(format!("another name: {}", one_of(expected)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self { field: Some(field), ..Self::missing() }
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self { field: Some(field), ..Self::expected("no second value of this field") }
    }
}

fn one_of(names: &[&str]) -> String {
    match names {
        [] => "none at all".into(),
        [name] => format!("`{name}`"),
        names => format!("one of `{}`", names.join("`, `")),
    }
}

impl core::error::Error for Unfit {}

impl Display for Unfit {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.expected)
    }
}
