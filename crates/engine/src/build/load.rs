//! What a build loads before its steps: Dockerfile, images' metadata, ignore file, context.

use std::collections::BTreeMap;
use std::rc::Rc;

use layerlab_api::build::Warning;
use layerlab_dockerfile::{Ast, Severity, lint};
use layerlab_kernel::vfs::{Inode, Tree};
use layerlab_oci::Reference;

use super::base::{self, Resolved};
use super::context::{BuildContext, tree_of_tar};
use super::error::BuildError;
use super::git::{self, GitRef};
use super::graph::{Kind, TreeSource, Vertex};
use super::needs::{Wanted, range};
use super::oci_layout;
use super::session::{Received, receive};
use super::solve::{Solve, Work};
use crate::context::with;

impl Solve {
    pub(super) async fn definition(&mut self, tar: &[u8]) -> Result<(Received, Ast, String), BuildError> {
        let file = self.options.dockerfile.clone();
        if !self.options.remote.is_empty() {
            return self.remote_definition(tar).await;
        }
        let id = self
            .progress
            .start(
                &format!("[internal] load build definition from {}", file.rsplit('/').next().unwrap_or(&file)),
                &[],
                None,
                None,
            )
            .await?;
        let received = match with(&self.sys(), |s| receive(s, &self.options, tar))? {
            Ok(received) => received,
            Err(e) => {
                self.progress.fail(&id, &e).await?;
                return Err(BuildError::new(e));
            }
        };
        let Some(text) = received.context.dockerfile.clone() else {
            self.progress.note(&id, "transferring dockerfile:", 2).await?;
            self.progress.done(&id).await?;
            return Err(BuildError::new(format!("failed to read dockerfile: open {file}: no such file or directory")));
        };
        // A name, a mode and a size go along with the file.
        self.progress.note(&id, "transferring dockerfile:", text.len() as u64 + 37).await?;
        self.progress.done(&id).await?;
        self.keep_local("dockerfile", 2)?;
        Ok((received, self.parse(text)?, id))
    }

    fn parse(&mut self, text: String) -> Result<Ast, BuildError> {
        let parsed = layerlab_dockerfile::parse(&text);
        self.record.text = text;
        match parsed.diagnostics.iter().find(|d| d.severity == Severity::Error) {
            Some(d) => Err(d.into()),
            None => Ok(parsed.ast),
        }
    }

    /// What a build gets where its context is an address: a repository, a tar, or a Dockerfile alone.
    async fn remote_definition(&mut self, tar: &[u8]) -> Result<(Received, Ast, String), BuildError> {
        let url = self.options.remote.clone();
        let git = GitRef::parse(&url).transpose().map_err(BuildError::new)?;
        let name = match &git {
            Some(git) if !url.contains("://") && url.starts_with("github.com/") => {
                format!("[internal] load git source {}", git.url)
            }
            Some(_) => format!("[internal] load git source {url}"),
            None => "[internal] load remote build context".to_owned(),
        };
        let id = self.progress.start(&name, &[], None, None).await?;
        let tree = match git {
            Some(mut git) => {
                let keep = self.options.build_args.get("BUILDKIT_CONTEXT_KEEP_GIT_DIR").cloned().flatten();
                git.keep_git_dir |= keep.is_some_and(|v| v == "1" || v == "true");
                git::fetch(&mut self.progress, &id, &git, self.record.number).await.map(|c| (c.tree, false))
            }
            None => self.remote_files(&url).await,
        };
        let (tree, is_archive) = match tree {
            Ok(tree) => tree,
            Err(e) => {
                self.progress.fail(&id, &e).await?;
                return Err(BuildError::new(e));
            }
        };
        self.progress.done(&id).await?;
        if is_archive {
            let id = self.progress.start("copy /context /", &[], None, None).await?;
            self.progress.done(&id).await?;
        }
        let received = with(&self.sys(), |s| receive(s, &self.options, tar))?.map_err(BuildError::new)?;
        let file = &self.options.dockerfile;
        // A Dockerfile of the client's, beside a context from elsewhere.
        let own = received.context.dockerfile.clone();
        let mut context = BuildContext::remote(tree, file);
        context.dockerfile = own.or(context.dockerfile);
        let Some(text) = context.dockerfile.clone() else {
            return Err(BuildError::new(format!("failed to read dockerfile: open {file}: no such file or directory")));
        };
        Ok((Received { context: Rc::new(context), ..received }, self.parse(text)?, id))
    }

    /// The files at an address, and whether they were packed.
    async fn remote_files(&mut self, url: &str) -> Result<(Tree, bool), String> {
        let bytes = super::remote::get(&self.sys(), url).await?;
        if bytes.get(257..262) == Some(b"ustar") || layerlab_oci::gzip::is_gzip(&bytes) {
            return Ok((tree_of_tar(&bytes)?, true));
        }
        let mut tree = Tree::new();
        let path = format!("/{}", self.options.dockerfile);
        tree.insert(&path, Inode::file(bytes, 0o600)).map_err(|e| e.text().to_owned())?;
        Ok((tree, false))
    }

    /// `# syntax=`: the frontend is this one, whatever version of it is named; others are not there.
    pub(super) async fn syntax(&mut self, ast: &Ast) -> Result<(), BuildError> {
        let Some(directive) = &ast.directives.syntax else { return Ok(()) };
        let lines = (directive.line, directive.line);
        let reference = Reference::parse_normalized(&directive.value);
        let reference = reference.map_err(|e| BuildError::at(e.to_string(), lines))?.tag_name_only();
        let id = self
            .progress
            .start(&format!("resolve image config for docker-image://{reference}"), &[], None, None)
            .await?;
        self.sys().sleep(base::LATENCY).await?;
        if !matches!(reference.name().as_str(), "docker.io/docker/dockerfile" | "docker.io/docker/dockerfile-upstream")
        {
            let what = format!("{reference}: not found");
            self.progress.fail(&id, &what).await?;
            return Err(BuildError::at(format!("failed to resolve source metadata for {reference}: {what}"), lines));
        }
        self.progress.done(&id).await
    }

    pub(super) async fn metadata(
        &mut self,
        images: &[Wanted],
        multi: bool,
        layouts: &BTreeMap<String, (String, Rc<BuildContext>)>,
    ) -> Result<Vec<Resolved>, BuildError> {
        let sys = self.sys();
        let mut ids = Vec::new();
        for Wanted { full, platform, .. } in images {
            let platform = if multi { format!("{platform} ") } else { String::new() };
            let name = format!("[{platform}internal] load metadata for {full}");
            ids.push(self.progress.start(&name, &[], None, None).await?);
        }
        if !images.is_empty() {
            sys.sleep(base::LATENCY).await?;
        }
        let mut out = Vec::new();
        for (wanted, id) in images.iter().zip(&ids) {
            let found = match layouts.get(&wanted.full) {
                Some((which, layout)) => oci_layout::resolve(&layout.tree, which, wanted).map_err(|what| BuildError {
                    step_message: Some(what.clone()),
                    ..BuildError::at(
                        format!("{}: failed to resolve source metadata for {}: {what}", wanted.name, wanted.full),
                        wanted.lines,
                    )
                }),
                None => base::resolve(&sys, wanted, self.options.pull || !self.options.builder.is_empty()).await,
            };
            match found {
                Ok(found) => out.push(found),
                Err(e) => {
                    self.progress.fail(id, e.step_message.as_deref().unwrap_or(&e.message)).await?;
                    return Err(e);
                }
            }
            self.progress.done(id).await?;
        }
        Ok(out)
    }

    pub(super) async fn checks(
        &mut self,
        ast: &Ast,
        context: &BuildContext,
        bases: &[Resolved],
        definition: &str,
    ) -> Result<(), BuildError> {
        let config = lint::Config::of(ast).unwrap_or_default();
        let pair = |e: &String| e.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned()));
        let image = |b: &Resolved| lint::BaseImage {
            env: b.base.config.config.env.iter().filter_map(pair).collect(),
            has_shell: !b.base.config.config.shell.is_empty(),
            platform: Some(b.base.platform.to_string()),
        };
        let options = lint::Options {
            build_args: self.options.build_args.iter().filter_map(|(k, v)| Some((k.clone(), v.clone()?))).collect(),
            target: (!self.options.target.is_empty()).then(|| self.options.target.clone()),
            images: bases.iter().map(|b| (b.base.reference.clone(), image(b))).collect(),
            ignore: context.ignore.clone(),
            ..lint::Options::default()
        };
        let found = lint::lint(ast, &options);
        let warning = |d: &layerlab_dockerfile::Diagnostic| {
            let rule = d.rule.and_then(lint::Rule::named);
            Warning {
                vertex: definition.to_owned(),
                level: 1,
                short: format!("{}: {} (line {})", d.rule.unwrap_or_default(), d.message, d.lines.start()),
                detail: rule.map(|r| r.description.to_owned()).into_iter().collect(),
                url: rule.and_then(lint::Rule::url).unwrap_or_default(),
                source: Some(self.source(range(&d.lines))),
            }
        };
        let warnings: Vec<Warning> = found.iter().map(warning).collect();
        self.progress.warn(warnings).await?;
        if config.error && !found.is_empty() {
            let rules: std::collections::BTreeSet<&str> = found.iter().filter_map(|d| d.rule).collect();
            let rules: Vec<&str> = rules.into_iter().collect();
            return Err(BuildError::new(format!("lint violation found for rules: {}", rules.join(", "))));
        }
        Ok(())
    }

    pub(super) async fn load_context(&mut self, work: &Work) -> Result<(), BuildError> {
        let uses = |v: &Vertex| match &v.kind {
            Kind::Copy(op, source) => *source == TreeSource::Context && !op.sources.is_empty(),
            Kind::Run(step) => step.mounts.iter().any(|(m, s)| {
                m.kind == layerlab_dockerfile::instruction::MountKind::Bind && *s == Some(TreeSource::Context)
            }),
            _ => false,
        };
        if !work.graph.vertices.iter().any(uses) {
            return Ok(());
        }
        if !self.options.remote.is_empty() {
            self.record.context = work.context.files.clone();
            return Ok(());
        }
        let id = self.progress.start("[internal] load build context", &[], None, None).await?;
        self.record.context = work.context.files.clone();
        let old = work.previous.as_ref().map(|p| &p.context).filter(|o| **o != self.record.context);
        // Every name is told; a file's bytes only where they are new.
        let mut bytes: u64 = self.record.context.keys().map(|p| p.len() as u64 + 28).sum();
        if old.is_some() || work.previous.is_none() {
            for (path, file) in self.record.context.iter() {
                if old.and_then(|o| o.get(path)) != Some(file) {
                    bytes += work.context.tree.at(path).map_or(0, |i| i.size());
                }
            }
        }
        self.progress.note(&id, "transferring context:", bytes).await?;
        self.progress.done(&id).await?;
        // Folders have a block, too, and their top one.
        let blocks = |path: &String| work.context.tree.at(path).map_or(1, |i| i.size().div_ceil(4096).max(1));
        let blocks = 1 + self.record.context.keys().map(blocks).sum::<u64>();
        self.keep_local("context", blocks)
    }

    /// Images that only COPY --from and mounts use.
    pub(super) async fn load_images(&mut self, work: &Work) -> Result<(), BuildError> {
        for (n, resolved) in work.bases.iter().enumerate() {
            if work.graph.vertices.iter().any(|v| matches!(v.kind, Kind::From(b) if b == n)) {
                continue;
            }
            let name = format!("FROM {}@{}", resolved.base.reference, resolved.base.digest);
            let id = self.progress.start(&name, &[], None, None).await?;
            self.resolve_note(&id, resolved).await?;
            base::fetch(&mut self.progress, &id, resolved).await?;
            self.progress.done(&id).await?;
        }
        Ok(())
    }

    pub(super) async fn resolve_note(&mut self, id: &str, resolved: &Resolved) -> Result<(), BuildError> {
        self.progress.note(id, &format!("resolve {}@{}", resolved.base.reference, resolved.base.digest), 0).await
    }
}
