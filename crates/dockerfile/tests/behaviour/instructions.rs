//! Typed instructions.

use layerlab_dockerfile::instruction::{
    Command, CommandLine, HealthcheckTest, Mount, MountKind, RunScript, check_signal, exposed_ports,
};
use layerlab_dockerfile::{Instruction, Stage, parse, parse_directives, stages};

fn typed(text: &str) -> Vec<Stage> {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    let (stages, _, wrong) = stages(&parsed.ast);
    assert_eq!(wrong, [], "{text}");
    stages
}

fn one(line: &str) -> Instruction {
    typed(&format!("FROM x\n{line}\n"))[0].instructions[0].clone()
}

#[test]
fn a_flask_project() {
    let stages = typed(
        "# syntax=docker/dockerfile:1\nFROM python:3.11-slim AS Base\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir \\\n    -r requirements.txt\nCOPY . .\nENV PORT=5000 DEBUG=\"a b\"\nEXPOSE 5000\nCMD [\"python\", \"main.py\"]\n",
    );
    let stage = &stages[0];
    assert_eq!(stage.image, "python:3.11-slim");
    assert_eq!(stage.name.as_deref(), Some("base"));
    assert_eq!(stage.lines, 2..=2);
    let run = &stage.instructions[2];
    assert_eq!(run.lines, 5..=6);
    assert_eq!(run.source, "RUN pip install --no-cache-dir     -r requirements.txt");
    let Command::Env(pairs) = &stage.instructions[4].command else { panic!() };
    assert_eq!(pairs[1].value, "\"a b\"");
    let Command::Cmd(CommandLine::Exec(words)) = &stage.instructions[6].command else { panic!() };
    assert_eq!(words, &["python", "main.py"]);
}

#[test]
fn args_before_from_are_global() {
    let parsed = parse("ARG TAG=3.20 OTHER\nFROM alpine:${TAG}\nARG TAG\n");
    let (stages, globals, _) = stages(&parsed.ast);
    assert_eq!(globals[0].declarations[0].default.as_deref(), Some("3.20"));
    assert_eq!(globals[0].declarations[1].default, None);
    assert_eq!(stages[0].instructions.len(), 1);
}

#[test]
fn copy_with_all_flags() {
    let found = one("COPY --from=build --chown=1:2 --chmod=755 --link --parents --exclude=*.md --exclude=b a b /dst/");
    let Command::Copy(copy) = found.command else { panic!() };
    assert_eq!(copy.from.as_deref(), Some("build"));
    assert!(copy.sources.link && copy.parents);
    assert_eq!(copy.sources.exclude, ["*.md", "b"]);
    assert_eq!(copy.sources.paths, ["a", "b"]);
    assert_eq!(copy.sources.destination, "/dst/");
}

#[test]
fn copy_heredocs_are_files() {
    let found = one("COPY <<-EOF <<'RAW' /dst/\n\thello $NAME\nEOF\n$raw\nRAW");
    assert_eq!(found.lines, 2..=6);
    let Command::Copy(copy) = found.command else { panic!() };
    let files: Vec<_> =
        copy.sources.files.iter().map(|file| (file.name.as_str(), file.content.as_str(), file.expand)).collect();
    assert_eq!(files, [("EOF", "hello $NAME\n", true), ("RAW", "$raw\n", false)]);
}

#[test]
fn run_heredocs() {
    let script = |text: &str| match one(text).command {
        Command::Run(run) => run.script(),
        other => panic!("{other:?}"),
    };
    assert_eq!(script("RUN <<EOF\necho a\necho b\nEOF"), RunScript::Shell("echo a\necho b\n".into()));
    assert_eq!(
        script("RUN <<EOF\n#!/usr/bin/env python\nprint(1)\nEOF"),
        RunScript::File { name: "EOF".into(), content: "#!/usr/bin/env python\nprint(1)\n".into() }
    );
    assert_eq!(
        script("RUN python3 <<EOF > /out\nprint(1)\nEOF"),
        RunScript::Shell("python3 <<EOF > /out\nprint(1)\nEOF".into())
    );
    assert_eq!(script("RUN [\"a\", \"<<b\"]"), RunScript::Exec(vec!["a".into(), "<<b".into()]));
    assert_eq!(one("RUN <<EOF\necho a\necho b\nEOF").step_name('\\', &[][..]), "RUN <<EOF (echo a...)");
}

#[test]
fn step_names_have_their_variables_replaced() {
    let env = vec![("V".to_owned(), "1 2".to_owned())];
    assert_eq!(one("run echo \"$V\" $UNSET").step_name('\\', &env), "RUN echo \"1 2\" $UNSET");
    assert_eq!(one("COPY \"a$V\" /$UNSET").step_name('\\', &env), "COPY a1 2 /");
    assert_eq!(one("WORKDIR /app").step_name('\\', &env), "WORKDIR /app");
}

#[test]
fn healthcheck_times_are_nanoseconds() {
    let found = one("HEALTHCHECK --interval=1m --timeout=3s --start-period=5s --retries=2 CMD curl -f localhost");
    let Command::Healthcheck(check) = found.command else { panic!() };
    assert_eq!((check.interval, check.timeout, check.retries), (60_000_000_000, 3_000_000_000, 2));
    assert_eq!(check.test, HealthcheckTest::Shell("curl -f localhost".into()));
    assert_eq!(check.test_words(), ["CMD-SHELL", "curl -f localhost"]);
}

#[test]
fn mounts() {
    let keep = |text: &str| Ok(text.to_owned());
    let cache = Mount::parse("type=cache,target=/root/.cache,sharing=locked,mode=0700", keep).unwrap();
    assert_eq!((cache.kind, cache.read_only, cache.mode), (MountKind::Cache, false, Some(0o700)));
    let bind = Mount::parse("source=a,target=/a", keep).unwrap();
    assert_eq!((bind.kind, bind.read_only), (MountKind::Bind, true));
    assert!(Mount::parse("type=secret,id=tok,required", keep).unwrap().required);
    assert_eq!(Mount::parse("type=tmpfs,target=/t,size=64m", keep).unwrap().size, Some(67_108_864));
    for (text, message) in [
        ("type=foo", "unsupported mount type \"foo\""),
        ("type=cach,target=/x", "unsupported mount type \"cach\" (did you mean cache?)"),
        ("target", "invalid field 'target' must be a key=value pair"),
        ("tagret=/x", "unexpected key 'tagret' in 'tagret=/x' (did you mean target?)"),
        ("type=bind,mode=1", "mode not allowed for \"bind\" type mounts"),
        ("type=secret", "invalid secret mount. one of source, target required"),
        ("required", "unexpected key 'required' for mount type 'bind'"),
    ] {
        assert_eq!(Mount::parse(text, keep).unwrap_err(), message);
    }
}

#[test]
fn onbuild_keeps_its_instruction_as_text() {
    let Command::Onbuild(text) = one("ONBUILD   RUN --mount=type=cache,target=/x make").command else { panic!() };
    assert_eq!(text, "RUN --mount=type=cache,target=/x make");
}

#[test]
fn what_is_not_quite_json_is_for_the_shell() {
    for line in ["RUN [\"ls\"] x", "RUN ['ls']", "RUN [\"ls\"", "RUN [ls]"] {
        let Command::Run(run) = one(line).command else { panic!() };
        assert_eq!(run.command, CommandLine::Shell(line[4..].into()));
    }
}

#[test]
fn expansion_of_whole_instructions() {
    let env = vec![("V".to_owned(), "1 2".to_owned()), ("P".to_owned(), "80 443/udp".to_owned())];
    let expanded = |line: &str| one(line).expand('\\', &env).unwrap().command;
    let Command::Env(pairs) = expanded("ENV V=3 W=\"$V\" X='$V' Y=a\\ b") else { panic!() };
    let values: Vec<&str> = pairs.iter().map(|pair| pair.value.as_str()).collect();
    assert_eq!(values, ["3", "1 2", "$V", "a b"]);
    assert_eq!(expanded("EXPOSE $P 5000"), Command::Expose(vec!["80".into(), "443/udp".into(), "5000".into()]));
    let Command::Copy(copy) = expanded("COPY --chown=$V <<E <<'R' \"$V\" /d/$V\n\"$V\"\nE\n$V\nR") else { panic!() };
    assert_eq!(copy.sources.chown.as_deref(), Some("1 2"));
    assert_eq!(copy.sources.paths, ["1 2"]);
    assert_eq!(copy.sources.destination, "/d/1 2");
    assert_eq!(copy.sources.files[0].content, "\"1 2\"\n");
    assert_eq!(copy.sources.files[1].content, "$V\n");
    assert!(one("WORKDIR ${V").expand('\\', &env).is_err());
}

#[test]
fn ports_and_signals() {
    let ports = |word: &str| exposed_ports(&[word.to_owned()]);
    assert_eq!(ports("80").unwrap(), ["80/tcp"]);
    assert_eq!(ports("8000-8002/UDP").unwrap(), ["8000/udp", "8001/udp", "8002/udp"]);
    assert_eq!(ports("127.0.0.1:80:8080").unwrap(), ["8080/tcp"]);
    assert_eq!(ports("[::1]:80:8080").unwrap(), ["8080/tcp"]);
    for (word, message) in [
        ("foo", "invalid containerPort: foo"),
        ("70000", "invalid containerPort: 70000"),
        ("x:80", "invalid hostPort: x"),
        ("a.b:1:2", "invalid IP address: a.b"),
        ("80/xyz", "invalid port: \"80/xyz\": invalid proto: xyz"),
    ] {
        assert_eq!(ports(word).unwrap_err(), message);
    }
    for good in ["SIGTERM", "term", "9", "SIGRTMIN+3"] {
        assert_eq!(check_signal(good), Ok(()), "{good}");
    }
    assert_eq!(check_signal("SIGFOO").unwrap_err(), "invalid signal: SIGFOO");
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    let plain = "# syntax=docker/dockerfile:1\nFROM x\n# why\nRUN a \\\n  b\n";
    let windows = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    let (left, right) = (parse(plain), parse(&windows));
    assert_eq!(left.ast.dump(), right.ast.dump());
    assert_eq!(right.directives.syntax.unwrap().value, "docker/dockerfile:1");
    let run = &right.ast.nodes[1];
    assert_eq!(run.comments, ["why"]);
    assert_eq!(&windows[run.span.clone()], "RUN a \\\r\n  b");
}

#[test]
fn directives_end_with_the_first_other_line() {
    let found = parse_directives("# check=skip=all\n#escape = `\n\n# syntax=x\nFROM a\n");
    assert_eq!(found.check.as_ref().unwrap().value, "skip=all");
    assert_eq!(found.escape_char(), '`');
    assert_eq!(found.syntax, None);
    let commented = parse("# a comment\n# escape=`\nFROM a\nRUN b \\\n c\n");
    assert_eq!(commented.ast.nodes.len(), 2);
}

#[test]
fn comments_describe_stages_and_arguments() {
    let stages = typed("# base the tools\nFROM x AS base\n# V the version\nARG V=1\n# far away\n\nARG W\n");
    assert_eq!(stages[0].description.as_deref(), Some("the tools"));
    let Command::Arg(version) = &stages[0].instructions[0].command else { panic!() };
    assert_eq!(version[0].description.as_deref(), Some("the version"));
    let Command::Arg(other) = &stages[0].instructions[1].command else { panic!() };
    assert_eq!(other[0].description, None);
}

#[test]
fn very_long_and_very_deep_files_are_fine() {
    let deep = format!("FROM a\n{} RUN x\n", "ONBUILD ".repeat(5000));
    assert_eq!(stages(&parse(&deep).ast).2.len(), 1);
    let wide = format!("FROM a\nRUN x{}\n", " \\\n  && y".repeat(20_000));
    assert_eq!(typed(&wide)[0].instructions[0].lines, 2..=20_002);
    let long = format!("FROM a\nRUN {}\n", "x".repeat(70_000));
    assert_eq!(parse(&long).diagnostics[0].message, "dockerfile line greater than max allowed size of 65535");
}
