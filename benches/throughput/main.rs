//! How fast requests are verified and signed, beside the MAC alone and beside
//! other ways to do it: `cargo bench`, or some of it: `cargo bench -- iframe`.
//!
//! It takes less than two minutes, and ends with tables of what was measured.

extern crate alloc;

// The library's own, so that what is made to collide does.
#[path = "../../src/canonical/colliding.rs"]
mod colliding;
#[path = "../../src/canonical/hash.rs"]
mod hash;
#[path = "../machine.rs"]
mod machine;
mod measured;
mod peers;
mod requests;
mod shapes;
mod tables;

use std::time::Duration;

use criterion::Criterion;
use hmac::Hmac;
use sha2::Sha256;
use signed_query::Key;

use self::measured::Measured;

const SECRET: &str = "changeme!";
const NOW: u64 = 1_500_472_622;

fn key() -> Key {
    Key::new(SECRET).unwrap()
}

fn bare_key() -> Hmac<Sha256> {
    peers::bare_key(SECRET.as_bytes())
}

/// What is signed of a query or link that ends in `&sig=…`, or another such name.
fn signed_part<'q>(sent: &'q str, signature: &str) -> &'q str {
    sent.split_once(&format!("&{signature}=")).unwrap().0
}

fn parameters(count: usize, parameter: impl FnMut(usize) -> String) -> String {
    (0..count).map(parameter).collect::<Vec<_>>().join("&")
}

fn main() {
    let results = measured::folder();
    measured::forget(&results);
    let mut criterion = Criterion::default()
        .output_directory(&results)
        .without_plots()
        .warm_up_time(Duration::from_millis(150))
        .measurement_time(Duration::from_millis(600))
        .sample_size(20)
        .nresamples(5_000)
        .configure_from_args();
    let missing = requests::measure(&mut criterion);
    shapes::measure(&mut criterion);
    tables::print(&Measured::read(&results), &missing);
}
