//! Images and their layers as a table: digest, size, and what shares them.

use crate::{
    i18n::{Lang, size, use_lang},
    machine::use_machine,
    picture::{colour_of, short},
};
use layerlab_protocol::{Image, Layer, Snapshot};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[component]
pub(crate) fn LayersView() -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    view! {
        <div class="layers">
            {move || {
                let snapshot = machine.snapshot.get();
                let lang = lang.get();
                if snapshot.images.is_empty() {
                    return view! {
                        <div class="nothing">
                            <p>{lang.no_layers()}</p>
                            <p>{lang.no_layers_hint()}</p>
                        </div>
                    }
                        .into_any();
                }
                let users = users(&snapshot);
                let images: Vec<_> = snapshot.images.iter().map(|one| image(one, &users, lang)).collect();
                let (once, apart) = on_disk(&snapshot);
                view! {
                    {images}
                    {(apart > once)
                        .then(|| {
                            let words = lang.on_disk(size(once), size(apart));
                            view! { <p class="layers__sum">{words}</p> }
                        })}
                }
                    .into_any()
            }}
        </div>
    }
}

type Users = BTreeMap<String, BTreeSet<String>>;

/// For each layer, the images that it is part of.
fn users(snapshot: &Snapshot) -> Users {
    let mut users = Users::new();
    for image in &snapshot.images {
        for layer in &image.layers {
            users.entry(layer.digest.clone()).or_default().insert(image.id.clone());
        }
    }
    users
}

/// Bytes of all layers, each once; and each as often as an image has it.
fn on_disk(snapshot: &Snapshot) -> (u64, u64) {
    let layers = || snapshot.images.iter().flat_map(|image| &image.layers);
    let once: BTreeMap<&str, u64> = layers().map(|one| (one.digest.as_str(), one.size)).collect();
    (once.values().sum(), layers().map(|layer| layer.size).sum())
}

fn image(image: &Image, users: &Users, lang: Lang) -> impl IntoView + use<> {
    let name = if image.references.is_empty() { lang.nameless().to_owned() } else { image.references.join(", ") };
    let rows: Vec<_> = image.layers.iter().rev().map(|one| row(one, users, lang)).collect();
    view! {
        <section class="layers__image">
            <h3>
                {name} <code>{short(&image.id).to_owned()}</code>
                <span>{size(image.size)}</span>
            </h3>
            <table>
                <thead class="hidden">
                    <tr>
                        <th>{lang.layer()}</th>
                        <th>{lang.layer_digest()}</th>
                        <th>{lang.layer_in()}</th>
                        <th>{lang.layer_size()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

fn row(layer: &Layer, users: &Users, lang: Lang) -> impl IntoView + use<> {
    let count = users.get(&layer.digest).map_or(0, BTreeSet::len);
    let shared = if count > 1 { lang.layer_shared(count) } else { String::new() };
    view! {
        <tr>
            <td style=format!("--layer:{}", colour_of(&layer.digest).css())>
                {layer.created_by.clone()}
            </td>
            <td>
                <code title=layer.digest.clone()>{short(&layer.digest).to_owned()}</code>
            </td>
            <td>{shared}</td>
            <td>{size(layer.size)}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_layer_is_on_disk_once() {
        let layer = |digest: &str, size| Layer { digest: digest.into(), created_by: String::new(), size, entries: 0 };
        let image = |id: &str, layers: Vec<Layer>| {
            Image { id: id.into(), references: Vec::new(), size: 0, layers, created: 0 }.into()
        };
        let snapshot = Snapshot {
            images: vec![image("a", vec![layer("x", 70), layer("y", 5)]), image("b", vec![layer("x", 70)])],
            ..Snapshot::default()
        };
        assert_eq!(on_disk(&snapshot), (75, 145));
        assert_eq!(users(&snapshot)["x"].len(), 2);
    }
}
