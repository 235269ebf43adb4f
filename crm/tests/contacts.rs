//! Links to write to a person and to call them, of what other programs put in their place.

mod common;

use common::{folder::Folder, server::Server};
use rusqlite::Connection;

/// What each of these contacts of a person is linked to, if to anything.
fn links(column: &str, values: &[&str]) -> Vec<Option<String>> {
    let folder = Folder::new(&format!("contacts-{column}"));
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    let connection = Connection::open(&file).unwrap();
    let insert = format!("INSERT INTO people (id, name, {column}) VALUES (?1, 'Anna', ?2)");
    let link = |(nth, value): (usize, &&str)| {
        connection.execute(&insert, (nth.to_string(), value)).unwrap();
        let page = server.get(&format!("/iframe?id={nth}")).body;
        let (_, contact) = page.split_once("<dd>").unwrap_or_else(|| panic!("{value}: {page}"));
        let (contact, _) = contact.split_once("</dd>").unwrap();
        let href = contact.split_once("href=\"").map(|(_, rest)| rest.split_once('"').unwrap().0.to_owned());
        assert!(!contact.contains('<') || contact.contains("dir=\"auto\""), "{contact}");
        href
    };
    values.iter().enumerate().map(link).collect()
}

#[test]
fn a_number_is_called_however_it_is_written() {
    let numbers = [
        ("+44 20 7946 0101", Some("tel:+442079460101")),
        ("+44 (0)20 7946-0101", Some("tel:+442079460101")),
        ("+44(0) 20.7946.0101", Some("tel:+442079460101")),
        ("020 7946 0101", Some("tel:02079460101")),
        ("(020) 7946\u{A0}0101", Some("tel:02079460101")),
        ("0049\u{2013}30\u{2011}1234567", Some("tel:0049301234567")),
        (" 112 ", Some("tel:112")),
        // None, or more than one.
        ("12", None),
        ("020 7946 0101 ext. 5", None),
        ("020 7946 0101 / 0102 555", None),
        ("020 7946 0101, 020 7946 0102", None),
        ("+44 +20 7946", None),
        ("javascript:1", None),
        ("call her", None),
        ("1234567890123456789012345", None),
        ("٠٢٠٧٩٤٦", None),
    ];
    let expected = numbers.map(|(_, link)| link.map(str::to_owned));
    assert_eq!(links("phone", &numbers.map(|(number, _)| number)), expected);
}

#[test]
fn an_address_is_written_to_and_nothing_else_with_it() {
    let long = format!("{}@example.com", "a".repeat(400));
    let addresses = [
        ("anna@example.com", Some("mailto:anna@example.com")),
        ("anna+crm@example.com", Some("mailto:anna+crm@example.com")),
        ("o'brien@example.com", Some("mailto:o'brien@example.com")),
        ("émile@exämple.com", Some("mailto:%C3%A9mile@ex%C3%A4mple.com")),
        ("a/b{c}@example.com", Some("mailto:a%2Fb%7Bc%7D@example.com")),
        // None, or more.
        ("anna@example.com?cc=eve@example.com", None),
        ("anna@example.com,eve@example.com", None),
        ("anna@example.com&bcc=eve", None),
        ("anna%40example.com@example.com", None),
        ("Anna <anna@example.com>", None),
        ("\"anna\"@example.com", None),
        ("anna@", None),
        ("@example.com", None),
        ("anna", None),
        ("a@b@c", None),
        ("anna@example.com\nX", None),
        // Of which the page has only the beginning.
        (&long, None),
    ];
    let expected = addresses.map(|(_, link)| link.map(str::to_owned));
    assert_eq!(links("email", &addresses.map(|(address, _)| address)), expected);
}
