//! How to reach the database: from a URL to connections.

use std::{error::Error, pin::Pin, time::Duration};

use deadpool_postgres::{
    Connect, Hook, HookError, Manager, ManagerConfig, Pool, Runtime,
    tokio_postgres::{
        self, Client, Config, NoTls, Socket,
        config::{Host, SslMode},
        tls::{MakeTlsConnect, TlsConnect},
    },
};
use tokio::task::JoinHandle;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::explained;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// One plan for each statement, whatever is looked for: of a very common text, the planner
/// would expect so many people that it read them all. What has an index is read by it; and
/// to compile a plan takes longer than to run it.
const PLANNING: [(&str, &str); 5] = [
    ("jit", "off"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("plan_cache_mode", "force_generic_plan"),
];

pub struct Connector(Config);

impl Connector {
    pub fn new(url: &str) -> Result<Self, Box<dyn Error>> {
        // A certificate is always verified, and against the name of the host.
        let url = ["sslmode=verify-full", "sslmode=verify-ca"]
            .iter()
            .fold(url.to_owned(), |url, mode| url.replace(mode, "sslmode=require"));
        if url.contains("sslrootcert=") {
            return Err("DATABASE can't name certificates (sslrootcert); set SSL_CERT_FILE instead".into());
        }
        // Not with the URL, which may have a password.
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            let reason = explained(&error);
            format!("DATABASE is not a URL like postgres://user:password@host/database: {reason}")
        })?;
        if config.get_hosts().is_empty() {
            return Err("DATABASE needs a host, as in postgres://user:password@host/database".into());
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        Ok(Self(config))
    }

    /// Where the database is, for errors.
    pub fn place(&self) -> String {
        let hosts = self.0.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        });
        let ports = self.0.get_ports().iter().map(|port| format!(":{port}"));
        let database = self.0.get_dbname().map(|name| format!("/{name}"));
        [hosts.collect::<Vec<_>>().join(","), ports.collect(), database.unwrap_or_default()].concat()
    }

    /// At most so many connections, which are made as they are needed, and whose
    /// statements may take so long.
    pub fn pool(&self, size: usize, limit: Option<Duration>) -> Result<Pool, Box<dyn Error>> {
        let config = self.0.clone();
        let settings = settings(limit);
        let manager = match MakeRustlsConnect::with_native_certs() {
            Ok((tls, _)) => manager(config, Connecting { tls, settings }),
            Err(_) if config.get_ssl_mode() != SslMode::Require => {
                manager(config, Connecting { tls: NoTls, settings })
            }
            Err(_) => {
                return Err("there are no certificates to verify its own with: install ca-certificates, \
                            or name a file of them in SSL_CERT_FILE"
                    .into());
            }
        };
        let is_open = Hook::sync_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
            // Left to the pool, each would be a line in the log.
            if client.is_closed() { Err(HookError::message("it is closed")) } else { Ok(()) }
        });
        Ok(Pool::builder(manager).max_size(size).runtime(Runtime::Tokio1).pre_recycle(is_open).build()?)
    }
}

fn manager(config: Config, connecting: impl Connect + 'static) -> Manager {
    Manager::from_connect(config, connecting, ManagerConfig::default())
}

/// A statement that makes the settings of a connection, but for those that the URL has in its
/// `options`. Ours can't be there, since PgBouncer does not pass them on.
fn settings(limit: Option<Duration>) -> String {
    let limit = limit.map_or(0, |limit| limit.as_millis()).to_string();
    let settings = PLANNING.iter().copied().chain([("statement_timeout", &*limit)]);
    let values: Vec<String> = settings.map(|(name, value)| format!("('{name}', '{value}')")).collect();
    format!(
        "SELECT set_config(name, wanted, false) FROM (VALUES {}) AS settings (name, wanted)
         JOIN pg_settings USING (name) WHERE source <> 'client'",
        values.join(", ")
    )
}

/// Makes connections, and their settings. That one ends is no line in the log: whoever uses
/// it sees that, and whoever runs the server reads it once a minute.
struct Connecting<T> {
    tls: T,
    settings: String,
}

type Connected<'c> =
    Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), tokio_postgres::Error>> + Send + 'c>>;

impl<T> Connect for Connecting<T>
where
    T: MakeTlsConnect<Socket, Stream: Send, TlsConnect: Send> + Clone + Send + Sync + 'static,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    fn connect(&self, config: &Config) -> Connected<'_> {
        let config = config.clone();
        Box::pin(async move {
            let (client, connection) = config.connect(self.tls.clone()).await?;
            let task = tokio::spawn(async { drop(connection.await) });
            client.batch_execute(&self.settings).await?;
            Ok((client, task))
        })
    }
}
