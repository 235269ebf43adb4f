//! The search on random requests: it names no cause where there is none.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    diagnosis::{self, Diagnosis},
    scheme::Scheme,
    search::WORK,
};
use crate::{
    rules::{Own, Rules},
    settings::{Policy, Secret, Secrets},
};

/// Marsaglia's xorshift: the same numbers each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    /// A signature of nothing, in one of the forms in which they come.
    fn signature(&mut self) -> String {
        let lengths = [32, 32, 32, 20, 16, 48, 64, 28, 4, 5, 6, 8, 12, 31];
        let length = lengths[self.below(lengths.len())];
        let bytes = self.bytes(length);
        match self.below(6) {
            0 => hex::encode_upper(bytes),
            1 => BASE64_STANDARD.encode(bytes).replace('+', "%2B"),
            2 => BASE64_STANDARD.encode(hex::encode(bytes)),
            3 => format!("sha256={}", hex::encode(bytes)),
            4 => form_urlencoded::byte_serialize(&bytes).collect(),
            _ => hex::encode(bytes),
        }
    }

    /// A request with so many parameters at most.
    fn url(&mut self, most: usize) -> String {
        const NAMES: [&str; 9] =
            ["q", "id", "a[]", "a[b]", "utm_source", "message_sentiment", "sort", "from", "x.y"];
        const VALUES: [&str; 9] =
            ["red", "red+shoes", "%C3%A9", "", "1", "a%2Fb%3A", "it's", "%2B", "2100-01-01"];
        let front = self.of(&["https://crm.example/search", "http://127.0.0.1:8080/iframe", "/search", ""]);
        let mut url = format!("{front}?");
        for _ in 0..=self.below(most) {
            url += &format!("{}={}&", self.of(&NAMES), self.of(&VALUES));
        }
        let name = self.of(&["sig", "sig", "sig", "signature", "amp;sig"]);
        let signature = self.signature();
        let behind = self.of(&["", "", "", ".", "&fbclid=1", "#top"]);
        format!("{url}expires=4102444800&{name}={signature}{behind}")
    }
}

fn secrets() -> Secrets {
    let secret = |name: &str, text: &str| Secret { name: name.to_owned(), bytes: text.into() };
    Secrets { right: vec![secret("SECRET", "changeme!")], others: vec![secret("IFRAME_SECRET", "aWZyYW1l")] }
}

fn platform() -> Rules {
    Rules::Query(Own::default())
}

fn of(url: &str, rules: Rules, work: usize) -> Diagnosis {
    let policy = Policy::default();
    diagnosis::of_url(url, &Scheme::new(rules, &policy), &policy, &secrets(), 1_795_478_879, work)
}

fn assert_unexplained(url: &str, rules: Rules, work: usize) -> usize {
    let diagnosis = of(url, rules, work);
    let said: Vec<_> = diagnosis.causes.iter().map(|departure| &departure.cause).collect();
    assert!(diagnosis.found.is_none(), "{said:?} of {url}");
    diagnosis.spent.macs
}

/// Only what is near is tried, so that there can be many requests.
#[test]
fn thousands_of_random_signatures_are_explained_by_nothing() {
    const REQUESTS: usize = 500;
    const NEAR: usize = 20_000;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let macs: usize = (0..REQUESTS).map(|_| assert_unexplained(&random.url(1), platform(), NEAR)).sum();
    assert!(macs > 1_000 * REQUESTS, "{macs} MACs");
}

#[test]
fn whole_searches_for_random_signatures_find_nothing() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let origin = || "https://app.example".to_owned();
    for _ in 0..6 {
        let url = random.url(4);
        let macs = assert_unexplained(&url, platform(), WORK);
        assert!(macs < WORK, "{macs} MACs for {url}");
        assert_unexplained(
            &url.replace("sig=", "signature="),
            Rules::Laravel { origin: Some(origin()) },
            WORK,
        );
        let symfony = url.replace("sig=", "_hash=").replace("expires", "_expiration");
        assert_unexplained(&symfony, Rules::Symfony { origin: origin() }, WORK);
    }
}

/// The more was tried, the less a match with a short signature means.
#[test]
fn a_short_signature_is_explained_by_what_is_near_or_not_at_all() {
    let mac = hex::encode({
        use hmac::{Hmac, KeyInit, Mac};
        let key = Hmac::<sha2::Sha256>::new_from_slice(b"changeme!").expect("a key of any length");
        key.chain_update("q=red&expires=4102444800").finalize().into_bytes()
    });
    let url = |digits: usize| format!("?q=red&expires=4102444800&sig={}", &mac[..digits]);
    assert!(of(&url(8), platform(), WORK).found.is_some());
    assert!(of(&url(8).replace("q=red", "q=red&utm_source=x"), platform(), WORK).found.is_none());
    assert!(of(&url(16).replace("q=red", "q=red&utm_source=x"), platform(), WORK).found.is_some());
}
