//! The page in a real browser, framed as the platform frames it.

mod common;

use common::{browser::Browser, folder::Folder, server::Server, site::Site};
use rusqlite::Connection;
use serde_json::json;

#[test]
fn a_named_origin_may_frame_the_page_and_a_note_can_be_added_there() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    let server = Server::with(&[("FRAME_ANCESTORS", &site.origin)]);
    browser.open(&site.framing(&server.signed_url("/iframe?id=1")));
    browser.enter_frame();
    assert_eq!(browser.text("h1"), "Susan Red");
    assert_ne!(
        browser.run("return getComputedStyle(document.querySelector('header')).borderBottomWidth"),
        "0px"
    );

    browser.find("textarea").type_in("Wants <b>two</b> of them");
    browser.find("button").click();
    let note =
        browser.wait_for("new note", || browser.try_text("article p").filter(|text| text.contains("Wants")));
    assert_eq!(note, "Wants <b>two</b> of them");
    assert!(server.get("/iframe?id=1").body.contains("Wants &lt;b&gt;two"));
}

#[test]
fn another_origin_may_not_frame_the_page() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    for server in [Server::start(), Server::with(&[("FRAME_ANCESTORS", "https://other.example")])] {
        browser.open(&site.framing(&server.signed_url("/iframe?id=1")));
        browser.enter_frame();
        // What the browser shows in its stead is an error of its own.
        let shown = browser.wait_for("refusal", || {
            let address = browser.try_run("return location.href").ok()?;
            (address != "about:blank").then_some(address)
        });
        assert_eq!(shown, "chrome-error://chromewebdata/");
        assert!(
            !browser.run("return document.documentElement.outerHTML").as_str().unwrap().contains("Susan")
        );
    }
}

#[test]
fn markup_in_a_name_is_text() {
    let Some(browser) = Browser::start() else { return };
    let folder = Folder::new("browser-markup");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file)]);
    let name = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">";
    let insert = "INSERT INTO people (id, name) VALUES ('1', ?1)";
    Connection::open(&file).unwrap().execute(insert, [name]).unwrap();
    browser.open(&server.signed_url("/iframe?id=1"));
    assert_eq!(browser.text("h1"), name);
    assert_eq!(browser.run("return document.title"), name);
    assert_eq!(browser.run("return document.querySelectorAll('script, img').length"), 0);
}

#[test]
fn the_link_to_the_crm_sends_no_referrer() {
    let Some(browser) = Browser::start() else { return };
    let (platform, crm) = (Site::start(), Site::start());
    let folder = Folder::new("browser-referrer");
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("FRAME_ANCESTORS", &platform.origin)]);
    let insert = "INSERT INTO people (id, name, crm_url) VALUES ('1', 'Anna', ?1)";
    Connection::open(&file).unwrap().execute(insert, [format!("{}/people/1", crm.origin)]).unwrap();
    browser.open(&platform.framing(&server.signed_url("/iframe?id=1")));
    browser.enter_frame();
    browser.find("a").click();
    let request = crm.request_for("/people/1");
    assert!(!request.contains("referer:") && !request.contains("sig="), "{request}");
    // The same browser does send one where nothing forbids it.
    browser.open(&platform.framing(&format!("{}/control", crm.origin)));
    let request = crm.request_for("/control");
    assert!(request.contains(&format!("referer: {}", platform.origin)), "{request}");
}

/// Gives what can't be read well: texts with their contrast, where it is under 4.5, by
/// the formula of WCAG; and what is wider than the frame.
const HARD_TO_READ: &str = r#"
    const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
    const light = (channel) => (channel /= 255) <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
    const background = (element) => {
        for (; element; element = element.parentElement) {
            const colour = channels(getComputedStyle(element).backgroundColor);
            if (colour.length < 4 || colour[3] === 1) return colour;
            if (colour[3] > 0) throw new Error('see-through: ' + element.outerHTML);
        }
        throw new Error('no background');
    };
    const bad = [];
    let seen = 0;
    for (const element of document.body.querySelectorAll('*')) {
        const texts = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
        if (!texts.length && element.localName !== 'textarea') continue;
        for (let parent = element; parent; parent = parent.parentElement) {
            if (getComputedStyle(parent).opacity !== '1') bad.push('see-through: ' + parent.localName);
        }
        const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(background(element))];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < 4.5) bad.push(contrast + ': ' + element.outerHTML);
        seen += 1;
    }
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) bad.push(scrollWidth + ' pixels in ' + clientWidth);
    return { seen, bad };
"#;

/// A person with more of everything than fits.
const CROWDED: &str = "
    INSERT INTO people (id, name, email, phone, handle, crm_url) VALUES
        ('1', 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschafers', 
         'wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren@gewissenhaftschafers.example.com',
         '+44 20 7946 0101', '@wolfe', 'https://crm.example/1'),
        ('2', 'مريم أحمد', 'maryam@example.com', '', '', '');
    INSERT INTO orders VALUES
        ('1', 1779357600, 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren umbrella', 123456789012345),
        ('1', 1779357600, 'Raincoat', -12900), ('2', 1779357600, 'مظلة حمراء', 1);
    WITH RECURSIVE n (n) AS (SELECT 2000 UNION ALL SELECT n + 1 FROM n WHERE n < 2026)
        INSERT INTO sales SELECT '1', n, 1000000000 * (n - 2010) FROM n;
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 60)
        INSERT INTO notes (person, written_at, text)
            SELECT '1', 1700000000 + n, 'Note ' || n || ': ' || replace(hex(zeroblob(n * 4)), '0', 'long') FROM n;
    INSERT INTO notes (person, written_at, text) VALUES ('2', 1779357600, 'تفضل المكالمات بعد الظهر');
";

#[test]
fn the_page_can_be_read_in_narrow_and_wide_frames_in_both_colour_schemes() {
    let Some(browser) = Browser::start() else { return };
    let (site, folder) = (Site::start(), Folder::new("browser-crowded"));
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("FRAME_ANCESTORS", &site.origin)]);
    Connection::open(&file).unwrap().execute_batch(CROWDED).unwrap();
    let sample = Server::with(&[("FRAME_ANCESTORS", &site.origin)]);
    let pages = [
        ("crowded", server.signed_url("/iframe?id=1")),
        ("arabic", server.signed_url("/iframe?id=2")),
        ("sample", sample.signed_url("/iframe?id=1")),
        ("refused", server.url("/iframe?id=1")),
    ];
    browser.resize(1300, 900);
    for scheme in ["light", "dark"] {
        browser.prefer_colours(scheme);
        for width in [300, 420, 1200] {
            for (name, url) in &pages {
                let what = format!("{name}, {scheme}, {width} pixels");
                browser.open(&site.framing_in(width, url));
                browser.enter_frame();
                browser.text("h1");
                browser.run("document.querySelectorAll('details').forEach((details) => details.open = true)");
                let read = browser.run(HARD_TO_READ);
                assert_eq!(read["bad"], json!([]), "{what}");
                assert!(read["seen"].as_u64().unwrap() >= 3, "{what}: {read}");
                browser
                    .run("document.querySelectorAll('details').forEach((details) => details.open = false)");
                browser.screenshot(&what.replace(", ", "-").replace(' ', "-"));
            }
        }
    }
}

/// Gives the cells of up to 18 characters that take more than a line, and those that are
/// not all in the frame.
const BROKEN_CELLS: &str = r#"
    document.querySelectorAll('details').forEach((details) => details.open = true);
    const cells = [...document.querySelectorAll('th, .amount')];
    const tops = (cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return new Set([...range.getClientRects()].map((line) => line.top)).size;
    };
    const good = cells.filter((cell) => cell.textContent.length <= (cell.localName === 'th' ? 5 : 18));
    const broken = good.filter((cell) => tops(cell) !== 1);
    const outside = cells.filter((cell) => cell.getBoundingClientRect().right > document.documentElement.clientWidth);
    return { good: good.length, bad: [...broken, ...outside].map((cell) => cell.outerHTML) };
"#;

#[test]
fn a_malformed_row_takes_no_room_from_the_others() {
    let Some(browser) = Browser::start() else { return };
    let (site, folder) = (Site::start(), Folder::new("browser-bad-rows"));
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("FRAME_ANCESTORS", &site.origin)]);
    let rows = "INSERT INTO people (id, name) VALUES ('1', 'Anna');
        INSERT INTO sales VALUES ('1', 9223372036854775807, 9223372036854775807), ('1', 2026, 129900),
            ('1', 2025, 123456789), ('1', 2024, -9223372036854775807), ('1', -9223372036854775807, 5);
        INSERT INTO orders VALUES ('1', 1779357600, 'Raincoat with a rather long title, for the summer', 12900),
            ('1', 1779357600, 'Everything', 9223372036854775807), ('1', 1779357600, 'Gift card', 1099900);";
    Connection::open(&file).unwrap().execute_batch(rows).unwrap();
    browser.resize(1300, 900);
    for width in [300, 420] {
        browser.open(&site.framing_in(width, &server.signed_url("/iframe?id=1")));
        browser.enter_frame();
        browser.text("h1");
        browser.screenshot(&format!("bad-rows-{width}"));
        let cells = browser.run(BROKEN_CELLS);
        assert_eq!(cells, json!({ "good": 8, "bad": [] }), "{width} pixels");
    }
}

#[test]
fn the_page_can_be_used_without_seeing_it_and_notes_are_near() {
    let Some(browser) = Browser::start() else { return };
    let (site, folder) = (Site::start(), Folder::new("browser-structure"));
    let file = folder.file("people.db");
    let server = Server::with(&[("DATABASE", &file), ("FRAME_ANCESTORS", &site.origin)]);
    Connection::open(&file).unwrap().execute_batch(CROWDED).unwrap();
    browser.resize(1300, 900);
    browser.open(&site.framing(&server.signed_url("/iframe?id=1")));
    browser.enter_frame();
    let count = |selector: &str| {
        browser.run(&format!("return document.querySelectorAll(\"{selector}\").length")).as_u64().unwrap()
    };
    assert_eq!((count("main"), count("h1"), count("table:not(:has(caption))")), (1, 1, 0));
    assert_eq!(count("html[lang] title"), 1);
    // A label that is seen, for the one field.
    assert_eq!(browser.text("label[for=text]"), "New note");
    assert_eq!((count("textarea"), count("textarea#text")), (1, 1));
    // The amount says it already.
    assert_eq!(count("meter"), count("[aria-hidden=true] meter"));
    assert!(count("meter") > 3);
    assert_eq!(count("h1:not([dir=auto]), article p:not([dir=auto]), textarea:not([dir=auto])"), 0);
    // Twenty-seven years, and the notes are seen without scrolling in a frame of 640 pixels.
    assert_eq!((count("tr th[scope=row]"), count("details tr th[scope=row]")), (27, 24));
    let top = browser.run("return document.querySelector('textarea').getBoundingClientRect().bottom");
    assert!(top.as_f64().unwrap() < 640.0, "{top}");

    browser.open(&site.framing(&server.signed_url("/iframe?id=2")));
    browser.enter_frame();
    browser.text("h1");
    assert_eq!(browser.run("return getComputedStyle(document.querySelector('h1')).direction"), "rtl");
    assert_eq!(browser.run("return getComputedStyle(document.querySelector('article p')).direction"), "rtl");
}

/// What the page says when a note is not added, as the agent sees it.
#[test]
fn an_agent_loses_no_note_and_adds_none_twice() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    let server = Server::with(&[("FRAME_ANCESTORS", &site.origin)]);
    let url = server.signed_url("/iframe?id=1");
    let count = |text: &str| server.get("/iframe?id=1").body.matches(&format!(">{text}</p>")).count();
    browser.resize(1300, 900);
    browser.open(&url);
    browser.find("textarea").type_in("   ");
    browser.find("button").click();
    assert!(browser.text("[role=alert]").contains("The note is empty"));
    browser.screenshot("only-spaces");
    assert_eq!(browser.text("h1"), "Susan Red");

    browser.find("textarea").type_in("Once only");
    browser.find("button").click();
    let at_person = || browser.try_run("return location.pathname").ok().filter(|path| path == "/person");
    browser.wait_for("page with the note", at_person);
    for _ in 0..2 {
        browser.run("location.reload()");
        browser.wait_for("note", || browser.try_text("article p").filter(|text| text == "Once only"));
    }
    assert_eq!(count("Once only"), 1);

    // The limit that the page has is the server's.
    let typed = browser.run(
        "const text = document.querySelector('textarea'); text.value = 'x\\n'.repeat(2000); return text.maxLength",
    );
    assert_eq!(typed, 4000);
    browser.find("button").click();
    browser.wait_for("long note", || {
        browser.try_text("article p").filter(|text| text.starts_with("x\nx") && text.len() > 3900)
    });

    // A link that is no longer valid, with what was typed on it, in the frame.
    browser.open(&site.framing(&url));
    browser.enter_frame();
    browser.find("textarea").type_in("An hour of <b>work</b>");
    browser.run(
        "const form = document.querySelector('form'); form.action = form.action.replace('sig=', 'sig=0')",
    );
    browser.find("button").click();
    browser.wait_for("refusal", || browser.try_text("h1").filter(|text| text.contains("not added")));
    let kept = browser.run("return document.querySelector('textarea').value");
    assert_eq!(kept, "An hour of <b>work</b>");
    let text = browser.text("main");
    assert!(text.contains("open the person again") && !text.contains("signature"), "{text}");
    assert_eq!(browser.run(HARD_TO_READ)["bad"], json!([]));
    browser.screenshot("note-refused");
    assert_eq!(count("An hour of"), 0);

    // Whatever may not be shown, the platform's frame has words for the agent.
    browser.open(&site.framing(&url.replace("id=1", "id=2")));
    browser.enter_frame();
    assert!(browser.text("main").contains("open the person again"));
}
