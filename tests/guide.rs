//! What the guide says is so.

use signed_query::canonicalize;

#[test]
fn every_row_of_the_table_of_phps_rules_is_true() {
    let page = include_str!("../src/guide/php.md");
    let code =
        |cell: &str| cell.trim().strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).map(str::to_owned);
    let mut rows = 0;
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').collect();
        let [_, query, canonical, rule, _] = cells[..] else { panic!("{line}") };
        let (query, canonical) = (code(query).unwrap(), code(canonical).unwrap());
        assert_eq!(canonicalize(&query).as_deref(), Ok(&*canonical), "{query}:{rule}");
        rows += 1;
    }
    assert!(rows > 30, "the table has {rows} rows");
}
