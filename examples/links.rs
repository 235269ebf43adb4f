//! A file server beside a Laravel or Symfony application: it gives a file to anyone who
//! has a link to it that the application signed.
//!
//!     APP_KEY=base64:… FOLDER=storage/app/private cargo run --example links
//!     APP_SECRET=… ORIGIN=https://files.example FOLDER=files cargo run --example links

use std::{
    env,
    error::Error,
    io::{self, ErrorKind, Write},
    path::Path,
    pin::pin,
    process::ExitCode,
    sync::{
        Arc,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use signed_query::{Key, VerifiedLink, laravel, symfony};
use tokio::{
    net::TcpListener,
    signal::ctrl_c,
    time::{sleep, timeout},
};
use tower_http::services::ServeDir;

/// For headers (hyper counts the time before them, too), and for requests in flight at the end.
const PATIENCE: Duration = Duration::from_secs(10);

const HELP: &str = "\
Serves the files of a folder to anyone who has a link that Laravel or Symfony signed.

Usage: VARIABLE=… cargo run --example links

  APP_KEY     Laravel's key, exactly as in .env; or instead
  APP_SECRET  Symfony's secret, exactly as in .env
  APP_PREVIOUS_KEYS
              former keys, which are accepted as well; separated by commas
  ORIGIN      where the links lead, as in https://files.example; required for Symfony;
              by default links are Laravel's relative ones, which Storage::temporaryUrl
              makes
  FOLDER      the folder with the files; required
  PREFIX      what comes before a file's name in a link; by default /storage, and
              nothing for Symfony
  LISTEN      address and port, or a port of 127.0.0.1 alone; by default
              127.0.0.1:8080

A variable that is empty counts as not set.";

/// Whose links are accepted.
enum Verifier {
    Laravel(laravel::Verifier),
    Symfony(symfony::Verifier),
}

impl Verifier {
    fn from_environment() -> Result<Self, Box<dyn Error>> {
        let origin = variable("ORIGIN");
        let previous = variable("APP_PREVIOUS_KEYS").unwrap_or_default();
        let previous = previous.split(',').filter(|key| !key.is_empty()).map(Key::new);
        match (variable("APP_KEY"), variable("APP_SECRET")) {
            (Some(key), None) => {
                let mut verifier = match origin {
                    Some(origin) => laravel::Verifier::absolute(Key::new(key)?, &origin)?,
                    None => laravel::Verifier::relative(Key::new(key)?),
                };
                for key in previous {
                    verifier = verifier.or_key(key?);
                }
                Ok(Self::Laravel(verifier))
            }
            (None, Some(secret)) => {
                let origin = origin.ok_or("ORIGIN is not set, as in ORIGIN=https://files.example")?;
                let mut verifier = symfony::Verifier::absolute(Key::new(secret)?, &origin)?;
                for key in previous {
                    verifier = verifier.or_key(key?);
                }
                Ok(Self::Symfony(verifier))
            }
            _ => Err("set either APP_KEY, for Laravel, or APP_SECRET, for Symfony".into()),
        }
    }

    fn verify<'t>(&self, target: &'t str) -> Result<VerifiedLink<'t>, signed_query::Error> {
        match self {
            Self::Laravel(verifier) => verifier.verify(target),
            Self::Symfony(verifier) => verifier.verify(target),
        }
    }
}

/// The value of an environment variable, unless it is empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

struct Files {
    verifier: Verifier,
    prefix: String,
    folder: ServeDir,
    log: SyncSender<String>,
}

/// The file that a link is for. Nothing but what was signed is read from the link.
async fn file(State(files): State<Arc<Files>>, request: Request) -> Response {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let link = match files.verifier.verify(target) {
        Ok(link) => link,
        Err(error) => {
            let _ = files.log.try_send(format!("refused: {error}")); // the client need not know why
            return StatusCode::from_u16(error.status()).expect("a status of HTTP").into_response();
        }
    };
    // Laravel signs links for uploads, too, and those are not for reading the file.
    if link.query().iter().any(|(name, _)| name == "upload" || name.starts_with("upload[")) {
        let _ = files.log.try_send("refused: the link is for an upload".to_owned());
        return StatusCode::FORBIDDEN.into_response();
    }
    if request.method() != Method::GET {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")]).into_response();
    }
    let Some(name) = link.path().strip_prefix(&files.prefix).filter(|name| name.starts_with('/')) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // `ServeDir` decodes the path and refuses one that leads out of the folder.
    let mut asked = Request::builder().uri(name);
    for name in [header::RANGE, header::IF_RANGE, header::IF_MODIFIED_SINCE, header::IF_UNMODIFIED_SINCE] {
        if let Some(value) = request.headers().get(&name) {
            asked = asked.header(name, value);
        }
    }
    let Ok(asked) = asked.body(Body::empty()) else { return StatusCode::NOT_FOUND.into_response() };
    match files.folder.clone().try_call(asked).await {
        Ok(response) => response.into_response(),
        Err(error) if error.kind() == ErrorKind::NotFound => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            let _ = files.log.try_send(format!("failed: {error}"));
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The link is a credential: nothing may pass it on or keep what it gave. A page among
/// the files may do nothing.
async fn keep_private(mut response: Response) -> Response {
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Lines go to standard error by a thread of their own: one that can't be written
/// there, or not yet, is left out and holds nobody up. `eprintln!` would panic.
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
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "links: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    match env::args_os().nth(1) {
        None => {}
        Some(argument) if argument == "-h" || argument == "--help" => {
            let _ = writeln!(io::stdout(), "{HELP}"); // `println!` may panic
            return Ok(());
        }
        Some(other) => return Err(format!("unknown argument {other:?}; see --help").into()),
    }
    let verifier = Verifier::from_environment()?;
    let folder = variable("FOLDER").ok_or("FOLDER is not set, as in FOLDER=storage/app/private")?;
    if !Path::new(&folder).is_dir() {
        return Err(format!("FOLDER={folder} is not a folder").into());
    }
    let usual_prefix = if matches!(verifier, Verifier::Laravel(_)) { "/storage" } else { "" };
    let prefix = variable("PREFIX").unwrap_or_else(|| usual_prefix.to_owned());
    let prefix = prefix.trim_end_matches('/').to_owned();
    // A folder is not listed, nor is its `index.html` sent.
    let folder = ServeDir::new(folder).append_index_html_on_directories(false);
    let app = Router::new()
        .fallback(file)
        .layer(axum::middleware::map_response(keep_private))
        .with_state(Arc::new(Files { verifier, prefix, folder, log: log() }));

    let listen = variable("LISTEN").unwrap_or_else(|| "8080".to_owned());
    let address = if listen.contains(':') { listen.clone() } else { format!("127.0.0.1:{listen}") };
    let unusable = |error| format!("can't listen on LISTEN={listen} (address:port, or a port): {error}");
    let listener = TcpListener::bind(address).await.map_err(unusable)?;
    let stop = pin!(async {
        let _ = ctrl_c().await;
    });
    let _ = writeln!(io::stdout(), "Listening on http://{}", listener.local_addr()?);
    serve(listener, app, stop).await;
    Ok(())
}

/// As `axum::serve` with a graceful shutdown, which has no timeout for headers.
async fn serve(listener: TcpListener, app: Router, mut stop: impl Future<Output = ()> + Unpin) {
    let service = TowerToHyperService::new(app);
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select!(accepted = listener.accept() => accepted, () = &mut stop => break);
        let Ok((stream, _)) = accepted else {
            sleep(Duration::from_millis(100)).await; // out of files, most likely
            continue;
        };
        let mut server = http1::Builder::new();
        let server = server.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(32 * 1024);
        tokio::spawn(connections.watch(server.serve_connection(TokioIo::new(stream), service.clone())));
    }
    let _ = timeout(PATIENCE, connections.shutdown()).await;
}
