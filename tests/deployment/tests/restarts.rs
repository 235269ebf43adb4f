//! Both copies of the server are restarted one right after the other, as by a careless
//! script, behind each of the proxies of docs/deployment.

mod common;

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use common::{
    end_of::EndOf,
    folder::Folder,
    proxy::{ALL, notification, request},
    server::{SECRET, Server, now},
    webhook::hash,
};
use signed_query::Key;

/// Between two requests of a client: there are thousands all the same.
const PAUSE: Duration = Duration::from_millis(4);

fn search() -> String {
    let signed = Key::new(SECRET).unwrap().sign_url("/search?q=red", now() + 60).unwrap();
    request("GET", &signed, "")
}

/// No proxy takes a copy that is back for one that is gone.
#[test]
fn copies_are_restarted_at_once_and_requests_are_answered() {
    let folder = Folder::new("restarts");
    let file = folder.file("people.db");
    let start = |listen: &str| Server::with(&[("DATABASE", &file), ("LISTEN", listen), ("LOG", "info")]);
    for kind in ALL {
        let mut copies = [start("127.0.0.1:0"), start("127.0.0.1:0")];
        let addresses = copies.each_ref().map(|copy| copy.address);
        let Some(proxy) = kind.start("restarts", addresses) else { continue };
        let (is_over, asked, lost) = (AtomicBool::new(false), AtomicUsize::new(0), Mutex::new(Vec::new()));
        let notification = notification(&hash(SECRET, "{}"), "{}");
        let ask = || {
            let mut connection = proxy.connect();
            while !is_over.load(Ordering::Relaxed) {
                for (request, is_tried_again) in [(&search(), true), (&notification, kind.tries_a_post_again)]
                {
                    connection.send(request);
                    let answer = connection.answer();
                    asked.fetch_add(1, Ordering::Relaxed);
                    let is_told = !is_tried_again && matches!(answer.status, 502 | 503);
                    if answer.status != 200 && !is_told {
                        lost.lock().unwrap().push(answer.status);
                    }
                    if answer.status == 0 || answer.header("connection") == Some("close") {
                        connection = proxy.connect();
                    }
                    thread::sleep(PAUSE);
                }
            }
        };
        thread::scope(|scope| {
            let _end = EndOf(&is_over);
            for _ in 0..4 {
                scope.spawn(ask);
            }
            for _ in 0..2 {
                for copy in &mut copies {
                    thread::sleep(Duration::from_millis(300));
                    let listen = copy.address.to_string();
                    copy.signal("TERM");
                    copy.wait_for_end();
                    *copy = start(&listen);
                }
            }
            thread::sleep(Duration::from_millis(300));
        });
        let (asked, lost) = (asked.into_inner(), lost.into_inner().unwrap());
        println!("{}: {} of {asked} requests were lost", kind.package, lost.len());
        assert!(asked > 100, "{}: {asked}", kind.package);
        // On a busy machine Apache has been seen to answer 3 of 1,576 itself, as they came when a copy
        // went. A proxy that takes a copy that is back for one that is gone loses many times as many.
        assert!(lost.len() * 100 <= asked, "{}: {} of {asked} were lost: {lost:?}", kind.package, lost.len());
    }
}
