//! A PgBouncer of a test's own, in front of its PostgreSQL.

use std::{
    fs,
    net::TcpListener,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    did_not_run::did_not_run,
    postgres::{NOBODY, Postgres, is_root},
};

pub struct PgBouncer {
    process: Child,
    port: u16,
}

impl PgBouncer {
    /// Starts one that pools sessions, at most so many, if it is installed.
    pub fn start(postgres: &Postgres, sessions: usize) -> Option<Self> {
        let folder = &postgres.folder;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = format!(
            "[databases]\npostgres = host={} port={} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = session\n\
             default_pool_size = {sessions}\n",
            folder.file(""),
            postgres.port
        );
        let file = folder.file("pgbouncer.ini");
        fs::write(&file, settings).unwrap();
        let log = fs::File::create(folder.file("pgbouncer.log")).unwrap();
        // Debian has it where only root looks.
        let mut command = Command::new("/usr/sbin/pgbouncer");
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.arg(file).current_dir("/").stdout(Stdio::null()).stderr(log);
        let process = match command.spawn() {
            Ok(process) => process,
            Err(error) => {
                did_not_run("pgbouncer", "pgbouncer", &error);
                return None;
            }
        };
        let bouncer = Self { process, port };
        let deadline = Instant::now() + Duration::from_secs(300);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                Instant::now() < deadline,
                "{}",
                fs::read_to_string(folder.file("pgbouncer.log")).unwrap()
            );
            thread::sleep(Duration::from_millis(20));
        }
        Some(bouncer)
    }

    /// What `DATABASE` is to be.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
