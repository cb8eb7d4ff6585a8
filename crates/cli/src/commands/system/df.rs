//! `docker system df`.

use layerlab_api::query::Query;
use layerlab_api::system::{DiskUsage, Usage};

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::row::{Format, Layout};
use crate::format::size;
use crate::format::template::Template;
use crate::format::value::Row;
use crate::tree::Command;

const LAYOUT: Layout = Layout {
    type_name: "formatter.diskUsageContext",
    table: "table {{.Type}}\\t{{.TotalCount}}\\t{{.Active}}\\t{{.Size}}\\t{{.Reclaimable}}",
    quiet: "{{.Type}}",
    headers: &[
        ("Type", "TYPE"),
        ("TotalCount", "TOTAL"),
        ("Active", "ACTIVE"),
        ("Size", "SIZE"),
        ("Reclaimable", "RECLAIMABLE"),
    ],
};

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    if p.bool("verbose") {
        let usage: DiskUsage = cli.get("/system/df", Query::default().flag("verbose", true)).await?;
        let format = p.str(c, "format");
        if !matches!(format, "" | "table") {
            let text =
                if format == "json" { "{{json .}}" } else { format.strip_prefix("table").unwrap_or(format).trim() };
            let template = Template::parse(&text.replace("\\t", "\t").replace("\\n", "\n"));
            let template = template.map_err(|e| CliError::new(format!("template parsing error: {e}")))?;
            cli.print(super::df_verbose::formatted(&template, &usage, cli.now()).map_err(CliError::new)?).await?;
            return Ok(0);
        }
        cli.print(super::df_verbose::show(&usage, cli.now()).map_err(CliError::new)?).await?;
        return Ok(0);
    }
    let format = Format::new(p.str(c, "format"), false, &LAYOUT).map_err(CliError::new)?;
    let usage: DiskUsage = cli.get("/system/df", Query::default()).await?;
    let rows = rows(&usage);
    cli.print(format.print(&rows, &LAYOUT).map_err(CliError::new)?).await?;
    Ok(0)
}

fn rows(u: &DiskUsage<'_>) -> Vec<Row> {
    vec![
        row("Images", &u.image_usage, true),
        row("Containers", &u.container_usage, true),
        row("Local Volumes", &u.volume_usage, true),
        row("Build Cache", &u.build_cache_usage, false),
    ]
}

/// Go's type of a row, for error messages.
fn type_name(kind: &str) -> &'static str {
    match kind {
        "Images" => "formatter.diskUsageImagesContext",
        "Containers" => "formatter.diskUsageContainersContext",
        "Local Volumes" => "formatter.diskUsageVolumesContext",
        _ => "formatter.diskUsageBuilderContext",
    }
}

fn row<T>(kind: &str, u: &Usage<T>, percent: bool) -> Row {
    let mut reclaimable = size::human4(u.reclaimable);
    if percent && u.total_size > 0 {
        reclaimable.push_str(&format!(" ({}%)", u.reclaimable * 100 / u.total_size));
    }
    let fields = [
        ("Type", kind.to_owned()),
        ("TotalCount", u.total_count.to_string()),
        ("Active", u.active_count.to_string()),
        ("Size", size::human4(u.total_size)),
        ("Reclaimable", reclaimable),
    ];
    Row { type_name: type_name(kind), fields: fields.map(|(k, v)| (k, v.into())).into(), ..Row::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Output of the real client 29.
    #[test]
    fn summary_as_docker() {
        let u = DiskUsage {
            image_usage: Usage { total_count: 3, total_size: 6_272_000, reclaimable: 3_157_000, ..Usage::default() },
            container_usage: Usage { active_count: 1, total_count: 1, total_size: 4096, ..Usage::default() },
            volume_usage: Usage { total_count: 1, ..Usage::default() },
            build_cache_usage: Usage {
                total_count: 12,
                total_size: 1_202_000,
                reclaimable: 70_070,
                ..Usage::default()
            },
        };
        let text = Format::new("", false, &LAYOUT).unwrap().print(&rows(&u), &LAYOUT).unwrap();
        assert_eq!(
            text,
            "TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE\n\
             Images          3         0         6.272MB   3.157MB (50%)\n\
             Containers      1         1         4.096kB   0B (0%)\n\
             Local Volumes   1         0         0B        0B\n\
             Build Cache     12        0         1.202MB   70.07kB\n"
        );
    }
}
