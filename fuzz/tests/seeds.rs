//! Every target over all of its seeds, for machines that do not fuzz: what a test knows must hold here too.

use std::path::Path;
use std::process::Command;

/// What takes any bytes, and panics where something does not hold.
type Target = fn(&[u8]);

#[test]
fn what_must_hold_holds_of_all_seeds() {
    let targets: [(&str, Target); 22] = [
        ("archives", selfless_fuzz::archives),
        ("config", selfless_fuzz::config),
        ("csv", selfless_fuzz::csv),
        ("directives", selfless_fuzz::directives),
        ("encodings", selfless_fuzz::encodings),
        ("fixes", selfless_fuzz::fixes),
        ("front_matter", selfless_fuzz::front_matter),
        ("html", selfless_fuzz::html),
        ("json", selfless_fuzz::json),
        ("jsonl", selfless_fuzz::jsonl),
        ("lint", selfless_fuzz::lint),
        ("markdown", selfless_fuzz::markdown),
        ("mojibake", selfless_fuzz::mojibake),
        ("packs", selfless_fuzz::packs),
        ("phrases", selfless_fuzz::phrases),
        ("rules", selfless_fuzz::rules),
        ("text", selfless_fuzz::text),
        ("tokens", selfless_fuzz::tokens),
        ("toot", selfless_fuzz::toot),
        ("tsv", selfless_fuzz::tsv),
        ("tweet", selfless_fuzz::tweet),
        ("yaml", selfless_fuzz::yaml),
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("seeds");
    let made = Command::new("python3").arg(root.join("seeds.py")).arg(&folder).status();
    assert!(made.expect("python3 runs").success());
    let bins = std::fs::read_dir(root.join("fuzz_targets")).expect("targets").count();
    assert_eq!(bins, targets.len(), "a target is missing here");
    for (name, target) in targets {
        let seeds = std::fs::read_dir(folder.join(name)).expect("a folder a target");
        let mut count = 0;
        for seed in seeds {
            let path = seed.expect("a seed").path();
            println!("{}", path.display());
            target(&std::fs::read(path).expect("a seed"));
            count += 1;
        }
        assert!(count > 10, "{name} has {count} seeds");
    }
}
