//! `docker history`.

use layerlab_api::image::HistoryItem;
use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::row::{Format, Layout};
use crate::format::value::Row;
use crate::format::{duration, size, time, truncate};
use crate::tree::Command;

const LAYOUT: Layout = Layout {
    type_name: "image.historyContext",
    table: "table {{.ID}}\\t{{.CreatedSince}}\\t{{.CreatedBy}}\\t{{.Size}}\\t{{.Comment}}",
    quiet: "{{.ID}}",
    headers: &[
        ("ID", "IMAGE"),
        ("CreatedSince", "CREATED"),
        ("CreatedAt", "CREATED AT"),
        ("CreatedBy", "CREATED BY"),
        ("Size", "SIZE"),
        ("Comment", "COMMENT"),
    ],
};
const NOT_HUMAN: Layout =
    Layout { table: "table {{.ID}}\\t{{.CreatedAt}}\\t{{.CreatedBy}}\\t{{.Size}}\\t{{.Comment}}", ..LAYOUT };

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let human = p.bool_or("human", true);
    let layout = if human { LAYOUT } else { NOT_HUMAN };
    let format = Format::new(p.str(c, "format"), p.bool("quiet"), &layout).map_err(CliError::new)?;
    let query = match p.opt("platform").filter(|v| !v.is_empty()) {
        Some(given) => Query::default().with("platform", super::inspect::named_platform(given)?),
        None => Query::default(),
    };
    let items: Vec<HistoryItem> = cli.get(&format!("/images/{}/history", p.arg(0)), query).await?;
    let (now, cut) = (cli.now(), !p.bool("no-trunc"));
    let rows: Vec<Row> = items.iter().map(|i| row(i, now, cut, human)).collect();
    cli.print(format.print(&rows, &layout).map_err(CliError::new)?).await?;
    Ok(0)
}

fn row(i: &HistoryItem, now: i64, cut: bool, human: bool) -> Row {
    let created_by = i.created_by.replace('\t', " ");
    let since = if i.created <= 0 { String::new() } else { duration::ago(i.created, now) };
    let fields = [
        ("ID", if cut { truncate::id(&i.id).to_owned() } else { i.id.clone() }),
        ("CreatedSince", if human { since } else { time::rfc3339(i.created) }),
        ("CreatedAt", time::rfc3339(i.created)),
        ("CreatedBy", if cut { truncate::ellipsis(&created_by, 45) } else { created_by }),
        ("Size", if human { size::human3(i.size) } else { i.size.to_string() }),
        ("Comment", i.comment.clone()),
    ];
    Row { type_name: LAYOUT.type_name, fields: fields.map(|(k, v)| (k, v.into())).into(), ..Row::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Output of the real client for `docker history app:1`.
    #[test]
    fn history_as_docker_29() {
        let now = 1_000_000_000_000;
        let items = [
            HistoryItem {
                id: "sha256:2f22bd5dc25b3ed3115e".into(),
                created: 998,
                created_by: "CMD [\"sh\"]".into(),
                comment: "buildkit.dockerfile.v0".into(),
                ..HistoryItem::default()
            },
            HistoryItem {
                id: "<missing>".into(),
                created: 998,
                created_by: "RUN /bin/sh -c echo installing && cat package.json # buildkit".into(),
                size: 4096,
                comment: "buildkit.dockerfile.v0".into(),
                ..HistoryItem::default()
            },
        ];
        let rows: Vec<Row> = items.iter().map(|i| row(i, now, true, true)).collect();
        let text = Format::new("", false, &LAYOUT).unwrap().print(&rows, &LAYOUT).unwrap();
        assert_eq!(
            text,
            "IMAGE          CREATED         CREATED BY                                      SIZE      COMMENT\n\
             2f22bd5dc25b   2 seconds ago   CMD [\"sh\"]                                      0B        buildkit.dockerfile.v0\n\
             <missing>      2 seconds ago   RUN /bin/sh -c echo installing && cat packag…   4.1kB     buildkit.dockerfile.v0\n"
        );
    }
}
