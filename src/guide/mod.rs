//! Pages to read from top to bottom, after the [front page](crate):
//!
//! 1. [`php`]: how PHP reads and writes a query, with a table.
//! 2. [`lifetimes`]: choosing `leeway` and `max_lifetime`.
//! 3. [`migrating`]: from the PHP example, endpoint by endpoint.
//!
//! There is only text in here.

#[doc = include_str!("php.md")]
pub mod php {}

#[doc = include_str!("lifetimes.md")]
pub mod lifetimes {}

#[doc = include_str!("migrating.md")]
pub mod migrating {}
