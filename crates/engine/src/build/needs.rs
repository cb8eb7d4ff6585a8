//! Which stages a build needs, and which images.

use std::collections::{BTreeMap, BTreeSet};

use layerlab_api::build::BuildOptions;
use layerlab_dockerfile::expand::Expander;
use layerlab_dockerfile::instruction::{Arg, Command, Mount, Stage};
use layerlab_oci::{Platform, Reference};

use super::error::BuildError;
use super::oci_layout;

/// The value of a named context that is a folder of the client's.
pub const LOCAL: &str = "local";

/// Where something comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// Nothing.
    Scratch,
    /// A stage, by number.
    Stage(usize),
    /// An image, by its full name.
    Image(String),
    /// A folder of the client's, by the name of its context.
    Local(String),
}

/// An image that a build needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its full name.
    pub full: String,
    /// As the Dockerfile calls it.
    pub name: String,
    /// First and last line, from 1.
    pub lines: (u32, u32),
    /// For which platform.
    pub platform: Platform,
}

/// What a build needs.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// What each stage begins with.
    pub bases: Vec<Option<Source>>,
    /// Names in FROM after expansion.
    pub names: Vec<String>,
    /// Stages that are built, in order.
    pub stages: BTreeSet<usize>,
    /// The stage whose image is wanted.
    pub target: usize,
    /// Images, in the order of the file.
    pub images: Vec<Wanted>,
    /// The platform that is built for.
    pub target_platform: Platform,
    /// The platform of each stage.
    pub platforms: Vec<Platform>,
    /// Several platforms are built for: steps are named with theirs.
    pub multi: bool,
    /// Values of ARG before the first FROM.
    pub globals: BTreeMap<String, Option<String>>,
    /// Whether steps are named with their stage even if there is only one.
    pub named: bool,
}

/// Platform variables, which a stage sees if it declares them.
pub fn platform_args(target: &str, platform: &Platform) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for (side, p) in [("TARGET", platform), ("BUILD", &host())] {
        let whole = p.to_string();
        let values = [
            ("PLATFORM", &whole),
            ("OS", &p.os),
            ("ARCH", &p.architecture),
            ("VARIANT", &p.variant),
            ("OSVERSION", &p.os_version),
        ];
        for (name, value) in values {
            out.insert(format!("{side}{name}"), value.clone());
        }
    }
    out.insert("TARGETSTAGE".to_owned(), if target.is_empty() { "default" } else { target }.to_owned());
    out
}

/// The platform of this machine.
pub fn host() -> Platform {
    Platform::linux("amd64")
}

/// First and last line of a range.
pub fn range(lines: &std::ops::RangeInclusive<u32>) -> (u32, u32) {
    (*lines.start(), *lines.end())
}

/// Works out what is needed.
///
/// # Errors
/// No such target; an image's name that is none.
pub fn needs(
    stages: &[Stage],
    args: &[Arg],
    options: &BuildOptions,
    escape: char,
    platform: &Platform,
) -> Result<Needs, BuildError> {
    let mut out = Needs {
        globals: globals(args, options, escape, platform)?,
        target_platform: platform.clone(),
        platforms: vec![platform.clone(); stages.len()],
        ..Needs::default()
    };
    let mut variables = platform_args(&options.target, platform);
    variables.extend(out.globals.iter().filter_map(|(k, v)| Some((k.clone(), v.clone()?))));
    if stages.is_empty() {
        return Err(BuildError::new("dockerfile contains no stages to build"));
    }
    for stage in stages {
        let expanded = Expander::new(escape)
            .expand(&stage.image, &variables)
            .map_err(|e| BuildError::at(e.message, range(&stage.lines)))?;
        let name = expanded.text;
        if name.is_empty() {
            return Err(BuildError::at(
                format!("base name ({}) should not be blank", stage.image),
                range(&stage.lines),
            ));
        }
        out.names.push(name);
        out.bases.push(None);
    }
    out.target = target(stages, &options.target)?;
    let mut todo = vec![out.target];
    let mut from_image = BTreeMap::new();
    while let Some(i) = todo.pop() {
        let (Some(stage), true) = (stages.get(i), out.stages.insert(i)) else { continue };
        let name = out.names.get(i).cloned().unwrap_or_default();
        let lines = range(&stage.lines);
        let base = source(stages, i, &name, options)
            .map_err(|e| BuildError::at(format!("failed to parse stage name \"{name}\": {e}"), lines))?;
        let wanted = match &stage.platform {
            Some(text) => {
                let text = Expander::new(escape).expand(text, &variables);
                let text = text.map_err(|e| BuildError::at(e.message, lines))?.text;
                let parsed = Platform::parse(&text, &host());
                parsed.map_err(|e| BuildError::at(format!("failed to parse platform {text}: {e}"), lines))?.normalized()
            }
            None => platform.clone(),
        };
        if let Some(slot) = out.platforms.get_mut(i) {
            slot.clone_from(&wanted);
        }
        match &base {
            Source::Stage(n) => todo.push(*n),
            Source::Image(full) => {
                from_image.entry((lines.0, full.clone(), wanted.clone())).or_insert((name.clone(), lines));
            }
            Source::Scratch => {}
            Source::Local(_) => out.named = true,
        }
        if let Some(slot) = out.bases.get_mut(i) {
            *slot = Some(base);
        }
        for instruction in &stage.instructions {
            let lines = range(&instruction.lines);
            let mut froms = Vec::new();
            match &instruction.command {
                Command::Copy(c) => froms.extend(c.from.clone()),
                Command::Run(r) => {
                    out.named |= !r.mounts.is_empty();
                    for m in &r.mounts {
                        froms.extend(Mount::parse(m, |t| Ok(t.to_owned())).ok().and_then(|m| m.from));
                    }
                }
                _ => {}
            }
            for from in froms {
                if options.contexts.iter().any(|(k, v)| v == LOCAL && k.eq_ignore_ascii_case(&from)) {
                    out.named = true;
                    continue;
                }
                match source(stages, i, &from, options)
                    .map_err(|e| BuildError::at(format!("failed to parse stage name \"{from}\": {e}"), lines))?
                {
                    Source::Stage(n) => todo.push(n),
                    Source::Image(full) => {
                        out.named = true;
                        from_image.entry((lines.0, full, wanted.clone())).or_insert((from.clone(), lines));
                    }
                    Source::Scratch | Source::Local(_) => {}
                }
            }
        }
    }
    let mut seen = BTreeSet::new();
    for ((_, full, platform), (name, lines)) in from_image {
        if seen.insert((full.clone(), platform.clone())) {
            out.images.push(Wanted { full, name, lines, platform });
        }
    }
    out.named |= out.stages.len() > 1 || stages.len() > 1;
    Ok(out)
}

fn globals(
    args: &[Arg],
    options: &BuildOptions,
    escape: char,
    platform: &Platform,
) -> Result<BTreeMap<String, Option<String>>, BuildError> {
    let mut out: BTreeMap<String, Option<String>> = BTreeMap::new();
    for arg in args {
        for d in &arg.declarations {
            let mut variables = platform_args(&options.target, platform);
            variables.extend(out.iter().filter_map(|(k, v)| Some((k.clone(), v.clone()?))));
            let given = options.build_args.get(&d.name).cloned().flatten();
            let value = match (given, &d.default) {
                (Some(v), _) => Some(v),
                (None, Some(text)) => Some(
                    Expander::new(escape)
                        .expand(text, &variables)
                        .map_err(|e| BuildError::at(e.message, range(&arg.lines)))?
                        .text,
                ),
                (None, None) => None,
            };
            out.insert(d.name.clone(), value);
        }
    }
    Ok(out)
}

fn target(stages: &[Stage], wanted: &str) -> Result<usize, BuildError> {
    if wanted.is_empty() {
        return Ok(stages.len().saturating_sub(1));
    }
    let lower = wanted.to_lowercase();
    let by_name = stages.iter().rposition(|s| s.name.as_deref() == Some(&lower));
    let by_number = || wanted.parse::<usize>().ok().filter(|n| *n < stages.len());
    by_name.or_else(by_number).ok_or_else(|| BuildError::new(format!("target stage \"{wanted}\" could not be found")))
}

/// What a name means for a stage: an earlier stage by name or number, else an image.
///
/// # Errors
/// It can't be an image's name.
pub fn source(stages: &[Stage], before: usize, name: &str, options: &BuildOptions) -> Result<Source, String> {
    if let Some(place) = context_named(options, name) {
        return match place.strip_prefix("docker-image://") {
            Some(image) => full_name(image).map(Source::Image),
            None if place.starts_with(oci_layout::PREFIX) => Ok(Source::Image(oci_layout::name(&name.to_lowercase()))),
            None if place == LOCAL => Ok(Source::Local(name.to_lowercase())),
            None => Err(format!("unsupported context source {} for {name}", place.split(':').next().unwrap_or(place))),
        };
    }
    if name == "scratch" {
        return Ok(Source::Scratch);
    }
    let earlier = stages.get(..before).unwrap_or_default();
    let lower = name.to_lowercase();
    if let Some(n) = earlier.iter().rposition(|s| s.name.as_deref() == Some(&lower)) {
        return Ok(Source::Stage(n));
    }
    if let Some(n) = name.parse::<usize>().ok().filter(|n| *n < earlier.len()) {
        return Ok(Source::Stage(n));
    }
    full_name(name).map(Source::Image)
}

fn full_name(name: &str) -> Result<String, String> {
    Reference::parse_normalized(name).map(|r| r.tag_name_only().to_string()).map_err(|e| e.to_string())
}

/// `--build-context`: by the name as written, or as an image's full name.
fn context_named<'a>(options: &'a BuildOptions, name: &str) -> Option<&'a String> {
    let same =
        |k: &str| k.eq_ignore_ascii_case(name) || matches!((full_name(k), full_name(name)), (Ok(a), Ok(b)) if a == b);
    options.contexts.iter().find(|(k, _)| same(k)).map(|(_, v)| v)
}
