use std::marker::PhantomData;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A part of a message that stays bytes until somebody wants it: who only passes it on needs not know how it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Encoded<T> {
    bytes: Vec<u8>,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> Encoded<T> {
    /// Writes it.
    pub fn of(value: &T) -> Self {
        Self { bytes: crate::encode(value), of: PhantomData }
    }
}

impl<T: DeserializeOwned> Encoded<T> {
    /// Reads it.
    ///
    /// # Errors
    /// Bytes that are none.
    pub fn decode(&self) -> Result<T, postcard::Error> {
        crate::decode(&self.bytes)
    }
}
