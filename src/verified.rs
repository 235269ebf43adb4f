//! Reading a query that was verified.

mod link;

pub use self::link::VerifiedLink;

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::{
    canonical::{
        canonicalize,
        escape::{decode, decoded},
    },
    lifetime::Period,
    verifier::Canonical,
};

/// A query whose signature matched and which had not expired.
///
/// Read parameters from here and never from the raw query again. A raw query may
/// name a parameter twice: `q=evil&q=red&…` has a valid signature for `q=red`,
/// which is what [`get`](Self::get) gives; code that takes the first `q` of the raw
/// text is fooled.
///
/// With the feature `serde`, `deserialize` reads all parameters into a struct.
///
/// Names are PHP's: `a_b` where the query has `a.b`. The element of an array has its flat
/// name, `a[0]` or `a[b][c]`.
///
/// Two verified queries are equal if the same text was signed, they expire at the same
/// second, and their unsigned parameters have the same canonical form.
#[derive(Clone, Debug)]
pub struct VerifiedQuery<'q> {
    /// In canonical form, as the scheme writes it.
    signed: Cow<'q, str>,
    /// As sent. It is made canonical only when a parameter in it is read.
    unsigned: Cow<'q, str>,
    /// Where the time starts in the signed text, if there is one.
    #[cfg(feature = "serde")]
    time: Option<usize>,
    expires: u64,
}

impl<'q> VerifiedQuery<'q> {
    /// Made from a scheme's claim; it leaves the crate only once the claim is verified.
    /// `time` is the encoded name of the scheme's time, and `period` its period.
    #[inline]
    pub(crate) fn new(
        signed: Cow<'q, str>,
        unsigned: Cow<'q, str>,
        #[cfg_attr(not(feature = "serde"), expect(unused, reason = "only `deserialize` leaves it out"))]
        time: Option<&str>,
        period: Option<Period>,
    ) -> Self {
        #[cfg(feature = "serde")]
        let time = time.and_then(|name| start_of(&signed, name));
        let expires = period.map_or(u64::MAX, |period| period.last);
        Self {
            signed,
            unsigned,
            #[cfg(feature = "serde")]
            time,
            expires,
        }
    }

    /// The name of the time as it stands in the signed text.
    #[cfg(feature = "serde")]
    pub(crate) fn time(&self) -> Option<&str> {
        self.signed[self.time?..].split('=').next()
    }

    /// The value of a signed parameter, with bytes that are not UTF-8 replaced
    /// by U+FFFD. A value without escapes is borrowed, not copied.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// # let key = Key::new("changeme!")?;
    /// let pairs = [("tag[]", "new"), ("tag[]", "red"), ("full.name", "Susan Red")];
    /// let raw = key.sign(pairs, 1_893_456_000)?;
    /// let query = Verifier::new(key).verify_at(&raw, 1_893_456_000)?;
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
    /// one value of a parameter that is not an array.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// # let key = Key::new("changeme!")?;
    /// let pairs = [("tag[]", "new"), ("tag[]", "red"), ("q", "x")];
    /// let raw = key.sign(pairs, 1_893_456_000)?;
    /// let query = Verifier::new(key).verify_at(&raw, 1_893_456_000)?;
    /// assert!(query.values("tag").eq(["new", "red"]));
    /// assert!(query.values("q").eq(["x"]));
    /// assert_eq!(query.values("absent").count(), 0);
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    pub fn values(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        // The name of an element is complete only with its closing bracket.
        let is_complete = !name.contains('[') || name.ends_with(']');
        let name: Vec<u8> = name.into();
        let values = parameters(&self.signed).filter(move |(encoded, _)| {
            let mut rest = decoded(encoded.as_bytes());
            is_complete
                && name.iter().all(|byte| rest.next() == Some(*byte))
                && matches!(rest.next(), None | Some(b'['))
        });
        values.map(|(_, value)| to_lossy_text(decode(value.as_bytes())))
    }

    /// The signed parameters and their values, the time included, in canonical order.
    /// Bytes that are not UTF-8 are replaced as in [`get`](Self::get).
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        form_urlencoded::parse(self.signed.as_bytes())
    }

    /// The last Unix second at which the query is valid, without leeway: its expiry, or
    /// the second at which it was issued plus the maximum age. It is [`u64::MAX`] for a
    /// number too large for 64 bits, and for a [scheme without a
    /// time](crate::Scheme#a-scheme-without-a-time).
    #[must_use]
    pub fn expires(&self) -> u64 {
        self.expires
    }

    /// The text that was signed: the canonical form of the query without the signature
    /// and without unsigned parameters, as the scheme orders and writes it. To read
    /// parameters, use [`get`](Self::get) or [`iter`](Self::iter): the text of the same
    /// parameters depends on the scheme.
    ///
    /// It contains the time, which `deserialize` (with the feature `serde`) leaves out.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.signed
    }

    /// The value of a parameter that was left out of the signature, so anyone may have
    /// written or changed it; otherwise the same as [`get`](Self::get).
    ///
    /// Each call makes all unsigned parameters canonical, so read each name only once.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// # let key = Key::new("changeme!")?;
    /// let signed = key.sign([("id", "1")], 1_893_456_000)?;
    /// let raw = signed + "&message_sentiment=positive";
    /// let verifier = Verifier::new(key).ignoring(["message_sentiment"])?;
    /// let query = verifier.verify_at(&raw, 1_893_456_000)?;
    /// assert_eq!(query.unsigned("message_sentiment").as_deref(), Some("positive"));
    /// assert_eq!(query.get("message_sentiment"), None);
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    #[must_use]
    pub fn unsigned(&self, name: &str) -> Option<Cow<'_, str>> {
        match canonicalize(&self.unsigned).ok()? {
            Cow::Borrowed(unsigned) => find(unsigned, name).map(to_lossy_text),
            Cow::Owned(unsigned) => {
                find(&unsigned, name).map(|value| Cow::Owned(to_lossy_text(value).into_owned()))
            }
        }
    }

    /// The same query, no longer borrowing from the raw one.
    #[must_use]
    pub fn into_owned(self) -> VerifiedQuery<'static> {
        VerifiedQuery {
            signed: Cow::Owned(self.signed.into_owned()),
            unsigned: Cow::Owned(self.unsigned.into_owned()),
            #[cfg(feature = "serde")]
            time: self.time,
            expires: self.expires,
        }
    }
}

impl Canonical for VerifiedQuery<'_> {
    fn canonical(&self) -> &str {
        &self.signed
    }
}

impl PartialEq for VerifiedQuery<'_> {
    fn eq(&self, other: &Self) -> bool {
        let is_same_unsigned = || canonicalize(&self.unsigned) == canonicalize(&other.unsigned);
        self.expires == other.expires && self.signed == other.signed && is_same_unsigned()
    }
}

impl Eq for VerifiedQuery<'_> {}

/// The decoded value of a parameter of a query in canonical form, where each name appears
/// once. Names are compared decoded, since not all schemes encode them in the same way.
fn find<'c>(canonical: &'c str, name: &str) -> Option<Cow<'c, [u8]>> {
    let mut parameters = parameters(canonical);
    parameters
        .find(|(encoded, _)| decoded(encoded.as_bytes()).eq(name.bytes()))
        .map(|(_, value)| decode(value.as_bytes()))
}

/// Where the parameter with an encoded name starts. The time is usually the last one.
#[cfg(feature = "serde")]
fn start_of(canonical: &str, name: &str) -> Option<usize> {
    let last = |is_it: &dyn Fn(&str) -> bool| {
        let mut end = canonical.len() + 1;
        canonical.rsplit('&').find_map(|parameter| {
            end -= parameter.len() + 1;
            is_it(parameter).then_some(end)
        })
    };
    let is_named = |parameter: &str| parameter.strip_prefix(name).is_some_and(|rest| rest.starts_with('='));
    // A scheme may write the name in another way.
    let is_same = |parameter: &str| {
        let (found, _) = parameter.split_once('=').unwrap_or_default();
        decoded(found.as_bytes()).eq(decoded(name.as_bytes()))
    };
    last(&is_named).or_else(|| last(&is_same))
}

/// The names and values of a query in canonical form, encoded.
pub(crate) fn parameters(canonical: &str) -> impl Iterator<Item = (&str, &str)> {
    canonical.split('&').filter_map(|parameter| parameter.split_once('='))
}

fn to_lossy_text(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}
