//! What the guide says is so.

use crate::common::made_plain::with_an_odd_name;
use signed_query::canonicalize;

/// The cells of the rows of a table whose first one is code.
fn rows(page: &str) -> impl Iterator<Item = Vec<&str>> {
    page.lines().filter(|line| line.starts_with("| `")).map(|line| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        cells[1..cells.len() - 1].to_vec()
    })
}

/// The text of a cell, which is code or says that there is none.
fn code(cell: &str) -> &str {
    let code = cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`'));
    code.unwrap_or_else(|| if cell == "(nothing)" { "" } else { panic!("{cell} is no code") })
}

/// Asks twice: as it is, and so that all names are made plain before they are read.
fn assert_canonical(query: &str, canonical: &str, why: &str) {
    for query in [query.to_owned(), with_an_odd_name(query).unwrap()] {
        assert_eq!(canonicalize(&query).as_deref(), Ok(canonical), "{query}: {why}");
    }
}

#[test]
fn every_row_of_the_table_of_phps_rules_is_true() {
    let mut count = 0;
    for row in rows(include_str!("../../../src/guide/php.md")) {
        let [query, canonical, rule] = row[..] else { panic!("{row:?}") };
        assert_canonical(code(query), code(canonical), rule);
        count += 1;
    }
    assert!(count > 30, "the table has {count} rows");
}

#[test]
fn rules_of_older_versions_are_not_followed() {
    let mut count = 0;
    for row in rows(include_str!("../../../src/guide/older_php.md")) {
        let [query, canonical, older, which] = row[..] else { panic!("{row:?}") };
        assert_canonical(code(query), code(canonical), which);
        assert_ne!(canonical, older, "{query}");
        count += 1;
    }
    assert_eq!(count, 4);
}
