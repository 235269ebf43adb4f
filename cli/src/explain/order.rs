//! In which order the parameters were signed.

use std::cmp::Ordering;

use super::{
    choice::{Choice, Departure, RARE, Side, list},
    parameters::{Parameter, base},
    scheme::Role,
    signed::Places,
};

/// In which order parameters are to be signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order<'n> {
    AsSent,
    /// By the bytes of the outermost name, elements of an array in their order.
    ByName,
    /// In the order of these outermost names.
    Listed(&'n [String]),
}

type Compare = fn(&Parameter, &Parameter) -> Ordering;

/// The orders that signers sort into.
const SORTS: &[(&str, Compare)] = &[
    ("the parameters were sorted by name before signing", |a, b| a.base().cmp(b.base())),
    ("the parameters were sorted by name and value before signing", |a, b| {
        (&a.name, &a.value).cmp(&(&b.name, &b.value))
    }),
    ("the parameters were sorted as text (`name=value`) before signing", |a, b| a.raw.cmp(&b.raw)),
    ("the parameters were sorted by name, ignoring case, before signing", |a, b| {
        a.name.to_ascii_lowercase().cmp(&b.name.to_ascii_lowercase())
    }),
    ("the parameters were sorted by name in reverse before signing", |a, b| b.base().cmp(a.base())),
];

/// Orders that few sort into.
const ODD_SORTS: &[(&str, Compare)] = &[
    ("the parameters were sorted by value before signing", |a, b| a.value.cmp(&b.value)),
    ("the parameters were sorted by value in reverse before signing", |a, b| b.value.cmp(&a.value)),
    ("the parameters were sorted by the length of the name before signing", |a, b| {
        a.name.len().cmp(&b.name.len())
    }),
];

/// What is kept at an end, however the others are sorted.
const EXPIRY: &[(&str, Compare)] = &[
    ("the time was signed last, but not sent last", |a, b| is_expiry(a).cmp(&is_expiry(b))),
    ("the time was signed first, but not sent first", |a, b| is_expiry(b).cmp(&is_expiry(a))),
];

fn is_expiry(one: &Parameter) -> bool {
    one.role == Role::Expires
}

const CHANGE: &str = "sign the parameters in the order in which they are sent";
const CHANGE_TO_SORTED: &str = "sort the parameters by name before signing";
const CHANGE_TO_LISTED: &str = "sign the parameters in the order in which the scheme names them";

/// Up to this many parameters, every order is tried; up to `FEW`, as a rare one.
const FEWEST: usize = 4;
const FEW: usize = 6;
/// Up to this many, every order in which one parameter was moved or two were swapped.
const SOME: usize = 12;

/// All orders that the chosen parameters may have been signed in, at most this far from right.
pub fn orders(
    chosen: &Places,
    parameters: &[Parameter],
    right: Order<'_>,
    most: usize,
) -> Vec<Choice<Places>> {
    let of = |place: &u16| &parameters[usize::from(*place)];
    let sorted = |places: &Places, compare: Compare| {
        let mut places = places.clone();
        places.sort_by(|a, b| compare(of(a), of(b)));
        places
    };
    let change = match right {
        Order::AsSent => CHANGE,
        Order::ByName => CHANGE_TO_SORTED,
        Order::Listed(_) => CHANGE_TO_LISTED,
    };
    let departing =
        |places, cause: &'static str| Choice::departing(places, Departure::new(cause, Side::Signer, change));
    let mut found = match right {
        Order::AsSent => vec![Choice::right(chosen.clone())],
        Order::ByName => vec![
            Choice::right(sorted(chosen, SORTS[0].1)),
            departing(
                chosen.clone(),
                "the parameters were signed in the order in which they were sent, not sorted",
            ),
        ],
        Order::Listed(names) => {
            let place = |one: &Parameter| names.iter().position(|name| name.as_bytes() == one.base());
            let mut listed = chosen.clone();
            listed.sort_by_key(|one| place(of(one)).unwrap_or(names.len()));
            let cause =
                "the parameters were signed in the order in which they were sent, not in the scheme's";
            vec![Choice::right(listed), departing(chosen.clone(), cause)]
        }
    };
    if most == 0 {
        found.truncate(1);
        return found;
    }
    for (cause, compare) in EXPIRY {
        found.push(departing(sorted(chosen, *compare), cause));
    }
    for (cause, compare) in SORTS {
        found.push(departing(sorted(chosen, *compare), cause));
    }
    let backwards: Places = chosen.iter().rev().copied().collect();
    found.push(departing(backwards, "the parameters were signed in reverse order"));
    for (cause, compare) in ODD_SORTS {
        found.push(departing(sorted(chosen, *compare), cause));
    }
    for (cause, compare) in SORTS {
        for (end, keep) in EXPIRY {
            let both = Departure::new(format!("{cause}, and {end}"), Side::Signer, change);
            found.push(Choice::departing(sorted(&sorted(chosen, *compare), *keep), both));
        }
    }
    let moved = |places: Places| {
        let mut names: Vec<&[u8]> = places.iter().map(|place| base(&of(place).name)).collect();
        names.dedup();
        let cause = format!(
            "the parameters were reordered in transit; they were signed in the order {}",
            list(&names)
        );
        let change = "keep the parameters in the order in which they were signed";
        Choice::departing(places, Departure::new(cause, Side::Way, change))
    };
    let cost = if chosen.len() <= FEWEST { 1 } else { RARE };
    if most < cost {
        return found;
    }
    if (3..=SOME).contains(&chosen.len()) {
        for from in 0..chosen.len() {
            for to in 0..chosen.len() {
                let mut places = chosen.clone();
                let one = places.remove(from);
                places.insert(to, one);
                found.push(moved(places).costing(cost));
                let mut places = chosen.clone();
                places.swap(from, to);
                found.push(moved(places).costing(cost));
            }
        }
    }
    if (2..=FEW).contains(&chosen.len()) {
        permute(&mut chosen.clone(), 0, &mut |places| found.push(moved(places.clone()).costing(cost)));
    }
    found
}

fn permute(places: &mut Places, from: usize, visit: &mut impl FnMut(&Places)) {
    if from + 1 >= places.len() {
        return visit(places);
    }
    for other in from..places.len() {
        places.swap(from, other);
        permute(places, from + 1, visit);
        places.swap(from, other);
    }
}
