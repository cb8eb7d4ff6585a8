//! Where a registry keeps what: the file layout of distribution's `registry/storage/paths.go`, so that
//! a volume at `/var/lib/registry` outlives the container.

use layerlab_kernel::{Errno, Sys};
use layerlab_oci::{Bytes, Digest};

use super::error::RegistryError;
use super::official::{self, Found};
use crate::container::mounts::make_dirs;

/// Where the image `registry` keeps all.
pub(super) const ROOT: &str = "/var/lib/registry/docker/registry/v2";

/// The files of a registry.
#[derive(Clone)]
pub(super) struct Store {
    pub sys: Sys,
    /// Their folder.
    pub root: String,
    /// Repositories below this path are Docker's official images, beside the files.
    pub official: Option<&'static str>,
}

fn failed(e: Errno) -> RegistryError {
    RegistryError::storage(&format!("filesystem: {}", crate::error::lower(e)))
}

/// The two numbers of [`super::serve::NOMINAL`].
pub(super) fn figures(text: &str) -> Option<(u64, u64)> {
    let (compressed, unpacked) = text.split_once(' ')?;
    Some((compressed.parse().ok()?, unpacked.parse().ok()?))
}

impl Store {
    fn blob_folder(&self, digest: &Digest) -> String {
        let hex = digest.hex();
        format!("{}/blobs/sha256/{}/{hex}", self.root, hex.get(..2).unwrap_or_default())
    }

    fn blob_path(&self, digest: &Digest) -> String {
        format!("{}/data", self.blob_folder(digest))
    }

    /// Where it is kept what a blob stands for: the one file that the real layout has not.
    fn nominal_path(&self, digest: &Digest) -> String {
        format!("{}/.nominal", self.blob_folder(digest))
    }

    /// Keeps what a blob stands for.
    pub(super) async fn put_nominal(
        &self,
        digest: &Digest,
        (compressed, unpacked): (u64, u64),
    ) -> Result<(), RegistryError> {
        self.write(&self.nominal_path(digest), format!("{compressed} {unpacked}").into_bytes()).await
    }

    fn repository(&self, name: &str) -> String {
        format!("{}/repositories/{name}", self.root)
    }

    /// The official image that a repository is.
    fn official(&self, name: &str) -> Option<String> {
        let of = self.official?;
        let repo = name.strip_prefix(of).or_else(|| (of == "library/" && name.contains('/')).then_some(name))?;
        official::knows(repo).then(|| repo.to_owned())
    }

    /// Whether a repository is an image that comes with this internet.
    pub(super) fn is_official(&self, name: &str) -> bool {
        self.official(name).is_some()
    }

    async fn write(&self, path: &str, data: Vec<u8>) -> Result<(), RegistryError> {
        let dir = path.rsplit_once('/').map_or("/", |p| p.0);
        make_dirs(&self.sys, dir).await.map_err(|e| RegistryError::storage(&e.message))?;
        self.sys.write_file(path, data, 0o644).await.map_err(failed)
    }

    async fn link(&self, path: &str) -> Option<Digest> {
        let text = self.sys.read_file(&format!("{path}/link")).await.ok()?;
        String::from_utf8_lossy(&text).trim().parse().ok()
    }

    /// A blob's bytes, whatever repository has it.
    pub(super) async fn blob(&self, digest: &Digest) -> Option<Vec<u8>> {
        self.sys.read_file(&self.blob_path(digest)).await.ok()
    }

    /// A blob of a repository, with the figures of what it stands for.
    pub(super) async fn found(&self, name: &str, digest: &Digest) -> Option<Found> {
        if let Some(repo) = self.official(name) {
            return official::blob(&repo, digest);
        }
        let nominal = self.sys.read_file(&self.nominal_path(digest)).await.ok();
        let nominal = nominal.and_then(|text| figures(&String::from_utf8_lossy(&text)));
        Some(Found { bytes: Bytes::new(self.blob(digest).await?), nominal })
    }

    /// Whether a repository has a blob.
    pub(super) async fn has_blob(&self, name: &str, digest: &Digest) -> bool {
        if let Some(repo) = self.official(name) {
            return official::blob(&repo, digest).is_some();
        }
        self.link(&format!("{}/_layers/sha256/{}", self.repository(name), digest.hex())).await.is_some()
    }

    /// Keeps bytes; they are the repository's from now on.
    pub(super) async fn put_blob(&self, name: &str, digest: &Digest, data: Vec<u8>) -> Result<(), RegistryError> {
        self.write(&self.blob_path(digest), data).await?;
        self.link_blob(name, digest).await
    }

    /// A blob of another repository becomes this one's, too.
    pub(super) async fn link_blob(&self, name: &str, digest: &Digest) -> Result<(), RegistryError> {
        let path = format!("{}/_layers/sha256/{}/link", self.repository(name), digest.hex());
        self.write(&path, digest.to_string().into_bytes()).await
    }

    /// The digest that a tag or a digest stands for in a repository.
    pub(super) async fn resolve(&self, name: &str, reference: &str) -> Option<Digest> {
        if let Some(repo) = self.official(name) {
            return match reference.parse::<Digest>() {
                Ok(d) => official::blob(&repo, &d).map(|_| d),
                Err(_) => official::image(&repo, reference).map(|r| r.target.digest),
            };
        }
        let dir = self.repository(name);
        match reference.parse::<Digest>() {
            Ok(d) => self.link(&format!("{dir}/_manifests/revisions/sha256/{}", d.hex())).await,
            Err(_) => self.link(&format!("{dir}/_manifests/tags/{reference}/current")).await,
        }
    }

    /// Keeps a manifest under its digest, and its tag if it comes by one.
    pub(super) async fn put_manifest(
        &self,
        name: &str,
        reference: &str,
        data: Vec<u8>,
    ) -> Result<Digest, RegistryError> {
        let digest = Digest::of(&data);
        self.write(&self.blob_path(&digest), data).await?;
        let (dir, text) = (self.repository(name), digest.to_string());
        let revision = format!("{dir}/_manifests/revisions/sha256/{}/link", digest.hex());
        self.write(&revision, text.clone().into_bytes()).await?;
        if reference.parse::<Digest>().is_err() {
            let tag = format!("{dir}/_manifests/tags/{reference}");
            self.write(&format!("{tag}/index/sha256/{}/link", digest.hex()), text.clone().into_bytes()).await?;
            self.write(&format!("{tag}/current/link"), text.into_bytes()).await?;
        }
        Ok(digest)
    }

    /// Takes a manifest away; its tags with it.
    pub(super) async fn delete_manifest(&self, name: &str, digest: &Digest) -> Result<(), RegistryError> {
        let dir = self.repository(name);
        let link = format!("{dir}/_manifests/revisions/sha256/{}/link", digest.hex());
        self.sys.unlink(&link).await.map_err(failed)?;
        for tag in self.tags(name).await.unwrap_or_default() {
            if self.resolve(name, &tag).await == Some(*digest) {
                let _ = self.sys.unlink(&format!("{dir}/_manifests/tags/{tag}/current/link")).await;
            }
        }
        Ok(())
    }

    /// A repository's tags, sorted; `None`: there is no such repository.
    pub(super) async fn tags(&self, name: &str) -> Option<Vec<String>> {
        if let Some(repo) = self.official(name) {
            return Some(official::tags(&repo));
        }
        let dir = format!("{}/_manifests/tags", self.repository(name));
        let mut tags = Vec::new();
        for e in self.sys.read_dir(&dir).await.ok()? {
            if self.link(&format!("{dir}/{}/current", e.name)).await.is_some() {
                tags.push(e.name);
            }
        }
        Some(tags)
    }

    /// All repositories, sorted.
    pub(super) async fn repositories(&self) -> Vec<String> {
        let root = format!("{}/repositories", self.root);
        let (mut found, mut todo) = (Vec::new(), vec![String::new()]);
        while let Some(at) = todo.pop() {
            for e in self.sys.read_dir(&format!("{root}/{at}")).await.unwrap_or_default() {
                if e.name == "_manifests" {
                    found.push(at.clone());
                } else if !e.name.starts_with('_') {
                    todo.push(if at.is_empty() { e.name } else { format!("{at}/{}", e.name) });
                }
            }
        }
        found.sort();
        found
    }

    fn upload_path(&self, name: &str, id: &str) -> String {
        format!("{}/_uploads/{id}/data", self.repository(name))
    }

    /// The bytes of an upload so far.
    pub(super) async fn upload(&self, name: &str, id: &str) -> Option<Vec<u8>> {
        self.sys.read_file(&self.upload_path(name, id)).await.ok()
    }

    /// Sets the bytes of an upload.
    pub(super) async fn set_upload(&self, name: &str, id: &str, data: Vec<u8>) -> Result<(), RegistryError> {
        self.write(&self.upload_path(name, id), data).await
    }

    /// Ends an upload.
    pub(super) async fn drop_upload(&self, name: &str, id: &str) {
        let path = self.upload_path(name, id);
        let _ = self.sys.unlink(&path).await;
        let _ = self.sys.rmdir(path.rsplit_once('/').map_or("", |p| p.0)).await;
    }
}
