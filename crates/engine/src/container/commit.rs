//! `POST /commit`: an image from a container's writable layer.

use layerlab_api::IdResponse;
use layerlab_api::container::Config as ContainerConfig;
use layerlab_oci::{Config, Digest, History, ImageConfig};

use super::{Container, Status, stop};
use crate::build::export;
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::image::{changes, import, layer, unpack};

/// Makes the image; the container is paused meanwhile unless told otherwise.
///
/// # Errors
/// No such container; the name or a change is none.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let name = cx.param("container").to_owned();
    let list: Vec<String> = cx.request.query.all("changes").map(str::to_owned).collect();
    let given: Option<ContainerConfig> = optional(&cx.body().await?)?;
    let container = cx.with(|s| s.container(&name).cloned())??;
    let reference = import::name_of(cx.param("repo"), cx.param("tag"))?;
    let pause = (cx.param("pause").is_empty() || cx.flag("pause")) && container.status == Status::Running;
    if pause {
        stop::freeze(&cx.sys, &container.id, true).await?;
    }
    let made = make(cx, &container, given, &list, reference.as_ref()).await;
    if pause {
        stop::freeze(&cx.sys, &container.id, false).await?;
    }
    let id = made?;
    let at = cx.now();
    let shown = reference.map(|r| r.familiar()).unwrap_or_default();
    cx.with(|s| {
        s.container_event(
            at,
            "commit",
            &container.id,
            &[("comment", cx.param("comment")), ("imageID", &id.to_string()), ("imageRef", &shown)],
        );
    })?;
    cx.json(201, &IdResponse { id: id.to_string() }).await
}

fn optional(body: &[u8]) -> Result<Option<ContainerConfig>, ApiError> {
    let blank = body.iter().all(u8::is_ascii_whitespace) || matches!(body.trim_ascii(), b"null" | b"{}");
    if blank { Ok(None) } else { Ok(Some(serde_json::from_slice(body)?)) }
}

async fn make(
    cx: &Context,
    container: &Container,
    given: Option<ContainerConfig>,
    list: &[String],
    reference: Option<&layerlab_oci::Reference>,
) -> Result<Digest, ApiError> {
    let fs = container.rootfs.ok_or_else(|| ApiError::internal("container has no root file system"))?;
    let tree = cx.sys.fs_tree(fs).await?;
    let now = cx.now();
    let (author, comment) = (cx.param("author").to_owned(), cx.param("comment").to_owned());
    cx.with(|s| {
        let base = unpack::container_base(s, &container.layers).map_err(ApiError::internal)?;
        let new = layer::from_changes(&tree.diff(&base), now.secs);
        let of = container.manifest.as_ref().map(|m| m.digest);
        let image = container.image_id.0.and_then(|id| s.images.images.get(&id));
        let parent = image.and_then(|i| i.all().find(|v| of.is_none_or(|d| v.manifest.digest == d)));
        let parent = parent.map(|i| i.config.clone());
        let mut config: ImageConfig = parent.unwrap_or_else(|| ImageConfig {
            architecture: "amd64".to_owned(),
            os: "linux".to_owned(),
            rootfs: layerlab_oci::RootFs::new(container.layers.clone()),
            ..ImageConfig::default()
        });
        config.config = image_config(given.as_ref().unwrap_or(&container.config));
        changes::apply(&mut config.config, list)?;
        config.author.clone_from(&author);
        config.created = Some(now);
        config.rootfs.diff_ids.push(new.info.diff_id);
        let mut command = vec![container.path.clone()];
        command.extend(container.args.iter().cloned());
        config.history.push(History {
            created: Some(now),
            created_by: command.join(" "),
            author,
            comment,
            empty_layer: false,
        });
        s.add_layer(&new);
        let exported = export::export_one(s, &config).map_err(ApiError::internal)?;
        export::take(s, exported, &reference.cloned().into_iter().collect::<Vec<_>>(), now).map_err(ApiError::internal)
    })?
}

/// What of a container's settings belongs to an image.
fn image_config(c: &ContainerConfig) -> Config {
    let list = |v: &Option<Vec<String>>| v.clone().unwrap_or_default();
    Config {
        user: c.user.clone(),
        exposed_ports: c.exposed_ports.clone().unwrap_or_default().0,
        env: list(&c.env),
        entrypoint: list(&c.entrypoint),
        cmd: list(&c.cmd),
        volumes: c.volumes.clone().unwrap_or_default().0,
        working_dir: c.working_dir.clone(),
        labels: c.labels.clone().unwrap_or_default(),
        stop_signal: c.stop_signal.clone(),
        args_escaped: c.args_escaped,
        healthcheck: c.healthcheck.as_ref().map(|h| layerlab_oci::Healthcheck {
            test: h.test.clone().unwrap_or_default(),
            interval: h.interval,
            timeout: h.timeout,
            start_period: h.start_period,
            start_interval: h.start_interval,
            retries: h.retries,
        }),
        on_build: list(&c.on_build),
        shell: list(&c.shell),
    }
}
