//! What the page has to say about the machine.

use layerlab_protocol::ReplayStop;

/// Something that the person must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The worker died and was replaced; its last words.
    Crashed(String),
    /// The worker did not answer and was replaced.
    Hung,
    /// It died again and again; its last words.
    Dead(String),
    /// Its program could not be loaded.
    NotLoaded(String),
    /// So many inputs were replayed from the store.
    Restored(u32),
    /// The stored session was not continued as it was.
    Stopped(ReplayStop),
    /// There is no store.
    NotStored,
    /// What is stored cannot be read; it stays as it is.
    NotRead,
    /// What is done now cannot be stored; the disk is full, say.
    Behind,
    /// It is stored again.
    CaughtUp,
    /// Progress and settings cannot be stored.
    NotRemembered,
    /// Another tab has this lesson's session open and stores it.
    OtherTab,
    /// A session from a link or file was opened; one's own from before is kept.
    Visiting,
    /// A link or file holds no session; why.
    NotShared(String),
    /// The lesson could not be loaded.
    NoLesson(String),
}

impl Notice {
    /// Whether it would be wise to save the session as a file.
    pub(crate) const fn is_unsaved(&self) -> bool {
        matches!(self, Self::NotStored | Self::NotRead | Self::Behind | Self::OtherTab)
    }
}
