//! Time grows with the text, whatever the text: what would be quadratic takes very long here.

use layerlab_dockerfile::expand::Expander;
use layerlab_dockerfile::lint::{Options, lint};
use layerlab_dockerfile::{parse, stages};

/// Bytes of each text: at this size a square would be seen.
const SIZE: usize = 64 << 10;

fn filled(head: &str, unit: &str, tail: &str) -> String {
    format!("{head}{}{tail}", unit.repeat(SIZE / unit.len()))
}

fn all(text: &str) {
    let parsed = parse(text);
    let _ = stages(&parsed.ast);
    let _ = lint(&parsed.ast, &Options::default());
}

#[test]
fn many_small_things() {
    for unit in [
        "\n",
        "#\n",
        "# x\n",
        "RUN a\n",
        "\\\n",
        "FROM a AS b\n",
        "ENV A=1\n",
        "ENV A=$B\n",
        "ARG A\n",
        "COPY a b\n",
        "RUN <<A\nA\n",
        "ONBUILD RUN a\n",
        "LABEL a=1 b=2\n",
        "X\n",
        "EXPOSE 1\n",
        "CMD a\n",
        "WORKDIR a\n",
    ] {
        all(&filled("FROM a\n", unit, "")[..SIZE / 2]);
    }
}

#[test]
fn one_long_thing() {
    for (head, unit, tail) in [
        ("FROM a\nRUN x", " \\\n  y", "\n"),
        ("FROM a\nRUN x \\\n", "# c\n", "y\n"),
        ("FROM a\nRUN x \\\n", "\n", "y\n"),
        ("FROM a\nENV \\\n", " A=1 \\\n", " B=2\n"),
        ("FROM a\nCOPY \\\n", " <<A \\\n", " /b\n"),
        ("FROM a\nRUN <<A\n", "line\n", "A\n"),
        ("FROM a\nRUN <<A\n", "line\n", ""),
        ("FROM a\nRUN --x \\\n", "--y \\\n", "z\n"),
        ("FROM a\nCMD [\"a\", \\\n", "\"b\", \\\n", "\"c\"]\n"),
        ("FROM a\nENV A=\"\\\n", "${A} \\\n", "\"\n"),
        ("FROM a\nENV A=\"\\\n", "$B \\\n", "\"\n"),
        ("FROM a\nENV A=${A:-\\\n", "${A:-\\\n", "\n"),
    ] {
        all(&filled(head, unit, tail));
    }
}

#[test]
fn long_values_and_patterns() {
    let long = vec![("A".to_owned(), "ab".repeat(30_000))];
    for text in ["${A#*b}", "${A##*b}", "${A%b*}", "${A%%a*}", "${A//a/x}", "${A/*c/x}", "${A//b*/x}", "${A##*c*c*c}"] {
        let _ = Expander::new('\\').expand(text, &long);
    }
}
