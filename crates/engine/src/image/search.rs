//! `GET /images/search`: what Docker Hub finds.

use layerlab_api::filters::Filters;
use layerlab_api::image::SearchResult;

use crate::context::{Context, Reply};
use crate::error::ApiError;

/// Name, description and stars of the images that are there (Docker Hub, 2026-09).
const KNOWN: &[(&str, &str, i64)] = &[
    ("ubuntu", "Ubuntu is a Debian-based Linux operating system based on free software.", 17_600),
    (
        "alpine",
        "A minimal Docker image based on Alpine Linux with a complete package index and only 5 MB in size!",
        11_700,
    ),
    ("python", "Python is an interpreted, interactive, object-oriented, open-source programming language.", 10_300),
    ("debian", "Debian is a Linux distribution that's composed entirely of free and open-source software.", 5_300),
    ("registry", "Distribution implementation for storing and distributing of container images and artifacts", 4_100),
    ("busybox", "Busybox base image.", 3_500),
    ("hello-world", "Hello World! (an example of minimal Dockerization)", 2_400),
];

/// Official images whose name or description has the term.
///
/// # Errors
/// A filter that there isn't, a limit that is out of range.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let term = cx.param("term").to_lowercase();
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    let limit: usize = match cx.param("limit") {
        "" | "0" => 25,
        n => n.parse().map_err(|_| ApiError::bad(format!("invalid limit specified: {n}")))?,
    };
    if !(1..=100).contains(&limit) {
        return Err(ApiError::bad(format!("limit {limit} is outside the range of [1, 100]")));
    }
    let least = filters.get("stars").filter_map(|s| s.parse::<i64>().ok()).max().unwrap_or(0);
    let official = filters.get("is-official").all(|v| matches!(v, "1" | "true"));
    let automated = filters.get("is-automated").any(|v| matches!(v, "1" | "true"));
    let found: Vec<SearchResult> = KNOWN
        .iter()
        .filter(|(name, text, stars)| {
            official && !automated && *stars >= least && (name.contains(&term) || text.to_lowercase().contains(&term))
        })
        .take(limit)
        .map(|(name, description, stars)| SearchResult {
            star_count: *stars,
            is_official: true,
            name: (*name).to_owned(),
            is_automated: false,
            description: (*description).to_owned(),
        })
        .collect();
    cx.json(200, &found).await
}
