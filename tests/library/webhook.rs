//! Webhooks: what is verified, and what the answer is.

use signed_query::{
    Error, Key,
    webhook::{HASH_HEADER, HOOK_ID_HEADER, Notification, Receiver, hash},
};

const BODY: &[u8] = br#"{"test":"data"}"#;
const HOOK_ID: &str = "6f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55";
const HASH: &str = "e123f721ae689ad2a06b5eed0838238f27e5c71d2159c258e73c651c98f17bdf";
const ANSWER: &str = "70d57128a1047c499ce30b3d518341aa4fc9e9200e30d9bb9152f99955ba081d";

fn receiver() -> Receiver {
    Receiver::new(Key::new("testsecret").unwrap())
}

fn verify<'n>(
    receiver: &'n Receiver,
    body: &'n [u8],
    hook_id: Option<&'n str>,
    hash: Option<&'n str>,
) -> Result<Notification<'n>, Error> {
    receiver.verify(body, |name| match name {
        HOOK_ID_HEADER => hook_id.map(str::as_bytes),
        HASH_HEADER => hash.map(str::as_bytes),
        _ => panic!("{name} is no header of a webhook"),
    })
}

#[test]
fn a_notification_is_read_and_acknowledged() {
    let receiver = receiver();
    let notification = verify(&receiver, BODY, Some(HOOK_ID), Some(HASH)).unwrap();
    assert_eq!((notification.body(), notification.hook_id(), notification.hash()), (BODY, HOOK_ID, HASH));
    assert_eq!(notification.acknowledgement().hash(), ANSWER);
    assert_eq!(notification.acknowledgement().json(), format!(r#"{{"verification-hash":"{ANSWER}"}}"#));
}

#[test]
fn the_acknowledgement_is_made_with_the_key_that_matched() {
    let key = |secret: &str| Key::new(secret).unwrap();
    for receiver in [Receiver::new(key("new")).or_key(key("testsecret")), receiver().or_key(key("old"))] {
        let notification = verify(&receiver, BODY, Some(HOOK_ID), Some(HASH)).unwrap();
        assert_eq!(notification.acknowledgement().hash(), ANSWER);
    }
}

#[test]
fn another_body_or_hash_is_refused() {
    let receiver = receiver();
    let refused = |body, hash| verify(&receiver, body, Some(HOOK_ID), Some(hash)).unwrap_err();
    assert_eq!(refused(br#"{"test":"date"}"#, HASH), Error::Mismatch);
    assert_eq!(refused(b"", HASH), Error::Mismatch);
    for hash in ["", ANSWER, &HASH.to_uppercase(), &HASH[1..], &format!("{HASH} "), "é"] {
        assert_eq!(refused(BODY, hash), Error::Mismatch, "{hash}");
    }
    assert_eq!(Error::Mismatch.status(), 403);
}

/// The body is what was hashed, to the last byte: nothing is trimmed, at either end.
#[test]
fn white_space_around_a_body_is_part_of_it() {
    let (receiver, key) = (receiver(), Key::new("testsecret").unwrap());
    for space in [" ", "\n", "\r\n", "\t", "\x0B", "\x0C", "\0", "\u{A0}", "\u{FEFF}"] {
        let space = space.as_bytes();
        for longer in [[BODY, space].concat(), [space, BODY].concat()] {
            let refused = verify(&receiver, &longer, Some(HOOK_ID), Some(HASH)).unwrap_err();
            assert_eq!(refused, Error::Mismatch, "{:?}", longer.escape_ascii());
            // Nor is it when it was sent so.
            let hash = hash(&key, &longer);
            assert_eq!(verify(&receiver, &longer, Some(HOOK_ID), Some(&hash)).unwrap().body(), longer);
            assert_eq!(verify(&receiver, BODY, Some(HOOK_ID), Some(&hash)).unwrap_err(), Error::Mismatch);
        }
    }
}

/// Nor is anything trimmed from the hash.
#[test]
fn white_space_around_a_hash_makes_another_text() {
    let receiver = receiver();
    for space in [" ", "\n", "\r\n", "\t", "\0", "\u{A0}"] {
        for hash in [format!("{HASH}{space}"), format!("{space}{HASH}"), format!("{}{space}", &HASH[..63])] {
            let refused = verify(&receiver, BODY, Some(HOOK_ID), Some(&hash)).unwrap_err();
            assert_eq!(refused, Error::Mismatch, "{hash:?}");
        }
    }
}

#[test]
fn both_headers_are_needed() {
    let receiver = receiver();
    let no_hash = verify(&receiver, BODY, Some(HOOK_ID), None).unwrap_err();
    assert_eq!((no_hash.status(), no_hash), (400, Error::MissingHeader { name: HASH_HEADER }));
    let no_id = verify(&receiver, BODY, None, Some(HASH)).unwrap_err();
    assert_eq!((no_id.status(), no_id), (400, Error::MissingHeader { name: HOOK_ID_HEADER }));
}

#[test]
fn a_hook_id_is_a_uuid_in_small_letters_without_braces() {
    let receiver = receiver();
    let capitals = HOOK_ID.to_uppercase();
    for sent in [HOOK_ID, &capitals, &format!("{{{HOOK_ID}}}"), &format!("{{{capitals}}}")] {
        assert_eq!(verify(&receiver, BODY, Some(sent), Some(HASH)).unwrap().hook_id(), HOOK_ID, "{sent}");
    }
}

#[test]
fn what_is_no_uuid_is_no_hook_id() {
    let receiver = receiver();
    let [a, b, c, d, e] = HOOK_ID.split('-').collect::<Vec<_>>()[..] else { panic!() };
    let refused = [
        String::new(),
        "1".into(),
        "----".into(),
        "é".into(),
        HOOK_ID[1..].into(),
        HOOK_ID[..35].into(),
        format!("{HOOK_ID}0"),
        format!("{HOOK_ID}-"),
        format!("-{HOOK_ID}"),
        format!(" {HOOK_ID}"),
        format!("{HOOK_ID}\n"),
        HOOK_ID.replace('-', ""),
        HOOK_ID.replace('-', "_"),
        HOOK_ID.replace('-', "a-"),
        // A character that is no hex digit, in each group.
        format!("{}-{b}-{c}-{d}-{e}", a.replace('6', "g")),
        format!("{a}-{}-{c}-{d}-{e}", b.replace('6', "G")),
        format!("{a}-{b}-{}-{d}-{e}", c.replace('4', " ")),
        format!("{a}-{b}-{c}-{}-{e}", d.replace('9', "-")),
        format!("{a}-{b}-{c}-{d}-{}", e.replace('2', "z")),
        format!("{a}-{b}-{c}-{d}-{}", e.replace('2', "é")),
        // The right length in the whole, and wrong groups.
        format!("{a}{}-{}-{c}-{d}-{e}", &b[..1], &b[1..]),
        format!("{a}-{b}-{c}{}-{}-{e}", &d[..1], &d[1..]),
        format!("{a}-{b}-{c}-{}-{}{e}", &d[..3], &d[3..]),
        format!("{a}-{b}-{c}-{d}{}-{}", &e[..1], &e[1..]),
        format!("{a}-{b}-{c}-{d}-{}-{}", &e[..5], &e[6..]),
        format!("{a}-{b}-{c}{d}-{e}0"),
        format!("{a}-{b}-{c}-{d}{e}0"),
        // Half the braces, other ones, or too many.
        format!("{{{HOOK_ID}"),
        format!("{HOOK_ID}}}"),
        format!("}}{HOOK_ID}{{"),
        format!("({HOOK_ID})"),
        format!("{{{{{HOOK_ID}}}}}"),
        format!("{{{}}}", &HOOK_ID[1..]),
        "{}".into(),
        "{".into(),
    ];
    for hook_id in refused {
        let refused = verify(&receiver, BODY, Some(&hook_id), Some(HASH)).unwrap_err();
        assert_eq!((refused.status(), refused), (400, Error::MalformedHookId), "{hook_id}");
    }
}

#[test]
fn any_body_has_a_hash_and_only_the_one_by_the_secret_is_valid() {
    let (key, receiver) = (Key::new("testsecret").unwrap(), receiver());
    // The hashes are from Python's `hmac.new(b"testsecret", body, "sha256").hexdigest()`.
    let bodies = [
        (BODY, HASH),
        (&b""[..], "883a1369fa89dbc40b32496dbec4174276f9899e88cdfdbf1b6327c2ebc7ffcb"),
        (&b"\0\xFF"[..], "d0daef3a03ed94cbc8f40c58d75fd597c0952749fa5836e1b9cb5ccf7fab06b3"),
        (&[7; 100_000][..], "2ecb14cc514088f8fdfde911da6a3c86be411a6eec173ffe484bf41f5504119e"),
    ];
    for (body, expected) in bodies {
        assert_eq!(hash(&key, body), expected);
        assert_eq!(verify(&receiver, body, Some(HOOK_ID), Some(expected)).unwrap().body(), body);
        let other = hash(&Key::new("another").unwrap(), body);
        assert_eq!(verify(&receiver, body, Some(HOOK_ID), Some(&other)).unwrap_err(), Error::Mismatch);
    }
}

#[test]
fn debug_shows_which_notification_it_is_and_no_hash() {
    let receiver = receiver();
    let notification = verify(&receiver, BODY, Some(HOOK_ID), Some(HASH)).unwrap();
    let shown = format!("Notification {{ hook_id: {HOOK_ID:?}, body_length: {}, .. }}", BODY.len());
    assert_eq!(format!("{notification:?}"), shown);
    assert_eq!(format!("{:?}", notification.acknowledgement()), "Acknowledgement(…)");
}
