//! Keys of what a run is held against in the repository.

use crate::declaration::class::Class::{Moves, Up, Welcome, Words};
use crate::declaration::key::{Key, spread, store};
use crate::declaration::plain::{Holds, Plain, Shape};
use crate::declaration::{BaseOrigin, Better, Declaration, Requirement, Tolerance};
use crate::objective::Role;
use crate::words::Word;

/// What the distances of a tolerance depend on.
const EXACT: (&str, &[&str]) = ("tolerance.<metric>.exact", &["false"]);

/// A search of ten years ago says nothing of what runs today.
const MOST_DAYS: f64 = 3650.0;

pub(super) fn keys() -> Vec<Key> {
    let whether = Words(&["off", "required"]);
    let rows: Vec<Key> = rows! {
        "lock", whether, acceptance.lock, "whether the declaration has to be the one in omega.lock";
        "gold", whether, acceptance.gold, "whether the result has to be the one in the gold file";
        // Another folder holds other accepted values.
        "gold_dir", Moves, acceptance.gold_dir, "folder of the gold files, relative to the workspace; said once, for all"
            => not_in_file();
        "anchor", Words(&["report", "exact"]), acceptance.anchor,
            "what another trail than gold's means: it is told, or the run fails";
    };
    rows.into_iter().chain(silent()).collect()
}

/// Fields that are there where they are declared, so that they change no declaration that is silent about them.
fn silent() -> Vec<Key> {
    vec![
        spread(
            "base",
            Shape::Word(vec![BaseOrigin::Accepted.name()]),
            Moves,
            "the baseline is the candidate that gold accepts; omega.lock holds which one that is",
            |d, sink| {
                if d.acceptance.base == BaseOrigin::Accepted {
                    sink("", Plain::from(BaseOrigin::Accepted.name()));
                }
            },
        )
        .put_with(|d, _, plain| store(&mut d.acceptance.base, plain))
        .rule(|d| {
            let both = [d.acceptance.lock, d.acceptance.gold] == [Requirement::Required; 2];
            (!both && d.acceptance.base == BaseOrigin::Accepted).then(|| {
                "`lock` and `gold` to be \"required\": gold has the candidate, and omega.lock keeps it in place".to_owned()
            })
        })
        .of_search(),
        spread(
            "walk_forward.consultations",
            Shape::Switch,
            Words(&["false", "true"]),
            "strict: count the questions to the test slice; the j-th has to reach alpha / (j (j + 1)) of `windows`, `margin` or `transfer`",
            |d, sink| {
                if d.acceptance.consultations {
                    sink("", Plain::Switch(true));
                }
            },
        )
        .put_with(|d, _, plain| store(&mut d.acceptance.consultations, plain))
        .absent(|_| Plain::Switch(false))
        .rule(|d| d.lacks_identity(Role::Test).filter(|_| d.acceptance.consultations)),
        spread(
            "recheck.max_age_days",
            Shape::Count,
            Up,
            "`cargo omega test --recheck` may evaluate what is accepted again, without a search, so many days after the last \
             search that was accepted or confirmed; without the key only a search will do",
            |d, sink| {
                if let Some(days) = d.acceptance.recheck_max_age_days {
                    sink("", Plain::Whole(days.into()));
                }
            },
        )
        .put_with(|d, _, plain| store(&mut d.acceptance.recheck_max_age_days, plain))
        // Nothing may be rechecked, however young.
        .absent(|_| Plain::Whole(0))
        .within(1.0..=MOST_DAYS)
        .rule(|d| {
            let both = [d.acceptance.lock, d.acceptance.gold] == [Requirement::Required; 2];
            (!both && d.acceptance.recheck_max_age_days.is_some()).then(|| {
                "`lock` and `gold` to be \"required\": what is evaluated again is what both of them hold".to_owned()
            })
        }),
        spread(
            "tolerance.<metric>.absolute",
            Shape::Number,
            Up,
            "how far the metric may move from gold, in its own unit",
            |d, sink| inexact(d).for_each(|(metric, tolerance)| sink(metric, Plain::Number(tolerance.absolute))),
        )
        .put_with(|d, metric, plain| store(&mut distances(d, metric).absolute, plain))
        .absent(|metric| Plain::Number(Tolerance::of_metric(metric).absolute))
        .within(0.0..)
        .when(EXACT.0, EXACT.1),
        spread(
            "tolerance.<metric>.relative",
            Shape::Number,
            Up,
            "how far it may move, as a fraction of gold's magnitude",
            |d, sink| inexact(d).for_each(|(metric, tolerance)| sink(metric, Plain::Number(tolerance.relative))),
        )
        .put_with(|d, metric, plain| store(&mut distances(d, metric).relative, plain))
        .absent(|metric| Plain::Number(Tolerance::of_metric(metric).relative))
        .within(0.0..)
        .when(EXACT.0, EXACT.1),
        spread(
            "tolerance.<metric>.exact",
            Shape::Switch,
            Words(&["false", "true"]),
            "whether it may not move at all",
            |d, sink| all(d).for_each(|(metric, tolerance)| sink(metric, Plain::Switch(tolerance.exact))),
        )
        .put_with(|d, metric, plain| store(&mut of(d, metric).exact, plain))
        .absent(|metric| Plain::Switch(Tolerance::of_metric(metric).exact)),
        spread(
            "tolerance.<metric>.better",
            Better::kind().shape,
            Welcome,
            "in which direction a larger move is welcome",
            |d, sink| all(d).for_each(|(metric, tolerance)| sink(metric, Plain::from(tolerance.better.word()))),
        )
        .put_with(|d, metric, plain| store(&mut of(d, metric).better, plain))
        .absent(|metric| Plain::from(Tolerance::of_metric(metric).better.word())),
    ]
}

fn all(declaration: &Declaration) -> impl Iterator<Item = (&str, &Tolerance)> {
    declaration.acceptance.tolerances.iter().map(|(metric, tolerance)| (metric.as_str(), tolerance))
}

fn inexact(declaration: &Declaration) -> impl Iterator<Item = (&str, &Tolerance)> {
    all(declaration).filter(|(_, tolerance)| !tolerance.exact)
}

fn of<'d>(declaration: &'d mut Declaration, metric: &str) -> &'d mut Tolerance {
    let tolerances = &mut declaration.acceptance.tolerances;
    // Sorted, so that the order in which they are said does not matter.
    let place = tolerances.iter().position(|(known, _)| known == metric).unwrap_or_else(|| {
        let place = tolerances.partition_point(|(known, _)| known.as_str() < metric);
        tolerances.insert(place, (metric.to_owned(), Tolerance::of_metric(metric)));
        place
    });
    &mut tolerances[place].1
}

/// A metric that is given a distance is no longer exact, as counts are by themselves.
fn distances<'d>(declaration: &'d mut Declaration, metric: &str) -> &'d mut Tolerance {
    let tolerance = of(declaration, metric);
    tolerance.exact = false;
    tolerance
}
