//! What a build loads before its steps: Dockerfile, images' metadata, ignore file, context.

use std::rc::Rc;

use layerlab_api::build::Warning;
use layerlab_dockerfile::{Ast, Severity, lint};
use layerlab_kernel::vfs::{Inode, Tree};
use layerlab_oci::Reference;

use super::base::{self, Resolved};
use super::context::{BuildContext, tree_of_tar};
use super::error::BuildError;
use super::graph::{Kind, TreeSource, Vertex};
use super::needs::{Wanted, range};
use super::session::{Received, receive};
use super::solve::{Solve, Work};
use crate::context::with;

impl Solve {
    pub(super) async fn definition(&mut self, tar: &[u8]) -> Result<(Received, Ast, String), BuildError> {
        let file = self.options.dockerfile.clone();
        let fetched = match self.options.remote.clone() {
            url if url.is_empty() => None,
            url => Some(self.remote_context(&url).await?),
        };
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
            Ok(received) => Received { context: fetched.unwrap_or(received.context.clone()), ..received },
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
        self.record.text.clone_from(&text);
        // A name, a mode and a size go along with the file.
        self.progress.note(&id, "transferring dockerfile:", text.len() as u64 + 37).await?;
        self.progress.done(&id).await?;
        let parsed = layerlab_dockerfile::parse(&text);
        if let Some(d) = parsed.diagnostics.iter().find(|d| d.severity == Severity::Error) {
            return Err(d.into());
        }
        Ok((received, parsed.ast, id))
    }

    /// A context that is an address: a tar, or a Dockerfile alone.
    async fn remote_context(&mut self, url: &str) -> Result<Rc<BuildContext>, BuildError> {
        let id = self.progress.start("[internal] load remote build context", &[], None, None).await?;
        let is_git = url.starts_with("git@") || url.starts_with("git://") || url.starts_with("ssh://");
        let address = url.split('#').next().unwrap_or(url);
        let got = if is_git || address.ends_with(".git") || url.starts_with("github.com/") {
            Err(format!("failed to fetch remote {address}: the simulated internet has no git server"))
        } else {
            super::remote::get(&self.sys(), url).await
        };
        let tree = got.and_then(|bytes| {
            if bytes.get(257..262) == Some(b"ustar") || layerlab_oci::gzip::is_gzip(&bytes) {
                return tree_of_tar(&bytes);
            }
            let mut tree = Tree::new();
            let path = format!("/{}", self.options.dockerfile);
            tree.insert(&path, Inode::file(bytes, 0o600)).map_err(|e| e.text().to_owned())?;
            Ok(tree)
        });
        match tree.and_then(|t| BuildContext::new(t, &self.options.dockerfile)) {
            Ok(context) => {
                self.progress.done(&id).await?;
                Ok(Rc::new(context))
            }
            Err(e) => {
                self.progress.fail(&id, &e).await?;
                Err(BuildError::new(e))
            }
        }
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

    pub(super) async fn metadata(&mut self, images: &[Wanted], multi: bool) -> Result<Vec<Resolved>, BuildError> {
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
            match base::resolve(&sys, wanted, self.options.pull).await {
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
        self.progress.done(&id).await
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
