//! `POST /containers/{name}/rename`.

use super::names;
use crate::context::{Context, Reply};
use crate::error::ApiError;

/// Gives a container another name.
///
/// # Errors
/// The name is taken, the same, or none.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let new = cx.param("name").trim_start_matches('/').to_owned();
    let at = cx.now();
    cx.with(|s| {
        let (id, old) = s.container(name).map(|c| (c.id.clone(), c.name.clone()))?;
        if new.is_empty() {
            return Err(ApiError::bad("Neither old nor new names may be empty"));
        }
        if new == old {
            return Err(ApiError::bad("Renaming a container with the same name as its current name"));
        }
        if !names::is_valid(&new) {
            return Err(ApiError::bad(format!("Error when allocating new name: Invalid container name ({new}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")));
        }
        if let Some(other) = s.containers.values().find(|c| c.name == new) {
            return Err(ApiError::conflict(format!(
                "Error when allocating new name: Conflict. The container name \"/{new}\" is already in use by container \"{}\". You have to remove (or rename) that container to be able to reuse that name.",
                other.id
            )));
        }
        s.container_mut(&id)?.name.clone_from(&new);
        s.container_event(at, "rename", &id, &[("oldName", &format!("/{old}"))]);
        Ok(())
    })??;
    cx.empty(204).await
}
