//! Files that are written whole or not at all.
//!
//! Does not ask what is in them. Invariant: a file that was there stays as it was until the new one is complete.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;

use super::interrupt;

/// So many names are tried for a file beside its place; those that are taken are left over from a run that was killed.
const NAMES: u32 = 100;
/// Of a name so many bytes stand in that of the file beside it: most systems take 255.
const LONGEST: usize = 200;

/// A file that is being written beside its place, and put there by [`NewFile::finish`]; dropped or interrupted before
/// that, it leaves nothing.
#[derive(Debug)]
pub(super) struct NewFile {
    writer: BufWriter<File>,
    /// Where it is written, and where it goes; none where the place is no file that could be replaced: a pipe or a device.
    moving: Option<(PathBuf, PathBuf)>,
}

impl NewFile {
    /// A file that will stand at `path`; a link is followed.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let known = fs::metadata(&place).ok();
        if known.as_ref().is_some_and(|known| !known.is_file()) {
            let file = OpenOptions::new().write(true).open(&place)?;
            return Ok(Self { writer: BufWriter::new(file), moving: None });
        }
        let (file, beside) = beside(&place)?;
        let new = Self { writer: BufWriter::with_capacity(1 << 16, file), moving: Some((beside, place)) };
        if let Some(known) = known {
            new.writer.get_ref().set_permissions(kept(new.writer.get_ref(), &known))?;
        }
        Ok(new)
    }

    /// Puts it to its place.
    ///
    /// # Errors
    /// When that cannot be done.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.move_by(|beside, place| fs::rename(beside, place))
    }

    /// Puts it to its place, where there is nothing yet.
    ///
    /// # Errors
    /// When that cannot be done, or something is there.
    pub(super) fn finish_first(&mut self) -> io::Result<()> {
        self.move_by(|beside, place| match fs::hard_link(beside, place) {
            // What cannot hold one file by two names is asked first, which is as good as can be had there.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                if fs::symlink_metadata(place).is_ok() {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                fs::rename(beside, place)
            }
            linked => linked.and_then(|()| fs::remove_file(beside)),
        })
    }

    fn move_by(&mut self, put: impl FnOnce(&Path, &Path) -> io::Result<()>) -> io::Result<()> {
        self.writer.flush()?;
        let Some((beside, place)) = &self.moving else { return Ok(()) };
        self.writer.get_ref().sync_all()?;
        put(beside, place)?;
        interrupt::forget(beside);
        self.moving = None;
        Ok(())
    }

    /// Lets everybody run it, where files are run by permission.
    ///
    /// # Errors
    /// When that cannot be done.
    pub(super) fn executable(&self) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            self.writer.get_ref().set_permissions(fs::Permissions::from_mode(0o755))?;
        }
        Ok(())
    }
}

/// Gives a new file the owner and the group of the one whose place it takes, as far as that is allowed, and returns the permissions that it may have
/// then: they mean others where the group is another.
#[cfg(unix)]
fn kept(new: &File, known: &fs::Metadata) -> fs::Permissions {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let mode = known.mode() & 0o7777;
    // Who may give no files away may still say that they stay with whom they are.
    if fchown(new, Some(known.uid()), Some(known.gid())).is_ok() {
        return fs::Permissions::from_mode(mode);
    }
    // Only the superuser gives files away, but a group that one is in may have them.
    let group_is_kept = fchown(new, None, Some(known.gid())).is_ok();
    let shared = if group_is_kept { mode & 0o070 } else { (mode & 0o007) << 3 };
    fs::Permissions::from_mode(mode & 0o707 | shared)
}

/// The permissions of the one whose place it takes.
#[cfg(not(unix))]
fn kept(_: &File, known: &fs::Metadata) -> fs::Permissions {
    known.permissions()
}

/// A new file in the folder of another: `.NAME.PROCESS-NUMBER.part`, of a long name its beginning.
fn beside(place: &Path) -> io::Result<(File, PathBuf)> {
    let name = beginning(place.file_name().ok_or(io::ErrorKind::InvalidInput)?);
    let mut number = 0;
    loop {
        let mut hidden = OsString::from(".");
        hidden.push(&name);
        hidden.push(format!(".{}-{number}.part", process::id()));
        let path = place.with_file_name(hidden);
        match interrupt::remember(&path, || File::create_new(&path)) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < NAMES => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// So much of a name that with what is put around it the system still takes it.
fn beginning(name: &OsStr) -> Cow<'_, OsStr> {
    if name.len() <= LONGEST {
        return Cow::Borrowed(name);
    }
    let mut text = name.to_string_lossy().into_owned();
    let end = text.char_indices().map(|(at, _)| at).take_while(|&at| at <= LONGEST).last();
    text.truncate(end.unwrap_or(0));
    Cow::Owned(text.into())
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some((beside, _)) = self.moving.take() {
            // Nobody is left to be told.
            let _ = fs::remove_file(&beside);
            interrupt::forget(&beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn the_old_file_stays_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.html");
        fs::write(&path, "old").unwrap();
        let mut broken = NewFile::create(&path).unwrap();
        broken.write_all(b"half").unwrap();
        drop(broken);
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names(folder.path()).len()), ("old", 1));
        let mut whole = NewFile::create(&path).unwrap();
        whole.write_all(b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        whole.finish().unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names(folder.path()).len()), ("new", 1));
    }

    #[test]
    fn what_is_there_already_is_not_written_over_by_a_first_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        let write = |text: &[u8]| {
            let mut file = NewFile::create(&path).unwrap();
            file.write_all(text).unwrap();
            file.finish_first().map_err(|error| error.kind())
        };
        assert_eq!(write(b"first"), Ok(()));
        assert_eq!(write(b"second"), Err(io::ErrorKind::AlreadyExists));
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names(folder.path()).len()), ("first", 1));
    }

    #[test]
    fn a_name_may_be_as_long_as_the_system_takes_it() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a".repeat(255), "\u{e9}".repeat(127), format!("a{}", "\u{1f600}".repeat(63))] {
            let path = folder.path().join(&name);
            for text in ["old", "new"] {
                let mut file = NewFile::create(&path).unwrap();
                file.write_all(text.as_bytes()).unwrap();
                file.finish().unwrap();
                assert_eq!(
                    (fs::read_to_string(&path).unwrap().as_str(), names(folder.path())),
                    (text, vec![name.clone()])
                );
            }
            fs::remove_file(&path).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_so_do_owner_and_group_where_they_may() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        fs::write(&path, "old").unwrap();
        // Only the superuser gives files away; for others this holds what is theirs.
        let _ = chown(&path, Some(65_534), Some(65_534));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
        let before = fs::metadata(&path).unwrap();
        let mut file = NewFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        file.finish().unwrap();
        let after = fs::metadata(&path).unwrap();
        assert_ne!(before.ino(), after.ino());
        assert_eq!((before.uid(), before.gid(), before.mode()), (after.uid(), after.gid(), after.mode()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_what_is_no_file_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let mut file = NewFile::create(&link).unwrap();
        file.write_all(b"new").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        NewFile::create(Path::new("/dev/null")).unwrap().finish().unwrap();
        assert!(NewFile::create(&folder.path().join("nowhere/a")).is_err());
        assert!(NewFile::create(folder.path()).is_err());
    }
}
