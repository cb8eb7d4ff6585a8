//! What a client has, told before it is sent: files of the same size, mode and time as at the last
//! build from the same folder are not sent again (BuildKit `session/filesync`, tonistiigi/fsutil).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use layerlab_api::build::{BuildOptions, SessionAnswer, SessionFiles};
use layerlab_kernel::vfs::{Inode, Node, Tree};
use layerlab_oci::Digest;
use layerlab_oci::layer::{EntryKind, Limits, read};

use super::context::{BuildContext, tree_of_tar};
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::state::EngineState;

/// How many folders are remembered.
const SENT_KEPT: usize = 8;
/// How many sessions may wait for their build.
const WAITING: usize = 8;

/// A folder as it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The client's records.
    files: String,
    /// Stands for them in the state's digest.
    digest: Digest,
    /// The files.
    tree: Tree,
    /// The same, read with a Dockerfile's ignore file.
    read: RefCell<BTreeMap<String, Rc<BuildContext>>>,
}

impl Hash for Sent {
    fn hash<H: Hasher>(&self, h: &mut H) {
        self.digest.hash(h);
    }
}

/// A context that is about to be sent.
#[derive(Clone, Debug, Hash)]
struct Pending {
    name: String,
    key: String,
    files: String,
    /// What is here of that folder.
    before: Option<Rc<Sent>>,
}

/// What a client told before its build.
#[derive(Clone, Debug, Default, Hash)]
pub struct Session {
    contexts: Vec<Pending>,
    /// Secrets by ID.
    pub secrets: BTreeMap<String, Vec<u8>>,
}

/// Folders that were sent, and sessions whose build has not begun.
#[derive(Clone, Debug, Default, Hash)]
pub struct Sessions {
    sent: BTreeMap<String, Rc<Sent>>,
    waiting: BTreeMap<String, Session>,
    count: u64,
}

impl Sessions {
    /// Forgets what was sent (`docker builder prune`).
    pub fn forget(&mut self) {
        self.sent.clear();
    }
}

/// All that a build gets from its client.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// The build's own context.
    pub context: Rc<BuildContext>,
    /// Named ones.
    pub named: BTreeMap<String, Rc<BuildContext>>,
    /// Secrets by ID.
    pub secrets: BTreeMap<String, Vec<u8>>,
}

impl Received {
    /// Takes out the contexts that are OCI layouts, by the name of their image; each with what is wanted of it.
    pub fn take_layouts(&mut self, options: &BuildOptions) -> BTreeMap<String, (String, Rc<BuildContext>)> {
        let is_layout =
            |(k, v): (&String, &String)| Some((k.clone(), v.strip_prefix(super::oci_layout::PREFIX)?.to_owned()));
        let names: Vec<(String, String)> = options.contexts.iter().filter_map(is_layout).collect();
        let taken = names.into_iter().filter_map(|(k, which)| Some((k.clone(), (which, self.named.remove(&k)?))));
        taken.map(|(k, v)| (super::oci_layout::name(&k), v)).collect()
    }

    /// Takes out the folders that `--cache-from` names, by its number.
    pub fn take_caches(&mut self) -> BTreeMap<usize, Rc<BuildContext>> {
        let number = |name: &str| name.strip_prefix(super::remote_cache::LOCAL_PREFIX)?.parse().ok();
        let names: Vec<String> = self.named.keys().filter(|n| number(n).is_some()).cloned().collect();
        names.iter().filter_map(|n| Some((number(n)?, self.named.remove(n)?))).collect()
    }
}

/// A client's record of a file.
struct Record<'a> {
    kind: &'a str,
    mode: u32,
    nominal: Option<u64>,
    mtime: (i64, u32),
    path: &'a str,
    target: &'a str,
}

impl<'a> Record<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut f = text.splitn(7, '\t');
        let (kind, mode, _size, nominal, mtime) = (f.next()?, f.next()?, f.next()?, f.next()?, f.next()?);
        let (secs, nanos) = mtime.split_once('.')?;
        Some(Self {
            kind,
            mode: u32::from_str_radix(mode, 8).ok()?,
            nominal: nominal.parse().ok(),
            mtime: (secs.parse().ok()?, nanos.parse().ok()?),
            path: f.next()?,
            target: f.next().unwrap_or_default(),
        })
    }
}

fn records(files: &str) -> impl Iterator<Item = &str> {
    files.split('\0').filter(|r| !r.is_empty())
}

fn path_of(record: &str) -> Option<&str> {
    record.split('\t').nth(5)
}

/// `POST /session/files`: says which contents are wanted.
///
/// # Errors
/// No such JSON.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let told: SessionFiles = cx.json_body().await?;
    let mut session = Session::default();
    for (id, value) in told.secrets {
        let value = unhex(&value).ok_or_else(|| ApiError::bad("a secret is not in hexadecimal"))?;
        session.secrets.insert(id, value);
    }
    let answer = cx.with(|s| {
        let sessions = &mut s.sessions;
        let mut needed = Vec::new();
        for c in told.contexts {
            let before = sessions.sent.get(&c.key).cloned();
            needed.push(wanted(before.as_deref(), &c.files));
            session.contexts.push(Pending { name: c.name, key: c.key, files: c.files, before });
        }
        sessions.count += 1;
        let id = BuildId(sessions.count).to_string();
        sessions.waiting.insert(id.clone(), session);
        while sessions.waiting.len() > WAITING {
            sessions.waiting.pop_first();
        }
        SessionAnswer { id, needed }
    })?;
    cx.json(200, &answer).await
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: &u8| char::from(*b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    text.as_bytes().chunks(2).map(|p| Some(digit(p.first()?)? << 4 | digit(p.get(1)?)?)).collect()
}

struct BuildId(u64);

impl std::fmt::Display for BuildId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // In the order of their making, for those that are dropped first.
        write!(f, "{:08x}", self.0)?;
        f.write_str(Digest::of(&self.0.to_be_bytes()).hex().get(..17).unwrap_or_default())
    }
}

/// Numbers of the files whose content is not here.
fn wanted(before: Option<&Sent>, files: &str) -> Vec<u32> {
    if before.is_some_and(|b| b.files == files) {
        return Vec::new();
    }
    let old: BTreeMap<&str, &str> =
        before.map(|b| records(&b.files).filter_map(|r| Some((path_of(r)?, r))).collect()).unwrap_or_default();
    let is_new = |r: &str| r.starts_with('f') && path_of(r).is_none_or(|p| old.get(p) != Some(&r));
    let numbered = (0u32..).zip(records(files));
    numbered.filter(|(_, r)| is_new(r)).map(|(i, _)| i).collect()
}

/// Puts together what the client told and what it sent: `tar` is the whole context, or with a session
/// only what was wanted.
///
/// # Errors
/// It doesn't fit together; an ignore file is wrong.
pub fn receive(state: &mut EngineState, options: &BuildOptions, tar: &[u8]) -> Result<Received, String> {
    let Some(session) = state.sessions.waiting.remove(&options.session) else {
        let context = BuildContext::new(tree_of_tar(tar)?, &options.dockerfile)?;
        return Ok(Received { context: Rc::new(context), ..Received::default() });
    };
    let mut contents = BTreeMap::new();
    for e in read(tar, Limits::default()).map_err(|e| e.to_string())? {
        if let EntryKind::File { content } = e.kind {
            contents.insert(e.path, content);
        }
    }
    let mut out = Received { secrets: session.secrets, ..Received::default() };
    for (n, pending) in session.contexts.into_iter().enumerate() {
        let sent = match pending.before {
            Some(before) if before.files == pending.files => before,
            before => {
                let mut tree = Tree::new();
                for (i, text) in records(&pending.files).enumerate() {
                    let r = Record::read(text).ok_or("a record of the context is malformed")?;
                    let node = match r.kind {
                        "d" => Inode::dir(0).node,
                        "l" => Node::Symlink(r.target.to_owned()),
                        _ => match contents.remove(&format!("{n}/{i}")) {
                            Some(content) => Node::File(content),
                            None => before
                                .as_ref()
                                .and_then(|b| b.tree.at(r.path).map(|i| i.node.clone()))
                                .ok_or_else(|| format!("content of {} is missing", r.path))?,
                        },
                    };
                    let mut inode = Inode::new(node, r.mode);
                    (inode.mtime, inode.nominal) = (r.mtime, r.nominal);
                    let _ = tree.insert(&format!("/{}", r.path), inode);
                }
                let digest = Digest::of(pending.files.as_bytes());
                Rc::new(Sent { files: pending.files, digest, tree, read: RefCell::default() })
            }
        };
        let dockerfile = if pending.name.is_empty() { options.dockerfile.as_str() } else { "Dockerfile" };
        let known = sent.read.borrow().get(dockerfile).cloned();
        let context = match known {
            Some(known) => known,
            None => {
                let new = Rc::new(BuildContext::new(sent.tree.clone(), dockerfile)?);
                sent.read.borrow_mut().insert(dockerfile.to_owned(), new.clone());
                new
            }
        };
        if !pending.key.is_empty() {
            state.sessions.sent.insert(pending.key.clone(), sent);
            while state.sessions.sent.len() > SENT_KEPT {
                let other = state.sessions.sent.keys().find(|k| **k != pending.key).cloned();
                if let Some(other) = other {
                    state.sessions.sent.remove(&other);
                }
            }
        }
        if pending.name.is_empty() {
            out.context = context;
        } else {
            out.named.insert(pending.name, context);
        }
    }
    Ok(out)
}
