//! Searches, over real sockets: who is found by what.

mod common;

use common::searched::Crm;

#[test]
fn people_are_found_as_people_write_them() {
    let crms = Crm::on_each_with(
        "search-people",
        &[
            ("Susan Red", "susan.red@example.com"),
            ("John Smith", "john@smithers.example"),
            ("Émile Noir", ""),
            ("Lars Åberg", "lars@aaberg.example"),
            ("Nora O'Brien", ""),
            ("Sean O’Brien", ""),
            ("Karl Weiß", ""),
            ("Οδυσσεύς Παπάς", ""),
            ("İsmail Işık", ""),
            ("Søren Łukasz Đorđević", ""),
            ("Ｆｕｌｌ Width", ""),
            ("Zoe\u{308} Decomposed", ""),
            ("Zoë Composed", ""),
            ("काम", ""),
            ("がく", ""),
            ("田中 太郎", ""),
        ],
    );
    let cases: &[(&str, &[&str])] = &[
        ("smith john", &["John Smith"]),
        ("JOHN smith", &["John Smith"]),
        ("  smi   jo ", &["John Smith"]),
        ("smithers", &["John Smith"]),
        ("john susan", &[]),
        ("emile", &["Émile Noir"]),
        ("ÉMILE", &["Émile Noir"]),
        ("noir é", &["Émile Noir"]),
        ("aberg", &["Lars Åberg"]),
        ("åberg", &["Lars Åberg"]),
        ("o'brien", &["Nora O'Brien", "Sean O’Brien"]),
        ("O’BRIEN", &["Nora O'Brien", "Sean O’Brien"]),
        ("obrien", &["Nora O'Brien", "Sean O’Brien"]),
        ("nora o'b", &["Nora O'Brien"]),
        ("weiss", &["Karl Weiß"]),
        ("WEISS", &["Karl Weiß"]),
        ("weiß", &["Karl Weiß"]),
        ("WEIẞ", &["Karl Weiß"]),
        ("ΟΔΥΣΣΕΥΣ", &["Οδυσσεύς Παπάς"]),
        ("οδυσσεύσ", &["Οδυσσεύς Παπάς"]),
        ("παπας", &["Οδυσσεύς Παπάς"]),
        ("ismail", &["İsmail Işık"]),
        ("İSMAİL", &["İsmail Işık"]),
        ("isik", &["İsmail Işık"]),
        ("soren", &["Søren Łukasz Đorđević"]),
        ("lukasz dordevic", &["Søren Łukasz Đorđević"]),
        ("SØREN", &["Søren Łukasz Đorđević"]),
        ("full width", &["Ｆｕｌｌ Width"]),
        ("zoe", &["Zoë Composed", "Zoe\u{308} Decomposed"]),
        ("zoë", &["Zoë Composed", "Zoe\u{308} Decomposed"]),
        ("काम", &["काम"]),
        ("कम", &[]),
        ("がく", &["がく"]),
        ("かく", &[]),
        ("太郎", &["田中 太郎"]),
        ("田", &["田中 太郎"]),
        // Addresses, from three characters on.
        ("susan.red@example.com", &["Susan Red"]),
        ("D@EXAMPLE", &["Susan Red"]),
        ("@sm", &["John Smith"]),
        ("aab", &["Lars Åberg"]),
        ("n@", &[]),
        ("@", &[]),
        // Parts of words.
        ("usa", &["Susan Red"]),
        ("mit", &["John Smith"]),
        ("w", &["Ｆｕｌｌ Width", "Karl Weiß"]),
    ];
    for crm in crms {
        crm.assert_finds(cases);
        for nothing in ["\u{0}\t ", " "] {
            assert_eq!(crm.found(nothing), [""; 0]);
        }
    }
}

#[test]
fn invisible_characters_and_kinds_of_apostrophes_and_dashes_do_not_matter() {
    let apostrophes = "'`\u{b4}\u{2b9}\u{2bb}\u{2bc}\u{2bd}\u{2c8}\u{55a}\u{5f3}\u{2018}\u{2019}\u{201b}\u{2032}\u{2035}\u{ff07}\u{ff40}\u{1fef}";
    let dashes = "-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}\u{fe63}\u{ff0d}";
    let invisible = "\u{ad}\u{34f}\u{61c}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{202a}\u{202c}\u{2060}\u{2066}\u{3164}\u{fe0f}\u{feff}\u{e0001}\u{e0100}";
    let spelled = |marks: &str, before: &str, after: &str| {
        marks.chars().map(|mark| format!("{before}{mark}{after}")).collect::<Vec<_>>()
    };
    let all = [
        ("OBrien", spelled(apostrophes, "O", "Brien")),
        ("Jean-Luc", spelled(dashes, "Jean", "Luc")),
        ("Smith", spelled(invisible, "Smi", "th")),
    ];
    for (plain, spellings) in all {
        let people: Vec<_> = spellings.iter().map(|name| (&**name, "")).collect();
        // Their names are one name, so they stand in the order of their ids.
        let mut ids: Vec<_> = (0..people.len()).map(|id| id.to_string()).collect();
        ids.sort();
        let expected: Vec<&str> = ids.iter().map(|id| people[id.parse::<usize>().unwrap()].0).collect();
        let texts = spellings.iter().map(String::as_str).chain([plain]);
        let mut cases: Vec<(&str, &[&str])> = texts.map(|text| (text, &*expected)).collect();
        cases.push(("jeanluc", &[]));
        for crm in Crm::on_each_with(&format!("search-{plain}"), &people) {
            crm.assert_finds(&cases);
            assert_eq!(crm.found(&format!("\u{202a}{plain}\u{202c} \u{feff}")), expected);
            assert_eq!(crm.found("\u{200b} \u{200e}"), [""; 0]);
        }
    }
    // Letters that are written as an apostrophe in ASCII are letters.
    for crm in Crm::on_each_with("search-letters", &[("Игорь", ""), ("أحمد", "")]) {
        crm.assert_finds(&[("игорь", &["Игорь"]), ("ь", &["Игорь"]), ("أ", &["أحمد"])]);
    }
}

#[test]
fn punctuation_stands_for_itself() {
    let crms = Crm::on_each_with(
        "search-punctuation",
        &[
            ("100% Cotton", ""),
            ("snake_case", ""),
            ("a*b~c", "star*@example.com"),
            ("<b>Bold</b>", ""),
            ("Plain Cotton Case abc", "plain@example.com"),
            ("He said \"NEAR\"", ""),
            ("back\\slash", ""),
            ("semi;colon--", ""),
            ("x^y{z}|[w]", ""),
            ("(AND) -NOT +OR: a,b!", ""),
            ("100 Cotton", ""),
        ],
    );
    let cases: &[(&str, &[&str])] = &[
        ("%", &["100% Cotton"]),
        ("0%", &["100% Cotton"]),
        ("100%", &["100% Cotton"]),
        ("_", &["snake_case"]),
        ("e_c", &["snake_case"]),
        ("*", &["a*b~c"]),
        ("a*b~c", &["a*b~c"]),
        ("a*", &["a*b~c"]),
        ("ar*", &["a*b~c"]),
        ("c*", &[]),
        ("b~", &["a*b~c"]),
        ("<b>", &["<b>Bold</b>"]),
        ("</b", &["<b>Bold</b>"]),
        ("\"", &["He said \"NEAR\""]),
        ("\"near\"", &["He said \"NEAR\""]),
        ("near", &["He said \"NEAR\""]),
        ("\\", &["back\\slash"]),
        ("k\\s", &["back\\slash"]),
        ("--", &["semi;colon--"]),
        (";", &["semi;colon--"]),
        ("x^y", &["x^y{z}|[w]"]),
        ("{z}|[", &["x^y{z}|[w]"]),
        ("(and)", &["(AND) -NOT +OR: a,b!"]),
        ("-not", &["(AND) -NOT +OR: a,b!"]),
        ("+or:", &["(AND) -NOT +OR: a,b!"]),
        ("a,b!", &["(AND) -NOT +OR: a,b!"]),
        ("' OR 1=1 --", &[]),
        ("?", &[]),
        ("$", &[]),
        ("#", &[]),
        ("a AND b", &["(AND) -NOT +OR: a,b!"]),
    ];
    crms.iter().for_each(|crm| crm.assert_finds(cases));
}

#[test]
fn no_query_is_too_long_or_too_odd() {
    let people = [("Anna", "anna@example.com"), (&*"long ".repeat(2000), "")];
    Crm::on_each_with("search-odd", &people).iter().for_each(finds_what_is_long_or_odd);
}

fn finds_what_is_long_or_odd(crm: &Crm) {
    crm.wait_for_index();
    assert_eq!(crm.found(&"a".repeat(9000)), [""; 0]);
    assert_eq!(crm.found(&format!("anna{}", " a".repeat(4000))), ["Anna"]);
    let many: String = ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| format!("{a}{b} "))).collect();
    assert_eq!(crm.found(&many), [""; 0]);
    assert_eq!(crm.found("\u{FDFA}\u{1F600}\u{10FFFF}"), [""; 0]);
    assert_eq!(crm.found("long")[0].chars().count(), 301);
}
