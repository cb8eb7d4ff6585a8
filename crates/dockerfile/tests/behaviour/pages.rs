//! The pages about the build checks: complete, alike in both languages, and their examples do what
//! they say.

use layerlab_dockerfile::ignore::Ignore;
use layerlab_dockerfile::lint::{BaseImage, Config, Options, RULES, lint, page};
use layerlab_dockerfile::parse;

/// The contents of the page's code blocks in this language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut parts = page.split("```").skip(1).step_by(2);
    let mut found = Vec::new();
    for part in &mut parts {
        let (kind, text) = part.split_once('\n').unwrap();
        if kind == language {
            found.push(text.to_owned());
        }
    }
    found
}

/// The names of the rules that a file breaks.
fn broken(text: &str, ignore: Option<&String>) -> Vec<&'static str> {
    let mut options = Options {
        ignore: ignore.map(|text| Ignore::parse(text).unwrap()),
        config: Some(Config { experimental_all: true, ..Config::default() }),
        ..Options::default()
    };
    let image = BaseImage { platform: Some("linux/arm64".into()), ..BaseImage::default() };
    options.images.insert("only-arm64:1.0".into(), image);
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    let mut rules: Vec<&str> = lint(&parsed.ast, &options).iter().filter_map(|found| found.rule).collect();
    rules.dedup();
    rules
}

#[test]
fn each_rule_has_a_page_whose_examples_are_true() {
    for rule in RULES {
        let page = page(rule.name).unwrap_or_else(|| panic!("no page about {}", rule.name));
        for text in [page.de, page.en] {
            assert!(text.starts_with(&format!("# {}\n\n", rule.name)), "{}", rule.name);
            let ignore = blocks(text, "dockerignore");
            let [bad, good] = <[String; 2]>::try_from(blocks(text, "dockerfile")).unwrap();
            assert!(broken(&bad, ignore.first()).contains(&rule.name), "{}: the bad example is good", rule.name);
            assert_eq!(broken(&good, ignore.first()), Vec::<&str>::new(), "{}: the good example is bad", rule.name);
        }
        assert_eq!(blocks(page.de, "dockerfile"), blocks(page.en, "dockerfile"), "{}", rule.name);
    }
}

#[test]
fn each_page_is_about_a_rule() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/pages");
    let files = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(files, RULES.len() * 2);
    assert_eq!(page("Nonsense"), None);
}
