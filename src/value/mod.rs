//! Values of Rust's types as PHP's arrays, written and read with serde: the feature `serde`.

mod read;
mod sign;
mod write;

use alloc::string::String;

use serde_core::{Deserialize, Serialize};

use crate::{Error, MAX_PARAMETERS, VerifiedQuery};

/// Writes a value as PHP's `http_build_query` writes the same array, byte for byte.
///
/// The whole value is a map, a struct or a sequence; [`Some`] and newtypes are written as the
/// value inside.
///
/// | value | written |
/// |---|---|
/// | `true`, `false` | `1`, `0` |
/// | `None`, `()`, an empty sequence, map or struct | nothing |
/// | an integer | its digits; one beyond `i64` is an error, since PHP makes it a float |
/// | a float | rounded to 14 significant digits, PHP's default `precision`: `1`, `0.3`, `1.0E+25`; an `f32` by its shortest decimal; NaN and the infinities are an error |
/// | text, a character, bytes | escaped |
/// | a sequence, a tuple | `a[0]=…&a[1]=…` with the brackets escaped; the index of an element that writes nothing is left out, and the others keep theirs |
/// | a map, a struct | `a[k]=…`; a key is text, a character, an integer, a unit variant or a newtype of one of these |
/// | an enum | the name of a unit variant; for other variants a map with one entry, from the variant's name to its contents |
///
/// ```
/// # use signed_query::build_query;
/// #[derive(serde::Serialize)]
/// struct Search<'a> {
///     q: &'a str,
///     exact: bool,
///     after: Option<u64>,
///     tag: Vec<&'a str>,
/// }
///
/// let tag = vec!["new", "red"];
/// let search = Search { q: "café", exact: true, after: None, tag };
/// let expected = "q=caf%C3%A9&exact=1&tag%5B0%5D=new&tag%5B1%5D=red";
/// assert_eq!(build_query(&search)?, expected);
/// # Ok::<(), signed_query::Error>(())
/// ```
///
/// Names are written as they are, even those that PHP reads back as others, such as `a.b`.
/// [`Key::sign_value`](crate::Key::sign_value) signs only what PHP reads back.
///
/// # Errors
///
/// [`Error::UnwritableValue`] for what is an error in this table, for a whole value that is
/// neither a map, a struct nor a sequence, and for what PHP would not read: more than
/// [`MAX_PARAMETERS`] values, or more than [`MAX_DEPTH`](crate::MAX_DEPTH) levels of
/// brackets.
pub fn build_query<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    write::query(value, write::Rules { most: MAX_PARAMETERS, refuses_lost_keys: false })
}

impl VerifiedQuery<'_> {
    /// Reads the signed parameters, without the time, as a value of a type of yours: a
    /// struct, a map, or a sequence if all names are integers. Nested values are read from
    /// PHP's arrays.
    ///
    /// | read as | what fits |
    /// |---|---|
    /// | an integer | its decimal digits, with `-` in front if it is negative; a key only as PHP writes it: `5`, not `05` or `+5`, which are other keys |
    /// | a float | such digits, with or without a fraction and an exponent; never a key |
    /// | `bool` | `1` and `0` |
    /// | text, a character | UTF-8; `&str` only where nothing is escaped |
    /// | bytes, as those of the crate `serde_bytes` | anything |
    /// | `Option` | what its inner type takes, or nothing at all; an empty string is `Some` |
    /// | a sequence | an array whose keys are integers, in PHP's order, which is that of the query; gaps are closed, and a single string is not a sequence |
    /// | a tuple | an array with the indices from 0 on, and no others |
    /// | a map, a struct | an array |
    /// | an enum | the name of a unit variant; for other variants an array with one element, from the variant's name to its contents |
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// #[derive(Debug, PartialEq, serde::Deserialize)]
    /// struct Search<'a> {
    ///     q: &'a str,
    ///     exact: bool,
    ///     after: Option<u64>,
    ///     #[serde(default)]
    ///     tag: Vec<String>,
    /// }
    ///
    /// # let key = Key::new("changeme!")?;
    /// # let raw = key.sign_url("?q=red&exact=1&tag[]=new", 1_893_456_000)?.split_off(1);
    /// // of `q=red&exact=1&tag[]=new&…`
    /// let query = Verifier::new(key).verify_at(&raw, 1_893_456_000)?;
    /// let search: Search = query.deserialize()?;
    /// let tag = vec!["new".to_owned()];
    /// assert_eq!(search, Search { q: "red", exact: true, after: None, tag });
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// A struct that [`Key::sign_value`](crate::Key::sign_value) signed is read back equal,
    /// except for floats of more than 14 digits, names that PHP rewrites, and values that
    /// write nothing: an empty sequence is a missing field, for which there is
    /// `#[serde(default)]`.
    ///
    /// Where serde buffers values before it knows their type (`flatten`, and enums that are
    /// tagged or untagged), they are text or arrays, so a number can be read only as text.
    /// An array whose keys count up from 0 is a sequence, and any other is a map. The path
    /// in an error is then that of the buffered value.
    ///
    /// # Errors
    ///
    /// [`Error::UnexpectedValue`], with the parameter's path and what was expected, but
    /// never its value; so the messages of your own `Deserialize` are not kept.
    pub fn deserialize<'de, T: Deserialize<'de>>(&'de self) -> Result<T, Error> {
        read::read(self.canonical(), self.time())
    }
}
