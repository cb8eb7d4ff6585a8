//! `docker search`.

use layerlab_api::image::SearchResult;

use crate::cli::Cli;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::row::{Format, Layout};
use crate::format::truncate;
use crate::format::value::Row;
use crate::tree::Command;

const LAYOUT: Layout = Layout {
    type_name: "registry.searchContext",
    table: "table {{.Name}}\\t{{.Description}}\\t{{.StarCount}}\\t{{.IsOfficial}}",
    quiet: "{{.Name}}",
    headers: &[("StarCount", "STARS"), ("IsOfficial", "OFFICIAL")],
};

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let format = Format::new(p.str(c, "format"), false, &LAYOUT).map_err(CliError::new)?;
    let mut query = filter_query(&filters(p.list("filter"))).with("term", p.arg(0));
    if let Some(n) = p.int("limit").filter(|n| *n > 0) {
        query = query.with("limit", n.to_string());
    }
    let mut found: Vec<SearchResult> = cli.get("/images/search", query).await?;
    found.sort_by_key(|r| std::cmp::Reverse(r.star_count));
    let cut = !p.bool("no-trunc");
    // In JSON it is said in words.
    let given = p.str(c, "format");
    let words = given == "json" || given.contains("json .}");
    let rows: Vec<Row> = found.iter().map(|r| row(r, cut, words)).collect();
    cli.print(format.print(&rows, &LAYOUT).map_err(CliError::new)?).await?;
    Ok(0)
}

fn row(r: &SearchResult, cut: bool, words: bool) -> Row {
    let text = r.description.replace(['\n', '\r'], " ");
    let ok = |b: bool| match (words, b) {
        (true, b) => b.to_string(),
        (false, true) => "[OK]".to_owned(),
        (false, false) => String::new(),
    };
    let fields = [
        ("Name", r.name.clone()),
        ("Description", if cut { truncate::ellipsis(&text, 45) } else { text }),
        ("StarCount", r.star_count.to_string()),
        ("IsOfficial", ok(r.is_official)),
    ];
    Row { type_name: LAYOUT.type_name, fields: fields.map(|(k, v)| (k, v.into())).into(), ..Row::default() }
}
