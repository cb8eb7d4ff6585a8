//! Build checks against the real `docker build --check` (see `checks/README.md`).

use std::collections::BTreeSet;

use layerlab_dockerfile::ignore::Ignore;
use layerlab_dockerfile::lint::{BaseImage, Config, Options, RULES, Rule, check_report, lint};
use layerlab_dockerfile::{Diagnostic, DiagnosticKind, Severity, parse};

use crate::parser_cases::dockerfiles;

fn found(text: &str, options: &Options) -> Vec<String> {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    lint(&parsed.ast, options).iter().map(Diagnostic::short).collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(found(text, &Options::default()), expected, "{text}");
}

#[test]
fn reports_are_the_real_ones() {
    for file in dockerfiles("checks") {
        let text = std::fs::read_to_string(&file).unwrap();
        let expected = std::fs::read_to_string(file.with_extension("out")).unwrap();
        let mut options = Options::default();
        if file.to_string_lossy().contains("dockerign") {
            options.ignore = Some(Ignore::parse("node_modules\n").unwrap());
        }
        let ast = parse(&text).ast;
        let warnings = lint(&ast, &options);
        // What stops the build itself is the engine's to find: here only its print.
        let error = expected.contains("ERROR: failed to parse stage name").then(|| Diagnostic {
            severity: Severity::Error,
            kind: DiagnosticKind::Arguments,
            rule: None,
            message: "failed to parse stage name \"alpine:\": invalid reference format".into(),
            lines: 1..=1,
            span: 0..0,
            hint: None,
            word: None,
        });
        let mut report = check_report("Dockerfile", &text, &warnings, error.as_ref());
        if let Some(message) = Config::of(&ast).unwrap().violation(&warnings) {
            report.push_str(&format!("ERROR: {message}\n"));
        }
        let lines = |text: &str| -> String {
            text.lines().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
        };
        assert_eq!(lines(&report), lines(&expected), "{}", file.display());
    }
}

#[test]
fn in_a_build_they_come_in_buildkits_order() {
    check(
        "FROM ${BASE}\n",
        &[
            "InvalidDefaultArgInFrom: Default value for ARG ${BASE} results in empty or invalid base image name (line 1)",
            "UndefinedArgInFrom: FROM argument 'BASE' is not declared (line 1)",
        ],
    );
    check(
        "FROM alpine\nMAINTAINER x\nCMD echo hi\n",
        &[
            "MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (line 2)",
            "JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals (line 3)",
        ],
    );
}

#[test]
fn variables_come_from_image_env_arg_and_stages_below() {
    check("FROM alpine AS a\nENV X=1\nFROM a\nCOPY $X $PATH /\n", &[]);
    check("ARG X=1\nFROM alpine\nARG X\nCOPY $X /\n", &[]);
    check("FROM alpine\nARG X\nCOPY $X /\n", &[]);
    check("FROM alpine\nARG TARGETARCH\nCOPY $TARGETARCH /\n", &[]);
    let undefined = "UndefinedVar: Usage of undefined variable '$X' (line 3)";
    check("ARG X=1\nFROM alpine\nCOPY $X /\n", &[undefined]);
    check("FROM alpine\nRUN echo $X\nCOPY $X /\nCMD [\"$X\"]\n", &[undefined]);
    check(
        "FROM alpine\nENV LONG=1\nCOPY <<'R' <<E /\n$X\nR\n$X\nE\n",
        &["UndefinedVar: Usage of undefined variable '$X' (line 3)"],
    );
    let mut options = Options::default();
    let image = BaseImage { env: vec![("X".into(), "1".into())], ..BaseImage::default() };
    options.images.insert("alpine:3".into(), image);
    assert_eq!(found("FROM alpine:3\nCOPY $X /\n", &options), Vec::<String>::new());
}

#[test]
fn build_args_make_names_valid_but_not_the_defaults() {
    let mut options = Options::default();
    options.build_args.insert("V".into(), "1".into());
    assert_eq!(
        found("ARG V\nFROM alpine:$V\n", &options),
        [
            "InvalidDefaultArgInFrom: Default value for ARG alpine:$V results in empty or invalid base image name (line 2)"
        ]
    );
}

#[test]
fn secrets_are_words_of_a_name() {
    check("FROM alpine\nENV PUBLIC_KEY=x MONKEY=y TOKENS=z\n", &[]);
    check(
        "FROM alpine\nARG github_token\n",
        &[
            "SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ARG \"github_token\") (line 2)",
        ],
    );
}

#[test]
fn the_image_of_another_platform() {
    let mut options = Options::default();
    let image = BaseImage { platform: Some("linux/arm64".into()), ..BaseImage::default() };
    options.images.insert("a".into(), image);
    assert_eq!(
        found("FROM a\n", &options),
        [
            "InvalidBaseImagePlatform: Base image a was pulled with platform \"linux/arm64\", expected \"linux/amd64\" for current build (line 1)"
        ]
    );
}

#[test]
fn settings_can_be_wrong() {
    assert_eq!(Config::parse("nope=1").unwrap_err(), "failed to parse check options: invalid check option \"nope\"");
    let config = Config::parse("skip=A, B;error=true;experimental=all").unwrap();
    assert_eq!(config.skip, ["A", "B"]);
    assert!(config.error && config.experimental_all && !config.skip_all);
}

#[test]
fn every_rule_has_a_file_and_a_page() {
    let registered: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(registered.len(), RULES.len());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lint/rules");
    let files = std::fs::read_dir(folder).unwrap().count() - 1;
    assert_eq!(files, RULES.len());
    let url = |name| Rule::named(name).and_then(Rule::url);
    assert_eq!(
        url("JSONArgsRecommended").as_deref(),
        Some("https://docs.docker.com/go/dockerfile/rule/json-args-recommended/")
    );
    assert_eq!(url("InvalidBaseImagePlatform"), None);
}
