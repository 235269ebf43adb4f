//! What it never prints: a secret, or the signature that would be right.

use std::collections::BTreeMap;

use signed_query::Key;

use crate::{HOST, common::SECRET, explain, run, secret_of};

/// It is worth as much as the secret until the request expires.
#[test]
fn the_expected_signature_is_not_printed() {
    let right = Key::new(SECRET).unwrap().sign_url(&format!("{HOST}?q=red"), 4_102_444_800).unwrap();
    let (front, signature) = right.rsplit_once('=').unwrap();
    for wrong in
        ["0".repeat(64), "{sig}".into(), String::new(), signature[..32].into(), signature.to_uppercase()]
    {
        let said = explain(SECRET, &format!("{front}={wrong}")).said;
        assert!(!said.contains(signature), "{said}");
    }
}

/// Neither in what came nor in what was found to be signed.
#[test]
fn no_secret_of_the_server_is_printed() {
    let names = ["SECRET", "PREVIOUS_SECRET", "IFRAME_SECRET", "WEBHOOK_SECRET", "WEBHOOK_SECRET_CRM"];
    let secrets = names.map(|name| (name.to_owned(), format!("{}-hunter2", name.to_lowercase())));
    let env = BTreeMap::from(secrets.clone());
    for (name, secret) in &secrets {
        let valid = Key::new(secret).unwrap().sign_url(&format!("{HOST}?q={secret}"), 4_102_444_800).unwrap();
        let wrong = valid.replace("sig=", "sig=0");
        let hash = "0".repeat(64);
        for (args, stdin) in [
            (&[&*valid][..], ""),
            (&[&*wrong], ""),
            (&[&*valid.replace("/search", "/iframe")], ""),
            (&["--webhook", &*hash], &**secret),
        ] {
            let said = run(&env, args, stdin).said;
            assert!(said.contains("[secret]") && !said.contains("hunter2"), "{name}: {said}");
        }
    }
}

#[test]
fn a_secret_is_masked_as_urls_json_and_html_spell_it() {
    let secret = r#"a"b/c&d ~é{x}*"#;
    let escapes = |space: &str| {
        let plain: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        plain.replace('+', space)
    };
    let json = serde_json::to_string(secret).unwrap();
    let json = json.trim_matches('"');
    for spelling in [
        escapes("+"),
        escapes("%20"),
        escapes("%20").to_lowercase(),
        escapes("%20").replace('%', "%25"),
        escapes("%20").replace("%7E", "~"),
        json.to_owned(),
        json.replace('/', r"\/"),
        json.replace('é', r"\u00e9"),
        secret.replace('&', "&amp;").replace('"', "&quot;"),
    ] {
        for url in
            [format!("{HOST}?note=x&q={spelling}&sig=00"), format!("{HOST}?{spelling}=1&expires=1&sig=00")]
        {
            let said = run(&secret_of(secret), &[&url], "").said;
            assert!(!said.contains(&spelling), "{spelling} is in {said}");
        }
        let said = run(&secret_of(secret), &["--webhook", "00"], &spelling).said;
        assert!(said.contains("[secret]") && !said.contains(&spelling), "{spelling} is in {said}");
    }
}
