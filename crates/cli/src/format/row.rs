//! Lists of rows as docker prints them: table, template, JSON or IDs
//! (docker/cli `cli/command/formatter/formatter.go`).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::table::DOCKER;
use super::template::{Missing, Part, Template};
use super::value::{Row, Value};

/// What a row of a list is made of. A template that only names fields asks for these alone, others get the row.
pub trait Fields {
    /// A field as templates write it; `None`: there is none of this name.
    fn field(&self, name: &str) -> Option<Cow<'_, str>>;
    /// The row with at least the fields that are wanted.
    fn row(&self, wants: &dyn Fn(&str) -> bool) -> Row;
}

impl Fields for Row {
    fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        Some(match self.fields.get(name)? {
            Value::Str(s) => Cow::Borrowed(s),
            other => Cow::Owned(other.to_string()),
        })
    }
    fn row(&self, _: &dyn Fn(&str) -> bool) -> Row {
        self.clone()
    }
}

/// A kind of list: its columns' headers and its default table.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Go's type of a row, for error messages.
    pub type_name: &'static str,
    /// The table that is printed without `--format`.
    pub table: &'static str,
    /// What `-q` prints.
    pub quiet: &'static str,
    /// Headers that are not the field's name in capitals.
    pub headers: &'static [(&'static str, &'static str)],
}

/// How rows are to be printed.
#[derive(Clone, Debug)]
pub struct Format {
    template: Template,
    table: bool,
    /// The fields that the template can look at; `None`: maybe all.
    wanted: Option<Vec<String>>,
    /// What it writes, if it only names fields.
    parts: Option<Vec<Part>>,
}

/// Bytes of a line, about.
const LINE: usize = 128;

impl Format {
    /// From what `--format` says (empty: the default table) and `-q`.
    ///
    /// # Errors
    /// The template cannot be parsed.
    pub fn new(given: &str, quiet: bool, layout: &Layout) -> Result<Self, String> {
        let given = match given {
            "" | "table" if quiet => layout.quiet,
            "" | "table" => layout.table,
            "json" => "{{json .}}",
            "raw" => raw(layout.type_name, quiet).unwrap_or("raw"),
            g => g,
        };
        let (table, text) = match given.strip_prefix("table") {
            Some(rest) if !rest.starts_with(|c: char| c.is_alphanumeric()) => (true, rest.trim()),
            _ => (false, given),
        };
        let text = text.replace("\\t", "\t").replace("\\n", "\n");
        let template = Template::parse(&text).map_err(|e| format!("template parsing error: {e}"))?;
        Ok(Self { wanted: template.wants(), parts: template.parts(), template, table })
    }

    /// Whether the template uses a field.
    pub fn uses(&self, field: &str) -> bool {
        self.template.uses(field)
    }

    /// The text for all rows.
    ///
    /// # Errors
    /// The template fails.
    pub fn print<R: Fields>(&self, rows: &[R], layout: &Layout) -> Result<String, String> {
        let rows: Vec<&dyn Fields> = rows.iter().map(|r| r as &dyn Fields).collect();
        let text = match self.parts.as_deref().and_then(|p| self.plain(p, &rows, layout)) {
            Some(text) => text,
            None => self.execute(&rows, layout)?,
        };
        Ok(if self.table { DOCKER.align(&text) } else { text })
    }

    /// What a template writes that only names fields; `None`: one that there isn't.
    fn plain(&self, parts: &[Part], rows: &[&dyn Fields], layout: &Layout) -> Option<String> {
        let mut out = String::with_capacity((rows.len() + 1) * LINE);
        if self.table {
            for part in parts {
                match part {
                    Part::Text(t) => out.push_str(t),
                    Part::Field(name) => match layout.headers.iter().find(|h| h.0 == name) {
                        Some((_, header)) => out.push_str(header),
                        None => out.push_str(&name.to_uppercase()),
                    },
                }
            }
            out.push('\n');
        }
        for row in rows {
            for part in parts {
                match part {
                    Part::Text(t) => out.push_str(t),
                    Part::Field(name) => out.push_str(&row.field(name)?),
                }
            }
            out.push('\n');
        }
        Some(out)
    }

    fn execute(&self, rows: &[&dyn Fields], layout: &Layout) -> Result<String, String> {
        let fail = |(e, _): (String, String)| format!("template parsing error: {e}");
        // What nobody looks at is not made.
        let wants = |field: &str| self.wanted.as_ref().is_none_or(|w| w.iter().any(|f| f == field));
        let mut out = String::new();
        // All rows of a list have the same fields.
        let mut names: Vec<&'static str> = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            let row = row.row(&wants);
            if i == 0 {
                names = row.fields.keys().copied().collect();
            }
            out.push_str(&self.template.execute(&Value::Row(Rc::new(row)), Missing::NoValue).map_err(fail)?);
            out.push('\n');
        }
        if !self.table {
            return Ok(out);
        }
        let header = self.template.headers(&Value::Row(Rc::new(header_row(&names, layout)))).map_err(fail)?;
        Ok(format!("{header}\n{out}"))
    }

    /// Tells beforehand what is wrong with a template for rows like this one.
    ///
    /// # Errors
    /// The template as it was given cannot be parsed or fails.
    pub fn check(given: &str, row: &Row) -> Result<(), String> {
        let template = Template::parse(given).map_err(|e| format!("failed to parse template: {e}"))?;
        let row = Value::Row(Rc::new(row.clone()));
        match template.execute(&row, Missing::NoValue) {
            Ok(_) => Ok(()),
            Err((e, _)) => Err(format!("failed to execute template: {e}")),
        }
    }
}

fn header_row(names: &[&'static str], layout: &Layout) -> Row {
    let mut fields: BTreeMap<&'static str, Value> = layout.headers.iter().map(|(k, h)| (*k, Value::str(h))).collect();
    for name in names {
        fields.entry(name).or_insert_with(|| Value::str(name.to_uppercase()));
    }
    Row { type_name: layout.type_name, fields, labels: BTreeMap::new() }
}

/// What `--format raw` stands for (docker/cli `cli/command/formatter`).
pub(crate) fn raw(type_name: &str, quiet: bool) -> Option<&'static str> {
    Some(match (type_name, quiet) {
        ("formatter.ContainerContext", true) => "container_id: {{.ID}}",
        ("formatter.ContainerContext", false) => {
            "container_id: {{.ID}}\nimage: {{.Image}}\ncommand: {{.Command}}\ncreated_at: {{.CreatedAt}}\nstate: {{- pad .State 1 0}}\nstatus: {{- pad .Status 1 0}}\nnames: {{.Names}}\nlabels: {{- pad .Labels 1 0}}\nports: {{- pad .Ports 1 0}}\n"
        }
        ("formatter.imageContext", true) => "image_id: {{.ID}}",
        ("formatter.imageContext", false) => {
            "repository: {{.Repository}}\ntag: {{.Tag}}\nimage_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n"
        }
        ("network.networkContext", true) => "network_id: {{.ID}}",
        ("network.networkContext", false) => {
            "network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n"
        }
        ("formatter.diskUsageContext", _) => {
            "type: {{.Type}}\ntotal: {{.TotalCount}}\nactive: {{.Active}}\nsize: {{.Size}}\nreclaimable: {{.Reclaimable}}\n"
        }
        ("plugin.pluginContext", true) => "plugin_id: {{.ID}}",
        ("plugin.pluginContext", false) => {
            "plugin_id: {{.ID}}\nname: {{.Name}}\ndescription: {{.Description}}\nenabled: {{.Enabled}}\n"
        }
        ("formatter.volumeContext", true) => "name: {{.Name}}",
        ("formatter.volumeContext", false) => "name: {{.Name}}\ndriver: {{.Driver}}\n",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout {
        type_name: "formatter.Things",
        table: "table {{.ID}}\\t{{.Size}}",
        quiet: "{{.ID}}",
        headers: &[("ID", "THING ID")],
    };

    fn things() -> Vec<Row> {
        let thing = |id: &str, size| Row {
            type_name: LAYOUT.type_name,
            fields: [("ID", Value::str(id)), ("Size", Value::Int(size)), ("Platform", Value::Null)].into(),
            ..Row::default()
        };
        vec![thing("abc", 5), thing("defghijklmnop", 17)]
    }

    /// `{{""}}` writes nothing, and makes the template one that does more than name fields.
    #[test]
    fn naming_fields_is_what_running_the_template_gives() {
        for given in
            ["", "table", "{{.ID}}:{{.Size}}", "{{.Platform}}", "table {{.Size}}\\t{{.Nope}}", "plain", "{{.Nope}}"]
        {
            let short = Format::new(given, false, &LAYOUT).unwrap();
            let long = if given.is_empty() || given == "table" { LAYOUT.table } else { given };
            let long = Format::new(&format!("{long}{{{{\"\"}}}}"), false, &LAYOUT).unwrap();
            assert!(short.parts.is_some() && long.parts.is_none(), "{given}");
            for rows in [things(), Vec::new()] {
                assert_eq!(short.print(&rows, &LAYOUT), long.print(&rows, &LAYOUT), "{given}");
            }
        }
    }

    #[test]
    fn a_table_has_its_own_headers_or_the_fields_in_capitals() {
        let text = Format::new("", false, &LAYOUT).unwrap().print(&things(), &LAYOUT).unwrap();
        assert_eq!(text, "THING ID        SIZE\nabc             5\ndefghijklmnop   17\n");
    }
}
