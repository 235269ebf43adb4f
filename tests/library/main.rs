//! The library's tests, in one program: one alone is run by its path, as in
//! `cargo test -p signed-query --test library against_php::queries`.
//!
//! Tests that need a program of their own stand beside this folder.

mod common;

/// What every public type can do, and what is secret in it.
mod api;
mod features;
mod secrets;
mod webhook;

/// The canonical form of a query.
mod canonical {
    mod guide;
    mod large;
    mod model;
    mod properties;
    mod repeated;
    mod vectors;
}

/// What is decided of a request, and what is read from it.
mod verifier {
    #[cfg(feature = "std")]
    mod clock;
    mod comparison;
    mod ignored;
    mod key;
    mod lifetime;
    mod limits;
    mod lookalikes;
    mod platform;
    mod twice;
    mod url;
    mod verified;
}

/// Schemes of one's own.
mod schemes {
    mod made;
    mod properties;
    mod reading;
    mod signed;
    mod times;
    mod vectors;
    mod writings;
}

/// Links of Laravel and Symfony.
mod links {
    mod laravel;
    mod properties;
    mod recorded;
    mod symfony;
    mod symfony_order;
    mod targets;
}

/// Values, by way of serde.
#[cfg(feature = "serde")]
mod values {
    mod keys;
    mod read;
    mod round_trip;
    mod signed;
    mod unfit;
    mod vectors;
    mod written;
}

/// Beside live PHP and its frameworks.
mod against_php {
    mod frameworks;
    mod queries;
    mod schemes;
    #[cfg(feature = "serde")]
    mod values;
    mod versions;
}
