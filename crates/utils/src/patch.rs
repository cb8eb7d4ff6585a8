//! `patch`: applies diffs to files, as GNU's.

mod apply;
mod parse;

use std::fmt::Write;

use layerlab_kernel::{Errno, OpenFlags};

use crate::cli::input::Input;
use crate::cli::{Cli, Parsed, Run, Spec, Stop, quote};
use apply::{Fate, Work};
use parse::{Change, Hunk, name_of};

const SPEC: Spec = Spec::new(
    "[OPTION]... [ORIGFILE [PATCHFILE]]",
    "Apply a diff file to an original.",
    "p|strip= F|fuzz= l|ignore-whitespace c|context e|ed n|normal u|unified N|forward R|reverse i|input= o|output= \
     r|reject-file= E|remove-empty-files t|batch f|force s|quiet|silent verbose dry-run posix d|directory= b|backup \
     backup-if-mismatch no-backup-if-mismatch V|version-control= z|suffix= B|prefix= binary reject-format= merge? T Z x|debug= g|get=",
)
.fails(2)
.version("GNU patch) 2.8 (simulated");

struct Patch {
    p: Parsed,
    reverse: bool,
    dry: bool,
    quiet: bool,
    strip: Option<usize>,
    fuzz: usize,
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = match crate::cli::options::parse(&SPEC, std::mem::take(&mut c.args)) {
        Err(message) => {
            c.warn(message).await;
            c.sys.eprint("patch: Try 'patch --help' for more information.\n").await;
            return Err(Stop::Code(2));
        }
        Ok(p) if p.has("help") || p.has("version") => {
            let lead = if p.has("help") { "--help" } else { "--version" };
            c.parse_args(&SPEC, vec![lead.to_owned()]).await?
        }
        Ok(p) => p,
    };
    let mut numbers = [None, Some(2)];
    for (slot, (name, what)) in numbers.iter_mut().zip([("p", "strip count"), ("F", "fuzz factor")]) {
        if let Some(v) = p.value(name) {
            *slot = v.parse::<usize>().ok();
            if slot.is_none() {
                return c.die(2, format!("**** {what} {v} is not a number")).await;
            }
        }
    }
    if let Some(extra) = p.operands.get(2) {
        c.warn(format!("{extra}: extra operand")).await;
        c.sys.eprint("patch: Try 'patch --help' for more information.\n").await;
        return Err(Stop::Code(2));
    }
    if let Some(dir) = p.value("d")
        && let Err(e) = c.sys.chdir(dir).await
    {
        return c.die(2, format!("**** Can't change to directory {dir} : {e}")).await;
    }
    let source = p.value("i").or(p.operands.get(1).map(String::as_str)).unwrap_or("-").to_owned();
    let diff = match c.slurp(&source).await {
        Ok(b) => b,
        Err(e) => return c.die(2, format!("**** Can't open patch file {source} : {e}")).await,
    };
    let [strip, fuzz] = numbers;
    let mut patch =
        Patch { reverse: p.has("R"), dry: p.has("dry-run"), quiet: p.has("s"), strip, fuzz: fuzz.unwrap_or(2), p };
    let (changes, trouble) = parse::parse(&diff);
    if trouble.is_none() && changes.is_empty() && !diff.is_empty() {
        return c.die(2, "**** Only garbage was found in the patch input.").await;
    }
    let mut joined = Vec::new();
    for change in &changes {
        patch.change(c, change, &mut joined).await?;
    }
    if let Some((begun, message)) = trouble {
        // What stands before the broken place names its file.
        if let Some(name) = patch.target(c, &begun, false).await {
            let verb = if patch.dry { "checking" } else { "patching" };
            patch.say(c, format!("{verb} file {}\n", quote::maybe(&name))).await?;
        }
        return c.die(2, format!("**** {message}")).await;
    }
    Ok(())
}

/// A name without so many leading folders; the base name alone without a number.
fn stripped(name: &str, strip: Option<usize>) -> Option<String> {
    let Some(n) = strip else { return name.rsplit('/').next().map(str::to_owned) };
    let mut rest = name;
    for _ in 0..n {
        rest = rest.split_once('/')?.1.trim_start_matches('/');
    }
    (!rest.is_empty()).then(|| rest.to_owned())
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "hunk" } else { "hunks" }
}

impl Patch {
    async fn say(&self, c: &mut Cli, text: impl AsRef<[u8]>) -> Run<()> {
        if self.quiet { Ok(()) } else { c.put(text).await }
    }

    /// Asks at the terminal; nobody answers where there is none.
    async fn ask(&self, c: &mut Cli, question: &str) -> Run<String> {
        c.put(question).await?;
        c.flush().await?;
        if let Ok(tty) = c.sys.open("/dev/tty", OpenFlags::READ, 0).await {
            let _ = c.sys.close(tty).await;
            if let Ok(mut input) = Input::open(&c.sys, "/dev/tty").await {
                let line = input.line(b'\n').await.ok().flatten().unwrap_or_default();
                input.close().await;
                return Ok(String::from_utf8_lossy(&line).trim().to_owned());
            }
        }
        c.put("\n").await?;
        Ok(String::new())
    }

    /// The file that a change is for; `None` where nobody knows.
    async fn target(&self, c: &mut Cli, change: &Change, creates: bool) -> Option<String> {
        if let Some(name) = self.p.operands.first() {
            return Some(name.clone());
        }
        let headers = [change.old.as_deref(), change.new.as_deref(), change.index.as_deref()];
        let names: Vec<String> =
            headers.iter().filter_map(|h| h.and_then(name_of)).filter_map(|n| stripped(n, self.strip)).collect();
        let mut there = Vec::new();
        for n in &names {
            if c.sys.stat(n).await.is_ok() {
                there.push(n.clone());
            }
        }
        let best = |of: &[String]| {
            of.iter()
                .min_by_key(|n| (n.matches('/').count(), n.rsplit('/').next().map_or(0, str::len), n.len()))
                .cloned()
        };
        best(&there).or_else(|| if creates { best(&names) } else { None })
    }

    async fn change(&mut self, c: &mut Cli, change: &Change, joined: &mut Vec<u8>) -> Run<()> {
        let mut hunks = change.hunks.clone();
        if self.reverse {
            hunks = hunks.iter().map(Hunk::reversed).collect();
        }
        let gone = |h: &Option<String>| h.as_deref().is_some_and(|h| name_of(h).is_none());
        let (from_nothing, to_nothing) = match self.reverse {
            true => (gone(&change.new), gone(&change.old)),
            false => (gone(&change.old), gone(&change.new)),
        };
        let creates = from_nothing || hunks.len() == 1 && hunks.iter().all(|h| h.side(b'-').is_empty() && h.old <= 1);
        let count = hunks.len();
        let Some(name) = self.target(c, change, creates).await else {
            return self.nowhere(c, change, count).await;
        };
        let result = c.sys.read_file(&name).await;
        let there = result.is_ok();
        let old = match result {
            Ok(b) => b,
            Err(Errno::ENOENT) if creates => Vec::new(),
            Err(e) => return c.die(2, format!("**** Can't open file {name} : {e}")).await,
        };
        let verb = if self.dry { "checking" } else { "patching" };
        let out = self.p.value("o").map(str::to_owned);
        let shown = match &out {
            Some(o) => format!("{verb} file {} (read from {})\n", quote::maybe(o), quote::maybe(&name)),
            None => format!("{verb} file {}\n", quote::maybe(&name)),
        };
        let already = from_nothing && there && !old.is_empty();
        if !already {
            self.say(c, shown).await?;
        }
        let mut work = Work::new(&old, self.p.has("l"));
        let (mut skipped, mut exact) = (false, true);
        let first = hunks.first().cloned().unwrap_or_default();
        let turned = already
            || work.locate(&first, 0).is_none() && {
                let r = first.reversed();
                !r.side(b'-').is_empty() && work.locate(&r, 0).is_some()
            };
        if turned && !self.p.has("f") {
            let again = if already {
                let question = "which already exists!";
                format!("The next patch would create the file {name},\n{question}")
            } else if self.reverse {
                "Unreversed patch detected!".to_owned()
            } else {
                "Reversed (or previously applied) patch detected!".to_owned()
            };
            let ask = if self.reverse { "Ignore -R?" } else { "Assume -R?" };
            if self.p.has("N") {
                self.say(c, format!("{again}  Skipping patch.\n")).await?;
                skipped = true;
            } else if self.p.has("t") || self.ask(c, &format!("{again}  {ask} [n] ")).await?.starts_with('y') {
                if self.p.has("t") {
                    let done = if self.reverse { "Ignoring -R." } else { "Assuming -R." };
                    self.say(c, format!("{again}  {done}\n")).await?;
                }
                hunks = hunks.iter().map(Hunk::reversed).collect();
                exact = false;
            } else if !self.ask(c, "Apply anyway? [n] ").await?.starts_with('y') {
                self.say(c, "Skipping patch.\n").await?;
                skipped = true;
            }
        }
        let mut rejected = Vec::new();
        for (n, hunk) in hunks.iter().enumerate() {
            if skipped {
                rejected.push(hunk.clone());
                continue;
            }
            match work.apply(hunk, self.fuzz) {
                Fate::Applied { at, fuzz, offset } => {
                    if fuzz > 0 || offset != 0 || self.p.has("verbose") {
                        exact &= fuzz == 0 && offset == 0;
                        let mut text = format!("Hunk #{} succeeded at {at}", n + 1);
                        if fuzz > 0 {
                            let _ = write!(text, " with fuzz {fuzz}");
                        }
                        if offset != 0 {
                            let s = if offset.abs() == 1 { "" } else { "s" };
                            let _ = write!(text, " (offset {offset} line{s})");
                        }
                        self.say(c, format!("{text}.\n")).await?;
                    }
                }
                Fate::Failed { at } => {
                    exact = false;
                    self.say(c, format!("Hunk #{} FAILED at {at}.\n", n + 1)).await?;
                    rejected.push(hunk.clone());
                }
            }
        }
        let new = work.finish();
        if !rejected.is_empty() {
            c.code = 1;
            let reject =
                self.p.value("r").map_or_else(|| format!("{}.rej", out.as_deref().unwrap_or(&name)), str::to_owned);
            let done = if skipped { "ignored" } else { "FAILED" };
            let mut text = format!("{} out of {count} {} {done}", rejected.len(), plural(count));
            if !self.dry && reject != "-" && !(already && skipped) {
                let _ = write!(text, " -- saving rejects to file {}", quote::maybe(&reject));
                self.write(c, &reject, rejects(change, &rejected, self.reverse), None).await?;
            }
            // How many are lost is said even quietly.
            c.put(format!("{text}\n")).await?;
        }
        if self.dry || skipped {
            return Ok(());
        }
        if let Some(o) = out {
            joined.extend(new);
            let all = joined.clone();
            return if o == "-" { c.put(all).await } else { self.write(c, &o, all, Some(0o600)).await };
        }
        self.store(c, &name, there, new, to_nothing, exact, change.mode).await
    }

    #[expect(clippy::too_many_arguments, reason = "one caller")]
    async fn store(
        &self,
        c: &mut Cli,
        name: &str,
        there: bool,
        new: Vec<u8>,
        to_nothing: bool,
        exact: bool,
        mode: Option<u32>,
    ) -> Run<()> {
        let mode = match c.sys.stat(name).await {
            Ok(s) => mode.or(Some(s.mode & 0o7777)),
            Err(_) => mode,
        };
        let backup = self.p.has("b") || !exact && !self.p.has("no-backup-if-mismatch");
        if backup {
            let to = match self.p.value("B") {
                Some(prefix) => format!("{prefix}{name}"),
                None => format!("{name}{}", self.p.value("z").unwrap_or(".orig")),
            };
            let moved = if there { c.sys.rename(name, &to).await } else { Ok(()) };
            if moved.is_err() {
                return c.die(2, format!("**** Can't rename file {name} to {to}")).await;
            }
        }
        if new.is_empty() && (to_nothing || self.p.has("E")) {
            let _ = c.sys.unlink(name).await;
            let mut dir = name;
            while let Some((parent, _)) = dir.rsplit_once('/') {
                if parent.is_empty() || c.sys.rmdir(parent).await.is_err() {
                    break;
                }
                dir = parent;
            }
            return Ok(());
        }
        if to_nothing {
            let text = format!("Not deleting file {} as content differs from patch\n", quote::maybe(name));
            self.say(c, text).await?;
            c.code = 1;
        }
        if let Some((parent, _)) = name.rsplit_once('/') {
            let mut so_far = String::new();
            for part in parent.split('/') {
                so_far.push_str(part);
                let _ = c.sys.mkdir(&so_far, 0o777).await;
                so_far.push('/');
            }
        }
        self.write(c, name, new, mode).await
    }

    async fn write(&self, c: &mut Cli, path: &str, bytes: Vec<u8>, mode: Option<u32>) -> Run<()> {
        let _ = c.flush().await;
        if let Err(e) = c.sys.write_file(path, bytes, 0o666).await {
            return c.die(2, format!("**** Can't create file {path} : {e}")).await;
        }
        if let Some(m) = mode {
            let _ = c.sys.chmod(path, m).await;
        }
        Ok(())
    }

    /// No file is known: asks, and passes it over.
    async fn nowhere(&self, c: &mut Cli, change: &Change, count: usize) -> Run<()> {
        let mut text = format!("can't find file to patch at input line {}\n", change.line);
        text.push_str(match self.strip {
            None if change.lead.is_empty() => "",
            None => "Perhaps you should have used the -p or --strip option?\n",
            Some(_) => "Perhaps you used the wrong -p or --strip option?\n",
        });
        text.push_str("The text leading up to this was:\n--------------------------\n");
        for l in &change.lead {
            let _ = writeln!(text, "|{l}");
        }
        text.push_str("--------------------------\n");
        self.say(c, text).await?;
        if !self.p.has("f") && !self.p.has("t") {
            self.ask(c, "File to patch: ").await?;
            self.ask(c, "Skip this patch? [y] ").await?;
        } else {
            self.say(c, "No file to patch.  ").await?;
        }
        self.say(c, "Skipping patch.\n").await?;
        c.code = 1;
        c.put(format!("{count} out of {count} {} ignored\n", plural(count))).await
    }
}

/// Hunks that did not fit, as a diff.
fn rejects(change: &Change, hunks: &[Hunk], reverse: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let (old, new) = if reverse { (&change.new, &change.old) } else { (&change.old, &change.new) };
    if let (Some(old), Some(new)) = (old, new) {
        out.extend(format!("--- {old}\n+++ {new}\n").into_bytes());
    }
    for h in hunks {
        let range = |first: usize, n: usize| match n {
            0 => format!("{},0", first.saturating_sub(1)),
            1 => first.to_string(),
            n => format!("{first},{n}"),
        };
        let (take, give) = (range(h.old, h.side(b'-').len()), range(h.new, h.side(b'+').len()));
        out.extend(format!("@@ -{take} +{give} @@{}\n", h.title).into_bytes());
        for (sign, line) in &h.lines {
            out.push(*sign);
            out.extend_from_slice(line);
            if line.last() != Some(&b'\n') {
                out.extend_from_slice(b"\n\\ No newline at end of file\n");
            }
        }
    }
    out
}
