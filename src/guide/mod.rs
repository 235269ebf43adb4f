//! Pages to read from top to bottom, after the [front page](crate):
//!
//! 1. [`php`]: how PHP reads and writes a query, with a table.
//! 2. [`lifetimes`]: choosing `leeway` and `max_lifetime`.
//! 3. [`migrating`]: from the PHP example, endpoint by endpoint.
//!
//! And ones to look into when you need them:
//!
//! - [`frameworks`]: where yours keeps the raw query; a tower layer.
//! - [`reading`]: verified parameters into a struct.
//! - [`once`]: a link that works once only.
//! - [`no_clock`], where there is no clock to ask: WebAssembly.
//! - [`older_php`]: what PHP does otherwise before 8.1.
//!
//! There is only text in here.

#[doc = include_str!("php.md")]
pub mod php {}

#[doc = include_str!("lifetimes.md")]
pub mod lifetimes {}

#[doc = include_str!("migrating.md")]
pub mod migrating {}

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
