//! People are found by their phone numbers, on either engine, before and after they are indexed.

mod common;

use common::{
    searched::{Crm, Other},
    server::{Server, id_of},
};

const PEOPLE: &str = "
    INSERT INTO people (id, name, email, phone) VALUES
        ('1', 'Susan Red', 'susan@example.com', '+44 20 7946 0101'),
        ('2', 'John Blue', '', '020 7946 0102'),
        ('3', 'Lars Green', '', '0046 (0)8-123 456 78'),
        ('4', 'Nora Grey', 'nora.20794@example.com', '+353 1 555 0104 ext. 12'),
        ('5', 'Anna Brown', '', '(415) 555-0132'),
        ('6', 'Emil 55501', '', 'office: 030/1234567, home: +49 40 7654321'),
        ('7', 'Rosa White', '', '+39 06 698 12345'),
        ('8', 'Omar Black', '', '٠٢٠٧٩٤٦٠١٠٨'),
        ('9', 'Zoe Zero', '', '0000 00'),
        ('10', 'Ben 1234', '', '');";

/// What is looked for, as in a URL, and who is found, in the order of names.
const SEARCHES: [(&str, &[&str]); 36] = [
    ("%2B44 20 7946 0101", &["1"]),
    ("+44 20 7946 0101", &["1"]), // a space, where the plus was not escaped
    ("020 7946 0101", &["1"]),
    ("02079460101", &["1"]),
    ("2079460101", &["1"]),
    ("442079460101", &["1"]),
    ("00442079460101", &["1"]),
    ("%2B44 (0)20 7946-0101", &["1"]),
    ("%2B44.20.7946.0101", &["1"]),
    ("60101", &["1"]),
    ("79460", &["2", "8", "1"]),
    ("7946 01", &["2", "8", "1"]),
    ("0101", &[]),
    ("946", &[]),
    ("%2B44 20 7946 0102", &["2"]),
    ("442079460102", &["2"]),
    ("0044 20 7946 0102", &["2"]),
    ("020 7946 0102", &["2"]),
    ("%2B43 20 7946 0103", &[]),
    ("030 7946 0102", &[]),
    ("%2B46 8 123 456 78", &["3"]),
    ("08-123 456 78", &["3"]),
    ("%2B353 1 555 0104", &["4"]),
    ("01 555 0104", &["4"]),
    ("%2B1 415 555 0132", &["5"]),
    ("14155550132", &["5"]),
    ("030 1234567", &["6"]),
    ("%2B49 30 1234567", &["6"]),
    ("040 765 43 21", &["6"]),
    ("06 698 12345", &["7"]),
    ("%2B39 06 698 12345", &["7"]),
    ("020 7946 0108", &["8"]),
    ("%D9%A0%D9%A2%D9%A0%D9%A7%D9%A9%D9%A4%D9%A6%D9%A0%D9%A1%D9%A0%D9%A1", &["1"]),
    ("55501", &["5", "6", "4"]),      // in a name, too
    ("20794", &["2", "4", "8", "1"]), // and in an address
    ("susan 020 7946 0101", &["1"]),
];

fn check(server: &Server, when: &str) {
    for (text, expected) in SEARCHES {
        let results = server.get(&format!("/search?q={}", text.replace(' ', "%20"))).json()["results"].take();
        let found: Vec<String> = results.as_array().unwrap().iter().map(id_of).collect();
        assert_eq!(found, expected, "{text}, {when}");
    }
    for nobody in ["00000", "anna 020 7946 0101", "%2B", "1234"] {
        let results =
            server.get(&format!("/search?q={}", nobody.replace(' ', "%20"))).json()["results"].take();
        let expected = usize::from(nobody == "1234"); // by name alone
        assert_eq!(results.as_array().unwrap().len(), expected, "{nobody}, {when}");
    }
}

#[test]
fn a_number_is_found_however_it_is_written() {
    for crm in Crm::on_each("phone") {
        crm.run(PEOPLE);
        check(&crm.server, "before they are indexed");
        crm.wait_for_index();
        check(&crm.server, "indexed");
        // Who gets another number is found by that.
        crm.run("UPDATE people SET phone = '0161 496 0000' WHERE id = '1'");
        for _ in 0..2 {
            let found = |text: &str| {
                let reply = crm.server.get(&format!("/search?q={text}"));
                reply.json()["results"].as_array().unwrap().len()
            };
            assert_eq!((found("02079460101"), found("%2B441614960000")), (0, 1));
            crm.wait_for_index();
        }
        if let Other::Sqlite(..) = crm.other {
            crm.run("INSERT INTO searchable_grams (searchable_grams) VALUES ('integrity-check')");
        }
    }
}
