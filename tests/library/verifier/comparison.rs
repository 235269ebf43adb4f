//! What is wrong in any bit of a signature is no signature, nor is what is wrong in two
//! places: a comparison in words must not let two differences cancel each other.

use crate::common::applications::{ALL, Application, NOW, key, mac, symfony};
use base64::prelude::{BASE64_STANDARD, Engine};
use signed_query::{
    Error,
    webhook::{HASH_HEADER, HOOK_ID_HEADER, Receiver, hash},
};

/// A text that is compared, and its verdict where it comes in any bytes.
struct Compared {
    what: &'static str,
    valid: Vec<u8>,
    verify: Box<Verify>,
}

type Verify = dyn Fn(&[u8]) -> Result<(), Error>;

/// Bytes in a query, each escaped.
fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02X}")).collect()
}

fn of_a_query(what: &'static str, application: Application) -> Compared {
    let text = format!("{}={}", application.name_of_expiry(), application.expiry(NOW));
    let valid = application.signature(&text).into_bytes();
    let name = application.name_of_signature();
    let query = move |sent: &[u8]| format!("{text}&{name}={}", escaped(sent));
    Compared { what, valid, verify: Box::new(move |sent| application.verify(&query(sent), NOW).map(drop)) }
}

/// The 44 characters that Symfony 7.2 and older write.
fn of_an_older_symfony() -> Compared {
    let text = format!("_expiration={}", NOW + 1);
    let valid = BASE64_STANDARD.encode(mac(&Application::Symfony.text(&text))).into_bytes();
    let target = move |sent: &[u8]| format!("/a?{text}&_hash={}", escaped(sent));
    let verify = move |sent: &[u8]| symfony().verify_at(&target(sent), NOW).map(drop);
    Compared { what: "Symfony's padded hash", valid, verify: Box::new(verify) }
}

fn of_a_webhook() -> Compared {
    let valid = hash(&key(), b"body").into_bytes();
    let verify = |sent: &[u8]| {
        let header = |name: &str| match name {
            HOOK_ID_HEADER => Some(&b"6f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55"[..]),
            HASH_HEADER => Some(sent),
            _ => None,
        };
        Receiver::new(key()).verify(b"body", header).map(drop)
    };
    Compared { what: "a webhook's hash", valid, verify: Box::new(verify) }
}

fn all() -> [Compared; 6] {
    let [platform, own, laravel, symfony] = ALL;
    [
        of_a_query("the platform's signature", platform),
        of_a_query("a scheme's signature", own),
        of_a_query("Laravel's signature", laravel),
        of_a_query("Symfony's hash", symfony),
        of_an_older_symfony(),
        of_a_webhook(),
    ]
}

impl Compared {
    fn assert_refused(&self, sent: &[u8]) {
        assert_eq!((self.verify)(sent), Err(Error::Mismatch), "{}: {}", self.what, sent.escape_ascii());
    }
}

#[test]
fn the_signatures_that_are_changed_here_are_valid_unchanged() {
    for compared in all() {
        assert_eq!((compared.verify)(&compared.valid), Ok(()), "{}", compared.what);
    }
}

#[test]
fn each_bit_of_a_signature_counts() {
    for compared in all() {
        for bit in 0..8 * compared.valid.len() {
            let mut sent = compared.valid.clone();
            sent[bit / 8] ^= 1 << (bit % 8);
            compared.assert_refused(&sent);
        }
    }
}

/// Two differences that cancel each other as a sum (the top bits of words), as
/// exclusive-or (one bit of two words), or as a sum of what is more and what is less.
#[test]
fn two_differences_do_not_cancel_each_other() {
    for compared in all() {
        let valid = &compared.valid;
        for (one, other) in
            (0..valid.len()).flat_map(|one| (one + 1..valid.len()).map(move |other| (one, other)))
        {
            let with = |changed: [u8; 2]| {
                let mut sent = valid.clone();
                [sent[one], sent[other]] = changed;
                sent
            };
            let (a, b) = (valid[one], valid[other]);
            for flipped in [0x01, 0x80, 0xFF] {
                compared.assert_refused(&with([a ^ flipped, b ^ flipped]));
            }
            compared.assert_refused(&with([a.wrapping_add(1), b.wrapping_sub(1)]));
            compared.assert_refused(&with([a.wrapping_sub(1), b.wrapping_add(1)]));
            if a != b {
                compared.assert_refused(&with([b, a]));
            }
        }
    }
}

/// Many differences whose sum is none: the words of a signature in another order, and
/// the top bits of all words.
#[test]
fn many_differences_do_not_cancel_each_other() {
    for compared in all() {
        for width in [2, 4, 8, 16, 32] {
            let words: Vec<_> = compared.valid.chunks(width).collect();
            for turn in 1..words.len() {
                let mut turned = words.clone();
                turned.rotate_left(turn);
                compared.assert_refused(&turned.concat());
            }
            for place in 0..width {
                let mut sent = compared.valid.clone();
                sent.iter_mut().skip(place).step_by(width).for_each(|byte| *byte ^= 0x80);
                compared.assert_refused(&sent);
            }
        }
        let mut reversed = compared.valid.clone();
        reversed.reverse();
        compared.assert_refused(&reversed);
        compared.assert_refused(&compared.valid.to_ascii_uppercase());
        compared.assert_refused(&vec![0; compared.valid.len()]);
    }
}

/// Every other byte at either end, and every one more: of 44 characters in base64 the
/// last one is an `=`, and no other says the same.
#[test]
fn a_signature_has_no_other_end() {
    for compared in all() {
        let (valid, last) = (&compared.valid, compared.valid.len() - 1);
        for byte in 0..=255 {
            for place in [0, last - 1, last].into_iter().filter(|place| valid[*place] != byte) {
                let mut sent = valid.clone();
                sent[place] = byte;
                compared.assert_refused(&sent);
            }
            compared.assert_refused(&[valid, &[byte][..]].concat());
            compared.assert_refused(&[&[byte], &valid[..]].concat());
        }
        for length in 0..valid.len() {
            compared.assert_refused(&valid[..length]);
            compared.assert_refused(&valid[valid.len() - length..]);
        }
        compared.assert_refused(&[&valid[..], valid].concat());
        // A MAC of twice the length whose second half is nothing but zeros.
        for zero in [b"0", b"A"] {
            compared.assert_refused(&[&valid[..], &zero.repeat(valid.len())].concat());
        }
    }
}
