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
    ("nginx", "Official build of Nginx.", 21_200),
    ("redis", "Redis is the world’s fastest data platform for caching, vector search, and NoSQL databases.", 13_600),
    ("postgres", "The PostgreSQL object-relational database system provides reliability and data integrity.", 14_700),
    ("mysql", "MySQL is a widely used, open-source relational database management system (RDBMS).", 15_900),
    ("mariadb", "MariaDB Server is a high performing open source relational database, forked from MySQL.", 6_100),
    ("node", "Node.js is a JavaScript-based platform for server-side and networking applications.", 14_100),
    ("httpd", "The Apache HTTP Server Project", 4_900),
    ("mongo", "MongoDB document databases provide high availability and easy scalability.", 10_600),
    ("golang", "Go (golang) is a general purpose, higher-level, imperative programming language.", 5_100),
    ("eclipse-temurin", "Official Images for OpenJDK binaries built by Eclipse Temurin.", 700),
    ("rust", "Rust is a systems programming language focused on safety, speed, and concurrency.", 1_300),
    ("php", "While designed for web development, the PHP scripting language also provides general-purpose use.", 7_900),
    (
        "ruby",
        "Ruby is a dynamic, reflective, object-oriented, general-purpose, open-source programming language.",
        2_500,
    ),
    ("traefik", "Traefik, The Cloud Native Edge Router", 3_600),
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
    let official = filters.get("is-official").map(|v| matches!(v, "1" | "true")).last();
    let automated = filters.get("is-automated").any(|v| matches!(v, "1" | "true"));
    let all = crate::registry::search(&cx.sys, &term).await?;
    let fits = |r: &SearchResult| official.is_none_or(|o| r.is_official == o) && !automated && r.star_count >= least;
    let found: Vec<SearchResult> = all.into_iter().filter(fits).take(limit).collect();
    cx.json(200, &found).await
}

/// What the index has for a term: name or description has it.
pub(crate) fn known(term: &str) -> Vec<SearchResult> {
    let term = term.to_lowercase();
    let term = term.strip_prefix("library/").unwrap_or(&term);
    let mut found: Vec<SearchResult> = KNOWN
        .iter()
        .filter(|(name, text, _)| name.contains(term) || text.to_lowercase().contains(term))
        .map(|(name, description, stars)| SearchResult {
            star_count: *stars,
            is_official: true,
            name: (*name).to_owned(),
            is_automated: false,
            description: (*description).to_owned(),
        })
        .collect();
    found.sort_by_key(|r| -r.star_count);
    found
}
