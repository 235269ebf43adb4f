//! What every public type can do, which is part of the API.
#![allow(clippy::needless_borrows_for_generic_args, reason = "that a thing may be lent is what is tested")]

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    error::Error as StdError,
    fmt::Debug,
    panic::UnwindSafe,
    sync::Arc,
};

use crate::common::variants::variants;
use signed_query::{
    Error, Key, Scheme, SigningScheme, UNSIGNED_BY_PLATFORM, VerifiedLink, VerifiedQuery, Verifier, Writing,
    laravel, symfony,
    webhook::{Acknowledgement, Notification, Receiver},
};

const EXPIRES: u64 = 1_500_472_622;

/// Every public type.
fn holds<T: Send + Sync + Unpin + UnwindSafe + Debug + Clone>() {}

/// What is compared: results, and never keys.
fn compares<T: PartialEq + Eq>() {}

#[test]
fn types_can_be_shared_shown_and_cloned() {
    holds::<Key>();
    holds::<Verifier>();
    holds::<Scheme>();
    holds::<Writing>();
    holds::<VerifiedQuery<'static>>();
    holds::<laravel::Verifier>();
    holds::<laravel::Links>();
    holds::<symfony::Verifier>();
    holds::<symfony::Links>();
    holds::<symfony::Alphabet>();
    holds::<VerifiedLink<'static>>();
    holds::<Error>();
    holds::<Receiver>();
    holds::<Notification<'static>>();
    holds::<Acknowledgement>();
}

#[test]
fn errors_and_results_compare() {
    compares::<Error>();
    compares::<VerifiedQuery<'static>>();
    compares::<Result<VerifiedQuery<'static>, Error>>();
    compares::<VerifiedLink<'static>>();
    compares::<symfony::Alphabet>();
    compares::<Writing>();
}

#[test]
fn an_error_is_an_error_to_others() {
    fn is_error<T: StdError + Send + Sync + 'static>() {}
    is_error::<Error>();
    let boxed: Box<dyn StdError + Send + Sync> = Error::Mismatch.into();
    assert_eq!(boxed.downcast_ref(), Some(&Error::Mismatch));
    assert!(boxed.source().is_none());
}

/// What a log or a terminal shows is read by people and matched by their filters.
#[test]
fn every_error_has_a_status_and_says_what_is_wrong() {
    let errors = [
        (400, Error::MissingSignature, "the query has no signature"),
        (400, Error::MalformedSignature, "the signature is not a single string"),
        (400, Error::MissingExpires, "the query has no expiry"),
        (400, Error::MalformedExpires, "the expiry is not a number of Unix seconds in decimal digits"),
        (400, Error::TooManyParameters, "the query has more than the 1000 parameters that PHP reads"),
        (400, Error::TooDeep, "a parameter has more than the 64 levels of brackets that PHP reads"),
        (
            400,
            Error::MissingHeader { name: "SocialSignIn-Hash" },
            "the webhook has no `SocialSignIn-Hash` header",
        ),
        (400, Error::MalformedHookId, "the webhook's hook id is not a UUID"),
        (403, Error::Mismatch, "the signature does not match what was sent"),
        (
            403,
            Error::Expired { expires: 1, now: 2 },
            "the query expired at 1, and it is now 2 (Unix seconds)",
        ),
        (
            403,
            Error::LifetimeTooLong { expires: 2, now: 1 },
            "the query expires too far ahead, at 2, and it is now 1 (Unix seconds)",
        ),
        (500, Error::EmptySecret, "the secret is empty; set the one that both sides share"),
        (500, Error::ReservedName { name: "sig" }, "the name `sig` is reserved: signing itself uses it"),
        (
            500,
            Error::DroppedName { name: "[\"\n".into() },
            r#"PHP would drop the parameter "[\"\n"; give it another name"#,
        ),
        (
            400,
            Error::MalformedTarget,
            "the request target begins with neither `/` nor `?`, or has a control character",
        ),
        (
            400,
            Error::AmbiguousTarget,
            "the framework reads the request target as a different one with the same signature",
        ),
        (
            500,
            Error::MalformedOrigin,
            "the origin must look like `https://app.example` or `http://localhost:8000`",
        ),
        (
            500,
            Error::UnusableName { name: "a.b".into() },
            "the name \"a.b\" can't be used: a name must not be empty, a number or in use already, must have no \
             brackets, and PHP must read it unchanged",
        ),
        (500, Error::UnsignableUrl { why: "it is too odd" }, "the URL can't be signed: it is too odd"),
        (
            500,
            Error::UnwritableValue { path: Some("a[\"]".into()), why: "it is too odd" },
            r#"the parameter "a[\"]" can't be written: it is too odd"#,
        ),
        (
            400,
            Error::UnexpectedValue { path: Some("a[b]".into()), expected: "u8".into() },
            r#"the parameter "a[b]" does not fit: expected u8"#,
        ),
        (
            400,
            Error::UnexpectedValue { path: None, expected: "a map".into() },
            "the whole value does not fit: expected a map",
        ),
        (
            500,
            Error::ReservedParameter { name: "hash".into() },
            r#"the name "hash" is the scheme's own, for the signature or the time; use another one"#,
        ),
        (500, Error::EmptyPrefix, "an empty prefix would match every name; give the start of the names"),
        (500, Error::NothingSigned, "no name is signed; name at least one parameter"),
        (
            500,
            Error::SecondTime,
            "the scheme already has a time parameter; call either `expires` or `issued_at`, once",
        ),
        (
            500,
            Error::TimeNotSigned { name: "ts".into() },
            "the time \"ts\" would not be signed, so anyone could change it; let `only` and `only_prefix` \
             include it",
        ),
        (
            500,
            Error::NameNotSigned { name: "q".into() },
            "the scheme does not sign the parameter \"q\"; leave it out, or let `only` and `only_prefix` include it",
        ),
        (500, Error::MissingTime, "this scheme needs a time; pass a Unix second when signing"),
        (
            500,
            Error::UnexpectedTime,
            "the scheme has no time; sign with `None`, or give it one with `expires` or `issued_at`",
        ),
        (
            400,
            Error::NumericName,
            "a sorted parameter has a number for a name, and PHP's versions differ in where they put it; give \
             it another name",
        ),
        (400, Error::MissingIssuedAt, "the query has no time of signing; the signer has to add it"),
        (
            400,
            Error::MalformedIssuedAt,
            "the time of signing is not a number of Unix seconds in decimal digits; the signer must send it \
             in that form",
        ),
        (
            403,
            Error::IssuedInFuture { issued: 2, now: 1 },
            "the query was signed in the future, at 2, and it is now 1 (Unix seconds); set the clocks, or \
             allow for a difference with `leeway`",
        ),
        (500, Error::UnsuitableKey, "links are signed with HMAC-SHA256; make the key with `Key::new`"),
    ];
    let (count, names) = variants(&errors.each_ref().map(|(_, error, _)| error.clone()));
    assert_eq!(names.len(), count, "an error has no case here: {names:?}");
    for (status, error, text) in errors {
        assert_eq!((error.status(), error.to_string().as_str()), (status, text), "{error:?}");
    }
}

/// Pairs of whatever borrows as two texts. That all of this compiles is most of the test.
#[test]
fn pairs_come_from_arrays_vectors_and_maps_owned_and_lent() {
    let key = Key::new("changeme!").unwrap();
    let array = [("a", "1"), ("b", "2")];
    let expected = key.sign(array, EXPIRES).unwrap();

    let vec = vec![("a", "1"), ("b", "2")];
    let owned = vec![("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())];
    let mixed = vec![("a".to_owned(), "1"), ("b".to_owned(), "2")];
    let cows = [(Cow::Borrowed("a"), Cow::Owned("1".to_owned())), ("b".into(), "2".into())];
    let sorted: BTreeMap<&str, String> = array.map(|(name, value)| (name, value.to_owned())).into();
    let boxed: [(Box<str>, Arc<str>); 2] = array.map(|(name, value)| (name.into(), value.into()));
    for signed in [
        key.sign(&array, EXPIRES),
        key.sign(array.iter(), EXPIRES),
        key.sign(array.iter().copied(), EXPIRES),
        key.sign(array.as_slice(), EXPIRES),
        key.sign(&vec, EXPIRES),
        key.sign(vec.iter(), EXPIRES),
        key.sign(vec, EXPIRES),
        key.sign(&owned, EXPIRES),
        key.sign(owned.iter(), EXPIRES),
        key.sign(owned.iter().map(|(name, value)| (name, value)), EXPIRES),
        key.sign(owned, EXPIRES),
        key.sign(&mixed, EXPIRES),
        key.sign(&cows, EXPIRES),
        key.sign(cows, EXPIRES),
        key.sign(&boxed, EXPIRES),
        key.sign(boxed, EXPIRES),
        key.sign(&sorted, EXPIRES),
        key.sign(sorted.iter(), EXPIRES),
        key.sign(sorted, EXPIRES),
        key.sign(form_urlencoded::parse(b"a=1&b=2"), EXPIRES),
        key.sign(Some(("a", "1")).into_iter().chain([("b", "2")]), EXPIRES),
        key.sign((1..3).map(|nth| (["a", "b"][nth - 1], nth.to_string())), EXPIRES),
    ] {
        assert_eq!(signed.as_ref(), Ok(&expected));
    }

    // A map of one, since the order of more is its own.
    let one = key.sign([("a", "1")], EXPIRES);
    let map = HashMap::from([("a", "1")]);
    let owned = HashMap::from([("a".to_owned(), "1".to_owned())]);
    for signed in [
        key.sign(&map, EXPIRES),
        key.sign(map.iter(), EXPIRES),
        key.sign(map, EXPIRES),
        key.sign(&owned, EXPIRES),
        key.sign(owned, EXPIRES),
    ] {
        assert_eq!(signed, one);
    }
    assert_eq!(key.sign([("", ""); 0], EXPIRES), key.sign(&Vec::<(String, String)>::new(), EXPIRES));
}

/// A slice, so that one more name breaks nobody.
#[test]
fn the_platforms_names_are_a_slice() {
    let names: &'static [&'static str] = UNSIGNED_BY_PLATFORM;
    let verifier = Verifier::new(Key::new("changeme!").unwrap());
    let of = || verifier.clone();
    for ignoring in [of().ignoring(names), of().ignoring(names.iter()), of().ignoring(names.to_vec())] {
        assert!(ignoring.is_ok());
    }
    assert!(of().ignoring_prefixes(["utm_"]).unwrap().ignoring_prefixes(&["utm_".to_owned()]).is_ok());
}

/// A verifier of each scheme, as a server keeps them; and of any scheme, as a layer does.
struct Application {
    queries: Verifier,
    of_a_scheme: Verifier<Scheme>,
    links: laravel::Verifier,
    other_links: symfony::Verifier,
}

fn is_valid<S: SigningScheme>(verifier: &Verifier<S>, sent: &str) -> bool {
    verifier.verify_at(sent, EXPIRES).is_ok()
}

/// The paths by which callers reach all of this, and what the compiler infers on the way.
#[test]
fn every_verifier_is_made_and_asked_in_its_usual_way() {
    let key = || Key::new("changeme!").unwrap();
    let policy = std::time::Duration::from_secs(60);
    let application = Application {
        queries: Verifier::new(key()).or_key(key()).leeway(policy).max_lifetime(policy),
        of_a_scheme: Scheme::new("hash")
            .unwrap()
            .sorted()
            .rfc3986()
            .written_as(Writing::Base64)
            .verifier(key()),
        links: laravel::Verifier::relative(key()).ignoring(["utm_source"]).unwrap().or_key(key()),
        other_links: symfony::Verifier::absolute(key(), "https://app.example").unwrap().leeway(policy),
    };
    let query = key().sign([("q", "red")], EXPIRES).unwrap();
    assert!(is_valid(&application.queries, &query));
    assert!(!is_valid(&application.of_a_scheme, &query));
    let link = laravel::sign(&key(), "/a", Some(EXPIRES)).unwrap();
    assert!(is_valid(&application.links, &link));
    let link =
        symfony::sign(&key(), "https://app.example/a", Some(EXPIRES), symfony::Alphabet::UrlSafe).unwrap();
    assert!(is_valid(&application.other_links, link.strip_prefix("https://app.example").unwrap()));

    // As function values, of the default scheme.
    type Verify = for<'q> fn(&Verifier, &'q str, u64) -> Result<VerifiedQuery<'q>, Error>;
    let verify: Verify = <Verifier>::verify_at;
    assert!(verify(&application.queries, "q=red", EXPIRES).is_err());
    let made: Vec<Verifier> = [key()].into_iter().map(Verifier::new).collect();
    let verifier = [key(), key()].into_iter().fold(made[0].clone(), Verifier::or_key);
    assert!(verifier.verify_at(&query, EXPIRES).is_ok());
    assert!(verifier.verify_url_at(&format!("/?{query}"), EXPIRES).is_ok());
}
