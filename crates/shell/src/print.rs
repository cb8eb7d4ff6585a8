//! Functions as text, for `type` and `declare -f`.

use crate::parse::ast::Function;

/// The definition as it was written, in the shape that bash gives it.
pub fn function(name: &str, f: &Function) -> String {
    let text = f.text.trim();
    let body = text.find(['{', '(']).map_or(text, |_| {
        let after = text.find(')').map_or(0, |i| i + 1);
        text.get(after..).unwrap_or(text).trim()
    });
    let inner = body.strip_prefix('{').and_then(|b| b.strip_suffix('}'));
    match inner {
        Some(i) => {
            let mut out = format!("{name} () \n{{ \n");
            for line in i.trim().trim_end_matches(';').split('\n') {
                let parts: Vec<&str> =
                    if line.contains(['\'', '"', '$', '{', '(']) { vec![line] } else { line.split("; ").collect() };
                let n = parts.len();
                for (k, p) in parts.iter().enumerate() {
                    out.push_str("    ");
                    out.push_str(p.trim());
                    if k + 1 < n {
                        out.push(';');
                    }
                    out.push('\n');
                }
            }
            out + "}"
        }
        None => format!("{name} () \n{body}"),
    }
}
