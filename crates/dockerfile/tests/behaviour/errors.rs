//! Messages and marked lines, as BuildKit v0.26.3 gave them (measured with buildx v0.30.1).

use layerlab_dockerfile::{Diagnostic, Instruction, parse, source_excerpt, stages};

fn first_error(text: &str) -> Option<Diagnostic> {
    let parsed = parse(text);
    let (_, _, wrong) = stages(&parsed.ast);
    parsed.diagnostics.into_iter().chain(wrong).next()
}

fn check(text: &str, lines: std::ops::RangeInclusive<u32>, message: &str) {
    let found = first_error(text).unwrap_or_else(|| panic!("no error in {text:?}"));
    assert_eq!(found.message, message, "{text:?}");
    assert_eq!(found.lines, lines, "{text:?}");
    assert!(text.get(found.span.clone()).is_some(), "{:?} in {text:?}", found.span);
}

#[test]
fn no_instructions() {
    check("", 0..=0, "the Dockerfile cannot be empty");
    check("# only a comment\n", 1..=1, "file with no instructions");
    check("ARG A=1\n", 0..=0, "dockerfile contains no stages to build");
    check("RUN echo hi\n", 1..=1, "no build stage in current context");
}

#[test]
fn unknown_instruction_suggests_the_nearest() {
    check(
        "FROM alpine\nFOO bar\n",
        2..=2,
        "dockerfile parse error on line 2: unknown instruction: FOO (did you mean FROM?)",
    );
    check("FRMO alpine\n", 1..=1, "dockerfile parse error on line 1: unknown instruction: FRMO (did you mean FROM?)");
    check("FROM alpine\nINSTALL curl\n", 2..=2, "dockerfile parse error on line 2: unknown instruction: INSTALL");
}

#[test]
fn wrong_arguments() {
    for (line, message) in [
        (
            "COPY a",
            "COPY requires at least two arguments, but only one was provided. Destination could not be determined",
        ),
        ("HEALTHCHECK foo", "Unknown type \"FOO\" in HEALTHCHECK (try CMD)"),
        ("HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD"),
        ("HEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments"),
        ("HEALTHCHECK --interval=1us CMD x", "Interval \"interval\" cannot be less than 1ms"),
        ("HEALTHCHECK --interval=5 CMD x", "time: missing unit in duration \"5\""),
        ("HEALTHCHECK --retries=-1 CMD x", "--retries cannot be negative (-1)"),
        ("ONBUILD ONBUILD RUN x", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
        ("ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger"),
        ("WORKDIR", "WORKDIR requires exactly one argument"),
        ("SHELL /bin/sh", "SHELL requires the arguments to be in JSON form"),
        ("VOLUME", "VOLUME requires at least one argument"),
        ("VOLUME [\"\"]", "VOLUME specified can not be an empty string"),
        ("ENV =x", "ENV names can not be blank"),
        ("ARG =x", "ARG names can not be blank"),
        ("COPY --foo=1 a b", "unknown flag: --foo (did you mean from?)"),
        ("COPY --chown a b", "missing a value on flag: --chown"),
        ("COPY --link=maybe a b", "expecting boolean value for flag --link, not: maybe"),
        ("COPY --from=a --from=b x y", "duplicate flag specified: --from"),
        ("RUN --network=hots true", "unsupported network mode \"hots\" (did you mean host?)"),
        ("RUN --mount=from=$X,target=/x true", "'from' doesn't support variable expansion, define alias stage instead"),
        ("FROM alpine foo", "FROM requires either one or three arguments"),
        (
            "FROM alpine AS 1st",
            "invalid name for build stage: \"1st\", name can't start with a number or contain symbols",
        ),
    ] {
        let text = format!("FROM alpine\n{line}\n");
        check(&text, 2..=2, &format!("dockerfile parse error on line 2: {message}"));
    }
}

#[test]
fn a_line_has_at_most_65535_bytes() {
    let line = |length: usize, end: &str| format!("FROM alpine\nRUN {}{end}", "x".repeat(length - 4));
    assert_eq!(first_error(&line(65_535, "\n")), None);
    assert_eq!(first_error(&line(65_535, "")), None);
    for end in ["\n", "", "\r\n"] {
        check(&line(65_536, end), 1..=1, "dockerfile line greater than max allowed size of 65535");
    }
}

#[test]
fn what_the_parser_refuses_has_no_prefix() {
    for (line, message) in [
        ("ENV FOO", "ENV must have two arguments"),
        ("LABEL foo", "LABEL must have two arguments"),
        ("ENV A=1 B", "Syntax error - can't find = in \"B\". Must be of the form: name=value"),
        ("CMD [\"a\", 1]", "when using JSON array syntax, arrays must be comprised of strings only"),
    ] {
        check(&format!("FROM alpine\n{line}\n"), 2..=2, message);
    }
    check("FROM alpine\nRUN <<EOT\necho hi\n", 2..=3, "unterminated heredoc");
    check("# escape=x\nFROM alpine\n", 1..=1, "invalid escape token 'x' does not match ` or \\");
    check("# escape=\\\n# escape=`\nFROM alpine\n", 2..=2, "only one escape parser directive can be used");
}

#[test]
fn all_mistakes_are_found_and_the_rest_is_understood() {
    let text = "FROM alpine AS a\nFOO x\nRUN true\nENV A\nCOPY --nope a b\nCMD [\"sh\"]\n";
    let parsed = parse(text);
    let (stages, _, wrong) = stages(&parsed.ast);
    assert_eq!(parsed.diagnostics.len(), 1);
    assert_eq!(wrong.len(), 2);
    let names: Vec<String> = stages[0].instructions.iter().map(Instruction::name).collect();
    assert_eq!(names, ["RUN", "CMD"]);
}

#[test]
fn the_excerpt_is_buildxs() {
    let text = "FROM alpine\nRUN <<EOT\necho hi\n";
    let found = first_error(text).unwrap();
    assert_eq!(
        source_excerpt("Dockerfile", text, &found.lines).unwrap(),
        "Dockerfile:2\n--------------------\n   1 |     FROM alpine\n   2 | >>> RUN <<EOT\n   3 | >>> echo hi\n   4 |     \n--------------------\n"
    );
}
