//! `git init`.

use super::Job;
use super::fail::{Git, at, fatal};
use super::repo::outer_config;
use crate::cli::Cli;

/// Makes the files of an empty repository.
pub(super) async fn make(c: &Cli, git: &str, bare: bool, branch: &str) -> Git<()> {
    for dir in [
        "",
        "/objects",
        "/objects/info",
        "/objects/pack",
        "/refs",
        "/refs/heads",
        "/refs/tags",
        "/info",
        "/hooks",
        "/branches",
    ] {
        let path = format!("{git}{dir}");
        match c.sys.mkdir(&path, 0o777).await {
            Ok(()) | Err(layerlab_kernel::Errno::EEXIST) => {}
            Err(e) => return fatal(format!("cannot mkdir {path}: {e}")),
        }
    }
    let config = format!(
        "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = {bare}\n{}",
        if bare { "" } else { "\tlogallrefupdates = true\n" }
    );
    let files = [
        ("HEAD", format!("ref: refs/heads/{branch}\n")),
        ("config", config),
        ("description", "Unnamed repository; edit this file 'description' to name the repository.\n".to_owned()),
        (
            "info/exclude",
            "# git ls-files --others --exclude-from=.git/info/exclude\n# Lines that start with '#' are comments.\n# For a project mostly in C, the following would be a good set of\n# exclude patterns (uncomment them if you want to use them):\n# *.[oa]\n# *~\n".to_owned(),
        ),
    ];
    for (name, text) in files {
        let path = format!("{git}/{name}");
        if c.sys.stat(&path).await.is_err() {
            c.sys.write_file(&path, text, 0o644).await.map_err(at(&path))?;
        }
    }
    Ok(())
}

/// Runs it.
pub(super) async fn run(c: &mut Cli, mut job: Job) -> Git<()> {
    let bare = job.flag(&["--bare"]);
    let quiet = job.flag(&["-q", "--quiet"]);
    let given = job.value(&["-b", "--initial-branch"]);
    if let Some(o) = job.unknown() {
        return fatal(format!("unknown option `{o}'"));
    }
    let config = outer_config(c).await;
    let set = job.config.iter().chain(config.iter()).find(|(k, _)| k == "init.defaultbranch").map(|(_, v)| v.clone());
    let branch = given.clone().or(set.clone()).unwrap_or_else(|| "master".to_owned());
    let cwd = c.sys.getcwd().await.unwrap_or_default();
    let dir = match job.args.first() {
        None => cwd,
        Some(d) => {
            let mut path = if d.starts_with('/') { String::new() } else { cwd };
            for part in d.split('/').filter(|p| !p.is_empty() && *p != ".") {
                path = format!("{}/{part}", path.trim_end_matches('/'));
                let _ = c.sys.mkdir(&path, 0o777).await;
            }
            c.sys.real_path(&path).await.map_err(at(d))?
        }
    };
    let git = if bare { dir } else { format!("{}/.git", dir.trim_end_matches('/')) };
    let again = c.sys.stat(&format!("{git}/HEAD")).await.is_ok();
    if !again && !quiet && given.is_none() && set.is_none() {
        c.sys.eprint(HINT).await;
    }
    make(c, &git, bare, &branch).await?;
    if !quiet {
        let word = if again { "Reinitialized existing" } else { "Initialized empty" };
        c.put(format!("{word} Git repository in {git}/\n")).await?;
    }
    Ok(())
}

const HINT: &str = "hint: Using 'master' as the name for the initial branch. This default branch name
hint: is subject to change. To configure the initial branch name to use in all
hint: of your new repositories, which will suppress this warning, call:
hint:
hint: \tgit config --global init.defaultBranch <name>
hint:
hint: Names commonly chosen instead of 'master' are 'main', 'trunk' and
hint: 'development'. The just-created branch can be renamed via this command:
hint:
hint: \tgit branch -m <name>
";
