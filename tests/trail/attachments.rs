//! Attachments beside the trail.

use omega_lock::internals::artifacts::{TrailBody, TrailReader};
use omega_lock::internals::objective::Content;

use crate::calibration::{declaration, run, run_declaration, trail};

pub(crate) fn kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut declared = declaration();
    declared.config.keep_attachments = true;
    run_declaration(folder.path(), &declared, "this build", 2, &|_| ()).expect("the run finishes");
    let bytes = trail(folder.path());
    let mut reader = TrailReader::new(bytes.as_slice());
    let mut seen = 0;
    while let Some(body) = reader.next_body().expect("the trail is whole") {
        let TrailBody::Evaluation(row) = body else { continue };
        for attachment in &row.attachments {
            let Content::Kept { sha256, size } = &attachment.content else { panic!("{attachment:?}") };
            let text = std::fs::read_to_string(folder.path().join("attachments").join(sha256)).expect("it is kept");
            assert_eq!(text, format!("x {}\n", row.params.float("x").expect("x is a parameter")));
            assert_eq!((attachment.name.as_str(), *size), ("log.txt", text.len() as u64));
            seen += 1;
        }
        assert_eq!(row.attachments.len(), usize::from(row.outcome.result.is_ok()));
    }
    assert!(seen > 50, "{seen}");
    let files = std::fs::read_dir(folder.path().join("attachments")).expect("a folder").count();
    assert!(files < 20, "{files} files: the same bytes are kept once");
    // printf 'x 1\n' | sha256sum
    let digest = "cf2b185dd6e451411e3c4075f635039e54f27ec05da0ad20a6389370b3d4ce16";
    assert!(folder.path().join("attachments").join(digest).exists(), "named by its digest");
}

pub(crate) fn dropped() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path()).expect("the run finishes");
    assert!(!folder.path().join("attachments").exists());
    assert!(!String::from_utf8_lossy(&trail(folder.path())).contains("log.txt"));
}
