//! The reader of audit reports, their judge and their writer: what is read is written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use omega_lock::internals::interop::audit_report::{AuditReport, Writer};
use omega_lock::internals::interop::hash_chain::verify;
use omega_lock::internals::interop::json::{Rules, read};
use omega_lock::internals::report::Page;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = read(bytes, &Rules::PYTHON) else { return };
    let verification = verify(&document);
    for ground in &verification.grounds {
        let _ = ground.to_string();
    }
    let Ok(report) = AuditReport::of(&document.value) else {
        assert!(!verification.holds());
        return;
    };
    let _ = Page::from(&report).text();
    let mut writer = Writer::new(Vec::new(), &report, true).expect("memory takes everything");
    for run in &report.runs {
        writer.row(run).expect("memory takes everything");
    }
    let written = writer.finish(None).expect("memory takes everything");
    let again = read(&written, &Rules::PYTHON).expect("what is written is JSON");
    assert_eq!(verify(&again).first_bad, None);
});
