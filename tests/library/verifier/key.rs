//! The secret, as HMAC takes it.

use crate::common::example::{EXAMPLE, EXPIRES};
use signed_query::{Error, Key, Verifier};

/// MACs of `q=red&expires=1500472622`, from Python's
/// `hmac.new(secret, message, "sha256").hexdigest()`.
#[test]
fn a_secret_of_any_length_gives_the_mac_that_others_get() {
    let every_byte: Vec<u8> = (0..=255).collect();
    let macs: [(&[u8], &str); 13] = [
        (&[b'k'; 63], "28ca036fd24aaedab25fcbdd45db7f91c5d06d73ebe7ee7ca4bbe850fd9bf6f9"),
        // The length of a block; a longer secret is hashed first.
        (&[b'k'; 64], "eb598b7e60bfbea9d02ad6929a04cb729b6f0e21a8cecd40ca6d9f52dd84ac4f"),
        (&[b'k'; 65], "56a7dc29fa5e48df57fde3d0352a6dc768708efbf0e2b588ba7d04c33d09937b"),
        (&[b'k'; 128], "9a8cc96050b91b225a420c7edd215c181cd444adcc59b3bcb16d959ca6f51fc4"),
        (&[b'k'; 129], "72aacacd95f236d26b86e4bb7fbf334532571f3d71d37156a77114cb8be7eee9"),
        (&[b'k'; 200], "ad10514b33b13ff3ee81b444ea4c1bb1792bc85be87486c23d6340bbdca8c98b"),
        (&[0xFF; 1000], "f1fab1bc345826f8559a63ae784c5096dab6ab049500f4cc0f7f946871aeae28"),
        (b"change\0me!", "7fc9540299de1d6404521af1d98aa268c1a4aac524aa314d6bf8e4e8e680403e"),
        (b"\0changeme!", "f01adae703e3050cff56c3b380d91b11676ad82d774b0dfb3b1fc53b0e8cc8c8"),
        (b"\0", "803bf10ea13387325b5443588ee9186c4024e548cf686dfe69f68e2a41679292"),
        (
            &[[b'k'; 64].as_slice(), b"\0"].concat(),
            "956e69e3f85a4828bbc96345f37f6f659635e95ee6f2f45b3843e5083086d928",
        ),
        ("größe".as_bytes(), "2f7ef2db80ba556ec20be74221621259234af5c5aeff079e3038ef13706e8212"),
        (&every_byte, "4612284c8482013fdb0de0499d96609a96aaff5376c86387d6ed80a71de78e6e"),
    ];
    for (secret, mac) in macs {
        let key = Key::new(secret).unwrap();
        let signed = key.sign([("q", "red")], EXPIRES).unwrap();
        assert_eq!(signed, format!("q=red&expires=1500472622&sig={mac}"), "{secret:?}");
        assert!(Verifier::new(key).verify_at(&signed, EXPIRES).is_ok());
        for (other, _) in macs.iter().filter(|(other, _)| *other != secret && other.len() > 1) {
            let verified = Verifier::new(Key::new(other).unwrap()).verify_at(&signed, EXPIRES);
            assert_eq!(verified, Err(Error::Mismatch), "{other:?} for {secret:?}");
        }
    }
}

#[test]
fn a_key_is_parsed_from_text_as_it_is_made_of_bytes() {
    for secret in ["changeme!", " changeme! ", "größe", "a\0b", &"k".repeat(65)] {
        let (parsed, made): (Key, _) = (secret.parse().unwrap(), Key::new(secret).unwrap());
        assert_eq!(parsed.sign([("q", "red")], EXPIRES), made.sign([("q", "red")], EXPIRES), "{secret:?}");
    }
    assert_eq!("".parse::<Key>().unwrap_err(), Error::EmptySecret);
}

#[test]
fn a_key_is_made_of_whatever_has_bytes() {
    let text = String::from("changeme!");
    let keys = [
        Key::new("changeme!"),
        Key::new(&text),
        Key::new(text),
        Key::new(b"changeme!"),
        Key::new(Vec::from(*b"changeme!")),
        Key::new(&b"changeme!"[..]),
    ];
    let signed = keys.map(|key| key.unwrap().sign([("q", "red")], EXPIRES).unwrap());
    assert!(signed.iter().all(|one| *one == signed[0]));
}

#[test]
fn an_empty_secret_is_no_key() {
    assert_eq!(Key::new("").unwrap_err(), Error::EmptySecret);
    assert!(Key::new([0]).is_ok() && Key::new(" ").is_ok() && Key::new(vec![0xFF; 1000]).is_ok());
}

#[test]
fn a_secret_is_used_to_its_last_byte() {
    for secret in ["changeme! ", "changeme!\n", "changeme!\0", " changeme!"] {
        let verified = Verifier::new(Key::new(secret).unwrap()).verify_at(EXAMPLE, EXPIRES);
        assert_eq!(verified.is_ok(), secret == "changeme!\0", "{secret:?}: HMAC pads a key with NULs");
    }
}
