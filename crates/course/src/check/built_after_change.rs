//! `built-after-change`: the image holds a changed file as it is now.

use super::{Verdict, View, words};

pub(super) fn check(view: &View<'_>, image: &str, file: &str, path: &str) -> Verdict {
    let now = view.home(file);
    let Some(now) = now else {
        return Err(words(format!("`{file}` ist nicht mehr da"), format!("`{file}` is gone")));
    };
    if view.given(file).is_some_and(|g| g == now.as_slice()) {
        return Err(None);
    }
    let Some(found) = view.image(image) else { return Err(None) };
    if view.file_in(&found, path).is_some_and(|f| f == now) {
        return Ok(());
    }
    Err(words(
        format!("`{file}` ist geändert, `{image}` enthält aber noch den alten Stand"),
        format!("`{file}` was changed, but `{image}` still holds the old one"),
    ))
}
