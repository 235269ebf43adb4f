//! A real browser: headless Chromium, driven over WebDriver's HTTP and JSON.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{did_not_run::did_not_run, folder::Folder};

pub struct Browser {
    driver: Child,
    /// What the driver prints; it would end if nobody could read it.
    _output: BufReader<ChildStdout>,
    session: String,
    /// What browsers leave behind goes with it.
    _folder: Folder,
}

/// How many browsers were started.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// How the protocol names the id of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Browser {
    /// Starts the browser. `None` where there is none, which is said past the
    /// capture of a test's output; in CI its absence is a failure.
    pub fn start() -> Option<Self> {
        // The path of a socket in there may not be long.
        let folder = Folder::for_all(&format!("browser-{}", STARTED.fetch_add(1, Ordering::Relaxed)));
        let mut driver = Command::new("chromedriver");
        driver.arg("--port=0").env("TMPDIR", folder.file(""));
        let driver = driver.stdout(Stdio::piped()).spawn();
        let mut driver = match driver {
            Ok(driver) => driver,
            Err(error) => {
                did_not_run("chromedriver", "chromium-driver", &error);
                return None;
            }
        };
        let mut output = BufReader::new(driver.stdout.take().unwrap());
        let mut lines = (&mut output).lines().map(Result::unwrap);
        let ready =
            lines.find(|line| line.contains("successfully on port")).expect("chromedriver ended early");
        let port = ready.rsplit("port ").next().unwrap().trim_end_matches('.').to_owned();
        let session = format!("http://127.0.0.1:{port}/session");
        let mut browser = Self { driver, _output: output, session, _folder: folder };
        let options = json!({ "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
        ]});
        let capabilities = json!({ "alwaysMatch": { "goog:chromeOptions": options } });
        let session = browser.ask("", Some(json!({ "capabilities": capabilities })));
        browser.session = format!("{}/{}", browser.session, session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    pub fn open(&self, url: &str) {
        self.ask("/url", Some(json!({ "url": url })));
    }

    /// Has pages see a user who prefers `light` or `dark` colours.
    pub fn prefer_colours(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// What a command of the DevTools protocol gives.
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.ask("/goog/cdp/execute", Some(json!({ "cmd": command, "params": parameters })))
    }

    pub fn resize(&self, width: u32, height: u32) {
        self.ask("/window/rect", Some(json!({ "width": width, "height": height })));
    }

    /// Saves what the window shows in the folder that `SCREENSHOTS` names, if it does.
    pub fn screenshot(&self, name: &str) {
        if let Some(folder) = std::env::var_os("SCREENSHOTS") {
            let image = BASE64_STANDARD.decode(self.ask("/screenshot", None).as_str().unwrap()).unwrap();
            std::fs::write(Path::new(&folder).join(format!("{name}.png")), image).unwrap();
        }
    }

    /// Goes back, as the browser's button does.
    pub fn back(&self) {
        self.ask("/back", Some(json!({})));
    }

    /// The first element that a CSS selector finds, once there is one.
    pub fn find(&self, selector: &str) -> Element<'_> {
        Element { browser: self, id: self.wait_for(selector, || self.try_find(selector)) }
    }

    /// The text of that element, once there is one.
    pub fn text(&self, selector: &str) -> String {
        self.wait_for(selector, || self.try_text(selector))
    }

    /// Its text if it is there now. Between finding an element and reading it the
    /// page may be replaced by the next, which is no failure but "not yet".
    pub fn try_text(&self, selector: &str) -> Option<String> {
        let id = self.try_find(selector)?;
        let text = self.try_ask(&format!("/element/{id}/text"), None).ok()?;
        Some(text.as_str().unwrap().to_owned())
    }

    fn try_find(&self, selector: &str) -> Option<String> {
        let query = json!({ "using": "css selector", "value": selector });
        let found = self.try_ask("/element", Some(query)).ok()?;
        Some(found[ELEMENT].as_str().unwrap().to_owned())
    }

    /// Goes into the first frame of the page; what follows happens in there.
    pub fn enter_frame(&self) {
        self.find("iframe");
        self.ask("/frame", Some(json!({ "id": 0 })));
    }

    /// What a script gives that is run in the page.
    pub fn run(&self, script: &str) -> Value {
        self.try_run(script).unwrap_or_else(|answer| panic!("{script}: {answer}"))
    }

    /// The same, or the driver's error: a page that is being replaced runs no script.
    pub fn try_run(&self, script: &str) -> Result<Value, Value> {
        self.try_ask("/execute/sync", Some(json!({ "script": script, "args": [] })))
    }

    /// Tries until there is something, for at most ten seconds.
    pub fn wait_for<T>(&self, what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(found) = attempt() {
                return found;
            }
            let page = "return document.documentElement.outerHTML";
            assert!(Instant::now() < deadline, "no {what} in {:?}", self.try_run(page));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn ask(&self, path: &str, body: Option<Value>) -> Value {
        self.try_ask(path, body).unwrap_or_else(|answer| panic!("{path}: {answer}"))
    }

    fn try_ask(&self, path: &str, body: Option<Value>) -> Result<Value, Value> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        let url = format!("{}{path}", self.session);
        let response = match body {
            Some(body) => agent.post(url).send(body.to_string()),
            None => agent.get(url).call(),
        };
        let mut response = response.unwrap();
        let mut answer: Value = serde_json::from_reader(response.body_mut().as_reader()).unwrap();
        if response.status().is_success() { Ok(answer["value"].take()) } else { Err(answer) }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = ureq::delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

pub struct Element<'b> {
    browser: &'b Browser,
    id: String,
}

impl Element<'_> {
    pub fn click(&self) {
        self.browser.ask(&format!("/element/{}/click", self.id), Some(json!({})));
    }

    pub fn type_in(&self, text: &str) {
        self.browser.ask(&format!("/element/{}/value", self.id), Some(json!({ "text": text })));
    }
}
