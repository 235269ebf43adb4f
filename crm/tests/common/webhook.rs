//! Webhooks, as the platform sends them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::server::{Reply, SECRET, Server, send};

pub const HOOK_ID: &str = "6f1c0e0a-6f0e-4a52-9d3c-2d8f3a1b7c55";

/// What the header of a notification's hash holds.
pub fn hash(secret: &str, body: impl AsRef<[u8]>) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_ref());
    hex::encode(mac.finalize().into_bytes())
}

/// The headers of a notification whose body has this hash.
pub fn headers(hash: &str) -> [(&str, &str); 2] {
    [("SocialSignIn-HookId", HOOK_ID), ("SocialSignIn-Hash", hash)]
}

/// All that comes before its body, with how long that is.
pub fn head(hash: &str, framing: &str) -> String {
    format!(
        "POST /webhook HTTP/1.1\r\nHost: a\r\nSocialSignIn-HookId: {HOOK_ID}\r\nSocialSignIn-Hash: {hash}\r\n\
         {framing}\r\n\r\n"
    )
}

/// Sends a notification that the usual secret hashed.
pub fn notify(server: &Server, body: impl AsRef<[u8]>) -> Reply {
    send("POST", &server.url("/webhook"), &headers(&hash(SECRET, &body)), body)
}

/// The body of the protocol's example, and the hash that `testsecret` gives it.
pub const HOOK_BODY: &str = r#"{"test":"data"}"#;

pub const HOOK_HASH: &str = "e123f721ae689ad2a06b5eed0838238f27e5c71d2159c258e73c651c98f17bdf";

/// Sends the notification of the protocol's example, which `testsecret` hashed.
pub fn notify_example(server: &Server) -> Reply {
    let headers = [("SocialSignIn-HookId", HOOK_ID), ("socialsignin-hash", HOOK_HASH)];
    send("POST", &server.url("/webhook"), &headers, HOOK_BODY)
}
