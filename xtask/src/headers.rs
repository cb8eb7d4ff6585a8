//! The headers that a host should send. `public/_headers` is the source, in the form that several
//! static hosts read; Apache's form is made from it, and the page's own policy must agree.

use crate::run::Outcome;
use std::{fs, path::Path};

/// Headers for all files, as `Name: value`.
pub(crate) fn for_all(dist: &Path) -> Vec<String> {
    parse(&fs::read_to_string(dist.join("_headers")).unwrap_or_default())
}

fn parse(text: &str) -> Vec<String> {
    let for_all = text.lines().skip_while(|line| *line != "/*").skip(1);
    for_all.take_while(|line| line.starts_with(' ')).map(|line| line.trim().to_owned()).collect()
}

/// Writes `.htaccess`, which Apache reads.
pub(crate) fn write_apache(dist: &Path) -> Outcome {
    let text = apache(&for_all(dist));
    fs::write(dist.join(".htaccess"), text).map_err(|error| error.to_string())
}

fn apache(headers: &[String]) -> String {
    let mut text =
        String::from("AddType application/wasm .wasm\nAddType text/javascript .js\n<IfModule mod_headers.c>\n");
    for (name, value) in headers.iter().filter_map(|header| header.split_once(": ")) {
        text.push_str(&format!("  Header set {name} \"{value}\"\n"));
    }
    text + "</IfModule>\n"
}

/// The page's `<meta>` must have the policy of the header, but for what only a header may say.
pub(crate) fn agree(html: &str, headers: &[String]) -> Outcome {
    let name = "Content-Security-Policy: ";
    let policy = headers.iter().find_map(|header| header.strip_prefix(name)).unwrap_or_default();
    let for_meta: Vec<&str> = policy.split("; ").filter(|rule| !rule.starts_with("frame-ancestors")).collect();
    match html.contains(&format!("content=\"{}\"", for_meta.join("; "))) {
        true => Ok(()),
        false => Err("index.html and public/_headers differ in Content-Security-Policy".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: &str =
        "/*\n  Content-Security-Policy: default-src 'none'; frame-ancestors 'self'\n  A: b\n\n/x\n  C: d\n";

    #[test]
    fn reads_what_holds_for_all_files() {
        let headers = parse(HEADERS);
        assert_eq!(headers.last().map(String::as_str), Some("A: b"));
        assert!(apache(&headers).contains("  Header set A \"b\"\n"));
    }

    #[test]
    fn a_page_with_another_policy_is_refused() {
        let headers = parse(HEADERS);
        assert!(agree("<meta content=\"default-src 'none'\">", &headers).is_ok());
        assert!(agree("<meta content=\"default-src *\">", &headers).is_err());
    }
}
