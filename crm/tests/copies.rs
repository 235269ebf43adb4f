//! Several copies of the server on one PostgreSQL, under load.

mod common;

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use common::{
    end_of::EndOf,
    postgres::Postgres,
    server::{Reply, SECRET, Server, fetch, send, try_send},
    webhook::{hash, headers},
};

/// Copies that start at once, on tables that one of them is to make.
fn copies<const N: usize>(postgres: &Postgres) -> [Server; N] {
    let url = postgres.url();
    thread::scope(|scope| {
        [(); N].map(|()| scope.spawn(|| Server::with(&[("DATABASE", &url)]))).map(|copy| copy.join().unwrap())
    })
}

/// Sends a notification with this number to a copy, which may have ended.
fn try_notify(copy: &Server, number: usize) -> Result<Reply, ureq::Error> {
    let body = format!(r#"{{"number":{number}}}"#);
    try_send("POST", &copy.url("/webhook"), &headers(&hash(SECRET, &body)), body)
}

fn notify(copy: &Server, number: usize) -> Reply {
    try_notify(copy, number).unwrap()
}

#[test]
fn a_notification_that_all_copies_get_at_once_is_stored_once() {
    let Some(postgres) = Postgres::start("at-once") else { return };
    let copies: [Server; 3] = copies(&postgres);
    let is_each_taken_once = "SELECT count(*) > 0 AND count(*) = max(version) FROM signed_query_migrations";
    assert_eq!(postgres.sql(is_each_taken_once), "t");
    postgres.sql("INSERT INTO people (id, name) VALUES ('1', 'Anna')");
    for round in 0..20 {
        let link = copies[0].note_url(&copies[0].get("/iframe?id=1"));
        let (_, link) = link.rsplit_once('/').unwrap();
        thread::scope(|scope| {
            for copy in copies.iter().cycle().take(6) {
                scope.spawn(move || assert_eq!(notify(copy, round).status, 200));
                scope.spawn(move || {
                    let link = copy.url(&format!("/{link}"));
                    assert_eq!(send("POST", &link, &[], "text=once").status, 303);
                });
            }
        });
    }
    let stored = "SELECT (SELECT count(*) FROM notifications), (SELECT count(*) FROM notes)";
    assert_eq!(postgres.sql(stored), "20|20");
}

/// Sends notifications to the copies, each with a number of its own, until it is over.
/// Gives those that were acknowledged, and hands all other answers over.
fn load(copies: &[Server], is_over: &AtomicBool, other: impl Fn(&Reply) + Sync) -> BTreeSet<usize> {
    let (next, acknowledged) = (AtomicUsize::new(0), Mutex::new(BTreeSet::new()));
    thread::scope(|scope| {
        for copy in copies.iter().cycle().take(8) {
            let (next, acknowledged, other) = (&next, &acknowledged, &other);
            scope.spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    // A copy that was killed answers nothing.
                    let Ok(reply) = try_notify(copy, number) else { continue };
                    match reply.status {
                        200 => drop(acknowledged.lock().unwrap().insert(number)),
                        _ => other(&reply),
                    }
                }
            });
        }
    });
    acknowledged.into_inner().unwrap()
}

/// The numbers of the notifications that are stored.
fn stored(postgres: &Postgres) -> BTreeSet<usize> {
    let numbers = postgres.sql("SELECT convert_from(body, 'UTF8')::json ->> 'number' FROM notifications");
    numbers.lines().map(|number| number.parse().unwrap()).collect()
}

#[test]
fn a_copy_that_is_stopped_or_killed_loses_nothing_that_it_acknowledged() {
    let Some(postgres) = Postgres::start("killed") else { return };
    let copies: [Server; 3] = copies(&postgres);
    let is_over = AtomicBool::new(false);
    let acknowledged = thread::scope(|scope| {
        let load = scope.spawn(|| load(&copies, &is_over, |reply| panic!("{reply:?}")));
        let _end = EndOf(&is_over);
        thread::sleep(Duration::from_secs(1));
        copies[0].signal("KILL");
        thread::sleep(Duration::from_millis(500));
        copies[1].signal("TERM");
        thread::sleep(Duration::from_secs(1));
        is_over.store(true, Ordering::Relaxed);
        load.join().unwrap()
    });
    println!("{} were acknowledged", acknowledged.len());
    assert!(acknowledged.len() > 100, "{}", acknowledged.len());
    assert!(acknowledged.is_subset(&stored(&postgres)));
}

#[test]
fn a_database_that_restarts_under_load_is_waited_for_elsewhere_and_all_is_well_afterwards() {
    let Some(mut postgres) = Postgres::start("restarts") else { return };
    let copies: [Server; 2] = copies(&postgres);
    postgres.sql("INSERT INTO people (id, name) VALUES ('1', 'Anna')");
    let (is_over, refused) = (AtomicBool::new(false), AtomicUsize::new(0));
    let is_told = |reply: &Reply| {
        assert_eq!((reply.status, reply.header("retry-after")), (503, "5"), "{}", reply.body);
        assert!(!reply.body.contains("database"), "{}", reply.body);
        refused.fetch_add(1, Ordering::Relaxed);
    };
    let statuses = |path: &str| copies.each_ref().map(|copy| copy.get(path).status);
    let healths = || copies.each_ref().map(|copy| fetch("GET", &copy.url("/health")).status);
    let acknowledged = thread::scope(|scope| {
        let load = scope.spawn(|| load(&copies, &is_over, is_told));
        let _end = EndOf(&is_over);
        for _ in 0..2 {
            thread::sleep(Duration::from_secs(1));
            assert_eq!(healths(), [200, 200]);
            postgres.stop();
            assert_eq!(healths(), [503, 503]);
            for path in ["/search?q=anna", "/iframe?id=1"] {
                copies.iter().for_each(|copy| is_told(&copy.get(path)));
            }
            postgres.run();
            let deadline = Instant::now() + Duration::from_secs(300);
            while healths() != [200, 200] {
                assert!(Instant::now() < deadline, "the database is back, and the copies are not");
                thread::sleep(Duration::from_millis(50));
            }
            assert_eq!((statuses("/search?q=anna"), statuses("/iframe?id=1")), ([200, 200], [200, 200]));
        }
        thread::sleep(Duration::from_secs(1));
        is_over.store(true, Ordering::Relaxed);
        load.join().unwrap()
    });
    println!("{} were acknowledged, {refused:?} told to come back", acknowledged.len());
    assert!(acknowledged.len() > 100 && refused.into_inner() > 4, "{}", acknowledged.len());
    assert!(acknowledged.is_subset(&stored(&postgres)));
    for copy in copies {
        let (status, log) = copy.stop();
        assert!(status.success() && log.contains("failed"), "{log}");
    }
}

#[test]
fn a_database_that_does_not_answer_keeps_nobody_for_long() {
    let Some(postgres) = Postgres::start("held") else { return };
    let [copy]: [Server; 1] = copies(&postgres);
    postgres.sql("INSERT INTO people (id, name) VALUES ('1', 'Anna')");
    assert_eq!(copy.get("/iframe?id=1").status, 200);
    // Another program has the table for itself.
    let mut locker = postgres.session();
    locker.run("BEGIN; LOCK TABLE people, notifications");
    // Otherwise the client gives up.
    let page = copy.get("/iframe?id=1");
    assert_eq!((page.status, notify(&copy, 1).status), (503, 503));
    assert_eq!(page.header("retry-after"), "5");
    drop(locker);
    assert_eq!((copy.get("/iframe?id=1").status, notify(&copy, 1).status), (200, 200));
}
