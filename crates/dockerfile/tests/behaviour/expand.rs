//! The tables of BuildKit's `shell/lex_test.go` (Apache License 2.0).

use layerlab_dockerfile::expand::Expander;

fn variables(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn text(input: &str, list: &[(&str, &str)]) -> Result<String, String> {
    Expander::new('\\').expand(input, &variables(list)).map(|expanded| expanded.text).map_err(|error| error.message)
}

#[test]
fn modifiers() {
    let env: &[(&str, &str)] = &[("FOO", "xxx"), ("BAR", "")];
    for (input, expected) in [
        ("x", "x"),
        ("${FOO-aaa} ${BAR-bbb} ${BAZ-ccc}", "xxx  ccc"),
        ("${FOO:-aaa} ${BAR:-bbb} ${BAZ:-ccc}", "xxx bbb ccc"),
        ("${FOO+aaa} ${BAR+bbb} ${BAZ+ccc}", "aaa bbb "),
        ("${FOO:+aaa} ${BAR:+bbb} ${BAZ:+ccc}", "aaa  "),
        ("${FOO?aaa}${BAR?bbb}${FOO:?}", "xxxxxx"),
        ("${BAZ:-${BAR:-$FOO}}", "xxx"),
        ("$FOO$BAR$ $", "xxx$ $"),
        ("'$FOO' \"$FOO\" \\$FOO \"\\$FOO\" \"'\"", "$FOO xxx $FOO $FOO '"),
        ("\"\\a\" \\a", "\\a a"),
    ] {
        assert_eq!(text(input, env).as_deref(), Ok(expected), "{input}");
    }
}

#[test]
fn trimming_and_replacing() {
    for (input, value, other, expected) in [
        ("${FOO#()[]{\\}^$.\\*\\?|\\\\}", "()[]{}^$.*?|\\x", "", "x"),
        ("${FOO%%\\**}", "xx**", "", "xx"),
        ("${FOO#*x*y}", "xxyy", "", "y"),
        ("${FOO#*}", "xxyy", "", "xxyy"),
        ("${FOO#$BAR}", "xxyy", "x", "xyy"),
        ("${FOO#}", "xxyy", "", "xxyy"),
        ("${FOO##*x}", "xxyy", "", "yy"),
        ("${FOO##}", "xxyy", "", "xxyy"),
        ("${FOO#?\\?}", "???y", "", "?y"),
        ("${ABC:-.}${FOO%x}${ABC:-.}", "xxyy", "", ".xxyy."),
        ("${FOO%%\\**\\*}", "a***yy*", "", "a"),
        ("${FOO%$BAR}", "xxyy", "", "xxyy"),
        ("${FOO%.*}", "a.tar.gz", "", "a.tar"),
        ("${FOO%%.*}", "a.tar.gz", "", "a"),
        ("${FOO/$BAR/.} - ${FOO//$BAR/.}", "/foo*/*/*.txt", "\\*/", "/foo.*/*.txt - /foo..*.txt"),
        ("${FOO/$BAR/} - ${FOO//$BAR/}", "/tmp/tmp/bar.txt", "/tmp", "/tmp/bar.txt - /bar.txt"),
        ("${FOO//$BAR//}", "/a/foo/b/c.txt", "/?/", "/foo/c.txt"),
        ("${FOO//\\//\\/}", "/tmp/foo.txt", "", "\\/tmp\\/foo.txt"),
        ("${FOO/$BAR/ww}", "xxyy", "", "wwxxyy"),
        ("${FOO///}", "xxyy", "", "xxyy"),
    ] {
        assert_eq!(text(input, &[("FOO", value), ("BAR", other)]).as_deref(), Ok(expected), "{input}");
    }
}

#[test]
fn mistakes() {
    let env: &[(&str, &str)] = &[("FOO", "xxx"), ("BAR", "")];
    for (input, cause) in [
        ("${BAZ?ccc}", "BAZ: ccc"),
        ("${BAR:?bbb $FOO}", "BAR: bbb xxx"),
        ("${BAZ:?}", "BAZ: is not allowed to be unset"),
        ("${BAR:?}", "BAR: is not allowed to be empty"),
        ("${FOO=aaa}", "unsupported modifier (=) in substitution"),
        ("${FOO:x}", "unsupported modifier (:x) in substitution"),
        ("${FOO//ww}", "syntax error: missing '/' in ${}"),
        ("${FOO:-x", "syntax error: missing '}'"),
        ("${", "syntax error: missing '}'"),
        ("${}", "syntax error: bad substitution"),
        ("${:x}", "syntax error: bad substitution"),
        ("'x", "unexpected end of statement while looking for matching single-quote"),
        ("\"x", "unexpected end of statement while looking for matching double-quote"),
        ("${FOO#\\x}", "invalid pattern (\\x) in substitution: invalid escape '\\x'"),
    ] {
        let expected = format!("failed to process {}: {cause}", layerlab_dockerfile::quote(input));
        assert_eq!(text(input, env), Err(expected), "{input}");
    }
}

#[test]
fn deep_nesting_is_an_error_not_a_crash() {
    let input = "${A:-".repeat(100_000);
    assert!(text(&input, &[]).is_err());
}

#[test]
fn reports_what_was_used_and_what_was_missing() {
    let found = Expander::new('\\').expand("$FOO ${BAZ:-x} $BAZ", &variables(&[("FOO", "y")])).unwrap();
    assert!(found.used.iter().eq(["FOO"]));
    assert!(found.undefined.iter().eq(["BAZ"]));
}

#[test]
fn words_split_at_unquoted_blanks() {
    let words = |input: &str, env: &[(&str, &str)]| Expander::new('\\').expand(input, &variables(env)).unwrap().words;
    assert_eq!(words("hello $A", &[("A", "a b")]), ["hello", "a", "b"]);
    assert_eq!(words("hello \"$A\"x", &[("A", "a b")]), ["hello", "a bx"]);
    assert_eq!(words("a\\ b 'c d'", &[]), ["a b", "c d"]);
}

#[test]
fn the_escape_character_can_be_the_backtick() {
    let found = Expander::new('`').expand("c:\\x `$A", &variables(&[])).unwrap();
    assert_eq!(found.text, "c:\\x $A");
}
