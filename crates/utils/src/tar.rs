//! `tar`: archives (POSIX ustar, with GNU's long names).

mod create;
mod member;
mod read;

use crate::cli::{Cli, Parsed, Run, Spec, Stop};
use crate::gzip;

const SPEC: Spec = Spec::new(
    "[OPTION...] [FILE]...",
    "Save many files together into a single archive, and restore individual files from it.",
    "c|create x|extract|get t|list r|append u|update A|catenate|concatenate d|diff|compare delete \
     v|verbose z|gzip|gunzip|ungzip j|bzip2 J|xz zstd Z|compress a|auto-compress no-auto-compress I|use-compress-program= \
     f|file= C|directory= T|files-from= null X|exclude-from= exclude= exclude-vcs strip-components= transform|xform= \
     O|to-stdout p|preserve-permissions|same-permissions same-owner no-same-owner o no-same-permissions \
     k|keep-old-files skip-old-files keep-newer-files overwrite U|unlink-first m|touch numeric-owner \
     owner= group= mode= mtime= sort= h|dereference hard-dereference no-recursion recursion P|absolute-names wildcards \
     no-wildcards anchored no-anchored ignore-case wildcards-match-slash totals? remove-files one-top-level? \
     N|newer|after-date= S|sparse W|verify w|interactive|confirmation l|check-links b|blocking-factor= record-size= \
     H|format= posix utc full-time one-file-system occurrence? ignore-failed-read force-local warning= checkpoint? \
     show-transformed-names n|seek i|ignore-zeros B|read-full-records R|block-number s|preserve-order|same-order \
     overwrite-dir no-overwrite-dir keep-directory-symlink delay-directory-restore acls selinux xattrs no-acls no-selinux no-xattrs",
)
.fails(2)
.version("GNU tar) 1.35 (simulated");

/// Letters whose values follow where options stand without a dash.
const VALUED: &str = "fCTXINbH";

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    if let Some(letter) = old_style(&mut c.args) {
        return wrong(c, &format!("Old option '{letter}' requires an argument.")).await;
    }
    let p = match crate::cli::options::parse(&SPEC, c.args.clone()) {
        Err(message) => {
            // argp's code for wrong usage, but not where a value is missing.
            let code = if message.contains("requires") { 2 } else { 64 };
            let _: Run<()> = wrong(c, &message).await;
            return Err(Stop::Code(code));
        }
        Ok(_) => c.parse(&SPEC).await?,
    };
    let modes: Vec<&str> = ["c", "x", "t", "r", "u", "A", "d", "delete"].into_iter().filter(|m| p.has(m)).collect();
    let &[mode] = modes.as_slice() else {
        let text = if modes.is_empty() {
            "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options"
        } else {
            "You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option"
        };
        return wrong(c, text).await;
    };
    let file = p.value("f").map_or_else(|| c.var("TAPE").unwrap_or("-").to_owned(), str::to_owned);
    let writes = matches!(mode, "c" | "r" | "u" | "A" | "delete");
    if file == "-" && c.sys.is_atty(i32::from(writes)).await {
        let what = if writes { "write archive contents to" } else { "read archive contents from" };
        c.warn(format!("Refusing to {what} terminal (missing -f option?)")).await;
        return c.die(2, "Error is not recoverable: exiting now").await;
    }
    if matches!(mode, "r" | "u" | "A" | "delete") && packing(&p, &file).is_some_and(|(_, asked)| asked) {
        return wrong(c, "Cannot update compressed archives").await;
    }
    match mode {
        "c" | "r" | "u" => create::run(c, &p, &file, mode).await,
        "A" | "delete" => create::rewrite(c, &p, &file, mode == "A").await,
        _ => read::run(c, &p, &file).await,
    }
}

/// `tar xzf a.tar`: the first word may be options without a dash, whose values follow in order; the one
/// that lacks its value.
fn old_style(args: &mut Vec<String>) -> Option<char> {
    let first = args.first().cloned().filter(|f| !f.starts_with('-') && !f.is_empty())?;
    args.remove(0);
    let mut words = Vec::new();
    for letter in first.chars() {
        words.push(format!("-{letter}"));
        if VALUED.contains(letter) {
            if args.is_empty() {
                return Some(letter);
            }
            words.push(args.remove(0));
        }
    }
    words.append(args);
    *args = words;
    None
}

async fn wrong<T>(c: &mut Cli, text: &str) -> Run<T> {
    c.warn(text).await;
    c.sys.eprint("Try 'tar --help' or 'tar --usage' for more information.\n").await;
    Err(Stop::Code(2))
}

async fn fatal<T>(c: &mut Cli, message: String) -> Run<T> {
    c.warn(message).await;
    c.die(2, "Error is not recoverable: exiting now").await
}

/// The program that packs the archive, and whether an option names it rather than the file's name.
fn packing(p: &Parsed, file: &str) -> Option<(String, bool)> {
    let asked = [("z", "gzip"), ("j", "bzip2"), ("J", "xz"), ("zstd", "zstd"), ("Z", "compress")];
    if let Some(program) = p.value("I") {
        return Some((program.to_owned(), true));
    }
    if let Some((_, program)) = asked.iter().find(|(o, _)| p.has(o)) {
        return Some(((*program).to_owned(), true));
    }
    let by_name = [
        (".gz", "gzip"),
        (".tgz", "gzip"),
        (".taz", "gzip"),
        (".bz2", "bzip2"),
        (".tbz", "bzip2"),
        (".xz", "xz"),
        (".txz", "xz"),
        (".zst", "zstd"),
    ];
    let hit = by_name.iter().find(|(end, _)| p.has("a") && file.ends_with(end));
    hit.map(|(_, program)| ((*program).to_owned(), false))
}

/// Packs an archive; ends where the machine has no such packer.
async fn pack(c: &mut Cli, p: &Parsed, file: &str, bytes: Vec<u8>) -> Run<Vec<u8>> {
    match packing(p, file) {
        None => Ok(bytes),
        Some((program, _)) if program == "gzip" => Ok(gzip::compress(&bytes, 6, None, 0).unwrap_or_default()),
        Some((program, _)) => no_packer(c, &program).await,
    }
}

async fn no_packer<T>(c: &mut Cli, program: &str) -> Run<T> {
    c.flush().await?;
    let lead = "tar (child): ";
    let text = format!(
        "{lead}{program}: Cannot exec: No such file or directory\n{lead}Error is not recoverable: exiting now\n"
    );
    c.sys.eprint(text).await;
    c.warn("Child returned status 2").await;
    c.die(2, "Error is not recoverable: exiting now").await
}

/// An archive's bytes, unpacked.
async fn unpack(c: &mut Cli, p: &Parsed, file: &str) -> Run<Vec<u8>> {
    let bytes = match c.slurp(file).await {
        Ok(b) => b,
        Err(layerlab_kernel::Errno::EISDIR) => {
            c.warn(format!("{file}: Cannot read: Is a directory")).await;
            c.warn("At beginning of tape, quitting now").await;
            return c.die(2, "Error is not recoverable: exiting now").await;
        }
        Err(e) => return fatal(c, format!("{file}: Cannot open: {e}")).await,
    };
    let magic = [(&[0x1f, 0x8b][..], "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"), (b"\x28\xb5\x2f\xfd", "zstd")];
    let found = magic.iter().find(|(m, _)| bytes.starts_with(m)).map(|(_, n)| *n);
    match (found, packing(p, "")) {
        (Some("gzip"), _) => match gzip::decompress(&bytes) {
            Some(b) => Ok(b),
            None => {
                c.sys.eprint("\ngzip: stdin: unexpected end of file\n").await;
                c.warn("Child returned status 1").await;
                c.die(2, "Error is not recoverable: exiting now").await
            }
        },
        (Some(other), _) => no_packer(c, other).await,
        (None, Some((program, _))) if program == "gzip" => {
            c.sys.eprint("\ngzip: stdin: not in gzip format\n").await;
            c.warn("Child returned status 1").await;
            c.die(2, "Error is not recoverable: exiting now").await
        }
        (None, Some((program, _))) => no_packer(c, &program).await,
        (None, None) => Ok(bytes),
    }
}

/// `--exclude` and `-X`: patterns.
async fn excluded(c: &mut Cli, p: &Parsed) -> Run<Vec<String>> {
    let mut all = p.values("exclude");
    if p.has("exclude-vcs") {
        all.extend([".git", ".gitignore", ".gitattributes", ".gitmodules", ".svn", ".hg", "CVS"].map(str::to_owned));
    }
    for file in p.values("X") {
        match c.slurp(&file).await {
            Ok(b) => all.extend(String::from_utf8_lossy(&b).lines().filter(|l| !l.is_empty()).map(str::to_owned)),
            Err(e) => return fatal(c, format!("{file}: Cannot open: {e}")).await,
        }
    }
    Ok(all)
}

/// Whether a pattern fits a name or what stands behind one of its slashes.
fn is_excluded(patterns: &[String], name: &str) -> bool {
    let name = name.trim_end_matches('/');
    patterns.iter().any(|x| {
        let x = x.trim_end_matches('/');
        // A folder's own pattern takes what lies in it too.
        let fits = |n: &str| crate::glob::matches(x, n);
        fits(name) || name.match_indices('/').any(|(i, _)| name.get(i + 1..).is_some_and(fits))
    })
}

/// Operands, and the names of `-T`.
async fn operands(c: &mut Cli, p: &Parsed) -> Run<Vec<(String, usize)>> {
    let mut all: Vec<(String, usize)> =
        p.operands.iter().cloned().zip(p.before.iter().copied().chain(std::iter::repeat(0))).collect();
    for file in p.values("T") {
        let bytes = match c.slurp(&file).await {
            Ok(b) => b,
            Err(e) => return fatal(c, format!("{file}: Cannot open: {e}")).await,
        };
        let end = if p.has("null") { '\0' } else { '\n' };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        all.extend(text.split(end).filter(|l| !l.is_empty()).map(|l| (l.to_owned(), usize::MAX)));
    }
    Ok(all)
}

/// `--transform s/A/B/flags` on a name.
struct Transform(Vec<(crate::regex::Pattern, String, bool)>);

impl Transform {
    async fn new(c: &mut Cli, p: &Parsed) -> Run<Self> {
        let mut all = Vec::new();
        for text in p.values("transform") {
            for one in text.split(';') {
                let mut parts = one.strip_prefix('s').unwrap_or("").chars();
                let by = parts.next().unwrap_or('/');
                let rest = parts.as_str();
                let mut fields = vec![String::new()];
                let mut chars = rest.chars();
                while let Some(ch) = chars.next() {
                    let Some(last) = fields.last_mut() else { break };
                    match ch {
                        '\\' => {
                            let next = chars.next().unwrap_or('\\');
                            if next != by {
                                last.push('\\');
                            }
                            last.push(next);
                        }
                        ch if ch == by => fields.push(String::new()),
                        ch => last.push(ch),
                    }
                }
                let [pattern, replacement, flags] = fields.as_slice() else {
                    return wrong(c, "Invalid transform expression").await;
                };
                let kind = if flags.contains('x') { crate::regex::Kind::Extended } else { crate::regex::Kind::Basic };
                match crate::regex::compile(pattern, kind, flags.contains('i')) {
                    Ok(r) => all.push((r, replacement.clone(), flags.contains('g'))),
                    Err(e) => return wrong(c, &format!("Invalid transform expression: {e}")).await,
                }
            }
        }
        Ok(Self(all))
    }

    fn apply(&self, name: &str) -> String {
        let mut name = name.to_owned();
        for (pattern, replacement, every) in &self.0 {
            let (mut out, mut at) = (String::new(), 0);
            while let Some(groups) = pattern.captures_at(&name, at) {
                let Some(Some((from, to))) = groups.first().copied() else { break };
                out.push_str(name.get(at..from).unwrap_or(""));
                let mut chars = replacement.chars();
                while let Some(ch) = chars.next() {
                    let group = match ch {
                        '&' => Some(0),
                        '\\' => match chars.next() {
                            Some(d @ '0'..='9') => d.to_digit(10),
                            Some(other) => {
                                out.push(other);
                                continue;
                            }
                            None => None,
                        },
                        _ => {
                            out.push(ch);
                            continue;
                        }
                    };
                    let range = group.and_then(|g| groups.get(g as usize).copied().flatten());
                    out.push_str(range.and_then(|(a, b)| name.get(a..b)).unwrap_or(""));
                }
                at = to;
                if !every || to == from {
                    break;
                }
            }
            out.push_str(name.get(at..).unwrap_or(""));
            name = out;
        }
        name
    }
}
