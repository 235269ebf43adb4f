//! A PostgreSQL of a test's own, on a socket in its folder and, if asked, on a port.

use std::{
    fs::{self, Permissions},
    io::{Read, Write},
    net::TcpListener,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{did_not_run::did_not_run, folder::Folder, server::kill};

/// PostgreSQL does not run as root: for root it runs as nobody.
pub const NOBODY: u32 = 65_534;

pub struct Postgres {
    process: Option<Child>,
    programs: PathBuf,
    pub folder: Folder,
    pub port: u16,
}

impl Postgres {
    /// A new, empty database, if the programs are here, on a socket alone.
    pub fn start(name: &str) -> Option<Self> {
        Self::with(name, &[], &[])
    }

    /// The same, with settings, and with files beside its own.
    pub fn with(name: &str, settings: &[(&str, &str)], files: &[(&str, &str)]) -> Option<Self> {
        let Some(programs) = programs() else {
            did_not_run("initdb", "postgresql", &std::io::ErrorKind::NotFound.into());
            return None;
        };
        let folder = Folder::for_all(name);
        // Free now, and so most likely in a moment.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut postgres = Self { process: None, programs, folder, port };
        if is_root() {
            chown(postgres.folder.file(""), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let output = postgres
            .command("initdb")
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
            .arg(postgres.folder.file("data"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let socket = postgres.folder.file("");
        let port = port.to_string();
        let ours = [("unix_socket_directories", &*socket), ("listen_addresses", ""), ("port", &port)];
        let mut text = String::new();
        for (name, value) in ours.iter().chain(settings) {
            text += &format!("{name} = '{value}'\n");
        }
        let file = postgres.folder.file("data/postgresql.conf");
        fs::OpenOptions::new().append(true).open(file).unwrap().write_all(text.as_bytes()).unwrap();
        for (name, text) in files {
            let file = postgres.folder.file(&format!("data/{name}"));
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
            if is_root() {
                chown(file, Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }
        postgres.run();
        Some(postgres)
    }

    /// Starts it, once more after it was stopped.
    pub fn run(&mut self) {
        let mut command = self.command("postgres");
        let log = fs::File::options().create(true).append(true).open(self.folder.file("log")).unwrap();
        command.arg("-D").arg(self.folder.file("data")).stdout(log.try_clone().unwrap()).stderr(log);
        self.process = Some(command.stdin(Stdio::null()).spawn().unwrap());
        let deadline = Instant::now() + Duration::from_secs(300);
        while self.psql("SELECT 1").is_err() {
            assert!(Instant::now() < deadline, "{}", fs::read_to_string(self.folder.file("log")).unwrap());
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stops it at once, with whatever it was doing.
    pub fn stop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        kill("INT", process.id());
        process.wait().unwrap();
    }

    /// What `DATABASE` is to be.
    pub fn url(&self) -> String {
        let folder = self.folder.file("").replace('/', "%2F");
        format!("postgres://postgres@{folder}:{}/postgres", self.port)
    }

    /// Runs SQL, and gives the rows as text, or the error.
    pub fn psql(&self, sql: &str) -> Result<String, String> {
        let mut process = self.start_psql();
        let written = process.stdin.take().unwrap().write_all(sql.as_bytes());
        let output = process.wait_with_output().unwrap();
        if output.status.success() && written.is_ok() {
            Ok(String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    fn start_psql(&self) -> Child {
        Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-p"])
            .args([&self.port.to_string(), "-h", &self.folder.file(""), "-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// A connection that stays open until its value goes.
    pub fn session(&self) -> Session {
        let mut process = self.start_psql();
        Session { to: process.stdin.take(), process }
    }

    /// Waits until a query gives this.
    pub fn wait_for(&self, sql: &str, result: &str) {
        let deadline = Instant::now() + Duration::from_secs(300);
        while self.sql(sql) != result {
            assert!(Instant::now() < deadline, "{sql} does not give {result}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Runs SQL that is right.
    pub fn sql(&self, sql: &str) -> String {
        self.psql(sql).unwrap()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.current_dir("/");
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A program that is connected.
pub struct Session {
    process: Child,
    to: Option<ChildStdin>,
}

impl Session {
    /// Runs SQL that gives nothing.
    pub fn run(&mut self, sql: &str) {
        writeln!(self.to.as_mut().unwrap(), "{sql};\n\\echo done").unwrap();
        let mut answer = [0; 5];
        self.process.stdout.as_mut().unwrap().read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"done\n");
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drop(self.to.take());
        let _ = self.process.wait();
    }
}

pub fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Where Debian has the programs of the latest version.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir(Path::new("/usr/lib/postgresql")).ok()?;
    let programs = versions.map(|version| version.unwrap().path().join("bin"));
    programs.filter(|programs| programs.join("initdb").exists()).max()
}

/// A string of SQL.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
