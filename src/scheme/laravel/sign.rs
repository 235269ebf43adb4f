//! Signing a link as Laravel does.

use alloc::{format, string::String};

use super::{EXPIRES, SIGNATURE, is_ambiguous};
use crate::{
    Error, Key, MAX_PARAMETERS,
    key::Mac,
    scheme::{
        OwnName,
        link::{Origin, Url},
        to_sign::to_sign,
    },
    writing::Writing,
};

/// Signs a URL, `https://host/path?query`, or `/path?query` for a relative link.
///
/// Laravel, or a [`Verifier`](super::Verifier), accepts it until the Unix second `expires`,
/// inclusive; without one, for ever. (Laravel also accepts a link with an `expires` of 0 for
/// ever.)
///
/// ```
/// # use signed_query::{Key, laravel};
/// let key = Key::new("base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")?;
/// let url = "https://app.example/invoice/7";
/// let link = laravel::sign(&key, url, Some(1_893_456_000))?;
/// assert!(link.starts_with(&format!("{url}?expires=1893456000&signature=")));
/// # Ok::<(), signed_query::Error>(())
/// ```
///
/// # Errors
///
/// For a link that Laravel could not verify, or would read as a different one:
/// [`Error::MalformedOrigin`], for a user and password, for example;
/// [`Error::UnsignableUrl`] for a slash or `?` at the end, a fragment, a space, a
/// character outside ASCII, a relative link to the root, and the like;
/// [`Error::ReservedName`], [`Error::DroppedName`], [`Error::TooManyParameters`] and
/// [`Error::TooDeep`]. [`Error::UnsuitableKey`] for a key of [`Key::sha512`].
pub fn sign(key: &Key, url: &str, expires: Option<u64>) -> Result<String, Error> {
    let Url { origin, path, query } = Url::read(url)?;
    let refuse = |why| Err(Error::UnsignableUrl { why });
    if url.ends_with('?') {
        return refuse("Laravel drops a `?` at the end");
    }
    if origin.is_none() && path == "/" {
        return refuse("Laravel does not verify a relative link to the root");
    }
    if path.ends_with('/') {
        return refuse("Laravel drops a slash at the end of a path");
    }
    if query.starts_with('&') {
        return refuse("Laravel 8 drops an `&` before the parameters");
    }
    if origin.is_none() && path.starts_with("//") {
        return refuse("Laravel drops all slashes but one at the start of a relative path");
    }
    if is_ambiguous(path, origin.is_some()) {
        return refuse("Laravel removes `/index.php` from a path");
    }
    to_sign(query, (&OwnName::Borrowed(SIGNATURE), Some(&OwnName::Borrowed(EXPIRES))), |_| true)?;
    // PHP's limit is on the parameters that are sent, a repeated name included.
    if query.split('&').filter(|parameter| !parameter.is_empty()).count() + 2 > MAX_PARAMETERS {
        return Err(Error::TooManyParameters);
    }
    let origin = origin.as_ref().map_or("", Origin::as_str);
    let mut link = [origin, path, if query.is_empty() { "" } else { "?" }, query].concat();
    let mut separator = if query.is_empty() { '?' } else { '&' };
    if let Some(expires) = expires {
        link += &format!("{separator}{EXPIRES}={expires}");
        separator = '&';
    }
    let mut mac = Mac::default();
    key.for_sha256()?.mac(&[link.as_bytes()], &mut mac);
    link += &format!("{separator}{SIGNATURE}=");
    Writing::Hex.write(&mac, &mut link);
    Ok(link)
}
