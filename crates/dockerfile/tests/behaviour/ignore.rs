//! The tables of moby/patternmatcher's tests (Apache License 2.0), for paths without a trailing slash.

use layerlab_dockerfile::ignore::Ignore;

fn matches(patterns: &[&str], path: &str) -> bool {
    Ignore::from_patterns(patterns.iter().copied()).unwrap().matches(path)
}

#[test]
fn patterns_match_paths_and_what_is_below() {
    for (pattern, path, expected) in [
        ("**", "file", true),
        ("**/", "file", true),
        ("**", "dir/file", true),
        ("**/**", "dir/file", true),
        ("dir/**", "dir/file", true),
        ("dir/**", "dir/dir2/file", true),
        ("**/dir", "dir", true),
        ("**/dir", "dir/file", true),
        ("**/dir2/*", "dir/dir2/file", true),
        ("**/dir2/**", "dir/dir2/dir3/file", true),
        ("**file", "file", true),
        ("**file", "dir/file", true),
        ("**/file", "dir/dir/file", true),
        ("**/file*", "dir/dir/file.txt", true),
        ("**/file*txt", "dir/dir/file.txt", true),
        ("**/file*.txt*", "dir/dir/file.txt", true),
        ("**/**/*.txt", "dir/dir/file.txt", true),
        ("**/**/*.txt2", "dir/dir/file.txt", false),
        ("**/*.txt", "file.txt", true),
        ("a**/*.txt", "a/file.txt", true),
        ("a**/*.txt", "a/dir/dir/file.txt", true),
        ("a/*.txt", "a/dir/file.txt", false),
        ("a/*.txt**", "a/file.txt", true),
        ("a[b-d]e", "ae", false),
        ("a[b-d]e", "ace", true),
        ("a[b-d]e", "aae", false),
        ("a[^b-d]e", "aze", true),
        (".*", ".foo", true),
        (".*", "foo", false),
        ("abc.def", "abcdef", false),
        ("abc.def", "abcZdef", false),
        ("abc?def", "abcZdef", true),
        ("abc?def", "abcdef", false),
        ("a\\\\", "a\\", true),
        ("a\\*b", "a*b", true),
        ("a\\*b", "ab", false),
        ("**/foo/bar", "foo/bar", true),
        ("**/foo/bar", "dir/dir2/foo/bar", true),
        ("abc/**", "abc", false),
        ("abc/**", "abc/def/ghi", true),
        ("**/.foo", ".foo", true),
        ("**/.foo", "bar.foo", false),
        ("a(b)c/def", "a(b)c/def", true),
        ("a(b)c/def", "a(b)c/xyz", false),
        ("a.|)$(}+{bc", "a.|)$(}+{bc", true),
        ("dist/*.whl", "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl", true),
        ("a*/b", "abc/b", true),
        ("a*/b", "a/c/b", false),
        ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
        ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", false),
        ("a*b?c*x", "abxbbxdbxebxczzx", true),
        ("a*b?c*x", "abxbbxdbxebxczzy", false),
        ("a?b", "a☺b", true),
        ("a???b", "a☺b", false),
        ("[a-ζ]*", "α", true),
        ("a*b", "a/b", false),
        ("[\\]a]", "]", true),
        ("[x\\-]", "-", true),
        ("*x", "xxx", true),
    ] {
        assert_eq!(matches(&[pattern], path), expected, "{pattern} {path}");
    }
}

#[test]
fn the_last_pattern_that_matches_wins() {
    assert!(matches(&["!fileutils.go", "*.go"], "fileutils.go"));
    assert!(!matches(&["*.go", "!fileutils.go"], "fileutils.go"));
    assert!(!matches(&["docs/", "!docs/README.md"], "docs/README.md"));
    assert!(!matches(&["docs/*", "!docs/README.md"], "docs/README.md"));
    assert!(!matches(&["**", "!util/docker/web"], "util/docker/web/foo"));
    assert!(matches(&["**", "!util/docker/web", "util/docker/web/foo"], "util/docker/web/foo"));
    assert!(!matches(&["**", "!dist/*.whl"], "dist/a.whl"));
    assert!(!matches(&["*"], "."));
}

#[test]
fn malformed_patterns_are_errors() {
    for pattern in ["[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[", "[^", "[^bc", "a["] {
        assert_eq!(Ignore::from_patterns([pattern]).unwrap_err(), "syntax error in pattern", "{pattern}");
    }
    assert_eq!(Ignore::parse("!\n").unwrap_err(), "illegal exclusion pattern: \"!\"");
}

#[test]
fn a_file_has_comments_and_absolute_paths() {
    let ignore = Ignore::parse("\u{feff}# comment\n\n  /node_modules/  \n!/node_modules/keep\n*.log\r\n").unwrap();
    assert!(ignore.has_negation());
    assert!(ignore.matches("node_modules/x/y"));
    assert!(!ignore.matches("node_modules/keep"));
    assert!(ignore.matches("a.log"));
    assert!(!ignore.matches("sub/a.log"));
    assert!(!ignore.matches("# comment"));
}
