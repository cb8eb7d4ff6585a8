//! What a step's result depends on, and nothing else: its cache key is the digest of this value.
//! (BuildKit `solver`, `dockerfile2llb`; each rule measured with real builds.)

use std::collections::BTreeMap;
use std::fmt;

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
    pub files: Files,
}

/// A COPY or ADD.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CopyOp {
    /// `ADD`.
    pub add: bool,
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
    pub files: Files,
}

/// Files by path.
pub type Files = BTreeMap<String, FileId>;

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

/// sha256 of a file's content.
pub fn content_digest(bytes: &Bytes) -> Digest {
    Digest::of(bytes)
}

impl Inputs {
    /// The cache key.
    pub fn key(&self) -> Key {
        use std::hash::Hash;
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
