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
    texts::{Texts, Trail},
};
use crate::settings::Secret;

/// How much the search does at most: so many MACs of short texts. It is not a time,
/// so that the result is the same on every machine.
pub const WORK: usize = 4_000_000;

/// What gives the signature.
pub struct Found {
    pub departures: Vec<Departure>,
    /// The name of the variable with the secret.
    pub secret: String,
    /// What was signed.
    pub text: Vec<u8>,
}

/// What was done so far, over all hunts, and what may be.
pub struct Spent {
    pub work: usize,
    pub macs: usize,
    /// Whether less than all combinations were made.
    pub is_cut: bool,
    most: usize,
}

impl Spent {
    pub fn of_at_most(most: usize) -> Self {
        Self { work: 0, macs: 0, is_cut: false, most }
    }

    /// Whether the search ended before its end.
    pub fn is_all(&self) -> bool {
        self.work > self.most
    }
}

/// The texts that may have been signed, what came with them, and the keys.
pub struct Hunt<'t> {
    texts: &'t Texts,
    digests: &'t [Choice<Digest>],
    secrets: &'t [Choice<Secret>],
    /// For each length of a signature, the MACs that it may be of.
    kinds: Vec<(usize, Vec<Choice<Kind>>)>,
    keys: Vec<Key>,
    /// The texts found so far, by their cost; those of the highest are not kept.
    levels: Vec<Level<'t>>,
    seen: HashSet<u64>,
    hasher: RandomState,
}

/// A secret and a MAC, by their places in lists.
struct Key {
    cost: usize,
    secret: usize,
    length: usize,
    kind: usize,
}

#[derive(Default)]
struct Level<'t> {
    texts: Vec<u8>,
    /// Where each text ends, and what it departs in.
    ends: Vec<(usize, Trail<'t>)>,
}

impl<'t> Hunt<'t> {
    pub fn new(
        texts: &'t Texts,
        digests: &'t [Choice<Digest>],
        secrets: &'t [Choice<Secret>],
        hash: &str,
        spent: &mut Spent,
    ) -> Self {
        spent.work += texts.work();
        let mut lengths: Vec<usize> = digests.iter().map(|digest| digest.value.length).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let kinds: Vec<_> = lengths.into_iter().map(|length| (length, kinds(length, hash))).collect();
        let mut keys = Vec::new();
        for (secret, chosen) in secrets.iter().enumerate() {
            for (length, (_, kinds)) in kinds.iter().enumerate() {
                let all = kinds.iter().enumerate();
                let all = all.map(|(kind, one)| Key { cost: chosen.cost + one.cost, secret, length, kind });
                keys.extend(all.filter(|key| key.cost <= MOST));
            }
        }
        keys.sort_by_key(|key| key.cost);
        let (levels, seen, hasher) = (Vec::new(), HashSet::new(), RandomState::new());
        Self { texts, digests, secrets, kinds, keys, levels, seen, hasher }
    }

    /// Tries all that is just so far from right.
    pub fn at(&mut self, cost: usize, spent: &mut Spent) -> Option<Found> {
        while self.levels.len() <= cost.min(MOST - 1) {
            self.keep_level(spent);
        }
        let mut buffer = Vec::new();
        for (text_cost, level) in self.levels.iter().enumerate().take(cost + 1) {
            for key in self.keys_at(cost - text_cost) {
                let mac = self.mac(key);
                let mut start = 0;
                for (end, trail) in &level.ends {
                    let text = &level.texts[start..*end];
                    start = *end;
                    mac(text, &mut buffer);
                    if let Some(digest) = self.matching(key, &buffer, text, spent) {
                        return Some(self.found(trail, key, digest, text));
                    }
                }
                if spent.is_all() {
                    return None;
                }
            }
        }
        if cost < MOST { None } else { self.last_level(spent) }
    }

    fn keys_at(&self, cost: usize) -> &[Key] {
        let up_to = |cost: usize| self.keys.partition_point(|key| key.cost < cost);
        &self.keys[up_to(cost)..up_to(cost + 1)]
    }

    fn mac(&self, key: &Key) -> Mac {
        self.kinds[key.length].1[key.kind].value.with(&self.secrets[key.secret].value.bytes)
    }

    /// Finds the texts of the next cost, and keeps those that are new.
    fn keep_level(&mut self, spent: &mut Spent) {
        let mut level = Level::default();
        let (seen, hasher) = (&mut self.seen, &self.hasher);
        self.texts.visit(self.levels.len(), &mut |text, trail| {
            spent.work += work_of_text(text);
            if seen.insert(hasher.hash_one(text)) {
                level.texts.extend_from_slice(text);
                level.ends.push((level.texts.len(), trail));
            }
            spent.is_cut |= level.texts.len() > LARGEST_LEVEL.max(64 * text.len());
            !spent.is_all() && level.texts.len() <= LARGEST_LEVEL.max(64 * text.len())
        });
        self.levels.push(level);
    }

    /// The farthest texts, with the keys that are right.
    fn last_level(&mut self, spent: &mut Spent) -> Option<Found> {
        // It is the last level.
        let mut seen = std::mem::take(&mut self.seen);
        let right: Vec<(&Key, Mac)> = self.keys_at(0).iter().map(|key| (key, self.mac(key))).collect();
        let mut buffer = Vec::new();
        let mut result = None;
        self.texts.visit(MOST, &mut |text, trail| {
            spent.work += work_of_text(text);
            if seen.insert(self.hasher.hash_one(text)) {
                for (key, mac) in &right {
                    mac(text, &mut buffer);
                    if let Some(digest) = self.matching(key, &buffer, text, spent) {
                        result = Some(self.found(&trail, key, digest, text));
                        return false;
                    }
                }
            }
            !spent.is_all()
        });
        result
    }

    /// The signature that a MAC gives, where what came is long enough to say so.
    fn matching(&self, key: &Key, mac: &[u8], text: &[u8], spent: &mut Spent) -> Option<&'t Choice<Digest>> {
        spent.work += 1 + text.len() / 64;
        spent.macs += 1;
        let length = self.kinds[key.length].0;
        let is_it = |digest: &&Choice<Digest>| {
            let digest = &digest.value;
            digest.length == length && digest.is_of(mac) && is_evidence(digest, spent.macs)
        };
        self.digests.iter().find(is_it)
    }

    fn found(&self, trail: &Trail<'_>, key: &Key, digest: &Choice<Digest>, text: &[u8]) -> Found {
        let secret = &self.secrets[key.secret];
        let kind = &self.kinds[key.length].1[key.kind];
        let departures =
            [&trail.concat()[..], &secret.departures, &kind.departures, &digest.departures].concat();
        Found { departures, secret: secret.value.name.clone(), text: text.to_vec() }
    }
}

/// So many bytes of texts are kept of a level.
const LARGEST_LEVEL: usize = 1 << 23;

fn work_of_text(text: &[u8]) -> usize {
    1 + text.len() / 256
}

/// Whether so many tries have next to no chance, one in a thousand million, to meet
/// what came by accident.
fn is_evidence(digest: &Digest, tries: usize) -> bool {
    4 * digest.digits() >= 31 + tries.ilog2() as usize
}
