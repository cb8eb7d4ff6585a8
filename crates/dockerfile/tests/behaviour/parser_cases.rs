//! BuildKit's own parser files: each `cases/X.Dockerfile` has the tree `X.ast`; those in `refused/`
//! are errors.

use std::path::{Path, PathBuf};

use layerlab_dockerfile::{parse, stages};

pub(crate) fn dockerfiles(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "Dockerfile"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

#[test]
fn the_tree_is_buildkits() {
    for file in dockerfiles("cases") {
        let text = std::fs::read_to_string(&file).unwrap();
        let expected = std::fs::read_to_string(file.with_extension("ast")).unwrap();
        let parsed = parse(&text);
        assert_eq!(parsed.diagnostics, [], "{}", file.display());
        assert_eq!(parsed.ast.dump(), expected, "{}", file.display());
    }
}

#[test]
fn wrong_files_are_refused() {
    for file in dockerfiles("refused") {
        let text = std::fs::read_to_string(&file).unwrap();
        let parsed = parse(&text);
        let (_, _, wrong) = stages(&parsed.ast);
        let errors = parsed.diagnostics.iter().chain(&wrong).filter(|found| found.is_error()).count();
        assert!(errors > 0, "{}", file.display());
    }
}
