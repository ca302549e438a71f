//! The file of a study: what another optimizer left behind, written once and read by whoever judges it.

#![expect(clippy::disallowed_methods, reason = "a test reads how many mutants it is asked for")]

use omega_lock::internals::artifacts::{
    DamageKind, Direction, Distribution, LeftOut, Number, Objective, Ordered, Spelled, StudyEnd, StudyHead,
    StudyReadError, StudyReader, StudySource, StudyTold, StudyTrial, StudyValue, StudyWriter, TrialState,
};
use serde_json::json;

use mutation::{Draws, mutants, mutate};

#[path = "support/mutation.rs"]
mod mutation;

fn ordered<V>(pairs: impl IntoIterator<Item = (&'static str, V)>) -> Ordered<V> {
    Ordered(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn head() -> StudyHead {
    let source = StudySource {
        file: "amp.db".to_owned(),
        sha256: "0".repeat(64),
        tool: "optuna".to_owned(),
        format: "sqlite schema 12".to_owned(),
        study: Some("amp\u{202e}".to_owned()),
    };
    let objective = |name: &str, direction| Objective { name: name.to_owned(), direction };
    let objectives = vec![objective("value", Some(Spelled(Direction::Maximize))), objective("other", None)];
    StudyHead { source, objectives }
}

fn trial(number: u64, state: TrialState) -> StudyTrial {
    let attributes = json!({"z": {"b": 1, "a": [null, "x", 0.5]}, "note": "n", "m": 1.0});
    StudyTrial {
        number,
        state: Spelled(state),
        params: ordered([
            ("z", StudyValue::Text("inf".to_owned())),
            ("a", StudyValue::Float(Number(f64::INFINITY))),
            ("n", StudyValue::Nothing),
            ("i", StudyValue::Int(-3)),
            ("f", StudyValue::Float(Number(3.0))),
            ("b", StudyValue::Bool(false)),
        ]),
        scores: ordered([("value", Number(f64::NAN)), ("other", Number(0.1 + 0.2))]),
        parts: ordered([("value", vec![Number(1.0), Number(f64::NEG_INFINITY)])]),
        constraints: ordered([("c", Number(-0.0))]),
        attributes: attributes.as_object().cloned().unwrap_or_default(),
    }
}

fn end(trials: u64) -> StudyEnd {
    let (low, high) = (Number(1e-3), Number(1.0));
    let int = Distribution::Int { low: 1, high: 9, step: 2, log: false };
    let choices = vec![StudyValue::Text("nan".to_owned()), StudyValue::Float(Number(f64::NAN)), StudyValue::Nothing];
    let parameters = ordered([
        ("f", vec![Distribution::Float { low, high, step: None, log: true }]),
        ("i", vec![int.clone(), Distribution::Int { low: 1, high: 90, step: 1, log: false }]),
        ("z", vec![Distribution::Categorical { choices }]),
    ]);
    let left =
        LeftOut { what: "intermediate values".to_owned(), count: 9, why: "nothing is judged by them".to_owned() };
    StudyEnd { trials, parameters, left_out: vec![left] }
}

fn told() -> StudyTold {
    StudyTold { direction: Some(Spelled(Direction::Maximize)), ..StudyTold::default() }
}

fn trials() -> Vec<StudyTrial> {
    vec![trial(0, TrialState::Complete), trial(7, TrialState::Pruned), trial(8, TrialState::Complete)]
}

fn written() -> (Vec<u8>, String) {
    let mut writer = StudyWriter::new(Vec::new(), &head(), &told()).expect("it is written to memory");
    for trial in trials() {
        writer.trial(trial).expect("it is written");
    }
    let (bytes, anchor) = writer.finish(&end(3)).expect("it is written");
    assert_eq!(anchor.rows, 5);
    (bytes, anchor.head)
}

/// Reads to the end or to what is wrong.
fn read(bytes: &[u8]) -> Result<(StudyHead, Vec<StudyTrial>, StudyEnd, String), StudyReadError> {
    let mut reader = StudyReader::new(bytes)?;
    let mut trials = Vec::new();
    while let Some(trial) = reader.next_trial()? {
        trials.push(trial);
    }
    assert!(reader.next_trial()?.is_none(), "and none again");
    let end = reader.end().expect("it was read").clone();
    Ok((reader.head().clone(), trials, end, reader.anchor().head))
}

/// The same bodies, chained anew.
fn chained(bodies: &[Vec<u8>]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let mut head = String::new();
    let mut bytes = Vec::new();
    for body in bodies {
        let digest = Sha256::new().chain_update(&head).chain_update(b"\n").chain_update(body).finalize();
        head = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        bytes.extend([b"{\"h\":\"", head.as_bytes(), b"\",\"b\":", body, b"}\n"].concat());
    }
    bytes
}

fn bodies(bytes: &[u8]) -> Vec<Vec<u8>> {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| line[76..line.len() - 2].to_vec()).collect()
}

fn damage(bytes: &[u8]) -> (u64, DamageKind) {
    match read(bytes) {
        Err(StudyReadError::Damage(damage)) => (damage.row, damage.kind),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_written_comes_back_and_is_written_again_as_the_same_bytes() {
    let (bytes, digest) = written();
    let (found, read_trials, read_end, read_digest) = read(&bytes).expect("it is whole");
    assert_eq!((found, &read_trials, read_end, &read_digest), (head(), &trials(), end(3), &digest));
    assert_eq!(StudyReader::new(bytes.as_slice()).expect("it is whole").told(), &told());
    assert_eq!(written(), (bytes.clone(), digest));
    let text = String::from_utf8(bytes.clone()).expect("it is text");
    assert!(text.contains("\"z\":\"inf\",\"a\":{\"number\":\"inf\"},\"n\":null,\"i\":-3,\"f\":3.0"), "{text}");
    assert_eq!(chained(&bodies(&bytes)), bytes, "the chain is that of a trail");
}

#[test]
fn an_edit_a_cut_and_a_row_that_was_moved_are_damage_in_the_row_where_they_are() {
    let (bytes, _) = written();
    let rows: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let text = String::from_utf8(bytes.clone()).expect("it is text");
    let edited = text.replacen("\"number\":7", "\"number\":9", 1);
    assert_eq!(damage(edited.as_bytes()), (2, DamageKind::Digest));
    assert_eq!(damage(&bytes[..bytes.len() - 1]), (4, DamageKind::Torn));
    assert_eq!(damage(&rows[..4].concat()), (4, DamageKind::Unended));
    assert_eq!(damage(&[rows[0], rows[2], rows[1], rows[3], rows[4]].concat()), (1, DamageKind::Digest));
    assert_eq!(damage(&[&bytes, rows[4]].concat()), (5, DamageKind::Order("nothing behind the end row")));
    assert_eq!(damage(b""), (0, DamageKind::Empty));
    assert_eq!(damage(b"{}\n"), (0, DamageKind::Frame));
}

#[test]
fn rows_chained_anew_are_damage_where_they_contradict_each_other() {
    let bodies = bodies(&written().0);
    let with = |index: usize, from: &str, to: &str| {
        let mut bodies = bodies.clone();
        let body = String::from_utf8(bodies[index].clone()).expect("it is text");
        assert!(body.contains(from), "{body}");
        bodies[index] = body.replacen(from, to, 1).into_bytes();
        chained(&bodies)
    };
    let body_of = |bytes: &[u8]| match damage(bytes) {
        (row, DamageKind::Body(reason)) => (row, reason),
        other => panic!("{other:?}"),
    };
    assert_eq!(damage(&with(4, "\"rows\":5", "\"rows\":6")), (4, DamageKind::Count { said: 6, found: 5 }));
    assert_eq!(body_of(&with(4, "\"complete\":2", "\"complete\":3")).0, 4);
    assert_eq!(body_of(&with(2, "\"state\":\"pruned\"", "\"state\":\"complete\"")).0, 4);
    assert!(body_of(&with(1, "\"state\":\"complete\"", "\"state\":\"won\"")).1.contains("`won` is none of"));
    assert!(read(&with(1, "\"f\":3.0", "\"f\":30e-1")).is_ok(), "another spelling is another digest, and no damage");
    assert!(body_of(&with(1, "\"number\":0", "\"nummer\":0")).1.contains("nummer"));
    assert!(body_of(&with(1, "\"z\":\"inf\"", "\"a\":\"inf\"")).1.contains("`a` occurs twice"));
    let orders = [chained(&bodies[1..]), chained(&[&bodies[..2], &bodies[..]].concat())];
    assert_eq!(orders.map(|bytes| damage(&bytes).0), [0, 2]);
}

#[test]
fn another_version_of_the_format_is_refused_by_its_name() {
    let mut bodies = bodies(&written().0);
    bodies[0] = br#"{"study":{"schema_version":"omega-lock.study.v2","what":1}}"#.to_vec();
    let Err(StudyReadError::Version(found)) = read(&chained(&bodies)) else { panic!("it is refused") };
    assert_eq!(found, "omega-lock.study.v2");
}

#[test]
fn a_writer_that_was_given_other_trials_than_were_counted_says_so() {
    let mut writer = StudyWriter::new(Vec::new(), &head(), &told()).expect("it is written to memory");
    writer.trial(trial(0, TrialState::Failed)).expect("it is written");
    assert!(writer.finish(&end(2)).is_err());
}

#[test]
fn a_trial_that_no_reader_would_take_is_not_written() {
    let mut writer = StudyWriter::new(Vec::new(), &head(), &told()).expect("it is written to memory");
    let mut large = trial(5, TrialState::Complete);
    large.attributes.insert("log".to_owned(), "x".repeat(17 << 20).into());
    let error = writer.trial(large).expect_err("it is too large").to_string();
    assert!(error.contains("trial 5") && error.contains("16777216"), "{error}");
}

#[test]
fn a_study_changed_at_random_ends_with_what_is_wrong_and_no_change_is_accepted() {
    let (whole, _) = written();
    let mut draws = Draws(15);
    for _ in 0..mutants() / 10 {
        let mut mutant = whole.clone();
        mutate(&mut mutant, &mut draws);
        assert!(mutant == whole || read(&mutant).is_err(), "{}", String::from_utf8_lossy(&mutant));
    }
    let bodies = bodies(&whole);
    let mut accepted = 0;
    for turn in 0..mutants() / 10 {
        let mut bodies = bodies.clone();
        let index = turn % bodies.len();
        mutate(&mut bodies[index], &mut draws);
        if let Ok((found, trials, counted, _)) = read(&chained(&bodies)) {
            accepted += 1;
            let mut writer = StudyWriter::new(Vec::new(), &found, &StudyTold::default()).expect("it is written");
            trials.into_iter().for_each(|trial| writer.trial(trial).expect("what was read is written"));
            writer.finish(&counted).expect("what was read is written");
        }
    }
    assert!(accepted > 0, "some changes, such as another digit, leave a study");
}
