//! What a row says and what it leaves out.

use omega_lock::internals::artifacts::{Binary, DamageKind, Start, TrailBody, TrailFile, TrailReader};
use omega_lock::internals::audit::{Row, Trail};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run};
use serde_json::Value as Json;

use crate::calibration::{bodies, chained, declaration, lock, remembered, trail, uninterrupted};
use crate::edit::damage;

fn evaluations(trail: &[u8]) -> Vec<Row> {
    let mut reader = TrailReader::new(trail);
    let mut rows = Vec::new();
    while let Some(body) = reader.next_body().expect("it is whole") {
        if let TrailBody::Evaluation(row) = body {
            rows.push(row);
        }
    }
    rows
}

/// As a text, because a NaN is no other's equal. Attachments lie beside the trail, and in memory beside nothing.
fn shown(row: &Row) -> String {
    format!("{:?} {:?} {:?}", row.context, row.params, row.outcome)
}

pub(crate) fn as_in_memory() {
    let (whole, _) = uninterrupted();
    let mut memory = Trail::new();
    remembered(&declaration(), &mut memory).expect("the run finishes");
    let read: Vec<String> = evaluations(&whole).iter().map(shown).collect();
    let kept: Vec<String> = memory.rows().iter().map(shown).collect();
    assert_eq!(read.len(), kept.len());
    for (read, kept) in read.iter().zip(&kept) {
        assert_eq!(read, kept);
    }
    assert!(memory.rows().iter().any(|row| row.outcome.evaluation().is_some_and(|told| told.blocks.len() == 3)));
}

pub(crate) fn what_moves() {
    let (whole, _) = uninterrupted();
    let bodies: Vec<Json> = bodies(&whole).iter().map(|body| serde_json::from_slice(body).expect("JSON")).collect();
    let names = |body: &Json| body["params"].as_object().map_or_else(Vec::new, |told| told.keys().cloned().collect());
    assert_eq!(names(&bodies[1]).len(), 5, "the first evaluation tells every parameter");
    assert_eq!(names(&bodies[2]), ["x"], "a perturbation tells the one that it moves");
    for (body, row) in bodies[2..].iter().zip(&evaluations(&whole)[1..]) {
        assert_eq!(row.params.len(), 5, "a reader hands out all of them");
        for (name, value) in body["params"].as_object().into_iter().flatten() {
            assert_ne!(*value, bodies[1]["params"][name], "{body}");
        }
    }
    assert_eq!(bodies[1]["blocks"][1], "nan");
    let apart = bodies.iter().find(|body| body["failure"]["kind"] == "not_applicable").expect("a corner is cut off");
    assert_eq!(apart["failure"]["reason"], "this corner is cut off");
}

pub(crate) fn one_spelling() {
    let (whole, _) = uninterrupted();
    let bodies = bodies(&whole);
    let perturbed = String::from_utf8(bodies[2].to_vec()).expect("UTF-8");
    let told = perturbed.find("\"params\":{\"x\":").expect("a perturbation of x");
    let end = told + perturbed[told..].find('}').expect("it ends") + 1;
    let with = |params: &str| {
        let row = format!("{}{params}{}", &perturbed[..told], &perturbed[end..]);
        damage(&chained(&[bodies[0].to_vec(), bodies[1].to_vec(), row.into_bytes()]))
    };
    assert_eq!(with(&perturbed[told..end]), None);
    assert_eq!(with("\"params\":{\"x\":1.0,\"n\":4}"), None);
    let spelt_otherwise = [
        "\"params\":{}",
        "\"params\":{\"x\":0.5}",
        "\"params\":{\"x\":1.0,\"y\":-1.0}",
        "\"params\":{\"n\":4,\"x\":1.0}",
        "\"params\":{\"x\":1.00}",
    ];
    for params in spelt_otherwise {
        let found = with(params).unwrap_or_else(|| panic!("{params} is accepted"));
        assert_eq!(found.row, 2, "{params}");
        assert!(found.to_string().contains("as no version of this tool writes it"), "{params}: {found}");
    }
    let refused = |params: &str| match with(params).map(|found| found.kind) {
        Some(DamageKind::Body(reason)) => reason,
        found => panic!("{params}: {found:?}"),
    };
    assert_eq!(refused("\"params\":{\"z\":1.0}"), "the first evaluation has no `z`");
    assert!(refused("\"params\":{\"x\":1.0,\"x\":1.0}").starts_with("`x` occurs twice"));
    assert_eq!(refused("\"params\":{\"x\":null}"), "a parameter is null, expected a number, true, false or a text");
}

pub(crate) fn of_another_version() {
    let (whole, _) = uninterrupted();
    let header = String::from_utf8(bodies(&whole)[0].to_vec()).expect("UTF-8");
    let older = header.replace("omega-lock.trail.v2", "omega-lock.trail.v1");
    let found = damage(&chained(&[older.into_bytes()])).expect("it is refused").to_string();
    assert!(found.contains("`omega-lock.trail.v1`") && found.contains("`omega-lock.trail.v2`"), "{found}");
}

/// The rows that docs/trail.md shows are rows of this run.
pub(crate) fn documented() {
    let space = ParamSpace::new().int("fast", 1..=40, 10).int("slow", 10..=80, 30).float("stop", 0.0..=0.5, 0.25);
    let target = FnTarget::new(space, |params| {
        let (fast, slow, stop) = (params.int("fast")?, params.int("slow")?, params.float("stop")?);
        if fast >= slow {
            return Err(TargetError::not_applicable(format!("fast {fast} >= slow {slow}")));
        }
        let years = [2, 4, 6, 8].map(|cost| (slow - fast - cost) as f64 / 4.0).to_vec();
        let mean = years.iter().sum::<f64>() / 4.0;
        Ok(Evaluation::new(mean).samples(250).blocks(years).with_metric("drawdown", 2.0 * stop))
    });
    let declaration = Declaration {
        config: RunConfig { search: SearchMethod::Grid { points_per_axis: 3 }, unlock_k: 2, ..RunConfig::reference() },
        constraints: vec![Constraint::below("drawdown", "metadata.drawdown", 0.55)],
        ..Declaration::of("averages", &target)
    };
    let folder = tempfile::tempdir().expect("a folder");
    let start = Start { declaration: &declaration, binary: &Binary::known_as("this build"), fresh: Some("asked for") };
    let mut file = TrailFile::open(&lock(folder.path()), start).expect("a trail");
    let outcome = Run::of(&declaration).train(&target).record(&mut file).run().expect("a verdict");
    file.end(Ok(&outcome.verdict)).expect("it can be written");
    let whole = trail(folder.path());
    let written: Vec<&str> = bodies(&whole).iter().map(|body| std::str::from_utf8(body).expect("UTF-8")).collect();
    let page = include_str!("../../docs/trail.md");
    let shown = page.split("```json\n").nth(1).and_then(|rest| rest.split("\n```").next()).expect("rows are shown");
    let mut rest = written.iter();
    for row in shown.lines() {
        assert!(
            rest.any(|written| *written == row),
            "{row}\nis no row, or not in this order, of\n{}",
            written.join("\n")
        );
    }
    assert!(shown.lines().count() > 3);
}
