use serde::{Deserialize, Serialize};

/// A network of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// 64 hexadecimal digits.
    pub id: String,
    /// e.g. `bridge`, `appnet`
    pub name: String,
    /// e.g. `bridge`
    pub driver: String,
    /// e.g. `172.17.0.0/16`
    pub subnet: String,
    /// e.g. `172.17.0.1`
    pub gateway: String,
    /// Containers find each other by name (the default bridge has none).
    pub dns: bool,
}

/// A volume of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// A given name, or 64 hexadecimal digits.
    pub name: String,
    /// Nominal bytes in it.
    pub size: u64,
}
