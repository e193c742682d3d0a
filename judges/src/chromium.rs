//! Chromium, if there is one: whether a script really runs. One browser judges all values, many at a
//! time: each document is put into a frame of one page, in which the functions that the grammar calls
//! tell that they were called. What waits for the user is clicked, focused and pointed at.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::{env, fs, process};

use serde_json::{Value, json};

use crate::html::{EXCEPTIONS, TEMPLATES};
use crate::{Engine, Exception, Ruling, Template};

/// A browser that is driven by the DevTools protocol.
pub struct Chromium {
    browser: Child,
    sent: ChildStdin,
    received: BufReader<ChildStdout>,
    messages: u64,
    session: Option<String>,
    profile: std::path::PathBuf,
    /// Which documents run a script.
    runs: HashMap<String, bool>,
}

/// What each window has before anything else: the functions and the variable of `grammars/html.bnf`.
const WINDOW: &str = "{
    const ran = () => {
        let frame = self;
        while (frame.parent != top) frame = frame.parent;
        top.ran(Number(frame.name));
    };
    for (const name of ['f', 'b', 'alert', 'eval']) self[name] = ran;
    if (self != top) Object.defineProperty(self, 'c', { set: ran, get: () => ran });
}";

/// What the page that holds the documents does with them; it gives the numbers of those that ran.
const PAGE: &str = "async documents => {
    const those = new Set();
    self.ran = number => those.add(number);
    const loaded = documents.map((text, number) => new Promise(done => {
        const frame = document.createElement('iframe');
        frame.name = number;
        frame.srcdoc = text;
        frame.onload = () => { frame.onload = null; done(); };
        setTimeout(done, 10000);
        document.documentElement.append(frame);
    }));
    await Promise.all(loaded);
    for (const [number, frame] of [...document.querySelectorAll('iframe')].entries()) {
        const all = frame.contentDocument?.querySelectorAll('*') ?? [];
        for (const element of all) {
            if (element.localName == 'script' && element.hasAttribute('src') && element.src != '') {
                those.add(number);
            }
            for (const event of ['pointerover', 'focus', 'toggle']) element.dispatchEvent(new Event(event));
            element.dispatchEvent(new MouseEvent('click', { cancelable: true }));
        }
    }
    // What a click leads to is a task of its own.
    await new Promise(done => setTimeout(done, 40));
    document.documentElement.replaceChildren();
    return [...those];
}";

impl Chromium {
    /// A browser, if there is one.
    ///
    /// # Errors
    ///
    /// If none can be started.
    pub fn new() -> io::Result<Self> {
        let profile = env::temp_dir().join(format!("syntrap-judges-{}", process::id()));
        let mut command = Command::new("sh");
        // The protocol is spoken over the descriptors 3 and 4.
        command.args([
            "-c",
            "command -v chromium >&2 && exec chromium \"$@\" 3<&0 4>&1 </dev/null >/dev/null",
            "sh",
        ]);
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]);
        command.args(["--disable-dev-shm-usage", "--remote-debugging-pipe"]);
        // Nothing is asked of the network.
        command.arg("--host-resolver-rules=MAP * ~NOTFOUND");
        command.arg(format!("--user-data-dir={}", profile.display()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut browser = command.spawn()?;
        let (sent, received) = (browser.stdin.take(), browser.stdout.take());
        let (sent, received) = sent.zip(received).expect("pipes");
        let received = BufReader::new(received);
        let mut engine =
            Chromium { browser, sent, received, messages: 0, session: None, profile, runs: HashMap::new() };
        let target = engine.ask("Target.createTarget", json!({ "url": "about:blank" }))?;
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        let session = engine.ask("Target.attachToTarget", target)?;
        engine.session = session["sessionId"].as_str().map(str::to_owned);
        engine.ask("Page.enable", json!({}))?;
        engine.ask("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WINDOW }))?;
        Ok(engine)
    }

    /// The answer to a request.
    fn ask(&mut self, method: &str, parameters: Value) -> io::Result<Value> {
        self.messages += 1;
        let mut message = json!({ "id": self.messages, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        write!(self.sent, "{message}\0")?;
        self.sent.flush()?;
        loop {
            let mut answer = Vec::new();
            self.received.read_until(0, &mut answer)?;
            if answer.pop().is_none() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let mut answer: Value = serde_json::from_slice(&answer)?;
            if answer["id"] == json!(self.messages) {
                if !answer["error"].is_null() {
                    return Err(io::Error::other(answer["error"].to_string()));
                }
                return Ok(answer["result"].take());
            }
        }
    }

    /// Loads documents that were not loaded yet, and remembers which run a script.
    fn load(&mut self, documents: &[String]) -> io::Result<()> {
        let expression = format!("({PAGE})({})", json!(documents));
        let parameters = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self.ask("Runtime.evaluate", parameters)?;
        let Some(those) = answer["result"]["value"].as_array() else {
            return Err(io::Error::other(answer.to_string()));
        };
        for (number, document) in documents.iter().enumerate() {
            self.runs.insert(document.clone(), those.contains(&json!(number)));
        }
        Ok(())
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Nobody waits for what a browser says that is told to go.
        let _ = self.ask("Browser.close", json!({}));
        let _ = self.browser.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// How many frames a page has at a time.
const FRAMES: usize = 80;

impl Engine for Chromium {
    const NAME: &'static str = "Chromium";

    // A document takes milliseconds.
    const VALUES: usize = 200;

    fn templates(&self) -> Vec<Template> {
        TEMPLATES.to_vec()
    }

    fn prepare(&mut self, values: &[String]) {
        let documents =
            |value: &String| TEMPLATES.iter().map(|template| template.with(value)).collect::<Vec<_>>();
        let documents: Vec<String> = values.iter().flat_map(documents).collect();
        self.runs.clear();
        for documents in documents.chunks(FRAMES) {
            self.load(documents).expect("the browser answers");
        }
    }

    fn judge(&mut self, template: &Template, value: &str) -> Ruling {
        let document = template.with(value);
        if !self.runs.contains_key(&document) {
            self.load(std::slice::from_ref(&document)).expect("the browser answers");
        }
        if self.runs[&document] { Ruling::Acts(BTreeSet::from(["script"])) } else { Ruling::Data }
    }

    fn exceptions(&self) -> &'static [Exception] {
        EXCEPTIONS
    }
}
