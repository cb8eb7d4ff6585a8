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
