//! `DELETE /images/{name}`, `POST /images/prune`.

use layerlab_api::filters::Filters;
use layerlab_api::image::{DeleteItem, PruneReport};
use layerlab_oci::{Digest, Platform, Reference, Timestamp};

use super::Image;
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::filter;
use crate::state::EngineState;

/// Takes a name or an image away.
///
/// # Errors
/// No such image, not for these platforms, or something uses it.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let force = cx.flag("force");
    let now = cx.now();
    let platforms = super::save::platforms_of(cx, "platforms")?;
    let items = cx.with(|s| {
        if platforms.is_empty() { delete(s, name, force, now) } else { delete_platforms(s, name, &platforms, force) }
    })??;
    cx.json(200, &items).await
}

/// Takes the content of platforms away. The image stays, as do its names, also without its last platform
/// (moby `daemon/containerd/image_delete.go`, `deleteImagePlatforms`).
fn delete_platforms(
    state: &mut EngineState,
    name: &str,
    platforms: &[Platform],
    force: bool,
) -> Result<Vec<DeleteItem>, ApiError> {
    if !force {
        return Err(ApiError::bad(
            "Content will be removed from all images referencing this variant. Use —-force to force delete.",
        ));
    }
    let mut items = Vec::new();
    for p in platforms {
        let image = state.images.find_any(name)?;
        let id = image.id();
        let Some(gone) = image.all().find(|i| i.platform().matches(p)).map(|i| i.manifest.digest) else {
            let asked = Reference::parse_normalized(name).ok().map(Reference::tag_name_only);
            let asked = asked.filter(|r| state.images.find_named(r).is_some());
            let first = || state.images.names_of(&id).first().and_then(|n| Reference::parse(n).ok());
            let shown = asked.or_else(first);
            let shown = shown.map_or_else(|| id.to_string(), |r| r.familiar());
            return Err(ApiError::not_found(format!(
                "failed to delete platform {p} for image {id}: image with reference {shown} was found but does not provide the specified platform"
            )));
        };
        state.content.0.remove(&gone);
        match Image::read(&image.target, &state.content).or_else(|_| Image::bare(&image.target, &state.content)) {
            Ok(rest) => drop(state.images.images.insert(id, rest.into())),
            // Without an index nothing is left.
            Err(_) => {
                state.images.names.retain(|_, n| n.target != id);
                state.images.images.remove(&id);
            }
        }
        state.collect_garbage();
        items.push(DeleteItem { untagged: None, deleted: Some(gone.to_string()) });
    }
    Ok(items)
}

fn untagged(name: &str) -> DeleteItem {
    DeleteItem { untagged: Some(name.to_owned()), deleted: None }
}

/// Takes a name away, and the image with its last one.
///
/// # Errors
/// No such image, or something uses it.
pub fn delete(state: &mut EngineState, name: &str, force: bool, now: Timestamp) -> Result<Vec<DeleteItem>, ApiError> {
    let image = state.images.find_any(name)?;
    let id = image.id();
    let short = id.short();
    let named = Reference::parse_familiar(name).ok().filter(|r| state.images.find_named(r).is_some());
    let names: Vec<String> = state.images.names_of(&id).into_iter().cloned().collect();
    let Some(reference) = named.filter(|r| r.digest().is_none()) else {
        return by_id(state, &image, &names, force, now);
    };
    let shown = reference.familiar();
    if names.len() <= 1
        && !force
        && let Some(user) = state.containers.values().find(|c| c.image_id == id)
    {
        return Err(ApiError::conflict(format!(
            "conflict: unable to delete {shown} (must be forced) - container {} is using its referenced image {short}",
            user.short_id()
        )));
    }
    state.images.names.remove(&reference.to_string());
    state.event(now, "image", "untag", &id.to_string(), &[("name", &shown)]);
    let mut items = vec![untagged(&shown)];
    if names.len() <= 1 && !state.containers.values().any(|c| c.image_id == id) {
        items.push(remove(state, &id, now));
    }
    Ok(items)
}

fn by_id(
    state: &mut EngineState,
    image: &Image,
    names: &[String],
    force: bool,
    now: Timestamp,
) -> Result<Vec<DeleteItem>, ApiError> {
    let id = image.id();
    let short = id.short();
    if let Some(user) = state.containers.values().find(|c| c.image_id == id) {
        let user_id = user.short_id();
        if user.is_running() {
            return Err(ApiError::conflict(format!(
                "conflict: unable to delete {short} (cannot be forced) - image is being used by running container {user_id}"
            )));
        }
        if !force {
            return Err(ApiError::conflict(format!(
                "conflict: unable to delete {short} (must be forced) - image is being used by stopped container {user_id}"
            )));
        }
    }
    let repos: std::collections::BTreeSet<String> =
        names.iter().filter_map(|n| Reference::parse(n).ok()).map(|r| r.name()).collect();
    if repos.len() > 1 && !force {
        return Err(ApiError::conflict(format!(
            "conflict: unable to delete {short} (must be forced) - image is referenced in multiple repositories"
        )));
    }
    let mut items = Vec::new();
    for name in names {
        let shown = Reference::parse(name).map_or_else(|_| name.clone(), |r| r.familiar());
        state.images.names.remove(name);
        state.event(now, "image", "untag", &id.to_string(), &[("name", &shown)]);
        items.push(untagged(&shown));
    }
    items.push(remove(state, &id, now));
    Ok(items)
}

fn remove(state: &mut EngineState, id: &Digest, now: Timestamp) -> DeleteItem {
    state.images.images.remove(id);
    state.collect_garbage();
    state.event(now, "image", "delete", &id.to_string(), &[("name", &id.to_string())]);
    DeleteItem { untagged: None, deleted: Some(id.to_string()) }
}

/// Takes unused images away: those without a name, or with `dangling=false` all.
///
/// # Errors
/// Malformed filters.
pub async fn prune(cx: &mut Context) -> Reply {
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    let all = filters.get("dangling").any(|v| matches!(v, "false" | "0"));
    let now = cx.now();
    filter::known(&filters, &["dangling", "label", "label!", "until"])?;
    let until = filter::until(&filters, now)?;
    let report = cx.with(|s| {
        let before: u64 = s.layers.values().map(|l| l.compressed + l.unpacked).sum();
        let mut items = Vec::new();
        let images: Vec<_> = s.images.images.values().cloned().collect();
        for image in images {
            let id = image.id();
            let names: Vec<String> = s.images.names_of(&id).into_iter().cloned().collect();
            let used = s.containers.values().any(|c| c.image_id == id);
            let meant = until.is_none_or(|t| image.config.created.unwrap_or_default() <= t)
                && filter::labels(&filters, Some(&image.config.config.labels));
            if used || !meant || (!all && !names.is_empty()) {
                continue;
            }
            for name in &names {
                s.images.names.remove(name);
                items.push(untagged(&Reference::parse(name).map_or_else(|_| name.clone(), |r| r.familiar())));
            }
            items.push(remove(s, &id, now));
        }
        let after: u64 = s.layers.values().map(|l| l.compressed + l.unpacked).sum();
        PruneReport {
            images_deleted: (!items.is_empty()).then_some(items),
            space_reclaimed: before.saturating_sub(after),
        }
    })?;
    cx.json(200, &report).await
}
