//! Connections to PostgreSQL: who has which, what happens when there are too few, and what
//! may stand between.

mod common;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Instant,
};

use common::{
    end_of::EndOf,
    pgbouncer::PgBouncer,
    postgres::Postgres,
    server::{Server, fetch, send},
    webhook::notify,
};

const ANNA: &str = "INSERT INTO people (id, name) VALUES ('1', 'Anna')";

fn on(postgres: &Postgres) -> Server {
    Server::with(&[("DATABASE", &postgres.url())])
}

fn health(server: &Server) -> u16 {
    fetch("GET", &server.url("/health")).status
}

#[test]
fn webhooks_and_health_wait_for_nobody_who_asks_for_people() {
    let Some(postgres) = Postgres::start("people-locked") else { return };
    let server = on(&postgres);
    postgres.sql(ANNA);
    let note_url = server.note_url(&server.get("/iframe?id=1"));
    let mut locker = postgres.session();
    locker.run("BEGIN; LOCK TABLE people");
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let _end = EndOf(&is_over);
        let retry = |ask: &(dyn Fn() -> u16 + Sync)| {
            while !is_over.load(Ordering::Relaxed) {
                ask();
            }
        };
        let (server, note_url) = (&server, &note_url);
        for _ in 0..20 {
            scope.spawn(move || retry(&|| server.get("/search?q=anna").status));
        }
        for _ in 0..5 {
            scope.spawn(move || retry(&|| send("POST", note_url, &[], "text=a").status));
        }
        thread::sleep(std::time::Duration::from_secs(1));
        let mut slowest = std::time::Duration::ZERO;
        let answers: Vec<_> = (0..12)
            .map(|number| {
                let start = Instant::now();
                let answers = (notify(server, format!("{{\"number\":{number}}}")).status, health(server));
                slowest = slowest.max(start.elapsed());
                answers
            })
            .collect();
        println!("{answers:?}, within {slowest:?}");
        assert_eq!(answers, [(200, 200); 12]);
        is_over.store(true, Ordering::Relaxed);
        drop(locker);
    });
    assert_eq!(server.get("/search?q=anna").status, 200);
}

#[test]
fn a_copy_whose_webhooks_wait_is_well_and_finds_people() {
    let Some(postgres) = Postgres::start("webhooks-locked") else { return };
    let server = on(&postgres);
    postgres.sql(ANNA);
    let note_url = server.note_url(&server.get("/iframe?id=1"));
    let mut locker = postgres.session();
    locker.run("BEGIN; LOCK TABLE notifications");
    thread::scope(|scope| {
        let server = &server;
        let waiting: Vec<_> =
            (0..8).map(|number| scope.spawn(move || notify(server, format!("{number}")).status)).collect();
        thread::sleep(std::time::Duration::from_millis(500));
        assert_eq!((health(server), server.get("/search?q=anna").status), (200, 200));
        assert_eq!(send("POST", &note_url, &[], "text=a").status, 303);
        assert!(waiting.into_iter().all(|status| status.join().unwrap() == 503));
    });
}

#[test]
fn a_database_that_has_room_for_no_more_connections_is_asked_on_those_that_there_are() {
    // The superuser may have all of them: six, of which the indexer has one.
    let settings =
        [("max_connections", "7"), ("superuser_reserved_connections", "0"), ("max_wal_senders", "0")];
    let Some(postgres) = Postgres::with("few", &settings, &[]) else { return };
    let server = on(&postgres);
    postgres.sql(ANNA);
    // One for each purpose.
    let note_url = server.note_url(&server.get("/iframe?id=1"));
    assert_eq!((health(&server), notify(&server, "a").status), (200, 200));
    assert_eq!(send("POST", &note_url, &[], "text=a").status, 303);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let ask = |number: usize| match number % 2 {
            0 => server.get("/search?q=anna").status,
            _ => notify(&server, format!("{{\"number\":{number}}}")).status,
        };
        let asking: Vec<_> = (0..40).map(|number| scope.spawn(move || ask(number))).collect();
        asking.into_iter().map(|status| status.join().unwrap()).collect()
    });
    assert_eq!(statuses, [200; 40]);
}

#[test]
fn connections_that_break_are_few_lines_in_the_log() {
    let Some(postgres) = Postgres::start("flapping") else { return };
    let server = Server::with(&[("DATABASE", &postgres.url()), ("LOG", "info")]);
    postgres.sql(ANNA);
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";
    for number in 0..30 {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| server.get("/search?q=anna").status);
            }
            scope.spawn(|| notify(&server, format!("{number}")).status);
        });
        postgres.sql(end);
    }
    let (_, log) = server.stop();
    println!("{} lines", log.lines().count());
    // The start, the end, what was refused, and once what failed in each of the ways it can.
    assert!(log.lines().count() < 10, "{log}");
}

#[test]
fn pgbouncer_may_stand_between_if_it_pools_sessions() {
    let Some(postgres) = Postgres::start("bouncer") else { return };
    // Of one copy.
    let Some(bouncer) = PgBouncer::start(&postgres, 17) else { return };
    let server = Server::with(&[("DATABASE", &bouncer.url())]);
    postgres.sql(ANNA);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let ask = |number: usize| match number % 4 {
            0 => server.get("/search?q=anna").status,
            1 => notify(&server, format!("{{\"number\":{number}}}")).status,
            2 => health(&server),
            _ => {
                let note_url = server.note_url(&server.get("/iframe?id=1"));
                send("POST", &note_url, &[], format!("text={number}")).status
            }
        };
        let asking: Vec<_> = (0..80).map(|number| scope.spawn(move || ask(number))).collect();
        asking.into_iter().map(|status| status.join().unwrap()).collect()
    });
    let expected: Vec<u16> = (0..80).map(|number| if number % 4 == 3 { 303 } else { 200 }).collect();
    assert_eq!(statuses, expected);
    assert_eq!(
        postgres.sql("SELECT (SELECT count(*) FROM notes), (SELECT count(*) FROM notifications)"),
        "20|20"
    );
    postgres.wait_for("SELECT count(*) FROM searchable", "1");
    // What is set for each connection came through.
    let mut locker = postgres.session();
    locker.run("BEGIN; LOCK TABLE notifications");
    assert_eq!(notify(&server, "late").status, 503);
}
