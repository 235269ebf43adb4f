//! The search: texts, secrets and MACs, the fewest departures first, until one gives
//! the signature that came.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

use super::{
    choice::{Choice, Departure, MOST},
    mac::{Kind, Mac, kinds},
    result::Digest,
    texts::Texts,
};
use crate::settings::Secret;

/// How much the search does at most, in MACs of short texts. It is not a time, so that the
/// result is the same on every machine.
pub const WORK: usize = 4_000_000;

/// What gives the signature.
pub struct Found {
    pub departures: Vec<Departure>,
    /// What was signed or hashed.
    pub text: Vec<u8>,
    /// Whether it was signed, rather than hashed.
    is_signed: bool,
    /// The name of the variable with the secret, unless it was hashed without one.
    secret: Option<String>,
}

impl Found {
    /// What to print above the text.
    pub fn heading(&self) -> String {
        let done = if self.is_signed { "signed" } else { "hashed" };
        match &self.secret {
            Some(secret) => format!("What was {done}, with {secret}:"),
            None => format!("What was {done}, without a secret:"),
        }
    }
}

/// What was done so far, over all hunts, and what may be.
pub struct Spent {
    pub work: usize,
    pub macs: usize,
    /// Whether less than all combinations were made.
    pub is_cut: bool,
    /// Up to this many changes together, all were tried.
    pub whole: usize,
    most: usize,
    /// How many bytes of texts are kept.
    kept: usize,
}

impl Spent {
    pub fn of_at_most(most: usize) -> Self {
        Self { work: 0, macs: 0, is_cut: false, whole: 0, most, kept: 0 }
    }

    /// Whether the search ended before its end.
    pub fn is_all(&self) -> bool {
        self.work > self.most
    }
}

/// The texts that may have been signed, what came with them, and the keys.
pub struct Hunt<'t> {
    texts: Texts<'t>,
    digests: Vec<Choice<Digest>>,
    secrets: &'t [Choice<Secret>],
    /// For each length of a signature, the MACs that it may be of.
    kinds: Vec<(usize, Vec<Choice<Kind>>)>,
    /// The texts found so far, by their cost; those of the highest are not kept.
    levels: Vec<Level>,
    seen: HashSet<u64>,
    hasher: RandomState,
}

/// A secret and a MAC.
struct Key<'k> {
    secret: &'k Choice<Secret>,
    length: usize,
    kind: &'k Choice<Kind>,
}

impl Key<'_> {
    fn mac(&self) -> Mac {
        self.kind.value.with(&self.secret.value.bytes)
    }
}

/// Texts one after the other, and where each ends.
#[derive(Default)]
struct Level {
    texts: Vec<u8>,
    ends: Vec<usize>,
}

impl<'t> Hunt<'t> {
    pub fn new(
        texts: Texts<'t>,
        digests: Vec<Choice<Digest>>,
        secrets: &'t [Choice<Secret>],
        hash: &str,
    ) -> Self {
        let mut lengths: Vec<usize> = digests.iter().map(|digest| digest.value.length).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let kinds: Vec<_> =
            lengths.into_iter().map(|length| (length, kinds(length, hash, texts.sent_as()))).collect();
        let (levels, seen, hasher) = (Vec::new(), HashSet::new(), RandomState::new());
        Self { texts, digests, secrets, kinds, levels, seen, hasher }
    }

    /// Tries all that is exactly this far from right.
    pub fn at(&mut self, cost: usize, spent: &mut Spent) -> Option<Found> {
        while self.levels.len() <= cost.min(MOST - 1) {
            self.keep_level(spent);
        }
        let mut buffer = Vec::new();
        for (text_cost, level) in self.levels.iter().enumerate().take(cost + 1) {
            for key in self.keys_at(cost - text_cost) {
                let mac = key.mac();
                let mut start = 0;
                for end in &level.ends {
                    let text = &level.texts[start..*end];
                    start = *end;
                    mac(text, &mut buffer);
                    if let Some(digest) = self.matching(&key, &buffer, text, spent) {
                        return Some(self.found(&self.trail(text_cost, text), &key, digest, text));
                    }
                }
                if spent.is_all() {
                    return None;
                }
            }
        }
        if cost < MOST { None } else { self.last_level(spent) }
    }

    fn keys_at(&self, cost: usize) -> impl Iterator<Item = Key<'_>> {
        let keys = self.secrets.iter().flat_map(move |secret| {
            self.kinds.iter().flat_map(move |(length, kinds)| {
                kinds.iter().map(move |kind| Key { secret, length: *length, kind })
            })
        });
        keys.filter(move |key| key.secret.cost + key.kind.cost == cost)
    }

    /// Finds the texts of the next cost, and keeps those that are new.
    fn keep_level(&mut self, spent: &mut Spent) {
        let mut level = Level::default();
        let (seen, hasher) = (&mut self.seen, &self.hasher);
        self.texts.visit(self.levels.len(), spent, &mut |text, _, spent| {
            spent.work += work_of_text(text);
            if seen.insert(hasher.hash_one(text)) {
                level.texts.extend_from_slice(text);
                level.ends.push(level.texts.len());
                spent.kept += text.len() + size_of::<usize>();
            }
            let is_full = spent.kept > LARGEST || level.texts.len() > LARGEST_LEVEL;
            spent.is_cut |= is_full;
            !spent.is_all() && !is_full
        });
        level.texts.shrink_to_fit();
        self.levels.push(level);
    }

    /// How a text that was found at this cost departs. It is made once more for this, which takes
    /// less than keeping it for all of them.
    fn trail(&self, cost: usize, sought: &[u8]) -> Vec<Departure> {
        let mut departures = Vec::new();
        self.texts.visit(cost, &mut Spent::of_at_most(usize::MAX), &mut |text, trail, _| {
            if text == sought {
                departures = trail.concat();
            }
            text != sought
        });
        departures
    }

    /// The farthest texts, with the keys that are right.
    fn last_level(&mut self, spent: &mut Spent) -> Option<Found> {
        // It is the last level.
        let mut seen = std::mem::take(&mut self.seen);
        let right: Vec<(Key<'_>, Mac)> = self.keys_at(0).map(|key| (Key { ..key }, key.mac())).collect();
        let mut buffer = Vec::new();
        let mut result = None;
        self.texts.visit(MOST, spent, &mut |text, trail, spent| {
            spent.work += work_of_text(text);
            if seen.insert(self.hasher.hash_one(text)) {
                for (key, mac) in &right {
                    mac(text, &mut buffer);
                    if let Some(digest) = self.matching(key, &buffer, text, spent) {
                        result = Some(self.found(&trail.concat(), key, digest, text));
                        return false;
                    }
                }
            }
            !spent.is_all()
        });
        result
    }

    /// The signature that a MAC gives, where what came is long enough to say so.
    fn matching(&self, key: &Key<'_>, mac: &[u8], text: &[u8], spent: &mut Spent) -> Option<&Choice<Digest>> {
        spent.work += 1 + text.len() / 64;
        spent.macs += 1;
        let is_it = |digest: &&Choice<Digest>| {
            let digest = &digest.value;
            digest.length == key.length && digest.is_of(mac) && is_evidence(digest, spent.macs)
        };
        self.digests.iter().find(is_it)
    }

    fn found(&self, trail: &[Departure], key: &Key<'_>, digest: &Choice<Digest>, text: &[u8]) -> Found {
        let Key { secret, kind, .. } = key;
        let departures = [trail, &secret.departures, &kind.departures, &digest.departures].concat();
        let is_signed = kind.value.is_hmac() && matches!(self.texts, Texts::Query(..));
        let secret = kind.value.has_secret().then(|| secret.value.name.clone());
        Found { departures, text: text.to_vec(), is_signed, secret }
    }
}

/// How many bytes of texts are kept of a level, and of all levels of all hunts.
const LARGEST_LEVEL: usize = 1 << 23;
const LARGEST: usize = 1 << 25;

fn work_of_text(text: &[u8]) -> usize {
    1 + text.len() / 256
}

/// Whether this many tries have next to no chance, one in a billion, of matching what came by
/// accident.
fn is_evidence(digest: &Digest, tries: usize) -> bool {
    4 * digest.digits() >= 31 + tries.ilog2() as usize
}
