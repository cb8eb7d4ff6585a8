//! Lists of rows as docker prints them: table, template, JSON or IDs
//! (docker/cli `cli/command/formatter/formatter.go`).

use std::collections::BTreeMap;

use super::table::DOCKER;
use super::template::{Missing, Template};
use super::value::{Row, Value};

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
}

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
        Ok(Self { wanted: template.wants(), template, table })
    }

    /// Whether a row needs this field: what nobody looks at is not made.
    pub fn wants(&self, field: &str) -> bool {
        self.wanted.as_ref().is_none_or(|w| w.iter().any(|f| f == field))
    }

    /// Whether the template uses a field.
    pub fn uses(&self, field: &str) -> bool {
        self.template.uses(field)
    }

    /// The text for all rows.
    ///
    /// # Errors
    /// The template fails.
    pub fn print(&self, rows: Vec<Row>, layout: &Layout) -> Result<String, String> {
        let fail = |(e, _): (String, String)| format!("template parsing error: {e}");
        let mut out = String::new();
        // All rows of a list have the same fields.
        let names: Vec<&'static str> = rows.first().map(|r| r.fields.keys().copied().collect()).unwrap_or_default();
        for row in rows {
            let text = self.template.execute(&Value::Row(std::rc::Rc::new(row)), Missing::NoValue).map_err(fail)?;
            out.push_str(&text);
            out.push('\n');
        }
        if !self.table {
            return Ok(out);
        }
        let header = self.template.headers(&Value::Row(std::rc::Rc::new(header_row(&names, layout)))).map_err(fail)?;
        Ok(DOCKER.align(&format!("{header}\n{out}")))
    }

    /// Tells beforehand what is wrong with a template for rows like this one.
    ///
    /// # Errors
    /// The template as it was given cannot be parsed or fails.
    pub fn check(given: &str, row: &Row) -> Result<(), String> {
        let template = Template::parse(given).map_err(|e| format!("failed to parse template: {e}"))?;
        let row = Value::Row(std::rc::Rc::new(row.clone()));
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
        ("formatter.volumeContext", true) => "name: {{.Name}}",
        ("formatter.volumeContext", false) => "name: {{.Name}}\ndriver: {{.Driver}}\n",
        _ => return None,
    })
}
