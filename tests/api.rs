//! What every public type can do, which is part of the API.

use std::{error::Error as StdError, fmt::Debug, panic::UnwindSafe};

use signed_query::{
    Error, Key, VerifiedQuery, Verifier,
    webhook::{Acknowledgement, Notification, Receiver},
};

/// Every public type.
fn holds<T: Send + Sync + Unpin + UnwindSafe + Debug + Clone>() {}

/// What is compared: results, and never keys.
fn compares<T: PartialEq + Eq>() {}

#[test]
fn types_can_be_shared_shown_and_cloned() {
    holds::<Key>();
    holds::<Verifier>();
    holds::<VerifiedQuery<'static>>();
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
}

#[test]
fn an_error_is_an_error_to_others() {
    fn is_error<T: StdError + Send + Sync + 'static>() {}
    is_error::<Error>();
    let boxed: Box<dyn StdError + Send + Sync> = Error::Mismatch.into();
    assert_eq!(boxed.downcast_ref(), Some(&Error::Mismatch));
    assert!(boxed.source().is_none());
}

#[test]
fn every_error_has_a_status_and_says_what_is_wrong() {
    let name = || "a".to_owned();
    let errors = [
        (400, Error::MissingSignature),
        (400, Error::MalformedSignature),
        (400, Error::MissingExpires),
        (400, Error::MalformedExpires),
        (400, Error::TooManyParameters),
        (400, Error::TooDeep),
        (400, Error::MissingHeader { name: "SocialSignIn-Hash" }),
        (400, Error::MalformedHookId),
        (403, Error::Mismatch),
        (403, Error::Expired { expires: 1, now: 2 }),
        (403, Error::LifetimeTooLong { expires: 2, now: 1 }),
        (500, Error::EmptySecret),
        (500, Error::ReservedName { name: "sig" }),
        (500, Error::DroppedName { name: name() }),
    ];
    for (status, error) in errors {
        assert_eq!(error.status(), status, "{error:?}");
        let text = error.to_string();
        assert!(text.len() > 20 && !text.ends_with('.') && !text.starts_with(char::is_uppercase), "{text}");
    }
    assert!(Error::TooManyParameters.to_string().contains("1000"));
    assert!(Error::TooDeep.to_string().contains("64"));
    assert!(Error::Expired { expires: 1, now: 2 }.to_string().contains("expired at 1, and it is 2"));
}
