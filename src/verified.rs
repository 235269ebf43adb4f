//! Reading a query that was verified.

use alloc::{borrow::Cow, string::String};

use crate::canonical::escape::{decode, encode};

/// A query whose signature matched and which had not expired.
///
/// Read parameters from here and never from the raw query again. A raw query may
/// name a parameter twice: `q=evil&q=red&…` has a valid signature for `q=red`,
/// which is what [`get`](Self::get) gives; code that takes the first `q` of the raw
/// text is fooled.
///
/// All of them at once, into a struct: `deserialize`, with the feature `serde`.
///
/// Names are PHP's: `a_b` where the query has `a.b`. An array's element has its flat
/// name, `a[0]` or `a[b][c]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedQuery<'q> {
    signed: Cow<'q, str>,
    unsigned: Cow<'q, str>,
    expires: u64,
}

impl<'q> VerifiedQuery<'q> {
    /// Made from what was verified, and only from that. Both parts are in canonical form.
    pub(crate) fn new(signed: Cow<'q, str>, unsigned: Cow<'q, str>, expires: u64) -> Self {
        Self { signed, unsigned, expires }
    }

    /// The value of a signed parameter, with bytes that are not UTF-8 replaced
    /// by U+FFFD. A value without escapes is borrowed and not copied.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// # let key = Key::new("changeme!")?;
    /// # let raw = key.sign_url("?tag[]=new&tag[]=red&full.name=Susan+Red", 60)?.split_off(1);
    /// // of `tag[]=new&tag[]=red&full.name=Susan+Red&…`
    /// let query = Verifier::new(key).verify_at(&raw, 0)?;
    /// assert_eq!(query.get("tag[1]").as_deref(), Some("red"));
    /// assert_eq!(query.get("full_name").as_deref(), Some("Susan Red"));
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get_bytes(name).map(to_lossy_text)
    }

    /// The value of a signed parameter, byte for byte.
    #[must_use]
    pub fn get_bytes(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        find(&self.signed, name)
    }

    /// The values of all elements of a signed array, in order and at any depth, or the
    /// one value of a parameter that is no array.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// # let key = Key::new("changeme!")?;
    /// # let raw = key.sign_url("?tag[]=new&tag[]=red&q=x", 60)?.split_off(1);
    /// // of `tag[]=new&tag[]=red&q=x&…`
    /// let query = Verifier::new(key).verify_at(&raw, 0)?;
    /// assert!(query.values("tag").eq(["new", "red"]));
    /// assert!(query.values("q").eq(["x"]));
    /// assert_eq!(query.values("absent").count(), 0);
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    pub fn values(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        // The name of an element is whole only with its last bracket.
        let is_whole = !name.contains('[') || name.ends_with(']');
        let name = encode(name.as_bytes()).into_owned();
        let values = parameters(&self.signed).filter(move |(encoded, _)| {
            let rest = encoded.as_bytes().strip_prefix(&*name);
            is_whole && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"%5B"))
        });
        values.map(|(_, value)| to_lossy_text(decode(value.as_bytes())))
    }

    /// The signed parameters and their values, `expires` included, in canonical order.
    /// Bytes that are not UTF-8 are replaced as in [`get`](Self::get).
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        form_urlencoded::parse(self.signed.as_bytes())
    }

    /// The last Unix second at which the query is good, without leeway. A number too
    /// large for 64 bits is [`u64::MAX`].
    #[must_use]
    pub fn expires(&self) -> u64 {
        self.expires
    }

    /// What was signed: the canonical form of the query without `sig` and without
    /// the ignored parameters. For a link of Laravel it is only what the signed query
    /// means, since there the query is signed as it was sent.
    ///
    /// It is still encoded, and has the expiry, which a parser will find among the
    /// parameters. `deserialize`, of the feature `serde`, leaves it out.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.signed
    }

    /// The value of a parameter that was left out of the signature, so that anyone may
    /// have written or changed it; otherwise as in [`get`](Self::get).
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// # let key = Key::new("changeme!")?;
    /// let raw = key.sign([("id", "1")], 60)? + "&message_sentiment=positive";
    /// let query = Verifier::new(key).ignoring(["message_sentiment"]).verify_at(&raw, 0)?;
    /// assert_eq!(query.unsigned("message_sentiment").as_deref(), Some("positive"));
    /// assert_eq!(query.get("message_sentiment"), None);
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    #[must_use]
    pub fn unsigned(&self, name: &str) -> Option<Cow<'_, str>> {
        find(&self.unsigned, name).map(to_lossy_text)
    }

    /// The same query, no longer borrowing from the raw one.
    #[must_use]
    pub fn into_owned(self) -> VerifiedQuery<'static> {
        VerifiedQuery {
            signed: Cow::Owned(self.signed.into_owned()),
            unsigned: Cow::Owned(self.unsigned.into_owned()),
            expires: self.expires,
        }
    }
}

/// The decoded value of a name in a query in canonical form, in which there is
/// one way to write a name, and each appears once.
fn find<'c>(canonical: &'c str, name: &str) -> Option<Cow<'c, [u8]>> {
    let name = encode(name.as_bytes());
    let mut parameters = parameters(canonical);
    parameters.find(|(encoded, _)| *encoded.as_bytes() == *name).map(|(_, value)| decode(value.as_bytes()))
}

/// The names and values of a query in canonical form, encoded.
fn parameters(canonical: &str) -> impl Iterator<Item = (&str, &str)> {
    canonical.split('&').filter_map(|parameter| parameter.split_once('='))
}

fn to_lossy_text(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}
