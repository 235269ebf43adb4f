//! What the guide says of axum: a nested router sees a target without its prefix, for which
//! no link is signed, and `OriginalUri` has the whole.

mod common;

use std::sync::Arc;

use axum::{
    Router,
    extract::{OriginalUri, Request, State},
    http::{StatusCode, Uri},
    routing::get,
};
use common::{
    links::{APP_KEY, signed},
    server::send,
};
use signed_query::{Key, laravel};
use tokio::net::TcpListener;

fn status(verifier: &laravel::Verifier, uri: &Uri) -> StatusCode {
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    let status = verifier.verify(target).map_or_else(|error| error.status(), |_| 200);
    StatusCode::from_u16(status).unwrap()
}

async fn by_uri(State(verifier): State<Arc<laravel::Verifier>>, request: Request) -> StatusCode {
    status(&verifier, request.uri())
}

async fn by_original_uri(
    State(verifier): State<Arc<laravel::Verifier>>,
    OriginalUri(uri): OriginalUri,
) -> StatusCode {
    status(&verifier, &uri)
}

/// As middleware has it.
async fn by_extension(State(verifier): State<Arc<laravel::Verifier>>, request: Request) -> StatusCode {
    let OriginalUri(uri) = request.extensions().get().expect("axum adds it");
    status(&verifier, uri)
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_nested_router_the_original_uri_is_what_was_signed() {
    let routes = Router::new()
        .route("/uri", get(by_uri))
        .route("/original", get(by_original_uri))
        .route("/extension", get(by_extension));
    let app = Router::new()
        .merge(routes.clone())
        .nest("/a", routes.clone())
        .nest("/b", Router::new().nest("/c", routes))
        .with_state(Arc::new(laravel::Verifier::relative(Key::new(APP_KEY).unwrap())));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });
    for (prefix, by_uri) in [("", 200), ("/a", 403), ("/b/c", 403)] {
        for (path, expected) in [("/uri", by_uri), ("/original", 200), ("/extension", 200)] {
            let link = signed(&format!("{prefix}{path}?id=1"));
            for (link, expected) in [(&link, expected), (&link.replace("id=1", "id=2"), 403)] {
                let url = format!("http://{address}{link}");
                let reply = tokio::task::spawn_blocking(move || send("GET", &url, &[], "")).await.unwrap();
                assert_eq!(reply.status, expected, "{link}");
            }
        }
    }
}
