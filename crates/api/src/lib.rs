//! The Docker Engine API, version 1.52 (Docker 29): its types and its codec, known to engine and cli.
//!
//! Client and daemon speak HTTP/1.1 with JSON over `/var/run/docker.sock`, so that
//! `curl --unix-socket` inside the machine sees the same. This crate knows neither the engine nor
//! the client: only what goes over the wire. Field names and their order are those of moby's
//! `api/types`; times are RFC 3339 texts, sizes bytes, durations nanoseconds unless said otherwise.
//!
//! # Start reading
//! [`client::Client`] (one request, its answer), [`http`] (heads, bodies, chunks), then the types:
//! [`container`], [`image`], [`exec`], [`network`], [`volume`], [`system`], [`events`], [`build`].
//!
//! # Endpoints in use
//! Every path may start with `/v1.52` (or any `/v1.N`). Errors: status 4xx/5xx, body
//! [`ErrorResponse`] `{"message":"…"}`. Query flags are `1`/`true` or `0`/`false`. `filters` is
//! JSON, see [`filters::Filters`]. `{name}` of containers: name, full ID or unique prefix.
//!
//! | endpoint | query | body → answer |
//! |---|---|---|
//! | `GET`/`HEAD /_ping` | | → 200 `OK`; headers `Api-Version`, `Builder-Version: 2`, `Ostype`, `Server` |
//! | `GET /version` | | → [`system::Version`] |
//! | `GET /info` | | → [`system::Info`] |
//! | `GET /system/df` | `type` (several), `verbose` | → [`system::DiskUsage`] |
//! | `GET /events` | `since`, `until`, `filters` | → stream of [`events::Event`] lines |
//! | `POST /build` | see [`build::BuildOptions`] | tar → stream of [`stream::JsonMessage`] lines, see [`build`] |
//! | `POST /session/files` (our addition) | | [`build::SessionFiles`] → [`build::SessionAnswer`] |
//! | `GET /build/result/{number}/{what}` (our addition) | | → what `--output` or `--cache-to` asked for: a tar |
//! | `GET /build/cache` (our addition) | `builder`, `filters` | → `[`[`system::BuildCache`]`]`, last used first |
//! | `GET /build/history` (our addition) | `builder` | → `[`[`history::Record`]`]`, newest first |
//! | `DELETE /build/history/{ref}` (our addition) | `builder` | → 204 |
//! | `GET /build/history/{ref}/logs` (our addition) | `builder` | → what `POST /build` told, as it told it; of a running build until it ends |
//! | `GET /build/history/{ref}/blob/{digest}` (our addition) | `builder` | → the bytes of an attachment |
//! | `POST /build/prune` | `builder`, `all`, `filters`, `reserved-space`, `max-used-space`, `min-free-space` | → [`build::PruneReport`] |
//! | `GET /images/json` | `all`, `filters` (`reference`, `dangling`, `label`, `before`, `since`), `manifests`, `digests`, `shared-size` | → `[`[`image::Summary`]`]` |
//! | `POST /images/create` | `fromImage`, `tag` (tag or digest), `platform` | → stream of [`stream::JsonMessage`]; refusals before the first line are plain errors |
//! | `GET /images/{name}/json` | `manifests` | → [`image::Inspect`] |
//! | `GET /images/{name}/history` | | → `[`[`image::HistoryItem`]`]`, newest first |
//! | `GET /images/{name}/layers` (our addition) | | → what each layer added, changed and removed |
//! | `POST /images/{name}/tag` | `repo`, `tag` | → 201 |
//! | `DELETE /images/{name}` | `force`, `noprune`, `platforms` (several; takes their content away) | → `[`[`image::DeleteItem`]`]` |
//! | `POST /images/prune` | `filters` (`dangling`) | → [`image::PruneReport`] |
//! | `GET /images/{name}/get`, `GET /images/get` | `names` (several), `platform` (several) | → tar (chunked) |
//! | `POST /images/load` | `quiet`, `platform` (several) | tar → stream of [`stream::JsonMessage`] |
//! | `GET /containers/json` | `all`, `limit`, `size`, `filters` | → `[`[`container::Summary`]`]`, newest first |
//! | `POST /containers/create` | `name`, `platform` | [`container::CreateRequest`] → 201 [`container::CreateResponse`] |
//! | `GET /containers/{name}/json` | `size` | → [`container::Inspect`] |
//! | `GET /containers/{name}/top` | `ps_args` | → [`container::Top`] |
//! | `GET /containers/{name}/logs` | `follow`, `stdout`, `stderr`, `since`, `until`, `timestamps`, `tail` | → raw stream (tty) or [`stdcopy`] frames |
//! | `GET /containers/{name}/changes` | | → `[`[`container::Change`]`]` |
//! | `POST /containers/{name}/start` | `detachKeys` | → 204, 304 if it runs |
//! | `POST /containers/{name}/stop`, `/restart` | `t` (seconds), `signal` | → 204, 304 if it doesn't run |
//! | `POST /containers/{name}/kill` | `signal` | → 204 |
//! | `POST /containers/{name}/pause`, `/unpause` | | → 204 |
//! | `POST /containers/{name}/rename` | `name` | → 204 |
//! | `POST /containers/{name}/attach` | `stream`, `stdin`, `stdout`, `stderr`, `logs`, `detachKeys` | hijack: `101 UPGRADED`, then raw bytes (tty) or [`stdcopy`] frames; half-close ends stdin |
//! | `POST /containers/{name}/wait` | `condition` (`not-running`, `next-exit`, `removed`) | → head at once, [`container::Wait`] when it happens |
//! | `POST /containers/{name}/resize`, `POST /exec/{id}/resize` | `h`, `w` | → 200 |
//! | `DELETE /containers/{name}` | `force`, `v` | → 204 |
//! | `POST /containers/prune` | `filters` | → [`container::PruneReport`] |
//! | `GET /containers/{name}/stats` | `stream`, `one-shot` | → [`container::Stats`] lines |
//! | `POST /containers/{name}/exec` | | [`exec::CreateRequest`] → 201 [`IdResponse`] |
//! | `POST /exec/{id}/start` | | [`exec::StartRequest`] → hijack as attach; 200 if `Detach` |
//! | `GET /exec/{id}/json` | | → [`exec::Inspect`] |
//! | `HEAD`/`GET`/`PUT /containers/{name}/archive` | `path` | tar out, tar in (PUT → 200); header `X-Docker-Container-Path-Stat` |
//! | `GET /networks`, `GET /networks/{name}` | `filters` | → [`network::Inspect`] (list of) |
//! | `POST /networks/create` | | [`network::CreateRequest`] → 201 [`network::CreateResponse`] |
//! | `POST /networks/{name}/connect`, `/disconnect` | | [`network::ConnectRequest`], [`network::DisconnectRequest`] → 200 |
//! | `DELETE /networks/{name}`, `POST /networks/prune` | | → 204; [`network::PruneReport`] |
//! | `GET /trace` (our addition) | `url`, `from` (a container) | → [`trace::Trace`] |
//! | `GET /volumes`, `GET /volumes/{name}` | `filters` | → [`volume::List`], [`volume::Volume`] |
//! | `POST /volumes/create` | | [`volume::CreateRequest`] → 201 [`volume::Volume`] |
//! | `DELETE /volumes/{name}`, `POST /volumes/prune` | `force`; `filters` | → 204; [`volume::PruneReport`] |
//!
//! The sequence of `docker run` without `-d` is the real one: create, attach (hijack), wait
//! (`next-exit`, or `removed` with `--rm`; its head comes at once), start, resize; then the code
//! that wait tells.

pub mod build;
pub mod client;
pub mod container;
pub mod detach;
pub mod events;
pub mod exec;
pub mod filters;
pub mod history;
pub mod http;
pub mod image;
pub mod network;
pub mod query;
pub mod registry;
pub mod stdcopy;
pub mod stream;
pub mod system;
pub mod trace;
pub mod volume;

use serde::{Deserialize, Serialize};

/// The API's version.
pub const API_VERSION: &str = "1.52";
/// The oldest version that a client may ask for.
pub const MIN_API_VERSION: &str = "1.44";
/// Where the daemon listens.
pub const SOCKET: &str = "/var/run/docker.sock";
/// A time that was never set.
pub const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

/// The body of a refused request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorResponse {
    /// What the client prints after `Error response from daemon: `.
    pub message: String,
}

/// The ID of what was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdResponse {
    /// 64 hexadecimal digits.
    #[serde(rename = "Id")]
    pub id: String,
}
