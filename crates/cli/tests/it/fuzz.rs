//! What people mistype: the parser of arguments, templates and filters on made-up input. Nothing ends in a
//! panic, and what is written is read again.

use layerlab_api::filters::Filters;
use layerlab_cli::flags;
use layerlab_cli::format::template::{Missing, Template};
use layerlab_cli::format::value::Value;
use layerlab_cli::tree::tree;
use proptest::prelude::*;

const DATA: &[u8] =
    br#"{"ID":"abc","Names":["a","b"],"Size":12,"Labels":{"k":"v"},"State":{"Running":true},"None":null}"#;

/// Words of a command line: flags that there are and that there are not, values, ends of flags.
fn word() -> impl Strategy<Value = String> {
    let names = tree().paths().filter_map(|p| tree().get(p)).flat_map(|c| c.flags.iter().map(|f| f.name));
    let names: Vec<&'static str> = names.collect();
    let flag = (proptest::sample::select(names), "[ -~]{0,6}", 0..3).prop_map(|(name, value, form)| match form {
        0 => format!("--{name}"),
        1 => format!("--{name}={value}"),
        _ => value,
    });
    prop_oneof![flag, "-[a-zA-Z]{1,3}", "-{0,3}[a-z=:,./]{0,8}", Just("--".to_owned()), "\\PC{0,6}"]
}

/// Pieces of templates.
fn template() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{{.ID}}".to_owned()),
        Just("{{range .Names}}".to_owned()),
        Just("{{if .State.Running}}".to_owned()),
        Just("{{with $x := .Labels}}".to_owned()),
        Just("{{else}}".to_owned()),
        Just("{{end}}".to_owned()),
        "\\{\\{-? ?[.$]?[A-Za-z]{0,5}( \\| [a-z]{1,6}( \"[a-z,]\")?)? ?-?\\}\\}",
        "\\{\\{(json|index|printf|len|slice|join|split|upper|eq|and|or|not|table) [ -~]{0,10}\\}\\}",
        "[ -~]{0,8}",
        "\\PC{0,4}",
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|p| p.concat())
}

proptest! {
    #[test]
    fn any_command_line_is_read_or_refused(
        path in proptest::sample::select(tree().paths().collect::<Vec<_>>()),
        words in proptest::collection::vec(word(), 0..10),
        interspersed: bool,
    ) {
        let command = tree().get(path).unwrap();
        if let Ok(parsed) = flags::parse(command, path, &words, interspersed) {
            // What is no flag comes out as it went in, in order.
            let mut rest = words.iter();
            for arg in &parsed.args {
                prop_assert!(rest.any(|w| w == arg), "{arg:?} of {words:?}");
            }
        }
    }

    #[test]
    fn any_template_is_executed_or_refused(text in template()) {
        let value = Value::from_json(DATA).unwrap();
        if let Ok(t) = Template::parse(&text) {
            for missing in [Missing::NoValue, Missing::Error] {
                let _ = t.execute(&value, missing);
            }
        }
    }

    #[test]
    fn a_text_without_braces_is_its_own_template(text in "[^{}]{0,30}") {
        let value = Value::from_json(DATA).unwrap();
        let t = Template::parse(&text).unwrap();
        prop_assert_eq!(t.execute(&value, Missing::Error).unwrap(), text);
    }

    #[test]
    fn filters_are_read_as_they_were_written(
        pairs in proptest::collection::vec(("[a-z]{1,6}", "\\PC{0,8}"), 0..8),
    ) {
        let mut filters = Filters::default();
        for (name, value) in &pairs {
            filters.add(name, value);
        }
        prop_assert_eq!(Filters::parse(&filters.to_json()).unwrap(), filters);
    }

    #[test]
    fn any_filters_are_read_or_refused(text in "\\PC{0,40}") {
        let _ = Filters::parse(&text);
    }
}
