//! `sha256sum` and its sisters `md5sum`, `sha1sum`, `sha224sum`, `sha384sum`, `sha512sum`: digests of
//! files, and their check.

mod blake2;
mod md5;
mod sha1;

use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use crate::cli::{Cli, Parsed, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Print or check checksums of files.",
    "b|binary c|check t|text z|zero tag ignore-missing q|quiet status strict w|warn",
);

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Blake2b,
}

impl Algorithm {
    /// By `cksum -a`'s name, or a tag's.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "md5" => Self::Md5,
            "sha1" => Self::Sha1,
            "sha224" => Self::Sha224,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            "b2" | "blake2b" => Self::Blake2b,
            _ => return None,
        })
    }
    fn tag(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha224 => "SHA224",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
            Self::Blake2b => "BLAKE2b",
        }
    }
    fn digest(self, bytes: &[u8]) -> String {
        let d = match self {
            Self::Md5 => md5::digest(bytes).to_vec(),
            Self::Sha1 => sha1::digest(bytes).to_vec(),
            Self::Sha224 => Sha224::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
            Self::Blake2b => blake2::digest(bytes, 64),
        };
        d.iter().map(|b| format!("{b:02x}")).collect()
    }
    fn length(self) -> usize {
        match self {
            Self::Md5 => 32,
            Self::Sha1 => 40,
            Self::Sha224 => 56,
            Self::Sha256 => 64,
            Self::Sha384 => 96,
            Self::Sha512 | Self::Blake2b => 128,
        }
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let algorithm = Algorithm::named(c.name.trim_end_matches("sum")).unwrap_or(Algorithm::Sha256);
    let wrong = if p.has("c") {
        p.has("tag").then(|| "the --tag option is meaningless when verifying checksums".to_owned())
    } else {
        let only = ["ignore-missing", "status", "warn", "quiet", "strict"];
        let given = only
            .iter()
            .find(|o| p.has(o) || p.has(&o[..1]) && **o != "strict" && **o != "status" && **o != "ignore-missing");
        given.map(|o| format!("the --{o} option is meaningful only when verifying checksums"))
    };
    if let Some(text) = wrong {
        return c.usage(1, text).await;
    }
    sums(c, &p, Some(algorithm), p.has("tag")).await
}

/// Prints or checks; without an algorithm lists say it themselves.
pub(crate) async fn sums(c: &mut Cli, p: &Parsed, algorithm: Option<Algorithm>, tagged: bool) -> Run<()> {
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    for path in &files {
        if p.has("c") {
            check(c, path, p, algorithm).await?;
            continue;
        }
        let algorithm = algorithm.unwrap_or(Algorithm::Sha256);
        let bytes = match c.slurp(path).await {
            Ok(b) => b,
            Err(e) => {
                c.fail(format!("{}: {e}", quote::before_colon(path))).await;
                continue;
            }
        };
        let d = algorithm.digest(&bytes);
        // Names that would break the line are escaped, and the line says so.
        let odd = !p.has("z") && path.contains(['\n', '\\', '\r']);
        let name =
            if odd { path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r") } else { path.clone() };
        let lead = if odd { "\\" } else { "" };
        let end = if p.has("z") { '\0' } else { '\n' };
        if tagged {
            c.put(format!("{lead}{} ({name}) = {d}{end}", algorithm.tag())).await?;
        } else {
            let binary = p.last_of(&["b", "t"]) == Some("b");
            c.put(format!("{lead}{d} {}{name}{end}", if binary { '*' } else { ' ' })).await?;
        }
    }
    Ok(())
}

/// A list's line: algorithm, digest and name.
fn row(line: &str, algorithm: Option<Algorithm>) -> Option<(Algorithm, String, String)> {
    let (escaped, line) = match line.strip_prefix('\\') {
        Some(l) => (true, l),
        None => (false, line),
    };
    let name = |n: &str| {
        if escaped { n.replace("\\n", "\n").replace("\\r", "\r").replace("\\\\", "\\") } else { n.to_owned() }
    };
    let line = line.strip_suffix('\r').unwrap_or(line);
    if let Some((tag, rest)) = line.split_once(" (")
        && let Some(a) = Algorithm::named(tag)
        && let Some((file, digest)) = rest.rsplit_once(") = ")
    {
        let fits = algorithm.is_none_or(|x| x == a) && digest.len() == a.length();
        return (fits && digest.bytes().all(|b| b.is_ascii_hexdigit())).then(|| (a, digest.to_owned(), name(file)));
    }
    let (digest, file) = line.trim_start().split_once(' ')?;
    let a = algorithm?;
    let file = file.strip_prefix([' ', '*']).unwrap_or(file);
    let fits = digest.len() == a.length() && digest.bytes().all(|b| b.is_ascii_hexdigit()) && !file.is_empty();
    fits.then(|| (a, digest.to_owned(), name(file)))
}

async fn check(c: &mut Cli, list: &str, p: &Parsed, algorithm: Option<Algorithm>) -> Run<()> {
    let text = match c.slurp(list).await {
        Ok(b) => String::from_utf8_lossy(&b).into_owned(),
        Err(e) => {
            c.fail(format!("{}: {e}", quote::before_colon(list))).await;
            return Ok(());
        }
    };
    let list = if list == "-" { "'standard input'".to_owned() } else { quote::before_colon(list) };
    let status = p.has("status");
    let (mut wrong, mut missing, mut improper, mut proper, mut good) = (0u32, 0u32, 0u32, 0u32, 0u32);
    for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.is_empty()) {
        let Some((a, wanted, file)) = row(line, algorithm) else {
            improper += 1;
            if p.has("w") {
                let tag = algorithm.unwrap_or(Algorithm::Sha256).tag();
                c.warn(format!("{list}: {}: improperly formatted {tag} checksum line", n + 1)).await;
            }
            continue;
        };
        proper += 1;
        let verdict = match c.slurp(&file).await {
            Ok(b) if a.digest(&b).eq_ignore_ascii_case(&wanted) => {
                good += 1;
                "OK"
            }
            Ok(_) => {
                wrong += 1;
                "FAILED"
            }
            Err(layerlab_kernel::Errno::ENOENT) if p.has("ignore-missing") => continue,
            Err(e) => {
                c.warn(format!("{}: {e}", quote::before_colon(&file))).await;
                missing += 1;
                "FAILED open or read"
            }
        };
        if !(status || p.has("q") && verdict == "OK") {
            c.put(format!("{file}: {verdict}\n")).await?;
        }
    }
    let plural = |n: u32, one: &str, many: &str| {
        if n == 1 { format!("WARNING: 1 {one}") } else { format!("WARNING: {n} {many}") }
    };
    if proper == 0 {
        c.fail(format!("{list}: no properly formatted checksum lines found")).await;
        return Ok(());
    }
    if !status {
        if improper > 0 {
            c.warn(plural(improper, "line is improperly formatted", "lines are improperly formatted")).await;
        }
        if missing > 0 {
            c.warn(plural(missing, "listed file could not be read", "listed files could not be read")).await;
        }
        if wrong > 0 {
            c.warn(plural(wrong, "computed checksum did NOT match", "computed checksums did NOT match")).await;
        }
    }
    if p.has("ignore-missing") && good + wrong == 0 {
        c.warn(format!("{list}: no file was verified")).await;
        c.code = 1;
    }
    if wrong + missing > 0 || improper > 0 && p.has("strict") {
        c.code = 1;
    }
    Ok(())
}
