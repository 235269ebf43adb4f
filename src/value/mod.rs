//! Rust's values as PHP's arrays, written and read by way of serde: the feature `serde`.

mod read;
mod sign;
mod write;

use alloc::string::String;

use serde_core::{Deserialize, Serialize};

use crate::{Error, MAX_PARAMETERS, VerifiedQuery};

/// Writes a value as PHP's `http_build_query` writes the same array, byte for byte.
///
/// The whole value is a map, a struct or a sequence; [`Some`] and newtypes count as what is in
/// them.
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
/// | an enum | the name of a unit variant; for other variants a map of one, from the name to what is in it |
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
/// let search = Search { q: "café", exact: true, after: None, tag: vec!["new", "red"] };
/// assert_eq!(build_query(&search)?, "q=caf%C3%A9&exact=1&tag%5B0%5D=new&tag%5B1%5D=red");
/// # Ok::<(), signed_query::Error>(())
/// ```
///
/// Names are written as they are, also those that PHP reads back as others, such as
/// `a.b`; what [`Key::sign_value`](crate::Key::sign_value) signs is read back.
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
    /// struct, a map, or a sequence where all names are integers. Nested ones are read as
    /// PHP's arrays.
    ///
    /// | read as | what fits |
    /// |---|---|
    /// | an integer | its decimal digits, with `-` in front if it is negative; as a key only as PHP writes it: `5` and neither `05` nor `+5`, which are other keys |
    /// | a float | such digits, and perhaps a fraction and an exponent; it is never a key |
    /// | `bool` | `1` and `0` |
    /// | text, a character | UTF-8; `&str` only where nothing is escaped |
    /// | bytes, as those of the crate `serde_bytes` | anything |
    /// | `Option` | as what is in it, or nothing at all; an empty text is `Some` |
    /// | a sequence | an array whose keys are integers, in PHP's order, which is that of the query; gaps are closed, and a single text is no sequence |
    /// | a tuple | an array with the indices from 0 on, and no others |
    /// | a map, a struct | an array |
    /// | an enum | the name of a unit variant; for other variants an array of one, from the name to what is in it |
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
    /// assert_eq!(search, Search { q: "red", exact: true, after: None, tag: vec!["new".into()] });
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// What [`Key::sign_value`](crate::Key::sign_value) signed of a struct is read back
    /// equal, but for floats of more than 14 digits, names that PHP rewrites, and what
    /// writes nothing: an empty sequence is a missing field, for which there is
    /// `#[serde(default)]`.
    ///
    /// What serde keeps aside before it knows the type (`flatten`, and enums that are
    /// tagged or untagged) is text or an array, so a number can't be read there but as
    /// text. An array whose keys count from 0 on is a sequence, and any other is a map. An
    /// error there has the path of what holds it.
    ///
    /// # Errors
    ///
    /// [`Error::UnexpectedValue`], with the parameter's path and what was expected; never
    /// with its value, so the messages of your own `Deserialize` are not kept.
    pub fn deserialize<'de, T: Deserialize<'de>>(&'de self) -> Result<T, Error> {
        read::read(self.canonical(), self.time())
    }
}
