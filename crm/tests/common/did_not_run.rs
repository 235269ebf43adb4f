//! Tests for which a program is missing. Each says so, and `what_did_not_run` sums them up.

use std::{
    collections::BTreeSet,
    env,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

/// After that, nobody will sum up what a run noted.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// Says, past the capture of a test's output, that a test did not run for want of
/// a program, which these packages of Debian have; in CI that is a failure.
pub fn did_not_run(program: &str, packages: &str, error: &io::Error) {
    assert!(env::var_os("CI").is_none(), "CI must have {program}: {error}");
    let test = test();
    say(&format!("{test} did not run: no {program} ({error}); install {packages}\n"));
    let notes = notes();
    fs::create_dir_all(notes.parent().unwrap()).unwrap();
    // One write, so that tests beside each other do not mix their lines.
    let line = format!("{test} {packages}\n");
    File::options().create(true).append(true).open(notes).unwrap().write_all(line.as_bytes()).unwrap();
}

/// Whether a program can be run; says so if not.
pub fn is_installed(program: &str, package: &str) -> bool {
    let started = Command::new(program).arg("--version").stdin(Stdio::null()).output();
    started.inspect_err(|error| did_not_run(program, package, error)).is_ok()
}

/// Says how many tests of this run of cargo did not run so far, and what installs all that
/// they want.
pub fn sum_up() {
    let notes = notes();
    for file in fs::read_dir(notes.parent().unwrap()).into_iter().flatten().flatten() {
        let age = file.metadata().ok().and_then(|file| file.modified().ok()?.elapsed().ok());
        if age.is_some_and(|age| age > OLD) {
            let _ = fs::remove_file(file.path());
        }
    }
    let Ok(notes) = fs::read_to_string(notes) else { return };
    let (mut tests, mut packages) = (BTreeSet::new(), BTreeSet::new());
    for line in notes.lines() {
        let mut words = line.split(' ');
        tests.extend(words.next());
        packages.extend(words);
    }
    let tests = match tests.len() {
        1 => "1 test".to_owned(),
        many => format!("{many} tests"),
    };
    let packages: Vec<&str> = packages.into_iter().collect();
    say(&format!(
        "\n{tests} did not run, since programs are missing. To install all of them:\n\n    \
         sudo apt-get install {}\n\n",
        packages.join(" ")
    ));
}

fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// The program and the name of this test, which are those of no other.
fn test() -> String {
    static UNNAMED: AtomicUsize = AtomicUsize::new(1);
    let program = env::current_exe().unwrap();
    let program = program.file_stem().unwrap().to_str().unwrap();
    let program = program.rsplit_once('-').map_or(program, |(name, _hash)| name);
    match thread::current().name() {
        Some(name) if name != "main" => format!("{program}::{name}"),
        // Where tests run one after the other, they all run here.
        _ => format!("{program}::{}", UNNAMED.fetch_add(1, Ordering::Relaxed)),
    }
}

/// What this run of cargo notes. Its process is the parent of all tests' processes, and there is
/// another by the same number at most at another time.
fn notes() -> PathBuf {
    #[cfg(unix)]
    let run = std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    let run = 0;
    let status = fs::read_to_string(format!("/proc/{run}/stat")).unwrap_or_default();
    let started = status.rsplit(") ").next().and_then(|fields| fields.split(' ').nth(19)).unwrap_or_default();
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("did-not-run").join(format!("{run}-{started}"))
}
