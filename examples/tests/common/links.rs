//! The example `links`, for links of Laravel's.

use signed_query::{Key, laravel};

use super::server::{Server, now};

pub const APP_KEY: &str = "base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// A server of a folder's files.
pub fn laravel_server(folder: &str) -> Server {
    Server::of("links", &[("APP_KEY", APP_KEY), ("FOLDER", folder)])
}

/// A relative link, good for a minute.
pub fn signed(path: &str) -> String {
    laravel::sign(&Key::new(APP_KEY).unwrap(), path, Some(now() + 60)).unwrap()
}
