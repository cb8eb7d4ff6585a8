//! The session in the browser's database. Writes are queued and go out together, in order; the
//! page never waits for them.
//!
//! Keys of the one object store: `<lesson>/log`, `<lesson>/r/<number>` (records since the log),
//! `<lesson>/applied` (how many of them), `<lesson>/home`, `<lesson>/damaged`, `<lesson>/kept` (the
//! session that was here before one from a link or file).

use crate::web;
use idb::{Database, DatabaseEvent, Factory, KeyRange, ObjectStore, ObjectStoreParams, TransactionMode};
use layerlab_protocol::{HomeFile, Persist, SavedSession, decode, encode};
use leptos::task::spawn_local;
use std::{cell::RefCell, collections::VecDeque, rc::Rc};
use wasm_bindgen::JsValue;

const DATABASE: &str = "layerlab";
const PARTS: &str = "parts";

/// Where one lesson's session is kept.
#[derive(Clone)]
pub(crate) struct Store {
    database: Rc<Database>,
    lesson: String,
    queue: Rc<RefCell<Queue>>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Write>,
    /// Records written since the log.
    records: u32,
    busy: bool,
}

/// Something to store.
pub(crate) enum Write {
    Session(Persist),
    Home(Vec<HomeFile>),
    /// A session that could not be read, for a download.
    Damaged(SavedSession),
    /// The session that another one takes the place of.
    Kept(SavedSession),
}

impl Store {
    /// Opens the database; `None` where the browser has none (private windows, some settings).
    pub(crate) async fn open(lesson: &str) -> Option<Self> {
        let mut request = Factory::new().ok()?.open(DATABASE, Some(1)).ok()?;
        request.on_upgrade_needed(|event| {
            // If this fails, opening fails, and the session is said not to be stored.
            if let Ok(database) = event.database() {
                let _ = database.create_object_store(PARTS, ObjectStoreParams::new());
            }
        });
        Some(Self { database: Rc::new(request.await.ok()?), lesson: lesson.to_owned(), queue: Rc::default() })
    }

    /// What was stored, if anything, and how many of its records are known to have been applied:
    /// the others may have been under way when the page was closed, or have crashed the machine.
    pub(crate) async fn load(&self) -> Option<(SavedSession, usize)> {
        let transaction = self.database.transaction(&[PARTS], TransactionMode::ReadOnly).ok()?;
        let parts = transaction.object_store(PARTS).ok()?;
        let log = get(&parts, &self.key("log")).await?;
        let home = get(&parts, &self.key("home")).await.map(|value| bytes(&value));
        let applied = get(&parts, &self.key("applied")).await.and_then(|value| value.as_f64());
        let records = parts.get_all(Some(self.record_keys()?.into()), None).ok()?.await.ok()?;
        let saved = SavedSession {
            log: bytes(&log),
            records: records.iter().map(bytes).collect(),
            pending: None,
            home: home.and_then(|home| decode(&home).ok()).unwrap_or_default(),
        };
        Some((saved, applied.unwrap_or_default() as usize))
    }

    /// Whether this tab may write: of several tabs with the same lesson the first (Web Locks). It may
    /// as long as it is open.
    pub(crate) async fn is_ours(&self) -> bool {
        web::hold_lock(&format!("{DATABASE}/{}", self.lesson)).await
    }

    /// The session that was here before one from a link or file.
    pub(crate) async fn kept(&self) -> Option<SavedSession> {
        let transaction = self.database.transaction(&[PARTS], TransactionMode::ReadOnly).ok()?;
        let parts = transaction.object_store(PARTS).ok()?;
        decode(&bytes(&get(&parts, &self.key("kept")).await?)).ok()
    }

    /// Stores it as soon as what is before it is stored.
    pub(crate) fn write(&self, write: Write) {
        let start = {
            let mut queue = self.queue.borrow_mut();
            queue.waiting.push_back(write);
            !std::mem::replace(&mut queue.busy, true)
        };
        if start {
            let store = self.clone();
            spawn_local(async move { store.drain().await });
        }
    }

    async fn drain(&self) {
        loop {
            let writes: Vec<Write> = self.queue.borrow_mut().waiting.drain(..).collect();
            if writes.is_empty() {
                self.queue.borrow_mut().busy = false;
                return;
            }
            // A failed write (full disk) leaves the earlier state, which is whole.
            let _ = self.commit(writes).await;
        }
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), idb::Error> {
        let transaction = self.database.transaction(&[PARTS], TransactionMode::ReadWrite)?;
        let parts = transaction.object_store(PARTS)?;
        for write in writes {
            match write {
                Write::Session(Persist::Whole { log }) => {
                    if let Some(range) = self.record_keys() {
                        parts.delete(range)?;
                    }
                    self.queue.borrow_mut().records = 0;
                    put(&parts, &self.key("log"), &array(&log))?;
                    put(&parts, &self.key("applied"), &JsValue::from(0))?;
                }
                Write::Session(Persist::Append { record }) => {
                    let number = {
                        let mut queue = self.queue.borrow_mut();
                        queue.records += 1;
                        queue.records
                    };
                    put(&parts, &self.key(&format!("r/{number:08}")), &array(&record))?;
                }
                Write::Session(Persist::Applied) => {
                    let count = self.queue.borrow().records;
                    put(&parts, &self.key("applied"), &JsValue::from(count))?;
                }
                Write::Home(files) => put(&parts, &self.key("home"), &array(&encode(&files)))?,
                Write::Damaged(saved) => put(&parts, &self.key("damaged"), &array(&encode(&saved)))?,
                Write::Kept(saved) => put(&parts, &self.key("kept"), &array(&encode(&saved)))?,
            }
        }
        transaction.commit()?.await.map(|_| ())
    }

    fn key(&self, part: &str) -> String {
        format!("{}/{part}", self.lesson)
    }

    fn record_keys(&self) -> Option<KeyRange> {
        let (from, to) = (self.key("r/"), self.key("r/~"));
        KeyRange::bound(&from.into(), &to.into(), None, None).ok()
    }
}

async fn get(parts: &ObjectStore, key: &str) -> Option<JsValue> {
    parts.get(JsValue::from_str(key)).ok()?.await.ok()?
}

fn put(parts: &ObjectStore, key: &str, value: &JsValue) -> Result<(), idb::Error> {
    parts.put(value, Some(&JsValue::from_str(key))).map(|_| ())
}

fn array(bytes: &[u8]) -> JsValue {
    js_sys::Uint8Array::from(bytes).into()
}

/// Its bytes; none if it is something else.
fn bytes(value: &JsValue) -> Vec<u8> {
    use wasm_bindgen::JsCast;
    value.dyn_ref::<js_sys::Uint8Array>().map(js_sys::Uint8Array::to_vec).unwrap_or_default()
}
