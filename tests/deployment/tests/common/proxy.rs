//! A proxy with its file of docs/deployment, as a process of its own. Of the file
//! only what belongs to the machine is replaced: ports, paths and users.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    certificate,
    did_not_run::is_installed,
    folder::Folder,
    tls::{Answer, Connection},
    webhook,
};

/// A proxy, as Debian has it.
pub struct Kind {
    pub package: &'static str,
    program: &'static str,
    /// The documented file, and where it goes in the test's folder.
    file: &'static str,
    name: &'static str,
    /// What is another on each machine: how it stands in the file, and in a test.
    here: &'static [(&'static str, &'static str)],
    /// What Debian's package has around the file, if anything.
    around: Option<(&'static str, &'static str)>,
    arguments: &'static [&'static str],
    /// Whether a POST that a copy did not take goes to the other one.
    pub tries_a_post_again: bool,
}

/// In what a test puts into files and arguments, `{folder}` is its folder and
/// `{port}` where the proxy listens.
const TLS: [(&str, &str); 1] = [("/etc/ssl/signed-query.pem", "{folder}/signed-query.pem")];

pub const ALL: [Kind; 4] = [
    Kind {
        package: "nginx",
        program: "/usr/sbin/nginx",
        file: include_str!("../../../../docs/deployment/nginx.conf"),
        name: "signed-query.conf",
        here: &[
            ("listen 443 ssl;", "listen 127.0.0.1:{port} ssl;"),
            ("listen [::]:443 ssl;", ""),
            ("/var/log/nginx/", "{folder}/log/"),
        ],
        around: Some((
            "nginx.conf",
            "user www-data; pid {folder}/pid; error_log {folder}/log/error.log;
             events {}
             http {
                 access_log {folder}/log/access.log;
                 client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxied;
                 fastcgi_temp_path {folder}/fastcgi; scgi_temp_path {folder}/scgi; uwsgi_temp_path {folder}/uwsgi;
                 include {folder}/signed-query.conf;
             }",
        )),
        arguments: &["-e", "{folder}/log/error.log", "-c", "{folder}/nginx.conf", "-g", "daemon off;"],
        tries_a_post_again: true,
    },
    Kind {
        package: "haproxy",
        program: "/usr/sbin/haproxy",
        file: include_str!("../../../../docs/deployment/haproxy.cfg"),
        name: "haproxy.cfg",
        here: &[
            ("bind :443 ", "bind 127.0.0.1:{port} "),
            ("log /dev/log local0", "log stdout format raw local0"),
            ("chroot /var/lib/haproxy", ""),
            ("user haproxy", ""),
            ("group haproxy", ""),
        ],
        around: None,
        arguments: &["-db", "-f", "{folder}/haproxy.cfg"],
        tries_a_post_again: true,
    },
    Kind {
        package: "caddy",
        program: "/usr/bin/caddy",
        file: include_str!("../../../../docs/deployment/Caddyfile"),
        name: "Caddyfile",
        here: &[
            ("admin localhost:2019", "admin off\n\tdefault_bind 127.0.0.1"),
            ("\nsigned-query.example {", "\nsigned-query.example:{port} {"),
        ],
        around: None,
        arguments: &["run", "--adapter", "caddyfile", "--config", "{folder}/Caddyfile"],
        tries_a_post_again: false,
    },
    Kind {
        package: "apache2",
        program: "/usr/sbin/apache2",
        file: include_str!("../../../../docs/deployment/apache.conf"),
        name: "signed-query.conf",
        here: &[("<VirtualHost *:443>", "<VirtualHost 127.0.0.1:{port}>")],
        around: Some((
            "apache2.conf",
            "ServerRoot {folder}
             ServerName localhost
             Define APACHE_LOG_DIR {folder}/log
             DefaultRuntimeDir {folder}
             PidFile {folder}/pid
             User www-data
             Group www-data
             Listen 127.0.0.1:{port}
             LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
             LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
             LoadModule setenvif_module /usr/lib/apache2/modules/mod_setenvif.so
             LoadModule reqtimeout_module /usr/lib/apache2/modules/mod_reqtimeout.so
             LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so
             LoadModule slotmem_shm_module /usr/lib/apache2/modules/mod_slotmem_shm.so
             LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
             LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
             LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
             LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
             LoadModule proxy_balancer_module /usr/lib/apache2/modules/mod_proxy_balancer.so
             LoadModule proxy_hcheck_module /usr/lib/apache2/modules/mod_proxy_hcheck.so
             LoadModule lbmethod_byrequests_module /usr/lib/apache2/modules/mod_lbmethod_byrequests.so
             ErrorLog {folder}/log/error.log
             LogLevel warn
             Include {folder}/signed-query.conf",
        )),
        arguments: &["-DFOREGROUND", "-f", "{folder}/apache2.conf"],
        tries_a_post_again: true,
    },
];

pub struct Proxy {
    process: Child,
    port: u16,
    folder: Folder,
}

impl Kind {
    /// The proxy in front of two copies, if its program is here, once it answers.
    pub fn start(&self, test: &str, copies: [SocketAddr; 2]) -> Option<Proxy> {
        let wanted = [(self.program, self.package), ("openssl", "openssl")];
        // All are looked for, so that all that are missing are named.
        if wanted.map(|(program, package)| is_installed(program, package)).contains(&false) {
            return None;
        }
        let folder = Folder::for_all(&format!("{test}-{}", self.package));
        fs::create_dir_all(folder.file("log")).unwrap();
        // For the documented name.
        let (host, files) = ("signed-query.example", ["signed-query.pem", "signed-query.pem.key"]);
        certificate::make(&folder, host, host, files, &[]);
        // Free now, and so most likely in a moment.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let fill =
            |text: &str| text.replace("{folder}", &folder.file("")).replace("{port}", &port.to_string());
        let mut file = self.file.to_owned();
        let [one, two] = copies.map(|copy| copy.to_string());
        let copies = [("127.0.0.1:8081", &*one), ("127.0.0.1:8082", &*two)];
        for (documented, here) in copies.iter().chain(self.here).chain(&TLS) {
            assert!(file.contains(documented), "{} has no {documented:?}", self.name);
            file = file.replace(documented, &fill(here));
        }
        fs::write(folder.file(self.name), file).unwrap();
        if let Some((name, text)) = self.around {
            fs::write(folder.file(name), fill(text)).unwrap();
        }
        let output = fs::File::create(folder.file("log/output")).unwrap();
        let process = Command::new(self.program)
            .args(self.arguments.iter().map(|argument| fill(argument)))
            .env("HOME", folder.file(""))
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .process_group(0)
            .spawn()
            .unwrap();
        let proxy = Proxy { process, port, folder };
        let deadline = Instant::now() + Duration::from_secs(30);
        while proxy.ask("/health").status != 200 {
            assert!(Instant::now() < deadline, "{} does not answer: {}", self.package, proxy.logs());
            thread::sleep(Duration::from_millis(100));
        }
        Some(proxy)
    }
}

impl Proxy {
    pub fn connect(&self) -> Connection {
        Connection::open(self.port)
    }

    /// What a `GET` of a path and query gives, sent as they are.
    pub fn ask(&self, target: &str) -> Answer {
        let mut connection = self.connect();
        connection.send(request("GET", target, ""));
        connection.answer()
    }

    /// All that it has logged so far, wherever.
    pub fn logs(&self) -> String {
        let files = fs::read_dir(self.folder.file("log")).unwrap();
        files
            .map(|file| String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()).into_owned())
            .collect()
    }

    fn signal_all(&self, signal: &str) {
        let kill = format!("kill -s {signal} -- -{}", self.process.id());
        let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.signal_all("TERM");
        let deadline = Instant::now() + Duration::from_secs(5);
        while self.process.try_wait().unwrap().is_none() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        self.signal_all("KILL");
        let _ = self.process.wait();
    }
}

/// A request, with further header lines that each end in a line end.
pub fn request(method: &str, target: &str, headers: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: signed-query.example\r\n{headers}\r\n")
}

/// A notification whose headers say that its body has this hash.
pub fn notification(hash: &str, body: &str) -> String {
    let [id, hash] = webhook::headers(hash).map(|(name, value)| format!("{name}: {value}\r\n"));
    request("POST", "/webhook", &format!("{id}{hash}Content-Length: {}\r\n", body.len())) + body
}
