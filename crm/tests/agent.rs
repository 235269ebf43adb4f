//! What an agent sees and does in a small panel of another site, in a real browser.

mod common;

use common::{browser::Browser, folder::Folder, server::Server, site::Site};
use rusqlite::Connection;
use serde_json::json;

/// A panel as small as they come.
const SMALL: [u32; 2] = [340, 480];

/// The same server as another site than that which frames it, to which browsers allow less.
fn elsewhere(url: &str) -> String {
    url.replace("127.0.0.1", "localhost")
}

/// Whether an element is wholly in the frame's view, and whether it has the focus.
fn seen_and_focused(browser: &Browser, selector: &str) -> (bool, bool) {
    let script = format!(
        "const element = document.querySelector({selector:?});
         const {{ top, bottom }} = element.getBoundingClientRect();
         return [top >= 0 && bottom <= innerHeight, document.activeElement === element];"
    );
    let answer = browser.run(&script);
    (answer[0].as_bool().unwrap(), answer[1].as_bool().unwrap())
}

fn wait_for_text(browser: &Browser, selector: &str, part: &str) {
    browser.wait_for(part, || browser.try_text(selector).filter(|text| text.contains(part)));
}

#[test]
fn a_note_that_was_added_is_said_to_be_and_is_in_view() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    let server = Server::with(&[("FRAME_ANCESTORS", &site.origin)]);
    browser.resize(1300, 900);
    browser.open(&site.framing_in_size(SMALL, &elsewhere(&server.signed_url("/iframe?id=1"))));
    browser.enter_frame();
    browser.screenshot("panel-opened");
    assert!(!browser.text("main").contains("Note added"));
    browser.find("textarea").type_in("Wants two of them");
    browser.find("button").click();
    wait_for_text(&browser, "[role=status]", "Note added");
    browser.screenshot("note-added");
    let of_note = "article:has([role=status])";
    assert!(browser.text(of_note).contains("Wants two of them"));
    assert_eq!(seen_and_focused(&browser, of_note), (true, true));

    // Another, and what was said of the first is said of it.
    browser.find("textarea").type_in("And a third");
    browser.find("button").click();
    wait_for_text(&browser, of_note, "And a third");
    assert_eq!(browser.run("return document.querySelectorAll('[role=status]').length"), 1);
}

#[test]
fn a_note_that_was_refused_is_in_view_and_has_the_focus() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    let server = Server::with(&[("FRAME_ANCESTORS", &site.origin)]);
    browser.resize(1300, 900);
    let url = site.framing_in_size(SMALL, &elsewhere(&server.signed_url("/iframe?id=1")));
    browser.open(&url);
    browser.enter_frame();
    browser.find("textarea").type_in("   ");
    browser.find("button").click();
    wait_for_text(&browser, "[role=alert]", "empty");
    browser.screenshot("panel-empty-note");
    assert_eq!(seen_and_focused(&browser, "textarea"), (true, true));
    assert!(seen_and_focused(&browser, "[role=alert]").0);
    // One types on where the focus is.
    browser.find("textarea").type_in("something");
    browser.find("button").click();
    wait_for_text(&browser, "article", "something");

    // A link that is no longer valid.
    browser.open(&url);
    browser.enter_frame();
    browser.find("textarea").type_in("An hour of work");
    browser.run(
        "const form = document.querySelector('form'); form.action = form.action.replace('sig=', 'sig=0')",
    );
    browser.find("button").click();
    wait_for_text(&browser, "h1", "not added");
    browser.screenshot("panel-refused-note");
    assert_eq!(seen_and_focused(&browser, "textarea"), (true, true));
    assert_eq!(browser.run("return document.querySelector('textarea').value"), "An hour of work");
}

/// A site that says nothing of its colours is light, and browsers do not tell its panel so.
/// Between a light site and a dark system, and the other way round, the panel is the same.
#[test]
fn the_panel_is_light_whatever_frames_it() {
    let Some(browser) = Browser::start() else { return };
    browser.resize(1300, 900);
    let sites = ["", "light", "dark", "light dark"];
    for (schemes, prefers) in sites.into_iter().flat_map(|site| [(site, "light"), (site, "dark")]) {
        let site = Site::in_colours(schemes);
        let server = Server::with(&[("FRAME_ANCESTORS", &site.origin)]);
        browser.prefer_colours(prefers);
        browser.open(&site.framing_in_size(SMALL, &elsewhere(&server.signed_url("/iframe?id=1"))));
        browser.enter_frame();
        browser.text("h1");
        browser.screenshot(&format!("host-{}-prefers-{prefers}", schemes.replace(' ', "-")));
        let colours =
            "const style = getComputedStyle(document.body); return [style.color, style.backgroundColor]";
        assert_eq!(
            browser.run(colours),
            json!(["rgb(0, 0, 0)", "rgb(255, 255, 255)"]),
            "{schemes}, {prefers}"
        );
    }
}

/// Gives what is not as it should be in the tables, folded rows among them.
const COLUMNS: &str = r#"
    document.querySelectorAll('details').forEach((details) => details.open = true);
    const bad = [];
    const side = (element, side) => Math.round(element.getBoundingClientRect()[side]);
    for (const section of document.querySelectorAll('section:has(table)')) {
        const sides = (selector, side_) => new Set([...section.querySelectorAll(selector)]
            .filter((element) => element.getBoundingClientRect().height > 0).map((element) => side(element, side_)));
        for (const [selector, which] of [['meter', 'left'], ['meter', 'right'], ['time', 'left'], ['.amount', 'left'], ['.amount', 'right']]) {
            const found = sides(selector, which);
            if (found.size > 1) bad.push(`${selector} ${which}: ${[...found]}`);
        }
        for (const meter of section.querySelectorAll('meter')) {
            const gap = side(meter.closest('tr').querySelector('.amount'), 'left') - side(meter, 'right');
            if (gap > 16 || gap < 0) bad.push(`${gap} pixels between a bar and amounts`);
        }
    }
    if (new Set([...document.querySelectorAll('meter')].map((meter) => meter.max)).size > 1) bad.push('scales');
    return { bad, meters: document.querySelectorAll('meter').length, times: document.querySelectorAll('td time').length };
"#;

const MANY_ROWS: &str = "
    INSERT INTO people (id, name, email, phone, handle) VALUES
        ('1', 'Anna Blue', 'anna+crm@example.com', '+44 (0)20 7946-0101', '@anna'),
        ('2', 'مريم أحمد', 'not an address', 'ask for her', 'مريم');
    INSERT INTO orders (person, ordered_at, title, cents) VALUES
        ('1', 1779357600, 'Umbrella', 3450), ('1', 1776765600, 'A raincoat with a title that takes two lines', 12900),
        ('1', 1766397600, 'Gift card', 50), ('1', 1766390000, 'Everything', 123456789), ('1', 1766380000, 'Pin', 5);
    WITH RECURSIVE n (n) AS (SELECT 2015 UNION ALL SELECT n + 1 FROM n WHERE n < 2026)
        INSERT INTO sales SELECT '1', n, 100 * (n - 2010) * (n - 2010) * (n - 2010) * (n - 2010) FROM n;
    INSERT INTO notes (person, written_at, text) VALUES ('1', 1779357600, 'A note');
";

#[test]
fn rows_are_in_the_same_columns_and_on_the_same_scale_folded_or_not() {
    let Some(browser) = Browser::start() else { return };
    let (site, folder) = (Site::start(), Folder::new("agent-rows"));
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("FRAME_ANCESTORS", &site.origin)]);
    Connection::open(&file).unwrap().execute_batch(MANY_ROWS).unwrap();
    browser.resize(1300, 1300);
    for width in [300, 340, 420, 1200] {
        browser.open(&site.framing_in_size([width, 1100], &server.signed_url("/iframe?id=1")));
        browser.enter_frame();
        browser.text("h1");
        assert_eq!(browser.run(COLUMNS), json!({ "bad": [], "meters": 12, "times": 5 }), "{width} pixels");
        browser.screenshot(&format!("rows-{width}"));
    }
}

#[test]
fn contacts_can_be_used_and_stand_beside_their_labels() {
    let Some(browser) = Browser::start() else { return };
    let folder = Folder::new("agent-contacts");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    Connection::open(&file).unwrap().execute_batch(MANY_ROWS).unwrap();
    browser.resize(420, 700);
    browser.open(&server.signed_url("/iframe?id=1"));
    let links =
        browser.run("return [...document.querySelectorAll('dd a')].map((a) => [a.textContent, a.href])");
    assert_eq!(
        links,
        json!([
            ["anna+crm@example.com", "mailto:anna+crm@example.com"],
            ["+44 (0)20 7946-0101", "tel:+442079460101"]
        ])
    );
    browser.open(&server.signed_url("/iframe?id=2"));
    browser.screenshot("right-to-left");
    assert_eq!(browser.run("return document.querySelectorAll('dd a').length"), 0);
    // Where text begins, in the same column.
    let lefts = "const left = (element) => { const range = document.createRange();
            range.selectNodeContents(element); return Math.round(range.getBoundingClientRect().left); };
        return [new Set([...document.querySelectorAll('dd')].map(left)).size,
            left(document.querySelector('h1')) === left(document.querySelector('dt'))];";
    assert_eq!(browser.run(lefts), json!([1, true]));
}

#[test]
fn the_page_fits_its_frame_at_twice_the_size_of_text() {
    let Some(browser) = Browser::start() else { return };
    let (site, folder) = (Site::start(), Folder::new("agent-large"));
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("FRAME_ANCESTORS", &site.origin)]);
    Connection::open(&file).unwrap().execute_batch(MANY_ROWS).unwrap();
    let sample = Server::with(&[("FRAME_ANCESTORS", &site.origin)]);
    let pages = [
        ("rows", server.signed_url("/iframe?id=1")),
        ("right-to-left", server.signed_url("/iframe?id=2")),
        ("sample", sample.signed_url("/iframe?id=1")),
        ("john", sample.signed_url("/iframe?id=2")),
        ("unknown", sample.signed_url("/iframe?id=nobody")),
    ];
    browser.resize(1300, 900);
    for [width, height] in [[300, 640], SMALL, [420, 640], [1200, 640]] {
        for (name, url) in &pages {
            browser.open(&site.framing_in_size([width, height], url));
            browser.enter_frame();
            browser.text("h1");
            // As a browser does whose user chose so.
            browser.run(
                "const root = document.documentElement;
                root.style.fontSize = 2 * parseFloat(getComputedStyle(root).fontSize) + 'px';
                document.querySelectorAll('details').forEach((details) => details.open = true)",
            );
            browser.screenshot(&format!("large-{name}-{width}"));
            let widths = browser.run(
                "const { scrollWidth, clientWidth } = document.documentElement;
                return [scrollWidth, clientWidth]",
            );
            assert_eq!(widths[0], widths[1], "{name} in {width} pixels");
            let broken = browser.run(
                "const lines = (cell) => { const range = document.createRange(); range.selectNodeContents(cell);
                     return new Set([...range.getClientRects()].map((line) => line.top)).size; };
                 return [...document.querySelectorAll('th, .amount')].filter((cell) => lines(cell) !== 1)
                     .map((cell) => cell.textContent)",
            );
            assert_eq!(broken, json!([]), "{name} in {width} pixels");
        }
    }
}
