//! What git knows of whoever works here: the user's name, and who owns the repository that this one is sent to.
//!
//! Runs no git: its config is a text file. Invariant: what the file includes is not read.

use std::fs;
use std::path::{Path, PathBuf};

use super::proposal::Proposal;
use super::read;

/// Adds what the config of the repository at `root`, and then that of the user, says.
pub(super) fn ask(root: &Path, shown: &dyn Fn(&Path) -> String, of_user: &[PathBuf], proposal: &mut Proposal) {
    let own = config_of(root);
    for path in own.iter().chain(of_user) {
        let Some(text) = read(path) else { continue };
        let from = if of_user.contains(path) { "the git config of the user".to_owned() } else { shown(path) };
        for (section, key, value) in entries(&text) {
            match (section.as_str(), key.as_str()) {
                ("user", "name") => proposal.name(&value, &format!("user.name in {from}")),
                ("remote \"origin\"", "url") => owner(&value, &format!("the remote origin in {from}"), proposal),
                _ => {}
            }
        }
    }
}

/// The config file of a repository, also of one that is another's worktree.
fn config_of(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git.join("config"));
    }
    let pointer = read(&git)?;
    let folder = root.join(pointer.trim().strip_prefix("gitdir:")?.trim());
    let common =
        read(&folder.join("commondir")).map_or_else(|| folder.clone(), |common| folder.join(common.trim()));
    fs::canonicalize(common).ok().map(|common| common.join("config"))
}

/// Section, key and value of each entry; names of sections and keys in lower case, but for what is in quotes.
fn entries(text: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            let (name, rest) = header.split_once(' ').unwrap_or((header, ""));
            section = format!("{} {rest}", name.to_ascii_lowercase()).trim().to_owned();
        } else if let Some((key, value)) = line.split_once('=')
            && !line.starts_with(['#', ';'])
        {
            let value = value.trim();
            let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
            found.push((section.clone(), key.trim().to_ascii_lowercase(), value.to_owned()));
        }
    }
    found
}

/// The owner of `git@host:owner/name.git`, `https://host/owner/name` and the like.
fn owner(url: &str, from: &str, proposal: &mut Proposal) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    let mut parts = rest.splitn(2, [':', '/']);
    let (Some(host), Some(path)) = (parts.next(), parts.next()) else { return };
    // A port is no owner.
    let path = path.trim_start_matches(|next: char| next.is_ascii_digit()).trim_matches('/');
    let Some((owner, _)) = path.split_once('/') else { return };
    if host.contains('.') {
        proposal.handle(owner, from);
        proposal.domain(&format!("https://{host}/{owner}"), from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: usize) {
        let mut proposal = Proposal::default();
        owner(url, "x", &mut proposal);
        let text = proposal.fill("handles = []\ndomains = []\n");
        assert_eq!(proposal.count(), expected, "{url}: {text}");
        let good = text.contains("\"@samrivers\"") && text.contains("\"git.example.dev/samrivers\"");
        assert!(expected == 0 || good, "{url}: {text}");
    }

    #[test]
    fn the_owner_of_a_remote_is_told_by_its_address() {
        check("git@git.example.dev:samrivers/kiln.git", 2);
        check("https://git.example.dev/samrivers/kiln", 2);
        check("https://user:secret@git.example.dev/samrivers/kiln.git", 2);
        check("ssh://git@git.example.dev:2222/samrivers/kiln.git", 2);
        check("../kiln.git", 0);
        check("/srv/git/kiln.git", 0);
        check("", 0);
    }

    #[test]
    fn entries_know_their_section() {
        let found = entries("[User]\n\tName = \"Sam Rivers\"\n# name = x\n[remote \"origin\"]\n url = a=b\n");
        let found: Vec<_> = found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
        assert_eq!(found, [("user", "name", "Sam Rivers"), ("remote \"origin\"", "url", "a=b")]);
    }
}
