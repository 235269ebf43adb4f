//! Connecting: from a URL to pools of connections.

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

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// One plan for each statement, whatever its values: for a very common text, the planner would
/// expect so many people that it would read them all. Indexes are always used where there are
/// any, and plans are not compiled, since that takes longer than running them.
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
        // Certificates are always verified, including the host name.
        let url = ["sslmode=verify-full", "sslmode=verify-ca"]
            .iter()
            .fold(url.to_owned(), |url, mode| url.replace(mode, "sslmode=require"));
        if url.contains("sslrootcert=") {
            return Err("DATABASE must not contain sslrootcert; set SSL_CERT_FILE instead".into());
        }
        // The URL is not shown: it may contain a password.
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

    /// The host, port and database, for error messages.
    pub fn place(&self) -> String {
        let hosts = self.0.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        });
        let ports = self.0.get_ports().iter().map(|port| format!(":{port}"));
        let database = self.0.get_dbname().map(|name| format!("/{name}"));
        [hosts.collect::<Vec<_>>().join(","), ports.collect(), database.unwrap_or_default()].concat()
    }

    /// A pool of at most `size` connections, which are opened as needed, and whose statements
    /// may take up to `limit`.
    pub fn pool(&self, size: usize, limit: Option<Duration>) -> Result<Pool, Box<dyn Error>> {
        let config = self.0.clone();
        let settings = settings(limit);
        let manager = match MakeRustlsConnect::with_native_certs() {
            Ok((tls, _)) => manager(config, Connecting { tls, settings }),
            Err(_) if config.get_ssl_mode() != SslMode::Require => {
                manager(config, Connecting { tls: NoTls, settings })
            }
            Err(_) => {
                return Err("there are no trusted certificates to verify its certificate with: install \
                            ca-certificates, or set SSL_CERT_FILE"
                    .into());
            }
        };
        let is_open = Hook::sync_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
            // If the pool found out by itself, it would log a line for each.
            if client.is_closed() { Err(HookError::message("it is closed")) } else { Ok(()) }
        });
        Ok(Pool::builder(manager).max_size(size).runtime(Runtime::Tokio1).pre_recycle(is_open).build()?)
    }
}

fn manager(config: Config, connecting: impl Connect + 'static) -> Manager {
    Manager::from_connect(config, connecting, ManagerConfig::default())
}

/// A statement that applies the settings to a connection, except those in the `options` of the
/// URL. Ours can't be there, since PgBouncer does not pass them on.
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

/// Opens connections and applies the settings. A connection that breaks is not logged: whoever
/// uses it gets the error, and the log counts those once a minute.
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
