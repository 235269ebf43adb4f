//! Verifying a query by a scheme.

use super::{Scheme, encoded, encoded_prefix, reserved, signature};
use crate::{
    Error, Key, VerifiedQuery, Verifier,
    canonical::{self, Role},
    verifier::{Claim, SigningScheme, Text},
};

impl Scheme {
    /// The role of a parameter, by its encoded name.
    #[inline(always)]
    fn role(&self, name: &[u8]) -> Role {
        // Most names differ in the first byte, which takes no call to compare.
        let is = |other: &str| other.as_bytes().first() == name.first() && other.as_bytes() == name;
        if is(&self.signature) {
            return Role::Taken;
        }
        if self.time.as_ref().is_some_and(|time| is(&time.name)) {
            return Role::Noted;
        }
        // There are few such names, and they usually differ in length, so comparing with
        // each is faster than a search.
        let is_ignored = self.ignored_names.iter().any(|ignored| is(ignored))
            || self.ignored_prefixes.iter().any(|start| name.starts_with(start.as_bytes()));
        if is_ignored || !self.is_signed(name) { Role::Aside } else { Role::Main }
    }
}

impl SigningScheme for Scheme {
    type Verified<'s> = VerifiedQuery<'s>;

    #[inline]
    fn claim<'c, 's: 'c>(&'c self, sent: &'s str) -> Result<Claim<'c, VerifiedQuery<'s>>, Error> {
        let parts = canonical::split(sent, 0, |name| self.role(name))?;
        let signature = signature(&parts.taken, |text| self.writing.read_escaped(text))?;
        let period = self.time.as_ref().map(|time| time.period(&parts.noted)).transpose()?;
        let time = self.time.as_ref().map(|time| &*time.name);
        let query = VerifiedQuery::new(self.text(parts.main)?, parts.aside, time, period);
        Ok(Claim::new(Text::default(), signature, period, query))
    }
}

impl Verifier {
    /// A verifier of the platform's scheme, which accepts requests signed with this key
    /// until they expire. For another scheme there is [`Scheme::verifier`].
    #[must_use]
    pub fn new(key: Key) -> Self {
        Scheme::default().verifier(key)
    }

    /// Leaves these parameters out of the signature: those that a platform adds after
    /// signing. Only [`VerifiedQuery::unsigned`] reads them.
    ///
    /// Give the name that PHP gives the parameter, decoded and without brackets. It covers
    /// all elements of an array: `a_b` covers `a.b=1`, and `a` covers `a[b]=1`.
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use signed_query::{Key, Verifier, expires_in};
    /// # let key = Key::new("changeme!")?;
    /// let in_five_minutes = expires_in(Duration::from_secs(300));
    /// let raw = key.sign([("id", "1")], in_five_minutes)? + "&click.id=7&tag[]=new";
    /// let verifier = Verifier::new(key).ignoring(["click_id", "tag"])?;
    /// assert!(verifier.verify(&raw).is_ok());
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::UnusableName`] for a name that no parameter can have (`a.b`, `a[b]`, an empty
    /// one); [`Error::ReservedName`] or [`Error::ReservedParameter`] for the signature and
    /// the time: if anyone could change the expiry, a query would be valid for ever.
    pub fn ignoring<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Result<Self, Error> {
        for name in names {
            let name = encoded(name.as_ref())?;
            let time = self.scheme.time.as_ref().map(|time| &time.name);
            if let Some(own) =
                [Some(&self.scheme.signature), time].into_iter().flatten().find(|own| **own == name)
            {
                return Err(reserved(own));
            }
            self.scheme.ignored_names.push(name);
        }
        Ok(self)
    }

    /// Leaves out of the signature, as [`ignoring`](Self::ignoring) does, all
    /// parameters whose names start with one of these, such as `utm_` for those that
    /// campaigns add to a link. The signature and the time are never ignored.
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use signed_query::{Key, Verifier, expires_in};
    /// # let key = Key::new("changeme!")?;
    /// let in_five_minutes = expires_in(Duration::from_secs(300));
    /// let signed = key.sign([("id", "1")], in_five_minutes)?;
    /// let raw = signed + "&utm_source=mail&utm_medium=link";
    /// let verifier = Verifier::new(key).ignoring_prefixes(["utm_"])?;
    /// assert!(verifier.verify(&raw).is_ok());
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::EmptyPrefix`]; [`Error::UnusableName`] for one that no name can start with
    /// (`a.b`, `a[`).
    pub fn ignoring_prefixes<N: AsRef<str>>(
        mut self,
        starts: impl IntoIterator<Item = N>,
    ) -> Result<Self, Error> {
        for start in starts {
            self.scheme.ignored_prefixes.push(encoded_prefix(start.as_ref())?);
        }
        Ok(self)
    }

    /// Verifies the query of a URL at the time `now`, in Unix seconds: the counterpart
    /// of [`Key::sign_url`]. The URL may be a whole one, a path with a query, or a query
    /// with its `?`. What comes before the query, and the fragment after it, are not
    /// checked, since they are not signed.
    ///
    /// ```
    /// # use signed_query::{Key, Verifier};
    /// let key = Key::new("changeme!")?;
    /// let url = "https://crm.example/search?q=red#top";
    /// let signed = key.sign_url(url, 1_500_472_622)?;
    /// let query = Verifier::new(key).verify_url_at(&signed, 1_500_472_622)?;
    /// assert_eq!(query.get("q").as_deref(), Some("red"));
    /// # Ok::<(), signed_query::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`verify_at`](Self::verify_at); a URL without `?` has no signature.
    pub fn verify_url_at<'q>(&self, url: &'q str, now: u64) -> Result<VerifiedQuery<'q>, Error> {
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        self.verify_at(url.split_once('?').map_or("", |(_, query)| query), now)
    }

    /// Verifies the query of a URL against the system clock, as
    /// [`verify_url_at`](Self::verify_url_at) does.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    #[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
    pub fn verify_url<'q>(&self, url: &'q str) -> Result<VerifiedQuery<'q>, Error> {
        self.verify_url_at(url, crate::lifetime::now())
    }
}
