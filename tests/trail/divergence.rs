//! Trails that do not fit the run that finds them.

use std::sync::atomic::{AtomicU64, Ordering};

use omega_lock::internals::artifacts::{Binary, RunLock, Start, TrailFile, keep_binary};
use omega_lock::internals::audit::{AuditedEvaluator, Subject};
use omega_lock::internals::objective::{Context, Evaluator, Phase};
use omega_lock::prelude::*;

use crate::calibration::{bodies, chained, declaration, interrupted, run_declaration, starts, trail, uninterrupted};

pub(crate) fn set_aside() {
    let (whole, _) = uninterrupted();
    let half = &whole[..starts(&whole)[40]];
    let mut stricter = declaration();
    stricter.config.thresholds.pearson_min = 0.5;
    for (changed, build, reason) in [
        (stricter, "this build", "the declaration had `gates.pearson_min = 0.3` and has `gates.pearson_min = 0.5`"),
        (declaration(), "another build", "the test binary was rebuilt since"),
    ] {
        let folder = interrupted(half);
        let path = camino::Utf8Path::from_path(folder.path()).expect("UTF-8");
        let lock = RunLock::take(path, |_| ()).expect("the lock");
        let start = Start { declaration: &changed, binary: &Binary::known_as(build), fresh: None };
        let opened = TrailFile::open(&lock, start).expect("a new trail");
        let notice = opened.notice().expect("it is said").to_owned();
        drop((opened, lock));
        assert!(notice.contains(reason) && notice.contains("trail-aside-1.jsonl"), "{notice}");
        assert_eq!(std::fs::read(path.join("trail-aside-1.jsonl")).expect("set aside"), half);
        run_declaration(folder.path(), &changed, build, 1, &|_| ()).expect("the run finishes");
    }
    // What another version left is no damage.
    let older = [bodies(half)[0].to_vec()].map(|header| String::from_utf8(header).expect("UTF-8").replace("v2", "v1"));
    let folder = interrupted(&chained(&older.map(String::into_bytes)));
    let path = camino::Utf8Path::from_path(folder.path()).expect("UTF-8");
    let lock = RunLock::take(path, |_| ()).expect("the lock");
    let declared = declaration();
    let opened =
        TrailFile::open(&lock, Start { declaration: &declared, binary: &Binary::known_as("this build"), fresh: None });
    let notice = opened.expect("a new trail").notice().expect("it is said").to_owned();
    assert!(notice.contains("the format is `omega-lock.trail.v1`"), "{notice}");
    drop(lock);
    // A fresh run may be asked for.
    let folder = interrupted(half);
    let path = camino::Utf8Path::from_path(folder.path()).expect("UTF-8");
    let lock = RunLock::take(path, |_| ()).expect("the lock");
    let fresh = declaration();
    let opened = TrailFile::open(
        &lock,
        Start {
            declaration: &fresh,
            binary: &Binary::known_as("this build"),
            fresh: Some("a fresh run was asked for"),
        },
    );
    let opened = opened.expect("a new trail");
    assert!(opened.notice().is_some_and(|notice| notice.ends_with("a fresh run was asked for")));
    drop(opened);
    assert_eq!(starts(&trail(folder.path())).len(), 2, "the header alone");
}

/// Two builds of one size and one time are two builds: an image or an archive gives all files the same time.
pub(crate) fn same_size_and_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = camino::Utf8PathBuf::try_from(folder.path().join(name)).expect("UTF-8");
        std::fs::write(&path, text).expect("a file");
        let file = std::fs::File::options().write(true).open(&path).expect("the file");
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("its time");
        Binary::of(path)
    };
    let (old, new) = (file("old", "margin < 50"), file("new", "margin < 60"));
    let (whole, _) = uninterrupted();
    let half = &whole[..starts(&whole)[40]];
    for (binary, expected) in [(&new, "the test binary was rebuilt since"), (&old, "is continued behind")] {
        let run = interrupted(half);
        let path = camino::Utf8Path::from_path(run.path()).expect("UTF-8");
        keep_binary(path, old.digest().expect("it can be read")).expect("it is written");
        let lock = RunLock::take(path, |_| ()).expect("the lock");
        let declared = declaration();
        let opened = TrailFile::open(&lock, Start { declaration: &declared, binary, fresh: None }).expect("a trail");
        let notice = opened.notice().expect("it is said").to_owned();
        assert!(notice.contains(expected), "{notice}");
    }
}

/// Proposes other parameters each time it is asked.
pub(crate) fn refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = camino::Utf8Path::from_path(folder.path()).expect("UTF-8");
    let declared = declaration();
    let target = FnTarget::new(declared.space.clone(), |params| Ok(Evaluation::new(params.float("x")?)));
    let calls = AtomicU64::new(0);
    let propose = |xs: &[f64]| {
        let lock = RunLock::take(path, |_| ()).expect("the lock");
        let start = Start { declaration: &declared, binary: &Binary::known_as("this build"), fresh: None };
        let mut trail = TrailFile::open(&lock, start).expect("a trail");
        let mut evaluator =
            AuditedEvaluator::new(Subject::Serial(&target), &declared.constraints, &mut trail).expect("an evaluator");
        let proposals: Vec<Params> =
            xs.iter().map(|x| declared.space.neutral().with("x", *x).expect("x is a parameter")).collect();
        let context = Context::new(Role::Train, Phase::Search);
        let outcome = evaluator.evaluate_batch(context, &proposals, &mut |_, _| {
            calls.fetch_add(1, Ordering::Relaxed);
            Ok(())
        });
        outcome.map(|outcomes| outcomes.len()).map_err(|halt| halt.to_string())
    };
    assert_eq!(propose(&[0.0, 0.5, 1.0]), Ok(3));
    assert_eq!(propose(&[0.0, 0.5]), Ok(2), "what was recorded is read");
    let refused = propose(&[0.0, 0.25, 1.0]).expect_err("another proposal");
    let params = "{x: 0.25, y: -1.0, n: 3, b: false";
    assert!(refused.starts_with(&format!("evaluation 1 is to be train search {params}")), "{refused}");
    assert!(refused.contains("has train search {x: 0.5, y: -1.0"), "{refused}");
}

pub(crate) fn no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let trail = folder.path().join("trail.jsonl");
    std::fs::create_dir(&trail).expect("a folder in its place");
    let refused = crate::calibration::run(folder.path()).expect_err("a folder is no trail");
    assert!(refused.contains("is not a regular file"), "{refused}");
    #[cfg(unix)]
    {
        std::fs::remove_dir(&trail).expect("it is empty");
        std::os::unix::fs::symlink("/dev/zero", &trail).expect("a link");
        let refused = crate::calibration::run(folder.path()).expect_err("nor is a link");
        assert!(refused.contains("is not a regular file"), "{refused}");
    }
}
