use serde::{Deserialize, Serialize};

/// What the engine knows by name, as in `docker inspect --type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObjectKind {
    /// `docker container inspect`
    Container,
    /// `docker image inspect`
    Image,
    /// `docker network inspect`
    Network,
    /// `docker volume inspect`
    Volume,
}

impl ObjectKind {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Container, Self::Image, Self::Network, Self::Volume];

    /// The client's word for it.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Image => "image",
            Self::Network => "network",
            Self::Volume => "volume",
        }
    }

    /// The kind that the client calls by this word.
    pub fn named(noun: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.noun() == noun)
    }
}
