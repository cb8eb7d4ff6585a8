//! The parser on arbitrary text.

use layerlab_shell::Dialect;
use layerlab_shell::parse::{Context, next_command};
use proptest::prelude::*;

fn parse_all(text: &str, dialect: Dialect) {
    let cx = Context { dialect, aliases: None, extglob: true };
    let (mut pos, mut line) = (0, 1);
    while let Ok(Some(p)) = next_command(text, pos, line, &cx) {
        assert!(p.pos > pos, "no progress in {text:?}");
        (pos, line) = (p.pos, p.line);
    }
}

#[test]
fn deep_nesting_is_an_error() {
    for piece in ["$(", "(", "{ ", "${x:-", "\"$(", "if ", "((", "$((", "[[ ( ", "`", "x[", "case x in a) "] {
        parse_all(&piece.repeat(3000), Dialect::Bash);
        parse_all(&piece.repeat(3000), Dialect::Dash);
    }
}

/// Bytes that the parser looks at for a whole script.
fn work(text: &str) -> usize {
    let cx = Context { dialect: Dialect::Bash, aliases: None, extglob: false };
    let (mut pos, mut line, mut work) = (0, 1, 0);
    while let Ok(Some(p)) = next_command(text, pos, line, &cx) {
        work += p.work;
        (pos, line) = (p.pos, p.line);
    }
    assert_eq!(pos, text.len());
    work
}

#[test]
fn long_scripts_cost_in_proportion_to_their_length() {
    let function = |n: usize| format!("f() {{\n{}}}\n", "  echo \"$1\" \\\n    b\n".repeat(n));
    let here = |n: usize| format!("cat <<E\n{}E\n", "a line of text\n".repeat(n));
    let quoted = |n: usize| format!("x='\n{}'\n", "it\n".repeat(n));
    let lines = |n: usize| "echo one two three four five six seven eight nine ten\n".repeat(n);
    for script in [&function as &dyn Fn(usize) -> String, &here, &quoted, &lines] {
        let (small, large) = (work(&script(1_000)), work(&script(16_000)));
        assert!(large < 20 * small, "{small} bytes of work became {large}");
    }
}

#[test]
fn a_command_may_be_longer_than_what_is_looked_at_first() {
    let cx = Context { dialect: Dialect::Bash, aliases: None, extglob: false };
    for body in ["x \\\n", "$(echo\n)", "\"\n\" ", "a[1\n]=x ", "$((1\n+2)) ", "<<E <<F\n a\nE\nb\nF\n"] {
        for fill in 440..520 {
            let text = format!("{} {}", "y".repeat(fill), body.repeat(40));
            let text = format!("{}\necho after\n", text.trim_end_matches(['\\', '\n']));
            let first = next_command(&text, 0, 1, &cx).unwrap().unwrap();
            let padded = format!("{text}{}", "\n".repeat(5_000));
            let same = next_command(&padded, 0, 1, &cx).unwrap().unwrap();
            assert_eq!((first.pos, first.line, first.list), (same.pos, same.line, same.list), "{text}");
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        parse_all(&text, Dialect::Bash);
    }

    #[test]
    fn shell_like_text_never_panics(pieces in proptest::collection::vec(prop_oneof![
        Just("if"), Just(" then "), Just(" fi\n"), Just("$("), Just(")"), Just("${"), Just("}"), Just("\""), Just("'"), Just("`"),
        Just("<<E\n"), Just("\nE\n"), Just("|"), Just("&&"), Just(";"), Just(";;"), Just("case x in "), Just("esac"), Just("for i in "),
        Just(" do "), Just("done"), Just("{ "), Just("$(("), Just("))"), Just("[["), Just("]]"), Just("a=("), Just("é"), Just("\\"),
        Just("\n"), Just(" "), Just("#"), Just("<"), Just(">&"), Just("2>"), Just("x"), Just("!"), Just("&"), Just("*("), Just("=~"),
    ], 0..40)) {
        let text: String = pieces.concat();
        for d in [Dialect::Bash, Dialect::Dash, Dialect::Ash] {
            parse_all(&text, d);
        }
    }
}
