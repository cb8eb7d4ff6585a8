//! Giving the session away, and going on with somebody else's: one's own is kept beside it.

use super::{
    Inner, Machine, Notice, Parcel, Unreadable,
    queue::Write,
    session::{Loaded, SessionLog},
    share, slug,
};
use crate::web;
use layerlab_protocol::{SavedSession, SharedSession};
use leptos::{prelude::*, task::spawn_local};

impl Machine {
    /// The session as it is now, ready to go elsewhere.
    pub(crate) async fn parcel(self) -> Option<Parcel> {
        let shared = self.inner.with_value(|inner| {
            Some(SharedSession { lesson: slug(inner.lesson).to_owned(), saved: inner.log.after_crash()? })
        });
        share::pack(&shared?).await.ok()
    }

    /// Offers the session as a download.
    pub(crate) fn save_as_file(self) {
        spawn_local(async move {
            if let Some(parcel) = self.parcel().await {
                web::download("session.layerlab", &parcel.file);
            }
        });
    }

    /// Opens the session of a `.layerlab` file; one's own is kept.
    pub(crate) async fn open_file(self, file: Vec<u8>) {
        match share::unpack(&file).await {
            Ok(shared) if shared.lesson == self.lesson() => self.visit(shared),
            Ok(shared) => {
                if let Err(Unreadable(why)) = share::go_to(&shared).await {
                    self.not_shared(&why);
                }
            }
            Err(Unreadable(why)) => self.not_shared(&why),
        }
    }

    /// Says why a file or link holds no session.
    pub(crate) fn not_shared(self, why: &str) {
        self.notify(Notice::NotShared(why.to_owned()));
    }

    /// Goes on with a session from elsewhere. One's own is kept beside it.
    pub(super) fn visit(self, shared: SharedSession) {
        let here = self.lesson();
        if shared.lesson != here {
            self.not_shared(&format!("{} ≠ {here}", shared.lesson));
            self.begin();
            return;
        }
        let own = self.inner.with_value(|inner| {
            inner.log.after_crash().or_else(|| inner.loaded.as_ref().map(|loaded| loaded.saved.clone()))
        });
        self.inner.update_value(|inner| inner.visiting = true);
        self.continue_with(shared.saved, own);
    }

    /// Back to the session that was one's own before another one was opened; that one is kept instead.
    pub(crate) fn go_back(self) {
        spawn_local(async move {
            let store = self.inner.with_value(|inner| inner.store.clone());
            let Some(store) = store else { return };
            let Some(kept) = store.kept().await else { return };
            let now = self.inner.with_value(|inner| inner.log.after_crash());
            self.continue_with(kept, now);
            self.notices.update(|notices| notices.retain(|one| *one != Notice::Visiting));
        });
    }

    fn continue_with(self, saved: SavedSession, keep: Option<SavedSession>) {
        let applied = saved.records.len();
        self.inner.update_value(|inner| {
            if let (Some(store), Some(keep)) = (&inner.store, keep) {
                store.write(Write::Kept(keep));
            }
            inner.log = SessionLog::default();
            inner.deaths = 0;
            inner.loaded = Some(Loaded { saved: saved.clone(), applied });
        });
        match self.inner.with_value(Inner::waits_for_session) {
            true => self.begin(),
            false => self.start_worker(Some(Some(saved))),
        }
    }
}
