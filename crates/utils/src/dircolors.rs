//! `dircolors`: the variable that gives `ls` its colours.

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]",
    "Output commands to set the LS_COLORS environment variable.",
    "b|sh|bourne-shell c|csh|c-shell p|print-database print-ls-colors",
);

/// File types: their names in the file, in the variable, and the usual colours (coreutils' dircolors.hin).
const TYPES: &[(&str, &str, &str)] = &[
    ("RESET", "rs", "0"),
    ("DIR", "di", "01;34"),
    ("LINK", "ln", "01;36"),
    ("MULTIHARDLINK", "mh", "00"),
    ("FIFO", "pi", "40;33"),
    ("SOCK", "so", "01;35"),
    ("DOOR", "do", "01;35"),
    ("BLK", "bd", "40;33;01"),
    ("CHR", "cd", "40;33;01"),
    ("ORPHAN", "or", "40;31;01"),
    ("MISSING", "mi", "00"),
    ("SETUID", "su", "37;41"),
    ("SETGID", "sg", "30;43"),
    ("CAPABILITY", "ca", "00"),
    ("STICKY_OTHER_WRITABLE", "tw", "30;42"),
    ("OTHER_WRITABLE", "ow", "34;42"),
    ("STICKY", "st", "37;44"),
    ("EXEC", "ex", "01;32"),
];

/// Endings and their colours.
const ENDINGS: &[(&str, &str)] = &[
    (
        "01;31",
        "tar tgz arc arj taz lha lz4 lzh lzma tlz txz tzo t7z zip z dz gz lrz lz lzo xz zst tzst bz2 bz tbz tbz2 tz deb rpm jar war ear sar rar alz ace zoo cpio 7z rz cab wim swm dwm esd",
    ),
    (
        "01;35",
        "avif jpg jpeg mjpg mjpeg gif bmp pbm pgm ppm tga xbm xpm tif tiff png svg svgz mng pcx mov mpg mpeg m2v mkv webm webp ogm mp4 m4v mp4v vob qt nuv wmv asf rm rmvb flc avi fli flv gl dl xcf xwd yuv cgm emf ogv ogx",
    ),
    ("00;36", "aac au flac m4a mid midi mka mp3 mpc ogg ra wav oga opus spx xspf"),
    (
        "00;90",
        "~ # bak crdownload dpkg-dist dpkg-new dpkg-old dpkg-tmp old orig part rej rpmnew rpmorig rpmsave swp tmp ucf-dist ucf-new ucf-old",
    ),
];

fn usual() -> Vec<(String, String)> {
    let types = TYPES.iter().map(|(_, key, color)| ((*key).to_owned(), (*color).to_owned()));
    let endings = ENDINGS.iter().flat_map(|(color, names)| {
        names.split(' ').map(|n| {
            (
                if n.len() == 1 && !n.starts_with(|c: char| c.is_alphanumeric()) {
                    format!("*{n}")
                } else {
                    format!("*.{n}")
                },
                (*color).to_owned(),
            )
        })
    });
    types.chain(endings).collect()
}

/// What a file says; the line that says nothing known.
fn read(text: &str) -> Result<Vec<(String, String)>, (usize, String)> {
    let mut all = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.split(" #").next().unwrap_or("").trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((word, color)) = line.split_once(char::is_whitespace) else {
            return Err((i + 1, "invalid line;  missing second token".to_owned()));
        };
        let color = color.trim().to_owned();
        match word.to_uppercase().as_str() {
            "TERM" | "COLORTERM" | "COLOR" | "OPTIONS" | "EIGHTBIT" => {}
            _ if word.starts_with('.') => all.push((format!("*{word}"), color)),
            _ if word.starts_with('*') => all.push((word.to_owned(), color)),
            upper => match TYPES.iter().find(|t| t.0 == upper || upper == "NORMAL" || upper == "FILE") {
                Some(_) if upper == "NORMAL" => all.push(("no".to_owned(), color)),
                Some(_) if upper == "FILE" => all.push(("fi".to_owned(), color)),
                Some(t) => all.push((t.1.to_owned(), color)),
                None => return Err((i + 1, format!("unrecognized keyword {word}"))),
            },
        }
    }
    Ok(all)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.at_most(&p.operands, 1).await?;
    if p.has("p") {
        let mut text = String::from("COLORTERM ?*\nTERM *color*\nTERM linux\nTERM screen*\nTERM tmux*\nTERM xterm*\n");
        text.extend(TYPES.iter().map(|(name, _, color)| format!("{name} {color}\n")));
        text.extend(usual().iter().filter_map(|(k, v)| k.strip_prefix('*').map(|k| format!("{k} {v}\n"))));
        return c.put(text).await;
    }
    let all = match p.operands.first() {
        None => usual(),
        Some(f) => {
            let text = match c.slurp(f).await {
                Ok(b) => String::from_utf8_lossy(&b).into_owned(),
                Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(f))).await,
            };
            match read(&text) {
                Ok(all) => all,
                Err((n, why)) => return c.die(1, format!("{f}:{n}: {why}")).await,
            }
        }
    };
    let value: String = all.iter().map(|(k, v)| format!("{k}={v}:")).collect();
    let csh = match p.last_of(&["b", "c"]) {
        Some("c") => true,
        Some(_) => false,
        None => c.var("SHELL").is_some_and(|s| s.ends_with("csh")),
    };
    if p.has("print-ls-colors") {
        return c.put(all.iter().map(|(k, v)| format!("\x1b[{v}m{k}\t{v}\x1b[0m\n")).collect::<String>()).await;
    }
    c.put(if csh {
        format!("setenv LS_COLORS '{value}'\n")
    } else {
        format!("LS_COLORS='{value}';\nexport LS_COLORS\n")
    })
    .await
}
