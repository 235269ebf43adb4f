//! Floods of notes through links that are valid, on each engine that the server is built with.

mod common;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use common::{
    note_links::DOCUMENT,
    searched::{Crm, Other},
    server::{Reply, SECRET, Server, derived, now, send},
};

/// How many notes on a person links bring within an hour.
const MOST: usize = 200;

/// Two copies of the server on one database, with Anna and Bob.
fn on_each_engine(name: &str, test: impl Fn(&Other, [Server; 2])) {
    for Crm { server, other } in Crm::on_each(name) {
        let second = Server::with(&[("DATABASE", &other.url())]);
        other.run("INSERT INTO people (id, name) VALUES ('1', 'Anna'), ('2', 'Bob')");
        test(&other, [server, second]);
    }
}

fn notes_on_anna(database: &Other) -> i64 {
    database.count("SELECT count(*) FROM notes WHERE person = '1'")
}

/// A link to add a note, as the server signs it.
fn link(server: &Server, person: &str, id: &str) -> String {
    let query = derived(SECRET, "note links").sign([("id", person), ("link", id)], now() + 60).unwrap();
    server.url("/note?") + &query
}

fn post(link: &str, text: &str) -> Reply {
    send("POST", link, &[DOCUMENT], format!("text={text}"))
}

#[test]
fn a_person_gets_200_notes_an_hour_and_one_more_is_kept_in_the_page() {
    on_each_engine("flood", |database, copies| {
        let (stored, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for copy in copies.iter().cycle().take(8) {
                let (stored, refused) = (&stored, &refused);
                scope.spawn(move || {
                    for _ in 0..40 {
                        let nth = stored.load(Ordering::Relaxed) + refused.load(Ordering::Relaxed);
                        let id = format!("{nth}-{:?}", thread::current().id());
                        match post(&link(copy, "1", &id), "flood").status {
                            303 => stored.fetch_add(1, Ordering::Relaxed),
                            429 => refused.fetch_add(1, Ordering::Relaxed),
                            status => panic!("{status}"),
                        };
                    }
                });
            }
        });
        assert_eq!((stored.into_inner(), refused.into_inner()), (MOST, 320 - MOST));
        assert_eq!(notes_on_anna(database), MOST as i64);

        // What was typed is in the form again, from which it can be sent later.
        let [copy, other] = &copies;
        let typed = "hours+of+%3Cwork%3E";
        let page = post(&link(copy, "1", "kept"), typed);
        assert_eq!((page.status, page.header("content-type")), (429, "text/html; charset=utf-8"));
        assert!(page.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds <= 3600));
        assert!(page.body.contains("hours of &lt;work&gt;</textarea>"), "{}", page.body);
        assert!(page.body.contains("Anna") && page.body.contains("role=\"alert\""), "{}", page.body);
        let again = copy.note_url(&page);
        assert_eq!(post(&again, typed).status, 429);
        // As a program sees it.
        let told = send("POST", &again, &[], format!("text={typed}"));
        assert_eq!((told.status, &told.json()["status"]), (429, &"error".into()));
        // Others have their own.
        assert_eq!(post(&link(other, "2", "2"), "about+Bob").status, 303);
        database.run("UPDATE notes SET written_at = written_at - 3601 WHERE person = '1'");
        assert_eq!(post(&again, typed).status, 303);
        let (_, log) = copies.into_iter().next().unwrap().stop();
        assert!(log.contains("with an unacceptable note"), "{log}");
    });
}

/// A browser that sends again what it had no answer to is told the truth.
#[test]
fn a_note_that_is_stored_already_is_answered_as_before_even_over_the_limit() {
    on_each_engine("flood-again", |database, copies| {
        let [one, other] = &copies;
        for nth in 0..MOST {
            let copy = if nth % 2 == 0 { one } else { other };
            assert_eq!(post(&link(copy, "1", &nth.to_string()), &format!("note+{nth}")).status, 303, "{nth}");
        }
        assert_eq!(post(&link(one, "1", "more"), "more").status, 429);
        for copy in &copies {
            assert_eq!(post(&link(copy, "1", "7"), "note+7").status, 303);
            // Another text by the same link is no such note.
            assert_eq!(post(&link(copy, "1", "7"), "note+8").status, 409);
        }
        assert_eq!(post(&link(one, "nobody", "more"), "more").status, 404);
        assert_eq!(notes_on_anna(database), MOST as i64);
    });
}

/// Who has the database may write as many as there are.
#[test]
fn notes_that_other_programs_write_do_not_count() {
    on_each_engine("flood-others", |database, copies| {
        let now = now();
        let values: Vec<_> = (0..1000).map(|nth| format!("('1', {now}, 'note {nth}')")).collect();
        database.run(&format!("INSERT INTO notes (person, written_at, text) VALUES {}", values.join(", ")));
        assert_eq!(post(&link(&copies[0], "1", "1"), "a").status, 303);
    });
}
