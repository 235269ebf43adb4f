//! What signers sign in another form than they send: names and values, each by itself and all
//! together.

use super::{
    choice::{Choice, Departure, Side, show},
    edit_forms::renamed,
    edit_list::{EDITS, Edit, SAME},
    parameters::Parameter,
    scheme::Role,
};

const ARRAYS: &str = "write arrays as PHP does, each element as `name[0]`, `name[1]`";

/// What signers do to names, and to the time.
const OF_NAMES: &[(&str, &str, Edit)] = &[
    (
        "arrays were signed raw, without their indices (`a[]` for `a[0]`)",
        ARRAYS,
        Edit::Name(|name| {
            renamed(name, |index| match index.iter().all(u8::is_ascii_digit) {
                true => b"[]".to_vec(),
                false => [b"[", index, b"]"].concat(),
            })
        }),
    ),
    (
        "arrays were signed without brackets (`a` for `a[0]`)",
        ARRAYS,
        Edit::Name(|name| renamed(name, |_| Vec::new())),
    ),
    (
        "arrays were signed with dots for brackets (`a.0` for `a[0]`)",
        ARRAYS,
        Edit::Name(|name| renamed(name, |index| [b".", index].concat())),
    ),
    (
        "arrays were signed with empty brackets (`a[]` for `a`)",
        ARRAYS,
        Edit::Name(|name| (!name.contains(&b'[')).then(|| [name, b"[]"].concat())),
    ),
    ("names were signed in lower case", SAME, Edit::Name(|name| Some(name.to_ascii_lowercase()))),
    ("the time was signed in seconds, but sent in milliseconds", SAME, Edit::Expiry(|time| time / 1000)),
    (
        "the time was signed in milliseconds, but sent in seconds",
        SAME,
        Edit::Expiry(|time| time.saturating_mul(1000)),
    ),
];

/// With fewer parameters than this, each edit is tried on each one by itself.
const FEW: usize = 16;

/// The lists that come of an edit of all parameters, and of one.
pub fn edits(list: &[Parameter]) -> impl Iterator<Item = Choice<Vec<Parameter>>> {
    let departing = |cause: &'static str| {
        move |list| Choice::departing(list, Departure::new(cause, Side::Signer, ARRAYS))
    };
    let lists = OF_NAMES.iter().chain(EDITS).flat_map(|edit| lists_of(list, edit));
    let joined = || joined(list).into_iter();
    let lists = lists.chain(
        std::iter::once_with(joined)
            .flatten()
            .map(departing("an array was signed as one value with commas (`ids=1,2,3`)")),
    );
    let split = || split(list).into_iter();
    lists.chain(
        std::iter::once_with(split)
            .flatten()
            .map(departing("a value with commas was signed as an array (`ids[]`)")),
    )
}

/// Those of one edit.
fn lists_of(
    list: &[Parameter],
    (cause, change, edit): &(&'static str, &'static str, Edit),
) -> Vec<Choice<Vec<Parameter>>> {
    let mut lists: Vec<Choice<Vec<Parameter>>> = Vec::new();
    let mut add = |list: Vec<Parameter>, cause: String| {
        lists.push(Choice::departing(list, Departure::new(cause, Side::Signer, *change)));
    };
    let all: Vec<Parameter> = list.iter().cloned().map(|one| edited(one, edit)).collect();
    let changed: Vec<usize> = (0..list.len()).filter(|place| all[*place] != list[*place]).collect();
    let is_of_values = matches!(edit, Edit::Value(_));
    for place in changed.iter().filter(|_| list.len() < FEW && changed.len() > 1 && is_of_values) {
        let mut one = list.to_vec();
        one[*place] = all[*place].clone();
        add(one, format!("`{}` was {cause}", show(&list[*place].name)));
    }
    match &changed[..] {
        [] => {}
        [one] if is_of_values => add(all, format!("`{}` was {cause}", show(&list[*one].name))),
        _ if is_of_values => add(all, format!("values were {cause}")),
        _ => add(all, (*cause).to_owned()),
    }
    lists
}

/// A parameter after an edit; a signature is left as it is.
fn edited(mut one: Parameter, edit: &Edit) -> Parameter {
    let text = str::from_utf8(&one.value).ok();
    match edit {
        _ if one.role == Role::Signature => return one,
        Edit::Name(edit) => {
            if let Some(name) = edit(&one.name).filter(|name| *name != one.name && one.role != Role::Expires)
            {
                one.name = name;
                one.write();
            }
        }
        Edit::Value(edit) => {
            let edit = |text| edit(text).filter(|value| value != text && one.role != Role::Expires);
            if let Some(value) = text.and_then(edit) {
                one.value = value.into();
                one.write();
            }
        }
        Edit::Expiry(edit) => {
            let time = text.and_then(|text| text.parse().ok()).filter(|_| one.role == Role::Expires);
            if let Some(time) = time {
                one.value = edit(time).to_string().into();
                one.write();
            }
        }
    }
    one
}

/// With the elements of each array in one value.
fn joined(list: &[Parameter]) -> Vec<Vec<Parameter>> {
    let mut joined: Vec<Parameter> = Vec::new();
    for one in list {
        match joined.last_mut() {
            Some(last) if one.name.contains(&b'[') && last.name == one.base() => {
                last.value = [&last.value, &b","[..], &one.value].concat();
                last.write();
            }
            _ => {
                let mut first = one.clone();
                first.name = one.base().to_vec();
                first.write();
                joined.push(first);
            }
        }
    }
    if joined.len() < list.len() { vec![joined] } else { Vec::new() }
}

/// With the parts of each value with commas as elements, with their indices and without.
fn split(list: &[Parameter]) -> Vec<Vec<Parameter>> {
    let has_commas = |one: &Parameter| one.role == Role::Signed && one.value.contains(&b',');
    if !list.iter().any(has_commas) {
        return Vec::new();
    }
    let index = |nth: usize, is_raw: bool| if is_raw { "[]".to_owned() } else { format!("[{nth}]") };
    [true, false]
        .map(|is_raw| {
            let elements = |one: &Parameter| -> Vec<Parameter> {
                if !has_commas(one) {
                    return vec![one.clone()];
                }
                let parts = one.value.split(|byte| *byte == b',').enumerate();
                let element = |(nth, part): (usize, &[u8])| {
                    let mut element = one.clone();
                    element.name = [&one.name, index(nth, is_raw).as_bytes()].concat();
                    element.value = part.trim_ascii().to_vec();
                    element.write();
                    element
                };
                parts.map(element).collect()
            };
            list.iter().flat_map(elements).collect()
        })
        .into()
}
