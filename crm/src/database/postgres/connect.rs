//! How to reach the database: from a URL to connections.

use std::{error::Error, time::Duration};

use deadpool_postgres::{
    Manager, ManagerConfig, Pool, RecyclingMethod, Runtime,
    tokio_postgres::{
        self, Config, NoTls,
        config::{Host, SslMode},
    },
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::explained;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// One plan for each statement, whatever is looked for: of a very common text, the planner
/// would expect so many people that it read them all. What has an index is read by it; and
/// to compile a plan takes longer than to run it.
const PLANNING: &str =
    "-c jit=off -c enable_seqscan=off -c enable_hashjoin=off -c plan_cache_mode=force_generic_plan";

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
        let mut config = self.0.clone();
        let given = config.get_options().unwrap_or_default();
        let limit = limit.map_or(0, |limit| limit.as_millis());
        config.options(format!("{PLANNING} -c statement_timeout={limit} {given}"));
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match MakeRustlsConnect::with_native_certs() {
            Ok((tls, _)) => Manager::from_config(config, tls, recycling),
            Err(_) if config.get_ssl_mode() != SslMode::Require => {
                Manager::from_config(config, NoTls, recycling)
            }
            Err(_) => {
                return Err("there are no certificates to verify its own with: install ca-certificates, \
                            or name a file of them in SSL_CERT_FILE"
                    .into());
            }
        };
        Ok(Pool::builder(manager).max_size(size).runtime(Runtime::Tokio1).build()?)
    }
}
