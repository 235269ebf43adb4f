//! The guide, with tested examples.
//!
//! To read from top to bottom, after the [front page](crate):
//!
//! 1. [`php`]: how PHP reads and writes a query, with a table.
//! 2. [`lifetimes`]: choosing `leeway` and `max_lifetime`.
//! 3. [`migrating`]: from the PHP example, endpoint by endpoint.
//!
//! To look up when you need them:
//!
//! - [`schemes`]: a scheme of your own, and those of well-known applications.
//! - [`frameworks`]: where your framework keeps the raw query, and a tower layer.
//! - [`reading`]: reading verified parameters into a struct, in handlers of axum and
//!   actix-web.
//! - [`once`]: a link that works only once.
//! - [`no_clock`]: WebAssembly, and other places without a clock.
//! - [`older_php`]: what PHP before 8.1 does differently.

#[doc = include_str!("php.md")]
pub mod php {}

#[doc = include_str!("lifetimes.md")]
pub mod lifetimes {}

#[doc = include_str!("migrating.md")]
pub mod migrating {}

#[doc = include_str!("schemes.md")]
pub mod schemes {}

#[doc = include_str!("frameworks.md")]
pub mod frameworks {}

#[doc = include_str!("reading.md")]
pub mod reading {}

#[doc = include_str!("once.md")]
pub mod once {}

#[doc = include_str!("no_clock.md")]
pub mod no_clock {}

#[doc = include_str!("older_php.md")]
pub mod older_php {}
