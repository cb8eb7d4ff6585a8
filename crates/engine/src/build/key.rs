//! What a step's result depends on, and nothing else: its cache key is the digest of this value.
//! (BuildKit `solver`, `dockerfile2llb`; each rule measured with real builds.)

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::{Rc, Weak};

use layerlab_kernel::StateHasher;
use layerlab_kernel::vfs::{Inode, Node};
use layerlab_oci::{Bytes, Digest};

/// A cache key.
pub type Key = Digest;

/// Everything that a step's result depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Inputs {
    /// Key of the step that it stands on; none for FROM, for the first step on `scratch` and for `--link`.
    pub parent: Option<Key>,
    /// What it does.
    pub op: Op,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `FROM`: only the digest counts.
    From(Digest),
    /// `RUN`.
    Run(Box<RunOp>),
    /// `COPY` and `ADD`.
    Copy(Box<CopyOp>),
    /// `WORKDIR`: the absolute path.
    Workdir(String),
}

/// A RUN.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RunOp {
    /// The command as the instruction has it (continuation lines joined).
    pub command: Vec<String>,
    /// The shell that runs it; empty for the exec form.
    pub shell: Vec<String>,
    /// ENV so far.
    pub env: Vec<(String, String)>,
    /// ARG values that are declared so far, used or not. Predefined proxy ones are never in it.
    pub args: BTreeMap<String, String>,
    /// USER.
    pub user: String,
    /// WORKDIR.
    pub workdir: String,
    /// `--network`.
    pub network: String,
    /// `--security`.
    pub security: String,
    /// `--mount`, each.
    pub mounts: Vec<MountOp>,
}

/// A `--mount` of a RUN. Secrets' values and cache mounts' contents are not part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MountOp {
    /// Its definition.
    pub definition: String,
    /// What a bind mount shows.
    pub files: FileSet,
}

/// A COPY or ADD.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CopyOp {
    /// `ADD`.
    pub add: bool,
    /// ADD unpacks archives.
    pub unpack: bool,
    /// Sources as given (expanded).
    pub sources: Vec<String>,
    /// Destination, absolute; a `/` at its end counts.
    pub destination: String,
    /// `--chown`.
    pub chown: String,
    /// `--chmod`.
    pub chmod: String,
    /// `--link`.
    pub link: bool,
    /// `--parents`.
    pub parents: bool,
    /// `--exclude`.
    pub exclude: Vec<String>,
    /// Files written in the Dockerfile.
    pub inline: BTreeMap<String, String>,
    /// The selected files.
    pub files: FileSet,
}

/// Files by path.
pub type Files = BTreeMap<String, FileId>;

/// Files whose digest is known: equal if their digests are, cloned at no cost.
#[derive(Clone, Debug)]
pub struct FileSet(Rc<(Files, Digest)>);

impl FileSet {
    /// Takes the digest of these files.
    pub fn new(files: Files) -> Self {
        let mut h = StateHasher::default();
        files.hash(&mut h);
        let digest = Digest::from_raw(h.digest());
        Self(Rc::new((files, digest)))
    }
}

impl Default for FileSet {
    fn default() -> Self {
        Self::new(Files::new())
    }
}

impl std::ops::Deref for FileSet {
    type Target = Files;
    fn deref(&self) -> &Files {
        &self.0.0
    }
}

impl PartialEq for FileSet {
    fn eq(&self, o: &Self) -> bool {
        self.0.1 == o.0.1
    }
}

impl Eq for FileSet {}

impl Hash for FileSet {
    fn hash<H: Hasher>(&self, h: &mut H) {
        self.0.1.hash(h);
    }
}

/// What counts of a file: not its time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileId {
    /// Content, link target, or that it is a directory.
    pub content: ContentId,
    /// Permission bits.
    pub mode: u32,
    /// Owner; 0 for files of the context.
    pub uid: u32,
    /// Group; 0 for files of the context.
    pub gid: u32,
}

/// A file's content.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ContentId {
    /// A file with this content.
    File(Digest),
    /// A directory.
    Dir,
    /// A symbolic link with this text.
    Symlink(String),
    /// Something else.
    Special,
}

impl FileId {
    /// Of an inode.
    pub fn of(inode: &Inode) -> Self {
        let content = match &inode.node {
            Node::File(bytes) => ContentId::File(content_digest(bytes)),
            Node::Dir { .. } => ContentId::Dir,
            Node::Symlink(target) => ContentId::Symlink(target.clone()),
            _ => ContentId::Special,
        };
        Self { content, mode: inode.mode, uid: inode.uid, gid: inode.gid }
    }
}

/// How many contents' digests are remembered at most.
const REMEMBERED: usize = 20_000;

type Known = (Weak<Vec<u8>>, Digest);

thread_local! {
    /// Digests by where the content lies; only a memo. The weak reference keeps the place from being used anew.
    static DIGESTS: RefCell<BTreeMap<usize, Known>> = const { RefCell::new(BTreeMap::new()) };
}

/// sha256 of a file's content, taken once for each content that lives.
pub fn content_digest(bytes: &Bytes) -> Digest {
    let at = Rc::as_ptr(bytes).addr();
    if let Some(known) = DIGESTS.with_borrow(|d| d.get(&at).filter(|k| k.0.strong_count() > 0).map(|k| k.1)) {
        return known;
    }
    let digest = Digest::of(bytes);
    DIGESTS.with_borrow_mut(|d| {
        if d.len() >= REMEMBERED {
            d.retain(|_, k| k.0.strong_count() > 0);
        }
        if d.len() < REMEMBERED {
            d.insert(at, (Rc::downgrade(bytes), digest));
        }
    });
    digest
}

impl Inputs {
    /// The cache key.
    pub fn key(&self) -> Key {
        let mut h = StateHasher::default();
        self.hash(&mut h);
        Digest::from_raw(h.digest())
    }
}

impl fmt::Display for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(d) => write!(f, "{}", d.short()),
            Self::Dir => f.write_str("directory"),
            Self::Symlink(t) => write!(f, "-> {t}"),
            Self::Special => f.write_str("special"),
        }
    }
}
