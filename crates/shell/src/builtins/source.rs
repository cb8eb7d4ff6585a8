//! `.` and `source`.
use std::rc::Rc;

use layerlab_kernel::{Cx, Errno, FileType};

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::{Control, Frame, Shell, SourceKind};

/// How deep scripts may source each other.
const MAX_DEPTH: u32 = 500;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let who = argv.first().map_or(".", String::as_str).to_owned();
    let Some(name) = argv.get(1) else {
        match sh.dialect {
            Dialect::Bash => {
                sh.complain_as(&who, "filename argument required");
                sh.err(format!("{who}: usage: {who} filename [arguments]\n"));
            }
            _ => sh.complain_as(&who, "filename argument required"),
        }
        return 2.into();
    };
    let path = find(sh, cx, name);
    let is_pipe = cx.stat(&path).is_ok_and(|s| s.file_type == FileType::Fifo);
    if is_pipe && let Ok(fd) = cx.open(&path, layerlab_kernel::OpenFlags::READ, 0) {
        // It is read as it comes.
        let high = cx.dup(fd, 10).unwrap_or(fd);
        if high != fd {
            let _ = cx.close(fd);
        }
        sh.dots += 1;
        sh.sources.push(path.as_str().into());
        sh.frames.push(Frame::Dot(None));
        sh.frames.push(Frame::Close(vec![high]));
        sh.push_source(SourceKind::Stdin(high), "", 1);
        return Ran::Quiet;
    }
    let is_dir = cx.stat(&path).is_ok_and(|s| s.file_type == FileType::Dir);
    let content = if is_dir { Err(Errno::EISDIR) } else { sh.read_whole(&path, cx) };
    let bytes = match content {
        Ok(b) if sh.dots < MAX_DEPTH => b,
        r => {
            let e = r.err().unwrap_or(Errno::EMFILE);
            match sh.dialect {
                Dialect::Bash if e == Errno::EISDIR => sh.complain_as(&who, &format!("{name}: is a directory")),
                Dialect::Bash => sh.complain(&format!("{name}: {e}")),
                Dialect::Dash if name.contains('/') => sh.complain_as(
                    &who,
                    &format!("cannot open {name}: {}", if e == Errno::ENOENT { "No such file" } else { e.text() }),
                ),
                Dialect::Dash => sh.complain_as(&who, &format!("{name}: not found")),
                Dialect::Ash if name.contains('/') => sh.complain_as(&who, &format!("can't open '{name}': {e}")),
                Dialect::Ash => sh.complain_as(&who, &format!("{name}: not found")),
            }
            if !sh.dialect.is_bash() {
                sh.jump(Control::Abort);
                return 2.into();
            }
            return 1.into();
        }
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut outer = None;
    if argv.len() > 2 && sh.dialect != Dialect::Dash {
        outer = Some(std::mem::replace(&mut sh.params, Rc::new(argv.iter().skip(2).cloned().collect())));
    }
    sh.dots += 1;
    sh.sources.push(path.as_str().into());
    sh.frames.push(Frame::Dot(outer));
    sh.push_source(SourceKind::File, &text, 1);
    Ran::Quiet
}

fn find(sh: &Shell, cx: &mut Cx<'_>, name: &str) -> String {
    if name.contains('/') {
        return name.to_owned();
    }
    for dir in sh.vars.value("PATH").unwrap_or_default().split(':') {
        let full = format!("{}/{name}", if dir.is_empty() { "." } else { dir });
        if cx.stat(&full).is_ok_and(|s| s.file_type == FileType::File) {
            return full;
        }
    }
    name.to_owned()
}
