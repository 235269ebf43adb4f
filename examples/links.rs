//! A file server beside a Laravel or Symfony application: it serves a file to anyone who has a
//! link to it that the application signed.
//!
//!     APP_KEY=base64:… FOLDER=storage/app/private cargo run --example links
//!     APP_SECRET=… ORIGIN=https://files.example FOLDER=files cargo run --example links

use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, SystemTime};
use std::{convert::Infallible, env, error::Error, path::Path, pin::pin, process::ExitCode, thread};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_range::{HttpRange, HttpRangeParseError::NoOverlap};
use httpdate::fmt_http_date;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, rt::TokioTimer, server::graceful::GracefulShutdown};
use signed_query::{Key, VerifiedLink, laravel, symfony};
use tokio::{net::TcpListener, signal::ctrl_c, time};
use tower_http::services::ServeDir;

/// For headers (including the time before them), and for requests in flight at the end.
const PATIENCE: Duration = Duration::from_secs(10);

const HELP: &str = "\
Serves the files of a folder to anyone who has a link that Laravel or Symfony signed.

Usage: VARIABLE=… cargo run --example links

  APP_KEY     Laravel's key, exactly as in .env; or instead
  APP_SECRET  Symfony's secret, exactly as in .env
  APP_PREVIOUS_KEYS
              former keys or secrets, which are still accepted; separated by commas
  ORIGIN      the origin of the links, as in https://files.example; required for Symfony;
              default: none, for Laravel's relative links (Storage::temporaryUrl)
  FOLDER      the folder with the files; required
  PREFIX      what precedes a file's name in a link; default: /storage (Symfony: none)
  LISTEN      address and port, or just a port, on 127.0.0.1; default: 127.0.0.1:8080

An empty variable counts as unset.";

/// Verifies the path and query of a link.
type Verify = dyn Fn(&str) -> Result<VerifiedLink<'_>, signed_query::Error> + Send + Sync;

/// The verifier that the environment configures, and the default prefix.
fn verifier() -> Result<(Box<Verify>, &'static str), Box<dyn Error>> {
    let origin = variable("ORIGIN");
    let previous = variable("APP_PREVIOUS_KEYS").unwrap_or_default();
    let previous = previous.split(',').filter(|key| !key.is_empty()).map(Key::new);
    let previous = previous.collect::<Result<Vec<_>, _>>()?.into_iter();
    match (variable("APP_KEY"), variable("APP_SECRET")) {
        (Some(key), None) => {
            let verifier = match origin {
                Some(origin) => laravel::Verifier::absolute(Key::new(key)?, &origin)?,
                None => laravel::Verifier::relative(Key::new(key)?),
            };
            let verifier = previous.fold(verifier, laravel::Verifier::or_key);
            Ok((Box::new(move |target| verifier.verify(target)), "/storage"))
        }
        (None, Some(secret)) => {
            let origin = origin.ok_or("ORIGIN is not set; set it, as in ORIGIN=https://files.example")?;
            let verifier = symfony::Verifier::absolute(Key::new(secret)?, &origin)?;
            let verifier = previous.fold(verifier, symfony::Verifier::or_key);
            Ok((Box::new(move |target| verifier.verify(target)), ""))
        }
        _ => Err("set either APP_KEY, for Laravel, or APP_SECRET, for Symfony".into()),
    }
}

/// The value of an environment variable, unless it is empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

struct Files {
    verify: Box<Verify>,
    prefix: String,
    folder: ServeDir,
    log: SyncSender<String>,
}

impl Files {
    /// The file that a link is for. Only what was signed is read from the link.
    async fn file(&self, request: &Request<Incoming>) -> Result<Response, StatusCode> {
        let target = request.uri().path_and_query().map_or("", |target| target.as_str());
        let link = (self.verify)(target).map_err(|error| {
            let _ = self.log.try_send(format!("refused: {error}")); // the client is not told why
            StatusCode::from_u16(error.status()).expect("a status of HTTP")
        })?;
        // Laravel signs links for uploads as well; those don't grant reading.
        if link.query().iter().any(|(name, _)| name == "upload" || name.starts_with("upload[")) {
            let _ = self.log.try_send("refused: the link is for an upload".to_owned());
            return Err(StatusCode::FORBIDDEN);
        }
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return Ok((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response());
        }
        let name = link.path().strip_prefix(&self.prefix).filter(|name| name.starts_with('/'));
        let name = name.ok_or(StatusCode::NOT_FOUND)?;
        let mut headers = combined(request.headers());
        let range = headers.remove(header::RANGE).filter(|_| *request.method() == Method::GET);
        let if_range = headers.remove(header::IF_RANGE);
        let whole = self.open(name, headers).await?;
        let range = range.and_then(|range| part(&range, if_range, whole.headers()));
        let Some(range) = range else { return Ok(whole) };
        let part = self.open(name, HeaderMap::from_iter([(header::RANGE, range)])).await?;
        let is_unchanged = part.headers().get(header::ETAG) == whole.headers().get(header::ETAG);
        Ok(if is_unchanged { part } else { whole })
    }

    /// The answer of `ServeDir`, which decodes the path, refuses one that leads out of the folder,
    /// and evaluates preconditions (RFC 9110, section 13.2).
    async fn open(&self, name: &str, headers: HeaderMap) -> Result<Response, StatusCode> {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = name.parse().map_err(|_| StatusCode::NOT_FOUND)?;
        *request.headers_mut() = headers;
        let answer = self.folder.clone().try_call(request).await;
        answer.map(IntoResponse::into_response).map_err(|error| {
            let _ = self.log.try_send(format!("can't open a file: {error}"));
            match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => StatusCode::NOT_FOUND,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            }
        })
    }
}

/// The lines of a field are one list (RFC 9110, section 5.3); `ServeDir` reads only the first.
fn combined(headers: &HeaderMap) -> HeaderMap {
    let combine = |name: &HeaderName| {
        let lines: Vec<_> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
        Some((name.clone(), HeaderValue::from_bytes(&lines.join(&b", "[..])).ok()?))
    };
    headers.keys().filter_map(combine).collect()
}

/// The `Range` to pass to `ServeDir`; without one it sends the whole file. By itself it ignores
/// `If-Range`, refuses a suffix longer than the file, several ranges and units other than bytes,
/// and sends a part of an empty file (against RFC 9110, sections 13.1.5 and 14).
fn part(range: &HeaderValue, if_range: Option<HeaderValue>, whole: &HeaderMap) -> Option<HeaderValue> {
    let is = |name| whole.get(name) == if_range.as_ref();
    // Within the second of its date, a file may change again and keep that date.
    let now = HeaderValue::try_from(fmt_http_date(SystemTime::now())).ok();
    if if_range.is_some() && !is(header::ETAG) && (!is(header::LAST_MODIFIED) || if_range == now) {
        return None;
    }
    let length = whole.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()?;
    let range = match HttpRange::parse_bytes(range.as_bytes(), length).as_deref() {
        Ok(&[HttpRange { start, length: length @ 1.. }]) => format!("bytes={start}-{}", start + length - 1),
        Err(NoOverlap) => format!("bytes={}-", u64::MAX), // is answered 416
        _ => return None,
    };
    range.try_into().ok()
}

/// Pages, SVG and XML may do nothing. To play media, a browser loads it again by the same link.
const NOTHING: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
const PLAYED: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'";

/// The link is a credential: nobody may pass it on or keep what it gave. All text is UTF-8.
fn keep_private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.unwrap_or_default().to_owned();
    let policy = match media_type.split_once('/') {
        Some(("image", "svg+xml")) => NOTHING,
        Some(("audio" | "image" | "video", _) | ("application", "pdf")) => PLAYED,
        _ => NOTHING,
    };
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if media_type.starts_with("text/") {
        headers.insert(header::CONTENT_TYPE, format!("{media_type}; charset=utf-8").try_into().unwrap());
    }
    response
}

/// A separate thread writes lines to standard error, so that no request waits, or panics, for one.
fn log() -> SyncSender<String> {
    let (log, lines) = sync_channel(1000);
    thread::spawn(move || {
        for line in lines {
            let _ = writeln!(io::stderr(), "{line}");
        }
    });
    log
}

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(io::stderr(), "links: {error}");
    ExitCode::FAILURE
}

async fn run() -> Result<(), Box<dyn Error>> {
    if let Some(argument) = env::args_os().nth(1) {
        if argument != "-h" && argument != "--help" {
            return Err(format!("unknown argument {argument:?}; see --help").into());
        }
        let _ = writeln!(io::stdout(), "{HELP}"); // `println!` may panic
        return Ok(());
    }
    let (verify, usual_prefix) = verifier()?;
    let folder = variable("FOLDER").ok_or("FOLDER is not set; set it, as in FOLDER=storage/app/private")?;
    if !Path::new(&folder).is_dir() {
        return Err(format!("FOLDER={folder} is not a folder that can be read").into());
    }
    let prefix = variable("PREFIX").unwrap_or_else(|| usual_prefix.to_owned());
    let prefix = prefix.trim_end_matches('/').to_owned();
    // Folders are not listed, and an `index.html` in them is not sent.
    let folder = ServeDir::new(folder).append_index_html_on_directories(false);
    let listen = variable("LISTEN");
    let origin = if listen.is_some() { "from LISTEN" } else { "the default; set LISTEN to change it" };
    let listen = listen.unwrap_or_else(|| "8080".to_owned());
    let address = if listen.contains(':') { listen } else { format!("127.0.0.1:{listen}") };
    let unusable = |error| format!("can't listen on {address} ({origin}): {error}");
    let listener = TcpListener::bind(&address).await.map_err(unusable)?;
    let _ = writeln!(io::stdout(), "Listening on http://{}", listener.local_addr()?);
    serve(listener, Box::leak(Box::new(Files { verify, prefix, folder, log: log() }))).await; // for as long as the process lives
    Ok(())
}

/// Like `axum::serve` with a graceful shutdown, but with a timeout for headers.
async fn serve(listener: TcpListener, files: &'static Files) {
    let mut stop = pin!(ctrl_c());
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select!(accepted = listener.accept() => accepted, _ = &mut stop => break);
        let Ok((stream, _)) = accepted else {
            time::sleep(Duration::from_millis(100)).await; // most likely out of files
            continue;
        };
        let service = service_fn(move |request| async move {
            let answer = files.file(&request).await.unwrap_or_else(IntoResponse::into_response);
            Ok::<_, Infallible>(keep_private(answer))
        });
        let mut server = http1::Builder::new();
        let server = server.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(32 * 1024);
        tokio::spawn(connections.watch(server.serve_connection(TokioIo::new(stream), service)));
    }
    let _ = time::timeout(PATIENCE, connections.shutdown()).await;
}
