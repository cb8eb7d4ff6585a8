//! The session in the browser's database. Writes are queued and go out together, in order, all or
//! none; the page never waits for them. What could not be written stays in the queue and is tried again.
//!
//! Keys of the one object store: `<lesson>/log`, `<lesson>/r/<number>` (records since the log),
//! `<lesson>/applied` (how many of them), `<lesson>/home`, `<lesson>/damaged`, `<lesson>/kept` (the
//! session that was here before one from a link or file).

use super::queue::{Queue, Write};
use crate::web;
use js_sys::{Array, Uint8Array};
use layerlab_protocol::{Persist, SavedSession, decode, encode};
use leptos::{prelude::set_timeout, task::spawn_local};
use std::{cell::RefCell, rc::Rc, time::Duration};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

const DATABASE: &str = "layerlab";
/// Between two attempts on a full disk.
const PAUSE: Duration = Duration::from_secs(3);

/// Where one lesson's session is kept.
#[derive(Clone)]
pub(crate) struct Store {
    database: JsValue,
    lesson: String,
    queue: Rc<RefCell<Queue>>,
    /// Hears whether what is written can be stored, when that changes.
    tell: Rc<dyn Fn(bool)>,
}

/// What is stored could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotRead;

impl Store {
    /// Opens the database; `None` where the browser has none (private windows, some settings).
    pub(crate) async fn open(lesson: &str, tell: impl Fn(bool) + 'static) -> Option<Self> {
        let database = JsFuture::from(web::open_database(DATABASE)).await.ok()?;
        Some(Self { database, lesson: lesson.to_owned(), queue: Rc::default(), tell: Rc::new(tell) })
    }

    /// What was stored, if anything, and how many of its records are known to have been applied:
    /// the others may have been under way when the page was closed, or have crashed the machine.
    ///
    /// # Errors
    /// It is there or not: nobody knows. Nothing should be written over it.
    pub(crate) async fn load(&self) -> Result<Option<(SavedSession, usize)>, NotRead> {
        let one = |part: &str| (self.key(part), self.key(part));
        let ranges = [one("log"), one("home"), one("applied"), (self.key("r/"), self.key("r/~"))];
        let found = self.read(&ranges).await?;
        let [logs, homes, applied, records] = found.as_slice() else { return Err(NotRead) };
        let Some(log) = logs.iter().next() else { return Ok(None) };
        let home = homes.iter().next().map(|home| bytes(&home));
        let applied = applied.iter().next().and_then(|count| count.as_f64());
        let saved = SavedSession {
            log: bytes(&log),
            records: records.iter().map(|record| bytes(&record)).collect(),
            pending: None,
            home: home.and_then(|home| decode(&home).ok()).unwrap_or_default(),
        };
        Ok(Some((saved, applied.unwrap_or_default() as usize)))
    }

    /// Whether this tab may write: of several tabs with the same lesson the first (Web Locks). It may
    /// as long as it is open.
    pub(crate) async fn is_ours(&self) -> bool {
        web::hold_lock(&format!("{DATABASE}/{}", self.lesson)).await
    }

    /// The session that was here before one from a link or file.
    pub(crate) async fn kept(&self) -> Option<SavedSession> {
        let waiting = self.queue.borrow().kept().cloned();
        if waiting.is_some() {
            return waiting;
        }
        let found = self.read(&[(self.key("kept"), self.key("kept"))]).await.ok()?;
        decode(&bytes(&found.first()?.iter().next()?)).ok()
    }

    /// Stores it as soon as what is before it is stored.
    pub(crate) fn write(&self, write: Write) {
        if self.queue.borrow_mut().push(write) {
            self.clone().start();
        }
    }

    fn start(self) {
        spawn_local(async move { self.drain().await });
    }

    async fn drain(self) {
        loop {
            let Some(batch) = self.queue.borrow_mut().take() else { return };
            let mut records = self.queue.borrow().records();
            let pairs = self.pairs(&batch, &mut records);
            if JsFuture::from(web::write_parts(&self.database, &pairs)).await.is_ok() {
                if self.queue.borrow_mut().stored(records) {
                    (self.tell)(true);
                }
                continue;
            }
            if self.queue.borrow_mut().failed(batch) {
                (self.tell)(false);
            }
            set_timeout(move || self.start(), PAUSE);
            return;
        }
    }

    /// What a batch means for the database. `records`: how many there are since the log, before and after.
    fn pairs(&self, batch: &[Write], records: &mut u32) -> Array {
        let pairs = Array::new();
        let put = |part: &str, value: JsValue| {
            pairs.push(&Array::of2(&JsValue::from_str(&self.key(part)), &value));
        };
        for write in batch {
            match write {
                Write::Session(Persist::Whole { log }) => {
                    *records = 0;
                    put("r/", JsValue::UNDEFINED);
                    put("log", array(log));
                    put("applied", JsValue::from(0));
                }
                Write::Session(Persist::Append { record }) => {
                    *records += 1;
                    put(&format!("r/{records:08}"), array(record));
                }
                Write::Session(Persist::Applied) => put("applied", JsValue::from(*records)),
                Write::Home(files) => put("home", array(&encode(files))),
                Write::Damaged(saved) => put("damaged", array(&encode(saved))),
                Write::Kept(saved) => put("kept", array(&encode(saved))),
            }
        }
        pairs
    }

    async fn read(&self, ranges: &[(String, String)]) -> Result<Vec<Array>, NotRead> {
        let ranges: Array = ranges.iter().map(|(from, to)| Array::of2(&from.into(), &to.into())).collect();
        let found = JsFuture::from(web::read_parts(&self.database, &ranges)).await.map_err(|_| NotRead)?;
        Ok(found.unchecked_into::<Array>().iter().map(JsCast::unchecked_into).collect())
    }

    fn key(&self, part: &str) -> String {
        format!("{}/{part}", self.lesson)
    }
}

fn array(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// Its bytes; none if it is something else.
fn bytes(value: &JsValue) -> Vec<u8> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default()
}
