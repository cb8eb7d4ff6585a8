//! What holds for any text.

use layerlab_dockerfile::expand::{Expander, NoVariables};
use layerlab_dockerfile::ignore::Ignore;
use layerlab_dockerfile::instruction::Mount;
use layerlab_dockerfile::lint::{Config, Options, findings, lint};
use layerlab_dockerfile::{parse, source_excerpt, stages};
use proptest::prelude::*;

/// What the files of these tests are put together from.
pub(crate) const PIECES: &[&str] = &[
    "FROM alpine",
    "FROM a AS b",
    "RUN ",
    "COPY ",
    "ENV ",
    "ARG ",
    "LABEL ",
    "ONBUILD ",
    "HEALTHCHECK ",
    "CMD ",
    "--from=x ",
    "--mount=type=cache,target=/x ",
    "<<EOF ",
    "<<-'EOF' ",
    "EOF",
    "\n",
    "\n",
    "\n",
    "\\\n",
    "`\n",
    "# escape=`\n",
    "# check=skip=all\n",
    "# x\n",
    "[\"a\", \"b\"]",
    "a=b ",
    "\"",
    "'",
    "$X",
    "${X:-y}",
    " ",
    "\t",
    "\r\n",
    "=",
    "\\",
    "--",
    "é",
    "\u{feff}",
];

/// Texts that look like Dockerfiles often enough to reach every corner.
fn dockerfile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// The length of the longest match at the start, tried in every way.
fn longest(glob: &[u8], text: &[u8]) -> Option<usize> {
    let Some((first, rest)) = glob.split_first() else { return Some(0) };
    let one = |fits: bool| if fits { longest(rest, &text[1..]).map(|length| length + 1) } else { None };
    match first {
        b'*' => {
            let line = text.iter().take_while(|c| **c != b'\n').count();
            (0..=line).filter_map(|taken| Some(taken + longest(rest, &text[taken..])?)).max()
        }
        b'?' => one(text.first().is_some_and(|c| *c != b'\n')),
        c => one(text.first() == Some(c)),
    }
}

proptest! {
    #[test]
    fn never_panics_and_spans_lie_in_the_text(text in dockerfile()) {
        let parsed = parse(&text);
        let (stages, globals, wrong) = stages(&parsed.ast);
        let count = u32::try_from(text.lines().count()).unwrap();
        for node in &parsed.ast.nodes {
            prop_assert!(text.get(node.span.clone()).is_some());
            prop_assert!(*node.lines.start() >= 1 && node.lines.start() <= node.lines.end());
            prop_assert!(*node.lines.end() <= count.max(1));
        }
        for found in parsed.diagnostics.iter().chain(&wrong) {
            prop_assert!(text.get(found.span.clone()).is_some());
            let _ = source_excerpt("Dockerfile", &text, &found.lines);
        }
        let typed: usize = stages.iter().map(|stage| stage.instructions.len() + 1).sum();
        prop_assert!(typed + globals.len() <= parsed.ast.nodes.len());
        prop_assert_eq!(parse(&text).ast.dump(), parsed.ast.dump());
    }

    #[test]
    fn build_checks_lie_in_the_file(text in dockerfile()) {
        let ast = parse(&text).ast;
        let count = u32::try_from(text.lines().count()).unwrap();
        for found in lint(&ast, &Options { config: Some(Config { experimental_all: true, ..Config::default() }), ..Options::default() }) {
            prop_assert!(text.get(found.span.clone()).is_some());
            prop_assert!(*found.lines.start() >= 1 && *found.lines.end() <= count.max(1));
        }
    }

    #[test]
    fn findings_have_a_place_in_the_text(text in dockerfile()) {
        let found = findings(&text, &Options::default());
        for found in &found {
            prop_assert!(text.get(found.place(&text)).is_some(), "{:?}", found);
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start));
    }

    #[test]
    fn mounts_never_panic(text in "(type=|target=|from=|size=|mode=|uid=|ro|rw|,|=|cache|secret|\"|[0-9a-z$/.]){0,12}") {
        let mount = Mount::parse(&text, |value| Ok(value.to_owned()));
        if let Ok(mount) = mount {
            prop_assert_eq!(Mount::parse(&text, |value| Ok(value.to_owned())), Ok(mount));
        }
    }

    #[test]
    fn instructions_keep_the_order_of_the_file(text in dockerfile()) {
        let nodes = parse(&text).ast.nodes;
        for pair in nodes.windows(2) {
            prop_assert!(pair[0].lines.end() < pair[1].lines.start());
            prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
    }

    #[test]
    fn expansion_never_panics(text in "[${}:+?#%/*\\\\'\"a \\-]{0,40}", value in "[ab*/]{0,8}") {
        let env = vec![("a".to_owned(), value)];
        for rules in [Expander::new('\\'), Expander::for_run_name('`'), Expander::for_heredoc()] {
            let _ = rules.expand(&text, &env);
            let _ = rules.expand(&text, &NoVariables);
        }
    }

    #[test]
    fn replacing_takes_the_longest_match_at_the_first_place(glob in "[ab*?]{1,5}", value in "[abc\n]{0,10}") {
        let env = vec![("v".to_owned(), value.clone())];
        let replaced = Expander::new('\\').expand(&format!("${{v/{glob}/<>}}"), &env).unwrap().text;
        let found = (0..=value.len()).find_map(|at| Some((at, longest(glob.as_bytes(), &value.as_bytes()[at..])?)));
        let expected = match found {
            Some((at, length)) => format!("{}<>{}", &value[..at], &value[at + length..]),
            None => value,
        };
        prop_assert_eq!(replaced, expected);
    }

    #[test]
    fn ignore_files_never_panic(text in "[!*?/a.\\[\\]^\\\\\\-\n ]{0,40}", path in "[a./*]{0,12}") {
        if let Ok(ignore) = Ignore::parse(&text) {
            let _ = ignore.matches(&path);
        }
    }
}
